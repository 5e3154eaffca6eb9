/** Value at risk and expected shortfall of a portfolio, historical and parametric. Losses are positive. */
import { assert } from '../../core/assert.ts';
import { at, type Matrix } from './correlation.ts';
import { normalDensity, normalQuantile } from './statistics.ts';

/** A loss that is not exceeded with a confidence, and the mean of the losses beyond it. In the currency of the exposures. */
export interface TailRisk {
  readonly method: 'historical' | 'parametric';
  readonly confidence: number;
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
  /** Days behind a historical figure; 0 for a parametric one. */
  readonly observations: number;
}

/**
 * Historical: the losses the present exposures would have had on each past day, sorted.
 *
 * Value at risk is the loss of the first day inside the tail, where the tail holds the worst (1 − confidence) × n days, rounded
 * up; expected shortfall is the mean of exactly (1 − confidence) × n days, the last of them counted by its share, so that it is
 * coherent (Acerbi and Tasche, 2002).
 *
 * @param profits - one number a day, losses negative, in any order, at least one
 * @param confidence - above 0 and below 1, e.g. 0.99
 */
export function historicalTailRisk(profits: ArrayLike<number>, confidence: number): TailRisk {
  checkConfidence(confidence);
  assert(profits.length > 0, 'a historical figure needs a day');
  const losses = new Float64Array(profits.length);
  for (let i = 0; i < losses.length; i++) losses[i] = -(profits[i] as number);
  losses.sort().reverse();
  // Rounded first: (1 − 0.95) × 100 is a little more than 5 in float64.
  const tail = Math.round((1 - confidence) * losses.length * 1e9) / 1e9;
  const whole = Math.floor(tail);
  let sum = 0;
  for (let i = 0; i < whole; i++) sum += losses[i] ?? 0;
  const edge = losses[Math.min(whole, losses.length - 1)] ?? 0;
  return {
    method: 'historical',
    confidence,
    valueAtRisk: losses[Math.max(0, Math.ceil(tail) - 1)] ?? 0,
    expectedShortfall: tail > 0 ? (sum + (tail - whole) * edge) / tail : edge,
    observations: losses.length,
  };
}

/**
 * Parametric: normal returns of mean 0. Value at risk = z·σ, expected shortfall = σ·φ(z) ÷ (1 − confidence), with σ² = wᵀΣw.
 *
 * @param exposures - signed notional by factor
 * @param covariances - of one day's returns, same order
 */
export function parametricTailRisk(
  exposures: readonly number[],
  covariances: Matrix,
  confidence: number,
): TailRisk {
  checkConfidence(confidence);
  const deviation = portfolioDeviation(exposures, covariances);
  const z = normalQuantile(confidence);
  return {
    method: 'parametric',
    confidence,
    valueAtRisk: z * deviation,
    expectedShortfall: (deviation * normalDensity(z)) / (1 - confidence),
    observations: 0,
  };
}

/** Standard deviation of the portfolio's profit: √(wᵀΣw). */
export function portfolioDeviation(exposures: readonly number[], covariances: Matrix): number {
  let variance = 0;
  for (let i = 0; i < exposures.length; i++) {
    for (let j = 0; j < exposures.length; j++) {
      variance += (exposures[i] ?? 0) * (exposures[j] ?? 0) * at(covariances, i, j);
    }
  }
  return Math.sqrt(Math.max(0, variance));
}

/** Profit of fixed exposures on each day: Σ exposure × return. */
export function dailyProfits(
  exposures: readonly number[],
  series: readonly ArrayLike<number>[],
): Float64Array {
  const days = series[0]?.length ?? 0;
  return Float64Array.from({ length: days }, (_, t) =>
    series.reduce((sum, returns, i) => sum + (exposures[i] ?? 0) * (returns[t] as number), 0),
  );
}

function checkConfidence(confidence: number): void {
  assert(confidence > 0 && confidence < 1, `a confidence lies between 0 and 1, found ${confidence}`);
}
