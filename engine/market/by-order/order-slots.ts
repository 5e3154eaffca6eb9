/** Storage of resting orders: parallel typed arrays by slot, a free list, and links that make each level a queue. */
import { assert } from '../../core/assert.ts';

const FIRST_CAPACITY = 1 << 12;

/** Fields of resting orders by slot 1..capacity; 0 means "no order" in every link. Arrays grow, so read them anew. */
export class OrderSlots {
  readonly maxOrders: number;
  orderId: Float64Array<ArrayBuffer> = new Float64Array(FIRST_CAPACITY);
  priceTicks: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY);
  sizeLots: Float64Array<ArrayBuffer> = new Float64Array(FIRST_CAPACITY);
  /** Lots traded since the order's last change, displayed still. */
  filledLots: Float64Array<ArrayBuffer> = new Float64Array(FIRST_CAPACITY);
  next: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY);
  previous: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY);
  /** 0 for a bid, 1 for an ask. */
  side: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_CAPACITY);
  readonly #slots: Map<number, number> = new Map();
  #freeHead = 0;
  #highest = 0;

  constructor(maxOrders: number) {
    assert(Number.isInteger(maxOrders) && maxOrders > 0, `order limit must be positive, found ${maxOrders}`);
    this.maxOrders = maxOrders;
  }

  /** Orders held. */
  get count(): number {
    return this.#slots.size;
  }

  /** The slot of an order; 0 when it is not held. */
  find(orderId: number): number {
    return this.#slots.get(orderId) ?? 0;
  }

  /** Takes a slot for a new order; 0 at the limit. The caller has made sure that the id is not held. */
  take(orderId: number): number {
    if (this.#slots.size >= this.maxOrders) return 0;
    let slot = this.#freeHead;
    if (slot !== 0) this.#freeHead = this.next[slot] as number;
    else {
      slot = ++this.#highest;
      if (slot >= this.orderId.length) this.#grow();
    }
    this.orderId[slot] = orderId;
    this.filledLots[slot] = 0;
    this.next[slot] = 0;
    this.previous[slot] = 0;
    this.#slots.set(orderId, slot);
    return slot;
  }

  /** Gives a slot back. */
  release(slot: number): void {
    this.#slots.delete(this.orderId[slot] as number);
    this.next[slot] = this.#freeHead;
    this.#freeHead = slot;
  }

  /** Forgets every order. */
  clear(): void {
    this.#slots.clear();
    this.#freeHead = 0;
    this.#highest = 0;
  }

  #grow(): void {
    const capacity = this.orderId.length * 2;
    const wider = <A extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
      to: A,
      from: A,
    ): A => {
      to.set(from);
      return to;
    };
    this.orderId = wider(new Float64Array(capacity), this.orderId);
    this.priceTicks = wider(new Int32Array(capacity), this.priceTicks);
    this.sizeLots = wider(new Float64Array(capacity), this.sizeLots);
    this.filledLots = wider(new Float64Array(capacity), this.filledLots);
    this.next = wider(new Int32Array(capacity), this.next);
    this.previous = wider(new Int32Array(capacity), this.previous);
    this.side = wider(new Uint8Array(capacity), this.side);
  }
}
