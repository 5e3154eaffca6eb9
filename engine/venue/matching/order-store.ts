/** Storage of resting orders: parallel typed arrays addressed by slot, with a free list and reused-slot detection. */
import { assert } from '../../core/assert.ts';
import type { OrderHandle } from './order-terms.ts';

const SLOT_BITS = 20;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
const GENERATIONS = 1 << 10;

/** Most orders one book can hold: slots are 20 bits and slot 0 means "none". */
export const MAX_RESTING_ORDERS: number = SLOT_MASK;

/**
 * Fields of resting orders by slot. A slot is 1..capacity; 0 is "no order" in every link.
 *
 * A handle is the slot with a 10-bit generation above it, so a handle kept after its order left is recognised as
 * unknown until the same slot was reused 1,023 times.
 */
export class OrderStore {
  readonly capacity: number;
  /** Price key: larger is better on either side (price for bids, minus price for asks). */
  readonly key: Int32Array;
  readonly remainingLots: Float64Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly account: Int32Array;
  readonly tag: Int32Array;
  readonly serial: Float64Array;
  /** 0 for buy, 1 for sell. */
  readonly side: Uint8Array;
  /** 1 where an amendment may not take. */
  readonly postOnly: Uint8Array;
  readonly #generation: Uint16Array;
  readonly #live: Uint8Array;
  #freeHead = 0;
  /** Slots above this were never used. */
  #highest = 0;
  #count = 0;

  constructor(capacity: number) {
    assert(
      Number.isInteger(capacity) && capacity > 0 && capacity <= MAX_RESTING_ORDERS,
      `order capacity must be 1..${MAX_RESTING_ORDERS}, found ${capacity}`,
    );
    this.capacity = capacity;
    const n = capacity + 1;
    this.key = new Int32Array(n);
    this.remainingLots = new Float64Array(n);
    this.next = new Int32Array(n);
    this.previous = new Int32Array(n);
    this.account = new Int32Array(n);
    this.tag = new Int32Array(n);
    this.serial = new Float64Array(n);
    this.side = new Uint8Array(n);
    this.postOnly = new Uint8Array(n);
    this.#generation = new Uint16Array(n);
    this.#live = new Uint8Array(n);
  }

  /** Number of resting orders. */
  get count(): number {
    return this.#count;
  }

  /** Takes a slot; the caller has made sure that one is free. */
  take(): number {
    let slot = this.#freeHead;
    if (slot === 0) {
      slot = ++this.#highest;
    } else {
      this.#freeHead = this.next[slot] as number;
    }
    this.#live[slot] = 1;
    this.#count++;
    return slot;
  }

  /** Gives a slot back; handles to it are unknown from now on. */
  release(slot: number): void {
    this.#live[slot] = 0;
    const generation = (this.#generation[slot] as number) + 1;
    this.#generation[slot] = generation === GENERATIONS ? 0 : generation;
    this.next[slot] = this.#freeHead;
    this.previous[slot] = 0;
    this.#freeHead = slot;
    this.#count--;
  }

  /** The public name of the order in a slot. */
  handle(slot: number): OrderHandle {
    return ((this.#generation[slot] as number) << SLOT_BITS) | slot;
  }

  /** The slot of a handle, or 0 where no such order is open. */
  slot(handle: OrderHandle): number {
    const slot = handle & SLOT_MASK;
    if (slot === 0 || slot > this.#highest || this.#live[slot] === 0) return 0;
    return this.handle(slot) === handle ? slot : 0;
  }

  /** Slot bookkeeping as plain data: generations of the used slots and the free list, first to be reused first. */
  snapshotSlots(): { readonly generations: readonly number[]; readonly free: readonly number[] } {
    const free: number[] = [];
    for (let slot = this.#freeHead; slot !== 0; slot = this.next[slot] as number) free.push(slot);
    return { generations: Array.from(this.#generation.subarray(1, this.#highest + 1)), free };
  }

  /** Restores the bookkeeping into an empty store; every used slot not free counts as live. */
  restoreSlots(slots: { readonly generations: readonly number[]; readonly free: readonly number[] }): void {
    assert(this.#highest === 0, 'slots are restored into an empty store only');
    assert(slots.generations.length <= this.capacity, 'snapshot holds more slots than the capacity');
    this.#highest = slots.generations.length;
    this.#generation.set(slots.generations, 1);
    this.#live.fill(1, 1, this.#highest + 1);
    this.#count = this.#highest - slots.free.length;
    for (let i = slots.free.length - 1; i >= 0; i--) {
      const slot = slots.free[i] as number;
      assert(slot >= 1 && slot <= this.#highest && this.#live[slot] === 1, `free slot ${slot} is not used`);
      this.#live[slot] = 0;
      this.next[slot] = this.#freeHead;
      this.#freeHead = slot;
    }
  }
}
