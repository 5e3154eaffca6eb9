/** Margin of one position by a venue's own rules: the one interface all venues fill, and the ratio built on it. */
import type { Result } from '../../core/result.ts';
import type { LiquidationCollateral, LiquidationLeg } from '../brackets/liquidation-price.ts';
import { sideSign } from '../brackets/margin-balance.ts';
import type { DerivationTerm } from '../margin-report.ts';

/** One position and what stands behind it. Quote currency; linear contracts only. */
export interface VenuePosition extends LiquidationLeg {
  /** Chosen leverage, at least 1. */
  readonly leverage: number;
  readonly collateral: LiquidationCollateral;
}

/** Names of the venues whose rules are here. */
export type VenueMarginName = 'binance-usdm' | 'bybit-linear' | 'okx-swap' | 'hyperliquid';

/** The figures a venue defines for a position, each of which can be explained. */
export type VenueFigure =
  | 'initialMargin'
  | 'maintenanceMargin'
  | 'feeToClose'
  | 'bankruptcyPrice'
  | 'liquidationPrice';

/**
 * A venue's margin rules bound to one symbol's table. Pure: the same position and mark give the same figures. All are
 * estimates in the quote currency (float64).
 */
export interface VenueMargin {
  readonly name: VenueMarginName;
  /** Counted from 1; grows when the venue changes its rules, so that figures of two versions are never compared unawares. */
  readonly version: number;
  /** Documents the rules were read in. */
  readonly source: string;
  /** Needed to open the position. Fails: `margin/leverage-too-high`. */
  initialMargin(position: VenuePosition, markPrice: number): Result<number>;
  /** Least balance that keeps it open, with the fee to close where the venue demands that too. */
  maintenanceMargin(position: VenuePosition, markPrice: number): number;
  /** The part of the maintenance margin that pays for closing; 0 where the venue asks for none. */
  feeToClose(position: VenuePosition, markPrice: number): number;
  /** Price at which the collateral is gone, after the fee to close where there is one; null where no positive price does it. */
  bankruptcyPrice(position: VenuePosition): number | null;
  /** Mark price at which balance equals maintenance margin, other positions frozen; null where no positive price does it. */
  liquidationPrice(position: VenuePosition): number | null;
  /** The figure, its formula over the labels of its terms, and their sources. */
  explain(figure: VenueFigure, position: VenuePosition, markPrice: number): DerivationTerm;
}

/** The collateral of an isolated position: its own wallet and nothing else. */
export function isolatedCollateral(walletBalance: number): LiquidationCollateral {
  return { walletBalance, otherMaintenanceMargin: 0, otherUnrealisedPnl: 0 };
}

/** Wallet and all unrealised PnL at a mark of this position, the other positions frozen. */
export function venueMarginBalance(position: VenuePosition, markPrice: number): number {
  const { side, size, entryPrice, collateral } = position;
  const unrealisedPnl = sideSign(side) * size * (markPrice - entryPrice);
  return collateral.walletBalance + collateral.otherUnrealisedPnl + unrealisedPnl;
}

/**
 * Margin balance ÷ maintenance margin under a venue's rules: 1 is liquidation.
 *
 * @example Bybit long 1 at 20,000, 50x, rate 0.5 %, no fee: 1 at 19,700
 */
export function venueMarginRatio(margin: VenueMargin, position: VenuePosition, markPrice: number): number {
  const required = position.collateral.otherMaintenanceMargin + margin.maintenanceMargin(position, markPrice);
  return venueMarginBalance(position, markPrice) / required;
}

/** A price, or null where it is not positive. */
export function positivePrice(price: number): number | null {
  return price > 0 ? price : null;
}
