/** One side of a book: price levels in pages of 1024 ticks, each level a queue of orders in time order. */
import { assert } from '../../core/assert.ts';
import type { OrderField, PlaceBit } from './order-record.ts';
import type { OrderStore } from './order-store.ts';

const REMAINING: OrderField['remaining'] = 0;
const NEXT: OrderField['next'] = 1;
const PREVIOUS: OrderField['previous'] = 2;
const PLACE: OrderField['place'] = 3;
const LEVEL_BITS: PlaceBit['level'] = 0xf_ffff;

/** Offsets in the 4-integer record of a level: first and last slot of the queue, number of orders. */
const HEAD = 0;
const TAIL = 1;
const ORDERS = 2;

const PAGE_BITS = 10;
const PAGE_TICKS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_TICKS - 1;
const WORDS_BITS = PAGE_BITS - 5;
const FIRST_PAGES = 8;
const FIRST_WINDOW = 256;

/** Key below every price: the best key of a side without orders. */
const NO_KEY = -0x8000_0000;

const highestBit = (word: number): number => 31 - Math.clz32(word);

/**
 * Price levels of one side, ordered by key: the best level is the one with the largest key.
 *
 * A key splits into page number and place in the page. A window of page numbers leads to the pages that hold orders;
 * when a key falls outside, the window moves or widens, so no price range has to be chosen and keys may be negative.
 * Pages come from one pool of typed arrays and return to it when their last order leaves. An order keeps the index of
 * its level, so taking it out looks nothing up. Finding the next best level costs two bit scans within a page.
 */
export class PriceLadder {
  readonly #maxPages: number;
  readonly #records: Int32Array;
  /** Level records by level index (`page << 10 | place`), 4 integers each. */
  levels: Int32Array = new Int32Array(FIRST_PAGES * PAGE_TICKS * 4);
  /** Lots that can be matched at once, by level index. */
  sizes: Float64Array = new Float64Array(FIRST_PAGES * PAGE_TICKS);
  /** Lots behind the displayed slices of icebergs, by level index. */
  hidden: Float64Array = new Float64Array(FIRST_PAGES * PAGE_TICKS);
  /** Bit maps of occupied levels: 32 words a page, and one word a page that marks the words. */
  #words = new Int32Array(FIRST_PAGES << WORDS_BITS);
  #summary = new Int32Array(FIRST_PAGES);
  /** Page number (key >> 10) and neighbours of the live pages; `below` also links the free ones. */
  #numbers = new Int32Array(FIRST_PAGES);
  #below = new Int32Array(FIRST_PAGES);
  #above = new Int32Array(FIRST_PAGES);
  /** Page by page number less `windowStart`; 0 where there is none. Page 0 is never used. */
  #window = new Int32Array(FIRST_WINDOW);
  #windowStart = 0;
  #topPage = 0;
  #freePage = 0;
  #pagesUsed = 1;
  #livePages = 0;
  /** Number of occupied levels. */
  count = 0;
  /** Key and index of the best level; the lowest integer and 0 while there are no levels. */
  bestKey: number = NO_KEY;
  bestLevel = 0;

  /** @param maxPages - most pages of 1024 ticks that may hold orders at once */
  constructor(store: OrderStore, maxPages: number) {
    assert(
      maxPages > 0 && maxPages < PAGE_TICKS,
      `pages per side must be 1..${PAGE_TICKS - 1}, found ${maxPages}`,
    );
    this.#maxPages = maxPages;
    this.#records = store.records;
  }

  /** True where an order at this key would need a page beyond the limit. */
  isFull(key: number): boolean {
    return this.#livePages >= this.#maxPages && this.find(key) === 0;
  }

