// The obvious second implementation of a book walk: one lot at a time, in whole numbers.

/** A level as price in ticks and size in lots. */
export type NaiveLevel = readonly [priceTicks: number, sizeLots: number];

/** What the order got. Σ price × lots is exact. */
export interface NaiveWalk {
  readonly prices: readonly number[];
  readonly filled: number;
  readonly unfilled: number;
  readonly levels: number;
  readonly worst: number | null;
  readonly sum: bigint;
}

/** Takes whole lots one by one from the best price left, levels in any order. */
export function naiveBookWalk(
  levels: readonly NaiveLevel[],
  side: 'buy' | 'sell',
  sizeLots: number,
  limitTicks: number | null = null,
): NaiveWalk {
  const book = new Map(levels);
  const prices: number[] = [];
  while (prices.length < sizeLots && book.size > 0) {
    const best = side === 'buy' ? Math.min(...book.keys()) : Math.max(...book.keys());
    if (limitTicks !== null && (side === 'buy' ? best > limitTicks : best < limitTicks)) break;
    prices.push(best);
    const left = (book.get(best) ?? 0) - 1;
    if (left === 0) book.delete(best);
    else book.set(best, left);
  }
  return {
    prices,
    filled: prices.length,
    unfilled: sizeLots - prices.length,
    levels: new Set(prices).size,
    worst: prices.at(-1) ?? null,
    sum: prices.reduce((sum, price) => sum + BigInt(price), 0n),
  };
}
