/** The Globex group written the obvious way, as an oracle: naive books, lists of stops and trades, every rule spelled out. */
import { StateHash } from '../core/state-hash.ts';
import type {
  GlobexConfig,
  GlobexInput,
  GlobexOrder,
  InstrumentConfig,
} from '../venue/globex/globex-orders.ts';
import type { GroupState } from '../venue/globex/market-states.ts';
import type { OrderSide, Rejection, TimeInForce } from '../venue/matching/order-terms.ts';
import { type NaiveLevel, naiveOpeningPrice } from './naive-opening-price.ts';
import { type NaiveEntry, NaiveOrderBook } from './naive-order-book.ts';

interface Stop {
  readonly id: number;
  readonly order: GlobexOrder;
  readonly trigger: number;
}

type Stopped = 'velocity' | { readonly from: number } | null;

const MAX = 1_000_000_000;
const NOBODY = { account: 0, tag: 0, side: 'buy' as OrderSide, size: 0, price: null };

class NaiveInstrument {
  readonly book: NaiveOrderBook;
  readonly config: InstrumentConfig;
  stops: Stop[] = [];
  stopsPlaced = 0;
  settlement: number | null = null;
  limits: { low: number; high: number } | null = null;
  last: number | null = null;
  reservedUntil: number | null = null;
  reservedFrom: number | null = null;
  prolongations = 0;
  interrupted = false;
  unsettled: { offset: number; lots: number; buyer: number; seller: number }[] = [];
  told = { state: 'close-final', price: null as number | null, matched: 0 };
  queue: Stop[] = [];
  chainFrom: number | null = null;
  /** All trades since the market opened, with the price it opened from. */
  history: { at: number; price: number }[] = [];

  constructor(group: GlobexConfig, config: InstrumentConfig) {
    this.config = config;
    this.book = new NaiveOrderBook(group.limits.orders, config.allocation, null);
    this.book.collecting = true;
    if (config.settlesAt !== null) this.settlement = 0;
  }

  levels(side: OrderSide): NaiveLevel[] {
    const orders = side === 'buy' ? this.book.bids : this.book.asks;
    return orders.map((o) => ({ price: o.price, lots: o.shown + o.hidden }));
  }

  matchedAt(bids: readonly NaiveLevel[], asks: readonly NaiveLevel[], price: number): number {
    const sum = (levels: readonly NaiveLevel[]): number => levels.reduce((lots, l) => lots + l.lots, 0);
    return Math.min(sum(bids.filter((b) => b.price >= price)), sum(asks.filter((a) => a.price <= price)));
  }

  limitOf(stop: Stop): number {
    const points = this.config.protectionTicks;
    return stop.order.priceTicks ?? stop.trigger + (stop.order.side === 'buy' ? points : -points);
  }

  /** The opening price with the stops that it would elect, and what would match. */
  indicative(): { price: number; matched: number } | null {
    const bids = this.levels('buy');
    const asks = this.levels('sell');
    let left = this.stops;
    for (;;) {
      const price = naiveOpeningPrice(bids, asks, this.settlement);
      if (price === null) return null;
      const met = left.filter((s) => (s.order.side === 'buy' ? price >= s.trigger : price <= s.trigger));
      if (met.length === 0) return { price, matched: this.matchedAt(bids, asks, price) };
      left = left.filter((s) => !met.includes(s));
      for (const s of met) {
        (s.order.side === 'buy' ? bids : asks).push({ price: this.limitOf(s), lots: s.order.sizeLots });
      }
    }
  }
}

/** Two instruments that make a third, with the side that a buyer of the third takes in each, and its price. */
interface NaiveWay {
  readonly parts: readonly [NaiveInstrument, NaiveInstrument];
  readonly sides: (side: OrderSide) => readonly [OrderSide, OrderSide];
  readonly price: (a: number, b: number) => number;
}

interface NaiveOffer {
  readonly way: NaiveWay;
  readonly price: number;
  readonly lots: number;
}

export class NaiveGlobexVenue {
  readonly instruments: readonly NaiveInstrument[];
  readonly #config: GlobexConfig;
  #now = 0;
  state: GroupState = 'close-final';
  #resume: number | null = null;
  #settled: string[] = [];

