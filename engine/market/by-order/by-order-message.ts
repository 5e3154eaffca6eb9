/** Messages of an order-by-order feed, one order a message, as read from a recording. */

/** A side of the book. */
export type ByOrderSide = 'bid' | 'ask';

/**
 * What a message says.
 *
 * - `add`, `cancel`, `modify`: an order came, went, or changed. Only these three and `clear` change the book.
 * - `trade`: an aggressor took `sizeLots` at `priceTicks`; `side` is the aggressor's own side.
 * - `fill`: one order took part in the trade named just before; its `cancel` or `modify` follows in the same event.
 * - `clear`: the book is empty from here on.
 */
export type ByOrderKind = 'add' | 'cancel' | 'modify' | 'trade' | 'fill' | 'clear';

/**
 * One message. Prices are ticks (negative allowed), sizes lots, time microseconds (the feed's nanoseconds cut off).
 *
 * Messages of one matching-engine event are consecutive; the last of them has `endsEvent`.
 */
export interface ByOrderMessage {
  readonly kind: ByOrderKind;
  /** 'none' for an auction print and for `clear`. */
  readonly side: ByOrderSide | 'none';
  /** The venue's order number, a safe integer; 0 where the venue gives none. */
  readonly orderId: number;
  readonly priceTicks: number;
  /** Displayed size for `add`, `cancel` and `modify` (the new size); traded size for `trade` and `fill`. */
  readonly sizeLots: number;
  readonly atMicros: number;
  readonly sequence: number;
  readonly endsEvent: boolean;
  /** Part of the opening snapshot: the order rested before the recording began, and its arrival is unknown. */
  readonly fromSnapshot: boolean;
}
