/** What a Globex group of instruments is told, and what it answers beyond the events of its books. */
import type { AllocationRules } from '../matching/allocation.ts';
import type { BookSnapshot } from '../matching/order-book.ts';
import type { BookLimits } from '../matching/order-checks.ts';
import type { OrderHandle, OrderSide, TimeInForce } from '../matching/order-terms.ts';
import type { WaitingOrder, WaitingState } from '../matching/trigger-book.ts';
import type { VenueOutput } from '../matching/venue-output.ts';
import type { GroupState, MarketState } from './market-states.ts';
import type { TimedPrice, VelocityLimit } from './velocity-window.ts';

/** The legs of a calendar spread, as indexes of instruments: who buys the spread buys the front and sells the back. */
export interface SpreadLegs {
  readonly front: number;
  readonly back: number;
}

/** One instrument's parameters. The exchange sets them by product and changes them; none is built in. */
export interface InstrumentConfig {
  readonly symbol: string;
  /** True for the lead month, whose velocity events can stop the whole group. */
  readonly isLead: boolean;
  readonly allocation: AllocationRules;
  /** Protection points of market orders and stops, in ticks. */
  readonly protectionTicks: number;
  /** Price band variation, in ticks; null for none. */
  readonly bandTicks: number | null;
  /** Velocity Logic; null for none. */
  readonly velocity: VelocityLimit | null;
  /** Range that triggered stops may move the price before the instrument is reserved, in ticks; null for none. */
  readonly stopRangeTicks: number | null;
  /** Index of the instrument at whose settlement this one trades, its prices being ticks away from it; null for none. */
  readonly settlesAt: number | null;
  /** Set where the instrument is a calendar spread of two others; its prices are front less back. */
  readonly legs?: SpreadLegs;
}

/** A group of instruments with one schedule. */
export interface GlobexConfig {
  readonly instruments: readonly InstrumentConfig[];
  /** Limits of every book. */
  readonly limits: BookLimits;
  /** Most stops that may wait in one instrument. */
  readonly stopOrders: number;
  /** True for equity, metal, energy, treasury and FX groups: a lead month's velocity event stops all of them. */
  readonly stopsTogether: boolean;
  /** Length of a velocity pause of the group. */
  readonly pauseMicros: number;
  /** Length of a reserved period of one instrument. */
  readonly reserveMicros: number;
  /** Most times that a reserved period is prolonged because the opening price would still be too far away. */
  readonly prolongations: number;
}

/**
 * Types of orders. `market` is a market order with protection, `market-limit` takes the best price and rests there, `stop` is
 * a stop with protection.
 */
export type GlobexOrderType = 'limit' | 'market' | 'market-limit' | 'stop' | 'stop-limit';

/** An order as it is sent. Numbers that are not asked for are 0, prices null. */
export interface GlobexOrder {
  readonly account: number;
  readonly tag: number;
  readonly side: OrderSide;
  readonly type: GlobexOrderType;
  readonly priceTicks: number | null;
  readonly triggerTicks: number | null;
  readonly sizeLots: number;
  /** `IOC` is fill and kill; `GTX` is not known here. */
  readonly timeInForce: TimeInForce;
  /** End of a GTD order. */
  readonly goodTillMicros: number | null;
  readonly minimumLots: number;
  readonly displayLots: number;
  /** Self-match prevention identifier. */
  readonly selfMatchId: number;
  /** What ends where orders of one identifier meet. The default of the exchange is the resting one. */
  readonly selfMatch: 'cancel-resting' | 'cancel-aggressing';
  /** Percentage of a lead market maker. */
  readonly makerPercent: number;
}

/** A stop that waits. */
export interface WaitingStop extends WaitingOrder {
  readonly order: GlobexOrder;
}

interface At {
  readonly atMicros: number;
  readonly instrument: number;
}

/** Everything that changes the group; times never go back. */
export type GlobexInput =
  | ({ readonly kind: 'order'; readonly order: GlobexOrder } & At)
  | ({
      readonly kind: 'modify';
      readonly handle: OrderHandle;
      readonly priceTicks: number;
      readonly sizeLots: number;
    } & At)
  | ({ readonly kind: 'cancel'; readonly handle: OrderHandle } & At)
  | ({ readonly kind: 'cancel-stop'; readonly id: number } & At)
  | ({ readonly kind: 'settlement'; readonly priceTicks: number } & At)
  | ({ readonly kind: 'limits'; readonly lowTicks: number; readonly highTicks: number } & At)
  /** One instrument only collects orders until then, as a circuit breaker of its own asks for. */
  | ({ readonly kind: 'reserve'; readonly untilMicros: number } & At)
  | { readonly kind: 'state'; readonly atMicros: number; readonly state: GroupState }
  | { readonly kind: 'clock'; readonly atMicros: number };

/** One thing that happened, with the instrument it happened in. */
export type GlobexOutput =
  | (VenueOutput & { readonly instrument: number })
  | { readonly kind: 'state'; readonly instrument: number; readonly state: MarketState }
  | {
      readonly kind: 'indicative';
      readonly instrument: number;
      /** Null where nothing would trade. */
      readonly priceTicks: number | null;
      readonly matchedLots: number;
    }
  | {
      /** A trade at settlement got its price. */
      readonly kind: 'settled';
      readonly instrument: number;
      readonly priceTicks: number;
      readonly sizeLots: number;
      readonly buyer: number;
      readonly seller: number;
    };

/** A trade at settlement that waits for its price. */
export interface UnsettledTrade {
  readonly offsetTicks: number;
  readonly sizeLots: number;
  readonly buyer: number;
  readonly seller: number;
}

/** One instrument as plain data. */
export interface InstrumentSnapshot {
  readonly book: BookSnapshot;
  readonly stops: readonly WaitingState<WaitingStop>[];
  readonly stopsPlaced: number;
  readonly lastTicks: number | null;
  readonly settlementTicks: number | null;
  readonly limits: { readonly lowTicks: number; readonly highTicks: number } | null;
  readonly window: readonly TimedPrice[];
  readonly reserved: Reservation | null;
  readonly unsettled: readonly UnsettledTrade[];
}

/** A moment in which one instrument only collects orders. */
export interface Reservation {
  readonly untilMicros: number;
  /** The price from which triggered stops moved, and how often the period may still be prolonged; null for velocity. */
  readonly stops: { readonly fromTicks: number; readonly prolongationsLeft: number } | null;
}

/** The whole group as plain data. */
export interface GlobexSnapshot {
  readonly nowMicros: number;
  readonly state: GroupState;
  readonly resumeMicros: number | null;
  readonly instruments: readonly InstrumentSnapshot[];
}
