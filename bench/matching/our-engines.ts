/** Our engines under the workload: the bare matching core, the whole order book, and a walk over the same memory. */
import { FIFO } from '../../engine/venue/matching/allocation.ts';
import { ANY_KEY, MatchingCore } from '../../engine/venue/matching/matching-core.ts';
import { OrderBook } from '../../engine/venue/matching/order-book.ts';
import { SELF_TRADE_MODES, TIMES_IN_FORCE } from '../../engine/venue/matching/order-terms.ts';
import { CANCEL, foldTrade, LIMIT, MARKET, STRIDE, type Workload } from './workload.ts';

/** Twelve integers an event of the log; the kind is the first, lots the fourth, the maker's tag the tenth. */
const EVENT = 12;
const TRADED = 2;
const PAGES = 64;
const ACCOUNTS = 64;
const GTC = TIMES_IN_FORCE.indexOf('GTC');
const IOC = TIMES_IN_FORCE.indexOf('IOC');
const EXPIRE_MAKER = SELF_TRADE_MODES.indexOf('expire-maker');

/** What an engine did, to be held against what the workload says. */
export interface Played {
  readonly trades: number;
  readonly hash: number;
  readonly live: number;
}

/** Books for a workload with room for all its live orders. */
const roomFor = (workload: Workload): number => Math.max(200_000, workload.shape.prefill + 200_000);

/** The bare core: limit, market, cancel and modify by price and time; only trades are logged. */
export class BareEngine {
  readonly #core: MatchingCore;
  readonly #handles: Int32Array;
  #hash = 0;

  constructor(workload: Workload) {
    this.#core = new MatchingCore(roomFor(workload), PAGES);
    this.#handles = new Int32Array(workload.ids);
  }

  play(events: Int32Array): void {
    for (let i = 0; i < events.length; i += STRIDE) this.#step(events, i);
  }

  /** Plays and writes the nanoseconds of each event, timer included. */
  playTimed(events: Int32Array, nanoseconds: Float64Array): void {
    let before = performance.now();
    for (let i = 0, n = 0; i < events.length; i += STRIDE, n++) {
      this.#step(events, i);
      const now = performance.now();
      nanoseconds[n] = (now - before) * 1e6;
      before = now;
    }
  }

  played(): Played {
    return { trades: this.#core.trades, hash: this.#hash, live: this.#core.store.count };
  }

  /** Notes, for the walk over the same memory, which order and which level each event touches. */
  trace(events: Int32Array): { readonly slots: Int32Array; readonly levels: Int32Array } {
    const slots = new Int32Array(events.length / STRIDE);
    const levels = new Int32Array(events.length / STRIDE);
    for (let i = 0, n = 0; i < events.length; i += STRIDE, n++) {
      const id = events[i + 1]!;
      const before = this.#core.store.slot(this.#handles[id]!);
      const level = before === 0 ? 0 : this.#core.level(before);
      this.#step(events, i);
      const slot = before === 0 ? this.#core.store.slot(this.#handles[id]!) : before;
      slots[n] = slot;
      levels[n] = before === 0 && slot !== 0 ? this.#core.level(slot) : level;
    }
    return { slots, levels };
  }

  #step(events: Int32Array, i: number): void {
    const core = this.#core;
    const kind = events[i]!;
    const id = events[i + 1]!;
    if (kind === LIMIT) this.#handles[id] = this.#limit(events[i + 2]!, events[i + 3]!, events[i + 4]!, id);
    else if (kind === CANCEL) core.drop(core.store.slot(this.#handles[id]!));
    else if (kind === MARKET) this.#take(events[i + 2]!, ANY_KEY, events[i + 4]!, id);
    else this.#modify(core.store.slot(this.#handles[id]!), events[i + 3]!, events[i + 4]!);
    if (core.events.count > 0) this.#fold();
  }

  #take(side: number, limitKey: number, lots: number, id: number): number {
    const taker = this.#core.taker;
    taker.side = side;
    taker.account = 1;
    taker.tag = id;
    taker.serial = ++this.#core.acceptedOrders;
    return this.#core.match(limitKey, lots);
  }

  #limit(side: number, price: number, lots: number, id: number): number {
    const core = this.#core;
    const key = side === 0 ? price : 0 - price;
    const left = core.wouldTake(side, key) ? this.#take(side, 0 - key, lots, id) : lots;
    if (left === 0) return 0;
    return core.store.handle(core.rest(side, key, left, 0, 1, id, ++core.acceptedOrders));
  }

