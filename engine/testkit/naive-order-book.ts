/** The order book written the obvious way, as an oracle: two arrays kept in price-time order, searched from the front. */
import { StateHash } from '../core/state-hash.ts';
import { BOOK_EVENT_KINDS, type BookEventKind } from '../venue/matching/book-events.ts';
import {
  CANCELLATIONS,
  type Cancellation,
  type OrderSide,
  REJECTIONS,
  type Rejection,
  type SelfTradeMode,
  type TimeInForce,
} from '../venue/matching/order-terms.ts';
import { type NaiveAlgorithm, naiveAllocate } from './naive-allocation.ts';

/** An order as its owner words it. A null price is a market order. */
export interface NaiveEntry {
  readonly side: OrderSide;
  readonly price: number | null;
  readonly size: number;
  readonly time: TimeInForce;
  readonly account: number;
  readonly tag: number;
  readonly selfTrade: SelfTradeMode;
  /** True where the account itself is the owner; else only the group is. */
  readonly ownAccount: boolean;
  readonly group: number;
  readonly display: number;
  readonly minimum: number;
  readonly reduceOnly: boolean;
  readonly goodTill: number;
  readonly makerPercent: number;
}

export interface NaiveOrder {
  readonly serial: number;
  readonly side: OrderSide;
  readonly account: number;
  readonly tag: number;
  readonly time: TimeInForce;
  readonly group: number;
  readonly iceberg: boolean;
  readonly display: number;
  readonly reduceOnly: boolean;
  readonly goodTill: number;
  readonly makerPercent: number;
  price: number;
  /** What can be matched now. */
  shown: number;
  hidden: number;
}

interface Taker {
  readonly serial: number;
  readonly side: OrderSide;
  readonly account: number;
  readonly tag: number;
  readonly price: number | null;
  readonly selfTrade: SelfTradeMode;
  readonly ownAccount: boolean;
  readonly group: number;
  /** Worst price at which it may trade now, whatever its limit. */
  readonly bound: number | null;
}

export interface NaiveTrade {
  readonly price: number;
  readonly lots: number;
}

/** What takers find outside the book. */
export interface NaiveOutside {
  best(side: OrderSide): number | null;
  /** Takes at most so many lots at the best price and returns how many. */
  take(side: OrderSide, lots: number, account: number, tag: number): number;
}

const MAX = 1_000_000_000;
const openLots = (order: NaiveOrder): number => order.shown + order.hidden;

export class NaiveOrderBook {
  /** Highest price first; at one price, first come first. */
  readonly bids: NaiveOrder[] = [];
  /** Lowest price first; at one price, first come first. */
  readonly asks: NaiveOrder[] = [];
  /** Nine numbers an event: kind, side, price, lots, account, tag, serial, maker serial, maker lots left or reason. */
  log: number[] = [];
  /** Trades of the current command. */
  trades: NaiveTrade[] = [];
  tradeCount = 0;
  accepted = 0;
  collecting = false;
  outside: NaiveOutside | null = null;
  readonly positions: number[] | null;
  readonly #maxOrders: number;
  readonly #rules: NaiveAlgorithm;
  readonly #shares: boolean;
  readonly #accounts = new Map<number, number>();
  readonly #top: { buy: NaiveOrder | null; sell: NaiveOrder | null } = { buy: null, sell: null };

  constructor(maxOrders: number, rules: NaiveAlgorithm, accounts: number | null) {
    this.#maxOrders = maxOrders;
    this.#rules = rules;
    this.#shares = rules.steps.join() !== 'fifo';
    this.positions = accounts === null ? null : new Array<number>(accounts).fill(0);
  }

