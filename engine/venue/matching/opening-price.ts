/** The indicative opening price: the one price at which a crossed book matches most. */

/** Size at a price, in ticks and lots. */
export interface PriceLots {
  readonly priceTicks: number;
  readonly lots: number;
}

/** The price at which a book would open now. */
export interface OpeningPrice {
  readonly priceTicks: number;
  readonly matchedLots: number;
  /** Lots at this price or better that find no match: bids positive, asks negative. */
  readonly residualLots: number;
}

/** Neighbouring prices at which the same lots are willing to trade. */
interface Stretch {
  readonly low: number;
  readonly high: number;
  readonly matched: number;
  readonly residual: number;
}

/**
 * Finds the indicative opening price.
 *
 * Rule 1: the price with the largest matched quantity. Of several such prices, rule 2: where nothing remains unmatched at
 * any of them, the one closest to the prior settlement. Rule 3: where something remains at all of them, the highest when
 * it is all on the bid side, the lowest when it is all on the ask side; else the one with the least unmatched quantity.
 * Several of those: the one closest to the prior settlement (rule 5 of the older list). Every tick between the best ask
 * and the best bid is looked at, also one without orders.
 *
 * Not stated by the source: at equal distance from the settlement, or where there is none, the lower price is taken.
 *
 * Source: CME Globex, Rules to Determine the Indicative Opening Price (wiki page 457225139) and Application of the
 * Indicative Opening Price Rules (457324962); the older five rules at
 * www.cmegroup.com/confluence/display/EPICSANDBOX/Rules+to+Determine+the+Indicative+Opening+Price.
 *
 * @param bids - sizes with hidden lots, in any order; one price may come more than once
 * @returns null where no bid reaches an ask
 */
export function indicativeOpeningPrice(
  bids: readonly PriceLots[],
  asks: readonly PriceLots[],
  settlementTicks: number | null,
): OpeningPrice | null {
  const bestBid = Math.max(...bids.map((b) => b.priceTicks));
  const bestAsk = Math.min(...asks.map((a) => a.priceTicks));
  if (bids.length === 0 || asks.length === 0 || bestBid < bestAsk) return null;
  const all = stretches(bids, asks, bestAsk, bestBid);
  const most = Math.max(...all.map((s) => s.matched));
  const best = all.filter((s) => s.matched === most);
  const first = best[0] as Stretch;
  const last = best[best.length - 1] as Stretch;
  if (best.every((s) => s.residual > 0)) return opening(last, last.high);
  if (best.every((s) => s.residual < 0)) return opening(first, first.low);
  const least = Math.min(...best.map((s) => Math.abs(s.residual)));
  return closest(
    best.filter((s) => Math.abs(s.residual) === least),
    settlementTicks,
  );
}

/** Levels and the gaps between them, ascending. */
function stretches(
  bids: readonly PriceLots[],
  asks: readonly PriceLots[],
  bestAsk: number,
  bestBid: number,
): readonly Stretch[] {
  const bidLots = lotsByPrice(bids);
  const askLots = lotsByPrice(asks);
  const prices = [...new Set([...bidLots.keys(), ...askLots.keys()])]
    .filter((price) => price >= bestAsk && price <= bestBid)
    .sort((a, b) => a - b);
  const result: Stretch[] = [];
  let asked = 0;
  // Bids from the best ask upwards; each price passed takes its bids away.
  let bid = bids.reduce((sum, b) => (b.priceTicks >= bestAsk ? sum + b.lots : sum), 0);
  for (const [i, price] of prices.entries()) {
    asked += askLots.get(price) ?? 0;
    result.push(stretch(price, price, bid, asked));
    bid -= bidLots.get(price) ?? 0;
    const next = prices[i + 1];
    if (next !== undefined && next > price + 1) result.push(stretch(price + 1, next - 1, bid, asked));
  }
  return result;
}

function stretch(low: number, high: number, bid: number, asked: number): Stretch {
  return { low, high, matched: Math.min(bid, asked), residual: bid - asked };
}

function lotsByPrice(levels: readonly PriceLots[]): Map<number, number> {
  const lots = new Map<number, number>();
  for (const level of levels) lots.set(level.priceTicks, (lots.get(level.priceTicks) ?? 0) + level.lots);
  return lots;
}

function closest(candidates: readonly Stretch[], settlementTicks: number | null): OpeningPrice {
  const lowest = candidates[0] as Stretch;
  if (settlementTicks === null) return opening(lowest, lowest.low);
  let best = opening(lowest, Math.min(Math.max(settlementTicks, lowest.low), lowest.high));
  for (const s of candidates) {
    const price = Math.min(Math.max(settlementTicks, s.low), s.high);
    if (Math.abs(price - settlementTicks) < Math.abs(best.priceTicks - settlementTicks)) {
      best = opening(s, price);
    }
  }
  return best;
}

function opening(s: Stretch, priceTicks: number): OpeningPrice {
  return { priceTicks, matchedLots: s.matched, residualLots: s.residual };
}
