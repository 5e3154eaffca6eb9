/** Many orders against one book: levels summed up once, then each size answered by a binary search. */
import { assert } from '../../core/assert.ts';
import type { OrderSide } from '../matching/order-terms.ts';
import { type LevelSource, takenSide } from './book-walk.ts';
import { WalkResult } from './walk-result.ts';

/**
 * One side of a book with running sums. Same answers as a walk of that book; worth it from a few sizes per book on
 * (what-if ladders, liquidation waves).
 */
export class CumulativeDepth {
  readonly #result: WalkResult = new WalkResult();
  #priceTicks: Float64Array = new Float64Array(256);
  /** Σ lots and Σ (lots × distance from the touch) up to and including level i. */
  #lots: Float64Array = new Float64Array(256);
  #distance: Float64Array = new Float64Array(256);
  #side: OrderSide = 'buy';
  #count = 0;
  readonly #visit: (priceTicks: number, sizeLots: number) => boolean = (priceTicks, sizeLots) => {
    const i = this.#count;
    if (i === this.#lots.length) this.#grow();
    const touch = i === 0 ? priceTicks : (this.#priceTicks[0] as number);
    this.#priceTicks[i] = priceTicks;
    this.#lots[i] = (i === 0 ? 0 : (this.#lots[i - 1] as number)) + sizeLots;
    this.#distance[i] =
      (i === 0 ? 0 : (this.#distance[i - 1] as number)) + sizeLots * Math.abs(priceTicks - touch);
    this.#count++;
    return true;
  };

  /** Levels summed. */
  get levels(): number {
    return this.#count;
  }

  /** Lots on the side. */
  get totalLots(): number {
    return this.#count === 0 ? 0 : (this.#lots[this.#count - 1] as number);
  }

  /** Sums up the side that orders of `side` take from. The book may change afterwards; the sums do not. */
  read(book: LevelSource, side: OrderSide): void {
    this.#side = side;
    this.#count = 0;
    book.eachLevel(takenSide(side), this.#visit);
  }

  /**
   * Takes `sizeLots` (positive) through the levels read, from the touch on: every call starts with the whole book.
   *
   * @returns the outcome, valid until the next call
   */
  walk(sizeLots: number): WalkResult {
    if (!(sizeLots > 0 && sizeLots < Number.POSITIVE_INFINITY)) {
      assert(false, `size must be positive, found ${sizeLots}`);
    }
    const result = this.#result;
    const count = this.#count;
    result.side = this.#side;
    if (count === 0) {
      result.touchTicks = null;
      result.worstTicks = null;
      result.filledLots = 0;
      result.unfilledLots = sizeLots;
      result.levels = 0;
      result.distanceTickLots = 0;
      return result;
    }
    const last = this.#levelOf(sizeLots);
    const worst = this.#priceTicks[last] as number;
    const touch = this.#priceTicks[0] as number;
    const total = this.#lots[count - 1] as number;
    const filled = Math.min(sizeLots, total);
    const before = last === 0 ? 0 : (this.#lots[last - 1] as number);
    const beforeDistance = last === 0 ? 0 : (this.#distance[last - 1] as number);
    result.touchTicks = touch;
    result.worstTicks = worst;
    result.filledLots = filled;
    result.unfilledLots = sizeLots - filled;
    result.levels = last + 1;
    result.distanceTickLots = beforeDistance + (filled - before) * Math.abs(worst - touch);
    return result;
  }

  /** The first level at which the sum reaches the size; the last level when none does. */
  #levelOf(sizeLots: number): number {
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lots[middle] as number) < sizeLots) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const grown = (old: Float64Array): Float64Array => {
      const next = new Float64Array(old.length * 2);
      next.set(old);
      return next;
    };
    this.#priceTicks = grown(this.#priceTicks);
    this.#lots = grown(this.#lots);
    this.#distance = grown(this.#distance);
  }
}
