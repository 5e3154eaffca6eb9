/** The order-by-order book: every displayed order with its place in the queue, and the depth they add up to. */
import { assert } from '../../core/assert.ts';
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import { MAX_BOOK_TICKS } from '../book/book-side.ts';
import { DepthBook } from '../book/depth-book.ts';
import type { ByOrderMessage, ByOrderSide } from './by-order-message.ts';
import { globexModifyRule, type ModifyRule, type PlaceLossReason } from './modify-rule.ts';
import { OrderSlots } from './order-slots.ts';

/** Most orders a book holds unless told otherwise. */
export const MAX_BY_ORDER_ORDERS: number = 1 << 20;

/**
 * What a message did beyond the plain: an order lost its place, or the message did not fit the book.
 *
 * - `order-unknown`: a cancel or modify of an order that is not in the book; it changed nothing.
 * - `order-duplicate`: an add of an order that is in the book; it changed nothing.
 * - `side-changed`: a modify named the other side; it changed nothing.
 * - `book-full`: an add beyond the order limit; the order is missing from here on.
 * - `size-not-positive`: an add or modify without lots; it changed nothing.
 * - `price-out-of-range`: an add or modify beyond the prices a book holds; it changed nothing.
 */
export type ByOrderNote =
  | { readonly kind: 'place-lost'; readonly orderId: number; readonly reason: PlaceLossReason }
  | {
      readonly kind:
        | 'order-unknown'
        | 'order-duplicate'
        | 'side-changed'
        | 'book-full'
        | 'size-not-positive'
        | 'price-out-of-range';
      readonly orderId: number;
    };

/** One order as it stands in its queue. */
export interface QueuedOrder {
  readonly orderId: number;
  readonly sizeLots: number;
}

/** Orders of one side, best level first and in queue order: parallel arrays, not to be changed. */
export interface SideOrders {
  readonly orderId: Float64Array;
  readonly priceTicks: Int32Array;
  readonly sizeLots: Float64Array;
  readonly filledLots: Float64Array;
}

/** A saved book. */
export interface ByOrderSnapshot {
  readonly bids: SideOrders;
  readonly asks: SideOrders;
}

interface Level {
  head: number;
  tail: number;
  orders: number;
}

const NOTHING: readonly ByOrderNote[] = [];

/**
 * Market by order. Trades and fills do not change it: the venue follows them with the cancel or modify of each order
 * that took part, and until then those orders stay displayed.
 *
 * Assumes: adds of an opening snapshot come in queue order within each level.
 * Does not model: hidden reserve of icebergs (never in the feed), implied orders.
 */
