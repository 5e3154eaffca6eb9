/** Hyperliquid margin: maintenance is half of the initial margin at the top leverage of each tier; no fee to close. */
import { assert } from '../../core/assert.ts';
import { marginRoots } from '../brackets/margin-equation.ts';
import type { NotionalBracket, NotionalBrackets } from '../brackets/notional-bracket.ts';
import { bracketMargin } from './bracket-margin.ts';
import { type VenueMargin, type VenuePosition, venueMarginRatio } from './venue-margin.ts';

/** One margin tier: from this notional on, in USDC, at most this leverage. */
export interface HyperliquidTier {
  readonly lowerBound: number;
  readonly maxLeverage: number;
}

const SOURCE = 'Hyperliquid docs "Margining", "Margin tiers", "Liquidations"';

/**
 * Hyperliquid's margin of one asset.
 *
 * Formula: rate = 1 ÷ (2 × max leverage) of the tier; maintenance = notional × rate − deduction, the deduction growing by
 * lower bound × rise of the rate, so that the requirement is continuous.
 *
 * @param tiers - ascending, the first from 0
 * @param tableSource - date and origin of the tiers, for explanations
 * Assumes: a notional on a bound belongs to the tier below it, which matters for the leverage allowed and not for the
 * requirement.
 * Source: Hyperliquid docs "Margin tiers" (maintenance deduction) and "Liquidations".
 *
 * @example one tier of 50x: long 0.0335 ETH, margin − size × entry = −95.059824 → liquidation 2,866.2694
 */
export function hyperliquidMargin(tiers: readonly HyperliquidTier[], tableSource: string): VenueMargin {
  return bracketMargin(
    { name: 'hyperliquid', version: 1, source: SOURCE, tableSource },
    hyperliquidBrackets(tiers),
  );
}

/** The tiers as brackets of notional. Rates are halves of 1 ÷ leverage and not whole millionths, so amounts are float64. */
export function hyperliquidBrackets(tiers: readonly HyperliquidTier[]): NotionalBrackets {
  assert(tiers[0]?.lowerBound === 0, 'the first margin tier starts at 0');
  const brackets: NotionalBracket[] = [];
  for (const [i, { lowerBound, maxLeverage }] of tiers.entries()) {
    const previous = brackets.at(-1);
    const rate = 1 / (2 * maxLeverage);
    const rise = rate - (previous?.maintenanceMarginRate ?? 0);
    assert(rise > 0 && lowerBound >= (previous?.floor ?? 0), `margin tier ${i + 1} is out of order`);
    brackets.push({
      number: i + 1,
      floor: lowerBound,
      cap: tiers[i + 1]?.lowerBound ?? null,
      maintenanceMarginRate: rate,
      maxLeverage,
      maintenanceAmount: previous === undefined ? 0 : previous.maintenanceAmount + lowerBound * rise,
    });
  }
  return brackets;
}

/**
 * The liquidation price from the venue's own account fields, one tier.
 *
 * Formula: −rawUsd ÷ (size × (1 − side × l)), l = 1 ÷ (2 × max leverage): where rawUsd + size × price equals l × |size| × price.
 *
 * @param position - `signedSize` positive for long, in coins, not 0; `rawUsd` = margin − signed size × entry price, in USDC
 * @returns null where no positive price liquidates
 * Source: Hyperliquid docs "Liquidations"; a documented clearinghouseState sample.
 *
 * @example size 0.0335 ETH, rawUsd −95.059824, 50x → 2,866.2694
 */
export function hyperliquidLiquidationPrice(position: {
  readonly signedSize: number;
  readonly rawUsd: number;
  readonly maxLeverage: number;
}): number | null {
  const { signedSize, rawUsd, maxLeverage } = position;
  assert(signedSize !== 0, 'a position has a size');
  const maintenanceRate = 1 / (2 * maxLeverage);
  const price = -rawUsd / (signedSize * (1 - Math.sign(signedSize) * maintenanceRate));
  return price > 0 ? price : null;
}

/** Balance ÷ maintenance below which the backstop vault takes the position over. Source: Hyperliquid docs "Liquidations". */
const BACKSTOP_RATIO = 2 / 3;

/**
 * The price at which the backstop vault takes over, other positions frozen: where the margin ratio is ⅔.
 *
 * @returns null where no positive price does it
 * Source: Hyperliquid docs "Liquidations": equity below two thirds of the maintenance margin.
 */
export function hyperliquidBackstopPrice(
  position: VenuePosition,
  tiers: readonly HyperliquidTier[],
): number | null {
  const { side, size, entryPrice, collateral } = position;
  const brackets = hyperliquidBrackets(tiers);
  const { lower, upper } = marginRoots(
    {
      balance: collateral.walletBalance + collateral.otherUnrealisedPnl,
      maintenance: collateral.otherMaintenanceMargin,
      legs: [{ side, scale: size, entryValue: size * entryPrice, brackets }],
    },
    BACKSTOP_RATIO,
  );
  return (lower ?? upper)?.at ?? null;
}

const PARTIAL_ABOVE_USDC = 100_000;
const PARTIAL_SHARE = 0.2;

/**
 * The part of a position the venue sends to the market first.
 *
 * Rule: above 100,000 USDC a first order for 20 %, then, after a pause of 30 s, all that is left; smaller ones at once.
 *
 * @param alreadyReduced - whether the first order was sent and the pause is over
 * @returns base asset to close; 0 while the margin ratio is above 1
 * Source: Hyperliquid docs "Liquidations".
 */
export function hyperliquidReduction(
  margin: VenueMargin,
  position: VenuePosition,
  markPrice: number,
  alreadyReduced: boolean,
): number {
  if (venueMarginRatio(margin, position, markPrice) > 1) return 0;
  const large = position.size * markPrice > PARTIAL_ABOVE_USDC;
  return large && !alreadyReduced ? position.size * PARTIAL_SHARE : position.size;
}
