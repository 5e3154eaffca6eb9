/** One side of the depth book: paged sizes by price, the best level found by bitmap, no recentring. */
import { assert } from '../../core/assert.ts';
import { BookPage, PAGE_LEVELS, PAGE_SHIFT } from './book-page.ts';

/** Largest price, in ticks either way from 0, that a book holds: keys are 32-bit integers. */
export const MAX_BOOK_TICKS = 0x7fff_ffff;
/** Most pages per side (64 MB); beyond it the page farthest from the touch is given up. */
export const MAX_PAGES = 8192;
const SPARE_PAGES = 64;
const TOP_SLOT = PAGE_LEVELS - 1;
/** Best key of an empty side: below every key. */
const NO_KEY = -0x8000_0000;

/**
 * Sizes of one side by price. Asks are kept under the negated price, so that the best level of either side is the
 * highest key and there is one code path: floor on keys groups bids down and asks up.
 */
export class BookSide {
  readonly #ask: boolean;
  readonly #maxPages: number;
  readonly #pages: Map<number, BookPage> = new Map();
  /** Pages in use, ascending. */
  readonly #ordered: BookPage[] = [];
  readonly #spare: BookPage[] = [];
  #recent: BookPage | null = null;
  #levels = 0;
  #bestKey: number = NO_KEY;
  /** Arguments of {@link set}. */
  readonly #one: Int32Array = new Int32Array(1);
  readonly #oneSize: Float64Array = new Float64Array(1);
  #unknownDeletes = 0;
  #evictedLevels = 0;

  constructor(side: 'bid' | 'ask', maxPages: number = MAX_PAGES) {
    this.#ask = side === 'ask';
    this.#maxPages = maxPages;
  }

  /** Price levels with a size. */
  get levels(): number {
    return this.#levels;
  }

  /** Deletes that named a level which was not there (normal: the venue sends them for levels beyond a snapshot). */
  get unknownDeletes(): number {
    return this.#unknownDeletes;
  }

  /** Levels given up because the page limit was reached. */
  get evictedLevels(): number {
    return this.#evictedLevels;
  }

