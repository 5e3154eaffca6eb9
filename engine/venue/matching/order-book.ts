/** A price-time order book, order by order: the matching core of every simulated venue. */
import { assert } from '../../core/assert.ts';
import { StateHash } from '../../core/state-hash.ts';
import type { BookEvents } from './book-events.ts';
import { ANY_KEY, MatchingCore } from './matching-core.ts';
import {
  CANCELLATIONS,
  type Cancellation,
  MAX_ORDER_LOTS,
  MAX_PRICE_TICKS,
  type OrderHandle,
  type OrderSide,
  REJECTIONS,
  type Rejection,
  type TimeInForce,
} from './order-terms.ts';
import type { PriceLadder } from './price-ladder.ts';

/** What a book may hold; commands that would exceed it are refused with `order/limit-exceeded`. */
export interface BookLimits {
  /** Resting orders, both sides together; at most 1,048,575. */
  readonly orders: number;
  /** Pages of 1024 ticks that hold orders, each side. */
  readonly pagesPerSide: number;
  /** Events that may wait to be read: `orders + 4` lets any command run against a cleared log. */
  readonly events: number;
}

/** An order to place. Price in ticks, size in lots, account and tag are the owner's own 32-bit numbers. */
export interface OrderRequest {
  side: OrderSide;
  priceTicks: number;
  sizeLots: number;
  timeInForce: TimeInForce;
  account: number;
  tag: number;
}

/** One resting order as plain data. */
export interface RestingOrder {
  readonly handle: OrderHandle;
  readonly serial: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly remainingLots: number;
  readonly account: number;
  readonly tag: number;
  readonly postOnly: boolean;
}

/** A whole book as plain data; `orders` are bids then asks, each best first and in time order within a price. */
export interface BookSnapshot {
  readonly orders: readonly RestingOrder[];
  readonly acceptedOrders: number;
  readonly trades: number;
  readonly slots: { readonly generations: readonly number[]; readonly free: readonly number[] };
}

const sideNumber = (side: OrderSide): number => (side === 'buy' ? 0 : 1);
const reason = (of: Rejection): number => REJECTIONS.indexOf(of);
const ending = (of: Cancellation): number => CANCELLATIONS.indexOf(of);
const SIZE_NOT_POSITIVE = reason('order/size-not-positive');
const PRICE_OUT_OF_RANGE = reason('order/price-out-of-range');
const WOULD_TAKE = reason('order/post-only-would-take');
const UNKNOWN = reason('order/unknown');
const LIMIT_EXCEEDED = reason('order/limit-exceeded');
const NOTHING_TO_TAKE = ending('nothing-to-take');
const NOT_FILLED_WHOLE = ending('not-filled-whole');
const ALLOWED = -1;

const isOrderSize = (lots: number): boolean => Number.isInteger(lots) && lots > 0 && lots <= MAX_ORDER_LOTS;
const isOrderPrice = (ticks: number): boolean =>
  Number.isInteger(ticks) && ticks >= -MAX_PRICE_TICKS && ticks <= MAX_PRICE_TICKS;

/**
 * The book: limit (GTC, IOC, FOK, post-only), market, cancel and amend, matched by price, then time.
 *
 * Commands return a handle or a success flag and write what happened to {@link OrderBook.events}, which the owner
 * reads and clears. Orders are numbered from 1 as they are accepted. A GTC or post-only order needs room for itself
 * even where it might match whole, so the limits never bite half-way through a command.
 *
 * Assumes: continuous trading, one allocation rule (FIFO), no self-trade prevention.
 */
export class OrderBook {
  readonly events: BookEvents;
  readonly #limits: BookLimits;
  readonly #core: MatchingCore;

  constructor(limits: BookLimits) {
    assert(limits.events >= limits.orders + 4, 'the event limit must leave room for any one command');
    this.#limits = limits;
    this.#core = new MatchingCore(limits.orders, limits.pagesPerSide);
    this.events = this.#core.events;
  }

  /** Best bid in ticks, or null while there is none. */
  get bestBidTicks(): number | null {
    const bids = this.#core.bids;
    return bids.levels === 0 ? null : bids.bestKey;
  }

  /** Best ask in ticks, or null while there is none. */
  get bestAskTicks(): number | null {
    const asks = this.#core.asks;
    return asks.levels === 0 ? null : 0 - asks.bestKey;
  }

  /** Resting orders on both sides. */
  get orderCount(): number {
    return this.#core.store.count;
  }

  /** Trades since the book was opened. */
  get tradeCount(): number {
    return this.#core.trades;
  }

  /** Occupied price levels of the bids (`buy`) or asks (`sell`). */
  levelCount(side: OrderSide): number {
    return this.#ladder(side).levels;
  }

  /** Resting size at a price, in lots. */
  sizeAt(side: OrderSide, priceTicks: number): number {
    return this.#ladder(side).sizeAt(keyOf(side, priceTicks));
  }