  /** The order that rests afterwards, or null. */
  enter(entry: NaiveEntry, bound: number | null = null): NaiveOrder | null {
    const reason = this.#whyNot(entry);
    if (reason !== null) {
      this.reject(entry, reason);
      return null;
    }
    const size = entry.reduceOnly ? Math.min(entry.size, this.#room(entry.account, entry.side)) : entry.size;
    const taker: Taker = { ...entry, serial: ++this.accepted, bound };
    const rests = entry.time !== 'IOC' && entry.time !== 'FOK';
    const unbound = { ...taker, bound: null };
    const takes = !this.collecting && (this.#level(unbound).length > 0 || this.#offered(unbound) !== null);
    const plain = entry.display === 0 && entry.minimum === 0 && !entry.reduceOnly;
    // A plain order that rests at once is told by that alone.
    if (takes || !rests || !plain) this.#tell('accepted', taker, size);
    const least = entry.time === 'FOK' ? size : entry.minimum;
    if (least > 0 && this.#wouldGet(taker, size) < least) {
      this.#tellEnd(taker, size, entry.time === 'FOK' ? 'not-filled-whole' : 'minimum-not-filled');
      return null;
    }
    const left = this.collecting ? size : this.#take(taker, size);
    if (left === 0) return null;
    if (entry.time === 'IOC' || entry.time === 'FOK') {
      this.#tellEnd(taker, left, 'nothing-to-take');
      return null;
    }
    const iceberg = entry.display > 0 && entry.display < left;
    const order: NaiveOrder = {
      ...entry,
      serial: taker.serial,
      price: entry.price!,
      iceberg,
      display: iceberg ? entry.display : 0,
      shown: iceberg ? entry.display : left,
      hidden: iceberg ? left - entry.display : 0,
    };
    this.#queue(order);
    return order;
  }

  /** Takes lots at the best price of the other side for an account without an order here. */
  takeBest(side: OrderSide, lots: number, account: number, tag: number): void {
    const price = this.#other(side)[0]!.price;
    const none = { selfTrade: 'none', ownAccount: false, group: 0, bound: null } as const;
    const left = this.#takeHere({ ...none, serial: 0, side, account, tag, price }, lots);
    if (left !== 0) throw new Error('there was less than was offered');
  }

  /** Takes lots off a resting order that orders of other books filled. */
  fillImplied(order: NaiveOrder, price: number, lots: number): void {
    this.tradeCount++;
    this.trades.push({ price, lots });
    this.#write('implied', order.side, price, lots, order.account, order.tag, order.serial, 0, 0);
    this.#reduce(order, lots);
  }

  reject(entry: NaiveEntry, reason: Rejection): void {
    this.#write(
      'rejected',
      entry.side,
      entry.price ?? 0,
      entry.size,
      entry.account,
      entry.tag,
      0,
      0,
      REJECTIONS.indexOf(reason),
    );
  }

  /** Writes something about an order that waits for a price. */
  note(
    kind: 'armed' | 'triggered' | 'disarmed',
    who: Pick<NaiveEntry, 'side' | 'size' | 'account' | 'tag'>,
    trigger: number,
    id: number,
    reason: Cancellation | null,
  ): void {
    const why = reason === null ? 0 : CANCELLATIONS.indexOf(reason);
    this.#write(kind, who.side, trigger, who.size, who.account, who.tag, id, 0, why);
  }

  /** Takes an order and ends it at once. */
  acceptAndEnd(entry: NaiveEntry, reason: Cancellation): void {
    const taker: Taker = { ...entry, serial: ++this.accepted, bound: null };
    this.#tell('accepted', taker, entry.size);
    this.#tellEnd(taker, entry.size, reason);
  }

  cancel(serial: number, reason: Cancellation = 'requested'): boolean {
    const order = this.find(serial);
    if (order === undefined) {
      this.#write('rejected', 'buy', 0, 0, 0, 0, 0, 0, REJECTIONS.indexOf('order/unknown'));
      return false;
    }
    this.#end(order, reason);
    return true;
  }

  cancelAll(chosen: (order: NaiveOrder) => boolean, reason: Cancellation): void {
    for (const order of [...this.bids, ...this.asks].filter(chosen)) this.#end(order, reason);
  }

  amend(
    serial: number,
    price: number,
    size: number,
    selfTrade: SelfTradeMode,
    bound: number | null = null,
  ): boolean {
    const order = this.find(serial);
    if (order === undefined) {
      this.#write('rejected', 'buy', price, size, 0, 0, 0, 0, REJECTIONS.indexOf('order/unknown'));
      return false;
    }
    const reason = this.#whyNotAmend(order, price, size);
    if (reason !== null) {
      const { side, account, tag } = order;
      this.#write('rejected', side, price, size, account, tag, 0, 0, REJECTIONS.indexOf(reason));
      return false;
    }
    if (price === order.price && size <= openLots(order)) {
      const off = openLots(order) - size;
      this.#tellOrder('reduced', order, off, 0);
      const unseen = Math.min(off, order.hidden);
      order.hidden -= unseen;
      order.shown -= off - unseen;
      return true;
    }
    this.#tellOrder('reduced', order, openLots(order), 0);
    this.#leave(order);
    if (this.#top[order.side] === order) this.#top[order.side] = null;
    const ownAccount = order.group === 0;
    const taker: Taker = { ...order, price, selfTrade, ownAccount, bound };
    const most = order.reduceOnly ? Math.min(size, this.#room(order.account, order.side)) : size;
    const left = this.collecting ? most : this.#take(taker, most);
    if (left === 0) return true;
    order.price = price;
    order.shown = order.iceberg ? Math.min(order.display, left) : left;
    order.hidden = left - order.shown;
    this.#queue(order);
    return true;
  }

  /** The account of an order that ever rested. */
  accountOf(serial: number): number {
    return this.#accounts.get(serial)!;
  }

  find(serial: number): NaiveOrder | undefined {
    return this.bids.find((o) => o.serial === serial) ?? this.asks.find((o) => o.serial === serial);
  }

  /** Trades every bid at or above the price with every ask at or below it, and opens the book. */
  uncross(price: number): number {
    let traded = 0;
    for (;;) {
      const [buy] = this.bids;
      const [sell] = this.asks;
      if (buy === undefined || sell === undefined || buy.price < price || sell.price > price) break;
      const lots = Math.min(openLots(buy), openLots(sell));
      traded += lots;
      this.#count(price, lots, buy.account, sell.account);
      this.#write(
        'uncrossed',
        'buy',
        price,
        lots,
        buy.account,
        buy.tag,
        buy.serial,
        sell.serial,
        openLots(sell) - lots,
      );
      for (const order of [buy, sell]) {
        const left = openLots(order) - lots;
        if (left === 0) this.#leave(order);
        order.shown = order.iceberg ? Math.min(order.display, left) : left;
        order.hidden = left - order.shown;
      }
    }
    this.open();
    return traded;
  }

  /** Goes on continuously; no order that an auction left is a top order. */
  open(): void {
    this.collecting = false;
    this.#top.buy = null;
    this.#top.sell = null;
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.accepted);
    hash.integer(this.tradeCount);
    for (const lots of this.positions ?? []) hash.integer(lots);
    for (const o of [...this.bids, ...this.asks]) {
      const marks = [
        o.side === 'sell',
        o.time === 'GTX',
        o.iceberg,
        o.reduceOnly,
        o.group !== 0,
        o.makerPercent !== 0,
        o.time === 'DAY',
        o.time === 'GTD',
      ];
      for (const n of [o.side === 'buy' ? 0 : 1, o.price, o.serial, o.shown, o.account, o.tag])
        hash.integer(n);
      hash.integer(o.time === 'GTX' ? 1 : 0);
      const bits = marks.reduce((sum, mark, i) => sum + (mark ? 2 ** i : 0), 0);
      if (bits > 3) hash.integer(bits);
      if (o.iceberg) hash.integer(o.hidden);
      if (o.iceberg) hash.integer(o.display);
      if (o.group !== 0) hash.integer(o.group);
      if (o.time === 'GTD') hash.integer(o.goodTill);
      if (o.makerPercent !== 0) hash.integer(o.makerPercent);
    }
    return hash.value();
  }

  // --- the rules of a taker ---

  /** Of the book and what is outside, the better price first; at one price the book. */
  #take(taker: Taker, size: number): number {
    let left = size;
    while (left > 0) {
      const offer = this.#offered(taker);
      if (offer === null) return this.#takeHere(taker, left);
      left = this.#takeHere({ ...taker, bound: offer }, left);
      if (left === 0) return 0;
      const lots = this.outside!.take(taker.side, left, taker.account, taker.tag);
      left -= lots;
      this.tradeCount++;
      this.trades.push({ price: offer, lots });
      this.#write('implied', taker.side, offer, lots, taker.account, taker.tag, taker.serial, 0, 0);
    }
    return left;
  }

