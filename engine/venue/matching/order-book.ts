/** An order book, order by order: the matching core of every simulated venue. */
import { assert } from '../../core/assert.ts';
import { type AllocationRules, FIFO } from './allocation.ts';
import { wouldFill } from './availability.ts';
import { BOOK_EVENT_KINDS } from './book-events.ts';
import { BookReader, type RestingOrder } from './book-reader.ts';
import { restoreOrders } from './book-restore.ts';
import { LevelMatching } from './level-matching.ts';
import { MakerRules } from './maker-rules.ts';
import { ANY_KEY, MatchingCore, roomToReduce } from './matching-core.ts';
import { ALLOWED, amendRefusal, type BookLimits, entryRefusal } from './order-checks.ts';
import type { OrderBit, OrderFact } from './order-record.ts';
import type { SlotSnapshot } from './order-store.ts';
import {
  CANCELLATIONS,
  type OrderHandle,
  type OrderSide,
  REJECTIONS,
  TIMES_IN_FORCE,
  type TimeInForce,
  timeNumber,
} from './order-terms.ts';
import { OrderTicket } from './order-ticket.ts';
import { enterAgain, restTicket, shrink } from './resting.ts';
import {
  boundKey,
  fillImplied,
  isOffered,
  matchTaker,
  type OutsideMarket,
  takeAsSlot,
  takeAsTicket,
  takeBest,
} from './taking.ts';
import { uncross } from './uncross.ts';

const ACCOUNT: OrderFact['account'] = 0;
const TAG: OrderFact['tag'] = 1;
const FLAGS: OrderFact['flags'] = 3;
const REDUCE_ONLY: OrderBit['reduceOnly'] = 8;

const IOC = TIMES_IN_FORCE.indexOf('IOC');
const FOK = TIMES_IN_FORCE.indexOf('FOK');

const ACCEPTED = BOOK_EVENT_KINDS.indexOf('accepted');
const REDUCED = BOOK_EVENT_KINDS.indexOf('reduced');

const UNKNOWN = REJECTIONS.indexOf('order/unknown');
const REQUESTED: number = CANCELLATIONS.indexOf('requested');
const NOTHING_TO_TAKE = CANCELLATIONS.indexOf('nothing-to-take');
const NOT_FILLED_WHOLE = CANCELLATIONS.indexOf('not-filled-whole');
const MINIMUM_NOT_FILLED = CANCELLATIONS.indexOf('minimum-not-filled');

/** How a book matches. */
export interface BookRules {
  readonly allocation: AllocationRules;
  /** Number of accounts whose positions the book counts (0..accounts-1); null for none and any account numbers. */
  readonly accounts: number | null;
}

/** A plain order to place. Price in ticks, size in lots, account and tag are the owner's own 32-bit numbers. */
export interface OrderRequest {
  side: OrderSide;
  priceTicks: number;
  sizeLots: number;
  timeInForce: TimeInForce;
  account: number;
  tag: number;
}

/** A whole book as plain data; `orders` are bids then asks, each best first and in time order within a price. */
export interface BookSnapshot {
  readonly orders: readonly RestingOrder[];
  readonly acceptedOrders: number;
  readonly trades: number;
  readonly lastTradeTicks: number;
  readonly collecting: boolean;
  readonly positions: readonly number[] | null;
  /** Handles of the top orders of bids and asks, 0 for none. */
  readonly top: readonly [number, number];
  readonly slots: SlotSnapshot;
}

/**
 * The book: limit and market orders of all times in force, cancel and amend, matched by price and then by the
 * allocation of the product (first come, first served unless said otherwise); while collecting, orders only rest, until
 * an auction matches them at one price.
 *
 * Commands write what happened to `events`, which the owner reads and clears. Orders are numbered from 1 as they are
 * accepted. An order that may rest needs room for itself even where it might match whole, so the limits never bite
 * half-way through a command. Nothing is allocated on the way of an order, except where it wants a least size while
 * reduce-only orders rest or self-trades are to be prevented.
 */
