/** How deep the book is known: a snapshot ends somewhere, and what rests beyond its edge is seen only when it changes. */
import type { DepthBook, SideLevels } from './depth-book.ts';
import { applyHeld, type HeldSnapshot } from './held-levels.ts';

/** Levels a side of the venue's deepest REST book: a side with fewer is whole. Source: Binance USDT-M `depth`, limit 1000. */
export const SNAPSHOT_LEVELS = 1000;
/** Part of the depth at hand below which the next snapshot is due. */
const SHORT_PART = 0.25;

/** Prices, in ticks, between which every level is known; null where the whole side is. */
export interface VerifiedRange {
  readonly lowestBidTicks: number | null;
  readonly highestAskTicks: number | null;
}

/** A saved depth. */
export interface VerifiedDepthSnapshot {
  readonly range: VerifiedRange;
  readonly shortBelowBid: number;
  readonly shortAboveAsk: number;
}

/** Follows which part of a book that is in step is known whole. */
export class VerifiedDepth {
  #range: VerifiedRange = { lowestBidTicks: null, highestAskTicks: null };
  #shortBelowBid = Number.NEGATIVE_INFINITY;
  #shortAboveAsk = Number.POSITIVE_INFINITY;

  get range(): VerifiedRange {
    return this.#range;
  }

  /** True when the touch came so near to an edge that little of what is shown is known. */
  isShort(book: DepthBook): boolean {
    const { bestBid, bestAsk } = book;
    return (
      (bestBid !== null && bestBid < this.#shortBelowBid) ||
      (bestAsk !== null && bestAsk > this.#shortAboveAsk)
    );
  }

  /** The book was made from this snapshot alone. */
  replace(snapshot: HeldSnapshot, book: DepthBook): void {
    this.#set(edges(snapshot), book);
  }

  /** The snapshot was laid over a book in step: what that knew is known still. */
  extend(snapshot: HeldSnapshot, book: DepthBook): void {
    const { lowestBidTicks: bid, highestAskTicks: ask } = edges(snapshot);
    const { lowestBidTicks: oldBid, highestAskTicks: oldAsk } = this.#range;
    const range = {
      lowestBidTicks: bid === null || oldBid === null ? null : Math.min(bid, oldBid),
      highestAskTicks: ask === null || oldAsk === null ? null : Math.max(ask, oldAsk),
    };
    this.#set(range, book);
  }

  #set(range: VerifiedRange, { bestBid, bestAsk }: DepthBook): void {
    const { lowestBidTicks: bid, highestAskTicks: ask } = range;
    this.#range = range;
    this.#shortBelowBid =
      bid === null || bestBid === null ? Number.NEGATIVE_INFINITY : bid + (bestBid - bid) * SHORT_PART;
    this.#shortAboveAsk =
      ask === null || bestAsk === null ? Number.POSITIVE_INFINITY : ask - (ask - bestAsk) * SHORT_PART;
  }

  snapshot(): VerifiedDepthSnapshot {
    return { range: this.#range, shortBelowBid: this.#shortBelowBid, shortAboveAsk: this.#shortAboveAsk };
  }

  restore(saved: VerifiedDepthSnapshot): void {
    this.#range = saved.range;
    this.#shortBelowBid = saved.shortBelowBid;
    this.#shortAboveAsk = saved.shortAboveAsk;
  }
}

/** Replaces every level that the snapshot covers by the snapshot's; what lies beyond its edges stays. */
export function layOver(book: DepthBook, snapshot: HeldSnapshot): void {
  const { lowestBidTicks, highestAskTicks } = edges(snapshot);
  const covered: [side: 'bid' | 'ask', ticks: number][] = [];
  book.eachLevel('bid', (ticks) => {
    const inside = lowestBidTicks === null || ticks >= lowestBidTicks;
    if (inside) covered.push(['bid', ticks]);
    return inside;
  });
  book.eachLevel('ask', (ticks) => {
    const inside = highestAskTicks === null || ticks <= highestAskTicks;
    if (inside) covered.push(['ask', ticks]);
    return inside;
  });
  for (const [side, ticks] of covered) book.set(side, ticks, 0);
  applyHeld(book, snapshot);
}

function edges({ bids, asks }: HeldSnapshot): VerifiedRange {
  return { lowestBidTicks: edge(bids, Math.min), highestAskTicks: edge(asks, Math.max) };
}

function edge({ priceTicks }: SideLevels, worse: (a: number, b: number) => number): number | null {
  return priceTicks.length < SNAPSHOT_LEVELS ? null : priceTicks.reduce((a, b) => worse(a, b));
}
