/** Terms shared by the explanations of all venues. Every formula works out over the labels of its own terms. */
import { unreachable } from '../../core/assert.ts';
import { sideSign } from '../brackets/margin-balance.ts';
import { computed, input, noFigure } from '../explain-terms.ts';
import type { DerivationTerm } from '../margin-report.ts';
import type { VenueFigure, VenueMargin, VenuePosition } from './venue-margin.ts';

/** Formula of the balance behind a position at a liquidation price. */
export const COLLATERAL_FORMULA =
  'wallet balance − maintenance of other positions + unrealised PnL of other positions';

const POSITION = 'the position';
const QUOTE = 'quote currency';

/** +1 for long, −1 for short. */
export function sideOf({ side }: VenuePosition): DerivationTerm {
  return input('side', sideSign(side), '', POSITION);
}

/** Size. */
export function sizeOf({ size }: VenuePosition): DerivationTerm {
  return input('size', size, 'base asset', POSITION);
}

/** Entry price. */
export function entryOf({ entryPrice }: VenuePosition): DerivationTerm {
  return input('entry price', entryPrice, QUOTE, POSITION);
}

/** Chosen leverage. */
export function leverageOf({ leverage }: VenuePosition): DerivationTerm {
  return input('leverage', leverage, 'x', POSITION);
}

/** Mark price. */
export function markOf(markPrice: number): DerivationTerm {
  return input('mark price', markPrice, QUOTE, 'mark price of the venue');
}

/** size × mark price. */
export function notionalOf(position: VenuePosition, markPrice: number): DerivationTerm {
  return computed('notional', position.size * markPrice, QUOTE, 'size × mark price', [
    sizeOf(position),
    markOf(markPrice),
  ]);
}

/** The three parts of {@link COLLATERAL_FORMULA}. */
export function collateralOf({ collateral }: VenuePosition): readonly DerivationTerm[] {
  return [
    input('wallet balance', collateral.walletBalance, QUOTE, 'the account'),
    input(
      'maintenance of other positions',
      collateral.otherMaintenanceMargin,
      QUOTE,
      'the account, at its marks',
    ),
    input(
      'unrealised PnL of other positions',
      collateral.otherUnrealisedPnl,
      QUOTE,
      'the account, at its marks',
    ),
  ];
}

/** A row of the venue's table or fee schedule. */
export function tableTerm(label: string, value: number, unit: string, source: string): DerivationTerm {
  return input(label, value, unit, source);
}

/** What a venue says about one of its figures: the formula and the terms it names. */
export interface FigureWords {
  readonly formula: string;
  readonly terms: readonly DerivationTerm[];
}

const FIGURE_LABELS: Readonly<Record<VenueFigure, string>> = {
  initialMargin: 'initial margin',
  maintenanceMargin: 'maintenance margin',
  feeToClose: 'fee to close',
  bankruptcyPrice: 'bankruptcy price',
  liquidationPrice: 'liquidation price',
};

/** The derivation of a figure: the venue's own value under the venue's own words. */
export function figureTerm(
  margin: VenueMargin,
  figure: VenueFigure,
  position: VenuePosition,
  markPrice: number,
  words: FigureWords,
): DerivationTerm {
  const label = FIGURE_LABELS[figure];
  const found = figureValue(margin, figure, position, markPrice);
  return typeof found === 'string'
    ? noFigure(label, QUOTE, `None: ${found}`, words.terms)
    : computed(label, found, QUOTE, words.formula, words.terms);
}

function figureValue(
  margin: VenueMargin,
  figure: VenueFigure,
  position: VenuePosition,
  markPrice: number,
): number | string {
  switch (figure) {
    case 'initialMargin': {
      const found = margin.initialMargin(position, markPrice);
      return found.ok ? found.value : found.failure.message;
    }
    case 'maintenanceMargin':
      return margin.maintenanceMargin(position, markPrice);
    case 'feeToClose':
      return margin.feeToClose(position, markPrice);
    case 'bankruptcyPrice':
      return margin.bankruptcyPrice(position) ?? 'no positive price uses up the collateral';
    case 'liquidationPrice':
      return margin.liquidationPrice(position) ?? 'no positive price brings the balance to its maintenance';
    default:
      return unreachable(figure);
  }
}
