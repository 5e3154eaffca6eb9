/** A simulated perpetual on the crypto perpetual venue: always open, prices without a band. */
import { CryptoPerpVenue } from '../../venue/crypto-perp/crypto-perp-venue.ts';
import type { PerpInput, PerpOrder } from '../../venue/crypto-perp/perp-orders.ts';
import {
  MAX_ORDER_LOTS,
  type OrderHandle,
  type OrderSide,
  type TimeInForce,
  timeNumber,
} from '../../venue/matching/order-terms.ts';
import type { VenueOutput } from '../../venue/matching/venue-output.ts';
import type { PaperOrder, PaperOrderId, PerpPaperOrder, StateSpan } from '../paper/paper-orders.ts';
import type { AgentOrder, ContractVenue, VenueListener } from './contract-venue.ts';
import { misfit } from './refusal.ts';
import { PERP_PARAMETERS } from './venue-parameters.ts';

const BUY = 0;
const SELL = 1;

/** One perpetual's venue; the agents' plain orders go in as numbers. */
export class PerpVenue implements ContractVenue {
  readonly kind = 'crypto-perp';
  readonly state = 'open';
  readonly indicativeTicks = null;
  readonly indicativeLots = 0;
  readonly untilMicros = null;
  readonly range = null;
  readonly breakers = null;
  readonly settlement = null;
  readonly timeline: readonly StateSpan[];
  readonly #venue = new CryptoPerpVenue(PERP_PARAMETERS);
  #listener: VenueListener | null = null;

  constructor(startMicros: StateSpan['fromMicros']) {
    const reason = 'a perpetual trades around the clock';
    this.timeline = [{ state: 'open', fromMicros: startMicros, untilMicros: null, reason }];
  }

  get book(): ContractVenue['book'] {
    return this.#venue.book;
  }

  listen(listener: VenueListener): void {
    this.#listener = listener;
  }

  quote(atMicros: number, order: AgentOrder): OrderHandle | null {
    const handle = this.#enter(atMicros, order, 'GTX');
    return handle === 0 ? null : handle;
  }

  sweep(atMicros: number, account: number, side: OrderSide, limitTicks: number): void {
    const order = { account, tag: 0, side, priceTicks: limitTicks, sizeLots: MAX_ORDER_LOTS };
    this.#enter(atMicros, order, 'IOC');
  }

  take(atMicros: number, account: number, side: OrderSide, sizeLots: number): void {
    this.#enter(atMicros, { account, tag: 0, side, priceTicks: 0, sizeLots }, 'IOC', false);
  }

  /** There are no auctions here. */
  join(): void {}

  cancel(atMicros: number, handle: OrderHandle): void {
    this.#venue.advance(atMicros);
    this.#venue.cancel(handle);
    this.#read();
  }

  setMark(atMicros: number, priceTicks: number): void {
    this.#venue.execute({ kind: 'mark', atMicros, priceTicks });
    this.#read();
  }

  /** A perpetual does not halt with the market. */
  setIndex(): void {}

  /** No rule of this venue needs one. */
  setReference(): void {}

  clock(atMicros: number): void {
    this.#venue.advance(atMicros);
    this.#read();
  }

  place(atMicros: number, account: number, id: PaperOrderId, order: PaperOrder): readonly VenueOutput[] {
    if (order.venue !== 'crypto-perp' || !fits(order)) {
      const outputs = [misfit(order, account, id)];
      this.#listener?.hear(outputs);
      return outputs;
    }
    const terms = termsOf(order, account, id);
    if (order.type === 'limit' || order.type === 'market') {
      return this.#apply({ kind: 'order', atMicros, order: terms });
    }
    const { type, triggerTicks, callbackPermille, workingPrice, priceProtect, closePosition } = order;
    const conditional = { type, triggerTicks, callbackPermille, workingPrice, priceProtect, closePosition };
    return this.#apply({ kind: 'conditional', atMicros, order: { ...terms, ...conditional } });
  }

  withdraw(atMicros: number, handle: OrderHandle): readonly VenueOutput[] {
    return this.#apply({ kind: 'cancel', atMicros, handle });
  }

  cancelWaiting(atMicros: number, waitingId: number): readonly VenueOutput[] {
    return this.#apply({ kind: 'cancel-conditional', atMicros, id: waitingId });
  }

  amend(atMicros: number, handle: OrderHandle, priceTicks: number, sizeLots: number): readonly VenueOutput[] {
    return this.#apply({ kind: 'amend', atMicros, handle, priceTicks, sizeLots });
  }

  stateHash(): number {
    return this.#venue.stateHash();
  }

  #enter(atMicros: number, order: AgentOrder, time: TimeInForce, priced = true): OrderHandle {
    this.#venue.advance(atMicros);
    const t = this.#venue.ticket;
    t.side = order.side === 'buy' ? BUY : SELL;
    t.priced = priced;
    t.priceTicks = order.priceTicks;
    t.sizeLots = order.sizeLots;
    t.timeInForce = timeNumber(time);
    t.account = order.account;
    t.tag = order.tag;
    t.selfTrade = 0;
    t.extras = null;
    const handle = this.#venue.enterTicket();
    this.#read();
    return handle;
  }

  #apply(input: PerpInput): readonly VenueOutput[] {
    const outputs = this.#venue.apply(input);
    if (outputs.length > 0) this.#listener?.hear(outputs);
    return outputs;
  }

  #read(): void {
    const { events } = this.#venue;
    if (events.count === 0) return;
    this.#listener?.read(events);
    events.clear();
  }
}

/** True where a plain order has nothing of a conditional one, and none says both a price and where to take it from. */
function fits(order: PerpPaperOrder): boolean {
  const { type, priceTicks, priceMatch, triggerTicks, closePosition, callbackPermille } = order;
  const hasPrice = priceTicks !== null || priceMatch !== null;
  if (type === 'market') {
    return !hasPrice && triggerTicks === null && !closePosition && callbackPermille === 0;
  }
  if (type === 'limit') return hasPrice && triggerTicks === null && !closePosition && callbackPermille === 0;
  return true;
}

function termsOf(order: PerpPaperOrder, account: number, tag: PaperOrderId): PerpOrder {
  const { side, priceTicks, priceMatch, sizeLots, timeInForce, goodTillMicros, selfTrade, reduceOnly } =
    order;
  return {
    account,
    tag,
    side,
    priceTicks,
    priceMatch,
    sizeLots,
    timeInForce,
    goodTillMicros,
    selfTrade,
    reduceOnly,
  };
}
