/** The diffs that arrived while no book was in force: an unbroken chain, bounded, oldest first. */
import type { HeldUpdate } from './held-levels.ts';

/** Most diffs kept: more than three minutes at twenty a second. */
export const MAX_HELD_UPDATES = 4096;
/** Most levels kept over all diffs (12 bytes each). */
export const MAX_HELD_LEVELS = 1_000_000;

/** What became of a diff: kept; kept after dropping what a gap made useless; kept as the first of new ids; not kept. */
export type BufferVerdict = 'kept' | 'kept-after-gap' | 'kept-as-new-session' | 'dropped-as-old';

/** A bounded chain of diffs in which each one's `pu` is the `u` of the one before. */
export class UpdateBuffer {
  #held: HeldUpdate[] = [];
  #levels = 0;

  /** The diffs, oldest first. */
  get held(): readonly HeldUpdate[] {
    return this.#held;
  }

  /**
   * Adds a diff. A gap makes everything before it useless, because no snapshot could be carried over it. An id that
   * is not above the last belongs to the past, unless its event time is newer: then the venue counts anew.
   */
  add(update: HeldUpdate): BufferVerdict {
    const last = this.#held[this.#held.length - 1];
    let verdict: BufferVerdict = 'kept';
    if (last !== undefined && update.lastId <= last.lastId) {
      if (update.eventMicros <= last.eventMicros) return 'dropped-as-old';
      verdict = 'kept-as-new-session';
    } else if (last !== undefined && update.previousId !== last.lastId) verdict = 'kept-after-gap';
    if (verdict !== 'kept') this.clear();
    this.#held.push(update);
    this.#levels += levelsOf(update);
    while (
      this.#held.length > MAX_HELD_UPDATES ||
      (this.#levels > MAX_HELD_LEVELS && this.#held.length > 1)
    ) {
      this.#dropFirst();
    }
    return verdict;
  }

  /** Drops the diffs that end before this id: a snapshot with this id holds them already. */
  dropBefore(lastId: number): void {
    let first = this.#held[0];
    while (first !== undefined && first.lastId < lastId) {
      this.#dropFirst();
      first = this.#held[0];
    }
  }

  clear(): void {
    this.#held = [];
    this.#levels = 0;
  }

  /** Puts saved diffs back. */
  restore(held: readonly HeldUpdate[]): void {
    this.#held = [...held];
    this.#levels = held.reduce((sum, update) => sum + levelsOf(update), 0);
  }

  #dropFirst(): void {
    const first = this.#held.shift();
    if (first !== undefined) this.#levels -= levelsOf(first);
  }
}

function levelsOf(update: HeldUpdate): number {
  return update.bids.priceTicks.length + update.asks.priceTicks.length;
}
