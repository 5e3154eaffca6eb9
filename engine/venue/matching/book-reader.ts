/** What can be read of an order book at any time: best prices, levels, queues and single orders. */
import { StateHash } from '../../core/state-hash.ts';
import type { BookEvents } from './book-events.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderDetail, OrderFact, OrderField } from './order-record.ts';
import type { OrderHandle, OrderSide, TimeInForce } from './order-terms.ts';
import type { PriceLadder } from './price-ladder.ts';

const REMAINING: OrderField['remaining'] = 0;
const NEXT: OrderField['next'] = 1;
const ACCOUNT: OrderFact['account'] = 0;
const TAG: OrderFact['tag'] = 1;
const SERIAL: OrderFact['serial'] = 2;
const FLAGS: OrderFact['flags'] = 3;
const HIDDEN: OrderDetail['hidden'] = 0;
const DISPLAY: OrderDetail['display'] = 1;
const GROUP: OrderDetail['group'] = 2;
const GOOD_TILL: OrderDetail['goodTill'] = 3;
const MAKER_PERCENT: OrderDetail['makerPercent'] = 4;
const SELL: OrderBit['sell'] = 1;
const POST_ONLY: OrderBit['postOnly'] = 2;
const ICEBERG: OrderBit['iceberg'] = 4;
const REDUCE_ONLY: OrderBit['reduceOnly'] = 8;
const GROUPED: OrderBit['grouped'] = 16;
const MARKET_MAKER: OrderBit['marketMaker'] = 32;
const DAY: OrderBit['day'] = 64;
const GOOD_TILL_DATE: OrderBit['goodTillDate'] = 128;

/** One resting order as plain data. Numbers that an order does not use are 0. */
export interface RestingOrder {
  readonly handle: OrderHandle;
  readonly serial: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  /** Lots that can be matched now; of an iceberg, what is displayed. */
  readonly remainingLots: number;
  readonly hiddenLots: number;
  readonly displayLots: number;
  readonly account: number;
  readonly tag: number;
  readonly group: number;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly timeInForce: TimeInForce;
  /** End of a GTD order in seconds since 1970. */
  readonly goodTillSeconds: number;
  readonly makerPercent: number;
}

/** The reading half of an order book. */
export class BookReader {
  readonly events: BookEvents;
  protected readonly core: MatchingCore;

  constructor(core: MatchingCore) {
    this.core = core;
    this.events = core.events;
  }

  /** Best bid in ticks, or null while there is none. */
  get bestBidTicks(): number | null {
    const bids = this.core.bids;
    return bids.count === 0 ? null : bids.bestKey;
  }

  /** Best ask in ticks, or null while there is none. */
  get bestAskTicks(): number | null {
    const asks = this.core.asks;
    return asks.count === 0 ? null : 0 - asks.bestKey;
  }

  /** Resting orders on both sides. */
  get orderCount(): number {
    return this.core.store.count;
  }

  /** Trades since the book was opened. */
  get tradeCount(): number {
    return this.core.trades;
  }

  /** Occupied price levels of the bids (`buy`) or asks (`sell`). */
  levelCount(side: OrderSide): number {
    return this.ladder(side).count;
  }

  /** Displayed size at a price, in lots. */
  sizeAt(side: OrderSide, priceTicks: number): number {
    const ladder = this.ladder(side);
    return ladder.sizes[ladder.find(keyOf(side, priceTicks))] as number;
  }

  /** Lots hidden behind the displayed slices at a price. */
  hiddenAt(side: OrderSide, priceTicks: number): number {
    const ladder = this.ladder(side);
    return ladder.hidden[ladder.find(keyOf(side, priceTicks))] as number;
  }

  /** Resting orders at a price. */
  ordersAt(side: OrderSide, priceTicks: number): number {
    const ladder = this.ladder(side);
    return ladder.orders(ladder.find(keyOf(side, priceTicks)));
  }

  /** The best occupied price worse than this one, or null. The price itself need not be occupied. */
  nextWorsePrice(side: OrderSide, priceTicks: number): number | null {
    const ladder = this.ladder(side);
    const level = ladder.nextWorse(keyOf(side, priceTicks));
    return level === 0 ? null : keyOf(side, ladder.keyOf(level));
  }

  /** The queue at a price, first to be matched first. Allocates: for owners that inspect, not for the hot path. */
  queueAt(side: OrderSide, priceTicks: number): readonly RestingOrder[] {
    const queue: RestingOrder[] = [];
    const ladder = this.ladder(side);
    let slot = ladder.first(ladder.find(keyOf(side, priceTicks)));
    for (; slot !== 0; slot = this.core.store.records[(slot << 2) + NEXT] as number) {
      queue.push(this.describe(slot));
    }
    return queue;
  }

