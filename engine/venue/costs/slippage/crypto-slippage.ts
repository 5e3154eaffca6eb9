/** Slippage of a market order on a perpetual, estimated from what is known without the whole book. */
import { ok, type Result } from '../../../core/result.ts';
import type { CryptoCoefficients, VolatilityRegime } from './crypto-coefficients.ts';
import { powerImpactBps } from './impact.ts';
import {
  type CostedOrder,
  estimateFrom,
  participationOf,
  quoteOf,
  type SlippageEstimate,
  type Touch,
} from './slippage-estimate.ts';

/**
 * What was known when the decision was made. `null` is not known, and leaves the factor that needs it at 1.
 *
 * All of it must be from before the decision; {@link cryptoConditionsAt} in `crypto-history.ts` sees to that.
 */
export interface CryptoConditions {
  readonly touch: Touch;
  /** Volume of a day, in lots. */
  readonly dailyVolumeLots: number | null;
  /** Displayed lots within the coefficients' band of the mid. */
  readonly displayedLots: { readonly bid: number; readonly ask: number } | null;
  /** (bid − ask) ÷ (bid + ask) of displayed sizes, from −1 to 1. */
  readonly imbalance: number | null;
  /** Standard deviation of a day's return, a fraction. */
  readonly dailyVolatility: number | null;
  readonly volatilityRegime: VolatilityRegime | null;
  /** Latest funding rate, a fraction per interval; positive when longs pay. */
  readonly fundingRate: number | null;
  /** Lots liquidated lately. */
  readonly liquidatedLots: number | null;
  readonly openInterestLots: number | null;
  /** Correlation of returns with BTC, from −1 to 1. */
  readonly btcCorrelation: number | null;
  /** Return over the recent periods, a fraction. */
  readonly recentReturn: number | null;
  /** UTC hour of the decision, 0 to 23. */
  readonly hourUtc: number | null;
}

/** One factor: a multiplier of the impact, or null where what it needs is not known. */
type Factor = (c: CryptoCoefficients, order: CostedOrder, now: CryptoConditions) => number | null;

const clamp = (value: number, minimum: number, maximum: number): number =>
  Math.min(Math.max(value, minimum), maximum);

const volatility: Factor = (c, _order, now) => {
  if (now.dailyVolatility === null && now.volatilityRegime === null) return null;
  const { reference, minimum, maximum } = c.volatilityLevel.value;
  const level = now.dailyVolatility === null ? 1 : clamp(now.dailyVolatility / reference, minimum, maximum);
  return now.volatilityRegime === null ? level : level * c.volatilityRegime.value[now.volatilityRegime];
};

const imbalance: Factor = (c, order, now) => {
  if (now.imbalance === null) return null;
  const thinner = order.side === 'buy' ? now.imbalance : -now.imbalance;
  return 1 + c.imbalanceStrength.value * clamp(thinner, 0, 1);
};

const displayedDepth: Factor = (c, order, now) => {
  if (now.displayedLots === null || now.dailyVolumeLots === null) return null;
  const { referenceShare, exponent, minimum, maximum } = c.displayedDepth.value;
  if (exponent === 0) return 1;
  const displayed = order.side === 'buy' ? now.displayedLots.ask : now.displayedLots.bid;
  const share = displayed / now.dailyVolumeLots;
  return clamp((referenceShare / share) ** exponent, minimum, maximum);
};

const funding: Factor = (c, order, now) => {
  if (now.fundingRate === null) return null;
  const { crowded, sameSide } = c.funding.value;
  const size = Math.abs(now.fundingRate);
  const joinsPayers = order.side === 'buy' ? now.fundingRate > 0 : now.fundingRate < 0;
  return (1 + crowded * size) * (joinsPayers ? 1 + sameSide * size : 1);
};

const liquidationFlow: Factor = (c, _order, now) => {
  if (now.liquidatedLots === null || now.dailyVolumeLots === null) return null;
  const { threshold, slope, maximum } = c.liquidationFlow.value;
  const share = now.liquidatedLots / now.dailyVolumeLots;
  return share > threshold ? Math.min(maximum, 1 + slope * share) : 1;
};

const openInterest: Factor = (c, _order, now) => {
  if (now.openInterestLots === null || now.dailyVolumeLots === null) return null;
  const { slope, maximum } = c.openInterest.value;
  const days = now.openInterestLots / now.dailyVolumeLots;
  return days > 1 ? Math.min(maximum, 1 + slope * (days - 1)) : 1;
};

const hourOfDay: Factor = (c, _order, now) => {
  const liquidity = now.hourUtc === null ? undefined : c.hourlyLiquidity.value[now.hourUtc];
  return liquidity === undefined ? null : 1 / liquidity;
};

const btcCorrelation: Factor = (c, _order, now) =>
  now.btcCorrelation === null ? null : 1 + c.decorrelationWeight.value * (1 - now.btcCorrelation);

const sellOff: Factor = (c, order, now) => {
  if (now.recentReturn === null) return null;
  const { returnBelow, factor } = c.sellOff.value;
  return order.side === 'sell' && now.recentReturn < returnBelow ? factor : 1;
};

const FACTORS: readonly (readonly [string, Factor])[] = Object.entries({
  volatility,
  imbalance,
  displayedDepth,
  funding,
  liquidationFlow,
  openInterest,
  hourOfDay,
  btcCorrelation,
  sellOff,
});

/**
 * Estimates the cost of a market order on a perpetual.
 *
 * Formula: half spread + impact coefficient × (beyond the touch ÷ daily volume)^exponent × 10,000 × factors, within
 * bounds and never below half of the spread. The factors scale the impact alone: the spread is observed, so nothing
 * about the market may count it twice.
 *
 * Fails: `costs/touch-missing` (no bid below an ask), `costs/volume-missing`.
 * Assumes: the order is sent at once and whole. Does not model: orders worked over time, or what others do meanwhile.
 */
export function estimateCryptoSlippage(
  coefficients: CryptoCoefficients,
  order: CostedOrder,
  now: CryptoConditions,
): Result<SlippageEstimate> {
  const quote = quoteOf(now.touch);
  if (!quote.ok) return quote;
  const participation = participationOf(order, now.dailyVolumeLots);
  if (!participation.ok) return participation;
  const factors: Record<string, number> = {};
  const unknown: string[] = [];
  let product = 1;
  for (const [name, factorOf] of FACTORS) {
    const factor = factorOf(coefficients, order, now);
    if (factor === null) unknown.push(name);
    factors[name] = factor ?? 1;
    product *= factor ?? 1;
  }
  const impactBps = powerImpactBps(
    coefficients.impact.value,
    participation.value * shareBeyondTouch(coefficients, order, now.touch),
    coefficients.participationExponent.value,
  );
  const terms = { participation: participation.value, impactBps: impactBps * product, factors, unknown };
  const bounds = {
    minimumBps: coefficients.minimumBps.value,
    maximumBps: coefficients.maximumBps.value,
  };
  return ok(estimateFrom(order, quote.value, terms, bounds));
}

function shareBeyondTouch(coefficients: CryptoCoefficients, order: CostedOrder, touch: Touch): number {
  if (!coefficients.isTouchFree.value) return 1;
  const touchLots = order.side === 'buy' ? touch.askLots : touch.bidLots;
  return Math.max(0, order.sizeLots - touchLots) / order.sizeLots;
}
