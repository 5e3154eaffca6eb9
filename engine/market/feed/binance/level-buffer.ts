/** Decoded price levels in reusable typed arrays: no garbage per level. */

/** Most levels per side of one message; a REST book has at most 1,000, a diff a few thousand. */
export const MAX_LEVELS_PER_SIDE = 20_000;
const FIRST_CAPACITY = 1024;

/** The levels of one side of one message, in the message's order. Overwritten by the next message. */
export class LevelBuffer {
  priceTicks: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Absolute sizes; 0 deletes the level. */
  sizeLots: Float64Array = new Float64Array(FIRST_CAPACITY);
  count = 0;

  /** Doubles the room, keeping the levels; false at {@link MAX_LEVELS_PER_SIDE}. */
  grow(): boolean {
    const capacity = Math.min(MAX_LEVELS_PER_SIDE, this.priceTicks.length * 2);
    if (capacity === this.priceTicks.length) return false;
    const priceTicks = new Int32Array(capacity);
    const sizeLots = new Float64Array(capacity);
    priceTicks.set(this.priceTicks);
    sizeLots.set(this.sizeLots);
    this.priceTicks = priceTicks;
    this.sizeLots = sizeLots;
    return true;
  }
}
