/** One simulated future as a member of its Globex group. */
import { type Micros, micros } from '../../core/units.ts';
import type { BreakerView } from '../../venue/circuit-breakers/breaker-view.ts';
import { NO_LIMITS, type PriceLimits } from '../../venue/circuit-breakers/price-limits.ts';
import type {
  GlobexConfig,
  GlobexInput,
  GlobexOrder,
  GlobexOutput,
  InstrumentConfig,
} from '../../venue/globex/globex-orders.ts';
import { lastBestPrice } from '../../venue/globex/globex-rules.ts';
import type { GlobexVenue } from '../../venue/globex/globex-venue.ts';
import { type MarketState, STATE_RULES } from '../../venue/globex/market-states.ts';
import type { BookEvents } from '../../venue/matching/book-events.ts';
import type { BookReader } from '../../venue/matching/book-reader.ts';
import type { OrderHandle, OrderSide, TimeInForce } from '../../venue/matching/order-terms.ts';
import type { VenueOutput } from '../../venue/matching/venue-output.ts';
import type { PaperOrder, PaperOrderId, StateSpan } from '../paper/paper-orders.ts';
import type { AgentOrder, ContractVenue, PriceRange, VenueListener } from './contract-venue.ts';
import type { AccountTrade, BestQuotes, MemberSettlement } from './group-settlement.ts';
import { misfit } from './refusal.ts';

const MOST_SPANS = 100;
/** The reader's orders must not meet each other. */
const READER_SELF_MATCH = 1;

/** An agent's order in the venue's words. A literal of its own: these are made by the thousand. */
function agentOrder(
  account: number,
  tag: number,
  side: OrderSide,
  priceTicks: number | null,
  sizeLots: number,
  timeInForce: TimeInForce,
): GlobexOrder {
  return {
    account,
    tag,
    side,
    type: priceTicks === null ? 'market' : 'limit',
    priceTicks,
    triggerTicks: null,
    sizeLots,
    timeInForce,
    goodTillMicros: null,
    minimumLots: 0,
    displayLots: 0,
    selfMatchId: 0,
    selfMatch: 'cancel-resting',
    makerPercent: 0,
  };
}

/** What a member needs of its group. */
export interface MemberGroup {
  readonly config: GlobexConfig;
  /** When the state of the whole group ends. */
  readonly groupUntilMicros: Micros | null;
  /** An input of an agent, told as numbers unless it changes a state. */
  execute(input: GlobexInput): void;
  /** An input whose outcome is told in words; returns what concerns its instrument. */
  apply(input: GlobexInput): readonly GlobexOutput[];
  clock(atMicros: number): void;
  /** A trade in one of the books. */
  traded(instrument: number, trade: AccountTrade): void;
  setReference(instrument: number, priceTicks: number): void;
  setIndex(instrument: number, atMicros: number, level: number): void;
  /** Limits and halts of a member; null before its first day began. */
  breakersOf(instrument: number): BreakerView | null;
  settlementOf(instrument: number): MemberSettlement;
  stateHash(): number;
}

/** Speaks for one instrument of the group and remembers its states. */
export class FutureVenue implements ContractVenue {
  readonly kind = 'globex';
  readonly book: BookReader;
  indicativeTicks: number | null = null;
  indicativeLots = 0;
  /** Price of the last trade. */
  lastTicks: number | null = null;
  /** When an interruption of this instrument, or of the group by its lead month, ends by itself. */
  interruptedUntilMicros: Micros | null = null;
  timeline: readonly StateSpan[];
  /** Daily price limits in force. */
  limits: PriceLimits = NO_LIMITS;
  /** The state of which the listener knows. */
  toldState: MarketState;
  readonly #group: MemberGroup;
  readonly #venue: GlobexVenue;
  readonly #index: number;
  #settlementTicks: number | null = null;
  #listener: VenueListener | null = null;
  /** Handle of the order that rested last. */
  #rested: OrderHandle | null = null;

  constructor(group: MemberGroup, venue: GlobexVenue, index: number, startMicros: Micros) {
    this.#group = group;
    this.#venue = venue;
    this.#index = index;
    this.book = venue.book(index);
    this.toldState = venue.stateOf(index);
    this.timeline = [
      { state: venue.stateOf(index), fromMicros: startMicros, untilMicros: null, reason: 'schedule' },
    ];
  }

  get state(): MarketState {
    return this.#venue.stateOf(this.#index);
  }

  get untilMicros(): Micros | null {
    return this.interruptedUntilMicros ?? this.#group.groupUntilMicros;
  }

  get range(): PriceRange | null {
    const bandTicks = this.#config.bandTicks;
    const reference = this.#bandReference();
    const { lowTicks, highTicks } = this.limits;
    if (bandTicks === null || reference === null) return null;
    return {
      lowTicks: Math.max(reference - bandTicks, lowTicks ?? Number.NEGATIVE_INFINITY),
      highTicks: Math.min(reference + bandTicks, highTicks ?? Number.POSITIVE_INFINITY),
    };
  }

  get breakers(): BreakerView | null {
    return this.#group.breakersOf(this.#index);
  }

