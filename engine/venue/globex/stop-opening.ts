/** The opening price of a collected book, with the stops that it would elect. */
import type { BookReader } from '../matching/book-reader.ts';
import { indicativeOpeningPrice, type OpeningPrice, type PriceLots } from '../matching/opening-price.ts';
import type { OrderSide } from '../matching/order-terms.ts';
import type { WaitingStop } from './globex-orders.ts';
import { protectedLimit } from './globex-rules.ts';

/** The price at which an elected stop enters as a limit order. */
export function stopLimitPrice(stop: WaitingStop, protectionTicks: number): number {
  const { side, priceTicks } = stop.order;
  return priceTicks ?? protectedLimit(side, stop.triggerTicks, protectionTicks);
}

/** Levels of one side that a price of the other side reaches, hidden lots included. */
function levelsWithin(book: BookReader, side: OrderSide, reachTicks: number): PriceLots[] {
  const levels: PriceLots[] = [];
  let price = side === 'buy' ? book.bestBidTicks : book.bestAskTicks;
  while (price !== null && (side === 'buy' ? price >= reachTicks : price <= reachTicks)) {
    levels.push({ priceTicks: price, lots: book.sizeAt(side, price) + book.hiddenAt(side, price) });
    price = book.nextWorsePrice(side, price);
  }
  return levels;
}

/** The limits of the stops of one side. */
function limitsOf(stops: readonly WaitingStop[], side: OrderSide, protectionTicks: number): number[] {
  return stops.filter((s) => s.order.side === side).map((s) => stopLimitPrice(s, protectionTicks));
}

/**
 * The indicative opening price: that of the book, computed again with the stops which it elects at their limits, until it
 * elects no more. Changes nothing.
 *
 * Source: CME Globex, Rules to Determine the Indicative Opening Price (wiki page 457225139).
 */
export function openingWithStops(
  book: BookReader,
  stops: readonly WaitingStop[],
  protectionTicks: number,
  settlementTicks: number | null,
): OpeningPrice | null {
  const { bestBidTicks, bestAskTicks } = book;
  if (bestBidTicks === null || bestAskTicks === null || bestBidTicks < bestAskTicks) return null;
  const lowest = Math.min(bestAskTicks, ...limitsOf(stops, 'sell', protectionTicks));
  const highest = Math.max(bestBidTicks, ...limitsOf(stops, 'buy', protectionTicks));
  const bids = levelsWithin(book, 'buy', lowest);
  const asks = levelsWithin(book, 'sell', highest);
  let waiting = stops;
  for (;;) {
    const opening = indicativeOpeningPrice(bids, asks, settlementTicks);
    if (opening === null) return null;
    const elected = waiting.filter((stop) => isElected(stop, opening.priceTicks));
    if (elected.length === 0) return opening;
    waiting = waiting.filter((stop) => !isElected(stop, opening.priceTicks));
    for (const stop of elected) {
      const level = { priceTicks: stopLimitPrice(stop, protectionTicks), lots: stop.order.sizeLots };
      (stop.order.side === 'buy' ? bids : asks).push(level);
    }
  }
}

function isElected(stop: WaitingStop, priceTicks: number): boolean {
  return stop.rule === 'rises-to' ? priceTicks >= stop.triggerTicks : priceTicks <= stop.triggerTicks;
}
