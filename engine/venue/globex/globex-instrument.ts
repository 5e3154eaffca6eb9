/** One instrument of a Globex group: its book, its stops, and what interrupts its trading. */
import { StateHash } from '../../core/state-hash.ts';
import { BOOK_EVENT_KINDS } from '../matching/book-events.ts';
import type { OpeningPrice } from '../matching/opening-price.ts';
import { OrderBook } from '../matching/order-book.ts';
import {
  CANCELLATIONS,
  MAX_PRICE_TICKS,
  type OrderHandle,
  type OrderSide,
  REJECTIONS,
  type Rejection,
  SELF_TRADE_MODES,
} from '../matching/order-terms.ts';
import { TriggerBook } from '../matching/trigger-book.ts';
import { fillTicket } from './fill-ticket.ts';
import type {
  GlobexConfig,
  GlobexOrder,
  InstrumentConfig,
  InstrumentSnapshot,
  Reservation,
  UnsettledTrade,
  WaitingStop,
} from './globex-orders.ts';
import {
  isImmediate,
  isOutside,
  isSettlementOffset,
  lastBestPrice,
  orderRefusal,
  protectedLimit,
  triggerRefusal,
} from './globex-rules.ts';
import { ImpliedMarket } from './implied-market.ts';
import { type MarketState, mayTouch } from './market-states.ts';
import { openingWithStops, stopLimitPrice } from './stop-opening.ts';
import { electingPrice, type Interruption, interruptingBound, type TradingBound } from './trading-bounds.ts';
import { VelocityWindow } from './velocity-window.ts';

const ARMED = BOOK_EVENT_KINDS.indexOf('armed');
const TRIGGERED = BOOK_EVENT_KINDS.indexOf('triggered');
const DISARMED = BOOK_EVENT_KINDS.indexOf('disarmed');
const REQUESTED = CANCELLATIONS.indexOf('requested');
const ELIMINATED = CANCELLATIONS.indexOf('velocity-logic');
const DAY_ENDED = CANCELLATIONS.indexOf('day-ended');
const EXPIRED = CANCELLATIONS.indexOf('expired');
const CANCEL_RESTING = SELF_TRADE_MODES.indexOf('expire-maker');
const SECOND = 1_000_000;

/**
 * Takes orders in the state that its group tells, at the time that the group's clock shows. After an interruption the book only collects, and the group decides when it
 * opens again.
 */
export class GlobexInstrument {
  readonly config: InstrumentConfig;
  readonly book: OrderBook;
  settlementTicks: number | null = null;
  limits: InstrumentSnapshot['limits'] = null;
  /** Set while this instrument alone is stopped. */
  reserved: Reservation | null = null;
  /** True while trading is interrupted, by this instrument or the group. */
  interrupted = false;
  unsettled: UnsettledTrade[] = [];
  /** All that takers of the instrument meet. */
  readonly market: ImpliedMarket;
  readonly #group: GlobexConfig;
  readonly #clock: { readonly nowMicros: number };
  readonly #stops: TriggerBook<WaitingStop> = new TriggerBook();
  readonly #window: VelocityWindow | null;
  readonly #elected: WaitingStop[] = [];
  /** The price that elected the first of the stops that run now; null while none run. */
  #stopsFrom: number | null = null;
  #stopsPlaced = 0;
  #lastTicks: number | null = null;

  /** @param clock - time of the group, which moves on by itself */
  constructor(
    group: GlobexConfig,
    config: InstrumentConfig,
    clock: { readonly nowMicros: number },
    snapshot?: InstrumentSnapshot,
  ) {
    this.#clock = clock;
    this.#group = group;
    this.config = config;
    this.#window = config.velocity === null ? null : new VelocityWindow(config.velocity);
    const rules = { allocation: config.allocation, accounts: null };
    if (snapshot === undefined) {
      // Trades at settlement are ticks away from it.
      if (config.settlesAt !== null) this.settlementTicks = 0;
      this.book = new OrderBook(group.limits, rules);
      this.book.collect();
      this.market = new ImpliedMarket(this);
      return;
    }
    this.book = OrderBook.restore(group.limits, snapshot.book, rules);
    this.market = new ImpliedMarket(this);
    this.#stops.restore(snapshot.stops);
    this.#stopsPlaced = snapshot.stopsPlaced;
    this.#lastTicks = snapshot.lastTicks;
    this.settlementTicks = snapshot.settlementTicks;
    this.limits = snapshot.limits;
    this.#window?.restore(snapshot.window);
    this.reserved = snapshot.reserved;
    this.unsettled = [...snapshot.unsettled];
  }

