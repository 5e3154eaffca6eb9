/** A page of the depth book: 1,024 neighbouring price levels with an occupancy bitmap, reused and never resized. */

/** Price levels per page; a power of two, so that page and slot are a shift and a mask. */
export const PAGE_LEVELS = 1024;
/** log2 of {@link PAGE_LEVELS}. */
export const PAGE_SHIFT = 10;

/**
 * Sizes of 1,024 neighbouring keys. Slot `i` of page `n` is key `n × 1024 + i`; a size of 0 is no level.
 *
 * Two levels of bits find the next occupied slot in three steps: `summary` has a bit per word that is not 0,
 * `words` a bit per occupied slot.
 */
export class BookPage {
  /** Size in lots per slot. */
  readonly lots: Float64Array = new Float64Array(PAGE_LEVELS);
  /** Occupancy, one bit per slot. */
  readonly words: Int32Array = new Int32Array(PAGE_LEVELS / 32);
  /** Bit `w` is set when `words[w]` is not 0. */
  summary = 0;
  /** Occupied slots. */
  levels = 0;
  /** Which page this is at present. */
  number = 0;

  /**
   * Sets the size of a slot; `occupied` is 1 for a size, 0 for none. Returns by how much the occupied slots grew:
   * -1, 0 or 1. Without branches on what was there, because that cannot be predicted.
   */
  set(slot: number, sizeLots: number, occupied: number): number {
    const word = slot >> 5;
    const before = this.words[word] as number;
    const after = (before & ~(1 << slot)) | (occupied << slot);
    const change = occupied - ((before >>> slot) & 1);
    this.words[word] = after;
    this.lots[slot] = sizeLots;
    this.levels += change;
    if (after === 0) this.summary &= ~(1 << word);
    else if (before === 0) this.summary |= 1 << word;
    return change;
  }

  /** The highest occupied slot that is not above `from`; -1 when there is none. */
  highest(from: number): number {
    if (from < 0) return -1;
    let word = from >> 5;
    // Two shifts, because a shift by 32 is none.
    const bits = (this.words[word] as number) & ~((-1 << (from & 31)) << 1);
    if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits);
    const lower = this.summary & ~(-1 << word);
    if (lower === 0) return -1;
    word = 31 - Math.clz32(lower);
    return (word << 5) + 31 - Math.clz32(this.words[word] as number);
  }

  /** Empties the page for reuse. */
  clear(): void {
    this.lots.fill(0);
    this.words.fill(0);
    this.summary = 0;
    this.levels = 0;
  }
}
