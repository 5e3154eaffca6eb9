/** What if the marks moved: margin before and after, and every move at which a status changes. */
import type { Portfolio } from '../accounting/portfolio.ts';
import { assert } from '../core/assert.ts';
import type { Result } from '../core/result.ts';
import type { Micros } from '../core/units.ts';
import { type TrustState, worstTrust } from '../market/trust.ts';
import type { BracketTable } from './brackets/bracket-table.ts';
import { type MarginEquation, type MarginRoot, marginRoots } from './brackets/margin-equation.ts';
import {
  FLAT_BRACKETS,
  type FuturesState,
  isFuturesAccount,
  valueFutures,
} from './futures/futures-account.ts';
import { type FuturesRules, NO_FUTURES_RULES } from './futures/futures-rules.ts';
import type { MarkInput, WhatIf, WhatIfReport, WhatIfRow } from './margin-report.ts';
import { MARGIN_STATUS_LEVELS, type MarginStatus, marginStatus } from './margin-status.ts';
import { positionMarginRatio } from './portfolio-margin.ts';
import {
  type AccountState,
  type MarkOf,
  marksInForce,
  type PositionState,
  type ValuedPosition,
  valueAccount,
} from './portfolio-state.ts';

/** Status changes are searched for moves of at most this size, up and down. */
export const WHAT_IF_SHIFT_LIMIT = 0.5;

type Change = WhatIfRow['changes'][number];
type Standing = NonNullable<WhatIfRow['before']>;

/**
 * Computes margin before and after a move of one mark, or of all marks together, for the cross side of every account
 * that has one and for every isolated position.
 *
 * The moves at which a status changes are exact: for each rung of the ladder the margin equation is solved on the
 * linear piece that holds the root (see `brackets/margin-equation.ts`), so there is no step to miss one between.
 * Each row lists them by size of the move, falls first.
 *
 * @param question - `shift` above −1: a price stays positive
 * @returns `fallen` of `total` rows stand in LIQUIDATION after the move; rows without figures count in neither
 * Assumes: entry prices, wallets and sizes stay; all moved marks move by the same fraction; no fees, no fills.
 */
export function whatIf(
  question: WhatIf,
  portfolio: Portfolio,
  marks: readonly MarkInput[],
  table: BracketTable,
  atMicros: Micros,
  futures: Result<FuturesRules> = NO_FUTURES_RULES,
): WhatIfReport {
  assert(question.shift > -1 && Number.isFinite(question.shift), `shift out of range: ${question.shift}`);
  const before = marksInForce(marks, atMicros);
  const after: MarkOf = (position, instrument) => {
    const mark = before(position, instrument);
    if (mark === null || !moves(question, instrument)) return mark;
    return { ...mark, price: mark.price * (1 + question.shift) };
  };
  const parts = portfolio.accounts.map((account) => {
    if (isFuturesAccount(account)) {
      const state = valueFutures(account, before, futures);
      const moved = valueFutures(account, after, futures);
      return { trust: state.trust, rows: futuresRows(question, state, moved) };
    }
    const state = valueAccount(account, before, table);
    const moved = valueAccount(account, after, table);
    return { trust: state.trust, rows: accountRows(question, state, moved) };
  });
  const rows = parts.flatMap((part) => part.rows);
  return {
    trust: parts.reduce<TrustState>((worst, part) => worstTrust(worst, part.trust), 'LIVE'),
    rows,
    fallen: rows.filter((row) => row.after?.status === 'LIQUIDATION').length,
    total: rows.filter((row) => row.after !== null).length,
  };
}

function moves(question: WhatIf, instrument: string): boolean {
  return question.instrument === null || question.instrument === instrument;
}

function accountRows(question: WhatIf, state: AccountState, moved: AccountState): readonly WhatIfRow[] {
  const isolated = state.positions.flatMap((row, i) => {
    const after = moved.positions[i];
    return row.position.marginMode === 'cross' || after === undefined
      ? []
      : [isolatedRow(question, state, row, after)];
  });
  const hasCross = state.positions.some((row) => row.position.marginMode === 'cross');
  return hasCross ? [crossRow(question, state, moved), ...isolated] : isolated;
}