  #modify(slot: number, price: number, lots: number): void {
    const core = this.#core;
    const side = core.side(slot);
    const key = side === 0 ? price : 0 - price;
    const ladder = core.ladder(side);
    if (key === core.key(slot)) {
      ladder.resize(slot, lots);
      return;
    }
    ladder.remove(slot);
    ladder.append(slot, key, lots);
  }

  #fold(): void {
    const { fields, count } = this.#core.events;
    for (let e = 0; e < count * EVENT; e += EVENT) {
      this.#hash = foldTrade(this.#hash, fields[e + 9]!, fields[e + 3]!);
    }
    this.#core.events.clear();
  }
}

/**
 * The whole order book: checks, times in force, self-trade prevention for every taker, positions of 64 accounts, and
 * every event in the log.
 */
export class FullEngine {
  readonly #book: OrderBook;
  readonly #handles: Int32Array;
  #trades = 0;
  #hash = 0;

  constructor(workload: Workload) {
    const orders = roomFor(workload);
    const limits = { orders, pagesPerSide: PAGES, events: orders + 4 };
    this.#book = new OrderBook(limits, { allocation: FIFO, accounts: ACCOUNTS });
    this.#handles = new Int32Array(workload.ids);
  }

  play(events: Int32Array): void {
    for (let i = 0; i < events.length; i += STRIDE) this.#step(events, i);
  }

  /** Plays and writes the nanoseconds of each event, timer included. */
  playTimed(events: Int32Array, nanoseconds: Float64Array): void {
    let before = performance.now();
    for (let i = 0, n = 0; i < events.length; i += STRIDE, n++) {
      this.#step(events, i);
      const now = performance.now();
      nanoseconds[n] = (now - before) * 1e6;
      before = now;
    }
  }

  played(): Played {
    return { trades: this.#book.tradeCount, hash: this.#hash, live: this.#book.orderCount };
  }

  #step(events: Int32Array, i: number): void {
    const book = this.#book;
    const kind = events[i]!;
    const id = events[i + 1]!;
    if (kind === CANCEL) book.cancel(this.#handles[id]!);
    else if (kind !== LIMIT && kind !== MARKET)
      book.amend(this.#handles[id]!, events[i + 3]!, events[i + 4]!);
    else this.#enter(kind, events, i);
    if (book.tradeCount !== this.#trades) this.#fold();
    book.events.clear();
  }

  #enter(kind: number, events: Int32Array, i: number): void {
    const id = events[i + 1]!;
    const ticket = this.#book.ticket;
    ticket.side = events[i + 2]!;
    ticket.priced = kind === LIMIT;
    ticket.priceTicks = events[i + 3]!;
    ticket.sizeLots = events[i + 4]!;
    ticket.timeInForce = kind === LIMIT ? GTC : IOC;
    // Buyers and sellers are different accounts, so that the trades stay those of the workload.
    ticket.account = ((id & 31) << 1) | ticket.side;
    ticket.tag = id;
    ticket.selfTrade = EXPIRE_MAKER;
    ticket.ownAccount = true;
    const handle = this.#book.enter();
    if (kind === LIMIT) this.#handles[id] = handle;
  }

  #fold(): void {
    const { fields, count } = this.#book.events;
    this.#trades = this.#book.tradeCount;
    for (let e = 0; e < count * EVENT; e += EVENT) {
      if (fields[e] === TRADED) this.#hash = foldTrade(this.#hash, fields[e + 9]!, fields[e + 3]!);
    }
  }
}

/** The lower bound: touches the records and levels that the bare core touches, and decides nothing. */
export class MemoryWalk {
  readonly #records: Int32Array;
  readonly #levels: Int32Array;
  readonly #sizes: Float64Array;
  readonly #slots: Int32Array;
  readonly #places: Int32Array;
  sum = 0;

  constructor(workload: Workload) {
    const bare = new BareEngine(workload);
    bare.play(workload.prefill);
    const { slots, levels } = bare.trace(workload.events);
    this.#slots = slots;
    this.#places = levels;
    this.#records = new Int32Array((roomFor(workload) + 1) << 2);
    const size = levels.reduce((most, level) => Math.max(most, level), 0) + 1;
    this.#levels = new Int32Array(size << 2);
    this.#sizes = new Float64Array(size);
  }

  play(): void {
    const records = this.#records;
    const levels = this.#levels;
    const sizes = this.#sizes;
    const slots = this.#slots;
    const places = this.#places;
    let sum = 0;
    for (let n = 0; n < slots.length; n++) {
      const at = slots[n]! << 2;
      const level = places[n]!;
      for (let f = 0; f < 4; f++) records[at + f] = (records[at + f]! + n) | 0;
      levels[level << 2] = at;
      levels[(level << 2) + 1] = (levels[(level << 2) + 1]! + 1) | 0;
      sizes[level] = sizes[level]! + 1;
      sum = (sum + records[at]!) | 0;
    }
    this.sum = sum;
  }
}
