/** What an order needs before the exchange takes it: initial margin plus the loss it would open with. */
import type { PositionSide } from '../../accounting/portfolio.ts';
import { ok, type Result } from '../../core/result.ts';
import { initialMargin, openLoss } from './initial-margin.ts';
import type { NotionalBrackets } from './notional-bracket.ts';

/** Prices an order is judged by, quote currency. */
export interface OrderPrices {
  /** Null for a market order. */
  readonly limitPrice: number | null;
  readonly lastPrice: number;
  readonly markPrice: number;
  readonly bestBid: number;
  readonly bestAsk: number;
}

/** Head room over the best ask of a long market order. Source: Binance FAQ 87fa7ee33b574f7084d42bd2ce2e463b. */
const ASK_HEADROOM_RATE = 0.0005;
/** Head room over the last price of a short market order. Source: as {@link assumedOrderPrice}. */
const LAST_HEADROOM_RATE = 0.0015;

/**
 * The price an order is assumed to open at.
 *
 * Rule: a limit order at its own price; a long market order at the best ask × 1.0005; a short market order at the largest of
 * last price × 1.0015, mark price and best bid.
 *
 * Source: Binance FAQ 87fa7ee33b574f7084d42bd2ce2e463b "Cost Required to Open a Position in Perpetual Futures Contracts".
 * For the short some copies of the page leave out the last price; the larger demand is taken.
 *
 * @example short at market, last 100, mark 99, bid 98 → 100.15
 */
export function assumedOrderPrice(side: PositionSide, prices: OrderPrices): number {
  const { limitPrice, lastPrice, markPrice, bestBid, bestAsk } = prices;
  if (limitPrice !== null) return limitPrice;
  if (side === 'long') return bestAsk * (1 + ASK_HEADROOM_RATE);
  return Math.max(lastPrice * (1 + LAST_HEADROOM_RATE), markPrice, bestBid);
}

/** The cost of an order and its two parts, quote currency. */
export interface CostToOpen {
  readonly initialMargin: number;
  readonly openLoss: number;
  readonly total: number;
}

/**
 * Computes what an order of a flat account needs.
 *
 * Formula: initial margin of size × assumed price, plus the open loss against the mark.
 *
 * Fails: `margin/leverage-too-high`, as {@link initialMargin}.
 * Source: as {@link assumedOrderPrice}.
 *
 * @example 1 BTC limit at 9,253.30, 20x, mark 9,259.84: long 462.66; short 462.66 + 6.54 = 469.20
 */
export function costToOpen(
  order: { readonly side: PositionSide; readonly size: number; readonly leverage: number },
  prices: OrderPrices,
  brackets: NotionalBrackets,
): Result<CostToOpen> {
  const { side, size, leverage } = order;
  const orderPrice = assumedOrderPrice(side, prices);
  const margin = initialMargin(size * orderPrice, leverage, brackets);
  if (!margin.ok) return margin;
  const loss = openLoss({ side, size, orderPrice, markPrice: prices.markPrice });
  return ok({ initialMargin: margin.value, openLoss: loss, total: margin.value + loss });
}

/** Positions and resting orders of one symbol in hedge mode, quote currency, none negative. */
export interface HedgeExposure {
  readonly longNotional: number;
  readonly shortNotional: number;
  /** Resting orders that would open or add to the long. */
  readonly longOrders: number;
  /** Resting orders that would open or add to the short. */
  readonly shortOrders: number;
  readonly leverage: number;
}

/**
 * Computes the initial margin of a symbol in hedge mode: both sides stand by themselves, neither frees the other.
 *
 * Formula: (long + its orders) ÷ leverage + (short + its orders) ÷ leverage.
 *
 * Fails: `margin/leverage-too-high`, for either side.
 * Assumes: sides are charged in full, as their maintenance is; no account response of this mode with orders was found.
 *
 * @example long 1,000, short 600, orders 200 to the short, 20x → 50 + 40 = 90
 */
export function hedgeInitialMargin(exposure: HedgeExposure, brackets: NotionalBrackets): Result<number> {
  const { longNotional, shortNotional, longOrders, shortOrders, leverage } = exposure;
  const long = initialMargin(longNotional + longOrders, leverage, brackets);
  if (!long.ok) return long;
  const short = initialMargin(shortNotional + shortOrders, leverage, brackets);
  return short.ok ? ok(long.value + short.value) : short;
}
