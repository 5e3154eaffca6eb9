/** Plays seeded random commands of every kind to an order book and its oracle, and stops at the first difference. */
import { Rng } from '../core/rng.ts';
import type { AllocationRules } from '../venue/matching/allocation.ts';
import { OrderBook } from '../venue/matching/order-book.ts';
import {
  CANCELLATIONS,
  type OrderHandle,
  SELF_TRADE_MODES,
  type SelfTradeMode,
  TIMES_IN_FORCE,
  type TimeInForce,
} from '../venue/matching/order-terms.ts';
import type { OrderTicket } from '../venue/matching/order-ticket.ts';
import { compareEvents, countOutcome, type Outcomes } from './event-comparison.ts';
import { naiveOpeningPrice } from './naive-opening-price.ts';
import { type NaiveEntry, NaiveOrderBook } from './naive-order-book.ts';

export interface BookRunOptions {
  readonly seed: number;
  readonly commands: number;
  readonly allocation: AllocationRules;
  /** Accounts with positions, or null. */
  readonly accounts: number | null;
  /** Called after every command with the book. */
  readonly after?: (book: OrderBook, command: number) => void;
}

const MAX_ORDERS = 90;

/** Fills the book's ticket with a naive entry. */
function fillTicket(ticket: OrderTicket, entry: NaiveEntry): void {
  ticket.side = entry.side === 'buy' ? 0 : 1;
  ticket.priced = entry.price !== null;
  ticket.priceTicks = entry.price ?? 0;
  ticket.sizeLots = entry.size;
  ticket.timeInForce = TIMES_IN_FORCE.indexOf(entry.time);
  ticket.account = entry.account;
  ticket.tag = entry.tag;
  ticket.selfTrade = SELF_TRADE_MODES.indexOf(entry.selfTrade);
  ticket.ownAccount = entry.ownAccount;
  ticket.extras = null;
  const { group, display, minimum, reduceOnly, goodTill, makerPercent } = entry;
  if (group + display + minimum + goodTill + makerPercent === 0 && !reduceOnly) return;
  const extras = ticket.withExtras();
  extras.group = group;
  extras.displayLots = display;
  extras.minimumLots = minimum;
  extras.reduceOnly = reduceOnly;
  extras.goodTillSeconds = goodTill;
  extras.makerPercent = makerPercent;
}

/** One book, its oracle, and the random choices between them. */
class BookRun {
  readonly #options: BookRunOptions;
  readonly #rng: Rng;
  readonly fast: OrderBook;
  readonly naive: NaiveOrderBook;
  readonly #handles = new Map<number, OrderHandle>();
  readonly outcomes: Outcomes = new Map();
  played = 0;
  #live: number[] = [];
  #middle = 0;
  #collectFor = 0;

  constructor(options: BookRunOptions) {
    this.#options = options;
    this.#rng = new Rng(options.seed);
    const limits = { orders: MAX_ORDERS, pagesPerSide: 64, events: 1 << 20 };
    this.fast = new OrderBook(limits, { allocation: options.allocation, accounts: options.accounts });
    this.naive = new NaiveOrderBook(MAX_ORDERS, options.allocation, options.accounts);
  }

  run(): void {
    for (this.played = 1; this.played <= this.#options.commands; this.played++) {
      this.#command();
      this.#compareEvents();
      this.#options.after?.(this.fast, this.played);
      if (this.played % 1000 === 0) this.#compareStates();
    }
    this.#compareStates();
  }

  #command(): void {
    const rng = this.#rng;
    if (rng.below(150) === 0) this.#middle += rng.below(301) - 150; // over page borders and below zero
    if (this.#collectFor > 0 && --this.#collectFor === 0) this.#open();
    const roll = rng.below(1000);
    if (roll < 640) this.#enter(this.#entry());
    else if (roll < 760) this.#cancel();
    else if (roll < 993) this.#amend();
    else if (roll < 998) this.#startCollecting();
    else this.#cancelSome();
  }

