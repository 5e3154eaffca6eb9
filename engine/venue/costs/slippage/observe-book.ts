/** What the slippage model takes from a book: touch, displayed depth and imbalance within a band of the mid. */
import { ok, type Result } from '../../../core/result.ts';
import type { BookSideName } from '../../../market/book/depth-book.ts';
import type { LevelSource } from '../book-walk.ts';
import { quoteOf, type Touch } from './slippage-estimate.ts';

/** A look at the book near the mid. */
export interface BookObservation {
  readonly touch: Touch;
  /** Lots within the band, touch included. */
  readonly displayedLots: { readonly bid: number; readonly ask: number };
  /** (bid − ask) ÷ (bid + ask) of the displayed lots. */
  readonly imbalance: number;
}

/**
 * Sums up both sides of the book within `bandBps` of the mid.
 *
 * Fails: `costs/touch-missing` when a side is empty or the touch is crossed.
 */
export function observeBook(book: LevelSource, bandBps: number): Result<BookObservation> {
  const bid = bestOf(book, 'bid');
  const ask = bestOf(book, 'ask');
  const touch: Touch = {
    bidTicks: bid.priceTicks,
    askTicks: ask.priceTicks,
    bidLots: bid.sizeLots,
    askLots: ask.sizeLots,
  };
  const quote = quoteOf(touch);
  if (!quote.ok) return quote;
  const { midTicks } = quote.value;
  const reachTicks = Math.max(quote.value.halfSpreadTicks, (midTicks * bandBps) / 10_000);
  const displayed = (side: BookSideName): number => {
    let sum = 0;
    book.eachLevel(side, (priceTicks, sizeLots) => {
      const isWithin = Math.abs(priceTicks - midTicks) <= reachTicks;
      if (isWithin) sum += sizeLots;
      return isWithin;
    });
    return sum;
  };
  const displayedLots = { bid: displayed('bid'), ask: displayed('ask') };
  const all = displayedLots.bid + displayedLots.ask;
  return ok({ touch, displayedLots, imbalance: (displayedLots.bid - displayedLots.ask) / all });
}

/** The best level of a side; an empty side has a price that no quote accepts. */
function bestOf(book: LevelSource, side: BookSideName): { priceTicks: number; sizeLots: number } {
  const best = { priceTicks: Number.NaN, sizeLots: 0 };
  book.eachLevel(side, (priceTicks, sizeLots) => {
    best.priceTicks = priceTicks;
    best.sizeLots = sizeLots;
    return false;
  });
  return best;
}
