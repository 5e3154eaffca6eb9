// Random cross accounts over the published brackets: as rows for an oracle and a bench.
import type { Rng } from '../core/rng.ts';
import { increment } from '../core/units.ts';
import type { CrossAccount, CrossSymbol } from '../risk/crowd/cross-accounts.ts';
import { crowdContract } from '../risk/crowd/population.ts';
import { publishedBrackets } from './published-brackets.ts';

/** The first `count` symbols of the 2026 table, each with a tick of 0.01 and a lot of 0.01. */
export function crossSymbols(count: number): readonly CrossSymbol[] {
  return [...publishedBrackets('2026-05-01').symbols].slice(0, count).map(([symbol, brackets]) => ({
    brackets,
    contract: crowdContract({
      symbol,
      tickSize: increment('0.01'),
      lotSize: increment('0.01'),
      multiplier: '1',
    }),
  }));
}

/** A mark for each symbol, 1 to 100,000 in ticks of 0.01. */
export function crossMarks(rng: Rng, count: number): readonly number[] {
  return Array.from({ length: count }, () => 100 + rng.below(10 ** (3 + rng.below(5))));
}

/** Accounts with `positions` different symbols each; margin ratios spread around 1 and well above. */
export function crossAccounts(
  rng: Rng,
  shape: { readonly accounts: number; readonly positions: number; readonly markTicks: readonly number[] },
): readonly CrossAccount[] {
  return Array.from({ length: shape.accounts }, () => {
    const symbols = new Set<number>();
    while (symbols.size < shape.positions) symbols.add(rng.below(shape.markTicks.length));
    let required = 0;
    const positions = [...symbols].map((symbol) => {
      const mark = shape.markTicks[symbol] ?? 1;
      const notionalUnits = 1e6 * 10 ** (2 + 4 * rng.fraction());
      const lots = Math.max(1, Math.round(notionalUnits / (mark * 100)));
      required += lots * mark * 100 * 0.03;
      const entryTicks = Math.max(1, Math.round(mark * (0.9 + 0.2 * rng.fraction())));
      return { symbol, signedLots: rng.below(2) === 0 ? lots : -lots, entryTicks };
    });
    return { walletUnits: Math.round(required * 6 * rng.fraction()), positions };
  });
}