export class OrderBook extends BookReader {
  /** The form to fill in before `enter`. Its fields keep their values from order to order. */
  readonly ticket: OrderTicket = new OrderTicket();
  readonly #limits: BookLimits;
  readonly #makers: MakerRules;
  /** Null where orders are served first come, first served. */
  readonly #levels: LevelMatching | null;
  #collecting = false;
  /** What takers find outside the book; null for nothing. Orders that want a least size count the book alone. */
  outside: OutsideMarket | null = null;

  constructor(limits: BookLimits, rules: BookRules = { allocation: FIFO, accounts: null }) {
    assert(limits.events >= limits.orders + 4, 'the event limit must leave room for any one command');
    const core = new MatchingCore(limits.orders, limits.pagesPerSide);
    super(core);
    this.#limits = limits;
    this.#makers = new MakerRules(core);
    core.specials = this.#makers;
    if (rules.accounts !== null) core.positions = new Float64Array(rules.accounts);
    const plain = rules.allocation.steps.length === 1 && rules.allocation.steps[0] === 'fifo';
    this.#levels = plain ? null : new LevelMatching(core, this.#makers, rules.allocation);
  }

  /** True while orders only rest, to be matched by an auction. */
  get collecting(): boolean {
    return this.#collecting;
  }

  /** Price in ticks of the last trade; meaningless before the first. */
  get lastTradeTicks(): number {
    return this.core.lastTradeTicks;
  }

  /** Price in ticks of the first trade of the last command that traded. */
  get firstTradeTicks(): number {
    return this.core.firstTradeTicks;
  }

  /**
   * Places a limit order without qualifiers.
   *
   * @returns the handle where (a part of) the order rests, else null: filled, ended or refused, as the events say
   */
  placeLimit(order: Readonly<OrderRequest>): OrderHandle | null {
    this.#fill(order);
    this.ticket.priceTicks = order.priceTicks;
    this.ticket.timeInForce = timeNumber(order.timeInForce);
    const handle = this.enter();
    return handle === 0 ? null : handle;
  }

  /** Takes up to `sizeLots` at any price; what finds nothing is cancelled. Returns what was left, in lots. */
  placeMarket(order: Readonly<Pick<OrderRequest, 'side' | 'sizeLots' | 'account' | 'tag'>>): number {
    this.#fill(order);
    this.ticket.priced = false;
    this.ticket.priceTicks = 0;
    this.ticket.timeInForce = IOC;
    this.enter();
    return this.#left;
  }

  /** What the last order entered left unfilled, in lots. */
  #left = 0;

