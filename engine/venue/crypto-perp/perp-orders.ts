/** What a crypto perpetual venue is told: orders, conditional orders, prices and time. */
import type { BookSnapshot } from '../matching/order-book.ts';
import type { BookLimits } from '../matching/order-checks.ts';
import type { OrderHandle, OrderSide, SelfTradeMode, TimeInForce } from '../matching/order-terms.ts';
import type { WaitingOrder, WaitingState } from '../matching/trigger-book.ts';

/**
 * A price taken from the book: the best price, or the 5th, 10th or 20th best price level, of the other side (opponent)
 * or of the own side (queue).
 *
 * Source: Binance, Price Match (common definitions: OPPONENT_5 is the 5th best price from the counterparty).
 */
export type PriceMatch =
  | 'opponent'
  | 'opponent-5'
  | 'opponent-10'
  | 'opponent-20'
  | 'queue'
  | 'queue-5'
  | 'queue-10'
  | 'queue-20';

/** Limits and parameters of one contract's venue. */
export interface PerpVenueConfig {
  readonly limits: BookLimits;
  /** Accounts are numbered 0..accounts-1. */
  readonly accounts: number;
  /** Trade group by account: accounts of the same group count as one owner; 0 or missing for none. */
  readonly tradeGroups: readonly number[];
  /** Most conditional orders that may wait. */
  readonly conditionalOrders: number;
  /** Largest distance of contract price from mark price for price-protected orders, in ten-thousandths of the mark. */
  readonly triggerProtectPer10k: number;
}

/** An order as it is sent. Neither price nor price match: a market order. */
export interface PerpOrder {
  readonly account: number;
  readonly tag: number;
  readonly side: OrderSide;
  readonly priceTicks: number | null;
  readonly priceMatch: PriceMatch | null;
  readonly sizeLots: number;
  readonly timeInForce: TimeInForce;
  /** End of a GTD order; whole seconds count. */
  readonly goodTillMicros: number | null;
  readonly selfTrade: SelfTradeMode;
  readonly reduceOnly: boolean;
}

/** Kinds of conditional orders. Those that end in `-market` take at any price, the others place a limit order. */
export type ConditionalType =
  | 'stop'
  | 'stop-market'
  | 'take-profit'
  | 'take-profit-market'
  | 'trailing-stop-market';

/** An order that waits for a price and then enters. */
export interface PerpConditional extends PerpOrder {
  readonly type: ConditionalType;
  /** The price it waits for; of a trailing stop its activation price, null for the price at arrival. */
  readonly triggerTicks: number | null;
  /** Turn that fires a trailing stop, in thousandths: 1 (0.1 %) to 100 (10 %); else 0. */
  readonly callbackPermille: number;
  /** Which price it waits for: the last trade or the mark price. */
  readonly workingPrice: 'contract' | 'mark';
  /** True where it ends instead of firing when mark and contract price are too far apart. */
  readonly priceProtect: boolean;
  /** True where it closes the whole position, whatever its size then. `sizeLots` is 0. */
  readonly closePosition: boolean;
}

/** A conditional order that waits. */
export interface WaitingPerp extends WaitingOrder {
  readonly order: PerpConditional;
}

/** Everything that changes the venue; times never go back. */
export type PerpInput =
  | { readonly kind: 'order'; readonly atMicros: number; readonly order: PerpOrder }
  | { readonly kind: 'conditional'; readonly atMicros: number; readonly order: PerpConditional }
  | { readonly kind: 'cancel'; readonly atMicros: number; readonly handle: OrderHandle }
  | { readonly kind: 'cancel-conditional'; readonly atMicros: number; readonly id: number }
  | { readonly kind: 'cancel-account'; readonly atMicros: number; readonly account: number }
  | {
      readonly kind: 'amend';
      readonly atMicros: number;
      readonly handle: OrderHandle;
      readonly priceTicks: number;
      readonly sizeLots: number;
    }
  | { readonly kind: 'mark'; readonly atMicros: number; readonly priceTicks: number }
  | { readonly kind: 'clock'; readonly atMicros: number };

/** The whole venue as plain data. */
export interface PerpSnapshot {
  readonly book: BookSnapshot;
  readonly nowMicros: number;
  readonly markTicks: number | null;
  readonly conditionalsPlaced: number;
  readonly contract: readonly WaitingState<WaitingPerp>[];
  readonly mark: readonly WaitingState<WaitingPerp>[];
}
