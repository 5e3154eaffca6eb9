/** Collects the price levels a book touched and sends them every 100 ms as one update, chained by update ids. */
import { assert } from '../core/assert.ts';
import type { Micros } from '../core/units.ts';
import type { OrderBook } from '../venue/matching/order-book.ts';
import type { OrderSide } from '../venue/matching/order-terms.ts';
import type { WireWriter } from './wire-writer.ts';

/** Time between two depth updates. */
export const DEPTH_INTERVAL_MICROS = 100_000;

/** Most levels a side in a snapshot, as in the venue's REST answer. */
export const SNAPSHOT_LEVELS = 1000;

/** Prices of one side touched since the last update, with repeats. */
class TouchedPrices {
  #prices = new Int32Array(256);
  #count = 0;

  add(priceTicks: number): void {
    if (this.#count === this.#prices.length) {
      const wider = new Int32Array(this.#count * 2);
      wider.set(this.#prices);
      this.#prices = wider;
    }
    this.#prices[this.#count++] = priceTicks;
  }

  /** The prices in ascending order without repeats, as a view that the next `add` overwrites. */
  drain(): Int32Array {
    const sorted = this.#prices.subarray(0, this.#count).sort();
    this.#count = 0;
    let kept = 0;
    for (let i = 0; i < sorted.length; i++) {
      if (i === 0 || sorted[i] !== sorted[kept - 1]) sorted[kept++] = sorted[i] as number;
    }
    return sorted.subarray(0, kept);
  }
}

/**
 * Publishes one book. Update ids count the changes of the book from 1; a message covers the ids `U..u` and names in `pu`
 * the last id of the message before it. A window without changes sends nothing.
 */
export class DepthPublisher {
  readonly #book: OrderBook;
  readonly #writer: WireWriter;
  readonly #bids = new TouchedPrices();
  readonly #asks = new TouchedPrices();
  #updateId = 0;
  #publishedId = 0;
  #tickerText = '';

  constructor(book: OrderBook, writer: WireWriter) {
    this.#book = book;
    this.#writer = writer;
  }

  /** Id of the latest change. */
  get updateId(): number {
    return this.#updateId;
  }

  /** Notes that the size at a price changed. */
  touched(side: OrderSide, priceTicks: number): void {
    this.#updateId++;
    if (side === 'buy') this.#bids.add(priceTicks);
    else this.#asks.add(priceTicks);
  }

  /** Forgets the changes so far without sending them: the book is being set up. */
  skip(): void {
    this.#bids.drain();
    this.#asks.drain();
    this.#publishedId = this.#updateId;
  }

  /** Sends what changed since the last call, then the touch where it changed. */
  publish(atMicros: Micros): void {
    const bids = this.#bids.drain();
    const asks = this.#asks.drain();
    if (this.#updateId === this.#publishedId) return;
    const ids = { first: this.#publishedId + 1, last: this.#updateId, previous: this.#publishedId };
    this.#publishedId = this.#updateId;
    this.#writer.depth(atMicros, ids, bids, asks, this.#book);
    this.#publishTouch(atMicros);
  }

  #publishTouch(atMicros: Micros): void {
    const bid = this.#book.bestBidTicks;
    const ask = this.#book.bestAskTicks;
    assert(bid !== null && ask !== null, 'both sides of a simulated book are always quoted');
    const bidLots = this.#book.sizeAt('buy', bid);
    const askLots = this.#book.sizeAt('sell', ask);
    const text = `${bid} ${bidLots} ${ask} ${askLots}`;
    if (text === this.#tickerText) return;
    this.#tickerText = text;
    this.#writer.bookTicker(
      atMicros,
      this.#updateId,
      { priceTicks: bid, sizeLots: bidLots },
      { priceTicks: ask, sizeLots: askLots },
    );
  }
}

/** The best prices of one side, best first, at most `most`. */
export function bestPrices(book: OrderBook, side: OrderSide, most: number): Int32Array {
  const prices = new Int32Array(Math.min(most, book.levelCount(side)));
  let price = side === 'buy' ? book.bestBidTicks : book.bestAskTicks;
  for (let i = 0; i < prices.length && price !== null; i++) {
    prices[i] = price;
    price = book.nextWorsePrice(side, price);
  }
  return prices;
}
