/** Our engines under the workload: the bare matching core, the whole venue, and a walk over the same memory. */
import { CryptoPerpVenue } from '../../engine/venue/crypto-perp/crypto-perp-venue.ts';
import { ANY_KEY, MatchingCore } from '../../engine/venue/matching/matching-core.ts';
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
const STOPS = 1000;
/** About where the workloads trade. */
const MIDDLE = 100_000;

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
    const slot = core.store.take();
    core.rest(slot, side, key, left, 0, 1, id, ++core.acceptedOrders);
    return core.store.handle(slot);
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
 * The whole venue: checks, times in force, self-trade prevention for every taker, positions of 64 accounts, a thousand stops
 * that wait away from the market, good-till-date watch, and every event in the log. Fed with numbers as the bare core is.
 */
export class FullEngine {
  readonly #venue: CryptoPerpVenue;
  readonly #handles: Int32Array;
  #trades = 0;
  #hash = 0;

  constructor(workload: Workload) {
    const orders = roomFor(workload);
    this.#venue = new CryptoPerpVenue({
      limits: { orders, pagesPerSide: PAGES, events: orders + 4 },
      accounts: ACCOUNTS,
      tradeGroups: [],
      conditionalOrders: STOPS,
      triggerProtectPer10k: 500,
    });
    this.#handles = new Int32Array(workload.ids);
    for (let i = 0; i < STOPS; i++) this.#waitFarAway(i);
    this.#venue.ticket.selfTrade = EXPIRE_MAKER;
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
    return { trades: this.#venue.book.tradeCount, hash: this.#hash, live: this.#venue.book.orderCount };
  }

  #waitFarAway(i: number): void {
    const buys = i % 2 === 0;
    this.#venue.apply({
      kind: 'conditional',
      atMicros: 0,
      order: {
        account: 0,
        tag: i,
        side: buys ? 'buy' : 'sell',
        priceTicks: null,
        priceMatch: null,
        sizeLots: 1,
        timeInForce: 'GTC',
        goodTillMicros: null,
        selfTrade: 'none',
        reduceOnly: false,
        type: 'stop-market',
        triggerTicks: buys ? MIDDLE + 20_000 + i : MIDDLE - 20_000 - i,
        callbackPermille: 0,
        workingPrice: 'contract',
        priceProtect: false,
        closePosition: false,
      },
    });
  }

  #step(events: Int32Array, i: number): void {
    const venue = this.#venue;
    const kind = events[i]!;
    const id = events[i + 1]!;
    venue.advance(i);
    if (kind === CANCEL) venue.cancel(this.#handles[id]!);
    else if (kind === LIMIT) this.#handles[id] = this.#enter(true, events, i);
    else if (kind === MARKET) this.#enter(false, events, i);
    else venue.amend(this.#handles[id]!, events[i + 3]!, events[i + 4]!);
    if (venue.book.tradeCount !== this.#trades) this.#fold();
    venue.events.clear();
  }

  #enter(priced: boolean, events: Int32Array, i: number): number {
    const id = events[i + 1]!;
    const ticket = this.#venue.ticket;
    ticket.side = events[i + 2]!;
    ticket.priced = priced;
    ticket.priceTicks = events[i + 3]!;
    ticket.sizeLots = events[i + 4]!;
    ticket.timeInForce = priced ? GTC : IOC;
    // Buyers and sellers are different accounts, so that the trades stay those of the workload.
    ticket.account = ((id & 31) << 1) | ticket.side;
    ticket.tag = id;
    return this.#venue.enterTicket();
  }

  #fold(): void {
    const { fields, count } = this.#venue.events;
    this.#trades = this.#venue.book.tradeCount;
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
