/** Waiting orders by trigger price: the next to fire first, the earlier one at equal prices. */

/** Something that waits for a price. */
export interface Waiting {
  /** Numbers waiting orders in the order of their arrival. */
  readonly id: number;
  readonly triggerTicks: number;
}

/**
 * A binary heap of waiting orders that may be withdrawn at any time: a withdrawn one stays until it would surface or too
 * many are in the way.
 */
export class TriggerHeap<Entry extends Waiting> {
  /** 1 where the lowest trigger fires first, -1 where the highest does. */
  readonly #direction: 1 | -1;
  readonly #isWaiting: (entry: Entry) => boolean;
  #entries: Entry[] = [];
  #withdrawn = 0;

  constructor(direction: 1 | -1, isWaiting: (entry: Entry) => boolean) {
    this.#direction = direction;
    this.#isWaiting = isWaiting;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#siftUp(this.#entries.length - 1);
  }

  /** Notes that an entry no longer waits. */
  withdraw(): void {
    this.#withdrawn++;
    if (this.#withdrawn * 2 <= this.#entries.length || this.#entries.length < 64) return;
    this.#entries = this.#entries.filter(this.#isWaiting);
    for (let i = (this.#entries.length >> 1) - 1; i >= 0; i--) this.#siftDown(i);
    this.#withdrawn = 0;
  }

  /** The entry that fires first, or null. */
  first(): Entry | null {
    for (;;) {
      const top = this.#entries[0];
      if (top === undefined) return null;
      if (this.#isWaiting(top)) return top;
      this.#removeFirst();
      this.#withdrawn--;
    }
  }

  /** Takes the entry that fires first; there must be one, and `first` must have been asked. */
  takeFirst(): Entry {
    const top = this.#entries[0] as Entry;
    this.#removeFirst();
    return top;
  }

  #removeFirst(): void {
    const last = this.#entries.pop() as Entry;
    if (this.#entries.length === 0) return;
    this.#entries[0] = last;
    this.#siftDown(0);
  }

  #before(a: Entry, b: Entry): boolean {
    const difference = (a.triggerTicks - b.triggerTicks) * this.#direction;
    return difference < 0 || (difference === 0 && a.id < b.id);
  }

  #siftUp(from: number): void {
    const entries = this.#entries;
    const entry = entries[from] as Entry;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(entry, entries[parent] as Entry)) break;
      entries[i] = entries[parent] as Entry;
      i = parent;
    }
    entries[i] = entry;
  }

  #siftDown(from: number): void {
    const entries = this.#entries;
    const entry = entries[from] as Entry;
    let i = from;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= entries.length) break;
      const right = child + 1;
      if (right < entries.length && this.#before(entries[right] as Entry, entries[child] as Entry))
        child = right;
      if (!this.#before(entries[child] as Entry, entry)) break;
      entries[i] = entries[child] as Entry;
      i = child;
    }
    entries[i] = entry;
  }
}
