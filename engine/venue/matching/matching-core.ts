/** The mechanics under the order book: two ladders over one store, and the loop that matches by price, then time. */
import { assert } from '../../core/assert.ts';
import { BOOK_EVENT_KINDS, BookEvents } from './book-events.ts';
import type { OrderBit, OrderDetail, OrderFact, OrderField, PlaceBit } from './order-record.ts';
import { OrderStore } from './order-store.ts';
import { PriceLadder } from './price-ladder.ts';

const REMAINING: OrderField['remaining'] = 0;
const NEXT: OrderField['next'] = 1;
const PLACE: OrderField['place'] = 3;
const ACCOUNT: OrderFact['account'] = 0;
const TAG: OrderFact['tag'] = 1;
const SERIAL: OrderFact['serial'] = 2;
const FLAGS: OrderFact['flags'] = 3;
const HIDDEN: OrderDetail['hidden'] = 0;
const ICEBERG: OrderBit['iceberg'] = 4;
const REDUCE_ONLY: OrderBit['reduceOnly'] = 8;
const GROUPED: OrderBit['grouped'] = 16;
const LEVEL_BITS: PlaceBit['level'] = 0xf_ffff;
const SPECIAL: PlaceBit['special'] = 0x10_0000;
const SELL: PlaceBit['sell'] = 0x20_0000;
const GENERATION: PlaceBit['generation'] = -0x40_0000;
const NEXT_GENERATION: PlaceBit['nextGeneration'] = 0x40_0000;

const TRADED = BOOK_EVENT_KINDS.indexOf('traded');
const IMPLIED = BOOK_EVENT_KINDS.indexOf('implied');
const CANCELLED = BOOK_EVENT_KINDS.indexOf('cancelled');

/** Orders that a plain fill does not do justice. */
const SPECIAL_FLAGS = ICEBERG | REDUCE_ONLY | GROUPED;

/** A limit key below every price: a taker with this limit takes at any price. */
export const ANY_KEY = -0x7fff_ffff;

/** The part of a taker that its trades need; the book fills it before it matches. */
export interface Taker {
  /** 0 for buy, 1 for sell. */
  side: number;
  account: number;
  tag: number;
  serial: number;
  /** Position in `SELF_TRADE_MODES`: what happens where it meets an own order. */
  selfTrade: number;
  /** True where orders of the same account count as own orders. */
  ownAccount: boolean;
  /** Orders of this group count as own orders too; 0 for none. */
  group: number;
  /** Its limit in ticks, for its events; 0 for a market order. */
  priceTicks: number;
}

/** What to do with a resting order that a plain fill does not do justice: an iceberg, a reduce-only or an own order. */
export interface SpecialMakers {
  /**
   * Lets the taker meet one resting order.
   *
   * @param slot - the first order of the best level
   * @returns what is left of the taker in lots; 0 also where the taker has to end
   */
  meet(slot: number, leftLots: number): number;
}

/**
 * Two ladders, one store, one event log. Sides are 0 (buy) and 1 (sell); a key is the price on the bid side and minus
 * the price on the ask side, so that on either side the larger key is the better one. Inputs are trusted: the order
 * book has checked them. Nothing here allocates.
 */
export class MatchingCore {
  readonly events: BookEvents = new BookEvents();
  readonly store: OrderStore;
  readonly bids: PriceLadder;
  readonly asks: PriceLadder;
  readonly taker: Taker = {
    side: 0,
    account: 0,
    tag: 0,
    serial: 0,
    selfTrade: 0,
    ownAccount: false,
    group: 0,
    priceTicks: 0,
  };
  /** Lots held by account, updated with every trade; null where nobody counts. */
  positions: Float64Array | null = null;
  specials: SpecialMakers | null = null;
  /** Resting orders that may only reduce a position. */
  reduceOnlyOrders = 0;
  acceptedOrders = 0;
  trades = 0;
  /** Prices in ticks of the first and the last trade of the last match that traded. */
  firstTradeTicks = 0;
  lastTradeTicks = 0;
  readonly #records: Int32Array;
  readonly #facts: Int32Array;

  constructor(orders: number, pagesPerSide: number) {
    this.store = new OrderStore(orders);
    this.#records = this.store.records;
    this.#facts = this.store.facts;
    this.bids = new PriceLadder(this.store, pagesPerSide);
    this.asks = new PriceLadder(this.store, pagesPerSide);
  }

  ladder(side: number): PriceLadder {
    return side === 0 ? this.bids : this.asks;
  }

