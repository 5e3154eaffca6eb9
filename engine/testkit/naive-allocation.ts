/** The allocation algorithms of a price level written the obvious way, with exact fractions, as an oracle. */

export interface NaiveAlgorithm {
  readonly steps: readonly string[];
  readonly topMinimumLots: number;
  readonly topMaximumLots: number | null;
  readonly proRataMinimumLots: number;
  readonly fifoPercent: number;
}

export interface NaiveShare {
  readonly lots: number;
  readonly makerPercent: number;
  readonly top: boolean;
}

/** Lots given to each order, earliest first. */
export function naiveAllocate(
  rules: NaiveAlgorithm,
  orders: readonly NaiveShare[],
  takerLots: number,
): number[] {
  const given = orders.map(() => 0);
  let left = takerLots;
  let missedOut: number[] = [];
  const open = (i: number): number => orders[i]!.lots - given[i]!;
  const give = (i: number, lots: number): void => {
    const taken = Math.max(0, Math.min(lots, open(i), left));
    given[i]! += taken;
    left -= taken;
  };
  const everyone = orders.map((_, i) => i);
  for (const step of rules.steps) {
    const before = left;
    if (step === 'top') {
      for (const i of everyone) if (orders[i]!.top) give(i, rules.topMaximumLots ?? before);
    } else if (step === 'market-makers') {
      for (const i of everyone) give(i, Math.floor((orders[i]!.makerPercent * before) / 100));
    } else if (step === 'split') {
      // The first-come share, rounded to the nearest lot with halves up.
      const fifo = Math.round((before * rules.fifoPercent) / 100);
      for (const i of everyone) give(i, fifo - (before - left));
    } else if (step === 'pro-rata') {
      const total = everyone.reduce((sum, i) => sum + open(i), 0);
      const shares = everyone.map((i) => Number((BigInt(open(i)) * BigInt(before)) / BigInt(total)));
      missedOut = everyone.filter((i) => shares[i]! < Math.max(1, rules.proRataMinimumLots));
      for (const i of everyone) if (!missedOut.includes(i)) give(i, shares[i]!);
    } else if (step === 'leveling') {
      const bySize = [...missedOut].sort((a, b) => open(b) - open(a) || a - b);
      for (const i of bySize) give(i, 1);
    } else {
      for (const i of everyone) give(i, left);
    }
    if (left === 0) break;
  }
  return given;
}
