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

/** Both orders must trade, so as many lots as the smaller one has. */
function both(a: Quote | null, b: Quote | null, priceOf: (a: number, b: number) => number): Quote | null {
  if (a === null || b === null) return null;
  return { priceTicks: priceOf(a.priceTicks, b.priceTicks), lots: Math.min(a.lots, b.lots) };
}

const sum = (a: number, b: number): number => a + b;
const difference = (a: number, b: number): number => a - b;

/**
 * Implied in: what the legs offer in the spread, which is bought by buying its front leg and selling its back leg.
 *
 * Give it orders alone and no implied prices: what is implied by implied prices is of the second generation.
 *
 * Source: CME Globex, Implied Orders: a spread's implied bid is the bid of its front leg less the ask of its back leg.
 */
export function impliedSpread(front: Quotes, back: Quotes): Quotes {
  return { bid: both(front.bid, back.ask, difference), ask: both(front.ask, back.bid, difference) };
}

/** Implied out: what the spread and its back leg offer in the front leg. Source: as `impliedSpread`. */
export function impliedFront(spread: Quotes, back: Quotes): Quotes {
  return { bid: both(spread.bid, back.bid, sum), ask: both(spread.ask, back.ask, sum) };
}

/** Implied out: what the spread and its front leg offer in the back leg. Source: as `impliedSpread`. */
export function impliedBack(spread: Quotes, front: Quotes): Quotes {
  return { bid: both(front.bid, spread.ask, difference), ask: both(front.ask, spread.bid, difference) };
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