  /** Side of a resting order. */
  side(slot: number): number {
    return ((this.#records[(slot << 2) + PLACE] as number) & SELL) === 0 ? 0 : 1;
  }

  /** Index of the level of a resting order in the ladder of its side. */
  level(slot: number): number {
    return (this.#records[(slot << 2) + PLACE] as number) & LEVEL_BITS;
  }

  /** Key of a resting order. */
  key(slot: number): number {
    return this.ladder(this.side(slot)).keyOf(this.level(slot));
  }

  /** Price in ticks of a resting order. */
  price(slot: number): number {
    const key = this.key(slot);
    return this.side(slot) === 0 ? key : 0 - key;
  }

  /** True where an order of `side` at its own `key` would take. */
  wouldTake(side: number, key: number): boolean {
    return (side === 0 ? this.asks : this.bids).bestKey >= 0 - key;
  }

  /**
   * Matches the taker against the other side down to its limit, by price, then time.
   *
   * @param limitKey - worst key of the other side that may be taken
   * @returns what is left of it in lots; 0 also where a special order ended it
   */
  match(limitKey: number, sizeLots: number): number {
    const side = this.taker.side;
    const opposite = side === 0 ? this.asks : this.bids;
    const tradesBefore = this.trades;
    let left = sizeLots;
    while (left > 0 && opposite.bestKey >= limitKey) {
      const price = side === 0 ? 0 - opposite.bestKey : opposite.bestKey;
      const trades = this.trades;
      left = this.#sweepLevel(opposite, price, left);
      if (this.trades === trades) continue;
      if (trades === tradesBefore) this.firstTradeTicks = price;
      this.lastTradeTicks = price;
    }
    return left;
  }

  /** Puts an order into a slot that is taken and at the end of the queue at its key. */
  rest(
    slot: number,
    side: number,
    key: number,
    lots: number,
    bits: number,
    account: number,
    tag: number,
    serial: number,
  ): void {
    const records = this.#records;
    const facts = this.#facts;
    const at = slot << 2;
    const marks = (side === 0 ? 0 : SELL) | ((bits & SPECIAL_FLAGS) === 0 ? 0 : SPECIAL);
    records[at + PLACE] = ((records[at + PLACE] as number) & GENERATION) | marks;
    facts[at + ACCOUNT] = account;
    facts[at + TAG] = tag;
    facts[at + SERIAL] = serial;
    facts[at + FLAGS] = bits | side;
    (side === 0 ? this.bids : this.asks).append(slot, key, lots);
  }

  /** Takes an order out of its queue; it keeps its slot. */
  takeOut(slot: number): void {
    const place = this.#records[(slot << 2) + PLACE] as number;
    const ladder = (place & SELL) === 0 ? this.bids : this.asks;
    if ((place & SPECIAL) !== 0) this.#forgetSpecial(slot, ladder);
    ladder.remove(slot);
  }

  /** Takes an order out of the book, whatever is left of it. */
  drop(slot: number): void {
    this.takeOut(slot);
    this.store.release(slot);
  }

  /** Ends a resting order and tells why; `reason` is a position in `CANCELLATIONS`. */
  cancel(slot: number, reason: number): void {
    const at = slot << 2;
    const place = this.#records[at + PLACE] as number;
    const isPlain = (place & SPECIAL) === 0;
    this.tell(
      CANCELLED,
      slot,
      isPlain ? (this.#records[at + REMAINING] as number) : this.openLots(slot),
      reason,
    );
    const ladder = (place & SELL) === 0 ? this.bids : this.asks;
    if (!isPlain) this.#forgetSpecial(slot, ladder);
    ladder.remove(slot);
    this.store.release(slot);
  }

  /** Tells that (the rest of) the taker ended; nothing of it rests. */
  cancelTaker(lots: number, reason: number): void {
    const { side, priceTicks, account, tag, serial } = this.taker;
    this.events.write(CANCELLED, side, priceTicks, lots, account, tag, serial, 0, reason);
  }

  /** Tells something about a resting order; `kind` is a position in `BOOK_EVENT_KINDS`. */
  tell(kind: number, slot: number, lots: number, reason: number): void {
    const facts = this.#facts;
    const at = slot << 2;
    const place = this.#records[at + PLACE] as number;
    const isBid = (place & SELL) === 0;
    const key = (isBid ? this.bids : this.asks).keyOf(place & LEVEL_BITS);
    this.events.write(
      kind,
      isBid ? 0 : 1,
      isBid ? key : 0 - key,
      lots,
      facts[at + ACCOUNT] as number,
      facts[at + TAG] as number,
      facts[at + SERIAL] as number,
      this.store.handle(slot),
      reason,
    );
  }

  /** All that is left of a resting order, hidden lots included. */
  openLots(slot: number): number {
    const at = slot << 2;
    const shown = this.#records[at + REMAINING] as number;
    if (((this.#records[at + PLACE] as number) & SPECIAL) === 0) return shown;
    const iceberg = ((this.#facts[at + FLAGS] as number) & ICEBERG) !== 0;
    return iceberg ? shown + (this.store.details[(slot << 3) + HIDDEN] as number) : shown;
  }

  /** Books one trade of the taker with a resting order; the queue is the caller's. */
  recordTrade(slot: number, priceTicks: number, lots: number, makerLeftLots: number): void {
    const facts = this.#facts;
    const { side, account, tag, serial } = this.taker;
    const at = slot << 2;
    const maker = facts[at + ACCOUNT] as number;
    this.trades++;
    const e = this.events.claim();
    const f = this.events.fields;
    f[e] = TRADED;
    f[e + 1] = side;
    f[e + 2] = priceTicks;
    f[e + 3] = lots;
    f[e + 4] = account;
    f[e + 5] = tag;
    f[e + 6] = serial;
    f[e + 7] = this.store.handle(slot);
    f[e + 8] = maker;
    f[e + 9] = facts[at + TAG] as number;
    f[e + 10] = facts[at + SERIAL] as number;
    f[e + 11] = makerLeftLots;
    if (this.positions !== null) this.#move(this.positions, maker, account, side === 0 ? lots : 0 - lots);
  }

  /** Notes that an order was filled by orders of other books; `handle` is 0 for the taker. Counts as a trade here, too. */
  recordImplied(
    side: number,
    priceTicks: number,
    lots: number,
    { account, tag, serial }: Pick<Taker, 'account' | 'tag' | 'serial'>,
    handle: number,
    leftLots: number,
  ): void {
    this.trades++;
    this.lastTradeTicks = priceTicks;
    this.events.write(IMPLIED, side, priceTicks, lots, account, tag, serial, handle, leftLots);
  }

  /** Moves lots bought by the taker (sold where negative) from the maker's position to the taker's. */
  #move(positions: Float64Array, maker: number, taker: number, lots: number): void {
    positions[maker] = (positions[maker] as number) - lots;
    positions[taker] = (positions[taker] as number) + lots;
  }

  #forgetSpecial(slot: number, ladder: PriceLadder): void {
    const flags = this.#facts[(slot << 2) + FLAGS] as number;
    if ((flags & REDUCE_ONLY) !== 0) this.reduceOnlyOrders--;
    if ((flags & ICEBERG) === 0) return;
    ladder.addHidden(this.level(slot), 0 - (this.store.details[(slot << 3) + HIDDEN] as number));
  }

  /** Serves the best level of the other side first come, first served, up to a special order or its end. */
  #sweepLevel(opposite: PriceLadder, priceTicks: number, sizeLots: number): number {
    const records = this.#records;
    const store = this.store;
    const { ownAccount, account } = this.taker;
    const level = opposite.bestLevel;
    let slot = opposite.first(level);
    let left = sizeLots;
    let gone = 0;
    let meets = false;
    while (slot !== 0 && left > 0) {
      const at = slot << 2;
      const place = records[at + PLACE] as number;
      meets = (place & SPECIAL) !== 0 || (ownAccount && this.#facts[at + ACCOUNT] === account);
      if (meets) break;
      const resting = records[at + REMAINING] as number;
      const lots = Math.min(left, resting);
      left -= lots;
      this.recordTrade(slot, priceTicks, lots, resting - lots);
      if (lots !== resting) {
        records[at + REMAINING] = resting - lots;
        break;
      }
      const next = records[at + NEXT] as number;
      records[at + PLACE] = (place + NEXT_GENERATION) & GENERATION;
      records[at + NEXT] = store.freeHead;
      store.freeHead = slot;
      gone++;
      slot = next;
    }
    store.count -= gone;
    if (left !== sizeLots) opposite.consume(level, slot, sizeLots - left, gone);
    if (!meets) return left;
    assert(this.specials !== null, 'special orders rest only where someone knows what to do with them');
    return this.specials.meet(slot, left);
  }
}

/**
 * Lots by which an order of this side may bring the account's position nearer to zero.
 *
 * @param side - 0 for buy, 1 for sell
 */
export function roomToReduce(positions: Float64Array | null, account: number, side: number): number {
  const held = positions === null ? 0 : (positions[account] as number);
  return Math.max(0, side === 0 ? 0 - held : held);
}
