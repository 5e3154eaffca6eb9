/** Slippage from the real book: a market order taken through the levels, best first. */
import { assert } from '../../core/assert.ts';
import type { BookSideName } from '../../market/book/depth-book.ts';
import type { OrderSide } from '../matching/order-terms.ts';
import { WalkResult } from './walk-result.ts';

/** Anything that can show one side's levels, best first, until told to stop; a depth book does. */
export interface LevelSource {
  eachLevel(side: BookSideName, visit: (priceTicks: number, sizeLots: number) => boolean): void;
}

/** The side of the book an order takes from. */
export function takenSide(side: OrderSide): BookSideName {
  return side === 'buy' ? 'ask' : 'bid';
}

/**
 * Walks books, one order at a time, without allocating.
 *
 * Assumes: the whole displayed size of a level can be had, and nobody reacts while the order takes it.
 * Does not model: hidden size, latency, the market refilling. Walk the book as it stands when the order arrives.
 */
export class BookWalk {
  readonly #result: WalkResult = new WalkResult();
  #left = 0;
  #limitTicks = 0;
  readonly #visit: (priceTicks: number, sizeLots: number) => boolean = (priceTicks, sizeLots) => {
    const result = this.#result;
    const isBuy = result.side === 'buy';
    if (result.touchTicks === null) result.touchTicks = priceTicks;
    if (isBuy ? priceTicks > this.#limitTicks : priceTicks < this.#limitTicks) return false;
    const taken = Math.min(sizeLots, this.#left);
    const distance = isBuy ? priceTicks - result.touchTicks : result.touchTicks - priceTicks;
    result.distanceTickLots += taken * distance;
    result.filledLots += taken;
    result.worstTicks = priceTicks;
    result.levels++;
    this.#left -= taken;
    return this.#left > 0;
  };

  /**
   * Takes `sizeLots` through the book.
   *
   * @param sizeLots - positive lots; a fraction is allowed for sizes that come from a notional
   * @param limitTicks - worst price allowed (the bankruptcy price of a liquidation, say); null for none
   * @returns the outcome, valid until the next walk
   *
   * @example asks 100 × 2, 101 × 5; buy 3 → average 100.333, 2 levels, 0 unfilled
   */
  walk(book: LevelSource, side: OrderSide, sizeLots: number, limitTicks: number | null = null): WalkResult {
    if (!(sizeLots > 0 && sizeLots < Number.POSITIVE_INFINITY)) {
      assert(false, `size must be positive, found ${sizeLots}`);
    }
    const result = this.#result;
    result.side = side;
    result.touchTicks = null;
    result.worstTicks = null;
    result.filledLots = 0;
    result.levels = 0;
    result.distanceTickLots = 0;
    this.#left = sizeLots;
    this.#limitTicks = limitTicks ?? (side === 'buy' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
    book.eachLevel(takenSide(side), this.#visit);
    result.unfilledLots = this.#left;
    return result;
  }
}
