/** The margin report: every position and account at its marks, each with its trust and, where figures are missing, the reason. */
import type { Portfolio } from '../accounting/portfolio.ts';
import { assert } from '../core/assert.ts';
import type { Result } from '../core/result.ts';
import { type Micros, stepValue } from '../core/units.ts';
import { type TrustState, worstTrust } from '../market/trust.ts';
import type { InstrumentId } from '../reference/instruments/contract-spec.ts';
import { findListing } from '../reference/instruments/listings.ts';
import { bankruptcyPrice } from './brackets/bankruptcy-price.ts';
import type { BracketTable } from './brackets/bracket-table.ts';
import { distanceTo, type LiquidationPrice } from './brackets/liquidation-price.ts';
import { marginRatio } from './brackets/margin-balance.ts';
import { isFuturesAccount, valueFutures } from './futures/futures-account.ts';
import { futuresAccountMargin, futuresPositionMargins } from './futures/futures-margin.ts';
import { type FuturesRules, NO_FUTURES_RULES } from './futures/futures-rules.ts';
import type {
  AccountMargin,
  MarginReport,
  MarkInput,
  PositionFigures,
  PositionMargin,
} from './margin-report.ts';
import { marginStatus } from './margin-status.ts';
import {
  type AccountState,
  groupLiquidationPrice,
  groupOf,
  marksInForce,
  type PositionState,
  type ValuedPosition,
  valueAccount,
} from './portfolio-state.ts';

/**
 * Computes the margin of a whole portfolio.
 *
 * @param portfolio - as accepted by `checkPortfolio`
 * @param marks - one for each instrument that is marked; others are read as missing
 * @param table - the bracket table in force
 * @param atMicros - instant of the report, also of marks given by hand
 * @param futures - what futures accounts are margined by on that day, or why nothing
 * @returns figures or a failure for each position; an account's cross side fails with any of its cross positions
 *
 * Assumes: linear contracts margined in the account's currency; accounts in USDT by the notional brackets of Binance USDT-M,
 * accounts in dollars by SPAN. No account covers another.
 */
export function marginReport(
  portfolio: Portfolio,
  marks: readonly MarkInput[],
  table: BracketTable,
  atMicros: Micros,
  futures: Result<FuturesRules> = NO_FUTURES_RULES,
): MarginReport {
  const markOf = marksInForce(marks, atMicros);
  const parts = portfolio.accounts.map((account) => {
    if (isFuturesAccount(account)) {
      const state = valueFutures(account, markOf, futures);
      return { account: futuresAccountMargin(state), positions: futuresPositionMargins(state) };
    }
    const state = valueAccount(account, markOf, table);
    return { account: accountMargin(state), positions: positionMargins(state) };
  });
  return {
    atMicros,
    trust: parts.reduce<TrustState>((worst, { account }) => worstTrust(worst, account.trust), 'LIVE'),
    bracketTable: { date: table.date, source: table.source },
    accounts: parts.map(({ account }) => account),
    positions: parts.flatMap(({ positions }) => positions),
  };
}

function accountMargin(state: AccountState): AccountMargin {
  const { account, cross, failure } = state;
  const none = failure === null ? 0 : null;
  return {
    accountId: account.id,
    name: account.name,
    demo: account.demo,
    trust: state.trust,
    failure,
    crossWalletBalance: state.walletBalance,
    marginBalance: cross?.marginBalance ?? (failure === null ? state.walletBalance : null),
    equity: state.equity,
    initialMargin: cross?.initialMargin ?? none,
    maintenanceMargin: cross?.maintenanceMargin ?? none,
    marginRatio: cross?.marginRatio ?? null,
    status: cross === null ? null : marginStatus(cross.marginRatio),
    futures: null,
  };
}

function positionMargins(state: AccountState): readonly PositionMargin[] {
  const shared = new Map<InstrumentId, LiquidationPrice | null>();
  for (const [instrument, group] of state.cross?.groups ?? []) {
    shared.set(instrument, groupLiquidationPrice(group, state.walletBalance));
  }
  return state.positions.map((row) => {
    const { position, valued } = row;
    const cross = position.marginMode === 'cross';
    const failure = row.failure ?? (cross ? state.failure : null);
    return {
      positionId: position.id,
      accountId: state.account.id,
      instrument: row.instrument,
      symbol: position.symbol,
      side: position.side,
      marginMode: position.marginMode,
      size: position.size,
      entryPrice: position.entryPrice,
      leverage: position.leverage,
      trust: rowTrust(state, row),
      failure,
      figures:
        failure !== null || valued === null
          ? null
          : positionFigures(
              state,
              valued,
              cross ? (shared.get(row.instrument) ?? null) : positionLiquidation(state, valued),
            ),
    };
  });
}

/** Worst trust of everything a position's figures rest on: its own mark, and for cross those of its whole account. */
function rowTrust(state: AccountState, row: PositionState): TrustState {
  return row.position.marginMode === 'cross' ? worstTrust(row.trust, state.crossTrust) : row.trust;
}

/** The liquidation price that applies to one valued position, or null for none. */
export function positionLiquidation(state: AccountState, valued: ValuedPosition): LiquidationPrice | null {
  const group = groupOf(state.cross, valued);
  return group === null ? null : groupLiquidationPrice(group, valued.isolatedWallet ?? state.walletBalance);
}

/** Margin balance ÷ maintenance that decides a valued position: its own when isolated, its account's when cross. */
export function positionMarginRatio(state: AccountState, valued: ValuedPosition): number {
  if (valued.isolatedWallet !== null) {
    return marginRatio(valued.isolatedWallet + valued.unrealisedPnl, valued.maintenanceMargin);
  }
  assert(state.cross !== null, `cross position ${valued.position.id} without a cross pool`);
  return state.cross.marginRatio;
}

/** The figures of one valued position whose account has no failure on its side. */
export function positionFigures(
  state: AccountState,
  valued: ValuedPosition,
  liquidation: LiquidationPrice | null,
): PositionFigures {
  const { position, mark, isolatedWallet, size, entryPrice } = valued;
  const ratio = positionMarginRatio(state, valued);
  const distance = liquidation === null ? null : distanceTo(liquidation, mark.price);
  const tickSize = findListing(valued.instrument)?.tickSize ?? null;
  const sigma = mark.dailyVolatility;
  return {
    markPrice: mark.price,
    markOrigin: mark.origin,
    notional: valued.notional,
    unrealisedPnl: valued.unrealisedPnl,
    initialMargin: valued.initialMargin,
    maintenanceMargin: valued.maintenanceMargin,
    bracket: valued.bracket.number,
    bracketMaxLeverage: valued.bracket.maxLeverage,
    marginRatio: ratio,
    status: marginStatus(ratio),
    liquidationPrice: liquidation?.price ?? null,
    bankruptcyPrice:
      isolatedWallet === null
        ? null
        : bankruptcyPrice({ side: position.side, size, entryPrice, isolatedWallet }),
    distanceRate: distance === null ? null : distance / mark.price,
    distanceTicks: distance === null || tickSize === null ? null : Math.trunc(distance / stepValue(tickSize)),
    distanceSigma: distance === null || sigma === null || !(sigma > 0) ? null : distance / mark.price / sigma,
  };
}
