/** Price impact of an order from its share of the day's volume. */

/**
 * Impact as a power of participation, in basis points of the price: coefficient × participation^exponent × 10,000.
 *
 * With exponent ½ and coefficient Y × daily volatility this is the square-root law (Donier and Bonart, 2015: it holds
 * over four decades of size on a million Bitcoin metaorders, Y near 1), which is about orders worked over time. An
 * order that takes the book at once pays nearer to a power of ¾, see the calibration in docs/costs.md.
 *
 * @param coefficient - impact of an order as large as a day's volume, as a fraction of the price
 * @param participation - order size over daily volume, not negative
 *
 * @example coefficient 0.1, participation 1 %, exponent 0.5 → 100 bps; at 4 % → 200 bps
 */
export function powerImpactBps(coefficient: number, participation: number, exponent: number): number {
  return coefficient * participation ** exponent * 10_000;
}
