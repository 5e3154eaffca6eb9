/** How far a taker may go before trading is interrupted. */
import type { BookReader } from '../matching/book-reader.ts';
import { MAX_PRICE_TICKS, type OrderSide } from '../matching/order-terms.ts';
import type { WaitingOrder } from '../matching/trigger-book.ts';
import type { VelocityWindow } from './velocity-window.ts';

/** What stops continuous trading: the market moved too fast, or triggered stops would move it too far. */
export type Interruption =
  | { readonly cause: 'velocity' }
  | { readonly cause: 'stops'; readonly fromTicks: number };

/** The worst price a taker may trade at, and what it would run into beyond. */
export interface TradingBound {
  readonly ticks: number;
  readonly interruption: Interruption;
}

/** All that a taker of an instrument can meet. */
export interface TakerMarket {
  /** Best price that a taker of this side would meet, or null. */
  bestTicks(takerSide: OrderSide): number | null;
  /** Lots at a price or better, hidden ones included; counts up to `enough`. */
  lotsWithin(takerSide: OrderSide, worstTicks: number, enough: number): number;
}

/** Triggered stops that run now: the price that elected the first of them and how far they may move the market. */
export interface StopRange {
  readonly fromTicks: number;
  readonly rangeTicks: number;
}

/** A price that no order of the other side has, so that a taker bound by it trades nothing. */
const nothing = (side: OrderSide): number => (side === 'buy' ? -MAX_PRICE_TICKS - 1 : MAX_PRICE_TICKS + 1);

/**
 * The bound of a taker that would be interrupted, or null where it may go as far as its limit and size take it. Own orders
 * and orders that would be passed over count as if they traded.
 *
 * Source: CME Globex Velocity Logic (wiki page 46730074); Stop Logic (definitions.uslegal.com, CME notice 7689 of 2003).
 * Where both would stop it at the same price, the stops do.
 */
export function interruptingBound(
  market: TakerMarket,
  side: OrderSide,
  limitTicks: number,
  sizeLots: number,
  window: VelocityWindow | null,
  stops: StopRange | null,
  nowMicros: number,
): TradingBound | null {
  const best = market.bestTicks(side);
  if (best === null || isBeyond(side, best, limitTicks)) return null;
  const fast = window === null ? limitTicks : (window.worstAllowed(side, best, nowMicros) ?? nothing(side));
  const far = stops === null ? limitTicks : stopBound(side, best, stops);
  const byStops = stops !== null && !isBeyond(side, far, fast);
  const ticks = byStops ? far : fast;
  if (!isBeyond(side, limitTicks, ticks)) return null;
  const wanted = Math.min(sizeLots, market.lotsWithin(side, limitTicks, sizeLots));
  const allowed = Math.min(sizeLots, market.lotsWithin(side, ticks, sizeLots));
  if (allowed >= wanted) return null;
  const interruption: Interruption = byStops
    ? { cause: 'stops', fromTicks: stops.fromTicks }
    : { cause: 'velocity' };
  return { ticks, interruption };
}

/**
 * The first price, of the trades since a number of them, that elected a waiting order.
 *
 * @param otherwise - where the events of those trades are gone
 */
export function electingPrice(
  book: BookReader,
  order: WaitingOrder,
  tradesBefore: number,
  otherwise: number,
): number {
  const { events, tradeCount } = book;
  let left = tradeCount - tradesBefore;
  let found = otherwise;
  // From the last event backwards to the first trade of the command.
  for (let i = events.count - 1; i >= 0 && left > 0; i--) {
    if (events.kind(i) !== 'traded' && events.kind(i) !== 'implied') continue;
    left--;
    const price = events.priceTicks(i);
    if (order.rule === 'rises-to' ? price >= order.triggerTicks : price <= order.triggerTicks) found = price;
  }
  return found;
}

/** Best price of the side that a taker would meet. */
export function bestOpposite(book: BookReader, side: OrderSide): number | null {
  return side === 'buy' ? book.bestAskTicks : book.bestBidTicks;
}

function stopBound(side: OrderSide, best: number, { fromTicks, rangeTicks }: StopRange): number {
  if (Math.abs(best - fromTicks) > rangeTicks) return nothing(side);
  return side === 'buy' ? fromTicks + rangeTicks : fromTicks - rangeTicks;
}

/** True for a price that a taker of this side reaches only after the other one. */
export function isBeyond(side: OrderSide, priceTicks: number, thanTicks: number): boolean {
  return side === 'buy' ? priceTicks > thanTicks : priceTicks < thanTicks;
}