  constructor(config: GlobexConfig) {
    this.#config = config;
    this.instruments = config.instruments.map((one) => new NaiveInstrument(config, one));
    for (const one of this.instruments) {
      if (this.#ways(one).length === 0) continue;
      one.book.outside = {
        best: (side) => this.#bestOffer(one, side)?.price ?? null,
        take: (side, lots, account, tag) => this.#takeOffer(one, side, lots, account, tag),
      };
    }
  }

  /** One line for everything that happened. Orders are named by serial numbers. */
  apply(input: GlobexInput, serial: number): string[] {
    this.#due(input.atMicros);
    this.#now = input.atMicros;
    if (input.kind === 'state') this.#schedule(input.state);
    else if (input.kind !== 'clock') this.#toInstrument(input, serial);
    this.#tradeAcross();
    return this.#lines();
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.text(this.state);
    hash.integer(this.#resume ?? 0);
    for (const one of this.instruments) {
      const inner = new StateHash();
      inner.integer(one.book.stateHash());
      inner.integer(one.stopsPlaced);
      for (const s of one.stops) {
        inner.integer(s.id);
        inner.integer(s.trigger);
      }
      for (const n of [one.last, one.settlement, one.reservedUntil]) inner.integer(n ?? 0);
      for (const t of one.unsettled) inner.integer(t.lots);
      hash.integer(inner.value());
    }
    return hash.value();
  }

  stateOf(one: NaiveInstrument): string {
    return this.state === 'open' && one.reservedUntil !== null ? 'reserved' : this.state;
  }

  #toInstrument(input: Exclude<GlobexInput, { kind: 'state' | 'clock' }>, serial: number): void {
    const one = this.instruments[input.instrument];
    if (one === undefined) {
      this.instruments[0]!.book.reject(entryOf(null), 'order/instrument-unknown');
      return;
    }
    if (input.kind === 'order') this.#order(one, input.order);
    if (input.kind === 'modify') this.#modify(one, serial, input.priceTicks, input.sizeLots);
    if (input.kind === 'cancel') {
      const order = one.book.find(serial);
      const { state } = this;
      const may = this.#mayTouch(one, order?.time) && state !== 'pre-open-no-cancel';
      if (order === undefined || may) one.book.cancel(serial);
      else this.#refuse(one, { ...order, price: order.price, size: 0 }, 'order/state-forbids');
    }
    if (input.kind === 'cancel-stop') {
      const stop = one.stops.find((s) => s.id === input.id);
      if (stop === undefined) one.book.cancel(0);
      else if (this.#mayTouch(one, stop.order.timeInForce) && this.state !== 'pre-open-no-cancel') {
        one.stops = one.stops.filter((s) => s !== stop);
        one.book.note('disarmed', sized(stop.order), stop.trigger, stop.id, 'requested');
      } else this.#refuseOrder(one, stop.order, 'order/state-forbids');
    }
    if (input.kind === 'limits') one.limits = { low: input.lowTicks, high: input.highTicks };
    if (input.kind === 'settlement') {
      one.settlement = input.priceTicks;
      for (const [i, tas] of this.instruments.entries()) {
        if (tas.config.settlesAt === null || this.instruments[tas.config.settlesAt] !== one) continue;
        for (const t of tas.unsettled) {
          this.#settled.push(`${i} settled ${input.priceTicks + t.offset} ${t.lots} ${t.buyer} ${t.seller}`);
        }
        tas.unsettled = [];
      }
    }
  }

  /** In a pause cancelling is all that is allowed, after the close only orders that last may be touched. */
  #mayTouch(one: NaiveInstrument, time: TimeInForce | undefined): boolean {
    const state = this.stateOf(one);
    if (state === 'post-close') return time === 'GTC' || time === 'GTD';
    return ['pre-open', 'pre-open-no-cancel', 'open', 'reserved', 'pause'].includes(state);
  }