  get settlement(): MemberSettlement {
    return this.#group.settlementOf(this.#index);
  }

  /** Quotes that could trade now. */
  get quotes(): BestQuotes {
    const { bestBidTicks: bidTicks, bestAskTicks: askTicks } = this.book;
    return STATE_RULES[this.state].matches ? { bidTicks, askTicks } : { bidTicks: null, askTicks: null };
  }

  listen(listener: VenueListener): void {
    this.#listener = listener;
  }

  quote(atMicros: number, order: AgentOrder): OrderHandle | null {
    const { bestBidTicks, bestAskTicks } = this.book;
    const { side, sizeLots, account, tag } = order;
    // Who wants to go further than the band lets them goes as far as it does, and so takes it along.
    const priceTicks = this.#clamp(side, order.priceTicks);
    const takes =
      side === 'buy'
        ? bestAskTicks !== null && priceTicks >= bestAskTicks
        : bestBidTicks !== null && priceTicks <= bestBidTicks;
    if (takes && STATE_RULES[this.state].matches) return null;
    return this.#command(atMicros, agentOrder(account, tag, side, priceTicks, sizeLots, 'GTC'));
  }

  /** A limit order of just the size that rests there: one that asks for all at once would never interrupt a fast market. */
  sweep(atMicros: number, account: number, side: OrderSide, limitTicks: number): void {
    if (!STATE_RULES[this.state].matches) return;
    const priceTicks = this.#clamp(side, limitTicks);
    const sizeLots = this.#lotsWithin(side, priceTicks);
    if (sizeLots > 0) this.#command(atMicros, agentOrder(account, 0, side, priceTicks, sizeLots, 'GTC'));
  }

  take(atMicros: number, account: number, side: OrderSide, sizeLots: number): void {
    if (!STATE_RULES[this.state].matches) return;
    this.#command(atMicros, agentOrder(account, 0, side, null, sizeLots, 'IOC'));
  }

  join(atMicros: number, order: AgentOrder): void {
    const { account, tag, side, sizeLots } = order;
    const priceTicks = this.#clamp(side, order.priceTicks);
    this.#command(atMicros, agentOrder(account, tag, side, priceTicks, sizeLots, 'DAY'));
  }

  cancel(atMicros: number, handle: OrderHandle): void {
    this.#group.execute({ kind: 'cancel', atMicros, instrument: this.#index, handle });
  }

