/** The depth book: market by price, both sides, absolute sizes, empty levels deleted. */
import { assert } from '../../core/assert.ts';
import { StateHash } from '../../core/state-hash.ts';
import { BookSide } from './book-side.ts';

/** A side of the book. */
export type BookSideName = 'bid' | 'ask';

/** Numbers per row written by {@link DepthBook.copyGrouped}: price (ticks), size (lots), size from the touch (lots). */
export const GROUPED_STRIDE = 3;

/** Levels of one side, best first. Plain data; not to be changed. */
export interface SideLevels {
  readonly priceTicks: Int32Array;
  readonly sizeLots: Float64Array;
}

/** A saved book. */
export interface DepthBookSnapshot {
  readonly bids: SideLevels;
  readonly asks: SideLevels;
  readonly unknownDeletes: readonly [bids: number, asks: number];
  readonly evictedLevels: readonly [bids: number, asks: number];
}

/**
 * Market by price. Prices are ticks (negative allowed), sizes whole lots; a size of 0 deletes the level.
 *
 * Assumes that whoever feeds it has checked sequence and numbers; it holds what it was told, crossed or not.
 */
export class DepthBook {
  readonly #bids: BookSide = new BookSide('bid');
  readonly #asks: BookSide = new BookSide('ask');

  /** Highest bid in ticks; null without bids. */
  get bestBid(): number | null {
    return this.#bids.best;
  }

  /** Lowest ask in ticks; null without asks. */
  get bestAsk(): number | null {
    return this.#asks.best;
  }

  /** Bid price levels. */
  get bidLevels(): number {
    return this.#bids.levels;
  }

  /** Ask price levels. */
  get askLevels(): number {
    return this.#asks.levels;
  }

  /** Deletes of levels that were not there. */
  get unknownDeletes(): number {
    return this.#bids.unknownDeletes + this.#asks.unknownDeletes;
  }

  /** Levels given up at the page limit: not 0 means that the far book is incomplete. */
  get evictedLevels(): number {
    return this.#bids.evictedLevels + this.#asks.evictedLevels;
  }

  /** True when the best bid is at or above the best ask: no state of a continuous market. */
  get isCrossed(): boolean {
    const bid = this.#bids.best;
    const ask = this.#asks.best;
    return bid !== null && ask !== null && bid >= ask;
  }

  /** Size at a price, in lots; 0 where there is no level. */
  sizeAt(side: BookSideName, priceTicks: number): number {
    return this.#side(side).sizeAt(priceTicks);
  }

  /** Sets one level's absolute size in lots; 0 deletes it, and deleting a level that is not there is only counted. */
  set(side: BookSideName, priceTicks: number, sizeLots: number): void {
    this.#side(side).set(priceTicks, sizeLots);
  }

  /** Sets the first `count` levels of two parallel arrays, in order. Their numbers must have been checked. */
  setAll(side: BookSideName, priceTicks: Int32Array, sizeLots: Float64Array, count: number): void {
    this.#side(side).setAll(priceTicks, sizeLots, count);
  }

  /** Calls `visit` per level, best first, until it returns false. The book must not be changed meanwhile. */
  eachLevel(side: BookSideName, visit: (priceTicks: number, sizeLots: number) => boolean): void {
    this.#side(side).eachLevel(visit);
  }

  /**
   * Writes up to `rows` price rows of `groupTicks`, best first, {@link GROUPED_STRIDE} numbers each.
   *
   * Bids are grouped by floor and asks by ceil, so that no row promises a better price than its levels have.
   * Rows without size are left out.
   *
   * @returns the rows written
   */
  copyGrouped(side: BookSideName, groupTicks: number, rows: number, out: Float64Array): number {
    assert(Number.isInteger(groupTicks) && groupTicks > 0, `group must be whole ticks, found ${groupTicks}`);
    assert(rows >= 0 && out.length >= rows * GROUPED_STRIDE, `out is too short for ${rows} rows`);
    return this.#side(side).copyGrouped(groupTicks, rows, out);
  }

  /**
   * Writes the resting size of both sides per price row into `out`: row `i` covers
   * `[baseTicks + i × rowTicks, baseTicks + (i + 1) × rowTicks)`. An estimate: sums are float32.
   */
  sumRows(baseTicks: number, rowTicks: number, rows: number, out: Float32Array): void {
    assert(Number.isInteger(baseTicks), `base must be whole ticks, found ${baseTicks}`);
    assert(Number.isInteger(rowTicks) && rowTicks > 0, `row must be whole ticks, found ${rowTicks}`);
    assert(rows >= 0 && out.length >= rows, `out is too short for ${rows} rows`);
    out.fill(0, 0, rows);
    this.#bids.addRows(baseTicks, rowTicks, rows, out);
    this.#asks.addRows(baseTicks, rowTicks, rows, out);
  }

  /** Removes every level. Counters stay. */
  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
  }

  /** Plain data from which {@link restore} builds an equal book. */
  snapshot(): DepthBookSnapshot {
    return {
      bids: copyLevels(this.#bids),
      asks: copyLevels(this.#asks),
      unknownDeletes: [this.#bids.unknownDeletes, this.#asks.unknownDeletes],
      evictedLevels: [this.#bids.evictedLevels, this.#asks.evictedLevels],
    };
  }

  /** Replaces the whole book by a saved one. */
  restore(saved: DepthBookSnapshot): void {
    this.clear();
    this.#bids.setAll(saved.bids.priceTicks, saved.bids.sizeLots, saved.bids.priceTicks.length);
    this.#asks.setAll(saved.asks.priceTicks, saved.asks.sizeLots, saved.asks.priceTicks.length);
    this.#bids.restoreCounters(saved.unknownDeletes[0], saved.evictedLevels[0]);
    this.#asks.restoreCounters(saved.unknownDeletes[1], saved.evictedLevels[1]);
  }

  /** Hash over the levels of both sides, best first. */
  stateHash(): number {
    const hash = new StateHash();
    for (const side of [this.#bids, this.#asks]) {
      hash.integer(side.levels);
      side.eachLevel((priceTicks, sizeLots) => {
        hash.integer(priceTicks);
        hash.integer(sizeLots);
        return true;
      });
    }
    return hash.value();
  }

  #side(side: BookSideName): BookSide {
    return side === 'bid' ? this.#bids : this.#asks;
  }
}

function copyLevels(side: BookSide): SideLevels {
  const priceTicks = new Int32Array(side.levels);
  const sizeLots = new Float64Array(side.levels);
  let i = 0;
  side.eachLevel((ticks, lots) => {
    priceTicks[i] = ticks;
    sizeLots[i++] = lots;
    return true;
  });
  return { priceTicks, sizeLots };
}
