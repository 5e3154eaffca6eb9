/** Prices at which an isolated position has used up its own margin, or has earned back its fee. */
import type { PositionSide } from '../../accounting/portfolio.ts';
import { sideSign } from './margin-balance.ts';

/**
 * The price at which an isolated position's wallet is gone: equity 0. Liquidation comes before it.
 *
 * Formula: entry price − side × isolated wallet ÷ size.
 *
 * @returns the price, or null where no positive price does it (a long holding its whole value)
 * Source: the limit price of Binance liquidation orders; isolated accounting identity.
 *
 * @example long 14 at 0.721575 with 2.5255125 → 0.54118125
 */
export function bankruptcyPrice(position: {
  readonly side: PositionSide;
  readonly size: number;
  readonly entryPrice: number;
  readonly isolatedWallet: number;
}): number | null {
  const price = position.entryPrice - (sideSign(position.side) * position.isolatedWallet) / position.size;
  return price > 0 ? price : null;
}

/**
 * The price at which the gain equals the fee paid to open.
 *
 * Formula: entry price × (1 + side × fee rate).
 *
 * @param feeRate - fraction paid at opening, e.g. 0.0005 for a Binance VIP 0 taker
 * Source: a real long BTCUSDT position response, where it is exactly the entry price × 1.0005; the short form follows by symmetry.
 *
 * @example long at 67,445.9, fee 0.0005 → 67,479.62295
 */
export function breakEvenPrice(side: PositionSide, entryPrice: number, feeRate: number): number {
  return entryPrice * (1 + sideSign(side) * feeRate);
}