  /** Best price in ticks; null when the side is empty. */
  get best(): number | null {
    if (this.#levels === 0) return null;
    return this.#ask ? 0 - this.#bestKey : this.#bestKey;
  }

  /** Size at a price in lots; 0 where there is no level. */
  sizeAt(priceTicks: number): number {
    const key = this.#key(priceTicks);
    const page = this.#pages.get(key >> PAGE_SHIFT);
    return page === undefined ? 0 : (page.lots[key & TOP_SLOT] as number);
  }

  /** Sets the absolute size of one level; 0 deletes it. */
  set(priceTicks: number, sizeLots: number): void {
    assert(Number.isSafeInteger(sizeLots) && sizeLots >= 0, `size must be whole lots, found ${sizeLots}`);
    const key = this.#key(priceTicks);
    this.#one[0] = this.#ask ? 0 - key : key;
    this.#oneSize[0] = sizeLots;
    this.setAll(this.#one, this.#oneSize, 1);
  }

  /**
   * Sets `count` levels, in order. Prices and sizes must have been checked by whoever decoded them.
   *
   * Whether a level comes, goes or stays cannot be predicted, so the common path computes it instead of branching.
   */
  setAll(priceTicks: Int32Array, sizeLots: Float64Array, count: number): void {
    const ask = this.#ask;
    let page = this.#recent;
    for (let i = 0; i < count; i++) {
      const price = priceTicks[i] as number;
      const size = sizeLots[i] as number;
      const key = ask ? 0 - price : price;
      const number = key >> PAGE_SHIFT;
      if (page === null || page.number !== number) {
        page = this.#pages.get(number) ?? (size === 0 ? null : this.#open(number));
        if (page === null) {
          if (size === 0) this.#unknownDeletes++;
          continue;
        }
      }
      const is = Number(size !== 0);
      const change = page.set(key & TOP_SLOT, size, is);
      this.#levels += change;
      this.#unknownDeletes += 1 - (is | (change & 1));
      if (key < this.#bestKey) {
        if (page.levels > 0) continue;
        this.#close(page);
        page = null;
      } else if (is === 1) this.#bestKey = key;
      else {
        if (page.levels === 0) {
          this.#close(page);
          page = null;
        }
        this.#bestKey = this.#highestKey();
      }
    }
    this.#recent = page;
  }

  /** Calls `visit` per level, best first, until it returns false. */
  eachLevel(visit: (priceTicks: number, sizeLots: number) => boolean): void {
    for (let p = this.#ordered.length - 1; p >= 0; p--) {
      const page = this.#ordered[p] as BookPage;
      const first = page.number << PAGE_SHIFT;
      for (let slot = page.highest(TOP_SLOT); slot >= 0; slot = page.highest(slot - 1)) {
        const key = first + slot;
        if (!visit(this.#ask ? 0 - key : key, page.lots[slot] as number)) return;
      }
    }
  }

  /**
   * Writes up to `rows` grouped rows, best first: price (ticks), size (lots), size from the touch (lots).
   * Returns the rows written.
   */
  copyGrouped(groupTicks: number, rows: number, out: Float64Array): number {
    let row = -1;
    let floorKey = Number.POSITIVE_INFINITY;
    let cumulative = 0;
    for (let p = this.#ordered.length - 1; p >= 0; p--) {
      const page = this.#ordered[p] as BookPage;
      const first = page.number << PAGE_SHIFT;
      for (let slot = page.highest(TOP_SLOT); slot >= 0; slot = page.highest(slot - 1)) {
        const key = first + slot;
        if (key < floorKey) {
          if (++row === rows) return rows;
          floorKey = Math.floor(key / groupTicks) * groupTicks;
          out[row * 3] = this.#ask ? 0 - floorKey : floorKey;
          out[row * 3 + 1] = 0;
        }
        const size = page.lots[slot] as number;
        cumulative += size;
        out[row * 3 + 1] = (out[row * 3 + 1] as number) + size;
        out[row * 3 + 2] = cumulative;
      }
    }
    return row + 1;
  }

  /** Adds the sizes of all levels in `[base, base + rowTicks × rows)` to their rows, lowest price first. */
  addRows(baseTicks: number, rowTicks: number, rows: number, out: Float32Array): void {
    const lastTicks = baseTicks + rowTicks * rows - 1;
    const topKey = this.#ask ? 0 - baseTicks : lastTicks;
    const lowKey = this.#ask ? 0 - lastTicks : baseTicks;
    for (let p = this.#ordered.length - 1; p >= 0; p--) {
      const page = this.#ordered[p] as BookPage;
      const first = page.number << PAGE_SHIFT;
      if (first > topKey) continue;
      if (first + TOP_SLOT < lowKey) return;
      let slot = page.highest(Math.min(TOP_SLOT, topKey - first));
      for (; slot >= 0 && first + slot >= lowKey; slot = page.highest(slot - 1)) {
        const ticks = this.#ask ? 0 - (first + slot) : first + slot;
        const row = Math.floor((ticks - baseTicks) / rowTicks);
        out[row] = (out[row] as number) + (page.lots[slot] as number);
      }
    }
  }

  /** Removes every level. Counters stay. */
  clear(): void {
    for (const page of this.#ordered) this.#retire(page);
    this.#ordered.length = 0;
    this.#pages.clear();
    this.#recent = null;
    this.#levels = 0;
    this.#bestKey = NO_KEY;
  }

  /** Sets the counters, when a saved state is put back. */
  restoreCounters(unknownDeletes: number, evictedLevels: number): void {
    this.#unknownDeletes = unknownDeletes;
    this.#evictedLevels = evictedLevels;
  }

  #key(priceTicks: number): number {
    assert(
      Number.isInteger(priceTicks) && Math.abs(priceTicks) <= MAX_BOOK_TICKS,
      `price must be whole ticks within ±${MAX_BOOK_TICKS}, found ${priceTicks}`,
    );
    // `| 0` also turns -0 into 0.
    return this.#ask ? 0 - priceTicks : priceTicks | 0;
  }

  #highestKey(): number {
    const top = this.#ordered[this.#ordered.length - 1];
    return top === undefined ? NO_KEY : (top.number << PAGE_SHIFT) + top.highest(TOP_SLOT);
  }

  /** A fresh page in its place; null when the limit is reached and this page would be the farthest of all. */
  #open(number: number): BookPage | null {
    const worst = this.#ordered[0];
    if (worst !== undefined && this.#ordered.length >= this.#maxPages) {
      if (number < worst.number) {
        this.#evictedLevels++;
        return null;
      }
      this.#evictedLevels += worst.levels;
      this.#levels -= worst.levels;
      this.#close(worst);
    }
    const page = this.#spare.pop() ?? new BookPage();
    page.number = number;
    this.#pages.set(number, page);
    this.#ordered.splice(this.#place(number), 0, page);
    return page;
  }

  #close(page: BookPage): void {
    this.#ordered.splice(this.#place(page.number), 1);
    this.#pages.delete(page.number);
    if (this.#recent === page) this.#recent = null;
    this.#retire(page);
  }

  #retire(page: BookPage): void {
    if (this.#spare.length >= SPARE_PAGES) return;
    if (page.levels > 0) page.clear();
    this.#spare.push(page);
  }

  /** Index of the first page that is not below `number`. */
  #place(number: number): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ordered[middle] as BookPage).number < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
