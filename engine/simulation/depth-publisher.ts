/** Collects the price levels a book touched and sends them every 100 ms as one update, chained by update ids. */
import { assert } from '../core/assert.ts';
import type { Micros } from '../core/units.ts';
import type { BookReader } from '../venue/matching/book-reader.ts';
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

const NO_PRICES: Int32Array = new Int32Array(0);

/**
 * Publishes one book. Update ids count the changes of the book from 1; a message covers the ids `U..u` and names in `pu`
 * the last id of the message before it. A window without changes sends nothing.
 *
 * While orders only collect, the book may be crossed, which the dialect has no words for: then messages carry their ids
 * but no levels, and readers keep the last open book. The first one after the opening names every level that was there
 * when the market stopped or changed since.
 */
export class DepthPublisher {
  readonly #book: BookReader;
  readonly #writer: WireWriter;
  readonly #bids = new TouchedPrices();
  readonly #asks = new TouchedPrices();
  #updateId = 0;
  #publishedId = 0;
  #tickerText = '';
  #frozen = false;

  constructor(book: BookReader, writer: WireWriter) {
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

  /** Shows no levels from now on: the market stopped. */
  freeze(): void {
    this.#frozen = true;
    for (const side of ['buy', 'sell'] as const) {
      for (const price of bestPrices(this.#book, side, this.#book.levelCount(side)))
        this.touched(side, price);
    }
  }

  /** Shows levels again: the market is open. */
  thaw(): void {
    this.#frozen = false;
  }

  /** Sends what changed since the last call, then the touch where it changed. */
  publish(atMicros: Micros): void {
    if (this.#frozen) {
      // One id for the window itself, so that a closed market is not taken for a dead stream.
      this.#updateId++;
      this.#writer.depth(atMicros, this.#nextIds(), NO_PRICES, NO_PRICES, this.#book);
      return;
    }
    const bids = this.#bids.drain();
    const asks = this.#asks.drain();
    if (this.#updateId === this.#publishedId) return;
    this.#writer.depth(atMicros, this.#nextIds(), bids, asks, this.#book);
    this.#publishTouch(atMicros);
  }

  #nextIds(): { readonly first: number; readonly last: number; readonly previous: number } {
    const ids = { first: this.#publishedId + 1, last: this.#updateId, previous: this.#publishedId };
    this.#publishedId = this.#updateId;
    return ids;
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

/**
 * The best prices of one side, best first, at most `most`.
 *
 * @param from - the best price that counts; null for the best there is
 */
export function bestPrices(
  book: BookReader,
  side: OrderSide,
  most: number,
  from: number | null = null,
): Int32Array {
  const prices = new Int32Array(Math.min(most, book.levelCount(side)));
  let price = side === 'buy' ? book.bestBidTicks : book.bestAskTicks;
  while (price !== null && from !== null && (side === 'buy' ? price > from : price < from)) {
    price = book.nextWorsePrice(side, price);
  }
  let count = 0;
  for (; count < prices.length && price !== null; count++) {
    prices[count] = price;
    price = book.nextWorsePrice(side, price);
  }
  return prices.subarray(0, count);
}
