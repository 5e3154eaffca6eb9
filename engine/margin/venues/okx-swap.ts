/** OKX margin for linear swaps: the tier of the size sets one rate for the whole position, and the fee to close comes on top. */
import { assert, unreachable } from '../../core/assert.ts';
import { fail, ok } from '../../core/result.ts';
import { sideSign } from '../brackets/margin-balance.ts';
import { computed } from '../explain-terms.ts';
import { bankruptcyWords, equityGonePrice } from './bracket-margin.ts';
import {
  positivePrice,
  type VenueFigure,
  type VenueMargin,
  type VenuePosition,
  venueMarginBalance,
} from './venue-margin.ts';
import {
  COLLATERAL_FORMULA,
  collateralOf,
  entryOf,
  type FigureWords,
  figureTerm,
  leverageOf,
  notionalOf,
  sideOf,
  sizeOf,
  tableTerm,
} from './venue-terms.ts';

/** One position tier: up to this size the whole position pays this rate. */
export interface SizeTier {
  /** Counted from 1. */
  readonly number: number;
  /** Largest size of the tier, base asset; null for a last tier without one. */
  readonly maxSize: number | null;
  /** Fraction of the whole notional. */
  readonly maintenanceMarginRate: number;
  readonly maxLeverage: number;
}

/** One symbol's rules. */
export interface OkxSwapRules {
  /** Ascending, at least one. */
  readonly tiers: readonly SizeTier[];
  /** The taker rate charged on a liquidation, a fraction. */
  readonly takerFeeRate: number;
  /** Date and origin of tiers and fee, for explanations. */
  readonly tableSource: string;
}

/**
 * OKX's margin of one symbol.
 *
 * Formulas: initial = notional ÷ leverage; fee to close = notional × taker rate; maintenance = notional × rate of the
 * size's tier + fee; liquidation price = (wallet − maintenance of others + PnL of others − side × size × entry) ÷ (size
 * × (rate + taker rate − side)). The tier follows the size, so a price move never changes it; a larger size does, and
 * then the whole position pays the higher rate: the requirement jumps there, on this venue by rule.
 *
 * Assumes: linear contracts, sizes in the base asset; no recorded position response has been found to check against.
 * Source: OKX help centre "Tiered maintenance margin ratio rules" (liquidation at equity equal to maintenance margin plus
 * liquidation fees) and "Forced partial or full liquidation".
 *
 * @example long 1 at 100, wallet 10, rate 1 %, taker 0.05 %: (10 − 100) ÷ (0.0105 − 1) = 90.955
 */
export function okxSwapMargin(rules: OkxSwapRules): VenueMargin {
  const { tiers, takerFeeRate } = rules;
  const rateAll = ({ size }: VenuePosition): number =>
    tierAt(tiers, size).maintenanceMarginRate + takerFeeRate;
  const margin: VenueMargin = {
    name: 'okx-swap',
    version: 1,
    source: 'OKX help centre "Tiered maintenance margin ratio rules", "Forced partial or full liquidation"',
    initialMargin({ size, leverage }, markPrice) {
      const tier = tierAt(tiers, size);
      if (leverage <= tier.maxLeverage && (tier.maxSize === null || size <= tier.maxSize)) {
        return ok((size * markPrice) / leverage);
      }
      return fail(
        'margin/leverage-too-high',
        `expected at most ${tier.maxLeverage}x and ${tier.maxSize ?? 'any size'} in tier ${tier.number}, found ${leverage}x for ${size}`,
        { size, leverage, tier: tier.number, maxLeverage: tier.maxLeverage },
      );
    },
    maintenanceMargin: (position, markPrice) => position.size * markPrice * rateAll(position),
    feeToClose: ({ size }, markPrice) => size * markPrice * takerFeeRate,
    bankruptcyPrice: equityGonePrice,
    liquidationPrice(position) {
      const { side, size, entryPrice, collateral } = position;
      const sign = sideSign(side);
      const behind =
        collateral.walletBalance - collateral.otherMaintenanceMargin + collateral.otherUnrealisedPnl;
      return positivePrice((behind - sign * size * entryPrice) / (size * (rateAll(position) - sign)));
    },
    explain: (figure, position, markPrice) =>
      figureTerm(margin, figure, position, markPrice, words(figure, position, markPrice, rules)),
  };
  return margin;
}

/** The tier of a size; a size equal to a maximum belongs to that tier, one beyond the last to the last. */
export function tierAt(tiers: readonly SizeTier[], size: number): SizeTier {
  const found = tiers.find(({ maxSize }) => maxSize === null || size <= maxSize) ?? tiers.at(-1);
  assert(found !== undefined, 'a symbol has at least one tier');
  return found;
}

/**
 * The part of a position the venue closes in one step.
 *
 * Rule: nothing while the balance exceeds the maintenance margin; in tier 1 and 2, or where the balance would not do
 * even at the rate of tier 1, the whole position; otherwise as much as brings it down two tiers, then look again.
 *
 * @returns base asset to close
 * Source: OKX help centre "Forced partial or full liquidation".
 *
 * @example tiers up to 10, 20, 30; size 25 below the rate of tier 3 and above that of tier 1 → 15, leaving 10
 */
export function okxReduction(rules: OkxSwapRules, position: VenuePosition, markPrice: number): number {
  const { tiers, takerFeeRate } = rules;
  const { size, collateral } = position;
  const tier = tierAt(tiers, size);
  const balance = venueMarginBalance(position, markPrice) - collateral.otherMaintenanceMargin;
  const enoughAt = (rate: number): boolean => balance > size * markPrice * (rate + takerFeeRate);
  if (enoughAt(tier.maintenanceMarginRate)) return 0;
  const target = tiers[tier.number - 3]?.maxSize ?? 0;
  return enoughAt(tierAt(tiers, 0).maintenanceMarginRate) ? size - target : size;
}

function words(
  figure: VenueFigure,
  position: VenuePosition,
  markPrice: number,
  { tiers, takerFeeRate, tableSource }: OkxSwapRules,
): FigureWords {
  const tier = tierAt(tiers, position.size);
  const rate = tableTerm(
    'maintenance margin rate',
    tier.maintenanceMarginRate,
    'fraction',
    `${tableSource}, tier ${tier.number}`,
  );
  const taker = tableTerm('taker fee rate', takerFeeRate, 'fraction', tableSource);
  const notional = notionalOf(position, markPrice);
  const feeFormula = 'notional × taker fee rate';
  switch (figure) {
    case 'initialMargin':
      return { formula: 'notional ÷ leverage', terms: [notional, leverageOf(position)] };
    case 'feeToClose':
      return { formula: feeFormula, terms: [notional, taker] };
    case 'maintenanceMargin': {
      const fee = position.size * markPrice * takerFeeRate;
      const feeTerm = computed('fee to close', fee, 'quote currency', feeFormula, [notional, taker]);
      return {
        formula: 'notional × maintenance margin rate + fee to close',
        terms: [notional, rate, feeTerm],
      };
    }
    case 'bankruptcyPrice':
      return bankruptcyWords(position);
    case 'liquidationPrice':
      return {
        formula: `(${COLLATERAL_FORMULA} − side × size × entry price) ÷ (size × (maintenance margin rate + taker fee rate − side))`,
        terms: [
          ...collateralOf(position),
          sideOf(position),
          sizeOf(position),
          entryOf(position),
          rate,
          taker,
        ],
      };
    default:
      return unreachable(figure);
  }
}
