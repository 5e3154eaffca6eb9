/** What a slippage model answers, and how its terms become a price: half a spread once, impact on top, bounds last. */
import { assert } from '../../../core/assert.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { OrderSide } from '../../matching/order-terms.ts';

/** Best bid and ask with their sizes, as last seen before the decision. */
export interface Touch {
  readonly bidTicks: number;
  readonly askTicks: number;
  readonly bidLots: number;
  readonly askLots: number;
}

/** A market order to be costed. */
export interface CostedOrder {
  readonly side: OrderSide;
  /** Positive lots. */
  readonly sizeLots: number;
}

/** How far an order is from the size the market takes in its stride: up to 1, 5 and 10 % of daily volume, or beyond. */
export type SizeBand = 'small' | 'noticeable' | 'large' | 'excessive';

/** The expected cost of a market order. All basis points are of the mid price, positive when worse for the order. */
export interface SlippageEstimate {
  /** Order size over daily volume. */
  readonly participation: number;
  readonly sizeBand: SizeBand;
  /** Half of the spread, counted once. */
  readonly halfSpreadBps: number;
  /** Impact after all factors, before the bounds. */
  readonly impactBps: number;
  /** Every factor that multiplied the impact, by name; 1 where it had no effect. */
  readonly factors: Readonly<Record<string, number>>;
  /** Factors left at 1 because what they need was not known. */
  readonly unknown: readonly string[];
  /** The cost within the bounds; never below half of the spread. */
  readonly totalBps: number;
  readonly limitedBy: 'minimum' | 'maximum' | null;
  /** Expected average price in ticks; never better than the touch. */
  readonly averagePriceTicks: number;
  /** The same in whole ticks, rounded against the order. */
  readonly fillPriceTicks: number;
}

/** Where the order starts from: mid and half spread in ticks. */
export interface Quote {
  readonly midTicks: number;
  readonly halfSpreadTicks: number;
}

/** The terms of an estimate before bounds. */
export interface SlippageTerms {
  readonly participation: number;
  readonly impactBps: number;
  readonly factors: Readonly<Record<string, number>>;
  readonly unknown: readonly string[];
}

/** Least and most that an estimate may say, in basis points. */
export interface SlippageBounds {
  readonly minimumBps: number;
  readonly maximumBps: number;
}

/**
 * Reads a touch as a quote.
 *
 * Fails: `costs/touch-missing` for a crossed or locked touch and for a mid that is not positive, where basis points
 * mean nothing.
 *
 * @example bid 20,000, ask 20,001 (5,000.00 and 5,000.25 at a tick of 0.25) → half spread 0.5 ticks, 0.25 bps
 */
export function quoteOf(touch: Touch): Result<Quote> {
  const { bidTicks, askTicks } = touch;
  if (!(bidTicks < askTicks && bidTicks + askTicks > 0)) {
    const found = `bid ${bidTicks}, ask ${askTicks}`;
    return fail('costs/touch-missing', `expected a bid below an ask around a positive mid, found ${found}`);
  }
  return ok({ midTicks: (bidTicks + askTicks) / 2, halfSpreadTicks: (askTicks - bidTicks) / 2 });
}

/**
 * The order's share of a day's volume.
 *
 * Fails: `costs/volume-missing` when the volume is not known or not positive: no volume is not no cost.
 */
export function participationOf(order: CostedOrder, dailyVolumeLots: number | null): Result<number> {
  assert(
    order.sizeLots > 0 && Number.isFinite(order.sizeLots),
    `size must be positive, found ${order.sizeLots}`,
  );
  if (dailyVolumeLots === null || !(dailyVolumeLots > 0)) {
    return fail('costs/volume-missing', `expected a positive daily volume, found ${dailyVolumeLots}`);
  }
  return ok(order.sizeLots / dailyVolumeLots);
}

/** Puts terms, bounds and quote together into an estimate. */
export function estimateFrom(
  order: CostedOrder,
  quote: Quote,
  terms: SlippageTerms,
  bounds: SlippageBounds,
): SlippageEstimate {
  const { midTicks, halfSpreadTicks } = quote;
  const halfSpreadBps = (halfSpreadTicks / midTicks) * 10_000;
  const wanted = halfSpreadBps + terms.impactBps;
  assert(Number.isFinite(wanted), `slippage must be a finite number, found ${wanted}`);
  const bounded = Math.min(Math.max(wanted, bounds.minimumBps), bounds.maximumBps);
  // The bounds may not make a fill better than the touch.
  const totalBps = Math.max(bounded, halfSpreadBps);
  const beyondTicks = ((totalBps - halfSpreadBps) * midTicks) / 10_000;
  const isBuy = order.side === 'buy';
  const touchTicks = isBuy ? midTicks + halfSpreadTicks : midTicks - halfSpreadTicks;
  const averagePriceTicks = isBuy ? touchTicks + beyondTicks : touchTicks - beyondTicks;
  return {
    participation: terms.participation,
    sizeBand: sizeBandOf(terms.participation),
    halfSpreadBps,
    impactBps: terms.impactBps,
    factors: terms.factors,
    unknown: terms.unknown,
    totalBps,
    limitedBy: totalBps === wanted ? null : totalBps > wanted ? 'minimum' : 'maximum',
    averagePriceTicks,
    fillPriceTicks: isBuy ? Math.ceil(averagePriceTicks) : Math.floor(averagePriceTicks),
  };
}

function sizeBandOf(participation: number): SizeBand {
  if (participation <= 0.01) return 'small';
  if (participation <= 0.05) return 'noticeable';
  return participation <= 0.1 ? 'large' : 'excessive';
}
