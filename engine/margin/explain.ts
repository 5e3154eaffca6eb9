/** Explains one figure of one position: the formula and its terms, down to entered values, marks and bracket rows. */
import type { Portfolio } from '../accounting/portfolio.ts';
import { unreachable } from '../core/assert.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Micros } from '../core/units.ts';
import { bankruptcyPrice } from './brackets/bankruptcy-price.ts';
import type { BracketTable } from './brackets/bracket-table.ts';
import { distanceTerm, liquidationTerm } from './explain-liquidation.ts';
import {
  computed,
  type ExplainContext,
  entryTerm,
  initialMarginTerm,
  maintenanceMarginTerm,
  noFigure,
  notionalTerm,
  pnlTerm,
  SUM_FORMULA,
  sizeTerm,
  walletTerm,
} from './explain-terms.ts';
import { explainFutures } from './futures/explain-futures.ts';
import { type FuturesState, isFuturesAccount, valueFutures } from './futures/futures-account.ts';
import { type FuturesRules, NO_FUTURES_RULES } from './futures/futures-rules.ts';
import type { DerivationTerm, ExplainedFigure, MarkInput } from './margin-report.ts';
import { positionMarginRatio } from './portfolio-margin.ts';
import { type AccountState, marksInForce, type ValuedPosition, valueAccount } from './portfolio-state.ts';

/**
 * Derives one figure from the same inputs as the report; the root value is the reported one, and every formula gives
 * its own value again when worked out over the labels of its terms.
 *
 * Fails: `portfolio/position-unknown`, and whatever stands in the way of the figure in the report (a missing mark or
 * bracket, of this or of another cross position of the account).
 */
export function explain(
  positionId: string,
  figure: ExplainedFigure,
  portfolio: Portfolio,
  marks: readonly MarkInput[],
  table: BracketTable,
  atMicros: Micros,
  futures: Result<FuturesRules> = NO_FUTURES_RULES,
): Result<DerivationTerm> {
  const holder = portfolio.accounts.find((a) => a.positions.some((p) => p.id === positionId));
  if (holder === undefined) {
    return fail('portfolio/position-unknown', `no position "${positionId}"`, { positionId });
  }
  const markOf = marksInForce(marks, atMicros);
  if (isFuturesAccount(holder)) {
    return explainInFutures(positionId, figure, valueFutures(holder, markOf, futures));
  }
  const state = valueAccount(holder, markOf, table);
  const row = state.positions.find(({ position }) => position.id === positionId);
  if (row === undefined) return fail('portfolio/position-unknown', `no position "${positionId}"`);
  if (row.failure !== null) return { ok: false, failure: row.failure };
  if (row.position.marginMode === 'cross' && state.failure !== null) {
    return { ok: false, failure: state.failure };
  }
  if (row.valued === null) return fail('portfolio/position-unknown', `no figures for "${positionId}"`);
  const context = { table, currency: state.account.currency };
  return ok(derive(figure, state, row.valued, context));
}

function explainInFutures(
  positionId: string,
  figure: ExplainedFigure,
  state: FuturesState,
): Result<DerivationTerm> {
  const row = state.positions.find(({ position }) => position.id === positionId);
  const failure = row?.failure ?? state.failure;
  if (failure !== null) return { ok: false, failure };
  if (state.pool === null || row === undefined || row.valued === null) {
    return fail('portfolio/position-unknown', `no figures for "${positionId}"`);
  }
  return explainFutures(figure, state.pool, row.valued);
}

function derive(
  figure: ExplainedFigure,
  state: AccountState,
  valued: ValuedPosition,
  context: ExplainContext,
): DerivationTerm {
  switch (figure) {
    case 'notional':
      return notionalTerm(valued, context);
    case 'unrealisedPnl':
      return pnlTerm(valued, context);
    case 'initialMargin':
      return initialMarginTerm(valued, context);
    case 'maintenanceMargin':
      return maintenanceMarginTerm(valued, context);
    case 'marginRatio':
      return ratioTerm(state, valued, context);
    case 'liquidationPrice':
      return liquidationTerm(state, valued, context);
    case 'bankruptcyPrice':
      return bankruptcyTerm(valued, context);
    case 'distance':
      return distanceTerm(state, valued, context);
    default:
      return unreachable(figure);
  }
}

function ratioTerm(state: AccountState, valued: ValuedPosition, context: ExplainContext): DerivationTerm {
  const terms =
    valued.isolatedWallet === null
      ? crossTerms(state, context)
      : isolatedTerms(valued, valued.isolatedWallet, context);
  const value = positionMarginRatio(state, valued);
  return computed('margin ratio', value, 'ratio', 'margin balance ÷ maintenance margin', terms);
}

function isolatedTerms(
  valued: ValuedPosition,
  wallet: number,
  context: ExplainContext,
): readonly DerivationTerm[] {
  const { currency } = context;
  return [
    computed('margin balance', wallet + valued.unrealisedPnl, currency, 'isolated wallet + unrealised PnL', [
      walletTerm('isolated wallet', wallet, currency, valued.position.id),
      pnlTerm(valued, context),
    ]),
    maintenanceMarginTerm(valued, context),
  ];
}

function crossTerms(state: AccountState, context: ExplainContext): readonly DerivationTerm[] {
  const { cross, account } = state;
  if (cross === null) return [];
  const { currency } = context;
  const each = (of: (p: ValuedPosition, c: ExplainContext) => DerivationTerm): readonly DerivationTerm[] =>
    cross.positions.map((p) => {
      const term = of(p, context);
      return { ...term, label: `${term.label} of ${p.position.symbol} ${p.position.side}` };
    });
  return [
    computed(
      'margin balance',
      cross.marginBalance,
      currency,
      'cross wallet balance + unrealised PnL of the account',
      [
        walletTerm('cross wallet balance', cross.walletBalance, currency, account.name),
        computed('unrealised PnL of the account', cross.unrealisedPnl, currency, SUM_FORMULA, each(pnlTerm)),
      ],
    ),
    computed(
      'maintenance margin',
      cross.maintenanceMargin,
      currency,
      SUM_FORMULA,
      each(maintenanceMarginTerm),
    ),
  ];
}

function bankruptcyTerm(valued: ValuedPosition, context: ExplainContext): DerivationTerm {
  const { position, isolatedWallet, size, entryPrice } = valued;
  if (isolatedWallet === null) {
    const why = 'None: a cross position has no collateral of its own';
    return noFigure('bankruptcy price', 'USDT', why, []);
  }
  const terms = [
    entryTerm(valued),
    walletTerm('isolated wallet', isolatedWallet, context.currency, position.id),
    sizeTerm(valued),
  ];
  const value = bankruptcyPrice({ side: position.side, size, entryPrice, isolatedWallet });
  if (value === null)
    return noFigure('bankruptcy price', 'USDT', 'None: the wallet covers a fall to zero', terms);
  const sign = position.side === 'long' ? '−' : '+';
  return computed('bankruptcy price', value, 'USDT', `entry price ${sign} isolated wallet ÷ size`, terms);
}
