/** What a venue's machine answers: the events of a book as plain data. */
import type { BookEvents } from './book-events.ts';
import type { Cancellation, OrderHandle, OrderSide, Rejection } from './order-terms.ts';
import { REJECTION_RULES } from './rejection-rules.ts';

/** An order by its owner's words and the number it got. */
export interface OrderReference {
  readonly account: number;
  readonly tag: number;
  readonly serial: number;
}

interface AboutOrder extends OrderReference {
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/**
 * One thing that happened; the words are those of the book's events. `id` numbers waiting orders apart from the others.
 */
export type VenueOutput =
  | ({ readonly kind: 'accepted' } & AboutOrder)
  | ({ readonly kind: 'rested' | 'reduced' | 'refreshed'; readonly handle: OrderHandle } & AboutOrder)
  | ({
      readonly kind: 'cancelled';
      readonly handle: OrderHandle | null;
      readonly reason: Cancellation;
    } & AboutOrder)
  /**
   * An order was filled through orders of other instruments. The `traded` outputs of those instruments name its account
   * as their taker, under serial 0: positions are booked from them, and this fill adds nothing to them.
   */
  | ({ readonly kind: 'implied'; readonly handle: OrderHandle | null } & AboutOrder)
  | {
      readonly kind: 'traded';
      readonly takerSide: OrderSide;
      readonly priceTicks: number;
      readonly sizeLots: number;
      readonly taker: OrderReference;
      readonly maker: OrderReference;
      readonly makerHandle: OrderHandle;
      readonly makerRemainingLots: number;
    }
  | {
      readonly kind: 'uncrossed';
      readonly priceTicks: number;
      readonly sizeLots: number;
      readonly buyer: OrderReference;
      readonly seller: OrderReference;
    }
  | {
      readonly kind: 'rejected';
      readonly code: Rejection;
      readonly rule: string;
      readonly source: string;
      readonly side: OrderSide;
      readonly priceTicks: number;
      readonly sizeLots: number;
      readonly account: number;
      readonly tag: number;
    }
  | {
      readonly kind: 'armed' | 'triggered';
      readonly id: number;
      readonly side: OrderSide;
      readonly triggerTicks: number;
      readonly sizeLots: number;
      readonly account: number;
      readonly tag: number;
    }
  | {
      readonly kind: 'disarmed';
      readonly id: number;
      readonly reason: Cancellation;
      readonly account: number;
      readonly tag: number;
    };

/** The events of a log as outputs, in order. Does not clear the log. */
export function readOutputs(events: BookEvents): readonly VenueOutput[] {
  return Array.from({ length: events.count }, (_, i) => readOutput(events, i));
}

function readOutput(events: BookEvents, i: number): VenueOutput {
  const kind = events.kind(i);
  const subject = { account: events.account(i), tag: events.tag(i), serial: events.serial(i) };
  const side = events.side(i);
  const priceTicks = events.priceTicks(i);
  const sizeLots = events.sizeLots(i);
  const maker = { account: events.makerAccount(i), tag: events.makerTag(i), serial: events.makerSerial(i) };
  const handle = events.handle(i);
  switch (kind) {
    case 'accepted':
      return { kind, ...subject, side, priceTicks, sizeLots };
    case 'rested':
    case 'reduced':
    case 'refreshed':
      return { kind, ...subject, side, priceTicks, sizeLots, handle };
    case 'implied':
      return { kind, ...subject, side, priceTicks, sizeLots, handle: handle === 0 ? null : handle };
    case 'cancelled': {
      const reason = events.cancellation(i) as Cancellation;
      return { kind, ...subject, side, priceTicks, sizeLots, handle: handle === 0 ? null : handle, reason };
    }
    case 'traded': {
      const makerRemainingLots = events.makerRemainingLots(i);
      const trade = { takerSide: side, priceTicks, sizeLots, taker: subject, maker };
      return { kind, ...trade, makerHandle: handle, makerRemainingLots };
    }
    case 'uncrossed':
      return { kind, priceTicks, sizeLots, buyer: subject, seller: maker };
    case 'rejected': {
      const code = events.rejection(i) as Rejection;
      const { account, tag } = subject;
      return { kind, code, ...REJECTION_RULES[code], side, priceTicks, sizeLots, account, tag };
    }
    case 'armed':
    case 'triggered': {
      const { account, tag, serial } = subject;
      return { kind, id: serial, side, triggerTicks: priceTicks, sizeLots, account, tag };
    }
    case 'disarmed': {
      const { account, tag, serial } = subject;
      return { kind, id: serial, reason: events.cancellation(i) as Cancellation, account, tag };
    }
  }
}
