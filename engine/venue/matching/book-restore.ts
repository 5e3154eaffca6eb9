/** Puts the orders of a snapshot back into an empty book whose slots are restored already. */
import { assert } from '../../core/assert.ts';
import { keyOf, type RestingOrder } from './book-reader.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderDetail } from './order-record.ts';

const HIDDEN: OrderDetail['hidden'] = 0;
const DISPLAY: OrderDetail['display'] = 1;
const GROUP: OrderDetail['group'] = 2;
const GOOD_TILL: OrderDetail['goodTill'] = 3;
const MAKER_PERCENT: OrderDetail['makerPercent'] = 4;
const POST_ONLY: OrderBit['postOnly'] = 2;
const ICEBERG: OrderBit['iceberg'] = 4;
const REDUCE_ONLY: OrderBit['reduceOnly'] = 8;
const GROUPED: OrderBit['grouped'] = 16;
const MARKET_MAKER: OrderBit['marketMaker'] = 32;
const DAY: OrderBit['day'] = 64;
const GOOD_TILL_DATE: OrderBit['goodTillDate'] = 128;

/** Appends the orders in their order, which is the time order within each price. */
export function restoreOrders(core: MatchingCore, orders: readonly RestingOrder[]): void {
  const { store } = core;
  assert(store.count === orders.length, 'slots and orders of the snapshot disagree');
  for (const order of orders) {
    const slot = store.restoredSlot(order.handle);
    const side = order.side === 'buy' ? 0 : 1;
    const at = slot << 3;
    store.details[at + HIDDEN] = order.hiddenLots;
    store.details[at + DISPLAY] = order.displayLots;
    store.details[at + GROUP] = order.group;
    store.details[at + GOOD_TILL] = order.goodTillSeconds | 0;
    store.details[at + MAKER_PERCENT] = order.makerPercent;
    const key = keyOf(order.side, order.priceTicks);
    const { remainingLots, account, tag, serial } = order;
    core.rest(slot, side, key, remainingLots, bitsOf(order), account, tag, serial);
    if (order.displayLots !== 0) core.ladder(side).addHidden(core.level(slot), order.hiddenLots);
    if (order.reduceOnly) core.reduceOnlyOrders++;
  }
}

function bitsOf(order: RestingOrder): number {
  let bits = 0;
  if (order.postOnly) bits |= POST_ONLY;
  if (order.displayLots !== 0) bits |= ICEBERG;
  if (order.reduceOnly) bits |= REDUCE_ONLY;
  if (order.group !== 0) bits |= GROUPED;
  if (order.makerPercent !== 0) bits |= MARKET_MAKER;
  if (order.timeInForce === 'DAY') bits |= DAY;
  if (order.timeInForce === 'GTD') bits |= GOOD_TILL_DATE;
  return bits;
}
