/** The rules of Globex orders as plain functions. */
import { isOrderPrice, isOrderSize } from '../matching/order-checks.ts';
import { MAX_ICEBERG_SLICES, type OrderSide, type Rejection } from '../matching/order-terms.ts';
import type { GlobexOrder } from './globex-orders.ts';
import { type MarketState, STATE_RULES } from './market-states.ts';

/** Offsets of trades at settlement: ten ticks either side. Source: CME Group, Trading at Settlement (TAS). */
const MOST_OFFSET_TICKS = 10;

/**
 * The limit of an order with protection: so many points worse than the best price of the other side (market order) or than
 * the trigger (stop).
 *
 * Source: CME Globex Order Types (wiki page 457227032).
 *
 * @example best bid 90000, 600 points, sell → 89400
 */
export function protectedLimit(side: OrderSide, fromTicks: number, protectionTicks: number): number {
  return side === 'buy' ? fromTicks + protectionTicks : fromTicks - protectionTicks;
}

/** True for orders that must trade at once, which only a matching market takes and Velocity Logic eliminates. */
export function isImmediate(order: GlobexOrder): boolean {
  const kills = order.timeInForce === 'IOC' || order.timeInForce === 'FOK' || order.minimumLots > 0;
  return kills || order.type === 'market' || order.type === 'market-limit';
}

/**
 * Why an order may not be sent like this in this state, or null. What depends on prices is checked later.
 *
 * Source: CME Globex Order Qualifiers (wiki page 46465381: FAK and FOK in the open market only), Order Types (457227032:
 * market and market-limit in the open market only; stops in pre-open, no-cancel and open), Market States (46141400).
 */
export function orderRefusal(order: GlobexOrder, state: MarketState, nowMicros: number): Rejection | null {
  const rules = STATE_RULES[state];
  const isStop = order.type === 'stop' || order.type === 'stop-limit';
  const isLasting = order.timeInForce === 'GTC' || order.timeInForce === 'GTD';
  if (!rules.enters || (rules.onlyLasting && (!isLasting || isStop))) return 'order/state-forbids';
  if (isImmediate(order) && !rules.matches) return 'order/state-forbids';
  if (!isOrderSize(order.sizeLots)) return 'order/size-not-positive';
  const wantsPrice = order.type === 'limit' || order.type === 'stop-limit';
  if (wantsPrice !== (order.priceTicks !== null)) return 'order/combination-not-allowed';
  if (isStop !== (order.triggerTicks !== null)) return 'order/combination-not-allowed';
  if (order.timeInForce === 'GTX' || (isStop && isImmediate(order))) return 'order/combination-not-allowed';
  if ((order.timeInForce === 'GTD') !== (order.goodTillMicros !== null))
    return 'order/combination-not-allowed';
  if (order.goodTillMicros !== null && order.goodTillMicros <= nowMicros) return 'order/good-till-too-early';
  const { minimumLots, displayLots, sizeLots } = order;
  if (!Number.isInteger(minimumLots) || minimumLots < 0 || minimumLots > sizeLots) {
    return 'order/minimum-out-of-range';
  }
  if (!Number.isInteger(displayLots) || displayLots < 0 || sizeLots > displayLots * MAX_ICEBERG_SLICES) {
    if (displayLots !== 0) return 'order/display-out-of-range';
  }
  const prices = [order.priceTicks, order.triggerTicks];
  return prices.every((price) => price === null || isOrderPrice(price)) ? null : 'order/price-out-of-range';
}

/**
 * Why a stop may not wait for this trigger, or null: a buy stop lies above, a sell stop below the reference.
 *
 * Source: CME Globex, Stop Order Notes (wiki page 46727472): last trade price while continuous, absent one the settlement
 * price; in pre-open and no-cancel the settlement price.
 */
export function triggerRefusal(order: GlobexOrder, referenceTicks: number | null): Rejection | null {
  if (order.triggerTicks === null || referenceTicks === null) return null;
  const waits =
    order.side === 'buy' ? order.triggerTicks > referenceTicks : order.triggerTicks < referenceTicks;
  return waits ? null : 'order/would-trigger-at-once';
}

/**
 * The reference of the price band while the market is open: the last price, or the best bid above it or the best ask below
 * it.
 *
 * Source: CME Globex, GCC Price Banding (wiki page 457320464): last trade, best bid or ask, or a theoretical value; how one
 * of them is chosen is not stated there.
 */
export function lastBestPrice(
  lastTicks: number,
  bestBidTicks: number | null,
  bestAskTicks: number | null,
): number {
  if (bestBidTicks !== null && bestBidTicks > lastTicks) return bestBidTicks;
  return bestAskTicks !== null && bestAskTicks < lastTicks ? bestAskTicks : lastTicks;
}

/** True for a bid above or an offer below what the band or the daily limits allow. Limits come before the band. */
export function isOutside(
  side: OrderSide,
  priceTicks: number,
  limits: { readonly lowTicks: number; readonly highTicks: number } | null,
  band: { readonly referenceTicks: number; readonly bandTicks: number } | null,
): boolean {
  const sign = side === 'buy' ? 1 : -1;
  if (limits !== null && (priceTicks - (side === 'buy' ? limits.highTicks : limits.lowTicks)) * sign > 0) {
    return true;
  }
  return band !== null && (priceTicks - band.referenceTicks) * sign > band.bandTicks;
}

/** True for an offset from the settlement that trades at settlement may have. */
export function isSettlementOffset(priceTicks: number): boolean {
  return Math.abs(priceTicks) <= MOST_OFFSET_TICKS;
}
