/** Bybit's isolated margin for linear contracts, where the fee to close is part of both margins. */
import type { PositionSide } from '../../../accounting/portfolio.ts';
import { sideSign } from '../margin-balance.ts';

/** One isolated linear position. Rates are fractions, amounts quote currency. */
export interface BybitLinearPosition {
  readonly side: PositionSide;
  readonly size: number;
  readonly entryPrice: number;
  readonly leverage: number;
  readonly maintenanceMarginRate: number;
  /** The risk tier's deduction. */
  readonly maintenanceDeduction: number;
  readonly takerFeeRate: number;
  /** Margin added by hand after opening. */
  readonly extraMargin: number;
}

/** Margins and liquidation price. */
export interface BybitLinearMargin {
  readonly feeToClose: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  /** Null where no positive price liquidates. */
  readonly liquidationPrice: number | null;
}

/**
 * Computes Bybit's isolated figures.
 *
 * Formula: fee to close = size × bankruptcy price × taker rate, bankruptcy price = entry × (1 − side ÷ leverage);
 * initial = value ÷ leverage + fee; maintenance = value × rate − deduction + fee; liquidation price = entry − side ×
 * (initial − maintenance + extra) ÷ size, in which the fee cancels.
 *
 * Assumes: value at the entry price; isolated.
 * Source: Bybit help centre "Liquidation Price Calculation under Isolated Mode (Unified Trading Account)"; a real DGBUSDT position response.
 *
 * @example long 1 BTC at 20,000, 50x, 0.5 % → liquidation 19,700
 */
export function bybitLinearMargin(position: BybitLinearPosition): BybitLinearMargin {
  const { size, entryPrice, leverage } = position;
  const sign = sideSign(position.side);
  const value = size * entryPrice;
  const feeToClose = size * entryPrice * (1 - sign / leverage) * position.takerFeeRate;
  const initial = value / leverage;
  const maintenance = value * position.maintenanceMarginRate - position.maintenanceDeduction;
  const price = entryPrice - (sign * (initial - maintenance + position.extraMargin)) / size;
  return {
    feeToClose,
    initialMargin: initial + feeToClose,
    maintenanceMargin: maintenance + feeToClose,
    liquidationPrice: price > 0 ? price : null,
  };
}
