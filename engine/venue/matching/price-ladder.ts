/** One side of a book: price levels in pages of 1024 ticks, each level a queue of orders in time order. */
import { assert } from '../../core/assert.ts';
import type { OrderStore } from './order-store.ts';

const PAGE_BITS = 10;
const PAGE_TICKS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_TICKS - 1;
const SPARE_PAGES = 8;

/** Levels of 1024 neighbouring ticks. `words` and `summary` mark the occupied ones for the next-best search. */
class Page {
  number = 0;
  readonly head = new Int32Array(PAGE_TICKS);
  readonly tail = new Int32Array(PAGE_TICKS);
  readonly sizeLots = new Float64Array(PAGE_TICKS);
  readonly orders = new Int32Array(PAGE_TICKS);
  readonly words = new Int32Array(PAGE_TICKS / 32);
  summary = 0;
}

const highestBit = (word: number): number => 31 - Math.clz32(word);

/**
 * Price levels of one side, ordered by key: the best level is the one with the largest key.
 *
 * Pages come and go with the orders on them, so no price window has to be chosen and keys may be negative. Finding
 * the next best level costs two bit scans within a page.
 */
export class PriceLadder {
  readonly #store: OrderStore;
  readonly #maxPages: number;
  readonly #pages = new Map<number, Page>();
  /** Numbers of the live pages, ascending. */
  readonly #order: number[] = [];
  readonly #spare: Page[] = [];
  #recent = new Page();
  #recentLive = false;
  #levels = 0;
  #bestKey = 0;
  #bestPage: Page = this.#recent;

  /** @param maxPages - most pages of 1024 ticks that may hold orders at once */
  constructor(store: OrderStore, maxPages: number) {
    this.#store = store;
    this.#maxPages = maxPages;
  }

  /** Number of occupied levels. */
  get levels(): number {
    return this.#levels;
  }

  /** Key of the best level; meaningless while there are no levels. */
  get bestKey(): number {
    return this.#bestKey;
  }

  /** True where an order at this key would need a page beyond the limit. */
  isFull(key: number): boolean {
    return this.#order.length >= this.#maxPages && this.#find(key >> PAGE_BITS) === null;
  }

  /** Size resting at a key, in lots. */
  sizeAt(key: number): number {
    const page = this.#find(key >> PAGE_BITS);
    return page === null ? 0 : (page.sizeLots[key & PAGE_MASK] as number);
  }

  /** Number of orders at a key. */
  ordersAt(key: number): number {
    const page = this.#find(key >> PAGE_BITS);
    return page === null ? 0 : (page.orders[key & PAGE_MASK] as number);
  }

  /** Slot of the first order in the queue at a key, or 0. */
  firstAt(key: number): number {
    const page = this.#find(key >> PAGE_BITS);
    return page === null ? 0 : (page.head[key & PAGE_MASK] as number);
  }

  /** Slot of the order to be matched next; there must be one. */
  firstAtBest(): number {
    return this.#bestPage.head[this.#bestKey & PAGE_MASK] as number;
  }

  /** Puts an order at the end of its level's queue. Its key and remaining size are already in the store. */
  append(slot: number): void {
    const store = this.#store;
    const key = store.key[slot] as number;
    const page = this.#find(key >> PAGE_BITS) ?? this.#open(key >> PAGE_BITS);
    const i = key & PAGE_MASK;
    const tail = page.tail[i] as number;
    if (tail === 0) {
      page.head[i] = slot;
      page.words[i >> 5] = (page.words[i >> 5] as number) | (1 << (i & 31));
      page.summary |= 1 << (i >> 5);
      if (this.#levels === 0 || key > this.#bestKey) {
        this.#bestKey = key;
        this.#bestPage = page;
      }
      this.#levels++;
    } else {
      store.next[tail] = slot;
    }
    page.tail[i] = slot;
    store.previous[slot] = tail;
    store.next[slot] = 0;
    page.sizeLots[i] = (page.sizeLots[i] as number) + (store.remainingLots[slot] as number);
    page.orders[i] = (page.orders[i] as number) + 1;
  }

