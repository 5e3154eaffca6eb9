/** Paper trading: the orders a reader may send, what the venue answers, and what it shows of them. Plain data. */
import type { Micros } from '../../core/units.ts';
import type { InstrumentId } from '../../reference/instruments/contract-spec.ts';
import type { BreakerView } from '../../venue/circuit-breakers/breaker-view.ts';
import type { ConditionalType, PriceMatch } from '../../venue/crypto-perp/perp-orders.ts';
import type { GlobexOrderType } from '../../venue/globex/globex-orders.ts';
import type { MarketState } from '../../venue/globex/market-states.ts';
import type { OrderSide, SelfTradeMode, TimeInForce } from '../../venue/matching/order-terms.ts';
import type { LeadTier } from '../../venue/settlement/settlement-rules.ts';

/** Number of an order of the reader, in the order in which they were sent; it never changes. */
export type PaperOrderId = number;

/** What any order says. Prices are ticks and sizes lots of the instrument. */
interface PaperOrderTerms {
  readonly instrument: InstrumentId;
  readonly side: OrderSide;
  /** 0 only where `closePosition` decides the size. */
  readonly sizeLots: number;
  readonly priceTicks: number | null;
  readonly triggerTicks: number | null;
  readonly timeInForce: TimeInForce;
  /** End of a GTD order. */
  readonly goodTillMicros: number | null;
}

/** An order for the crypto perpetual venue. */
export interface PerpPaperOrder extends PaperOrderTerms {
  readonly venue: 'crypto-perp';
  readonly type: 'limit' | 'market' | ConditionalType;
  readonly reduceOnly: boolean;
  readonly closePosition: boolean;
  readonly priceMatch: PriceMatch | null;
  readonly selfTrade: SelfTradeMode;
  readonly workingPrice: 'contract' | 'mark';
  readonly priceProtect: boolean;
  /** Thousandths, of a trailing stop; else 0. */
  readonly callbackPermille: number;
}

/** An order for the Globex group. */
export interface GlobexPaperOrder extends PaperOrderTerms {
  readonly venue: 'globex';
  readonly type: GlobexOrderType;
  /** 0 for none. */
  readonly minimumLots: number;
  /** Displayed part of an iceberg; 0 for the whole. */
  readonly displayLots: number;
  readonly selfMatch: 'cancel-resting' | 'cancel-aggressing';
}

/** An order as the ticket sends it. */
export type PaperOrder = PerpPaperOrder | GlobexPaperOrder;

/** The venue's answer to a sent order. A refusal is no failure of the question: it is an answer with rule and source. */
export type PaperReceipt =
  | { readonly kind: 'accepted'; readonly id: PaperOrderId }
  | {
      readonly kind: 'rejected';
      readonly id: PaperOrderId;
      readonly code: string;
      readonly rule: string;
      readonly source: string;
    };

/** What an order would get at once if it were sent now, and what of it would rest (estimates for display). */
export interface OrderEstimate {
  readonly filledLots: number;
  /** Mean price of those lots in quote currency; null where none would be filled. */
  readonly averagePrice: number | null;
  /** Price of the last of them. */
  readonly worstTicks: number | null;
  /** Best price of the side that it takes from. */
  readonly touchTicks: number;
  /** Fee of those lots in quote currency. */
  readonly fee: number;
  /** Lots that would rest at `restingTicks`; 0 where what is left ends. */
  readonly restingLots: number;
  readonly restingTicks: number | null;
  /** Fee in quote currency once they are filled there while resting. */
  readonly restingFee: number;
}

/** One thing that happened to an order, for the inspector: why it filled or not. */
export interface OrderStoryEvent {
  readonly atMicros: Micros;
  readonly kind:
    | 'sent'
    | 'accepted'
    | 'rejected'
    | 'armed'
    | 'triggered'
    | 'rested'
    /** The queue ahead shrank by a trade with, or a cancellation of, orders before this one. */
    | 'ahead-traded'
    | 'ahead-cancelled'
    | 'filled'
    | 'amended'
    | 'cancelled';
  /** Lots that this event is about. */
  readonly lots: number;
  readonly priceTicks: number | null;
  /** Lots before this order at its price after the event; null while it does not rest. */
  readonly aheadLots: number | null;
  /** One sentence for people: what happened and by which rule. */
  readonly text: string;
}

/** The life of one order. */
export interface OrderStory {
  readonly order: PaperOrder;
  readonly id: PaperOrderId;
  /** Oldest first; runs of equal kinds beyond 500 events are joined. */
  readonly events: readonly OrderStoryEvent[];
  /** In one sentence: why it filled, waits, or ended. */
  readonly verdict: string;
}

/** An open order of the reader. */
export interface OwnOrder {
  readonly id: PaperOrderId;
  readonly side: OrderSide;
  readonly type: PaperOrder['type'];
  readonly timeInForce: TimeInForce;
  /** `waiting` for a trigger, or `resting` in the book. */
  readonly state: 'waiting' | 'resting';
  /** Limit price while resting; null for a waiting order without one. */
  readonly priceTicks: number | null;
  readonly triggerTicks: number | null;
  readonly sizeLots: number;
  readonly filledLots: number;
  /** Exact lots of others before and behind it at its price; null while it waits. */
  readonly aheadLots: number | null;
  readonly behindLots: number | null;
}

