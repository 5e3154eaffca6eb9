/** Building blocks of a derivation: terms whose formulas name their own parts. */

import type { BracketTable } from './brackets/bracket-table.ts';
import { leverageInForce } from './brackets/initial-margin.ts';
import type { NotionalBracket } from './brackets/notional-bracket.ts';
import type { DerivationTerm } from './margin-report.ts';
import type { ValuedPosition } from './portfolio-state.ts';

/** Formula of a term that is the plain sum of its parts. */
export const SUM_FORMULA = 'sum of the terms below';

/** What every derivation draws from. */
export interface ExplainContext {
  readonly table: BracketTable;
  readonly currency: string;
}

/** A value read from outside. */
export function input(
  label: string,
  value: number | string | null,
  unit: string,
  source: string,
): DerivationTerm {
  return { label, value, unit, formula: null, source, terms: [] };
}

/** A value worked out from its terms. */
export function computed(
  label: string,
  value: number | null,
  unit: string,
  formula: string,
  terms: readonly DerivationTerm[],
): DerivationTerm {
  return { label, value, unit, formula, source: null, terms };
}

const ENTERED = 'entered position';

/** The mark, with its origin, trust and instant. */
export function markTerm(
  { mark, instrument }: Pick<ValuedPosition, 'mark' | 'instrument'>,
  unit: string = 'USDT',
): DerivationTerm {
  const origin = {
    mark: 'mark price of the venue',
    mid: 'middle of the order book (no mark from this source)',
    given: 'mark price given by hand',
  }[mark.origin];
  return input(
    'mark price',
    mark.price,
    unit,
    `${origin}, ${instrument}, ${mark.trust}, at ${mark.atMicros} µs`,
  );
}

/** Size and its sign. */
export function sizeTerm({ position, size }: ValuedPosition): DerivationTerm {
  return input('size', size, 'base asset', `${ENTERED} ${position.id}`);
}

/** +1 for long, −1 for short. */
export function sideTerm({ position }: ValuedPosition): DerivationTerm {
  return input('side', position.side === 'long' ? 1 : -1, '', `${ENTERED} ${position.id}`);
}

/** Entry price. */
export function entryTerm({ position, entryPrice }: ValuedPosition): DerivationTerm {
  return input('entry price', entryPrice, 'USDT', `${ENTERED} ${position.id}`);
}

/** Isolated wallet or cross wallet balance. */
export function walletTerm(label: string, value: number, currency: string, of: string): DerivationTerm {
  return input(label, value, currency, `entered balance of ${of}`);
}

/** size × mark price. */
export function notionalTerm(valued: ValuedPosition, { currency }: ExplainContext): DerivationTerm {
  return computed('notional', valued.notional, currency, 'size × mark price', [
    sizeTerm(valued),
    markTerm(valued),
  ]);
}

/** side × size × (mark price − entry price). */
export function pnlTerm(valued: ValuedPosition, { currency }: ExplainContext): DerivationTerm {
  return computed(
    'unrealised PnL',
    valued.unrealisedPnl,
    currency,
    'side × size × (mark price − entry price)',
    [sideTerm(valued), sizeTerm(valued), markTerm(valued), entryTerm(valued)],
  );
}

/** notional ÷ the leverage that counts. */
export function initialMarginTerm(valued: ValuedPosition, context: ExplainContext): DerivationTerm {
  const { position, bracket } = valued;
  const chosen = input('chosen leverage', position.leverage, 'x', `${ENTERED} ${position.id}`);
  const { maxLeverage } = bracket;
  const inForce =
    maxLeverage === null
      ? computed('leverage in force', position.leverage, 'x', 'chosen leverage', [chosen])
      : computed(
          'leverage in force',
          leverageInForce(position.leverage, bracket),
          'x',
          'min(chosen leverage, most leverage in the bracket)',
          [chosen, bracketInput('most leverage in the bracket', maxLeverage, 'x', valued, bracket, context)],
        );
  return computed('initial margin', valued.initialMargin, context.currency, 'notional ÷ leverage in force', [
    notionalTerm(valued, context),
    inForce,
    bracketTerm(valued, bracket, context),
  ]);
}

/** notional × rate − amount, with the bracket row it was read from. */
export function maintenanceMarginTerm(valued: ValuedPosition, context: ExplainContext): DerivationTerm {
  const { bracket } = valued;
  return computed(
    'maintenance margin',
    valued.maintenanceMargin,
    context.currency,
    'notional × maintenance margin rate − maintenance amount',
    [
      notionalTerm(valued, context),
      rateTerm('maintenance margin rate', valued, bracket, context),
      amountTerm('maintenance amount', valued, bracket, context),
      bracketTerm(valued, bracket, context),
    ],
  );
}

/** The rate of a bracket row. */
export function rateTerm(
  label: string,
  valued: ValuedPosition,
  bracket: NotionalBracket,
  context: ExplainContext,
): DerivationTerm {
  return bracketInput(label, bracket.maintenanceMarginRate, 'fraction', valued, bracket, context);
}

/** The deduction of a bracket row: worked out from the row before, 0 in the first. */
export function amountTerm(
  label: string,
  valued: ValuedPosition,
  bracket: NotionalBracket,
  context: ExplainContext,
): DerivationTerm {
  const previous = valued.brackets[bracket.number - 2];
  const { currency } = context;
  if (previous === undefined) return bracketInput(label, 0, currency, valued, bracket, context);
  const at = (name: string, value: number, unit: string, row: NotionalBracket): DerivationTerm =>
    bracketInput(name, value, unit, valued, row, context);
  return computed(
    label,
    bracket.maintenanceAmount,
    currency,
    'amount before + bracket floor × (rate here − rate before)',
    [
      at('amount before', previous.maintenanceAmount, currency, previous),
      at('bracket floor', bracket.floor, currency, bracket),
      at('rate here', bracket.maintenanceMarginRate, 'fraction', bracket),
      at('rate before', previous.maintenanceMarginRate, 'fraction', previous),
    ],
  );
}

/** The whole bracket row, for reading beside the table. */
export function bracketTerm(
  valued: ValuedPosition,
  bracket: NotionalBracket,
  context: ExplainContext,
): DerivationTerm {
  const { currency } = context;
  const at = (label: string, value: number | string, unit: string): DerivationTerm =>
    bracketInput(label, value, unit, valued, bracket, context);
  return {
    ...at('bracket', bracket.number, ''),
    terms: [
      at('notional floor', bracket.floor, currency),
      at('notional cap', bracket.cap ?? 'none', currency),
      at('maintenance margin rate', bracket.maintenanceMarginRate, 'fraction'),
      at('maintenance amount', bracket.maintenanceAmount, currency),
      at('max leverage', bracket.maxLeverage ?? 'not in this table', 'x'),
    ],
  };
}

function bracketInput(
  label: string,
  value: number | string | null,
  unit: string,
  valued: ValuedPosition,
  bracket: NotionalBracket,
  { table }: ExplainContext,
): DerivationTerm {
  const row = `bracket table ${table.date}, ${valued.position.symbol} bracket ${bracket.number}`;
  return input(label, value, unit, `${row}; ${table.source}`);
}

/** A figure that does not exist, and why, in words. */
export function noFigure(
  label: string,
  unit: string,
  why: string,
  terms: readonly DerivationTerm[],
): DerivationTerm {
  return computed(label, null, unit, why, terms);
}
