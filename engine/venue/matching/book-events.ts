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
 * What an event says. `accepted`: a command to place was taken (before its trades). `rested`: an order entered a
 * queue with `sizeLots`. `traded`: a maker met a taker. `cancelled`: an order or its remainder ended. `reduced`: an
 * amendment took size from a resting order in its place; `sizeLots` is what it took. `rejected`: nothing changed.
 */
export const BOOK_EVENT_KINDS = ['accepted', 'rested', 'traded', 'cancelled', 'reduced', 'rejected'] as const;

/** A kind of {@link BOOK_EVENT_KINDS}. */
export type BookEventKind = (typeof BOOK_EVENT_KINDS)[number];

/** Positions in {@link BOOK_EVENT_KINDS}. */
const ACCEPTED = 0;
const RESTED = 1;
const TRADED = 2;
const CANCELLED = 3;
const REDUCED = 4;
const REJECTED = 5;

const STRIDE = 12;
const FIRST_CAPACITY = 256;

/**
 * Events since the last `clear`. The owner reads them by index and clears.
 *
 * The log grows by doubling and never shrinks; the book refuses commands that could push it over its limit.
 */
export class BookEvents {
  #fields = new Float64Array(FIRST_CAPACITY * STRIDE);
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

  /** Price in ticks; of a rejected or market order 0. */
  priceTicks(i: number): number {
    return this.#field(i, 2);
  }

  /** Size in lots that was accepted, rested, traded, cancelled or taken off. */
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

  /** Handle of the order that rested, ended or was reduced; of a trade, the maker's. 0 where there is none. */
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

  /** What the maker has left after a trade, in lots; 0 means that it left the book. */
  makerRemainingLots(i: number): number {
    return this.#field(i, 11);
  }

  /** Why an order ended; null unless `cancelled`. */
  cancellation(i: number): Cancellation | null {
    return this.#field(i, 0) === CANCELLED ? (CANCELLATIONS[this.#field(i, 11)] ?? null) : null;
  }

  /** Why a command was refused; null unless `rejected`. */
  rejection(i: number): Rejection | null {
    return this.#field(i, 0) === REJECTED ? (REJECTIONS[this.#field(i, 11)] ?? null) : null;
  }

  /** Writers, for the book alone. Sides are 0 for buy and 1 for sell. */
  accepted(
    side: number,
    priceTicks: number,
    sizeLots: number,
    account: number,
    tag: number,
    serial: number,
  ): void {
    this.#write(ACCEPTED, side, priceTicks, sizeLots, account, tag, serial, 0);
  }

  rested(
    side: number,
    priceTicks: number,
    sizeLots: number,
    account: number,
    tag: number,
    serial: number,
    handle: number,
  ): void {
    this.#write(RESTED, side, priceTicks, sizeLots, account, tag, serial, handle);
  }

  reduced(
    side: number,
    priceTicks: number,
    takenLots: number,
    account: number,
    tag: number,
    serial: number,
    handle: number,
  ): void {
    this.#write(REDUCED, side, priceTicks, takenLots, account, tag, serial, handle);
  }

  cancelled(
    side: number,
    priceTicks: number,
    sizeLots: number,
    account: number,
    tag: number,
    serial: number,
    handle: number,
    reason: number,
  ): void {
    const at = this.#write(CANCELLED, side, priceTicks, sizeLots, account, tag, serial, handle);
    this.#fields[at + 11] = reason;
  }

  rejected(
    side: number,
    priceTicks: number,
    sizeLots: number,
    account: number,
    tag: number,
    reason: number,
  ): void {
    const at = this.#write(REJECTED, side, priceTicks, sizeLots, account, tag, 0, 0);
    this.#fields[at + 11] = reason;
  }

  traded(
    takerSide: number,
    priceTicks: number,
    sizeLots: number,
    takerAccount: number,
    takerTag: number,
    takerSerial: number,
    makerHandle: number,
    makerAccount: number,
    makerTag: number,
    makerSerial: number,
    makerRemainingLots: number,
  ): void {
    const at = this.#write(
      TRADED,
      takerSide,
      priceTicks,
      sizeLots,
      takerAccount,
      takerTag,
      takerSerial,
      makerHandle,
    );
    const f = this.#fields;
    f[at + 8] = makerAccount;
    f[at + 9] = makerTag;
    f[at + 10] = makerSerial;
    f[at + 11] = makerRemainingLots;
  }

  #write(
    kind: number,
    side: number,
    priceTicks: number,
    sizeLots: number,
    account: number,
    tag: number,
    serial: number,
    handle: number,
  ): number {
    const at = this.#count * STRIDE;
    if (at === this.#fields.length) this.#grow();
    const f = this.#fields;
    f[at] = kind;
    f[at + 1] = side;
    f[at + 2] = priceTicks;
    f[at + 3] = sizeLots;
    f[at + 4] = account;
    f[at + 5] = tag;
    f[at + 6] = serial;
    f[at + 7] = handle;
    this.#count++;
    return at;
  }

  #grow(): void {
    const wider = new Float64Array(this.#fields.length * 2);
    wider.set(this.#fields);
    this.#fields = wider;
  }

  #field(i: number, field: number): number {
    assert(i >= 0 && i < this.#count, 'event index out of range');
    return this.#fields[i * STRIDE + field] as number;
  }
}
