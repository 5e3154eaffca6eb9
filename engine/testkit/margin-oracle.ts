// A second, obvious implementation of bracket margin: bands summed one by one, and a root found by halving intervals.
// It reads caps and rates only, never the maintenance amounts, and knows no closed form.

/** One band: everything up to `cap` that lies above the band before it, at `rate`. */
export interface Band {
  readonly cap: number;
  readonly rate: number;
}

/** A position of the oracle. `sign` is +1 for long, −1 for short. */
export interface OraclePosition {
  readonly sign: 1 | -1;
  readonly size: number;
  readonly entryPrice: number;
  readonly bands: readonly Band[];
}

/** The requirement of a notional: each slice pays its own band's rate, like income tax; the last band has no end. */
export function bandedRequirement(notional: number, bands: readonly Band[]): number {
  let floor = 0;
  let sum = 0;
  for (let i = 0; i < bands.length; i++) {
    const band = bands[i] as Band;
    const cap = i === bands.length - 1 ? Number.POSITIVE_INFINITY : band.cap;
    if (notional <= cap) return sum + (notional - floor) * band.rate;
    sum += (cap - floor) * band.rate;
    floor = cap;
  }
  return sum;
}

/** Balance minus requirement of legs that share one price. */
export function excessAt(price: number, collateral: number, legs: readonly OraclePosition[]): number {
  let excess = collateral;
  for (let i = 0; i < legs.length; i++) {
    const leg = legs[i] as OraclePosition;
    excess += leg.sign * leg.size * (price - leg.entryPrice);
    excess -= bandedRequirement(leg.size * price, leg.bands);
  }
  return excess;
}

/** Where a function changes sign between `low` and `high`, by bisection; null when both ends have one sign. */
export function signChange(f: (x: number) => number, low: number, high: number): number | null {
  const highPositive = f(high) > 0;
  if (f(low) > 0 === highPositive) return null;
  let a = low;
  let b = high;
  for (let i = 0; i < 100; i++) {
    const middle = (a + b) / 2;
    if (middle <= a || middle >= b) break;
    if (f(middle) > 0 === highPositive) b = middle;
    else a = middle;
  }
  return (a + b) / 2;
}

/** A price above which no leg can be worth its requirement any more, whatever the collateral was worth. */
export function farPrice(collateral: number, legs: readonly OraclePosition[]): number {
  const worth = Math.abs(collateral) + legs.reduce((sum, leg) => sum + leg.size * leg.entryPrice, 0);
  return (worth / Math.min(...legs.map((leg) => leg.size))) * 1e4;
}
