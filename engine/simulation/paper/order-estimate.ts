/** What an order of the reader would get at once if it were sent now: a walk of the whole book, its own orders included. */
import { multipleValue } from '../../core/units.ts';
import { matchedPrice } from '../../venue/crypto-perp/perp-rules.ts';
import { protectedLimit } from '../../venue/globex/globex-rules.ts';
import type { OrderSide } from '../../venue/matching/order-terms.ts';
import type { ListedMarket } from '../listed-market.ts';
import { futureParameters } from '../venues/venue-parameters.ts';
import type { PaperEntry } from './paper-entry.ts';
import type { OrderEstimate, PaperOrder } from './paper-orders.ts';
import type { PaperPosition } from './paper-position.ts';

/** The worst price that an order takes at: null for any. */
type Bound = { readonly limitTicks: number | null };

/** Lots of one level that the order could have. */
interface Level {
  readonly priceTicks: number;
  readonly lots: number;
  /** True where the order ends here because it would meet an own order. */
  readonly isLast: boolean;
}

const sideTaken = (side: OrderSide): OrderSide => (side === 'buy' ? 'sell' : 'buy');

/**
 * Walks the book for an order.
 *
 * Exact for what would be filled at once, hidden lots and the reader's own orders included; the fee is the taker's, level by
 * level. What is left rests, or ends, as the order says. Does not foresee Velocity Logic, nor what agents do before it comes.
 *
 * @param open - the reader's open orders
 * @returns null where nothing can be said: the order waits for a trigger, the market collects orders, the price has no level
 *   to come from, or the order would be refused
 */
export function estimateOrder(
  order: PaperOrder,
  market: ListedMarket,
  open: Iterable<PaperEntry>,
  position: PaperPosition,
): OrderEstimate | null {
  const bound = market.isMatching ? boundOf(order, market) : null;
  const sizeLots = enteringLots(order, position.lots);
  if (bound === null || sizeLots <= 0) return null;
  const { limitTicks } = bound;
  const takes: Level[] = [];
  let filledLots = 0;
  let meetsOwn = false;
  for (const level of levels(order, market, [...open], limitTicks)) {
    const lots = Math.min(level.lots, sizeLots - filledLots);
    if (lots > 0) takes.push({ ...level, lots });
    filledLots += lots;
    if (filledLots === sizeLots) break;
    meetsOwn = level.isLast;
    if (meetsOwn) break;
  }
  if (order.timeInForce === 'GTX' && takes.length > 0) return null;
  const minimum = order.timeInForce === 'FOK' ? sizeLots : order.venue === 'globex' ? order.minimumLots : 0;
  if (filledLots < minimum) {
    takes.length = 0;
    filledLots = 0;
  }
  const left = sizeLots - filledLots;
  const rests = mayRest(order) && !meetsOwn && filledLots >= minimum && limitTicks !== null;
  return {
    filledLots,
    averagePrice: averagePrice(takes, market),
    worstTicks: takes.at(-1)?.priceTicks ?? null,
    touchTicks: order.side === 'buy' ? market.askTicks : market.bidTicks,
    fee: takes.reduce((sum, take) => sum + feeOf(take, market, position, false), 0),
    restingLots: rests ? left : 0,
    restingTicks: rests && left > 0 ? limitTicks : null,
    restingFee: rests && left > 0 ? feeOf({ priceTicks: limitTicks, lots: left }, market, position, true) : 0,
  };
}

function feeOf(
  { priceTicks, lots }: Pick<Level, 'priceTicks' | 'lots'>,
  market: ListedMarket,
  position: PaperPosition,
  isMaker: boolean,
): number {
  return position.feeOf(market.nowMicros, priceTicks, lots, isMaker);
}

/** In quote currency; sums of distances from the first price stay exact longer than sums of prices. */
function averagePrice(takes: readonly Level[], { spec }: ListedMarket): number | null {
  const first = takes[0]?.priceTicks;
  if (first === undefined) return null;
  const lots = takes.reduce((sum, take) => sum + take.lots, 0);
  const distance = takes.reduce((sum, take) => sum + (take.priceTicks - first) * take.lots, 0);
  return multipleValue(first + distance / lots, spec.tickSize);
}

