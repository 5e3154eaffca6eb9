/** Average prices, exact until they are rounded to a tick. */
import { assert } from '../../core/assert.ts';

/** A trade as settlement sees it. */
export interface SettlementTrade {
  readonly atMicros: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** A price as an exact fraction of ticks. */
export interface FractionalPrice {
  readonly numerator: bigint;
  /** Positive. */
  readonly denominator: bigint;
}

/** A whole number of ticks as a fraction. */
export function wholePrice(ticks: number): FractionalPrice {
  return { numerator: BigInt(ticks), denominator: 1n };
}

/** The trades of a window; its end is no longer part of it. */
export function tradesWithin(
  trades: readonly SettlementTrade[],
  { beginMicros, endMicros }: { readonly beginMicros: number; readonly endMicros: number },
): readonly SettlementTrade[] {
  return trades.filter((trade) => trade.atMicros >= beginMicros && trade.atMicros < endMicros);
}

/** Average of prices by weight, all weights being positive; null for none. */
export function weightedAverage(
  terms: readonly { readonly price: FractionalPrice; readonly weight: FractionalPrice }[],
): FractionalPrice | null {
  let sum = { numerator: 0n, denominator: 1n };
  let weights = { numerator: 0n, denominator: 1n };
  for (const { price, weight } of terms) {
    sum = add(sum, {
      numerator: price.numerator * weight.numerator,
      denominator: price.denominator * weight.denominator,
    });
    weights = add(weights, weight);
  }
  if (weights.numerator === 0n) return null;
  return {
    numerator: sum.numerator * weights.denominator,
    denominator: sum.denominator * weights.numerator,
  };
}

/** Average price of trades by their lots; null for none. */
export function vwap(trades: readonly SettlementTrade[]): FractionalPrice | null {
  return weightedAverage(
    trades.map(({ priceTicks, sizeLots }) => ({
      price: wholePrice(priceTicks),
      weight: wholePrice(sizeLots),
    })),
  );
}

/** Sum of two fractions. */
export function add(a: FractionalPrice, b: FractionalPrice): FractionalPrice {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/**
 * The nearest tick. Exactly between two ticks it is the one nearer to the settlement before, and the higher one where there
 * is none or it lies between them, too.
 *
 * Source: CME settlement procedures ("if the VWAP is equidistant between two ticks, then it's rounded to the tick that is
 * closer to the prior day's settlement price").
 */
export function roundToTick({ numerator, denominator }: FractionalPrice, priorTicks: number | null): number {
  assert(denominator > 0n, 'a price has a positive denominator');
  const rest = ((numerator % denominator) + denominator) % denominator;
  const below = Number((numerator - rest) / denominator);
  if (rest * 2n !== denominator) return rest * 2n < denominator ? below : below + 1;
  return priorTicks !== null && priorTicks <= below ? below : below + 1;
}
