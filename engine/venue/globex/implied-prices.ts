/** Prices that calendar spreads and their legs imply in each other, of the first generation. */

/** The best orders of one side: a price in ticks and the lots at it. */
export interface Quote {
  readonly priceTicks: number;
  readonly lots: number;
}

/** The best bid and ask of one instrument; null where there is none. */
export interface Quotes {
  readonly bid: Quote | null;
  readonly ask: Quote | null;
}

/** How two prices give the implied one: a leg is the sum of spread and back leg, all else the difference of two. */
export type ImpliedAs = 'sum' | 'difference';

/** What two orders imply together. Both must trade, so as many lots as the smaller one has. */
export function impliedQuote(as: ImpliedAs, first: Quote, second: Quote): Quote {
  const { priceTicks } = first;
  return {
    priceTicks: as === 'sum' ? priceTicks + second.priceTicks : priceTicks - second.priceTicks,
    lots: Math.min(first.lots, second.lots),
  };
}

function both(as: ImpliedAs, first: Quote | null, second: Quote | null): Quote | null {
  return first === null || second === null ? null : impliedQuote(as, first, second);
}

/**
 * Implied in: what the legs offer in the spread, which is bought by buying its front leg and selling its back leg.
 *
 * Give it orders alone and no implied prices: what is implied by implied prices is of the second generation.
 *
 * Source: CME Globex, Implied Orders: a spread's implied bid is the bid of its front leg less the ask of its back leg.
 */
export function impliedSpread(front: Quotes, back: Quotes): Quotes {
  return { bid: both('difference', front.bid, back.ask), ask: both('difference', front.ask, back.bid) };
}

/** Implied out: what the spread and its back leg offer in the front leg. Source: as `impliedSpread`. */
export function impliedFront(spread: Quotes, back: Quotes): Quotes {
  return { bid: both('sum', spread.bid, back.bid), ask: both('sum', spread.ask, back.ask) };
}

/** Implied out: what the spread and its front leg offer in the back leg. Source: as `impliedSpread`. */
export function impliedBack(spread: Quotes, front: Quotes): Quotes {
  return { bid: both('difference', front.bid, spread.ask), ask: both('difference', front.ask, spread.bid) };
}

/**
 * Price of a treasury inter-commodity spread: the net change of its front leg less that of its back leg divided by the
 * price ratio, in the unit of the changes.
 *
 * Source: CME Globex, treasury inter-commodity spread pricing.
 */
export function interCommodityPrice(frontChange: number, backChange: number, priceRatio: number): number {
  return frontChange - backChange / priceRatio;
}