/** The lots with which it enters: a reduce-only order is cut to the position. */
function enteringLots(order: PaperOrder, positionLots: number): number {
  if (order.venue !== 'crypto-perp' || !order.reduceOnly) return order.sizeLots;
  return Math.min(order.sizeLots, Math.max(0, order.side === 'sell' ? positionLots : -positionLots));
}

function boundOf(order: PaperOrder, { book, spec, venue }: ListedMarket): Bound | null {
  const { side, priceTicks } = order;
  if (order.venue === 'crypto-perp') {
    if (order.type === 'market') return { limitTicks: null };
    if (order.type !== 'limit') return null;
    const limitTicks = order.priceMatch === null ? priceTicks : matchedPrice(book, side, order.priceMatch);
    return limitTicks === null ? null : { limitTicks };
  }
  const touch = side === 'buy' ? book.bestAskTicks : book.bestBidTicks;
  const { range } = venue;
  switch (order.type) {
    case 'limit': {
      const outside =
        priceTicks === null ||
        (range !== null && (side === 'buy' ? priceTicks > range.highTicks : priceTicks < range.lowTicks));
      return outside ? null : { limitTicks: priceTicks };
    }
    case 'market': {
      const protection = futureParameters(spec.symbol)?.protectionTicks;
      if (touch === null || protection === undefined) return null;
      return { limitTicks: protectedLimit(side, touch, protection) };
    }
    case 'market-limit':
      return touch === null ? null : { limitTicks: touch };
    default:
      return null;
  }
}

function mayRest({ venue, type, timeInForce }: PaperOrder): boolean {
  if (venue === 'crypto-perp' && type === 'market') return false;
  return timeInForce !== 'IOC' && timeInForce !== 'FOK';
}

/** Levels within the limit, best first, less what self-trade prevention keeps the order from. */
function* levels(
  order: PaperOrder,
  { book }: ListedMarket,
  open: readonly PaperEntry[],
  limitTicks: number | null,
): Generator<Level> {
  const side = sideTaken(order.side);
  const prevention = preventionOf(order);
  let priceTicks = side === 'sell' ? book.bestAskTicks : book.bestBidTicks;
  while (priceTicks !== null && within(order.side, priceTicks, limitTicks)) {
    const price = priceTicks;
    const all = book.sizeAt(side, price) + book.hiddenAt(side, price);
    const own = open.filter(
      (entry) => entry.state === 'resting' && entry.order.side === side && entry.priceTicks === price,
    );
    if (own.length === 0 || prevention === 'none') yield { priceTicks: price, lots: all, isLast: false };
    else if (prevention === 'ends-maker') {
      const ownLots = own.reduce((sum, entry) => sum + entry.openLots, 0);
      yield { priceTicks: price, lots: all - ownLots, isLast: false };
    } else {
      const ahead = Math.min(...own.map((entry) => entry.queue?.lots ?? 0));
      yield { priceTicks: price, lots: ahead, isLast: true };
    }
    priceTicks = book.nextWorsePrice(side, price);
  }
}

function within(side: OrderSide, priceTicks: number, limitTicks: number | null): boolean {
  if (limitTicks === null) return true;
  return side === 'buy' ? priceTicks <= limitTicks : priceTicks >= limitTicks;
}

/** What happens where it meets an own order: FOK and post-only orders of the perpetual venue have no prevention. */
function preventionOf(order: PaperOrder): 'none' | 'ends-maker' | 'ends-taker' {
  if (order.venue === 'globex') return order.selfMatch === 'cancel-resting' ? 'ends-maker' : 'ends-taker';
  const { selfTrade, timeInForce } = order;
  if (selfTrade === 'none' || timeInForce === 'FOK' || timeInForce === 'GTX') return 'none';
  return selfTrade === 'expire-maker' ? 'ends-maker' : 'ends-taker';
}