  withdraw(atMicros: number, handle: OrderHandle): readonly VenueOutput[] {
    return own(this.#group.apply({ kind: 'cancel', atMicros, instrument: this.#index, handle }));
  }

  /** No order of this venue waits for a mark. */
  setMark(): void {}

  setIndex(atMicros: number, level: number): void {
    this.#group.setIndex(this.#index, atMicros, level);
  }

  setReference(atMicros: number, priceTicks: number): void {
    this.#settlementTicks = priceTicks;
    this.#group.setReference(this.#index, priceTicks);
    this.#group.apply({ kind: 'settlement', atMicros, instrument: this.#index, priceTicks });
  }

  clock(atMicros: number): void {
    this.#group.clock(atMicros);
  }

  place(atMicros: number, account: number, id: PaperOrderId, order: PaperOrder): readonly VenueOutput[] {
    if (order.venue !== 'globex') {
      const outputs = [misfit(order, account, id)];
      this.#listener?.hear(outputs);
      return outputs;
    }
    const { side, type, priceTicks, triggerTicks, sizeLots, timeInForce, goodTillMicros } = order;
    const { minimumLots, displayLots, selfMatch } = order;
    const terms = { type, triggerTicks, goodTillMicros, minimumLots, displayLots, selfMatch };
    const plain = agentOrder(account, id, side, priceTicks, sizeLots, timeInForce);
    const sent = { ...plain, ...terms, selfMatchId: READER_SELF_MATCH };
    const instrument = this.#index;
    return own(this.#group.apply({ kind: 'order', atMicros, instrument, order: sent }));
  }

  cancelWaiting(atMicros: number, waitingId: number): readonly VenueOutput[] {
    const instrument = this.#index;
    return own(this.#group.apply({ kind: 'cancel-stop', atMicros, instrument, id: waitingId }));
  }

  amend(atMicros: number, handle: OrderHandle, priceTicks: number, sizeLots: number): readonly VenueOutput[] {
    const instrument = this.#index;
    return own(this.#group.apply({ kind: 'modify', atMicros, instrument, handle, priceTicks, sizeLots }));
  }

  /** The hash of the whole group. */
  stateHash(): number {
    return this.#group.stateHash();
  }

  /** Takes note of what an agent's command did here, and passes it on as numbers. */
  read(events: BookEvents): void {
    for (let i = 0; i < events.count; i++) {
      const kind = events.kind(i);
      if (kind === 'traded') {
        const [taker, maker] = [events.account(i), events.makerAccount(i)];
        const [buyer, seller] = events.side(i) === 'buy' ? [taker, maker] : [maker, taker];
        this.#traded({ priceTicks: events.priceTicks(i), sizeLots: events.sizeLots(i), buyer, seller });
      }
      // Agents' orders come one at a time, so that the last one that rested is the one just sent.
      else if (kind === 'rested') this.#rested = events.handle(i);
    }
    this.#listener?.read(events);
  }

  /** Takes note of what happened here and passes it on. */
  hear(outputs: readonly GlobexOutput[], atMicros: number, reason: string | null): void {
    for (const output of outputs) {
      if (output.kind === 'rested') this.#rested = output.handle;
      if (output.kind === 'state') this.#entered(output.state, micros(atMicros), reason);
      else if (output.kind === 'indicative') {
        this.indicativeTicks = output.priceTicks;
        this.indicativeLots = output.matchedLots;
      } else if (output.kind === 'traded') {
        const { taker, maker, priceTicks, sizeLots } = output;
        const [buyer, seller] = output.takerSide === 'buy' ? [taker, maker] : [maker, taker];
        this.#traded({ priceTicks, sizeLots, buyer: buyer.account, seller: seller.account });
      } else if (output.kind === 'uncrossed') {
        const { buyer, seller, priceTicks, sizeLots } = output;
        this.#traded({ priceTicks, sizeLots, buyer: buyer.account, seller: seller.account });
      }
    }
    this.#listener?.hear(own(outputs));
  }

  /** A halt takes over where the state was the same already. */
  halted(atMicros: Micros, state: MarketState, reason: string): void {
    this.#entered(state, atMicros, reason);
  }

  /** An interruption that should have ended by now and did not goes on for another reserved period. */
  prolong(atMicros: number): void {
    if (this.interruptedUntilMicros === null || this.interruptedUntilMicros > atMicros) return;
    this.interruptedUntilMicros =
      this.state === 'reserved' ? micros(atMicros + this.#group.config.reserveMicros) : null;
  }

  get #config(): InstrumentConfig {
    return this.#group.config.instruments[this.#index] as InstrumentConfig;
  }

  #traded(trade: AccountTrade): void {
    this.lastTicks = trade.priceTicks;
    this.#group.traded(this.#index, trade);
  }

  /** Enters an agent's order; its handle where it rests. */
  #command(atMicros: number, order: GlobexOrder): OrderHandle | null {
    this.#rested = null;
    this.#group.execute({ kind: 'order', atMicros, instrument: this.#index, order });
    return this.#rested;
  }

  #entered(state: MarketState, atMicros: Micros, reason: string | null): void {
    const { pauseMicros, reserveMicros } = this.#group.config;
    this.toldState = state;
    this.interruptedUntilMicros = null;
    if (reason === null && state === 'pre-open') this.interruptedUntilMicros = micros(atMicros + pauseMicros);
    if (state === 'reserved') this.interruptedUntilMicros = micros(atMicros + reserveMicros);
    const last = this.timeline[this.timeline.length - 1] as StateSpan;
    const ended = { ...last, untilMicros: atMicros };
    // A state that lasted no time was never seen.
    const before =
      last.fromMicros === atMicros ? this.timeline.slice(0, -1) : [...this.timeline.slice(0, -1), ended];
    const span = { state, fromMicros: atMicros, untilMicros: null, reason: reason ?? ownReason(state) };
    this.timeline = [...before, span].slice(-MOST_SPANS);
  }

  /** What the price band lies around, as the venue computes it. */
  #bandReference(): number | null {
    const base = this.lastTicks ?? this.#settlementTicks;
    if (STATE_RULES[this.state].matches) {
      return base === null ? null : lastBestPrice(base, this.book.bestBidTicks, this.book.bestAskTicks);
    }
    return this.indicativeTicks ?? (this.interruptedUntilMicros !== null ? base : this.#settlementTicks);
  }

  #clamp(side: OrderSide, priceTicks: number): number {
    const range = this.range;
    if (range === null) return priceTicks;
    return side === 'buy' ? Math.min(priceTicks, range.highTicks) : Math.max(priceTicks, range.lowTicks);
  }

  /** Lots on the other side at a price or better, hidden ones included. */
  #lotsWithin(side: OrderSide, limitTicks: number): number {
    const other: OrderSide = side === 'buy' ? 'sell' : 'buy';
    let price = side === 'buy' ? this.book.bestAskTicks : this.book.bestBidTicks;
    let lots = 0;
    while (price !== null && (side === 'buy' ? price <= limitTicks : price >= limitTicks)) {
      lots += this.book.sizeAt(other, price) + this.book.hiddenAt(other, price);
      price = this.book.nextWorsePrice(other, price);
    }
    return lots;
  }
}

function ownReason(state: MarketState): string {
  if (state === 'pre-open') return 'Velocity Logic: the price moved too far too fast';
  if (state === 'reserved') return 'triggered stops would have moved the price too far';
  return 'end of the interruption';
}

/** What a book did, without changes of state and indicative prices. */
function own(outputs: readonly GlobexOutput[]): readonly VenueOutput[] {
  return outputs.filter(
    (output): output is Extract<GlobexOutput, VenueOutput> =>
      output.kind !== 'state' && output.kind !== 'indicative' && output.kind !== 'settled',
  );
}
