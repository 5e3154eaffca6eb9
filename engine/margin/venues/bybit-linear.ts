/** Bybit's isolated margin for linear contracts: taken at the entry price, with the fee to close in both margins. */
import { assert, unreachable } from '../../core/assert.ts';
import { ok } from '../../core/result.ts';
import { initialMargin } from '../brackets/initial-margin.ts';
import { maintenanceMargin } from '../brackets/maintenance-margin.ts';
import { sideSign } from '../brackets/margin-balance.ts';
import { bracketAt, type NotionalBrackets } from '../brackets/notional-bracket.ts';
import { computed } from '../explain-terms.ts';
import type { DerivationTerm } from '../margin-report.ts';
import { positivePrice, type VenueFigure, type VenueMargin, type VenuePosition } from './venue-margin.ts';
import {
  collateralOf,
  entryOf,
  type FigureWords,
  figureTerm,
  leverageOf,
  sideOf,
  sizeOf,
  tableTerm,
} from './venue-terms.ts';

/** One symbol's rules. */
export interface BybitLinearRules {
  /** Risk tiers; the maintenance amount is Bybit's "mm deduction". */
  readonly brackets: NotionalBrackets;
  /** Fraction, e.g. 0.00055. */
  readonly takerFeeRate: number;
  /** Date and origin of tiers and fee, for explanations. */
  readonly tableSource: string;
}

const QUOTE = 'quote currency';

/**
 * Bybit's margin of one symbol.
 *
 * Formulas, value = size × entry price: fee to close = value × (1 − side ÷ leverage) × taker rate; initial = value ÷
 * leverage + fee; maintenance = value × rate − deduction + fee; liquidation price = entry − side × (wallet −
 * maintenance) ÷ size; bankruptcy price = entry − side × (wallet − fee) ÷ size. The wallet holds the initial margin, fee
 * included, and what was added by hand; the fee therefore cancels in the liquidation price.
 *
 * Assumes: isolated (other positions 0); value and tier at the entry price, as in the published isolated formula.
 * Source: Bybit help centre "Liquidation Price Calculation under Isolated Mode (Unified Trading Account)"; a real
 * DGBUSDT position response.
 *
 * @example long 1 BTC at 20,000, 50x, 0.5 % → liquidation 19,700
 */
export function bybitLinearMargin(rules: BybitLinearRules): VenueMargin {
  const { brackets, takerFeeRate } = rules;
  const fee = ({ side, size, entryPrice, leverage }: VenuePosition): number =>
    size * entryPrice * (1 - sideSign(side) / leverage) * takerFeeRate;
  const maintenance = (position: VenuePosition): number => {
    const value = position.size * position.entryPrice;
    return maintenanceMargin(value, bracketAt(brackets, value)) + fee(position);
  };
  const priceLeaving = (position: VenuePosition, left: number): number | null => {
    const { side, size, entryPrice, collateral } = position;
    const alone = collateral.otherMaintenanceMargin === 0 && collateral.otherUnrealisedPnl === 0;
    assert(alone, 'these are the rules of isolated positions');
    return positivePrice(entryPrice - (sideSign(side) * (collateral.walletBalance - left)) / size);
  };
  const margin: VenueMargin = {
    name: 'bybit-linear',
    version: 1,
    source: 'Bybit help centre "Liquidation Price Calculation under Isolated Mode (Unified Trading Account)"',
    initialMargin(position) {
      const bare = initialMargin(position.size * position.entryPrice, position.leverage, brackets);
      return bare.ok ? ok(bare.value + fee(position)) : bare;
    },
    maintenanceMargin: maintenance,
    feeToClose: fee,
    bankruptcyPrice: (position) => priceLeaving(position, fee(position)),
    liquidationPrice: (position) => priceLeaving(position, maintenance(position)),
    explain: (figure, position, markPrice) =>
      figureTerm(margin, figure, position, markPrice, words(figure, position, margin, rules)),
  };
  return margin;
}

function words(
  figure: VenueFigure,
  position: VenuePosition,
  margin: VenueMargin,
  { brackets, takerFeeRate, tableSource }: BybitLinearRules,
): FigureWords {
  const value = position.size * position.entryPrice;
  const bracket = bracketAt(brackets, value);
  const from = `${tableSource}, tier ${bracket.number}`;
  const entryValue = computed('value at entry', value, QUOTE, 'size × entry price', [
    sizeOf(position),
    entryOf(position),
  ]);
  const explained = (of: VenueFigure): DerivationTerm => margin.explain(of, position, position.entryPrice);
  switch (figure) {
    case 'feeToClose':
      return {
        formula: 'value at entry × (one − side ÷ leverage) × taker fee rate',
        terms: [
          entryValue,
          tableTerm('one', 1, '', 'a constant of the formula'),
          sideOf(position),
          leverageOf(position),
          tableTerm('taker fee rate', takerFeeRate, 'fraction', tableSource),
        ],
      };
    case 'initialMargin':
      return {
        formula: 'value at entry ÷ leverage + fee to close',
        terms: [entryValue, leverageOf(position), explained('feeToClose')],
      };
    case 'maintenanceMargin':
      return {
        formula: 'value at entry × maintenance margin rate − deduction + fee to close',
        terms: [
          entryValue,
          tableTerm('maintenance margin rate', bracket.maintenanceMarginRate, 'fraction', from),
          tableTerm('deduction', bracket.maintenanceAmount, QUOTE, from),
          explained('feeToClose'),
        ],
      };
    case 'bankruptcyPrice':
      return priceWords('fee to close', position, explained('feeToClose'));
    case 'liquidationPrice':
      return priceWords('maintenance margin', position, explained('maintenanceMargin'));
    default:
      return unreachable(figure);
  }
}

function priceWords(left: string, position: VenuePosition, term: DerivationTerm): FigureWords {
  return {
    formula: `entry price − side × (wallet balance − ${left}) ÷ size`,
    terms: [entryOf(position), sideOf(position), ...collateralOf(position), sizeOf(position), term],
  };
}