  /**
   * Enters the order on the ticket.
   *
   * @returns the handle where (a part of) it rests, else 0: filled, ended or refused, as the events say
   */
  enter(): OrderHandle {
    const t = this.ticket;
    const core = this.core;
    const refusal = entryRefusal(core, this.#limits, t, this.#collecting);
    if (refusal !== ALLOWED) {
      this.#left = t.sizeLots;
      this.refuse(refusal);
      return 0;
    }
    const serial = ++core.acceptedOrders;
    const rests = t.timeInForce !== IOC && t.timeInForce !== FOK;
    const limitKey = !t.priced ? ANY_KEY : t.side === 0 ? 0 - t.priceTicks : t.priceTicks;
    const takes =
      !this.#collecting &&
      (core.ladder(1 - t.side).bestKey >= limitKey ||
        (this.outside !== null && isOffered(this.outside, t.side, limitKey)));
    const says = t.extras === null ? 0 : t.extras.displayLots + t.extras.minimumLots;
    if (!takes && rests && says === 0 && t.extras?.reduceOnly !== true) {
      return restTicket(core, this.#levels, t, serial, t.sizeLots);
    }
    return this.#enterSlowly(t, serial, limitKey, rests);
  }

  /** Enters an order that takes, or one that there is more to say about than that it rests. */
  #enterSlowly(t: OrderTicket, serial: number, limitKey: number, rests: boolean): OrderHandle {
    const core = this.core;
    takeAsTicket(core, t, serial);
    const size =
      t.extras?.reduceOnly === true
        ? Math.min(t.sizeLots, roomToReduce(core.positions, t.account, t.side))
        : t.sizeLots;
    core.events.write(ACCEPTED, t.side, t.priceTicks, size, t.account, t.tag, serial, 0, 0);
    this.#left = size;
    const least = t.timeInForce === FOK ? size : (t.extras?.minimumLots ?? 0);
    if (least > 0 && !wouldFill(core, this.#makers, this.#levels !== null, limitKey, size, least)) {
      core.cancelTaker(size, t.timeInForce === FOK ? NOT_FILLED_WHOLE : MINIMUM_NOT_FILLED);
      return 0;
    }
    const tightest = boundKey(t.side, limitKey, t.extras === null ? null : t.extras.boundTicks);
    const left = this.#collecting ? size : matchTaker(core, this.#levels, this.outside, tightest, size);
    this.#left = left;
    if (left === 0) return 0;
    if (rests) return restTicket(core, this.#levels, t, serial, left);
    core.cancelTaker(left, NOTHING_TO_TAKE);
    return 0;
  }

  /** Writes that the order on the ticket was refused; `reason` is a position in `REJECTIONS`. */
  refuse(reason: number): void {
    const t = this.ticket;
    this.events.rejected(t.side, t.priceTicks, t.sizeLots, t.account, t.tag, reason);
  }

  /** Writes that the order on the ticket was taken and ended at once; `reason` is a position in `CANCELLATIONS`. */
  acceptAndEnd(reason: number): void {
    const t = this.ticket;
    const serial = ++this.core.acceptedOrders;
    takeAsTicket(this.core, t, serial);
    this.events.write(ACCEPTED, t.side, t.priceTicks, t.sizeLots, t.account, t.tag, serial, 0, 0);
    this.core.cancelTaker(t.sizeLots, reason);
  }

  /** Lots that rest at a price or better on the other side of a taker, hidden ones included; counts up to `enough`. */
  availableLots(takerSide: OrderSide, worstPriceTicks: number, enough: number): number {
    const ladder = takerSide === 'buy' ? this.core.asks : this.core.bids;
    const limitKey = takerSide === 'buy' ? 0 - worstPriceTicks : worstPriceTicks;
    let found = 0;
    let level = ladder.bestLevel;
    while (level !== 0 && found < enough) {
      const key = ladder.keyOf(level);
      if (key < limitKey) break;
      found += (ladder.sizes[level] as number) + (ladder.hidden[level] as number);
      level = ladder.nextWorse(key);
    }
    return found;
  }

  /** Cancels a resting order; false (and a rejected event) where there is no such order. */
  cancel(handle: OrderHandle, reason: number = REQUESTED): boolean {
    const slot = this.core.store.slot(handle);
    if (slot === 0) {
      this.events.rejected(0, 0, 0, 0, 0, UNKNOWN);
      return false;
    }
    this.core.cancel(slot, reason);
    return true;
  }

  /** Cancels every resting order that is chosen, bids before asks, best price first. Needs room in the log. */
  cancelAll(chosen: (order: RestingOrder) => boolean = () => true, reason: number = REQUESTED): void {
    this.forEachSlot((slot) => {
      if (chosen(this.describe(slot))) this.core.cancel(slot, reason);
    });
  }

  /**
   * Changes price and open size (hidden lots included) of a resting order. Less size at the same price keeps the place
   * in the queue and comes off the hidden lots first; more size or another price goes to the end, and may take where
   * the order is not post-only. The handle stays valid for as long as anything rests. `selfTrade` says what happens
   * where it meets own orders, a position in `SELF_TRADE_MODES`; `boundTicks` the worst price at which it may trade now.
   *
   * Source: CME Globex Matching Algorithm Steps, loss of priority; Binance STP FAQ (amending resets the mode to none).
   *
   * @returns false (and a rejected event) where nothing was changed
   */
  amend(
    handle: OrderHandle,
    priceTicks: number,
    sizeLots: number,
    selfTrade: number = 0,
    boundTicks: number | null = null,
  ): boolean {
    const core = this.core;
    const slot = core.store.slot(handle);
    if (slot === 0) {
      this.events.rejected(0, priceTicks, sizeLots, 0, 0, UNKNOWN);
      return false;
    }
    const side = core.side(slot);
    const key = side === 0 ? priceTicks : 0 - priceTicks;
    const refusal = amendRefusal(core, this.#limits, slot, key, sizeLots, this.#collecting);
    if (refusal !== ALLOWED) {
      const at = slot << 2;
      const { facts } = core.store;
      const account = facts[at + ACCOUNT] as number;
      this.events.rejected(side, priceTicks, sizeLots, account, facts[at + TAG] as number, refusal);
      return false;
    }
    const open = core.openLots(slot);
    if (key === core.key(slot) && sizeLots <= open) {
      core.tell(REDUCED, slot, open - sizeLots, 0);
      shrink(core, slot, open - sizeLots);
      return true;
    }
    core.tell(REDUCED, slot, open, 0);
    this.#levels?.lostPlace(slot, side);
    core.takeOut(slot);
    this.#takeAgain(slot, key, sizeLots, selfTrade, boundTicks);
    return true;
  }

  /** Takes lots at the best price of the other side, as one part of an implied trade. So many must be there. */
  takeBest(takerSide: OrderSide, sizeLots: number, account: number, tag: number): void {
    takeBest(this.core, this.#levels, takerSide, sizeLots, account, tag);
  }

  /** Takes lots off a resting order that orders of other books filled. */
  fillImplied(handle: OrderHandle, priceTicks: number, sizeLots: number): void {
    fillImplied(this.core, this.#makers, handle, priceTicks, sizeLots);
  }

  /** From now on orders only rest; the book may become crossed. */
  collect(): void {
    this.#collecting = true;
  }

  /** Matches the collected orders at one price and goes on continuously. Returns the lots traded. */
  uncross(priceTicks: number): number {
    const traded = uncross(this.core, priceTicks);
    this.open();
    return traded;
  }

  /** Goes on continuously. The book must not be crossed. */
  open(): void {
    const { bids, asks } = this.core;
    assert(
      bids.count === 0 || asks.count === 0 || bids.bestKey < 0 - asks.bestKey,
      'an open book is not crossed',
    );
    this.#collecting = false;
    this.#levels?.afterAuction();
  }

  /** The whole book as plain data. Waiting events are not part of it. */
  snapshot(): BookSnapshot {
    const core = this.core;
    return {
      orders: this.orders(),
      acceptedOrders: core.acceptedOrders,
      trades: core.trades,
      lastTradeTicks: core.lastTradeTicks,
      collecting: this.#collecting,
      positions: core.positions === null ? null : Array.from(core.positions),
      top: this.#levels?.topHandles ?? [0, 0],
      slots: core.store.snapshotSlots(),
    };
  }

  /** A book equal to the one that gave the snapshot, down to the handles of its orders. */
  static restore(limits: BookLimits, snapshot: BookSnapshot, rules?: BookRules): OrderBook {
    const book = new OrderBook(limits, rules);
    const core = book.core;
    core.store.restoreSlots(snapshot.slots);
    core.acceptedOrders = snapshot.acceptedOrders;
    core.trades = snapshot.trades;
    core.lastTradeTicks = snapshot.lastTradeTicks;
    if (snapshot.positions !== null) core.positions = Float64Array.from(snapshot.positions);
    restoreOrders(core, snapshot.orders);
    book.#levels?.restoreTop(snapshot.top);
    book.#collecting = snapshot.collecting;
    return book;
  }

  #fill(order: Readonly<Pick<OrderRequest, 'side' | 'sizeLots' | 'account' | 'tag'>>): void {
    const t = this.ticket;
    t.extras = null;
    t.selfTrade = 0;
    t.priced = true;
    t.side = order.side === 'buy' ? 0 : 1;
    t.sizeLots = order.sizeLots;
    t.account = order.account;
    t.tag = order.tag;
  }

  /** Lets an order that left its queue take with a new price and size, and rests what is left. */
  #takeAgain(slot: number, key: number, sizeLots: number, selfTrade: number, bound: number | null): void {
    const core = this.core;
    takeAsSlot(core, slot, key, selfTrade);
    const { side, account } = core.taker;
    const flags = core.store.facts[(slot << 2) + FLAGS] as number;
    const room = (flags & REDUCE_ONLY) === 0 ? sizeLots : roomToReduce(core.positions, account, side);
    const size = Math.min(sizeLots, room);
    const limitKey = boundKey(side, 0 - key, bound);
    const left = this.#collecting ? size : matchTaker(core, this.#levels, this.outside, limitKey, size);
    if (left === 0) core.store.release(slot);
    else enterAgain(core, this.#levels, slot, key, left);
  }
}
