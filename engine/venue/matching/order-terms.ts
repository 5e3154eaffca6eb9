/** The words of an order: side, time in force, and why an order was refused or ended. */
import type { FailureCode } from '../../core/failure.ts';

/** Side of an order. */
export type OrderSide = 'buy' | 'sell';

/**
 * How long an order lives: `GTC` rests until cancelled, `IOC` (fill and kill) takes what it can at once, `FOK` takes
 * all at once or nothing, `GTX` (post-only) rests and is refused when it would take, `GTD` rests until an instant and
 * `DAY` until the session ends. The position in this list is the number in an order ticket.
 */
export const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD', 'DAY'] as const;

/** One of {@link TIMES_IN_FORCE}. */
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** The position of a time in force in {@link TIMES_IN_FORCE}, without a search: for the hot path. */
export function timeNumber(time: TimeInForce): number {
  switch (time) {
    case 'GTC':
      return 0;
    case 'IOC':
      return 1;
    case 'FOK':
      return 2;
    case 'GTX':
      return 3;
    case 'GTD':
      return 4;
    case 'DAY':
      return 5;
  }
}

/**
 * What happens where a taker meets an order of the same owner: nothing, the taker ends, the resting order ends, or
 * both. Always the taker's choice. The position in this list is the number in an order ticket.
 *
 * Source: Binance, Self Trade Prevention FAQ (developers.binance.com/docs/derivatives/usds-margined-futures/faq/stp-faq);
 * CME Globex Self-Match Prevention (wiki page 46140175) knows the two in the middle and ends the resting order where
 * nothing is said.
 */
export const SELF_TRADE_MODES = ['none', 'expire-taker', 'expire-maker', 'expire-both'] as const;

/** One of {@link SELF_TRADE_MODES}. */
export type SelfTradeMode = (typeof SELF_TRADE_MODES)[number];

/** The position of a mode in {@link SELF_TRADE_MODES}, without a search. */
export function selfTradeNumber(mode: SelfTradeMode): number {
  switch (mode) {
    case 'none':
      return 0;
    case 'expire-taker':
      return 1;
    case 'expire-maker':
      return 2;
    case 'expire-both':
      return 3;
  }
}

/** Why a command was refused. The position in this list is the number in the event log. */
export const REJECTIONS = [
  'order/size-not-positive',
  'order/price-out-of-range',
  'order/post-only-would-take',
  'order/unknown',
  'order/limit-exceeded',
  'order/minimum-out-of-range',
  'order/display-out-of-range',
  'order/account-unknown',
  'order/reduce-only',
  'order/combination-not-allowed',
  'order/would-trigger-at-once',
  'order/callback-out-of-range',
  'order/good-till-too-early',
  'order/no-market',
  'order/state-forbids',
  'order/price-outside-band',
  'order/instrument-unknown',
] as const;

/** A reason from {@link REJECTIONS}. */
export type Rejection = Extract<FailureCode, (typeof REJECTIONS)[number]>;

/**
 * Why an order ended without being filled. The position in this list is the number in the event log.
 *
 * `requested` by its owner; `nothing-to-take`: an IOC or market order found nothing more; `not-filled-whole`: a FOK
 * order; `minimum-not-filled`; `self-trade`: see {@link SELF_TRADE_MODES}; `reduce-only`: nothing was left to reduce;
 * `expired`: its date came; `day-ended`; `velocity-logic`: it would have moved the price too far too fast;
 * `price-protect`: mark and contract price were too far apart when it was triggered; `no-position`: there was nothing to
 * close when it was triggered.
 */
export const CANCELLATIONS = [
  'requested',
  'nothing-to-take',
  'not-filled-whole',
  'minimum-not-filled',
  'self-trade',
  'reduce-only',
  'expired',
  'day-ended',
  'velocity-logic',
  'price-protect',
  'no-position',
] as const;

/** A reason from {@link CANCELLATIONS}. */
export type Cancellation = (typeof CANCELLATIONS)[number];

/** Names one order of one book while it is open (a small integer: slot and generation). Never 0. */
export type OrderHandle = number;

/** Largest order size in lots. Level totals then stay far below 2^53. */
export const MAX_ORDER_LOTS = 1_000_000_000;

/** Largest magnitude of a price in ticks. */
export const MAX_PRICE_TICKS = 1_000_000_000;

/** Most slices an iceberg may be cut into. A limit of ours; Globex sets a largest ratio by product. */
export const MAX_ICEBERG_SLICES = 1000;
