/** What the auction of a market that only collects orders would do now, and by which rule. */
import type { BookReader } from '../../venue/matching/book-reader.ts';
import type { OrderSide } from '../../venue/matching/order-terms.ts';
import type { ContractVenue } from '../venues/contract-venue.ts';
import type { AuctionView } from './paper-orders.ts';

/** Rows either side of the indicative price. */
const ROWS_AROUND = 20;
/** Prices that are looked at for the rule; a book is never crossed over more. */
const MOST_PRICES = 1000;

type Row = AuctionView['rows'][number];

/**
 * The auction as a table. Stops that the opening would elect count in the indicative price and the matched lots, which are
 * the venue's, but not in the rows.
 */
export function auctionView(venue: ContractVenue): AuctionView {
  const { book, indicativeTicks, indicativeLots: matchedLots } = venue;
  const { bestBidTicks, bestAskTicks } = book;
  if (bestBidTicks === null || bestAskTicks === null) {
    const decidedBy = 'one side has no orders';
    return { indicativeTicks, matchedLots, surplusLots: 0, decidedBy, rows: [] };
  }
  const centre = indicativeTicks ?? Math.floor((bestBidTicks + bestAskTicks) / 2);
  const rows = cumulativeRows(book, centre - ROWS_AROUND, centre + ROWS_AROUND);
  if (indicativeTicks === null) {
    const decidedBy = 'no bid reaches an offer: nothing would trade';
    return { indicativeTicks, matchedLots, surplusLots: 0, decidedBy, rows };
  }
  const { buyLots, sellLots } = rows[ROWS_AROUND] as Row;
  const crossed = cumulativeRows(book, bestAskTicks, Math.min(bestBidTicks, bestAskTicks + MOST_PRICES));
  return {
    indicativeTicks,
    matchedLots,
    surplusLots: buyLots - sellLots,
    decidedBy: decidingRule(crossed),
    rows,
  };
}

/** Lots that would buy at or above, and sell at or below, each price of a range; hidden lots count. */
function cumulativeRows(book: BookReader, lowTicks: number, highTicks: number): readonly Row[] {
  const count = highTicks - lowTicks + 1;
  const buys: number[] = new Array(Math.max(0, count)).fill(0);
  const sells: number[] = [...buys];
  const add = (side: OrderSide, best: number | null, into: number[]): void => {
    let price = best;
    while (price !== null && (side === 'buy' ? price >= lowTicks : price <= highTicks)) {
      const at = Math.min(Math.max(price, lowTicks), highTicks) - lowTicks;
      into[at] = (into[at] ?? 0) + book.sizeAt(side, price) + book.hiddenAt(side, price);
      price = book.nextWorsePrice(side, price);
    }
  };
  add('buy', book.bestBidTicks, buys);
  add('sell', book.bestAskTicks, sells);
  for (let i = count - 2; i >= 0; i--) buys[i] = (buys[i] ?? 0) + (buys[i + 1] ?? 0);
  for (let i = 1; i < count; i++) sells[i] = (sells[i] ?? 0) + (sells[i - 1] ?? 0);
  return buys.map((buyLots, i) => ({ priceTicks: lowTicks + i, buyLots, sellLots: sells[i] ?? 0 }));
}

/**
 * Which of the rules found the price, by the prices at which orders cross.
 *
 * Source: CME Globex, Rules to Determine the Indicative Opening Price (wiki page 457225139).
 */
function decidingRule(crossed: readonly Row[]): string {
  const matched = crossed.map((row) => Math.min(row.buyLots, row.sellLots));
  const most = Math.max(...matched);
  const surpluses = crossed.flatMap((row, i) => (matched[i] === most ? [row.buyLots - row.sellLots] : []));
  if (surpluses.length <= 1) return 'most lots matched';
  if (surpluses.every((lots) => lots > 0) || surpluses.every((lots) => lots < 0)) {
    return 'direction of the surplus';
  }
  const least = Math.min(...surpluses.map(Math.abs));
  const isOne = surpluses.filter((lots) => Math.abs(lots) === least).length === 1;
  return isOne ? 'least surplus' : 'nearest to the reference';
}
