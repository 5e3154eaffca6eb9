/** The words of an order: side, time in force, and why an order was refused or ended. */
import type { FailureCode } from '../../core/failure.ts';

/** Side of an order. */
export type OrderSide = 'buy' | 'sell';

/**
 * How long an order lives: `GTC` rests until cancelled, `IOC` takes what it can at once, `FOK` takes all at once or
 * nothing, `GTX` (post-only) rests and is refused when it would take.
 */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTX';

/** Why a command was refused. The position in this list is the number in the event log. */
export const REJECTIONS = [
  'order/size-not-positive',
  'order/price-out-of-range',
  'order/post-only-would-take',
  'order/unknown',
  'order/limit-exceeded',
] as const;

/** A reason from {@link REJECTIONS}. */
export type Rejection = Extract<FailureCode, (typeof REJECTIONS)[number]>;

/**
 * Why an order ended without being filled: its owner cancelled it; an IOC or market order found nothing more to
 * take; a FOK order could not be filled whole. The position in this list is the number in the event log.
 */
export const CANCELLATIONS = ['requested', 'nothing-to-take', 'not-filled-whole'] as const;

/** A reason from {@link CANCELLATIONS}. */
export type Cancellation = (typeof CANCELLATIONS)[number];

/** Names one order of one book while it is open (a small integer: slot and generation). Never 0. */
export type OrderHandle = number;

/** Largest order size in lots. Level totals then stay far below 2^53. */
export const MAX_ORDER_LOTS = 1_000_000_000;

/** Largest magnitude of a price in ticks. */
export const MAX_PRICE_TICKS = 1_000_000_000;
