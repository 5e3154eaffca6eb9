/** Liquidation price: the mark price at which a position's margin balance equals its maintenance margin. */
import type { PositionSide } from '../../accounting/portfolio.ts';
import { sideSign } from './margin-balance.ts';
import { type MarginEquation, marginRoots, pieceRoot } from './margin-equation.ts';
import { bracketAt, type NotionalBracket, type NotionalBrackets } from './notional-bracket.ts';

/** One position of the symbol: the one-way position, or one side in hedge mode. */
export interface LiquidationLeg {
  readonly side: PositionSide;
  readonly size: number;
  readonly entryPrice: number;
}

/** What stands behind the legs. Quote currency. */
export interface LiquidationCollateral {
  /** Isolated: the isolated wallet. Cross: the cross wallet balance. */
  readonly walletBalance: number;
  /** TMM₁: maintenance of the other cross positions at their marks; 0 when isolated. */
  readonly otherMaintenanceMargin: number;
  /** UPNL₁: unrealised PnL of the other cross positions at their marks; 0 when isolated. */
  readonly otherUnrealisedPnl: number;
}

/** The price, the move that leads to it from health, and the bracket of each leg at that price. */
export interface LiquidationPrice {
  readonly price: number;
  readonly move: 'fall' | 'rise';
  readonly brackets: readonly NotionalBracket[];
}

/**
 * The exchange's formula with the rate and amount of each leg given.
 *
 * Formula: (WB − TMM₁ + UPNL₁ + Σ cum − Σ side·size·entry) ÷ (Σ size·MMR − Σ side·size).
 *
 * @returns the price, or null where the denominator is 0 (hedge: q_L(1 − MMR_L) = q_S(1 + MMR_S)) or the result is not
 * positive: no price liquidates. The exchange shows 0 or "--" then.
 * Source: Binance FAQ b3c689c1f50a44cabb3a84e663b81d93 "How to Calculate Liquidation Price of USDT-M Futures Contracts".
 *
 * @example wallet 1,535,443.01; BTC long 109.488 at 32,481.98, MMR 2.5 %, cum 16,300, alone → 18,778.73
 */
export function liquidationPriceFormula(
  collateral: LiquidationCollateral,
  legs: readonly (LiquidationLeg & Pick<NotionalBracket, 'maintenanceMarginRate' | 'maintenanceAmount'>)[],
): number | null {
  const price = pieceRoot(equationOf(collateral, legs, []), legs, 1);
  return price !== null && price > 0 ? price : null;
}

/**
 * Finds the liquidation price with the bracket of each leg re-selected at that price, the other positions frozen.
 *
 * The exchange re-selects and repeats until the bracket is stable. Here the right piece is found directly, see
 * `margin-equation.ts`, so there is nothing that could fail to settle: one leg has at most one such price. Both sides
 * of a symbol behind one cross wallet may have two, one below and one above; the one nearer to the mark is given,
 * since it is reached first. Where such a pair only has a price above, although a rise helps it at first, and that
 * price is further from the mark than zero is, none is given, as the exchange's formula gives none.
 *
 * @param brackets - of the symbol
 * @param markPrice - matters for two legs only
 * @returns null where no price liquidates (shown as "None")
 * Assumes: the other cross positions keep their marks, as in the published formula; no fees or funding until then.
 */
export function liquidationPrice(
  collateral: LiquidationCollateral,
  legs: readonly LiquidationLeg[],
  brackets: NotionalBrackets,
  markPrice: number,
): LiquidationPrice | null {
  const { lower, upper } = marginRoots(equationOf(collateral, legs, brackets), 1);
  const fall: LiquidationPrice | null =
    lower === null ? null : { price: lower.at, move: 'fall', brackets: lower.brackets };
  const rise: LiquidationPrice | null =
    upper === null ? null : { price: upper.at, move: 'rise', brackets: upper.brackets };
  if (rise === null) return fall;
  if (fall === null) return rise.price >= 2 * markPrice && riseHelps(legs, brackets, markPrice) ? null : rise;
  return Math.abs(fall.price - markPrice) <= Math.abs(rise.price - markPrice) ? fall : rise;
}

/** How far a mark is from the price in the direction of the loss; negative once it is past it. */
export function distanceTo(liquidation: LiquidationPrice, markPrice: number): number {
  return liquidation.move === 'fall' ? markPrice - liquidation.price : liquidation.price - markPrice;
}

/** Whether the balance grows at least as fast as the requirement when the mark rises from here. */
function riseHelps(legs: readonly LiquidationLeg[], brackets: NotionalBrackets, markPrice: number): boolean {
  const slope = legs.reduce((sum, { side, size }) => {
    const rate = bracketAt(brackets, size * markPrice).maintenanceMarginRate;
    return sum + size * (sideSign(side) - rate);
  }, 0);
  return slope >= 0;
}

function equationOf(
  collateral: LiquidationCollateral,
  legs: readonly LiquidationLeg[],
  brackets: NotionalBrackets,
): MarginEquation {
  return {
    balance: collateral.walletBalance + collateral.otherUnrealisedPnl,
    maintenance: collateral.otherMaintenanceMargin,
    legs: legs.map((leg) => ({
      side: leg.side,
      scale: leg.size,
      entryValue: leg.size * leg.entryPrice,
      brackets,
    })),
  };
}
