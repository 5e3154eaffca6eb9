/** The indicative opening price by trying every tick, as an oracle. */

export interface NaiveLevel {
  readonly price: number;
  readonly lots: number;
}

/** The price, or null where the book is not crossed. */
export function naiveOpeningPrice(
  bids: readonly NaiveLevel[],
  asks: readonly NaiveLevel[],
  settlement: number | null,
): number | null {
  if (bids.length === 0 || asks.length === 0) return null;
  const top = bids.reduce((most, b) => Math.max(most, b.price), Number.NEGATIVE_INFINITY);
  const bottom = asks.reduce((least, a) => Math.min(least, a.price), Number.POSITIVE_INFINITY);
  const tries: { price: number; matched: number; residual: number }[] = [];
  for (let price = bottom; price <= top; price++) {
    const bought = bids.filter((b) => b.price >= price).reduce((sum, b) => sum + b.lots, 0);
    const sold = asks.filter((a) => a.price <= price).reduce((sum, a) => sum + a.lots, 0);
    tries.push({ price, matched: Math.min(bought, sold), residual: bought - sold });
  }
  if (tries.length === 0) return null;
  const most = Math.max(...tries.map((t) => t.matched));
  let left = tries.filter((t) => t.matched === most);
  if (left.every((t) => t.residual > 0)) return left.at(-1)!.price;
  if (left.every((t) => t.residual < 0)) return left[0]!.price;
  const least = Math.min(...left.map((t) => Math.abs(t.residual)));
  left = left.filter((t) => Math.abs(t.residual) === least);
  if (settlement === null) return left[0]!.price;
  const near = Math.min(...left.map((t) => Math.abs(t.price - settlement)));
  return left.find((t) => Math.abs(t.price - settlement) === near)!.price;
}
