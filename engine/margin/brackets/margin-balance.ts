/** Margin balance: what stands behind a position or an account, and its ratio to what is required. */
import type { PositionSide } from '../../accounting/portfolio.ts';
import { assert } from '../../core/assert.ts';

/** +1 for long, −1 for short: the sign with which a price move reaches the balance. */
export function sideSign(side: PositionSide): 1 | -1 {
  return side === 'long' ? 1 : -1;
}

/**
 * Computes the unrealised profit of a linear position, in its quote currency.
 *
 * Formula: side × size × (mark price − entry price).
 *
 * @example long 0.009 BTC at 67,445.9, mark 67,502.68519858 → 0.51106679 USDT
 */
export function unrealisedPnl(position: {
  readonly side: PositionSide;
  readonly size: number;
  readonly entryPrice: number;
  readonly markPrice: number;
}): number {
  return sideSign(position.side) * position.size * (position.markPrice - position.entryPrice);
}

/**
 * Margin balance ÷ maintenance margin: 1 is liquidation, more is better. Exchanges show the inverse (maintenance ÷
 * balance, where 100 % is liquidation); this project has this one direction only.
 *
 * Isolated: balance = isolated wallet + unrealised PnL of the position. Cross: balance = cross wallet + unrealised
 * PnL of all cross positions, maintenance = the sum over them.
 *
 * @param maintenanceMargin - above 0: an open position always requires something
 * @example balance 2.002046, maintenance 1.614445 → 1.24008
 */
export function marginRatio(marginBalance: number, maintenanceMargin: number): number {
  assert(maintenanceMargin > 0, `maintenance margin must be positive, found ${maintenanceMargin}`);
  return marginBalance / maintenanceMargin;
}