  /** Stops that wait. */
  get stopCount(): number {
    return this.#stops.count;
  }

  /** Takes an order. Returns what stopped trading while it did, if anything. */
  enter(order: GlobexOrder, state: MarketState): Interruption | null {
    const refusal = orderRefusal(order, state, this.#clock.nowMicros);
    if (refusal !== null) return this.#refuse(order, refusal);
    const { priceTicks } = order;
    const isTas = this.config.settlesAt !== null;
    if (isTas && priceTicks !== null && !isSettlementOffset(priceTicks)) {
      return this.#refuse(order, 'order/price-outside-band');
    }
    if (order.triggerTicks !== null) return this.#placeStop(order, order.triggerTicks, state);
    const best = this.market.bestTicks(order.side);
    if (priceTicks === null && best === null) return this.#refuse(order, 'order/no-market');
    const price = priceTicks ?? (best as number);
    if (order.type !== 'market' && this.#isOutside(order, price)) {
      return this.#refuse(order, 'order/price-outside-band');
    }
    const { protectionTicks } = this.config;
    const limit = order.type === 'market' ? protectedLimit(order.side, price, protectionTicks) : price;
    const interruption = this.#place(order, this.#withinLimits(order, limit));
    return this.runElected() ?? interruption;
  }

  modify(handle: OrderHandle, priceTicks: number, sizeLots: number, state: MarketState): Interruption | null {
    const order = this.book.find(handle);
    if (order !== null && !mayTouch(order.timeInForce, state, 'modifies')) {
      return this.#refuse(order, 'order/state-forbids');
    }
    const isTas = this.config.settlesAt !== null;
    const isFar = isTas && !isSettlementOffset(priceTicks);
    if (order !== null && (isFar || this.#isOutside(order, priceTicks))) {
      return this.#refuse(order, 'order/price-outside-band');
    }
    const bound = order === null ? null : this.#boundOf(order.side, priceTicks, sizeLots);
    const trades = this.book.tradeCount;
    const selfMatch = order === null || order.group === 0 ? 0 : CANCEL_RESTING;
    const changed = this.book.amend(handle, priceTicks, sizeLots, selfMatch, bound?.ticks ?? null);
    const interruption = changed && bound !== null ? bound.interruption : null;
    if (interruption !== null) this.book.collect();
    this.#noteTrades(trades);
    return this.runElected() ?? interruption;
  }

  cancel(handle: OrderHandle, state: MarketState): void {
    const order = this.book.find(handle);
    if (order !== null && !mayTouch(order.timeInForce, state, 'cancels')) {
      this.#refuse(order, 'order/state-forbids');
      return;
    }
    this.book.cancel(handle);
  }

  cancelStop(id: number, state: MarketState): void {
    const stop = this.#stops.states().find(({ order }) => order.id === id)?.order;
    if (stop !== undefined && !mayTouch(stop.order.timeInForce, state, 'cancels')) {
      this.#refuse(stop.order, 'order/state-forbids');
      return;
    }
    if (this.#stops.remove(id) === null) {
      this.book.events.rejected(0, 0, 0, 0, 0, REJECTIONS.indexOf('order/unknown'));
    } else if (stop !== undefined) this.#tell(DISARMED, stop, REQUESTED);
  }

  /** The price at which the book would open now. */
  indicative(): OpeningPrice | null {
    const stops = this.#stops.states().map(({ order }) => order);
    return openingWithStops(this.book, stops, this.config.protectionTicks, this.settlementTicks);
  }

  /** The Opening: elects stops, matches what is crossed at one price, and goes on continuously. */
  open(): void {
    this.reserved = null;
    this.interrupted = false;
    for (let price = this.#bookOpening(); price !== null; price = this.#bookOpening()) {
      const elected = this.#stops.elect(price);
      for (const stop of elected) this.#enterStop(stop);
      if (elected.length > 0) continue;
      this.book.uncross(price);
      this.#window?.restart();
      this.#window?.add(this.#clock.nowMicros, price);
      this.#lastTicks = price;
      return;
    }
    this.book.open();
    this.#window?.restart();
    if (this.#lastTicks !== null) this.#window?.add(this.#clock.nowMicros, this.#lastTicks);
  }

  /** The end of the day: orders for the day and those whose date has come are eliminated. */
  endDay(): void {
    const now = Math.floor(this.#clock.nowMicros / SECOND);
    this.book.cancelAll((o) => o.timeInForce === 'DAY', DAY_ENDED);
    this.book.cancelAll((o) => o.timeInForce === 'GTD' && o.goodTillSeconds <= now, EXPIRED);
    for (const { order: stop } of this.#stops.states()) {
      const { timeInForce, goodTillMicros } = stop.order;
      const expired = timeInForce === 'GTD' && Math.floor((goodTillMicros ?? 0) / SECOND) <= now;
      if (timeInForce !== 'DAY' && !expired) continue;
      this.#stops.remove(stop.id);
      this.#tell(DISARMED, stop, expired ? EXPIRED : DAY_ENDED);
    }
  }

  snapshot(): InstrumentSnapshot {
    return {
      book: this.book.snapshot(),
      stops: this.#stops.states(),
      stopsPlaced: this.#stopsPlaced,
      lastTicks: this.#lastTicks,
      settlementTicks: this.settlementTicks,
      limits: this.limits,
      window: [...(this.#window?.prices() ?? [])],
      reserved: this.reserved,
      unsettled: [...this.unsettled],
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.book.stateHash());
    hash.integer(this.#stopsPlaced);
    for (const { order } of this.#stops.states()) {
      hash.integer(order.id);
      hash.integer(order.triggerTicks);
    }
    for (const n of [this.#lastTicks, this.settlementTicks, this.reserved?.untilMicros]) {
      hash.integer(n ?? 0);
    }
    for (const trade of this.unsettled) hash.integer(trade.sizeLots);
    return hash.value();
  }

  /** Enters an order at its limit, as far as it may go. */
  #place(order: GlobexOrder, limitTicks: number): Interruption | null {
    const book = this.book;
    const bound = this.#boundOf(order.side, limitTicks, order.sizeLots);
    fillTicket(book.ticket, order, limitTicks, bound?.ticks ?? null);
    if (bound !== null && isImmediate(order)) {
      book.acceptAndEnd(ELIMINATED);
      return null;
    }
    const trades = book.tradeCount;
    book.enter();
    if (bound !== null) book.collect();
    this.#noteTrades(trades);
    return bound === null ? null : bound.interruption;
  }

  #boundOf(side: OrderSide, limitTicks: number, sizeLots: number): TradingBound | null {
    if (this.book.collecting) return null;
    const { stopRangeTicks } = this.config;
    const range =
      this.#stopsFrom === null || stopRangeTicks === null
        ? null
        : { fromTicks: this.#stopsFrom, rangeTicks: stopRangeTicks };
    const { nowMicros } = this.#clock;
    return interruptingBound(this.market, side, limitTicks, sizeLots, this.#window, range, nowMicros);
  }

  /** Remembers the prices of a command's trades, which run one way, and elects stops by them. */
  #noteTrades(tradesBefore: number): void {
    if (this.book.tradeCount === tradesBefore) return;
    const { firstTradeTicks, lastTradeTicks } = this.book;
    this.#lastTicks = lastTradeTicks;
    for (const price of [firstTradeTicks, lastTradeTicks]) {
      this.#window?.add(this.#clock.nowMicros, price);
      const elected = this.#stops.elect(price);
      if (elected.length === 0) continue;
      this.#stopsFrom ??= electingPrice(this.book, elected[0] as WaitingStop, tradesBefore, price);
      this.#elected.push(...elected);
    }
  }

  /** True while stops that trades elsewhere elected have not entered yet. */
  get hasElected(): boolean {
    return this.#elected.length > 0;
  }

  isWithinLimits(priceTicks: number): boolean {
    const { limits } = this;
    return limits === null || (priceTicks >= limits.lowTicks && priceTicks <= limits.highTicks);
  }

  worstAllowed(takerSide: OrderSide, bestTicks: number): number | null {
    if (!this.isWithinLimits(bestTicks)) return null;
    const anywhere = takerSide === 'buy' ? MAX_PRICE_TICKS : -MAX_PRICE_TICKS;
    const fast = this.#window?.worstAllowed(takerSide, bestTicks, this.#clock.nowMicros) ?? null;
    if (fast === null && this.#window !== null) return null;
    return this.#withinLimits({ side: takerSide }, fast ?? anywhere);
  }

  trade(takerSide: OrderSide, sizeLots: number, account: number, tag: number): void {
    const trades = this.book.tradeCount;
    this.book.takeBest(takerSide, sizeLots, account, tag);
    this.#noteTrades(trades);
  }

  fillResting(handle: OrderHandle, priceTicks: number, sizeLots: number): void {
    const trades = this.book.tradeCount;
    this.book.fillImplied(handle, priceTicks, sizeLots);
    this.#noteTrades(trades);
  }

  /** Enters elected stops one after another; after an interruption the others only rest. */
  runElected(): Interruption | null {
    let interruption: Interruption | null = null;
    for (let i = 0; i < this.#elected.length; i++) {
      interruption = this.#enterStop(this.#elected[i] as WaitingStop) ?? interruption;
    }
    this.#elected.length = 0;
    this.#stopsFrom = null;
    return interruption;
  }

  #enterStop(stop: WaitingStop): Interruption | null {
    this.#tell(TRIGGERED, stop, 0);
    const limit = stopLimitPrice(stop, this.config.protectionTicks);
    return this.#place(stop.order, this.#withinLimits(stop.order, limit));
  }

  #placeStop(order: GlobexOrder, triggerTicks: number, state: MarketState): null {
    const isTrading = state === 'open' || state === 'reserved';
    const reference = isTrading ? (this.#lastTicks ?? this.settlementTicks) : this.settlementTicks;
    const refusal = triggerRefusal(order, reference);
    if (refusal !== null) return this.#refuse(order, refusal);
    if (order.priceTicks !== null && this.#isOutside(order, order.priceTicks)) {
      return this.#refuse(order, 'order/price-outside-band');
    }
    if (this.#stops.count >= this.#group.stopOrders) return this.#refuse(order, 'order/limit-exceeded');
    const id = ++this.#stopsPlaced;
    const rule = order.side === 'buy' ? ('rises-to' as const) : ('falls-to' as const);
    const stop: WaitingStop = { id, rule, triggerTicks, callbackPermille: 0, order };
    this.#stops.add(stop, triggerTicks);
    this.#tell(ARMED, stop, 0);
    return null;
  }

  /** The opening price of the book as it is, without the stops that wait. */
  #bookOpening(): number | null {
    const opening = openingWithStops(this.book, [], this.config.protectionTicks, this.settlementTicks);
    return opening === null ? null : opening.priceTicks;
  }

  #isOutside(order: { readonly side: OrderSide }, priceTicks: number): boolean {
    const { bandTicks } = this.config;
    const reference = this.#bandReference();
    const band = bandTicks === null || reference === null ? null : { referenceTicks: reference, bandTicks };
    return isOutside(order.side, priceTicks, this.limits, band);
  }

  /** What the price band lies around: see `lastBestPrice`; while collecting, the indicative price where there is one. */
  #bandReference(): number | null {
    const base = this.#lastTicks ?? this.settlementTicks;
    if (!this.book.collecting) {
      return base === null ? null : lastBestPrice(base, this.book.bestBidTicks, this.book.bestAskTicks);
    }
    return this.indicative()?.priceTicks ?? (this.interrupted ? base : this.settlementTicks);
  }

  #withinLimits(order: { readonly side: OrderSide }, priceTicks: number): number {
    if (this.limits === null) return priceTicks;
    const { lowTicks, highTicks } = this.limits;
    return order.side === 'buy' ? Math.min(priceTicks, highTicks) : Math.max(priceTicks, lowTicks);
  }

  #tell(kind: number, stop: WaitingStop, reason: number): void {
    const { order, id, triggerTicks } = stop;
    const side = order.side === 'buy' ? 0 : 1;
    const { account, tag, sizeLots } = order;
    this.book.events.write(kind, side, triggerTicks, sizeLots, account, tag, id, 0, reason);
  }

  #refuse(order: Refused, reason: Rejection): null {
    const { side, priceTicks, account, tag } = order;
    const lots = order.sizeLots ?? 0;
    const why = REJECTIONS.indexOf(reason);
    this.book.events.rejected(side === 'buy' ? 0 : 1, priceTicks ?? 0, lots, account, tag, why);
    return null;
  }
}

/** What a refusal says of an order. */
interface Refused {
  readonly side: OrderSide;
  readonly priceTicks: number | null;
  readonly sizeLots?: number;
  readonly account: number;
  readonly tag: number;
}
