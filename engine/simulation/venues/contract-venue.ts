/** The one interface between a listed contract and the venue it trades on. */
import type { Micros } from '../../core/units.ts';
import type { BreakerView } from '../../venue/circuit-breakers/breaker-view.ts';
import type { MarketState } from '../../venue/globex/market-states.ts';
import type { BookEvents } from '../../venue/matching/book-events.ts';
import type { BookReader } from '../../venue/matching/book-reader.ts';
import type { OrderHandle, OrderSide } from '../../venue/matching/order-terms.ts';
import type { VenueOutput } from '../../venue/matching/venue-output.ts';
import type { PaperOrder, PaperOrderId, StateSpan } from '../paper/paper-orders.ts';
import type { MemberSettlement } from './group-settlement.ts';

/** A plain order of an agent: prices in ticks, sizes in lots, account and tag are numbers of its owner. */
export interface AgentOrder {
  readonly account: number;
  readonly tag: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** Prices that a venue takes at most: no bid above the high one, no offer below the low one. */
export interface PriceRange {
  readonly lowTicks: number;
  readonly highTicks: number;
}

/** Who is told what a command did, all of it together: in words, or as numbers, which are cheaper and gone afterwards. */
export interface VenueListener {
  hear(outputs: readonly VenueOutput[]): void;
  read(events: BookEvents): void;
}

/**
 * One contract's venue. Every command carries its time; what came of it is told to the listener, all of one command
 * together, and for the reader's commands returned as well.
 */
export interface ContractVenue {
  readonly kind: PaperOrder['venue'];
  readonly book: BookReader;
  readonly state: MarketState;
  /** The price at which the market would open now; null while it is open, and where nothing would trade. */
  readonly indicativeTicks: number | null;
  /** Lots that would trade at the indicative price. */
  readonly indicativeLots: number;
  /** The states so far, newest last, the last one lasting; at most 100. */
  readonly timeline: readonly StateSpan[];
  /** When the present state ends by itself; null where nothing is due. */
  readonly untilMicros: Micros | null;
  /** The prices in force for new orders; null for none. */
  readonly range: PriceRange | null;
  /** Limits and halts by circuit breakers; null where the venue has none. */
  readonly breakers: BreakerView | null;
  /** Daily settlement; null where the venue has none. */
  readonly settlement: MemberSettlement | null;
  /** Names who is told; called once, before any command. */
  listen(listener: VenueListener): void;
  /** Rests an order that must not take; null where it would, or where it was refused. */
  quote(atMicros: number, order: AgentOrder): OrderHandle | null;
  /** Takes what rests at a price or better, as far as the venue lets it. */
  sweep(atMicros: number, account: number, side: OrderSide, limitTicks: number): void;
  /** Takes so many lots at the market. */
  take(atMicros: number, account: number, side: OrderSide, sizeLots: number): void;
  /** Enters an order for the auction, good for the day. */
  join(atMicros: number, order: AgentOrder): void;
  /** Withdraws an order of an agent. */
  cancel(atMicros: number, handle: OrderHandle): void;
  /** The mark price of the second, where the venue's orders wait for it. */
  setMark(atMicros: number, priceTicks: number): void;
  /** The level of the index under the contract, once a second, where halts of the whole market follow from it. */
  setIndex(atMicros: number, level: number): void;
  /** The price with which the first day begins; where the venue needs one. */
  setReference(atMicros: number, priceTicks: number): void;
  /** Lets time pass, so that what is due by itself happens. */
  clock(atMicros: number): void;
  /** Sends an order of the reader; its id is the tag. */
  place(atMicros: number, account: number, id: PaperOrderId, order: PaperOrder): readonly VenueOutput[];
  /** Withdraws a resting order of the reader. */
  withdraw(atMicros: number, handle: OrderHandle): readonly VenueOutput[];
  /** Withdraws an order that waits for a trigger, by the venue's number of it. */
  cancelWaiting(atMicros: number, waitingId: number): readonly VenueOutput[];
  amend(atMicros: number, handle: OrderHandle, priceTicks: number, sizeLots: number): readonly VenueOutput[];
  stateHash(): number;
}
