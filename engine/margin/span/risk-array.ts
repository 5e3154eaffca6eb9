/** Risk arrays where none is supplied: what one long contract loses in each scenario. */
import { black76 } from './black-76.ts';
import type { ArrayGeneration, DeltaPoint, SpanScenario } from './parameter-set.ts';
import { roundAmount } from './rounding.ts';

/** A generated array, losses positive, with the composite delta that belongs to it. */
export interface GeneratedArray {
  readonly losses: readonly number[];
  readonly compositeDelta: number;
}

/**
 * The array of one long future: each price move of the scan range, rounded to whole currency steps; a fall is a loss.
 *
 * Formula: round(−price move × price scan range × cover).
 *
 * @example scan range 1050, extreme move 3, cover 0.33 → …, 1050, −1040, 1040
 */
export function futureArray(
  priceScan: number,
  scenarios: readonly SpanScenario[],
  decimals: number,
): GeneratedArray {
  const losses = scenarios.map((s) => roundAmount(-s.priceMove * priceScan * s.cover, decimals));
  return { losses, compositeDelta: 1 };
}

/** The contract facts an option's array stands on. */
export interface OptionFacts {
  readonly right: 'call' | 'put';
  readonly strike: number;
  /** Currency value of a price of 1. */
  readonly multiplier: number;
}

/**
 * The array of one long option on a future by Black's formula: value now less value in the scenario, the extreme moves
 * times their cover; and the composite delta after the look-ahead, averaged over `points`.
 *
 * @param generation - scan ranges, volatility, time; `underlyingPrice` must be known
 * Rounded to `decimals`; the composite delta to 4 decimals, as the files carry it.
 */
export function optionArray(
  option: OptionFacts,
  generation: ArrayGeneration & { readonly underlyingPrice: number },
  scenarios: readonly SpanScenario[],
  points: readonly DeltaPoint[],
  decimals: number,
): GeneratedArray {
  const { right, strike, multiplier } = option;
  const { underlyingPrice, volatility, volatilityScan, interestRate } = generation;
  const priceScan = generation.priceScan / multiplier;
  const volatilityStep = generation.volatilityScanRelative ? volatility * volatilityScan : volatilityScan;
  const value = (priceMove: number, volatilityMove: number, years: number) =>
    black76({
      right,
      strike,
      years,
      interestRate,
      futurePrice: underlyingPrice + priceMove * priceScan,
      volatility: Math.max(0, volatility + volatilityMove * volatilityStep),
    });
  const later = Math.max(0, generation.years - generation.lookAheadYears);
  const now = value(0, 0, generation.years).price;
  const losses = scenarios.map(({ priceMove, volatilityMove, cover }) =>
    roundAmount((now - value(priceMove, volatilityMove, later).price) * multiplier * cover, decimals),
  );
  const delta = points.reduce((sum, p) => sum + p.weight * value(p.priceMove, 0, later).delta, 0);
  return { losses, compositeDelta: roundAmount(delta, 4) };
}
