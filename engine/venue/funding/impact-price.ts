/** Impact price: the average price at which a fixed notional would trade against the book. */
import type { OrderSide } from '../matching/order-terms.ts';

/** What the impact price needs of a book; an order book has it. */
export interface DepthSource {
  readonly bestBidTicks: number | null;
  readonly bestAskTicks: number | null;
  sizeAt(side: OrderSide, priceTicks: number): number;
  nextWorsePrice(side: OrderSide, priceTicks: number): number | null;
}

/** Base notional of the impact margin, in USDT. Source: Binance FAQ "Introduction to Binance Futures Funding Rates". */
const IMPACT_MARGIN_USDT = 200;

/**
 * Impact margin notional (IMN): the notional that 200 USDT of margin carries at the contract's largest leverage.
 *
 * @example largest leverage 125 → 25,000 USDT
 */
export function impactMarginNotional(maxLeverage: number): number {
  return IMPACT_MARGIN_USDT * maxLeverage;
}

/**
 * Average price of selling (`buy` side: the impact bid) or buying (`sell` side: the impact ask) `notional` at once.
 *
 * Formula: notional ÷ base filled, walking the side from its best level.
 *
 * @param side - the resting side that is walked
 * @param notional - in quote currency, positive
 * @param tickValue - quote currency of one tick
 * @param lotValue - base units of one lot
 * @returns price in quote currency (estimate), or null where the side does not hold the notional
 *
 * Assumes: positive prices, linear contract.
 */
export function impactPrice(
  book: DepthSource,
  side: OrderSide,
  notional: number,
  units: { readonly tickValue: number; readonly lotValue: number },
): number | null {
  let left = notional;
  let base = 0;
  let price = side === 'buy' ? book.bestBidTicks : book.bestAskTicks;
  while (price !== null) {
    const quote = price * units.tickValue;
    const size = book.sizeAt(side, price) * units.lotValue;
    if (size * quote >= left) return notional / (base + left / quote);
    base += size;
    left -= size * quote;
    price = book.nextWorsePrice(side, price);
  }
  return null;
}
