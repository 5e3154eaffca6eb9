/** What a book refuses before it touches anything. */
import { type MatchingCore, roomToReduce } from './matching-core.ts';
import type { OrderBit, OrderFact } from './order-record.ts';
import {
  MAX_ICEBERG_SLICES,
  MAX_ORDER_LOTS,
  MAX_PRICE_TICKS,
  REJECTIONS,
  type Rejection,
  TIMES_IN_FORCE,
} from './order-terms.ts';
import type { OrderExtras, OrderTicket } from './order-ticket.ts';

const ACCOUNT: OrderFact['account'] = 0;
const FLAGS: OrderFact['flags'] = 3;
const POST_ONLY: OrderBit['postOnly'] = 2;
const REDUCE_ONLY: OrderBit['reduceOnly'] = 8;
const IOC = TIMES_IN_FORCE.indexOf('IOC');
const FOK = TIMES_IN_FORCE.indexOf('FOK');
const GTX = TIMES_IN_FORCE.indexOf('GTX');
const GTD = TIMES_IN_FORCE.indexOf('GTD');

const code = (of: Rejection): number => REJECTIONS.indexOf(of);
const SIZE_NOT_POSITIVE = code('order/size-not-positive');
const PRICE_OUT_OF_RANGE = code('order/price-out-of-range');
const WOULD_TAKE = code('order/post-only-would-take');
const LIMIT_EXCEEDED = code('order/limit-exceeded');
const MINIMUM_OUT_OF_RANGE = code('order/minimum-out-of-range');
const DISPLAY_OUT_OF_RANGE = code('order/display-out-of-range');
const ACCOUNT_UNKNOWN = code('order/account-unknown');
const NOTHING_TO_REDUCE = code('order/reduce-only');
const NOT_TOGETHER = code('order/combination-not-allowed');
const GOOD_TILL_OUT_OF_RANGE = code('order/good-till-too-early');

/** Nothing is refused. */
export const ALLOWED: number = -1;

/** Serial numbers are 32-bit integers. */
const MOST_ORDERS = 0x7fff_fffe;
const MOST_SECONDS = 0xffff_ffff;

/** What a book may hold; commands that would exceed it are refused with `order/limit-exceeded`. */
export interface BookLimits {
  /** Resting orders, both sides together; at most 1,048,575. */
  readonly orders: number;
  /** Pages of 1024 ticks that hold orders, each side. */
  readonly pagesPerSide: number;
  /** Events that may wait to be read: `orders + 4` lets any command run against a cleared log. */
  readonly events: number;
}

/** True for a size that an order may have. */
export function isOrderSize(lots: number): boolean {
  // All sizes fit 32 bits, and this is the cheapest way to ask for an integer.
  return (lots | 0) === lots && lots > 0 && lots <= MAX_ORDER_LOTS;
}

/** True for a price that an order may have; a ladder key is one too. */
export function isOrderPrice(ticks: number): boolean {
  return (ticks | 0) === ticks && ticks >= -MAX_PRICE_TICKS && ticks <= MAX_PRICE_TICKS;
}

/** The position in `REJECTIONS` of why an order may not enter, or {@link ALLOWED}. */
export function entryRefusal(
  core: MatchingCore,
  limits: BookLimits,
  t: OrderTicket,
  collecting: boolean,
): number {
  if (!isOrderSize(t.sizeLots)) return SIZE_NOT_POSITIVE;
  if (!isOrderPrice(t.priceTicks)) return PRICE_OUT_OF_RANGE;
  const positions = core.positions;
  if (positions !== null && !(t.account >= 0 && t.account < positions.length)) return ACCOUNT_UNKNOWN;
  if (t.extras !== null || t.timeInForce === GTD) {
    const refusal = extrasRefusal(core, t, t.extras);
    if (refusal !== ALLOWED) return refusal;
  }
  const time = t.timeInForce;
  if (time === IOC || time === FOK) return collecting ? NOT_TOGETHER : logRefusal(core, limits);
  const key = t.side === 0 ? t.priceTicks : 0 - t.priceTicks;
  if (time === GTX && !collecting && core.wouldTake(t.side, key)) return WOULD_TAKE;
  if (core.store.count >= limits.orders || core.ladder(t.side).isFull(key)) return LIMIT_EXCEEDED;
  return logRefusal(core, limits);
}

function extrasRefusal(core: MatchingCore, t: OrderTicket, extras: OrderExtras | null): number {
  const goodTill = extras === null ? 0 : extras.goodTillSeconds;
  if (t.timeInForce === GTD && !(goodTill > 0 && goodTill <= MOST_SECONDS)) return GOOD_TILL_OUT_OF_RANGE;
  if (extras === null) return ALLOWED;
  const { minimumLots, displayLots } = extras;
  if (!(Number.isInteger(minimumLots) && minimumLots >= 0 && minimumLots <= t.sizeLots)) {
    return MINIMUM_OUT_OF_RANGE;
  }
  const slices = displayLots === 0 ? 1 : Math.ceil(t.sizeLots / displayLots);
  if (!(Number.isInteger(displayLots) && displayLots >= 0 && slices <= MAX_ICEBERG_SLICES)) {
    return DISPLAY_OUT_OF_RANGE;
  }
  if (!extras.reduceOnly) return ALLOWED;
  if (displayLots !== 0 || minimumLots !== 0) return NOT_TOGETHER;
  return roomToReduce(core.positions, t.account, t.side) === 0 ? NOTHING_TO_REDUCE : ALLOWED;
}

/** The position in `REJECTIONS` of why a resting order may not be changed so, or {@link ALLOWED}. */
export function amendRefusal(
  core: MatchingCore,
  limits: BookLimits,
  slot: number,
  key: number,
  sizeLots: number,
  collecting: boolean,
): number {
  const side = core.side(slot);
  if (!isOrderSize(sizeLots)) return SIZE_NOT_POSITIVE;
  if (!isOrderPrice(key)) return PRICE_OUT_OF_RANGE;
  const flags = core.store.facts[(slot << 2) + FLAGS] as number;
  if ((flags & POST_ONLY) !== 0 && !collecting && core.wouldTake(side, key)) return WOULD_TAKE;
  const account = core.store.facts[(slot << 2) + ACCOUNT] as number;
  // It might take, and must not where there is nothing to reduce.
  const idle = (flags & REDUCE_ONLY) !== 0 && roomToReduce(core.positions, account, side) === 0;
  if (idle) return NOTHING_TO_REDUCE;
  return core.ladder(side).isFull(key) ? LIMIT_EXCEEDED : logRefusal(core, limits);
}

/** Without icebergs one command writes at most one event per resting order and three of its own. */
function logRefusal(core: MatchingCore, limits: BookLimits): number {
  const room = limits.events - core.events.count;
  return room < core.store.count + 4 || core.acceptedOrders >= MOST_ORDERS ? LIMIT_EXCEEDED : ALLOWED;
}
