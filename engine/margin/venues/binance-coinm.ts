/** Binance COIN-M: inverse contracts of a fixed quote value, margined in the coin. */
import type { PositionSide } from '../../accounting/portfolio.ts';
import { sideSign } from '../brackets/margin-balance.ts';

/**
 * Computes the liquidation price of an isolated inverse position in the first tier.
 *
 * Formula: contracts × contract size × (1 + side × rate) ÷ (contracts × contract size ÷ entry price + side × wallet). It
 * solves wallet + side × value × (1 ÷ entry − 1 ÷ price) = value × rate ÷ price, all in coins.
 *
 * @param position - `contractSize` in quote currency per contract, `walletBalance` in coins
 * @returns null where the denominator is not positive: a short fully covered by coins cannot be liquidated
 * Assumes: first tier (no deduction), other positions none.
 * Source: Binance FAQ ceccfcfb4e3a45e3b48b0b1bb1a8ae46 "How to Calculate Liquidation Price of COIN-M Futures Contracts"; checked against a real BTCUSD_PERP short response. The long form is the same
 * equation and has no recorded case.
 *
 * @example short 3 × 100 USD at 68,911, wallet 0.00023156 BTC, rate 0.4 % → 72,491.17
 */
export function coinMarginedLiquidationPrice(position: {
  readonly side: PositionSide;
  readonly contracts: number;
  readonly contractSize: number;
  readonly entryPrice: number;
  readonly maintenanceMarginRate: number;
  readonly walletBalance: number;
}): number | null {
  const sign = sideSign(position.side);
  const value = position.contracts * position.contractSize;
  const denominator = value / position.entryPrice + sign * position.walletBalance;
  const price = (value * (1 + sign * position.maintenanceMarginRate)) / denominator;
  return denominator > 0 && price > 0 ? price : null;
}
