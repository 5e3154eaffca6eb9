/** The rules of a crypto perpetual venue's orders as plain functions. */
import type { BookReader } from '../matching/book-reader.ts';
import { isOrderPrice, isOrderSize } from '../matching/order-checks.ts';
import type { OrderSide, Rejection } from '../matching/order-terms.ts';
import type { TriggerRule } from '../matching/trigger-book.ts';
import type { PerpConditional, PerpOrder, PriceMatch } from './perp-orders.ts';

/** GTD orders end at least this much later. Source: Binance New Order, goodTillDate: now plus 600 s. */
const LEAST_LIFE_MICROS = 600_000_000;

const MATCH_LEVEL: Readonly<Record<PriceMatch, { readonly level: number; readonly own: boolean }>> = {
  opponent: { level: 1, own: false },
  'opponent-5': { level: 5, own: false },
  'opponent-10': { level: 10, own: false },
  'opponent-20': { level: 20, own: false },
  queue: { level: 1, own: true },
  'queue-5': { level: 5, own: true },
  'queue-10': { level: 10, own: true },
  'queue-20': { level: 20, own: true },
};

/** The price of a price match now, or null where the book has no such level. */
export function matchedPrice(book: BookReader, side: OrderSide, match: PriceMatch): number | null {
  const { level, own } = MATCH_LEVEL[match];
  const from: OrderSide = own === (side === 'buy') ? 'buy' : 'sell';
  let price = from === 'buy' ? book.bestBidTicks : book.bestAskTicks;
  for (let i = 1; i < level && price !== null; i++) price = book.nextWorsePrice(from, price);
  return price;
}

/** Why an order may not be sent like this, or null. Size, price range and position are the book's to check. */
export function orderRefusal(order: PerpOrder, nowMicros: number): Rejection | null {
  const time = order.timeInForce;
  const isMarket = order.priceTicks === null && order.priceMatch === null;
  const isPlain = order.priceMatch === null && order.goodTillMicros === null && !isMarket;
  if (isPlain && time !== 'GTD' && time !== 'DAY') return null;
  if (order.priceTicks !== null && order.priceMatch !== null) return 'order/combination-not-allowed';
  if (time === 'DAY') return 'order/combination-not-allowed';
  if (isMarket && time !== 'GTC' && time !== 'IOC') {
    return 'order/combination-not-allowed';
  }
  if ((order.timeInForce === 'GTD') !== (order.goodTillMicros !== null))
    return 'order/combination-not-allowed';
  const tooEarly = order.goodTillMicros !== null && order.goodTillMicros < nowMicros + LEAST_LIFE_MICROS;
  return tooEarly ? 'order/good-till-too-early' : null;
}

/**
 * Why a conditional order may not be placed like this, or null.
 *
 * @param priceTicks - the price that it waits for, now; null before there is one
 */
export function conditionalRefusal(order: PerpConditional, priceTicks: number | null): Rejection | null {
  const isMarket = order.type.endsWith('-market');
  const trails = order.type === 'trailing-stop-market';
  if (isMarket !== (order.priceTicks === null && order.priceMatch === null)) {
    return 'order/combination-not-allowed';
  }
  if (order.timeInForce === 'GTD' || order.goodTillMicros !== null) return 'order/combination-not-allowed';
  if (order.closePosition) {
    const closes = order.type === 'stop-market' || order.type === 'take-profit-market';
    if (!closes || order.reduceOnly || order.sizeLots !== 0) return 'order/combination-not-allowed';
  } else if (!isOrderSize(order.sizeLots)) {
    return 'order/size-not-positive';
  }
  if (trails) return trailingRefusal(order, priceTicks);
  if (order.callbackPermille !== 0) return 'order/combination-not-allowed';
  if (order.triggerTicks === null || !isOrderPrice(order.triggerTicks)) return 'order/price-out-of-range';
  if (priceTicks === null) return null;
  const met =
    ruleOf(order) === 'rises-to' ? priceTicks >= order.triggerTicks : priceTicks <= order.triggerTicks;
  return met ? 'order/would-trigger-at-once' : null;
}

/** The activation price of a trailing sell lies above the price, that of a trailing buy below it. */
function trailingRefusal(order: PerpConditional, priceTicks: number | null): Rejection | null {
  const { callbackPermille, triggerTicks, side } = order;
  const inRange = Number.isInteger(callbackPermille) && callbackPermille >= 1 && callbackPermille <= 100;
  if (!inRange) return 'order/callback-out-of-range';
  if (priceTicks === null) return 'order/no-market';
  if (triggerTicks === null) return null;
  if (!isOrderPrice(triggerTicks)) return 'order/price-out-of-range';
  const passed = side === 'sell' ? triggerTicks < priceTicks : triggerTicks > priceTicks;
  return passed ? 'order/would-trigger-at-once' : null;
}

/** What a conditional order waits for. */
export function ruleOf(order: PerpConditional): TriggerRule {
  if (order.type === 'trailing-stop-market') return order.side === 'sell' ? 'turns-down' : 'turns-up';
  const isStop = order.type === 'stop' || order.type === 'stop-market';
  return isStop === (order.side === 'buy') ? 'rises-to' : 'falls-to';
}

/**
 * True where mark and contract price are too far apart for a price-protected order.
 *
 * Source: Binance, priceProtect and the symbol's `triggerProtect`: the difference rate may not be larger. The source does
 * not say of which of the two prices the rate is; here of the mark.
 */
export function isTooFarApart(markTicks: number, contractTicks: number, per10k: number): boolean {
  return Math.abs(markTicks - contractTicks) * 10_000 > Math.abs(markTicks) * per10k;
}
