/** Tail risk of one day for fixed exposures, from the returns of any interval. */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  covariance,
  meanAbsoluteCorrelation,
  type ShrunkCorrelation,
  shrunkCorrelation,
} from './correlation.ts';
import { type CommonReturns, dayScale, LEAST_RETURNS } from './price-history.ts';
import { dailyProfits, historicalTailRisk, parametricTailRisk, type TailRisk } from './value-at-risk.ts';

/** What the returns say of the factors together, and of exposures to them. Currency of the exposures. */
export interface PortfolioTail {
  /** One day, scaled from the interval by the square root of time. */
  readonly historical: TailRisk;
  readonly parametric: TailRisk;
  /** What a figure of the interval was multiplied by; 1 for daily returns. */
  readonly scale: number;
  /** Profits of the exposures over each interval, not scaled, oldest first. */
  readonly profits: Float64Array;
  readonly correlation: FactorCorrelation;
}

/** Shrunk correlation with its mean. */
export interface FactorCorrelation extends ShrunkCorrelation {
  /** Mean absolute correlation of all pairs; 0 for a single factor. */
  readonly meanAbsolute: number;
}

/**
 * Whether figures may be drawn from returns, and the correlation if so.
 *
 * Fails: `portfolio/history-missing` where an instrument has no closes, `portfolio/history-too-short` below
 * {@link LEAST_RETURNS} returns, `portfolio/history-still` where an instrument never moved, so that nothing is known of it.
 */
export function factorCorrelation(
  instruments: readonly string[],
  { returns, observations, missing }: CommonReturns,
): Result<FactorCorrelation> {
  if (missing.length > 0) {
    return fail('portfolio/history-missing', `no closes of ${missing.join(', ')}`, {
      missing: missing.join(', '),
    });
  }
  if (observations < LEAST_RETURNS) {
    return fail('portfolio/history-too-short', `${observations} of ${LEAST_RETURNS} returns`, {
      found: observations,
      needed: LEAST_RETURNS,
    });
  }
  const still = instruments.filter((_, i) => returns[i]?.every((value) => value === returns[i]?.[0]));
  if (still.length > 0) return fail('portfolio/history-still', `${still.join(', ')} never moved`);
  const correlation = shrunkCorrelation(returns);
  return ok({ ...correlation, meanAbsolute: meanAbsoluteCorrelation(correlation.matrix) });
}

/**
 * Value at risk and expected shortfall of one day, historical and parametric.
 *
 * Figures of the interval are scaled by √(day ÷ interval): right for independent returns, too low for a day whose moves feed on
 * each other.
 *
 * @param exposures - signed notional of each instrument, in one currency
 * @param common - returns of the same instruments in the same order
 * @param correlation - of these returns
 */
export function portfolioTail(
  exposures: readonly number[],
  common: CommonReturns,
  correlation: FactorCorrelation,
  confidence: number,
): PortfolioTail {
  const { returns, intervalMicros } = common;
  assert(intervalMicros !== null, 'returns without an interval');
  const scale = dayScale(intervalMicros);
  const profits = dailyProfits(exposures, returns);
  const covariances = covariance(correlation.matrix, correlation.deviations);
  return {
    historical: scaled(historicalTailRisk(profits, confidence), scale),
    parametric: scaled(parametricTailRisk(exposures, covariances, confidence), scale),
    scale,
    profits,
    correlation,
  };
}

function scaled(risk: TailRisk, scale: number): TailRisk {
  return {
    ...risk,
    valueAtRisk: risk.valueAtRisk * scale,
    expectedShortfall: risk.expectedShortfall * scale,
  };
}
