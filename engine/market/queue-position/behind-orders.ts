/** The orders that arrived behind ours, by size: how many are probably left, and how many departures they can account for. */

const TINY = 1e-9;

/** Plain data from which the counts can be put back. */
export interface BehindOrdersSnapshot {
  readonly expected: readonly (readonly [sizeLots: number, orders: number])[];
  readonly most: readonly (readonly [sizeLots: number, orders: number])[];
  readonly isUnsure: boolean;
}

/** Orders behind us by size. Every arrival was seen; which departures were theirs often was not. */
export class BehindOrders {
  /** Expected orders by size; fractions, because a departure is split between ahead and behind. */
  readonly #expected: Map<number, number> = new Map();
  /**
   * By size: how many more departures the arrivals can account for. Every departure of the size uses one up, wherever
   * it stood: once there have been more departures than arrivals behind us, as many as the surplus were ahead.
   */
  readonly #most: Map<number, number> = new Map();
  /** That count does not hold: an increase was not a single order. */
  #isUnsure = false;

  /** An order arrived at the back. */
  add(sizeLots: number): void {
    this.#expected.set(sizeLots, (this.#expected.get(sizeLots) ?? 0) + 1);
    this.#most.set(sizeLots, (this.#most.get(sizeLots) ?? 0) + 1);
  }

  /** From here on an order of any size may be behind us. */
  loseTrack(): void {
    this.#isUnsure = true;
  }

  /** Expected orders that can shrink by this much: of this very size when they leave, larger when they stay. */
  fitting(cancelLots: number, leaves: boolean): number {
    if (leaves) return this.#expected.get(cancelLots) ?? 0;
    let orders = 0;
    for (const [size, expected] of this.#expected) if (size > cancelLots) orders += expected;
    return orders;
  }

  /** Whether the orders that arrived behind us can account for one more decrease by this much. */
  mayFit(cancelLots: number, leaves: boolean): boolean {
    if (this.#isUnsure) return true;
    if (leaves) return (this.#most.get(cancelLots) ?? 0) > 0;
    for (const [size, most] of this.#most) if (size > cancelLots && most > 0) return true;
    return false;
  }

  /** Takes off a decrease of which the fraction `share` was behind us; `isOneOrder` when it surely was a single one. */
  shrink(cancelLots: number, leaves: boolean, share: number, isOneOrder: boolean): void {
    const fitting = this.fitting(cancelLots, leaves);
    if (leaves) {
      if (fitting > 0) this.#set(this.#expected, cancelLots, fitting - share);
      if (isOneOrder) this.#set(this.#most, cancelLots, (this.#most.get(cancelLots) ?? 0) - 1);
      return;
    }
    for (const [size, most] of [...this.#most]) {
      if (size <= cancelLots || most <= 0) continue;
      const expected = this.#expected.get(size) ?? 0;
      const moved = fitting > TINY ? (share * expected) / fitting : 0;
      if (moved > 0) {
        this.#set(this.#expected, size, expected - moved);
        this.#set(this.#expected, size - cancelLots, (this.#expected.get(size - cancelLots) ?? 0) + moved);
      }
      this.#most.set(size - cancelLots, (this.#most.get(size - cancelLots) ?? 0) + 1);
    }
  }

  snapshot(): BehindOrdersSnapshot {
    return { expected: [...this.#expected], most: [...this.#most], isUnsure: this.#isUnsure };
  }

  restore(saved: BehindOrdersSnapshot): void {
    this.#expected.clear();
    this.#most.clear();
    for (const [size, orders] of saved.expected) this.#expected.set(size, orders);
    for (const [size, orders] of saved.most) this.#most.set(size, orders);
    this.#isUnsure = saved.isUnsure;
  }

  #set(counts: Map<number, number>, sizeLots: number, orders: number): void {
    if (orders > TINY) counts.set(sizeLots, orders);
    else counts.delete(sizeLots);
  }
}
