/** The event log of an order book: what its commands did, in order, as numbers that cost no garbage. */
import { assert } from '../../core/assert.ts';
import {
  CANCELLATIONS,
  type Cancellation,
  type OrderHandle,
  type OrderSide,
  REJECTIONS,
  type Rejection,
} from './order-terms.ts';

/**
 * What an event says. `accepted`: an order was taken, before its trades; left out where a plain order rests at once,
 * which `rested` says alone. `rested`: an order entered a queue with `sizeLots`. `traded`: a maker met a taker. `cancelled`: an order or its remainder ended. `reduced`: an
 * amendment took size from a resting order in its place; `sizeLots` is what it took. `rejected`: nothing changed.
 * `refreshed`: an iceberg showed its next slice at the end of the queue. `uncrossed`: an auction matched two resting
 * orders; the subject is the buyer, the maker fields are the seller. `implied`: an order was filled by orders of other
 * books; their books tell those trades. `armed`, `triggered`, `disarmed`: an order began to
 * wait for a price (`priceTicks` is its trigger, `serial` its number among waiting orders), was elected by it, or ended
 * without.
 */
export const BOOK_EVENT_KINDS = [
  'accepted',
  'rested',
  'traded',
  'cancelled',
  'reduced',
  'rejected',
  'refreshed',
  'uncrossed',
  'armed',
  'triggered',
  'disarmed',
  'implied',
] as const;

/** A kind of {@link BOOK_EVENT_KINDS}. */
export type BookEventKind = (typeof BOOK_EVENT_KINDS)[number];

const CANCELLED = BOOK_EVENT_KINDS.indexOf('cancelled');
const REJECTED = BOOK_EVENT_KINDS.indexOf('rejected');
const DISARMED = BOOK_EVENT_KINDS.indexOf('disarmed');

const STRIDE = 12;
const FIRST_CAPACITY = 256;

/**
 * Events since the last `clear`. The owner reads them by index and clears.
 *
 * The log grows by doubling and never shrinks; the book refuses commands when it is not read.
 */
export class BookEvents {
  /** Twelve integers an event, in the order of the readers below; for the matching loop, which writes them itself. */
  fields: Int32Array = new Int32Array(FIRST_CAPACITY * STRIDE);
  #count = 0;

  /** Number of events held. */
  get count(): number {
    return this.#count;
  }

  /** Forgets all events. */
  clear(): void {
    this.#count = 0;
  }

  kind(i: number): BookEventKind {
    return BOOK_EVENT_KINDS[this.#field(i, 0)] as BookEventKind;
  }

  /** Side of the subject: the taker of a trade, else the order itself. */
  side(i: number): OrderSide {
    return this.#field(i, 1) === 0 ? 'buy' : 'sell';
  }

  /** Price in ticks; of a market order and of a refused price that is no integer 0. */
  priceTicks(i: number): number {
    return this.#field(i, 2);
  }

  /** Size in lots that was accepted, rested, traded, cancelled, taken off or shown; refused ones as for the price. */
  sizeLots(i: number): number {
    return this.#field(i, 3);
  }

  /** Account of the subject (the taker of a trade). */
  account(i: number): number {
    return this.#field(i, 4);
  }

  /** The number the account gave its order. */
  tag(i: number): number {
    return this.#field(i, 5);
  }

  /** Serial number of the subject: orders are numbered from 1 as accepted; 0 when rejected. */
  serial(i: number): number {
    return this.#field(i, 6);
  }

  /** Handle of the order that rested, ended or changed; of a trade, the maker's. 0 where there is none. */
  handle(i: number): OrderHandle {
    return this.#field(i, 7);
  }

  /** Account of the maker of a trade. */
  makerAccount(i: number): number {
    return this.#field(i, 8);
  }

  /** Tag of the maker of a trade. */
  makerTag(i: number): number {
    return this.#field(i, 9);
  }

  /** Serial number of the maker of a trade. */
  makerSerial(i: number): number {
    return this.#field(i, 10);
  }

  /** What the maker has left after a trade (a resting order after an implied one), in lots, hidden ones included; 0 means that it left the book. */
  makerRemainingLots(i: number): number {
    return this.#field(i, 11);
  }

  /** Why an order ended; null unless `cancelled` or `disarmed`. */
  cancellation(i: number): Cancellation | null {
    const kind = this.#field(i, 0);
    const ended = kind === CANCELLED || kind === DISARMED;
    return ended ? (CANCELLATIONS[this.#field(i, 11)] ?? null) : null;
  }

  /** Why a command was refused; null unless `rejected`. */
  rejection(i: number): Rejection | null {
    return this.#field(i, 0) === REJECTED ? (REJECTIONS[this.#field(i, 11)] ?? null) : null;
  }

  /** Makes room for one event and returns where its fields begin. */
  claim(): number {
    const at = this.#count * STRIDE;
    if (at === this.fields.length) this.#grow();
    this.#count++;
    return at;
  }

  /** Writes an event about one order; for the book alone. `kind` and `reason` are positions in their lists. */
  write(
    kind: number,
    side: number,
    priceTicks: number,
    sizeLots: number,
    account: number,
    tag: number,
    serial: number,
    handle: number,
    reason: number,
  ): void {
    const at = this.claim();
    const f = this.fields;
    f[at] = kind;
    f[at + 1] = side;
    f[at + 2] = priceTicks;
    f[at + 3] = sizeLots;
    f[at + 4] = account;
    f[at + 5] = tag;
    f[at + 6] = serial;
    f[at + 7] = handle;
    f[at + 11] = reason;
  }

  /** Writes that a command was refused. Numbers that are no 32-bit integers become 0. */
  rejected(
    side: number,
    priceTicks: number,
    sizeLots: number,
    account: number,
    tag: number,
    reason: number,
  ): void {
    this.write(REJECTED, side, integerOr0(priceTicks), integerOr0(sizeLots), account, tag, 0, 0, reason);
  }

  #grow(): void {
    const wider = new Int32Array(this.fields.length * 2);
    wider.set(this.fields);
    this.fields = wider;
  }

  #field(i: number, field: number): number {
    assert(i >= 0 && i < this.#count, 'event index out of range');
    return this.fields[i * STRIDE + field] as number;
  }
}

const integerOr0 = (n: number): number => ((n | 0) === n ? n : 0);
