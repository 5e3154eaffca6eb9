/** How a Globex order is filled in on the form of the order book. */
import { type OrderSide, SELF_TRADE_MODES, timeNumber } from '../matching/order-terms.ts';
import type { OrderTicket } from '../matching/order-ticket.ts';
import type { GlobexOrder } from './globex-orders.ts';

const CANCEL_RESTING = SELF_TRADE_MODES.indexOf('expire-maker');
const CANCEL_AGGRESSING = SELF_TRADE_MODES.indexOf('expire-taker');
const SECOND = 1_000_000;
const sideNumber = (side: OrderSide): number => (side === 'buy' ? 0 : 1);

/** Fills in an order at its limit; `boundTicks` is the worst price at which it may trade now, null for its limit. */
export function fillTicket(
  ticket: OrderTicket,
  order: GlobexOrder,
  limitTicks: number,
  boundTicks: number | null,
): void {
  const cancels = order.selfMatch === 'cancel-resting' ? CANCEL_RESTING : CANCEL_AGGRESSING;
  ticket.side = sideNumber(order.side);
  ticket.priceTicks = limitTicks;
  ticket.sizeLots = order.sizeLots;
  ticket.timeInForce = timeNumber(order.timeInForce);
  ticket.account = order.account;
  ticket.tag = order.tag;
  ticket.selfTrade = order.selfMatchId === 0 ? 0 : cancels;
  const extras = ticket.withExtras();
  extras.group = order.selfMatchId;
  extras.displayLots = order.displayLots;
  extras.minimumLots = order.minimumLots;
  extras.makerPercent = order.makerPercent;
  extras.goodTillSeconds = Math.floor((order.goodTillMicros ?? 0) / SECOND);
  extras.boundTicks = boundTicks;
}