  #order(one: NaiveInstrument, order: GlobexOrder): void {
    const reason = this.#whyNot(one, order);
    if (reason !== null) {
      this.#refuseOrder(one, order, reason);
      return;
    }
    if (order.triggerTicks !== null) {
      const stop = { id: ++one.stopsPlaced, order, trigger: order.triggerTicks };
      one.stops.push(stop);
      one.book.note('armed', sized(order), stop.trigger, stop.id, null);
      return;
    }
    const best = this.#best(one, order.side);
    if (order.priceTicks === null && best === null) {
      this.#refuseOrder(one, order, 'order/no-market');
      return;
    }
    const price = order.priceTicks ?? best!;
    if (order.type !== 'market' && this.#outside(one, order.side, price)) {
      this.#refuseOrder(one, order, 'order/price-outside-band');
      return;
    }
    const points = order.type === 'market' ? one.config.protectionTicks : 0;
    const limit = price + (order.side === 'buy' ? points : -points);
    this.#stop(one, this.#run(one, this.#place(one, order, this.#inLimits(one, order.side, limit))));
  }

  #whyNot(one: NaiveInstrument, order: GlobexOrder): Rejection | null {
    const state = this.stateOf(one);
    const time = order.timeInForce;
    const stop = order.type === 'stop' || order.type === 'stop-limit';
    const priced = order.type === 'limit' || order.type === 'stop-limit';
    const atOnce = isAtOnce(order);
    const lasting = time === 'GTC' || time === 'GTD';
    const takesOrders = ['pre-open', 'pre-open-no-cancel', 'open', 'reserved', 'post-close'];
    if (!takesOrders.includes(state)) return 'order/state-forbids';
    if (state === 'post-close' && (!lasting || stop)) return 'order/state-forbids';
    if (atOnce && state !== 'open') return 'order/state-forbids';
    if (!(order.sizeLots > 0 && order.sizeLots <= MAX)) return 'order/size-not-positive';
    if (priced !== (order.priceTicks !== null)) return 'order/combination-not-allowed';
    if (stop !== (order.triggerTicks !== null)) return 'order/combination-not-allowed';
    if (time === 'GTX' || (stop && atOnce)) return 'order/combination-not-allowed';
    if ((time === 'GTD') !== (order.goodTillMicros !== null)) return 'order/combination-not-allowed';
    if (order.goodTillMicros !== null && order.goodTillMicros <= this.#now)
      return 'order/good-till-too-early';
    if (order.minimumLots > order.sizeLots) return 'order/minimum-out-of-range';
    if (order.displayLots > 0 && order.sizeLots > 1000 * order.displayLots)
      return 'order/display-out-of-range';
    for (const p of [order.priceTicks, order.triggerTicks]) {
      if (p !== null && Math.abs(p) > MAX) return 'order/price-out-of-range';
    }
    const tas = one.config.settlesAt !== null;
    if (tas && order.priceTicks !== null && Math.abs(order.priceTicks) > 10)
      return 'order/price-outside-band';
    if (!stop) return null;
    const from = state === 'open' || state === 'reserved' ? (one.last ?? one.settlement) : one.settlement;
    const trigger = order.triggerTicks!;
    if (from !== null && (order.side === 'buy' ? trigger <= from : trigger >= from)) {
      return 'order/would-trigger-at-once';
    }
    if (order.priceTicks !== null && this.#outside(one, order.side, order.priceTicks)) {
      return 'order/price-outside-band';
    }
    return one.stops.length >= this.#config.stopOrders ? 'order/limit-exceeded' : null;
  }

  #modify(one: NaiveInstrument, serial: number, price: number, size: number): void {
    const order = one.book.find(serial);
    if (order === undefined) {
      one.book.amend(serial, price, size, 'none');
      return;
    }
    const state = this.stateOf(one);
    const may = this.#mayTouch(one, order.time) && state !== 'pre-open-no-cancel' && state !== 'pause';
    const far = one.config.settlesAt !== null && Math.abs(price) > 10;
    if (!may) this.#refuse(one, { ...order, size: 0 }, 'order/state-forbids');
    else if (far || this.#outside(one, order.side, price)) {
      this.#refuse(one, { ...order, size: 0 }, 'order/price-outside-band');
    } else {
      const bound = this.#boundOf(one, order.side, price, size);
      const mode = order.group === 0 ? 'none' : 'expire-maker';
      const changed = one.book.amend(serial, price, size, mode, bound?.price ?? null);
      const stopped = changed && bound !== null ? bound.why : null;
      if (stopped !== null) one.book.collecting = true;
      this.#afterTrades(one);
      this.#stop(one, this.#run(one, stopped));
    }
  }

  #place(one: NaiveInstrument, order: GlobexOrder, limit: number): Stopped {
    const bound = this.#boundOf(one, order.side, limit, order.sizeLots);
    const entry = { ...entryOf(order), price: limit };
    if (bound !== null && isAtOnce(order)) {
      one.book.acceptAndEnd(entry, 'velocity-logic');
      return null;
    }
    one.book.enter(entry, bound?.price ?? null);
    if (bound !== null) one.book.collecting = true;
    this.#afterTrades(one);
    return bound?.why ?? null;
  }

  /**
   * Tries every price that the taker could reach, best first. The first one that is too far from what traded lately, or from
   * where the running stops began, stops it, where it would get there with its size.
   */
  #boundOf(
    one: NaiveInstrument,
    side: OrderSide,
    limit: number,
    size: number,
  ): { price: number; why: Exclude<Stopped, null> } | null {
    if (one.book.collecting) return null;
    const sign = side === 'buy' ? 1 : -1;
    const others = side === 'buy' ? one.book.asks : one.book.bids;
    const here = others.map((o) => ({ price: o.price, lots: o.shown + o.hidden }));
    const all = [...here, ...this.#ways(one).flatMap((way) => this.#offers(one, way, side))];
    const reach = all.filter((o) => (limit - o.price) * sign >= 0).sort((a, b) => (a.price - b.price) * sign);
    const { velocity, stopRangeTicks: range } = one.config;
    const known = this.#known(one);
    let taken = 0;
    let first: number | null = null;
    for (const order of reach) {
      if (taken >= size) return null;
      first ??= order.price;
      const fast =
        velocity !== null && [...known, first].some((p) => Math.abs(order.price - p) > velocity.ticks);
      const far = one.chainFrom !== null && range !== null && Math.abs(order.price - one.chainFrom) > range;
      if (fast || far) return this.#stoppedAt(one, side, limit, first, known, fast, far);
      taken += order.lots;
    }
    return null;
  }

  /** Prices of the window and the one before it. */
  #known(one: NaiveInstrument): number[] {
    const begin = this.#now - (one.config.velocity?.windowMicros ?? 0);
    const recent = one.history.filter((t) => t.at > begin);
    const before = one.history.filter((t) => t.at <= begin).at(-1);
    return [...recent, ...(before === undefined ? [] : [before])].map((t) => t.price);
  }

  // --- what spreads imply ---

  /** All ways to make an instrument of two others, spread by spread. */
  #ways(one: NaiveInstrument): NaiveWay[] {
    return this.instruments.flatMap((spread): NaiveWay[] => {
      const { legs } = spread.config;
      if (legs === undefined) return [];
      const front = this.instruments[legs.front]!;
      const back = this.instruments[legs.back]!;
      const opposite = (side: OrderSide): OrderSide => (side === 'buy' ? 'sell' : 'buy');
      const apart = (side: OrderSide) => [side, opposite(side)] as const;
      const alike = (side: OrderSide) => [side, side] as const;
      const less = (a: number, b: number): number => a - b;
      if (one === spread) return [{ parts: [front, back], sides: apart, price: less }];
      if (one === front) return [{ parts: [spread, back], sides: alike, price: (a, b) => a + b }];
      return one === back ? [{ parts: [front, spread], sides: apart, price: less }] : [];
    });
  }

  /** Lot by lot: the first lot of one part with the first of the other, and so on; grouped by the two prices. */
  #offers(one: NaiveInstrument, way: NaiveWay, side: OrderSide): NaiveOffer[] {
    const sides = way.sides(side);
    const [a, b] = [this.#lotPrices(way.parts[0], sides[0]), this.#lotPrices(way.parts[1], sides[1])];
    const offers: (NaiveOffer & { of: string })[] = [];
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const price = way.price(a[i]!, b[i]!);
      if (one.limits !== null && (price < one.limits.low || price > one.limits.high)) break;
      const of = `${a[i]} ${b[i]}`;
      const last = offers.at(-1);
      if (last?.of === of) offers[offers.length - 1] = { ...last, lots: last.lots + 1 };
      else offers.push({ way, price, lots: 1, of });
    }
    return offers;
  }

  /** The price of every lot that a taker may reach now, best first. */
  #lotPrices(one: NaiveInstrument, side: OrderSide): number[] {
    const orders = side === 'buy' ? one.book.asks : one.book.bids;
    if (one.book.collecting || orders.length === 0) return [];
    const first = orders[0]!.price;
    const known = this.#known(one);
    const end = orders.findIndex((o) => !this.#allows(one, [...known, first], o.price));
    const reached = end < 0 ? orders : orders.slice(0, end);
    return reached.flatMap((o) => new Array<number>(o.shown + o.hidden).fill(o.price));
  }

  /** Whether a trade may be at the price after those prices. */
  #allows(one: NaiveInstrument, known: readonly number[], price: number): boolean {
    const { velocity } = one.config;
    if (one.limits !== null && (price < one.limits.low || price > one.limits.high)) return false;
    if (velocity === null) return true;
    return known.every((p) => Math.abs(price - p) <= velocity.ticks);
  }

  #bestOffer(one: NaiveInstrument, side: OrderSide): NaiveOffer | null {
    const firsts = this.#ways(one).flatMap((way) => this.#offers(one, way, side).slice(0, 1));
    const sign = side === 'buy' ? 1 : -1;
    return firsts.sort((a, b) => (a.price - b.price) * sign)[0] ?? null;
  }

  #takeOffer(one: NaiveInstrument, side: OrderSide, most: number, account: number, tag: number): number {
    const { way, lots: offered } = this.#bestOffer(one, side)!;
    const lots = Math.min(most, offered);
    const sides = way.sides(side);
    way.parts.forEach((part, i) => {
      part.book.takeBest(sides[i]!, lots, account, tag);
      this.#afterTrades(part);
    });
    return lots;
  }

  /** Runs what was elected elsewhere; then lets orders trade that are crossed with what is implied. */
  #tradeAcross(): void {
    for (;;) {
      const one = this.instruments.find((each) => each.queue.length > 0);
      if (one !== undefined) this.#stop(one, this.#run(one, null));
      else if (!this.instruments.some((each) => this.#uncrossImplied(each))) return;
    }
  }

  #uncrossImplied(one: NaiveInstrument): boolean {
    let traded = false;
    for (const side of ['buy', 'sell'] as const) {
      const sign = side === 'buy' ? 1 : -1;
      while (!one.book.collecting) {
        const [first] = side === 'buy' ? one.book.bids : one.book.asks;
        const offer = this.#bestOffer(one, side);
        if (first === undefined || offer === null || (first.price - offer.price) * sign < 0) break;
        const lots = this.#takeOffer(one, side, first.shown, first.account, first.tag);
        one.book.fillImplied(first, offer.price, lots);
        this.#afterTrades(one);
        traded = true;
      }
    }
    return traded;
  }

  /** Which of the two rules comes first decides what follows; at the same price the stops'. */
  #stoppedAt(
    one: NaiveInstrument,
    side: OrderSide,
    limit: number,
    first: number,
    known: readonly number[],
    fast: boolean,
    far: boolean,
  ): { price: number; why: Exclude<Stopped, null> } {
    const sign = side === 'buy' ? 1 : -1;
    const none = side === 'buy' ? -MAX - 1 : MAX + 1;
    const { velocity, stopRangeTicks: range } = one.config;
    const all = [...known, first];
    const allowed = (p: number): boolean => all.every((q) => Math.abs(p - q) <= velocity!.ticks);
    const edge = side === 'buy' ? Math.min(...all) : Math.max(...all);
    const byVelocity = velocity === null ? limit : allowed(first) ? edge + sign * velocity.ticks : none;
    const from = one.chainFrom;
    const byStops =
      from === null || range === null ? null : Math.abs(first - from) > range ? none : from + sign * range;
    if (byStops !== null && from !== null && (byVelocity - byStops) * sign >= 0) {
      if (!far && !fast) throw new Error('nothing stops it');
      return { price: byStops, why: { from } };
    }
    return { price: byVelocity, why: 'velocity' };
  }

  #afterTrades(one: NaiveInstrument): void {
    for (const trade of one.book.trades) {
      one.last = trade.price;
      one.history.push({ at: this.#now, price: trade.price });
      this.#elect(one, trade.price);
    }
    one.book.trades = [];
  }

  #elect(one: NaiveInstrument, price: number): void {
    const falls = one.stops
      .filter((s) => s.order.side === 'sell' && price <= s.trigger)
      .sort((a, b) => b.trigger - a.trigger || a.id - b.id);
    const rises = one.stops
      .filter((s) => s.order.side === 'buy' && price >= s.trigger)
      .sort((a, b) => a.trigger - b.trigger || a.id - b.id);
    const met = [...falls, ...rises];
    if (met.length > 0) one.chainFrom ??= price;
    one.stops = one.stops.filter((s) => !met.includes(s));
    one.queue.push(...met);
  }

  #run(one: NaiveInstrument, stopped: Stopped): Stopped {
    let result = stopped;
    while (one.queue.length > 0) result = this.#fire(one, one.queue.shift()!) ?? result;
    one.chainFrom = null;
    return result;
  }

  #fire(one: NaiveInstrument, stop: Stop): Stopped {
    one.book.note('triggered', sized(stop.order), stop.trigger, stop.id, null);
    return this.#place(one, stop.order, this.#inLimits(one, stop.order.side, one.limitOf(stop)));
  }

  #stop(one: NaiveInstrument, why: Stopped): void {
    if (why === null) return;
    const { stopsTogether, pauseMicros, reserveMicros, prolongations } = this.#config;
    if (why === 'velocity' && one.config.isLead && stopsTogether) {
      this.state = 'pre-open';
      this.#resume = this.#now + pauseMicros;
      for (const each of this.instruments) {
        each.book.collecting = true;
        each.reservedUntil = null;
        each.interrupted = true;
      }
      return;
    }
    one.book.collecting = true;
    one.reservedUntil = this.#now + reserveMicros;
    one.reservedFrom = why === 'velocity' ? null : why.from;
    one.prolongations = why === 'velocity' ? 0 : prolongations;
    one.interrupted = true;
  }

  #open(one: NaiveInstrument, at: number): void {
    one.reservedUntil = null;
    one.interrupted = false;
    for (;;) {
      const price = naiveOpeningPrice(one.levels('buy'), one.levels('sell'), one.settlement);
      if (price === null) {
        one.book.open();
        one.history = one.last === null ? [] : [{ at, price: one.last }];
        return;
      }
      this.#elect(one, price);
      if (one.queue.length === 0) {
        one.book.uncross(price);
        one.book.trades = [];
        one.last = price;
        one.history = [{ at, price }];
        return;
      }
      this.#run(one, null);
    }
  }

  #schedule(state: GroupState): void {
    const was = this.state;
    this.state = state;
    this.#resume = null;
    for (const one of this.instruments) {
      if (state === 'open') {
        if (was !== 'open' || one.reservedUntil !== null) this.#open(one, this.#now);
        continue;
      }
      one.book.collecting = true;
      one.reservedUntil = null;
      one.interrupted = false;
      if (state !== 'close-final') continue;
      const now = Math.floor(this.#now / 1e6);
      one.book.cancelAll((o) => o.time === 'DAY', 'day-ended');
      one.book.cancelAll((o) => o.time === 'GTD' && o.goodTill <= now, 'expired');
      for (const s of one.stops) {
        const expired = s.order.timeInForce === 'GTD' && Math.floor(s.order.goodTillMicros! / 1e6) <= now;
        if (s.order.timeInForce !== 'DAY' && !expired) continue;
        one.stops = one.stops.filter((other) => other !== s);
        one.book.note('disarmed', sized(s.order), s.trigger, s.id, expired ? 'expired' : 'day-ended');
      }
    }
  }

  #due(until: number): void {
    for (;;) {
      const ends = this.instruments.map((one) => one.reservedUntil ?? Number.POSITIVE_INFINITY);
      const first = Math.min(...ends);
      const resume = this.#resume ?? Number.POSITIVE_INFINITY;
      if (Math.min(first, resume) > until) return;
      this.#now = Math.min(first, resume);
      if (resume <= first) {
        this.state = 'open';
        this.#resume = null;
        for (const one of this.instruments) this.#open(one, resume);
        this.#tradeAcross();
        continue;
      }
      const one = this.instruments[ends.indexOf(first)]!;
      const opening = one.indicative();
      const range = one.config.stopRangeTicks ?? 0;
      const tooFar =
        one.reservedFrom !== null &&
        opening !== null &&
        Math.abs(opening.price - one.reservedFrom) > 2 * range;
      if (tooFar && one.prolongations > 0) {
        one.prolongations--;
        one.reservedUntil = first + this.#config.reserveMicros;
      } else this.#open(one, first);
      this.#tradeAcross();
    }
  }

  #best(one: NaiveInstrument, side: OrderSide): number | null {
    const here = (side === 'buy' ? one.book.asks : one.book.bids)[0]?.price ?? null;
    const implied = this.#bestOffer(one, side)?.price ?? null;
    if (here === null || implied === null) return here ?? implied;
    return side === 'buy' ? Math.min(here, implied) : Math.max(here, implied);
  }

  #outside(one: NaiveInstrument, side: OrderSide, price: number): boolean {
    const { limits } = one;
    if (limits !== null && (side === 'buy' ? price > limits.high : price < limits.low)) return true;
    const { bandTicks } = one.config;
    if (bandTicks === null) return false;
    let around = one.last ?? one.settlement;
    if (one.book.collecting) around = one.indicative()?.price ?? (one.interrupted ? around : one.settlement);
    else if (around !== null) {
      const bid = one.book.bids[0]?.price;
      const ask = one.book.asks[0]?.price;
      if (bid !== undefined && bid > around) around = bid;
      else if (ask !== undefined && ask < around) around = ask;
    }
    if (around === null) return false;
    return side === 'buy' ? price > around + bandTicks : price < around - bandTicks;
  }

  #inLimits(one: NaiveInstrument, side: OrderSide, price: number): number {
    if (one.limits === null) return price;
    return side === 'buy' ? Math.min(price, one.limits.high) : Math.max(price, one.limits.low);
  }

  #refuseOrder(one: NaiveInstrument, order: GlobexOrder, reason: Rejection): void {
    this.#refuse(one, { ...order, price: order.priceTicks, size: order.sizeLots }, reason);
  }

  #refuse(one: NaiveInstrument, who: typeof NOBODY | NaiveEntry | object, reason: Rejection): void {
    one.book.reject({ ...entryOf(null), ...who }, reason);
  }

  #lines(): string[] {
    const lines = this.#settled;
    this.#settled = [];
    for (const [i, one] of this.instruments.entries()) {
      const { log } = one.book;
      for (let l = 0; l < log.length; l += 9) {
        lines.push(`${i} ${log.slice(l, l + 9).join(' ')}`);
        if (one.config.settlesAt !== null) this.#noteUnsettled(one, log, l);
      }
      one.book.log = [];
      const state = this.stateOf(one);
      const opening = one.book.collecting ? one.indicative() : null;
      const told = { state, price: opening?.price ?? null, matched: opening?.matched ?? 0 };
      if (told.state !== one.told.state) lines.push(`${i} state ${state}`);
      const moved = told.price !== one.told.price || told.matched !== one.told.matched;
      if (moved) lines.push(`${i} indicative ${told.price} ${told.matched}`);
      one.told = told;
    }
    return lines;
  }

  #noteUnsettled(one: NaiveInstrument, log: readonly number[], l: number): void {
    const [kind, side, offset, lots, account] = log.slice(l, l + 5) as [
      number,
      number,
      number,
      number,
      number,
    ];
    if (kind !== 2 && kind !== 7) return;
    const other = one.book.accountOf(log[l + 7]!);
    const taker = kind === 7 || side === 0 ? [account, other] : [other, account];
    one.unsettled.push({ offset, lots, buyer: taker[0]!, seller: taker[1]! });
  }
}

function isAtOnce(order: GlobexOrder): boolean {
  const time = order.timeInForce;
  return (
    time === 'IOC' ||
    time === 'FOK' ||
    order.minimumLots > 0 ||
    order.type === 'market' ||
    order.type === 'market-limit'
  );
}

const sized = (order: GlobexOrder): GlobexOrder & { size: number } => ({ ...order, size: order.sizeLots });

function entryOf(order: GlobexOrder | null): NaiveEntry {
  return {
    side: order?.side ?? 'buy',
    price: order?.priceTicks ?? null,
    size: order?.sizeLots ?? 0,
    time: order?.timeInForce ?? 'GTC',
    account: order?.account ?? 0,
    tag: order?.tag ?? 0,
    selfTrade:
      order === null || order.selfMatchId === 0
        ? 'none'
        : order.selfMatch === 'cancel-resting'
          ? 'expire-maker'
          : 'expire-taker',
    ownAccount: false,
    group: order?.selfMatchId ?? 0,
    display: order?.displayLots ?? 0,
    minimum: order?.minimumLots ?? 0,
    reduceOnly: false,
    goodTill: Math.floor((order?.goodTillMicros ?? 0) / 1e6),
    makerPercent: order?.makerPercent ?? 0,
  };
}
