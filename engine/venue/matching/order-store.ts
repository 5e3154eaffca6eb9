/** Storage of resting orders in typed arrays addressed by slot, with a free list and reused-slot detection. */
import { assert } from '../../core/assert.ts';
import type { OrderField, PlaceBit } from './order-record.ts';
import type { OrderHandle } from './order-terms.ts';

const NEXT: OrderField['next'] = 1;
const PLACE: OrderField['place'] = 3;
const LEVEL_BITS: PlaceBit['level'] = 0xf_ffff;
const GENERATION: PlaceBit['generation'] = -0x40_0000;
const NEXT_GENERATION: PlaceBit['nextGeneration'] = 0x40_0000;
const GENERATION_SHIFT = 22;
const SLOT_BITS = 20;
const SLOT_MASK = (1 << SLOT_BITS) - 1;

/** Most orders one book can hold: slots are 20 bits and slot 0 means "none". */
export const MAX_RESTING_ORDERS: number = SLOT_MASK;

/** Slot bookkeeping as plain data: generations of the used slots and the free list, first to be reused first. */
export interface SlotSnapshot {
  readonly generations: readonly number[];
  readonly free: readonly number[];
}

/**
 * Resting orders by slot: records at `slot << 2`, facts at `slot << 2` and details at `slot << 3`. A slot is 1..capacity; 0
 * is "no order" in every link.
 *
 * A handle is the slot with a 10-bit generation above it, so a handle kept after its order left is recognised as
 * unknown until the same slot was reused 1,023 times.
 */
export class OrderStore {
  readonly capacity: number;
  readonly records: Int32Array;
  readonly facts: Int32Array;
  /** What few orders have. */
  readonly details: Int32Array;
  /** First free slot below `highest`, or 0. The matching loop works on these three directly. */
  freeHead = 0;
  /** Slots above this were never used. */
  highest = 0;
  /** Number of resting orders. */
  count = 0;

  constructor(capacity: number) {
    assert(
      Number.isInteger(capacity) && capacity > 0 && capacity <= MAX_RESTING_ORDERS,
      `order capacity must be 1..${MAX_RESTING_ORDERS}, found ${capacity}`,
    );
    this.capacity = capacity;
    this.records = new Int32Array((capacity + 1) << 2);
    this.facts = new Int32Array((capacity + 1) << 2);
    this.details = new Int32Array((capacity + 1) << 3);
  }

  /** Takes a slot; the caller has made sure that one is free, and puts the order into a queue. */
  take(): number {
    let slot = this.freeHead;
    if (slot === 0) slot = ++this.highest;
    else this.freeHead = this.records[(slot << 2) + NEXT] as number;
    this.count++;
    return slot;
  }

  /** Gives a slot back; handles to it are unknown from now on. */
  release(slot: number): void {
    const records = this.records;
    const at = slot << 2;
    records[at + PLACE] = ((records[at + PLACE] as number) + NEXT_GENERATION) & GENERATION;
    records[at + NEXT] = this.freeHead;
    this.freeHead = slot;
    this.count--;
  }

  /** The public name of the order in a slot. */
  handle(slot: number): OrderHandle {
    return (((this.records[(slot << 2) + PLACE] as number) >>> GENERATION_SHIFT) << SLOT_BITS) | slot;
  }

  /** The slot of a handle, or 0 where no such order is open. */
  slot(handle: OrderHandle): number {
    const slot = handle & SLOT_MASK;
    if (slot === 0 || slot > this.highest) return 0;
    const place = this.records[(slot << 2) + PLACE] as number;
    return place >>> GENERATION_SHIFT === handle >>> SLOT_BITS && (place & LEVEL_BITS) !== 0 ? slot : 0;
  }

  /** The slot that the handle of a snapshot names, before its order is in a queue. */
  restoredSlot(handle: OrderHandle): number {
    const slot = handle & SLOT_MASK;
    const place = this.records[(slot << 2) + PLACE] as number;
    const restored = slot >= 1 && slot <= this.highest && place >>> GENERATION_SHIFT === handle >>> SLOT_BITS;
    assert(restored && (place & LEVEL_BITS) === 0, 'an order of the snapshot has no slot of its own');
    return slot;
  }

  snapshotSlots(): SlotSnapshot {
    const free: number[] = [];
    for (let slot = this.freeHead; slot !== 0; slot = this.records[(slot << 2) + NEXT] as number) {
      free.push(slot);
    }
    const generations: number[] = [];
    for (let slot = 1; slot <= this.highest; slot++) {
      generations.push((this.records[(slot << 2) + PLACE] as number) >>> GENERATION_SHIFT);
    }
    return { generations, free };
  }

  /** Restores the bookkeeping into an empty store; the owner puts an order into every used slot that is not free. */
  restoreSlots(slots: SlotSnapshot): void {
    assert(this.highest === 0, 'slots are restored into an empty store only');
    assert(slots.generations.length <= this.capacity, 'snapshot holds more slots than the capacity');
    this.highest = slots.generations.length;
    slots.generations.forEach((generation, i) => {
      this.records[((i + 1) << 2) + PLACE] = generation << GENERATION_SHIFT;
    });
    this.count = this.highest - slots.free.length;
    for (let i = slots.free.length - 1; i >= 0; i--) {
      const slot = slots.free[i] as number;
      assert(slot >= 1 && slot <= this.highest, 'a free slot of the snapshot is not used');
      this.records[(slot << 2) + NEXT] = this.freeHead;
      this.freeHead = slot;
    }
  }
}