  #entry(): NaiveEntry {
    const rng = this.#rng;
    const oneOf = <T>(...choices: readonly T[]): T => choices[rng.below(choices.length)]!;
    const rarely = (parts: number): boolean => rng.below(parts) === 0;
    const side = oneOf('buy' as const, 'sell' as const);
    const time: TimeInForce = oneOf('GTC', 'GTC', 'GTC', 'GTC', 'GTX', 'GTX', 'IOC', 'FOK', 'GTD', 'DAY');
    const market = rarely(12);
    const size = rarely(80) ? 0 : 1 + rng.below(rarely(8) ? 150 : 25);
    const { accounts } = this.#options;
    return {
      side,
      price: market ? null : this.#price(side),
      size,
      time: market ? 'IOC' : time,
      account: accounts === null ? rng.below(6) : rarely(200) ? accounts + rng.below(3) : rng.below(accounts),
      tag: rng.below(1000),
      selfTrade: rarely(2) ? 'none' : (SELF_TRADE_MODES[rng.below(4)] as SelfTradeMode),
      ownAccount: rarely(2),
      group: rarely(3) ? 1 + rng.below(3) : 0,
      display: rarely(6) ? 1 + rng.below(8) : 0,
      minimum: rarely(10) ? rng.below(size + 3) : 0,
      reduceOnly: rarely(accounts === null ? 100 : 6),
      goodTill: time === 'GTD' && !market ? rng.below(50) : 0,
      makerPercent: rarely(8) ? 1 + rng.below(60) : 0,
    };
  }

  #price(side: 'buy' | 'sell'): number {
    const rng = this.#rng;
    const away = rng.below(18) - 5 + (rng.below(40) === 0 ? rng.below(6000) : 0);
    return side === 'buy' ? this.#middle - away : this.#middle + away;
  }

  #enter(entry: NaiveEntry): void {
    fillTicket(this.fast.ticket, entry);
    const handle = this.fast.enter();
    const order = this.naive.enter(entry);
    if ((handle !== 0) !== (order !== null)) throw new Error('one book rests the order, the other does not');
    if (order === null) return;
    this.#handles.set(order.serial, handle);
    this.#live.push(order.serial);
  }

  /** Mostly open orders, now and then one that left, and one that never was. */
  #pick(): number {
    const rng = this.#rng;
    if (rng.below(60) === 0) return 1 + rng.below(this.naive.accepted + 10);
    for (let tries = 0; tries < 8 && this.#live.length > 0; tries++) {
      const i = rng.below(this.#live.length);
      const serial = this.#live[i]!;
      if (this.naive.find(serial) !== undefined || rng.below(20) === 0) return serial;
      this.#live[i] = this.#live.at(-1)!;
      this.#live.pop();
    }
    return 0;
  }

  #cancel(): void {
    const serial = this.#pick();
    this.fast.cancel(this.#handles.get(serial) ?? 0);
    this.naive.cancel(serial);
  }

  #amend(): void {
    const rng = this.#rng;
    const serial = this.#pick();
    const order = this.naive.find(serial);
    const price = order !== undefined && rng.below(2) === 0 ? order.price : this.#price(order?.side ?? 'buy');
    const size = rng.below(60) === 0 ? 0 : 1 + rng.below(30);
    const selfTrade = SELF_TRADE_MODES[rng.below(4)] as SelfTradeMode;
    this.fast.amend(this.#handles.get(serial) ?? 0, price, size, SELF_TRADE_MODES.indexOf(selfTrade));
    this.naive.amend(serial, price, size, selfTrade);
  }

  #cancelSome(): void {
    const account = this.#rng.below(6);
    this.fast.cancelAll((o) => o.account === account, CANCELLATIONS.indexOf('day-ended'));
    this.naive.cancelAll((o) => o.account === account, 'day-ended');
  }

  #startCollecting(): void {
    if (this.#collectFor > 0) return;
    this.fast.collect();
    this.naive.collecting = true;
    this.#collectFor = 1 + this.#rng.below(60);
  }

  /** Ends the auction at the price that matches most, so that nothing crossed remains. */
  #open(): void {
    const levels = (orders: readonly { price: number; shown: number; hidden: number }[]) =>
      orders.map((o) => ({ price: o.price, lots: o.shown + o.hidden }));
    const price = naiveOpeningPrice(levels(this.naive.bids), levels(this.naive.asks), this.#middle);
    countOutcome(this.outcomes, 'auction');
    if (price === null) {
      this.fast.open();
      this.naive.open();
    } else if (this.fast.uncross(price) !== this.naive.uncross(price)) {
      throw new Error('the auctions traded different sizes');
    }
  }

  #compareEvents(): void {
    compareEvents(this.fast.events, this.naive.log, this.outcomes);
    this.naive.log = [];
    this.naive.trades = [];
  }

  #compareStates(): void {
    if (this.fast.stateHash() !== this.naive.stateHash()) throw new Error('the states differ');
    this.#live = [...this.naive.bids, ...this.naive.asks].map((o) => o.serial);
    const open = new Set(this.#live);
    for (const serial of this.#handles.keys()) {
      // A few hundred handles of orders that left are kept, to be tried again.
      if (!open.has(serial) && serial < this.naive.accepted - 300) this.#handles.delete(serial);
    }
  }
}

/** Runs the commands and returns what came up; throws with the seed at the first difference. */
export function runAgainstOracle(options: BookRunOptions): Outcomes {
  const run = new BookRun(options);
  try {
    run.run();
  } catch (error) {
    const code = options.allocation.code;
    const where = `algorithm ${code}, seed ${options.seed}, command ${run.played}`;
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  }
  return run.outcomes;
}