  /** The best price outside, where the taker reaches it. */
  #offered(taker: Taker): number | null {
    const offer = this.outside?.best(taker.side) ?? null;
    if (offer === null || !reaches(taker.side, taker.price, offer)) return null;
    return reaches(taker.side, taker.bound, offer) ? offer : null;
  }

  #takeHere(taker: Taker, size: number): number {
    let left = size;
    while (left > 0) {
      const level = this.#level(taker);
      if (level.length === 0) break;
      left = this.#shares ? this.#takeShared(taker, level, left) : this.#takeFirst(taker, level, left);
    }
    return left;
  }

  /** First come, first served: meets the first order of the level. */
  #takeFirst(taker: Taker, level: readonly NaiveOrder[], left: number): number {
    const first = level[0]!;
    if (isOwn(taker, first)) return this.#prevent(taker, first, left);
    const whole = left >= level.reduce((sum, o) => sum + openLots(o), 0);
    let lots = Math.min(left, whole ? openLots(first) : first.shown);
    if (first.reduceOnly) lots = Math.min(lots, this.#room(first.account, first.side));
    if (lots === 0) this.#end(first, 'reduce-only');
    else this.#fill(taker, first, lots);
    return left - lots;
  }

  /** Shared by the algorithm on what is shown, unless everything is taken. */
  #takeShared(taker: Taker, level: readonly NaiveOrder[], left: number): number {
    const own = level.filter((o) => isOwn(taker, o));
    if (own.length > 0) {
      for (const order of own) {
        if (taker.selfTrade !== 'expire-maker') return this.#prevent(taker, order, left);
        this.#end(order, 'self-trade');
      }
      return left;
    }
    const total = level.reduce((sum, o) => sum + openLots(o), 0);
    if (left >= total) {
      for (const order of level) this.#fill(taker, order, openLots(order));
      return left - total;
    }
    const lots = Math.min(
      left,
      level.reduce((sum, o) => sum + o.shown, 0),
    );
    const top = this.#top[level[0]!.side];
    const shares = level.map((o) => ({ lots: o.shown, makerPercent: o.makerPercent, top: o === top }));
    const fills = naiveAllocate(this.#rules, shares, lots);
    level.forEach((order, i) => {
      if (fills[i]! === 0) return;
      if (order === top && fills[i] === order.shown) this.#top[order.side] = null;
      this.#fill(taker, order, fills[i]!);
    });
    return left - lots;
  }

  #fill(taker: Taker, maker: NaiveOrder, lots: number): void {
    const left = openLots(maker) - lots;
    const buyer = taker.side === 'buy' ? taker.account : maker.account;
    const seller = taker.side === 'buy' ? maker.account : taker.account;
    this.#count(maker.price, lots, buyer, seller);
    const { side, account, tag, serial } = taker;
    this.#write('traded', side, maker.price, lots, account, tag, serial, maker.serial, left);
    this.#reduce(maker, lots);
    if (maker.reduceOnly && left > 0 && this.#room(maker.account, maker.side) === 0) {
      this.#end(maker, 'reduce-only');
    }
  }

  #reduce(maker: NaiveOrder, lots: number): void {
    const left = openLots(maker) - lots;
    if (left === 0) {
      this.#leave(maker);
    } else if (lots < maker.shown) {
      maker.shown -= lots;
    } else {
      maker.shown = Math.min(maker.display, maker.hidden);
      maker.hidden -= maker.shown;
      const orders = this.#side(maker.side);
      orders.splice(orders.indexOf(maker), 1);
      this.#insert(maker);
      this.#tellOrder('refreshed', maker, maker.shown, 0);
    }
  }

  #prevent(taker: Taker, own: NaiveOrder, left: number): number {
    if (taker.selfTrade !== 'expire-taker') this.#end(own, 'self-trade');
    if (taker.selfTrade === 'expire-maker') return left;
    this.#tellEnd(taker, left, 'self-trade');
    return 0;
  }

  /** What the taker would get: played out on a copy of the book. */
  #wouldGet(taker: Taker, size: number): number {
    if (this.#level(taker).length === 0) return 0;
    const copy = new NaiveOrderBook(this.#maxOrders, this.#rules, this.positions?.length ?? null);
    copy.bids.push(...this.bids.map((o) => ({ ...o })));
    copy.asks.push(...this.asks.map((o) => ({ ...o })));
    this.positions?.forEach((lots, account) => {
      copy.positions![account] = lots;
    });
    copy.#take(taker, size);
    return copy.trades.reduce((sum, trade) => sum + trade.lots, 0);
  }

  // --- what is refused ---

  #whyNot(entry: NaiveEntry): Rejection | null {
    const { size, price, display, minimum } = entry;
    const rests = entry.time !== 'IOC' && entry.time !== 'FOK';
    if (size <= 0 || size > MAX) return 'order/size-not-positive';
    if (price !== null && Math.abs(price) > MAX) return 'order/price-out-of-range';
    if (this.positions !== null && this.positions[entry.account] === undefined)
      return 'order/account-unknown';
    if (entry.time === 'GTD' && entry.goodTill <= 0) return 'order/good-till-too-early';
    if (minimum < 0 || minimum > size) return 'order/minimum-out-of-range';
    if (display < 0 || (display > 0 && size > display * 1000)) return 'order/display-out-of-range';
    if (entry.reduceOnly && (display > 0 || minimum > 0)) return 'order/combination-not-allowed';
    if (entry.reduceOnly && this.#room(entry.account, entry.side) === 0) return 'order/reduce-only';
    if (!rests && this.collecting) return 'order/combination-not-allowed';
    const takes = price !== null && this.#other(entry.side).some((o) => reaches(entry.side, price, o.price));
    if (entry.time === 'GTX' && takes && !this.collecting) return 'order/post-only-would-take';
    if (rests && this.bids.length + this.asks.length >= this.#maxOrders) return 'order/limit-exceeded';
    return null;
  }

  #whyNotAmend(order: NaiveOrder, price: number, size: number): Rejection | null {
    if (size <= 0 || size > MAX) return 'order/size-not-positive';
    if (Math.abs(price) > MAX) return 'order/price-out-of-range';
    const takes = this.#other(order.side).some((o) => reaches(order.side, price, o.price));
    if (order.time === 'GTX' && takes && !this.collecting) return 'order/post-only-would-take';
    if (order.reduceOnly && this.#room(order.account, order.side) === 0) return 'order/reduce-only';
    return null;
  }

  // --- places in the book ---

  #side(side: OrderSide): NaiveOrder[] {
    return side === 'buy' ? this.bids : this.asks;
  }

  #other(side: OrderSide): NaiveOrder[] {
    return side === 'buy' ? this.asks : this.bids;
  }

  /** The orders at the best price of the other side, where the taker reaches it. */
  #level(taker: Taker): NaiveOrder[] {
    const orders = this.#other(taker.side);
    const [first] = orders;
    if (first === undefined || !reaches(taker.side, taker.price, first.price)) return [];
    if (!reaches(taker.side, taker.bound, first.price)) return [];
    const end = orders.findIndex((o) => o.price !== first.price);
    return orders.slice(0, end < 0 ? orders.length : end);
  }

  #queue(order: NaiveOrder): void {
    const [best] = this.#side(order.side);
    const betters =
      best === undefined || (order.side === 'buy' ? order.price > best.price : order.price < best.price);
    if (betters) this.#top[order.side] = order.shown >= this.#rules.topMinimumLots ? order : null;
    this.#insert(order);
    this.#accounts.set(order.serial, order.account);
    this.#tellOrder('rested', order, order.shown, 0);
  }

  #insert(order: NaiveOrder): void {
    const orders = this.#side(order.side);
    const behind = orders.findIndex((o) =>
      order.side === 'buy' ? o.price < order.price : o.price > order.price,
    );
    orders.splice(behind < 0 ? orders.length : behind, 0, order);
  }

  #leave(order: NaiveOrder): void {
    const orders = this.#side(order.side);
    orders.splice(orders.indexOf(order), 1);
    if (this.#top[order.side] === order) this.#top[order.side] = null;
  }

  #end(order: NaiveOrder, reason: Cancellation): void {
    this.#tellOrder('cancelled', order, openLots(order), CANCELLATIONS.indexOf(reason));
    this.#leave(order);
  }

  /** Lots by which an order of this side could bring the position nearer to zero. */
  #room(account: number, side: OrderSide): number {
    const held = this.positions?.[account] ?? 0;
    return Math.max(0, side === 'buy' ? -held : held);
  }

  #count(price: number, lots: number, buyer: number, seller: number): void {
    this.tradeCount++;
    this.trades.push({ price, lots });
    if (this.positions === null) return;
    this.positions[buyer]! += lots;
    this.positions[seller]! -= lots;
  }

  // --- the log ---

  #tell(kind: BookEventKind, taker: Taker, lots: number): void {
    const { side, account, tag, serial } = taker;
    this.#write(kind, side, taker.price ?? 0, lots, account, tag, serial, 0, 0);
  }

  #tellEnd(taker: Taker, lots: number, reason: Cancellation): void {
    const { side, account, tag, serial } = taker;
    const why = CANCELLATIONS.indexOf(reason);
    this.#write('cancelled', side, taker.price ?? 0, lots, account, tag, serial, 0, why);
  }

  #tellOrder(kind: BookEventKind, order: NaiveOrder, lots: number, why: number): void {
    this.#write(kind, order.side, order.price, lots, order.account, order.tag, order.serial, 0, why);
  }

  #write(
    kind: BookEventKind,
    side: OrderSide,
    price: number,
    lots: number,
    account: number,
    tag: number,
    serial: number,
    makerSerial: number,
    last: number,
  ): void {
    const kindNumber = BOOK_EVENT_KINDS.indexOf(kind);
    this.log.push(kindNumber, side === 'buy' ? 0 : 1, price, lots, account, tag, serial, makerSerial, last);
  }
}

/** True where a taker of this side and limit reaches a resting price. */
function reaches(side: OrderSide, limit: number | null, price: number): boolean {
  return limit === null || (side === 'buy' ? price <= limit : price >= limit);
}

function isOwn(taker: Taker, order: NaiveOrder): boolean {
  if (taker.selfTrade === 'none') return false;
  return (
    (taker.ownAccount && order.account === taker.account) ||
    (taker.group !== 0 && order.group === taker.group)
  );
}
