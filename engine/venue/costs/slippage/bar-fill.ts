/** Fill of a resting limit order from a bar: at its limit, never at a price that was known only afterwards. */
import { assert } from '../../../core/assert.ts';
import type { OrderSide } from '../../matching/order-terms.ts';

/** A limit order that rests through a bar. It was placed before the bar opened and did not take when placed. */
export interface RestingOrder {
  readonly side: OrderSide;
  readonly limitTicks: number;
  readonly sizeLots: number;
}

/** Extremes and volume of a bar, in ticks and lots. */
export interface TradedBar {
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly volumeLots: number;
}

/** What a bar must show for a resting order to count as filled. */
export interface BarFillRule {
  /** `through`: prices beyond the limit traded, so its whole queue was served. `touch`: the limit itself suffices. */
  readonly evidence: 'through' | 'touch';
  /** Most of the bar's volume that one order can have been. */
  readonly volumeShare: number;
}

/** A fill of a resting order. */
export interface BarFill {
  readonly priceTicks: number;
  readonly filledLots: number;
}

/** A tenth of the volume, and only when the market went through: where in the queue the order stood is not known. */
export const CAREFUL_BAR_FILL: BarFillRule = { evidence: 'through', volumeShare: 0.1 };

/**
 * Decides whether a resting order was filled during a bar, and at what price.
 *
 * The price is the limit: whoever traded down to the low first traded through the bid resting above it. How far the
 * bar went beyond the limit decides nothing but that it was filled.
 *
 * @returns the fill, or null when the bar shows none
 *
 * @example buy limit 4,999, bar low 4,950 → filled at 4,999
 */
export function restingFill(
  order: RestingOrder,
  bar: TradedBar,
  rule: BarFillRule = CAREFUL_BAR_FILL,
): BarFill | null {
  assert(bar.highTicks >= bar.lowTicks, `bar's high ${bar.highTicks} is below its low ${bar.lowTicks}`);
  const beyond = order.side === 'buy' ? order.limitTicks - bar.lowTicks : bar.highTicks - order.limitTicks;
  if (rule.evidence === 'through' ? beyond <= 0 : beyond < 0) return null;
  const filledLots = Math.min(order.sizeLots, Math.floor(bar.volumeLots * rule.volumeShare));
  return filledLots > 0 ? { priceTicks: order.limitTicks, filledLots } : null;
}