  /** Index of the level of a key, or 0 where no page holds it (the level may still be empty). */
  find(key: number): number {
    const entry = (key >> PAGE_BITS) - this.#windowStart;
    if (entry < 0 || entry >= this.#window.length) return 0;
    const page = this.#window[entry] as number;
    return page === 0 ? 0 : (page << PAGE_BITS) | (key & PAGE_MASK);
  }

  /** The key of a level index. */
  keyOf(level: number): number {
    return ((this.#numbers[level >> PAGE_BITS] as number) << PAGE_BITS) | (level & PAGE_MASK);
  }

  /** Slot of the first order of a level, or 0. */
  first(level: number): number {
    return this.levels[(level << 2) + HEAD] as number;
  }

  /** Number of orders of a level. */
  orders(level: number): number {
    return this.levels[(level << 2) + ORDERS] as number;
  }

  /** Puts an order at the end of the queue of its price. */
  append(slot: number, key: number, lots: number): void {
    let level = this.find(key);
    if (level === 0) level = this.#open(key);
    const records = this.#records;
    const levels = this.levels;
    const at = slot << 2;
    const l = level << 2;
    const tail = levels[l + TAIL] as number;
    records[at + REMAINING] = lots;
    records[at + PLACE] = ((records[at + PLACE] as number) & ~LEVEL_BITS) | level;
    records[at + NEXT] = 0;
    records[at + PREVIOUS] = tail;
    levels[l + TAIL] = slot;
    levels[l + ORDERS] = (levels[l + ORDERS] as number) + 1;
    this.sizes[level] = (this.sizes[level] as number) + lots;
    if (tail !== 0) {
      records[(tail << 2) + NEXT] = slot;
      return;
    }
    levels[l + HEAD] = slot;
    this.#occupy(level, key);
  }

  /** Takes an order out of its queue; its remaining size must still be that of the queue. */
  remove(slot: number): void {
    const records = this.#records;
    const levels = this.levels;
    const at = slot << 2;
    const level = (records[at + PLACE] as number) & LEVEL_BITS;
    const l = level << 2;
    const next = records[at + NEXT] as number;
    const previous = records[at + PREVIOUS] as number;
    if (previous === 0) levels[l + HEAD] = next;
    else records[(previous << 2) + NEXT] = next;
    if (next === 0) levels[l + TAIL] = previous;
    else records[(next << 2) + PREVIOUS] = previous;
    levels[l + ORDERS] = (levels[l + ORDERS] as number) - 1;
    this.sizes[level] = (this.sizes[level] as number) - (records[at + REMAINING] as number);
    if ((next | previous) === 0) this.#vacate(level);
  }

  /** Changes the size of an order in its place; something must remain. */
  resize(slot: number, lots: number): void {
    const at = slot << 2;
    const level = (this.#records[at + PLACE] as number) & LEVEL_BITS;
    this.sizes[level] = (this.sizes[level] as number) + lots - (this.#records[at + REMAINING] as number);
    this.#records[at + REMAINING] = lots;
  }

  /** Moves an order to the end of the queue of its level with a new size. */
  requeue(slot: number, lots: number): void {
    const records = this.#records;
    const levels = this.levels;
    const at = slot << 2;
    const level = (records[at + PLACE] as number) & LEVEL_BITS;
    this.sizes[level] = (this.sizes[level] as number) + lots - (records[at + REMAINING] as number);
    records[at + REMAINING] = lots;
    const next = records[at + NEXT] as number;
    if (next === 0) return;
    const l = level << 2;
    const previous = records[at + PREVIOUS] as number;
    const tail = levels[l + TAIL] as number;
    if (previous === 0) levels[l + HEAD] = next;
    else records[(previous << 2) + NEXT] = next;
    records[(next << 2) + PREVIOUS] = previous;
    records[(tail << 2) + NEXT] = slot;
    records[at + PREVIOUS] = tail;
    records[at + NEXT] = 0;
    levels[l + TAIL] = slot;
  }

  /** Books what a taker did at the best level: the new first slot, the lots taken and the orders that left. */
  consume(level: number, head: number, lots: number, left: number): void {
    const levels = this.levels;
    const l = level << 2;
    levels[l + HEAD] = head;
    levels[l + ORDERS] = (levels[l + ORDERS] as number) - left;
    this.sizes[level] = (this.sizes[level] as number) - lots;
    if (head !== 0) {
      this.#records[(head << 2) + PREVIOUS] = 0;
      return;
    }
    levels[l + TAIL] = 0;
    this.#vacate(level);
  }

  /** Adds to the hidden lots of a level. */
  addHidden(level: number, lots: number): void {
    this.hidden[level] = (this.hidden[level] as number) + lots;
  }

  /** Index of the best level whose key is below `key`, or 0. `key` itself need not be occupied. */
  nextWorse(key: number): number {
    const level = this.find(key);
    if (level !== 0) {
      const page = level >> PAGE_BITS;
      const word = (this.#words[level >> 5] as number) & ((1 << (level & 31)) - 1);
      if (word !== 0) return (level & ~31) | highestBit(word);
      const rest = (this.#summary[page] as number) & ((1 << ((level >> 5) & 31)) - 1);
      if (rest !== 0) return this.#topOfWord((page << WORDS_BITS) | highestBit(rest));
    }
    const below = this.#pageBelow(key >> PAGE_BITS);
    return below === 0 ? 0 : this.#topOfPage(below);
  }

  #occupy(level: number, key: number): void {
    const w = level >> 5;
    const page = level >> PAGE_BITS;
    this.#words[w] = (this.#words[w] as number) | (1 << (level & 31));
    this.#summary[page] = (this.#summary[page] as number) | (1 << (w & 31));
    this.count++;
    if (key > this.bestKey) {
      this.bestKey = key;
      this.bestLevel = level;
    }
  }

  #vacate(level: number): void {
    const w = level >> 5;
    const page = level >> PAGE_BITS;
    const word = (this.#words[w] as number) & ~(1 << (level & 31));
    this.#words[w] = word;
    this.count--;
    let summary = this.#summary[page] as number;
    if (word === 0) {
      summary &= ~(1 << (w & 31));
      this.#summary[page] = summary;
    }
    if (level === this.bestLevel) {
      // Every level below the best of this page is in this page or in the pages below.
      if (word !== 0) this.#setBest((w << 5) | highestBit(word));
      else if (summary !== 0) this.#setBest(this.#topOfWord((page << WORDS_BITS) | highestBit(summary)));
      else this.#bestFromPage(this.#below[page] as number);
    }
    if (summary === 0) this.#close(page);
  }

  #setBest(level: number): void {
    this.bestLevel = level;
    this.bestKey = this.keyOf(level);
  }

  #bestFromPage(page: number): void {
    if (page !== 0) {
      this.#setBest(this.#topOfPage(page));
      return;
    }
    this.bestLevel = 0;
    this.bestKey = NO_KEY;
  }

  #topOfWord(w: number): number {
    return (w << 5) | highestBit(this.#words[w] as number);
  }

  #topOfPage(page: number): number {
    return this.#topOfWord((page << WORDS_BITS) | highestBit(this.#summary[page] as number));
  }

  /** The live page with the largest number below this one, or 0. */
  #pageBelow(number: number): number {
    let page = this.#topPage;
    while (page !== 0 && (this.#numbers[page] as number) >= number) page = this.#below[page] as number;
    return page;
  }

  /** Gives the page of a key its place among the live ones and returns the level of the key. */
  #open(key: number): number {
    const number = key >> PAGE_BITS;
    let entry = number - this.#windowStart;
    if (entry < 0 || entry >= this.#window.length) {
      this.#moveWindow(number);
      entry = number - this.#windowStart;
    }
    let page = this.#freePage;
    if (page !== 0) this.#freePage = this.#below[page] as number;
    else page = this.#newPage();
    this.#livePages++;
    this.#numbers[page] = number;
    this.#window[entry] = page;
    const below = this.#pageBelow(number);
    let above = this.#topPage;
    if (below === 0) while (above !== 0 && this.#below[above] !== 0) above = this.#below[above] as number;
    else above = this.#above[below] as number;
    this.#below[page] = below;
    this.#above[page] = above;
    if (above === 0) this.#topPage = page;
    else this.#below[above] = page;
    if (below !== 0) this.#above[below] = page;
    return (page << PAGE_BITS) | (key & PAGE_MASK);
  }

  #close(page: number): void {
    const above = this.#above[page] as number;
    const below = this.#below[page] as number;
    if (above === 0) this.#topPage = below;
    else this.#below[above] = below;
    if (below !== 0) this.#above[below] = above;
    this.#window[(this.#numbers[page] as number) - this.#windowStart] = 0;
    this.#below[page] = this.#freePage;
    this.#freePage = page;
    this.#livePages--;
  }

  #newPage(): number {
    const page = this.#pagesUsed++;
    if (page < this.#summary.length) return page;
    this.levels = widened(this.levels, new Int32Array(this.levels.length * 2));
    this.sizes = widened(this.sizes, new Float64Array(this.sizes.length * 2));
    this.hidden = widened(this.hidden, new Float64Array(this.hidden.length * 2));
    this.#words = widened(this.#words, new Int32Array(this.#words.length * 2));
    this.#summary = widened(this.#summary, new Int32Array(this.#summary.length * 2));
    this.#numbers = widened(this.#numbers, new Int32Array(this.#numbers.length * 2));
    this.#below = widened(this.#below, new Int32Array(this.#below.length * 2));
    this.#above = widened(this.#above, new Int32Array(this.#above.length * 2));
    return page;
  }

  /** Moves the window, and widens it where needed, so that it holds all live pages and this number. */
  #moveWindow(number: number): void {
    let low = number;
    let high = number;
    for (let page = this.#topPage; page !== 0; page = this.#below[page] as number) {
      low = Math.min(low, this.#numbers[page] as number);
      high = Math.max(high, this.#numbers[page] as number);
    }
    let length = this.#window.length;
    while (length < high - low + 1) length *= 2;
    const window = new Int32Array(length);
    const start = low - ((length - (high - low + 1)) >> 1);
    for (let page = this.#topPage; page !== 0; page = this.#below[page] as number) {
      const entry = (this.#numbers[page] as number) - start;
      assert(entry >= 0 && entry < length, 'the moved window holds every live page');
      window[entry] = page;
    }
    this.#window = window;
    this.#windowStart = start;
  }
}

function widened<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
