/** Checks the book's touch against the venue's own: a second witness that needs no trust in the first. */
import type { DepthBook } from './book/depth-book.ts';
import type { BookTicker } from './feed/binance/binance-message.ts';

const NUMBERS = 5;
const MAX_WAITING = 512;

/**
 * Compares touch messages with the book where both tell of the same update id.
 *
 * The two streams are not ordered against each other: touches come after every change, diffs every 100 ms or so, and
 * either may be first. So touches ahead of the book wait, and only equal ids are compared. Measured on a recording of
 * 344 s: of 6,547 diffs, 629 end on an id that also has a touch, and all 629 agree in price and size.
 */
export class TouchCheck {
  /** Touches ahead of the book, oldest first: id, bid, bid size, ask, ask size. */
  #waiting: Float64Array = new Float64Array(MAX_WAITING * NUMBERS);
  #count = 0;
  #compared = 0;
  #mismatches = 0;

  /** Touches compared with the book. */
  get compared(): number {
    return this.#compared;
  }

  /** Touches that differed. */
  get mismatches(): number {
    return this.#mismatches;
  }

  /** Takes a touch. Returns what differs from a book at `updateId`, or null. */
  take(touch: BookTicker, book: DepthBook, updateId: number): string | null {
    if (touch.updateId < updateId) return null;
    if (this.#count > 0 && touch.updateId <= (this.#waiting[(this.#count - 1) * NUMBERS] as number))
      this.forget();
    if (this.#count === MAX_WAITING) this.#dropFirst(MAX_WAITING / 2);
    this.#waiting.set(
      [touch.updateId, touch.bidTicks, touch.bidLots, touch.askTicks, touch.askLots],
      this.#count * NUMBERS,
    );
    this.#count++;
    return touch.updateId === updateId ? this.compare(book, updateId) : null;
  }

  /** After the book moved to `updateId`: returns what differs from the touch with this id, or null. */
  compare(book: DepthBook, updateId: number): string | null {
    let passed = 0;
    while (passed < this.#count && (this.#waiting[passed * NUMBERS] as number) < updateId) passed++;
    if (passed > 0) this.#dropFirst(passed);
    if (this.#count === 0 || this.#waiting[0] !== updateId) return null;
    const [, bidTicks, bidLots, askTicks, askLots] = this.#waiting.slice(0, NUMBERS) as unknown as number[];
    this.#dropFirst(1);
    this.#compared++;
    const bid = difference('bid', book, bidTicks as number, bidLots as number);
    const found = bid ?? difference('ask', book, askTicks as number, askLots as number);
    if (found !== null) this.#mismatches++;
    return found;
  }

  /** Forgets the touches that wait; the counts stay. */
  forget(): void {
    this.#count = 0;
  }

  snapshot(): { readonly waiting: Float64Array; readonly compared: number; readonly mismatches: number } {
    return {
      waiting: this.#waiting.slice(0, this.#count * NUMBERS),
      compared: this.#compared,
      mismatches: this.#mismatches,
    };
  }

  restore(saved: ReturnType<TouchCheck['snapshot']>): void {
    this.#waiting.set(saved.waiting);
    this.#count = saved.waiting.length / NUMBERS;
    this.#compared = saved.compared;
    this.#mismatches = saved.mismatches;
  }

  #dropFirst(n: number): void {
    this.#waiting.copyWithin(0, n * NUMBERS, this.#count * NUMBERS);
    this.#count -= n;
  }
}

function difference(
  side: 'bid' | 'ask',
  book: DepthBook,
  priceTicks: number,
  sizeLots: number,
): string | null {
  const best = side === 'bid' ? book.bestBid : book.bestAsk;
  // A side without orders comes as size 0.
  const found = best === null ? 0 : book.sizeAt(side, best);
  if (found === sizeLots && (sizeLots === 0 || best === priceTicks)) return null;
  return `the venue's best ${side} is ${sizeLots} lots at ${priceTicks}, the book's ${found} at ${best ?? 'none'}`;
}