/** A fill of the reader. */
export interface OwnFill {
  readonly atMicros: Micros;
  readonly id: PaperOrderId;
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly sizeLots: number;
  /** An auction knows neither takers nor makers. */
  readonly role: 'taker' | 'maker' | 'auction';
  /** Fee in quote currency (estimate for display; negative is a rebate). */
  readonly fee: number;
}

/** An order of the reader that is over. */
export interface EndedOrder {
  readonly id: PaperOrderId;
  readonly outcome: 'filled' | 'ended' | 'rejected';
  readonly filledLots: number;
  /** Why it is over, as the end of a sentence; empty for a filled one. */
  readonly why: string;
}

/** A stretch of time in one market state. */
export interface StateSpan {
  readonly state: MarketState;
  readonly fromMicros: Micros;
  /** Null while it lasts. */
  readonly untilMicros: Micros | null;
  /** Why it was entered: schedule, velocity, stop range, by hand. */
  readonly reason: string;
}

/** What an auction would do now. */
export interface AuctionView {
  readonly indicativeTicks: number | null;
  readonly matchedLots: number;
  /** Lots left over at the indicative price: positive is a surplus of buyers. */
  readonly surplusLots: number;
  /** Which of the four rules decided: most lots, least surplus, direction of the surplus, nearest to the reference. */
  readonly decidedBy: string;
  /** Lots that would buy at or above, and sell at or below, each price; ascending, at most 41 rows around the indicative price. */
  readonly rows: readonly {
    readonly priceTicks: number;
    readonly buyLots: number;
    readonly sellLots: number;
  }[];
}

/** One daily settlement of the reader's account. Money is decimal text in the currency of the contract, exact. */
export interface SettlementLine {
  /** YYYY-MM-DD. */
  readonly tradingDay: string;
  readonly atMicros: Micros;
  readonly priceTicks: number;
  /** How the price was found. */
  readonly tier: LeadTier;
  /** Lots that were settled, signed. */
  readonly lots: number;
  /** Variation margin, negative for paid. */
  readonly amount: string;
}

/** The reader's account in one future as the clearing house has it. Money is decimal text, exact. */
export interface PaperClearing {
  /** Settlement price in force: the newest, or before the first the price with which the run began. */
  readonly settlementTicks: number | null;
  /** When the next day settles. */
  readonly nextMicros: Micros;
  /** Variation margin of all settlements so far. */
  readonly variationMargin: string;
  /** Result since the last settlement that is not in the open lots at their entry price; booked by the next settlement. */
  readonly closedResult: string;
  /** Fees of all fills. */
  readonly fees: string;
  /** Price from which open lots count: the last settlement price, or their mean price where traded since; null without any. */
  readonly entryPrice: string | null;
  /** Newest last, at most 100. */
  readonly statement: readonly SettlementLine[];
}

/** The venue of one simulated instrument as the reader sees it. */
export interface VenueView {
  readonly venue: PaperOrder['venue'];
  readonly state: MarketState;
  readonly sinceMicros: Micros;
  /** When the state ends by itself; null where nothing is due. */
  readonly untilMicros: Micros | null;
  readonly reason: string;
  /** Newest last, at most 100. */
  readonly timeline: readonly StateSpan[];
  /** While orders only collect; null in the open market. */
  readonly auction: AuctionView | null;
  /** Daily limits and price band in force; null for none. */
  readonly lowLimitTicks: number | null;
  readonly highLimitTicks: number | null;
  /** Limits and halts by circuit breakers, as of the last trade or change; null for perpetuals. */
  readonly breakers: BreakerView | null;
  readonly orders: readonly OwnOrder[];
  /** In the order in which they ended, at most 100. */
  readonly ended: readonly EndedOrder[];
  /** Newest last, at most 200. */
  readonly fills: readonly OwnFill[];
  /** Bought less sold. */
  readonly positionLots: number;
  /** Mean price of the open position in quote currency (estimate for display); null without one. */
  readonly averagePrice: number | null;
  /** Realised result less fees in quote currency (estimate for display). */
  readonly realised: number;
  /** Daily settlement of a future; null for perpetuals. */
  readonly clearing: PaperClearing | null;
}

/** What the reader may tell the market. */
export type PaperCommand =
  | { readonly kind: 'place'; readonly order: PaperOrder }
  | { readonly kind: 'cancel'; readonly instrument: InstrumentId; readonly id: PaperOrderId }
  | { readonly kind: 'cancel-all'; readonly instrument: InstrumentId }
  | {
      readonly kind: 'amend';
      readonly instrument: InstrumentId;
      readonly id: PaperOrderId;
      readonly priceTicks: number;
      readonly sizeLots: number;
    }
  | { readonly kind: 'interrupt'; readonly instrument: InstrumentId; readonly seconds: number };

/** A command at its instant: it happens after everything else of that instant. A seed and a list of these is a run. */
export interface PaperInput {
  readonly atMicros: Micros;
  readonly command: PaperCommand;
}
