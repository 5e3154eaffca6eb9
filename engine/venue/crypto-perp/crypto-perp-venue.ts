/** One perpetual contract's exchange: a price-time book, conditional orders, positions and order rules as a machine. */
import { assert } from '../../core/assert.ts';
import type { Machine } from '../../core/machine.ts';
import { StateHash } from '../../core/state-hash.ts';
import { FIFO } from '../matching/allocation.ts';
import { BOOK_EVENT_KINDS, type BookEvents } from '../matching/book-events.ts';
import type { BookReader } from '../matching/book-reader.ts';
import { type BookRules, OrderBook } from '../matching/order-book.ts';
import { isOrderPrice } from '../matching/order-checks.ts';
import {
  CANCELLATIONS,
  type Cancellation,
  type OrderHandle,
  REJECTIONS,
  type Rejection,
  selfTradeNumber,
  TIMES_IN_FORCE,
  timeNumber,
} from '../matching/order-terms.ts';
import type { OrderTicket } from '../matching/order-ticket.ts';
import { TriggerBook } from '../matching/trigger-book.ts';
import { readOutputs, type VenueOutput } from '../matching/venue-output.ts';
import type {
  PerpConditional,
  PerpInput,
  PerpOrder,
  PerpSnapshot,
  PerpVenueConfig,
  WaitingPerp,
} from './perp-orders.ts';
import { conditionalRefusal, isTooFarApart, matchedPrice, orderRefusal, ruleOf } from './perp-rules.ts';

const ARMED = BOOK_EVENT_KINDS.indexOf('armed');
const TRIGGERED = BOOK_EVENT_KINDS.indexOf('triggered');
const DISARMED = BOOK_EVENT_KINDS.indexOf('disarmed');
const EXPIRED = CANCELLATIONS.indexOf('expired');
const IOC = TIMES_IN_FORCE.indexOf('IOC');
const FOK = TIMES_IN_FORCE.indexOf('FOK');
const GTX = TIMES_IN_FORCE.indexOf('GTX');
const UNKNOWN = REJECTIONS.indexOf('order/unknown');
const SECOND = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

const sideNumber = (order: PerpOrder): number => (order.side === 'buy' ? 0 : 1);

/**
 * A venue for one linear perpetual in one-way position mode.
 *
 * Every input carries its time; what its time makes due (good-till-date orders) happens first. Orders elected by a trade
 * or a mark price enter one after another once the command that elected them is done, each with all its consequences
 * queued behind the others.
 *
 * Assumes: no margin check (that is the caller's), one contract, hedge mode not modelled, market orders without a bound
 * of their own. Self-trade prevention does not apply to FOK and post-only orders, and an amendment resets it to none.
 *
 * Source: Binance USDT-M Futures, New Order, New Algo Order and Self Trade Prevention FAQ.
 */
export class CryptoPerpVenue implements Machine<PerpInput, VenueOutput, PerpSnapshot> {
  readonly #config: PerpVenueConfig;
  readonly #book: OrderBook;
  readonly #hasGroups: boolean;
  readonly #contract: TriggerBook<WaitingPerp> = new TriggerBook();
  readonly #mark: TriggerBook<WaitingPerp> = new TriggerBook();
  readonly #elected: WaitingPerp[] = [];
  /** True while elected orders enter one after another. */
  #running = false;
  #nowMicros = 0;
  #markTicks: number | null = null;
  #conditionalsPlaced = 0;
  /** When the next good-till-date order ends. */
  #nextExpiryMicros: number = NEVER;

  constructor(config: PerpVenueConfig, snapshot?: PerpSnapshot) {
    this.#config = config;
    this.#hasGroups = config.tradeGroups.some((group) => group !== 0);
    const rules: BookRules = { allocation: FIFO, accounts: config.accounts };
    this.#book =
      snapshot === undefined
        ? new OrderBook(config.limits, rules)
        : OrderBook.restore(config.limits, snapshot.book, rules);
    this.#book.ticket.ownAccount = true;
    if (snapshot === undefined) return;
    this.#nowMicros = snapshot.nowMicros;
    this.#markTicks = snapshot.markTicks;
    this.#conditionalsPlaced = snapshot.conditionalsPlaced;
    this.#contract.restore(snapshot.contract);
    this.#mark.restore(snapshot.mark);
    this.#findNextExpiry();
  }

  /** The book, to be read. */
  get book(): BookReader {
    return this.#book;
  }

  /** What {@link CryptoPerpVenue.execute} wrote, for owners that read numbers; they clear it. */
  get events(): BookEvents {
    return this.#book.events;
  }

  /** Conditional orders that wait. */
  get waitingCount(): number {
    return this.#contract.count + this.#mark.count;
  }