  /** The open order of this handle, or null. */
  find(handle: OrderHandle): RestingOrder | null {
    const slot = this.core.store.slot(handle);
    return slot === 0 ? null : this.describe(slot);
  }

  /** Every resting order: bids, then asks, each best first and in time order within a price. */
  orders(): readonly RestingOrder[] {
    const orders: RestingOrder[] = [];
    this.forEachSlot((slot) => orders.push(this.describe(slot)));
    return orders;
  }

  /** Lots held by an account; 0 where the book does not count positions. */
  positionOf(account: number): number {
    return this.core.positions?.[account] ?? 0;
  }

  /** Hash over the meaning of the book: counters, positions, then every order by side, price and place in its queue. */
  stateHash(): number {
    const core = this.core;
    const { records, facts, details } = core.store;
    const hash = new StateHash();
    hash.integer(core.acceptedOrders);
    hash.integer(core.trades);
    for (const lots of core.positions ?? []) hash.integer(lots);
    this.forEachSlot((slot) => {
      const at = slot << 2;
      const d = slot << 3;
      const bits = facts[at + FLAGS] as number;
      hash.integer(bits & SELL);
      hash.integer(core.price(slot));
      hash.integer(facts[at + SERIAL] as number);
      hash.integer(records[at + REMAINING] as number);
      hash.integer(facts[at + ACCOUNT] as number);
      hash.integer(facts[at + TAG] as number);
      hash.integer((bits & POST_ONLY) === 0 ? 0 : 1);
      if ((bits & ~(SELL | POST_ONLY)) !== 0) hash.integer(bits);
      if ((bits & ICEBERG) !== 0) hash.integer(details[d + HIDDEN] as number);
      if ((bits & ICEBERG) !== 0) hash.integer(details[d + DISPLAY] as number);
      if ((bits & GROUPED) !== 0) hash.integer(details[d + GROUP] as number);
      if ((bits & GOOD_TILL_DATE) !== 0) hash.integer((details[d + GOOD_TILL] as number) >>> 0);
      if ((bits & MARKET_MAKER) !== 0) hash.integer(details[d + MAKER_PERCENT] as number);
    });
    return hash.value();
  }

  protected ladder(side: OrderSide): PriceLadder {
    return side === 'buy' ? this.core.bids : this.core.asks;
  }

  protected forEachSlot(visit: (slot: number) => void): void {
    for (const ladder of [this.core.bids, this.core.asks]) {
      let level = ladder.bestLevel;
      while (level !== 0) {
        const key = ladder.keyOf(level);
        let slot = ladder.first(level);
        while (slot !== 0) {
          const next = this.core.store.records[(slot << 2) + NEXT] as number;
          visit(slot);
          slot = next;
        }
        level = ladder.nextWorse(key);
      }
    }
  }

  protected describe(slot: number): RestingOrder {
    const { records, facts, details } = this.core.store;
    const at = slot << 2;
    const bits = facts[at + FLAGS] as number;
    const detail = (bit: number, field: number): number =>
      (bits & bit) === 0 ? 0 : (details[(slot << 3) + field] as number);
    return {
      handle: this.core.store.handle(slot),
      serial: facts[at + SERIAL] as number,
      side: this.core.side(slot) === 0 ? 'buy' : 'sell',
      priceTicks: this.core.price(slot),
      remainingLots: records[at + REMAINING] as number,
      hiddenLots: detail(ICEBERG, HIDDEN),
      displayLots: detail(ICEBERG, DISPLAY),
      account: facts[at + ACCOUNT] as number,
      tag: facts[at + TAG] as number,
      group: detail(GROUPED, GROUP),
      postOnly: (bits & POST_ONLY) !== 0,
      reduceOnly: (bits & REDUCE_ONLY) !== 0,
      timeInForce: timeInForce(bits),
      goodTillSeconds: detail(GOOD_TILL_DATE, GOOD_TILL) >>> 0,
      makerPercent: detail(MARKET_MAKER, MAKER_PERCENT),
    };
  }
}

function timeInForce(bits: number): TimeInForce {
  if ((bits & POST_ONLY) !== 0) return 'GTX';
  if ((bits & GOOD_TILL_DATE) !== 0) return 'GTD';
  return (bits & DAY) !== 0 ? 'DAY' : 'GTC';
}

/** Price to ladder key and back: the same turn of sign. */
export function keyOf(side: OrderSide, priceTicks: number): number {
  return side === 'buy' ? priceTicks : 0 - priceTicks;
}