  /** Resting orders at a price. */
  ordersAt(side: OrderSide, priceTicks: number): number {
    return this.#ladder(side).ordersAt(keyOf(side, priceTicks));
  }

  /** The best occupied price worse than this one, or null. The price itself need not be occupied. */
  nextWorsePrice(side: OrderSide, priceTicks: number): number | null {
    const key = this.#ladder(side).nextWorse(keyOf(side, priceTicks));
    return key === null ? null : keyOf(side, key);
  }

  /** The queue at a price, first to be matched first. Allocates: for owners that inspect, not for the hot path. */
  queueAt(side: OrderSide, priceTicks: number): readonly RestingOrder[] {
    const queue: RestingOrder[] = [];
    let slot = this.#ladder(side).firstAt(keyOf(side, priceTicks));
    for (; slot !== 0; slot = this.#core.store.next[slot] as number) queue.push(this.#describe(slot));
    return queue;
  }

  /** The open order of this handle, or null. */
  find(handle: OrderHandle): RestingOrder | null {
    const slot = this.#core.store.slot(handle);
    return slot === 0 ? null : this.#describe(slot);
  }

  /**
   * Places a limit order.
   *
   * @returns the handle where (a part of) the order rests, else null: filled, ended or refused, as the events say
   */
  placeLimit(order: Readonly<OrderRequest>): OrderHandle | null {
    const core = this.#core;
    const { priceTicks, sizeLots, timeInForce, account, tag } = order;
    const side = sideNumber(order.side);
    const key = keyOf(order.side, priceTicks);
    const refusal = this.#refusal(side, key, sizeLots, timeInForce);
    if (refusal !== ALLOWED) {
      this.events.rejected(side, priceTicks, sizeLots, account, tag, refusal);
      return null;
    }
    const serial = ++core.acceptedOrders;
    this.events.accepted(side, priceTicks, sizeLots, account, tag, serial);
    if (timeInForce === 'FOK' && !core.canTake(side, key, sizeLots)) {
      this.events.cancelled(side, priceTicks, sizeLots, account, tag, serial, 0, NOT_FILLED_WHOLE);
      return null;
    }
    const left = core.match(side, 0 - key, sizeLots, account, tag, serial);
    if (left === 0) return null;
    if (timeInForce === 'IOC') {
      this.events.cancelled(side, priceTicks, left, account, tag, serial, 0, NOTHING_TO_TAKE);
      return null;
    }
    return core.rest(side, key, left, account, tag, serial, timeInForce === 'GTX' ? 1 : 0);
  }

  /** Takes up to `sizeLots` at any price; what finds nothing is cancelled. Returns what was left, in lots. */
  placeMarket(order: Readonly<Pick<OrderRequest, 'side' | 'sizeLots' | 'account' | 'tag'>>): number {
    const core = this.#core;
    const { sizeLots, account, tag } = order;
    const side = sideNumber(order.side);
    const refusal = isOrderSize(sizeLots) ? this.#logRefusal() : SIZE_NOT_POSITIVE;
    if (refusal !== ALLOWED) {
      this.events.rejected(side, 0, sizeLots, account, tag, refusal);
      return sizeLots;
    }
    const serial = ++core.acceptedOrders;
    this.events.accepted(side, 0, sizeLots, account, tag, serial);
    const left = core.match(side, ANY_KEY, sizeLots, account, tag, serial);
    if (left > 0) this.events.cancelled(side, 0, left, account, tag, serial, 0, NOTHING_TO_TAKE);
    return left;
  }

  /** Cancels a resting order; false (and a rejected event) where there is no such order. */
  cancel(handle: OrderHandle): boolean {
    const slot = this.#core.store.slot(handle);
    if (slot === 0) {
      this.events.rejected(0, 0, 0, 0, 0, UNKNOWN);
      return false;
    }
    this.#core.end(slot);
    return true;
  }

  /**
   * Changes price and remaining size of a resting order. Less size at the same price keeps the place in the queue;
   * more size or another price goes to the end, and may take where the order is not post-only. The handle stays
   * valid for as long as anything rests.
   *
   * @returns false (and a rejected event) where nothing was changed
   */
  amend(handle: OrderHandle, priceTicks: number, sizeLots: number): boolean {
    const core = this.#core;
    const store = core.store;
    const slot = store.slot(handle);
    if (slot === 0) {
      this.events.rejected(0, priceTicks, sizeLots, 0, 0, UNKNOWN);
      return false;
    }
    const side = store.side[slot] as number;
    const key = side === 0 ? priceTicks : 0 - priceTicks;
    const account = store.account[slot] as number;
    const tag = store.tag[slot] as number;
    const refusal = this.#amendRefusal(slot, key, sizeLots);
    if (refusal !== ALLOWED) {
      this.events.rejected(side, priceTicks, sizeLots, account, tag, refusal);
      return false;
    }
    const remaining = store.remainingLots[slot] as number;
    if (key === store.key[slot] && sizeLots <= remaining) {
      core.tellReduced(slot, remaining - sizeLots);
      core.ladder(side).reduce(slot, remaining - sizeLots);
      return true;
    }
    core.tellReduced(slot, remaining);
    core.ladder(side).remove(slot);
    const left = core.match(side, 0 - key, sizeLots, account, tag, store.serial[slot] as number);
    if (left === 0) store.release(slot);
    else core.enter(slot, key, left);
    return true;
  }

  /** Cancels every resting order, bids before asks, best price first. Needs a cleared log or room in it. */
  cancelAll(): void {
    const { bids, asks } = this.#core;
    while (bids.levels > 0) this.#core.end(bids.firstAtBest());
    while (asks.levels > 0) this.#core.end(asks.firstAtBest());
  }

  /** The whole book as plain data. Waiting events are not part of it. */
  snapshot(): BookSnapshot {
    const core = this.#core;
    const orders: RestingOrder[] = [];
    core.forEachSlot((slot) => orders.push(this.#describe(slot)));
    return {
      orders,
      acceptedOrders: core.acceptedOrders,
      trades: core.trades,
      slots: core.store.snapshotSlots(),
    };
  }

  /** A book equal to the one that gave the snapshot, down to the handles of its orders. */
  static restore(limits: BookLimits, snapshot: BookSnapshot): OrderBook {
    const book = new OrderBook(limits);
    const core = book.#core;
    const store = core.store;
    store.restoreSlots(snapshot.slots);
    assert(store.count === snapshot.orders.length, 'slots and orders of the snapshot disagree');
    core.acceptedOrders = snapshot.acceptedOrders;
    core.trades = snapshot.trades;
    for (const order of snapshot.orders) {
      const slot = store.slot(order.handle);
      assert(slot !== 0, `order ${order.serial} of the snapshot has no slot`);
      store.account[slot] = order.account;
      store.tag[slot] = order.tag;
      store.serial[slot] = order.serial;
      store.side[slot] = sideNumber(order.side);
      store.postOnly[slot] = order.postOnly ? 1 : 0;
      core.enter(slot, keyOf(order.side, order.priceTicks), order.remainingLots);
    }
    book.events.clear();
    return book;
  }

  /** Hash over the meaning of the book: counters, then every order by side, price and place in its queue. */
  stateHash(): number {
    const core = this.#core;
    const store = core.store;
    const hash = new StateHash();
    hash.integer(core.acceptedOrders);
    hash.integer(core.trades);
    core.forEachSlot((slot) => {
      hash.integer(store.side[slot] as number);
      hash.integer(core.price(slot));
      hash.integer(store.serial[slot] as number);
      hash.integer(store.remainingLots[slot] as number);
      hash.integer(store.account[slot] as number);
      hash.integer(store.tag[slot] as number);
      hash.integer(store.postOnly[slot] as number);
    });
    return hash.value();
  }

  #refusal(side: number, key: number, sizeLots: number, timeInForce: TimeInForce): number {
    const core = this.#core;
    if (!isOrderSize(sizeLots)) return SIZE_NOT_POSITIVE;
    if (!isOrderPrice(key)) return PRICE_OUT_OF_RANGE;
    if (timeInForce === 'GTX' && core.wouldTake(side, key)) return WOULD_TAKE;
    const rests = timeInForce === 'GTC' || timeInForce === 'GTX';
    if (rests && (core.store.count >= this.#limits.orders || core.ladder(side).isFull(key))) {
      return LIMIT_EXCEEDED;
    }
    return this.#logRefusal();
  }

  #amendRefusal(slot: number, key: number, sizeLots: number): number {
    const core = this.#core;
    const side = core.store.side[slot] as number;
    if (!isOrderSize(sizeLots)) return SIZE_NOT_POSITIVE;
    if (!isOrderPrice(key)) return PRICE_OUT_OF_RANGE;
    if (core.store.postOnly[slot] === 1 && core.wouldTake(side, key)) return WOULD_TAKE;
    return core.ladder(side).isFull(key) ? LIMIT_EXCEEDED : this.#logRefusal();
  }

  /** One command writes at most one event per resting order and three of its own. */
  #logRefusal(): number {
    const room = this.#limits.events - this.events.count;
    return room < this.#core.store.count + 4 ? LIMIT_EXCEEDED : ALLOWED;
  }

  #ladder(side: OrderSide): PriceLadder {
    return side === 'buy' ? this.#core.bids : this.#core.asks;
  }

  #describe(slot: number): RestingOrder {
    const store = this.#core.store;
    return {
      handle: store.handle(slot),
      serial: store.serial[slot] as number,
      side: store.side[slot] === 0 ? 'buy' : 'sell',
      priceTicks: this.#core.price(slot),
      remainingLots: store.remainingLots[slot] as number,
      account: store.account[slot] as number,
      tag: store.tag[slot] as number,
      postOnly: store.postOnly[slot] === 1,
    };
  }
}

/** Price to ladder key and back: the same turn of sign. */
function keyOf(side: OrderSide, priceTicks: number): number {
  return side === 'buy' ? priceTicks : 0 - priceTicks;
}
