/** Slippage of a market order on a CME future, estimated from session, settlement, roll and breaker state. */
import { assert } from '../../../core/assert.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { BreakerState, CmeCoefficients } from './cme-coefficients.ts';
import { powerImpactBps } from './impact.ts';
import {
  type CostedOrder,
  estimateFrom,
  participationOf,
  type Quote,
  quoteOf,
  type SlippageEstimate,
  type SlippageTerms,
  type Touch,
} from './slippage-estimate.ts';

/** What was known when the decision was made. */
export interface CmeConditions {
  /** Product root, e.g. 'ES'. */
  readonly product: string;
  /** The touch as last seen; null where there is no book, and then the spread is assumed around the reference. */
  readonly touch: Touch | null;
  /** Last price or settlement, in ticks; used only without a touch. */
  readonly referenceTicks: number;
  readonly dailyVolumeLots: number | null;
  readonly isRegularHours: boolean;
  /** Share of the last 30 minutes before daily settlement that has gone by, 0 to 1; null outside them. */
  readonly settlementElapsed: number | null;
  readonly isRolling: boolean;
  readonly breaker: BreakerState;
}

/**
 * Estimates the cost of a market order on a CME future.
 *
 * Formula: half spread + impact coefficient × √(order ÷ daily volume) × 10,000 × session × settlement × roll × breaker,
 * within bounds and never below half of the spread. The same factors widen an assumed spread; an observed one is
 * taken as it is, because it already shows the hour.
 *
 * While a breaker holds the market nothing trades: the estimate is then the cost to expect when it resumes, the
 * maximum (or a share of it) by configuration.
 *
 * Fails: `costs/touch-missing` (crossed touch, reference not positive), `costs/volume-missing`.
 */
export function estimateCmeSlippage(
  coefficients: CmeCoefficients,
  order: CostedOrder,
  now: CmeConditions,
): Result<SlippageEstimate> {
  const participation = participationOf(order, now.dailyVolumeLots);
  if (!participation.ok) return participation;
  const factors = factorsOf(coefficients, now);
  const product = Object.values(factors).reduce((all, factor) => all * factor, 1);
  const quote = now.touch === null ? assumedQuote(coefficients, now, product) : quoteOf(now.touch);
  if (!quote.ok) return quote;
  const coefficient = coefficients.impact.value[now.product] ?? coefficients.impactOfOthers.value;
  const exponent = coefficients.participationExponent.value;
  const impactBps = powerImpactBps(coefficient, participation.value, exponent) * product;
  const terms: SlippageTerms = { participation: participation.value, impactBps, factors, unknown: [] };
  const maximumBps = coefficients.maximumBps.value;
  const effect = coefficients.breakers.value[now.breaker];
  const minimumBps =
    effect.kind === 'share-of-maximum' ? effect.share * maximumBps : coefficients.minimumBps.value;
  return ok(estimateFrom(order, quote.value, terms, { minimumBps, maximumBps }));
}

function factorsOf(c: CmeCoefficients, now: CmeConditions): Readonly<Record<string, number>> {
  const elapsed = now.settlementElapsed ?? 0;
  assert(elapsed >= 0 && elapsed <= 1, `settlement elapsed must be from 0 to 1, found ${elapsed}`);
  const effect = c.breakers.value[now.breaker];
  return {
    session: now.isRegularHours ? 1 : c.outsideRegularHours.value,
    settlement: 1 + c.settlementRamp.value * elapsed,
    roll: now.isRolling ? c.roll.value : 1,
    breaker: effect.kind === 'multiply' ? effect.factor : 1,
  };
}

function assumedQuote(c: CmeCoefficients, now: CmeConditions, product: number): Result<Quote> {
  const { referenceTicks } = now;
  if (!(referenceTicks > 0)) {
    return fail('costs/touch-missing', `expected a positive reference price, found ${referenceTicks}`);
  }
  return ok({ midTicks: referenceTicks, halfSpreadTicks: (c.assumedSpreadTicks.value / 2) * product });
}
