/** The 16 scenarios and the points of composite delta, built from an extreme move and its cover fraction. */
import type { DeltaPoint, SpanScenario } from './parameter-set.ts';

const THIRDS = [0, 1, -1, 2, -2, 3, -3];

/**
 * The standard scenarios in their fixed order: price 0, ±1/3, ±2/3, ±1 of the price scan range, each with volatility up
 * and down, then the two extreme moves without a volatility move.
 *
 * @param extremeMove - the extreme move in price scan ranges, e.g. 3
 * @param cover - the share of an extreme loss that counts, e.g. 0.33
 * Source: CME "Components of SPAN"; the two parameters are published per product, 3 and 0.33 by CME in 2019, 2 and 0.35
 * before and by other clearing houses.
 */
export function standardScenarios(extremeMove: number, cover: number): readonly SpanScenario[] {
  const moves = THIRDS.flatMap((third, i): SpanScenario[] => [
    { priceMove: third / 3, volatilityMove: 1, cover: 1, paired: 2 * i + 1 },
    { priceMove: third / 3, volatilityMove: -1, cover: 1, paired: 2 * i },
  ]);
  return [
    ...moves,
    { priceMove: extremeMove, volatilityMove: 0, cover, paired: 14 },
    { priceMove: -extremeMove, volatilityMove: 0, cover, paired: 15 },
  ];
}

/**
 * Points and weights of composite delta; the weights sum to 1.
 *
 * Source: weights 0.217, 0.111, 0.037 as published by NSE with the standard parameters; the centre 0.270 is the rest.
 */
export const STANDARD_DELTA_POINTS: readonly DeltaPoint[] = [
  { priceMove: 0, weight: 0.27 },
  { priceMove: 1 / 3, weight: 0.217 },
  { priceMove: -1 / 3, weight: 0.217 },
  { priceMove: 2 / 3, weight: 0.111 },
  { priceMove: -2 / 3, weight: 0.111 },
  { priceMove: 1, weight: 0.037 },
  { priceMove: -1, weight: 0.037 },
];