export class ByOrderBook implements Machine<ByOrderMessage, ByOrderNote, ByOrderSnapshot> {
  readonly #rule: ModifyRule;
  readonly #orders: OrderSlots;
  readonly #levels: { readonly bid: Map<number, Level>; readonly ask: Map<number, Level> } = {
    bid: new Map(),
    ask: new Map(),
  };
  readonly #depth: DepthBook = new DepthBook();

  constructor(rule: ModifyRule = globexModifyRule, maxOrders: number = MAX_BY_ORDER_ORDERS) {
    this.#rule = rule;
    this.#orders = new OrderSlots(maxOrders);
  }

  /** Orders in the book. */
  get orders(): number {
    return this.#orders.count;
  }

  /** Highest bid in ticks; null without bids. */
  get bestBid(): number | null {
    return this.#depth.bestBid;
  }

  /** Lowest ask in ticks; null without asks. */
  get bestAsk(): number | null {
    return this.#depth.bestAsk;
  }

  /** Displayed lots at a price; 0 where there is no level. */
  sizeAt(side: ByOrderSide, priceTicks: number): number {
    return this.#depth.sizeAt(side, priceTicks);
  }

  /** Orders at a price. */
  ordersAt(side: ByOrderSide, priceTicks: number): number {
    return this.#levels[side].get(priceTicks)?.orders ?? 0;
  }

  /** The aggregated view: calls `visit` per level, best first, until it returns false. */
  eachLevel(side: ByOrderSide, visit: (priceTicks: number, sizeLots: number) => boolean): void {
    this.#depth.eachLevel(side, visit);
  }

  /** Calls `visit` per order of a level, front first, until it returns false. */
  eachOrder(
    side: ByOrderSide,
    priceTicks: number,
    visit: (orderId: number, sizeLots: number) => boolean,
  ): void {
    const { next, orderId, sizeLots } = this.#orders;
    let slot = this.#levels[side].get(priceTicks)?.head ?? 0;
    while (slot !== 0 && visit(orderId[slot] as number, sizeLots[slot] as number))
      slot = next[slot] as number;
  }

  /** The queue at a price, front first; empty where there is no level. */
  queueAt(side: ByOrderSide, priceTicks: number): QueuedOrder[] {
    const queue: QueuedOrder[] = [];
    this.eachOrder(side, priceTicks, (orderId, sizeLots) => queue.push({ orderId, sizeLots }) > 0);
    return queue;
  }

  /** Where an order rests; null when it is not in the book. */
  orderOf(
    orderId: number,
  ): { readonly side: ByOrderSide; readonly priceTicks: number; readonly sizeLots: number } | null {
    const { side, priceTicks, sizeLots } = this.#orders;
    const slot = this.#orders.find(orderId);
    if (slot === 0) return null;
    return {
      side: side[slot] === 0 ? 'bid' : 'ask',
      priceTicks: priceTicks[slot] as number,
      sizeLots: sizeLots[slot] as number,
    };
  }

  /** Displayed lots ahead of an order in its queue; null when it is not in the book. Walks the queue. */
  lotsAhead(orderId: number): number | null {
    const { previous, sizeLots } = this.#orders;
    let slot = this.#orders.find(orderId);
    if (slot === 0) return null;
    let ahead = 0;
    for (slot = previous[slot] as number; slot !== 0; slot = previous[slot] as number) {
      ahead += sizeLots[slot] as number;
    }
    return ahead;
  }

  apply(message: ByOrderMessage): readonly ByOrderNote[] {
    switch (message.kind) {
      case 'add':
        return this.#add(message);
      case 'cancel':
        return this.#cancel(message.orderId);
      case 'modify':
        return this.#modify(message);
      case 'fill':
        this.#fill(message);
        return NOTHING;
      case 'clear':
        this.#clear();
        return NOTHING;
      case 'trade':
        return NOTHING;
    }
  }

  snapshot(): ByOrderSnapshot {
    return { bids: this.#save('bid'), asks: this.#save('ask') };
  }

  /** Replaces the whole book by a saved one. */
  restore(saved: ByOrderSnapshot): void {
    this.#clear();
    for (const [side, from] of [
      ['bid', saved.bids],
      ['ask', saved.asks],
    ] as const) {
      for (let i = 0; i < from.orderId.length; i++) {
        const slot = this.#orders.take(from.orderId[i] as number);
        assert(slot !== 0, 'snapshot holds more orders than the limit');
        this.#orders.filledLots[slot] = from.filledLots[i] as number;
        this.#enter(slot, side, from.priceTicks[i] as number, from.sizeLots[i] as number);
      }
    }
  }

  /** Hash over every order of both sides, best level first and in queue order. */
  stateHash(): number {
    const hash = new StateHash();
    for (const side of ['bid', 'ask'] as const) {
      const { orderId, priceTicks, sizeLots, filledLots } = this.#save(side);
      hash.integer(orderId.length);
      for (let i = 0; i < orderId.length; i++) {
        hash.integer(orderId[i] as number);
        hash.integer(priceTicks[i] as number);
        hash.integer(sizeLots[i] as number);
        hash.integer(filledLots[i] as number);
      }
    }
    return hash.value();
  }

  #add(message: ByOrderMessage): readonly ByOrderNote[] {
    const { side, orderId, priceTicks, sizeLots } = message;
    const trouble = wrong(message);
    if (trouble !== null || side === 'none') return [{ kind: trouble ?? 'side-changed', orderId }];
    if (this.#orders.find(orderId) !== 0) return [{ kind: 'order-duplicate', orderId }];
    const slot = this.#orders.take(orderId);
    if (slot === 0) return [{ kind: 'book-full', orderId }];
    this.#enter(slot, side, priceTicks, sizeLots);
    return NOTHING;
  }

  #cancel(orderId: number): readonly ByOrderNote[] {
    const slot = this.#orders.find(orderId);
    if (slot === 0) return [{ kind: 'order-unknown', orderId }];
    this.#leave(slot);
    this.#orders.release(slot);
    return NOTHING;
  }

  #modify(message: ByOrderMessage): readonly ByOrderNote[] {
    const { orderId, priceTicks, sizeLots } = message;
    const orders = this.#orders;
    const slot = orders.find(orderId);
    if (slot === 0) return [{ kind: 'order-unknown', orderId }];
    const trouble = wrong(message);
    if (trouble !== null) return [{ kind: trouble, orderId }];
    const side = orders.side[slot] === 0 ? 'bid' : 'ask';
    if (message.side !== side) return [{ kind: 'side-changed', orderId }];
    const reason = this.#rule({
      priceTicksBefore: orders.priceTicks[slot] as number,
      priceTicksAfter: priceTicks,
      sizeLotsBefore: orders.sizeLots[slot] as number,
      sizeLotsAfter: sizeLots,
      filledLots: orders.filledLots[slot] as number,
    });
    orders.filledLots[slot] = 0;
    if (reason !== null) {
      this.#leave(slot);
      this.#enter(slot, side, priceTicks, sizeLots);
      return [{ kind: 'place-lost', orderId, reason }];
    }
    assert(orders.priceTicks[slot] === priceTicks, 'a modify rule must not keep the place at another price');
    const change = sizeLots - (orders.sizeLots[slot] as number);
    orders.sizeLots[slot] = sizeLots;
    this.#depth.set(side, priceTicks, this.#depth.sizeAt(side, priceTicks) + change);
    return NOTHING;
  }

  #fill(message: ByOrderMessage): void {
    const slot = this.#orders.find(message.orderId);
    if (slot === 0) return;
    this.#orders.filledLots[slot] = (this.#orders.filledLots[slot] as number) + message.sizeLots;
  }

  /** Puts an order at the back of its level. */
  #enter(slot: number, side: ByOrderSide, priceTicks: number, sizeLots: number): void {
    const orders = this.#orders;
    orders.side[slot] = side === 'bid' ? 0 : 1;
    orders.priceTicks[slot] = priceTicks;
    orders.sizeLots[slot] = sizeLots;
    orders.next[slot] = 0;
    const level = this.#levels[side].get(priceTicks);
    orders.previous[slot] = level?.tail ?? 0;
    if (level === undefined) this.#levels[side].set(priceTicks, { head: slot, tail: slot, orders: 1 });
    else {
      orders.next[level.tail] = slot;
      level.tail = slot;
      level.orders++;
    }
    this.#depth.set(side, priceTicks, this.#depth.sizeAt(side, priceTicks) + sizeLots);
  }

  #leave(slot: number): void {
    const orders = this.#orders;
    const side = orders.side[slot] === 0 ? 'bid' : 'ask';
    const priceTicks = orders.priceTicks[slot] as number;
    const level = this.#levels[side].get(priceTicks);
    assert(level !== undefined, `order ${orders.orderId[slot]} rests on a level that is not there`);
    const before = orders.previous[slot] as number;
    const after = orders.next[slot] as number;
    if (before === 0) level.head = after;
    else orders.next[before] = after;
    if (after === 0) level.tail = before;
    else orders.previous[after] = before;
    if (--level.orders === 0) this.#levels[side].delete(priceTicks);
    this.#depth.set(
      side,
      priceTicks,
      this.#depth.sizeAt(side, priceTicks) - (orders.sizeLots[slot] as number),
    );
  }

  #clear(): void {
    this.#orders.clear();
    this.#levels.bid.clear();
    this.#levels.ask.clear();
    this.#depth.clear();
  }

  #save(side: ByOrderSide): SideOrders {
    const orders = this.#orders;
    const slots: number[] = [];
    this.#depth.eachLevel(side, (priceTicks) => {
      let slot = this.#levels[side].get(priceTicks)?.head ?? 0;
      for (; slot !== 0; slot = orders.next[slot] as number) slots.push(slot);
      return true;
    });
    return {
      orderId: Float64Array.from(slots, (slot) => orders.orderId[slot] as number),
      priceTicks: Int32Array.from(slots, (slot) => orders.priceTicks[slot] as number),
      sizeLots: Float64Array.from(slots, (slot) => orders.sizeLots[slot] as number),
      filledLots: Float64Array.from(slots, (slot) => orders.filledLots[slot] as number),
    };
  }
}

function wrong(message: ByOrderMessage): 'size-not-positive' | 'price-out-of-range' | null {
  if (!(Number.isSafeInteger(message.sizeLots) && message.sizeLots > 0)) return 'size-not-positive';
  if (!(Number.isInteger(message.priceTicks) && Math.abs(message.priceTicks) <= MAX_BOOK_TICKS)) {
    return 'price-out-of-range';
  }
  return null;
}
