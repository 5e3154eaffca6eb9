/** Whether a value at risk keeps its promise: how often it was exceeded, and whether the exceedances come in clusters. */
import { assert } from '../../core/assert.ts';
import { chiSquaredTail } from './statistics.ts';

/** A likelihood ratio and the probability of one as large if the model were right. */
export interface LikelihoodTest {
  readonly statistic: number;
  readonly pValue: number;
}

/** The verdict over a series of days. */
export interface RiskBacktest {
  readonly days: number;
  readonly exceedances: number;
  readonly expected: number;
  /** Right number of exceedances. Source: P. Kupiec, 1995, proportion of failures; chi-squared, 1 degree. */
  readonly coverage: LikelihoodTest;
  /** Exceedances independent of the day before. Source: P. Christoffersen, 1998; chi-squared, 1 degree. */
  readonly independence: LikelihoodTest;
  /** Both together; chi-squared, 2 degrees. Source: the same. */
  readonly conditionalCoverage: LikelihoodTest;
}

/**
 * Tests a series of forecasts.
 *
 * @param exceeded - for each day, oldest first, whether the loss was larger than the value at risk told the day before
 * @param confidence - of the forecasts, e.g. 0.99
 */
export function backtestRisk(exceeded: readonly boolean[], confidence: number): RiskBacktest {
  const days = exceeded.length;
  assert(days > 1, `a backtest needs two days, found ${days}`);
  const exceedances = exceeded.filter(Boolean).length;
  const coverage =
    2 *
    (likelihood(exceedances, days - exceedances, exceedances / days) -
      likelihood(exceedances, days - exceedances, 1 - confidence));
  const from = { calm: { calm: 0, hit: 0 }, hit: { calm: 0, hit: 0 } };
  for (let t = 1; t < days; t++) from[exceeded[t - 1] ? 'hit' : 'calm'][exceeded[t] ? 'hit' : 'calm']++;
  const hits = from.calm.hit + from.hit.hit;
  const calms = from.calm.calm + from.hit.calm;
  const apart =
    likelihood(from.calm.hit, from.calm.calm, from.calm.hit / (from.calm.hit + from.calm.calm)) +
    likelihood(from.hit.hit, from.hit.calm, from.hit.hit / (from.hit.hit + from.hit.calm));
  const independence = 2 * (apart - likelihood(hits, calms, hits / (hits + calms)));
  return {
    days,
    exceedances,
    expected: days * (1 - confidence),
    coverage: testOf(coverage, 1),
    independence: testOf(independence, 1),
    conditionalCoverage: testOf(coverage + independence, 2),
  };
}

/** Log-likelihood of so many hits and misses at a rate; 0 · log 0 counts as 0. */
function likelihood(hits: number, misses: number, rate: number): number {
  return (hits === 0 ? 0 : hits * Math.log(rate)) + (misses === 0 ? 0 : misses * Math.log(1 - rate));
}

function testOf(statistic: number, degrees: 1 | 2): LikelihoodTest {
  const positive = Math.max(0, statistic);
  return { statistic: positive, pValue: chiSquaredTail(positive, degrees) };
}