/** A futures account is one row; of its margin equation the requirement stays where the price moves. */
function futuresRows(
  question: WhatIf,
  { account, pool, positions }: FuturesState,
  moved: FuturesState,
): readonly WhatIfRow[] {
  if (positions.length === 0) return [];
  const row = { accountId: account.id, positionId: null, label: account.name };
  if (pool === null || moved.pool === null) return [{ ...row, before: null, after: null, changes: [] }];
  const moving = pool.positions.filter((p) => moves(question, p.instrument));
  const fixed = pool.positions.filter((p) => !moves(question, p.instrument));
  const equation: MarginEquation = {
    balance: pool.walletBalance + fixed.reduce((sum, p) => sum + p.unrealisedPnl, 0),
    maintenance: pool.maintenanceMargin,
    legs: moving.map(({ position, notional, contracts, multiplier, entryPrice }) => ({
      side: position.side,
      scale: notional,
      entryValue: contracts * multiplier * entryPrice,
      brackets: FLAT_BRACKETS,
    })),
  };
  const priced = pool.positions.find((p) => p.instrument === question.instrument)?.mark.price ?? null;
  const before = standing(pool.marginRatio);
  const after = standing(moved.pool.marginRatio);
  return [{ ...row, before, after, changes: changesOf(equation, before, priced) }];
}

function crossRow(question: WhatIf, state: AccountState, moved: AccountState): WhatIfRow {
  const { account, cross } = state;
  const row = { accountId: account.id, positionId: null, label: account.name };
  if (cross === null || moved.cross === null) return { ...row, before: null, after: null, changes: [] };
  const priced = cross.positions.find((p) => p.instrument === question.instrument)?.mark.price ?? null;
  const equation = shiftEquation(question, state.walletBalance, cross.positions);
  return {
    ...row,
    before: standing(cross.marginRatio),
    after: standing(moved.cross.marginRatio),
    changes: changesOf(equation, standing(cross.marginRatio), priced),
  };
}

function isolatedRow(
  question: WhatIf,
  state: AccountState,
  row: PositionState,
  moved: PositionState,
): WhatIfRow {
  const { position, valued } = row;
  const label = `${position.symbol} ${position.side}`;
  const head = { accountId: state.account.id, positionId: position.id, label };
  if (valued === null || moved.valued === null) return { ...head, before: null, after: null, changes: [] };
  const before = standing(positionMarginRatio(state, valued));
  const equation = shiftEquation(question, valued.isolatedWallet ?? 0, [valued]);
  return {
    ...head,
    before,
    after: standing(positionMarginRatio(state, moved.valued)),
    changes: changesOf(equation, before, valued.mark.price),
  };
}

function standing(ratio: number): Standing {
  return { marginRatio: ratio, status: marginStatus(ratio) };
}

/** The margin equation over the factor (1 + shift) on the moving marks; everything else stays at its mark. */
function shiftEquation(
  question: WhatIf,
  walletBalance: number,
  positions: readonly ValuedPosition[],
): MarginEquation {
  const fixed = positions.filter((p) => !moves(question, p.instrument));
  return {
    balance: walletBalance + fixed.reduce((sum, p) => sum + p.unrealisedPnl, 0),
    maintenance: fixed.reduce((sum, p) => sum + p.maintenanceMargin, 0),
    legs: positions
      .filter((p) => moves(question, p.instrument))
      .map((p) => ({
        side: p.position.side,
        scale: p.notional,
        entryValue: p.size * p.entryPrice,
        brackets: p.brackets,
      })),
  };
}

/** All status changes within the limit, falls (from 0 downward) before rises (from 0 upward). */
function changesOf(equation: MarginEquation, now: Standing, markPrice: number | null): readonly Change[] {
  if (equation.legs.length === 0) return [];
  const falls: Change[] = [];
  const rises: Change[] = [];
  for (const [rung, { status, from }] of MARGIN_STATUS_LEVELS.entries()) {
    const below = MARGIN_STATUS_LEVELS[rung + 1]?.status ?? 'LIQUIDATION';
    const { lower, upper } = marginRoots(equation, from);
    for (const { root, above, beneath } of [
      { root: lower, above: status, beneath: below },
      { root: upper, above: below, beneath: status },
    ]) {
      if (root === null || !withinLimit(root)) continue;
      const shift = root.at - 1;
      const fall = shift < 0 || (shift === 0 && now.status === above);
      (fall ? falls : rises).push({
        shift,
        price: markPrice === null ? null : markPrice * root.at,
        status: fall ? beneath : above,
      });
    }
  }
  return [...byDistance(falls), ...byDistance(rises)];
}

function withinLimit(root: MarginRoot): boolean {
  return Math.abs(root.at - 1) <= WHAT_IF_SHIFT_LIMIT;
}

const LADDER: readonly MarginStatus[] = [...MARGIN_STATUS_LEVELS.map((level) => level.status), 'LIQUIDATION'];

/** Nearest to 0 first; equal moves in ladder order, so that the order never depends on chance. */
function byDistance(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted(
    (a, b) => Math.abs(a.shift) - Math.abs(b.shift) || LADDER.indexOf(a.status) - LADDER.indexOf(b.status),
  );
}