  /** Takes an order out of its queue; its key and remaining size must still be those of the queue. */
  remove(slot: number): void {
    const store = this.#store;
    const key = store.key[slot] as number;
    const page = this.#find(key >> PAGE_BITS);
    assert(page !== null, 'a resting order has a page');
    const i = key & PAGE_MASK;
    const next = store.next[slot] as number;
    const previous = store.previous[slot] as number;
    if (previous === 0) page.head[i] = next;
    else store.next[previous] = next;
    if (next === 0) page.tail[i] = previous;
    else store.previous[next] = previous;
    page.sizeLots[i] = (page.sizeLots[i] as number) - (store.remainingLots[slot] as number);
    page.orders[i] = (page.orders[i] as number) - 1;
    if (next === 0 && previous === 0) this.#vacate(page, key);
  }

  /** Takes `lots` off an order in its place; something must remain. */
  reduce(slot: number, lots: number): void {
    const store = this.#store;
    const key = store.key[slot] as number;
    const page = this.#find(key >> PAGE_BITS);
    assert(page !== null, 'a resting order has a page');
    store.remainingLots[slot] = (store.remainingLots[slot] as number) - lots;
    page.sizeLots[key & PAGE_MASK] = (page.sizeLots[key & PAGE_MASK] as number) - lots;
  }

  /** Key of the best level worse than `key`, or null where there is none. `key` need not be occupied. */
  nextWorse(key: number): number | null {
    const number = key >> PAGE_BITS;
    const page = this.#find(number);
    if (page !== null) {
      const i = key & PAGE_MASK;
      const word = (page.words[i >> 5] as number) & ((1 << (i & 31)) - 1);
      if (word !== 0) return (number << PAGE_BITS) | (i & ~31) | highestBit(word);
      const rest = page.summary & ((1 << (i >> 5)) - 1);
      if (rest !== 0) return topKey(page, highestBit(rest));
    }
    const below = this.#pageBelow(number);
    return below === null ? null : topKey(below, highestBit(below.summary));
  }

  #vacate(page: Page, key: number): void {
    const i = key & PAGE_MASK;
    const word = (page.words[i >> 5] as number) & ~(1 << (i & 31));
    page.words[i >> 5] = word;
    if (word === 0) page.summary &= ~(1 << (i >> 5));
    this.#levels--;
    if (key === this.#bestKey && this.#levels > 0) {
      const next = this.nextWorse(key);
      assert(next !== null, 'levels below the best exist');
      this.#bestKey = next;
      if (next >> PAGE_BITS !== page.number) {
        const found = this.#find(next >> PAGE_BITS);
        assert(found !== null, 'an occupied level has a page');
        this.#bestPage = found;
      }
    }
    if (page.summary === 0) this.#close(page);
  }

  #find(number: number): Page | null {
    if (this.#recentLive && this.#recent.number === number) return this.#recent;
    const page = this.#pages.get(number);
    if (page === undefined) return null;
    this.#recent = page;
    this.#recentLive = true;
    return page;
  }

  #open(number: number): Page {
    const page = this.#spare.pop() ?? new Page();
    page.number = number;
    this.#pages.set(number, page);
    this.#order.splice(this.#rank(number), 0, number);
    this.#recent = page;
    this.#recentLive = true;
    return page;
  }

  #close(page: Page): void {
    this.#pages.delete(page.number);
    this.#order.splice(this.#rank(page.number), 1);
    if (this.#recent === page) this.#recentLive = false;
    if (this.#spare.length < SPARE_PAGES) this.#spare.push(page);
  }

  #pageBelow(number: number): Page | null {
    const below = this.#order[this.#rank(number) - 1];
    return below === undefined ? null : this.#find(below);
  }

  /** How many live pages have a smaller number. */
  #rank(number: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#order[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function topKey(page: Page, word: number): number {
  return (page.number << PAGE_BITS) | (word << 5) | highestBit(page.words[word] as number);
}
