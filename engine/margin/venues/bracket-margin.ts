/** Margin over progressive brackets taken at the mark: Binance USDT-M by its own tables, Hyperliquid by its leverage tiers. */
import { unreachable } from '../../core/assert.ts';
import { initialMargin } from '../brackets/initial-margin.ts';
import { liquidationPrice } from '../brackets/liquidation-price.ts';
import { maintenanceMargin } from '../brackets/maintenance-margin.ts';
import { sideSign } from '../brackets/margin-balance.ts';
import { bracketAt, type NotionalBracket, type NotionalBrackets } from '../brackets/notional-bracket.ts';
import type { DerivationTerm } from '../margin-report.ts';
import {
  positivePrice,
  type VenueFigure,
  type VenueMargin,
  type VenueMarginName,
  type VenuePosition,
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

/** Who says so, since when, and by which table. */
export interface BracketMarginIdentity {
  readonly name: VenueMarginName;
  readonly version: number;
  readonly source: string;
  /** Date and origin of the symbol's table. */
  readonly tableSource: string;
}

/**
 * Binds brackets to the interface.
 *
 * Formulas: initial = notional ÷ leverage; maintenance = notional × rate − maintenance amount; liquidation price with the
 * bracket re-selected at that price; bankruptcy price = entry − side × (wallet + PnL of others) ÷ size; no fee to close.
 */
export function bracketMargin(identity: BracketMarginIdentity, brackets: NotionalBrackets): VenueMargin {
  const liquidationOf = (position: VenuePosition): { price: number; bracket: NotionalBracket } | null => {
    // The mark matters for two legs only, and there is one here.
    const found = liquidationPrice(position.collateral, [position], brackets, position.entryPrice);
    const bracket = found?.brackets[0];
    return found === null || bracket === undefined ? null : { price: found.price, bracket };
  };
  const margin: VenueMargin = {
    ...identity,
    initialMargin: ({ size, leverage }, mark) => initialMargin(size * mark, leverage, brackets),
    maintenanceMargin: ({ size }, mark) => maintenanceMargin(size * mark, bracketAt(brackets, size * mark)),
    feeToClose: () => 0,
    bankruptcyPrice: equityGonePrice,
    liquidationPrice: (position) => liquidationOf(position)?.price ?? null,
    explain(figure: VenueFigure, position: VenuePosition, mark: number): DerivationTerm {
      const here = bracketAt(brackets, position.size * mark);
      const there = liquidationOf(position)?.bracket ?? here;
      const row = figure === 'liquidationPrice' ? there : here;
      return figureTerm(margin, figure, position, mark, words(figure, position, mark, row, identity));
    },
  };
  return margin;
}

/** The price at which wallet and PnL are used up, no fee reserved; null where no positive one does it. */
export function equityGonePrice({ side, size, entryPrice, collateral }: VenuePosition): number | null {
  const behind = collateral.walletBalance + collateral.otherUnrealisedPnl;
  return positivePrice(entryPrice - (sideSign(side) * behind) / size);
}

function words(
  figure: VenueFigure,
  position: VenuePosition,
  markPrice: number,
  bracket: NotionalBracket,
  identity: BracketMarginIdentity,
): FigureWords {
  const from = `${identity.tableSource}, bracket ${bracket.number}`;
  const rate = tableTerm('maintenance margin rate', bracket.maintenanceMarginRate, 'fraction', from);
  const amount = tableTerm('maintenance amount', bracket.maintenanceAmount, 'quote currency', from);
  switch (figure) {
    case 'initialMargin':
      return {
        formula: 'notional ÷ leverage',
        terms: [notionalOf(position, markPrice), leverageOf(position)],
      };
    case 'maintenanceMargin':
      return {
        formula: 'notional × maintenance margin rate − maintenance amount',
        terms: [notionalOf(position, markPrice), rate, amount],
      };
    case 'feeToClose':
      return {
        formula: 'fee asked for',
        terms: [tableTerm('fee asked for', 0, 'quote currency', identity.source)],
      };
    case 'bankruptcyPrice':
      return bankruptcyWords(position);
    case 'liquidationPrice':
      return {
        formula: `(${COLLATERAL_FORMULA} + maintenance amount − side × size × entry price) ÷ (size × maintenance margin rate − side × size)`,
        terms: [
          ...collateralOf(position),
          sideOf(position),
          sizeOf(position),
          entryOf(position),
          rate,
          amount,
        ],
      };
    default:
      return unreachable(figure);
  }
}

/** Words of {@link equityGonePrice}. */
export function bankruptcyWords(position: VenuePosition): FigureWords {
  return {
    formula: 'entry price − side × (wallet balance + unrealised PnL of other positions) ÷ size',
    terms: [entryOf(position), sideOf(position), ...collateralOf(position), sizeOf(position)],
  };
}