  apply(input: PerpInput): readonly VenueOutput[] {
    this.execute(input);
    const outputs = readOutputs(this.#book.events);
    this.#book.events.clear();
    return outputs;
  }

  /** Like `apply`, but only writes to {@link CryptoPerpVenue.events}: plain orders cost no garbage this way. */
  execute(input: PerpInput): void {
    this.advance(input.atMicros);
    switch (input.kind) {
      case 'order':
        this.#placeOrder(input.order);
        break;
      case 'conditional':
        this.#placeConditional(input.order);
        break;
      case 'cancel':
        this.cancel(input.handle);
        break;
      case 'cancel-conditional':
        this.#cancelConditional(input.id);
        break;
      case 'cancel-account':
        this.#cancelAccount(input.account);
        break;
      case 'amend':
        this.amend(input.handle, input.priceTicks, input.sizeLots);
        break;
      case 'mark':
        this.#setMark(input.priceTicks);
        break;
      case 'clock':
        break;
    }
  }

  /** Moves the clock and does what its time makes due. */
  advance(atMicros: number): void {
    const before = this.#nowMicros;
    this.#nowMicros = atMicros;
    if (atMicros < before || atMicros >= this.#nextExpiryMicros) this.#expireSince(before);
  }

  /** The form for {@link CryptoPerpVenue.enterTicket}; its extras are for reduce-only and
   * good-till-date alone, and FOK and post-only orders have no self-trade mode. */
  get ticket(): OrderTicket {
    return this.#book.ticket;
  }

  /**
   * Enters the order on the ticket with all its consequences: the way of an `order` input whose owner has checked it and
   * speaks in numbers. Returns the handle where it rests, else 0.
   */
  enterTicket(): OrderHandle {
    const book = this.#book;
    const t = book.ticket;
    if (this.#hasGroups) this.#joinGroup(t);
    const trades = book.tradeCount;
    const handle = book.enter();
    if (t.extras !== null && handle !== 0) this.#watchExpiry(t.extras.goodTillSeconds);
    if (book.tradeCount !== trades) this.#afterTrades();
    return handle;
  }

  /** The way of a `cancel` input. */
  cancel(handle: OrderHandle): void {
    this.#book.cancel(handle);
  }

  /** The way of an `amend` input. */
  amend(handle: OrderHandle, priceTicks: number, sizeLots: number): void {
    const trades = this.#book.tradeCount;
    this.#book.amend(handle, priceTicks, sizeLots);
    if (this.#book.tradeCount !== trades) this.#afterTrades();
  }

  snapshot(): PerpSnapshot {
    return {
      book: this.#book.snapshot(),
      nowMicros: this.#nowMicros,
      markTicks: this.#markTicks,
      conditionalsPlaced: this.#conditionalsPlaced,
      contract: this.#contract.states(),
      mark: this.#mark.states(),
    };
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.#book.stateHash());
    hash.integer(this.#markTicks ?? 0);
    hash.integer(this.#conditionalsPlaced);
    for (const waiting of [this.#contract, this.#mark]) {
      for (const { order, extremeTicks } of waiting.states()) {
        hash.integer(order.id);
        hash.integer(order.triggerTicks);
        hash.integer(extremeTicks);
      }
    }
    return hash.value();
  }

  #placeOrder(order: PerpOrder): void {
    const refusal = orderRefusal(order, this.#nowMicros);
    if (refusal !== null) this.#refuse(order, refusal);
    else if (this.#fillTicket(order, order.sizeLots)) this.enterTicket();
  }

  /** Puts an order on the book's ticket; false where it was refused. */
  #fillTicket(order: PerpOrder, sizeLots: number): boolean {
    const book = this.#book;
    const t = book.ticket;
    const price =
      order.priceMatch === null ? order.priceTicks : matchedPrice(book, order.side, order.priceMatch);
    if (price === null && order.priceMatch !== null) {
      this.#refuse(order, 'order/no-market');
      return false;
    }
    const time = price === null ? IOC : timeNumber(order.timeInForce);
    t.side = order.side === 'buy' ? 0 : 1;
    t.priced = price !== null;
    t.priceTicks = price ?? 0;
    t.sizeLots = sizeLots;
    t.timeInForce = time;
    t.account = order.account;
    t.tag = order.tag;
    t.selfTrade = time === FOK || time === GTX ? 0 : selfTradeNumber(order.selfTrade);
    t.extras = null;
    if (order.reduceOnly || order.goodTillMicros !== null) {
      const extras = t.withExtras();
      extras.reduceOnly = order.reduceOnly;
      extras.goodTillSeconds = Math.floor((order.goodTillMicros ?? 0) / SECOND);
    }
    return true;
  }

  #joinGroup(t: OrderTicket): void {
    const group = this.#config.tradeGroups[t.account] ?? 0;
    if (group !== 0) (t.extras ?? t.withExtras()).group = group;
  }

  #watchExpiry(goodTillSeconds: number): void {
    if (goodTillSeconds === 0) return;
    this.#nextExpiryMicros = Math.min(this.#nextExpiryMicros, goodTillSeconds * SECOND);
  }

  /**
   * Elects what a command's trades elect and runs it. The trades of one command run one way, so that the first and the last
   * price say it all. While elected orders run, those that their trades elect queue up behind them.
   */
  #afterTrades(): void {
    const { firstTradeTicks, lastTradeTicks } = this.#book;
    const isIdle = this.#contract.isIdleAt(firstTradeTicks) && this.#contract.isIdleAt(lastTradeTicks);
    if (isIdle) return;
    this.#elected.push(...this.#contract.elect(firstTradeTicks), ...this.#contract.elect(lastTradeTicks));
    this.#runElected();
  }

  #setMark(priceTicks: number): void {
    assert(isOrderPrice(priceTicks), 'a mark price is a whole number of ticks');
    this.#markTicks = priceTicks;
    this.#elected.push(...this.#mark.elect(priceTicks));
    this.#runElected();
  }

  #placeConditional(order: PerpConditional): void {
    const price = order.workingPrice === 'mark' ? this.#markTicks : this.#lastTicks();
    const refusal =
      order.account >= 0 && order.account < this.#config.accounts
        ? conditionalRefusal(order, price)
        : 'order/account-unknown';
    if (refusal !== null || this.waitingCount >= this.#config.conditionalOrders) {
      this.#refuse(order, refusal ?? 'order/limit-exceeded');
      return;
    }
    const id = ++this.#conditionalsPlaced;
    const triggerTicks = order.triggerTicks ?? price ?? 0;
    const { callbackPermille } = order;
    const waiting = { id, rule: ruleOf(order), triggerTicks, callbackPermille, order };
    (order.workingPrice === 'mark' ? this.#mark : this.#contract).add(waiting, price ?? 0);
    this.#tell(ARMED, waiting, 0);
  }

  #runElected(): void {
    if (this.#running) return;
    this.#running = true;
    for (let i = 0; i < this.#elected.length; i++) this.#fire(this.#elected[i] as WaitingPerp);
    this.#elected.length = 0;
    this.#running = false;
  }

  #fire(waiting: WaitingPerp): void {
    const { order } = waiting;
    const mark = this.#markTicks;
    const last = this.#lastTicks();
    if (order.priceProtect && mark !== null && last !== null) {
      if (isTooFarApart(mark, last, this.#config.triggerProtectPer10k)) {
        this.#disarm(waiting, 'price-protect');
        return;
      }
    }
    const held = this.#book.positionOf(order.account);
    const closable = Math.max(0, order.side === 'sell' ? held : -held);
    if (order.closePosition && closable === 0) {
      this.#disarm(waiting, 'no-position');
      return;
    }
    this.#tell(TRIGGERED, waiting, 0);
    if (this.#fillTicket(order, order.closePosition ? closable : order.sizeLots)) this.enterTicket();
  }

  #cancelConditional(id: number): void {
    const waiting = this.#contract.remove(id) ?? this.#mark.remove(id);
    if (waiting === null) this.#book.events.rejected(0, 0, 0, 0, 0, UNKNOWN);
    else this.#disarm(waiting, 'requested');
  }

  #cancelAccount(account: number): void {
    this.#book.cancelAll((order) => order.account === account);
    for (const book of [this.#contract, this.#mark]) {
      for (const { order } of book.states()) {
        if (order.order.account !== account) continue;
        book.remove(order.id);
        this.#disarm(order, 'requested');
      }
    }
  }

  /** Ends the good-till-date orders whose second has come. */
  #expireSince(before: number): void {
    assert(this.#nowMicros >= before, 'time does not go back');
    const now = Math.floor(this.#nowMicros / SECOND);
    this.#book.cancelAll((order) => order.timeInForce === 'GTD' && order.goodTillSeconds <= now, EXPIRED);
    this.#findNextExpiry();
  }

  #findNextExpiry(): void {
    this.#nextExpiryMicros = NEVER;
    for (const order of this.#book.orders()) this.#watchExpiry(order.goodTillSeconds);
  }

  #lastTicks(): number | null {
    return this.#book.tradeCount === 0 ? null : this.#book.lastTradeTicks;
  }

  #disarm(waiting: WaitingPerp, reason: Cancellation): void {
    this.#tell(DISARMED, waiting, CANCELLATIONS.indexOf(reason));
  }

  #tell(kind: number, waiting: WaitingPerp, reason: number): void {
    const { order, id, triggerTicks } = waiting;
    const { account, tag, sizeLots } = order;
    this.#book.events.write(kind, sideNumber(order), triggerTicks, sizeLots, account, tag, id, 0, reason);
  }

  #refuse(order: PerpOrder, reason: Rejection): void {
    const { priceTicks, sizeLots, account, tag } = order;
    const why = REJECTIONS.indexOf(reason);
    this.#book.events.rejected(sideNumber(order), priceTicks ?? 0, sizeLots, account, tag, why);
  }
}
