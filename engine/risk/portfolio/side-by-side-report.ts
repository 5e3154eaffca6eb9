/** A whole margin report under brackets and under SPAN: each pool of collateral by itself, or all of it as one account where that is asked for. */
import { assert } from '../../core/assert.ts';
import { decimalValue } from '../../core/money.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Micros } from '../../core/units.ts';
import { type BracketTable, bracketsOf } from '../../margin/brackets/bracket-table.ts';
import { sideSign } from '../../margin/brackets/margin-balance.ts';
import type { NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';
import { contractIn, type FuturesRules } from '../../margin/futures/futures-rules.ts';
import type { MarginReport, PositionFigures, PositionMargin } from '../../margin/margin-report.ts';
import { planSpan, type SpanPlan } from '../../margin/span/plan.ts';
import { spanMargin } from '../../margin/span/span-margin.ts';
import { type TrustState, worstTrust } from '../../market/trust.ts';
import { formatDay } from '../../reference/calendar/civil-day.ts';
import { tradingDayAt } from '../../reference/calendar/sessions.ts';
import type { InstrumentId } from '../../reference/instruments/contract-spec.ts';
import { type ComparedPosition, type GapStep, marginSideBySide, type SideBySide } from './side-by-side.ts';
import { baseAsset, standInContract, standInSet } from './side-by-side-parameters.ts';
import {
  type ScanChoices,
  type ScanRate,
  SUGGESTED_CREDIT,
  type SuggestedCredit,
  scanRate,
} from './side-by-side-scan.ts';

/** What the reader chooses where one regime has no parameters of its own. */
export interface RegimeChoices {
  /** SPAN over all positions together, whoever's collateral stands behind them; else by pool. */
  readonly asOneAccount: boolean;
  /** Symbol of the bracket table whose ladder stands in for futures. */
  readonly ladder: string;
  readonly scan: ScanChoices;
  /** Share of their price risk that Bitcoin and Ether held against each other give back, 0 to 1. */
  readonly creditRate: number;
}

/** What a comparison reads beside the report. */
export interface RegimeContext {
  readonly table: BracketTable;
  /** Null where no future has figures. */
  readonly rules: FuturesRules | null;
  readonly volatilityOf: (instrument: InstrumentId) => number | null;
}

/** Both requirements of something, and what stands behind it. Estimates, USDT and USD at 1. */
interface RegimeTotals {
  readonly byBrackets: number;
  readonly bySpan: number;
  /** Wallets and unrealised PnL. */
  readonly balance: number;
}

/** One account: the sum of its pools. */
export interface RegimeAccount extends RegimeTotals {
  readonly accountId: string;
  readonly name: string;
  /** Positions in the sums, and positions left out for want of figures. */
  readonly held: number;
  readonly left: number;
}

/** One position under both. */
export interface RegimePosition {
  readonly positionId: string;
  readonly accountName: string;
  readonly title: string;
  readonly notional: number;
  readonly byBrackets: number;
  /** Alone, nothing offset. */
  readonly bySpanAlone: number;
  /** The side whose parameters are not its own. */
  readonly assumed: 'brackets' | 'span';
}

/** One portfolio under both regimes. */
export interface TwoRegimes extends RegimeTotals {
  readonly atMicros: Micros;
  /** Worst trust of what is in the sums. */
  readonly trust: TrustState;
  /** Steps that add up to `bySpan − byBrackets`. */
  readonly gap: readonly GapStep[];
  readonly accounts: readonly RegimeAccount[];
  readonly positions: readonly RegimePosition[];
  /** Positions without figures: in no sum. */
  readonly left: number;
  readonly set: { readonly id: string; readonly hash: string; readonly source: string };
  readonly tableDate: string;
  /** Symbols whose ladder may stand in for futures. */
  readonly ladders: readonly string[];
  /** Base assets held, with the range assumed for each. */
  readonly scans: readonly ScanRate[];
  readonly suggestedCredit: SuggestedCredit;
}

/** Positions that share collateral. */
interface Pool {
  readonly accountId: string;
  readonly balance: number;
  readonly positions: readonly Held[];
}

/** A position with figures. */
interface Held
  extends Pick<PositionMargin, 'positionId' | 'instrument' | 'symbol' | 'side' | 'size' | 'trust'> {
  readonly figures: PositionFigures;
  readonly isFuture: boolean;
}

/**
 * Margins everything that has figures by brackets and by SPAN.
 *
 * Perpetuals have no SPAN parameters and futures no brackets: each side stands in for the other as `choices` say. By brackets nothing
 * nets. By SPAN positions net within a pool: the cross side of an account, or one isolated position; with `asOneAccount` everything
 * nets, and one more step says what that is worth.
 *
 * Fails: `margin/bracket-missing` for a ladder the table does not have, while futures need it; else as `standInSet` and
 * `marginSideBySide` do.
 */
export function twoRegimes(
  report: MarginReport,
  context: RegimeContext,
  choices: RegimeChoices,
): Result<TwoRegimes> {
  const pools = poolsOf(report);
  const held = pools.flatMap(({ positions }) => positions);
  const scans = scansOf(held, context, choices);
  const planned = planOf(report, held, scans, context, choices);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const compare = comparer(context, choices);
  const compared: { pool: Pool; positions: readonly ComparedPosition[]; side: SideBySide }[] = [];
  for (const pool of pools) {
    const positions: ComparedPosition[] = [];
    for (const position of pool.positions) {
      const one = compare(position);
      if (!one.ok) return one;
      positions.push(one.value);
    }
    const side = marginSideBySide(plan, positions);
    if (!side.ok) return side;
    compared.push({ pool, positions, side: side.value });
  }
  const sides = compared.map(({ side }) => side);
  const byPools = sumOf(sides, ({ bySpan }) => bySpan);
  const gap = sumOfSteps(sides);
  let bySpan = byPools;
  if (choices.asOneAccount) {
    const all = compared.flatMap(({ positions }) => positions.map(({ span }) => span));
    const whole = spanMargin(plan, all);
    if (!whole.ok) return whole;
    bySpan = whole.value.requirement;
    gap.push({ label: 'as one account', amount: bySpan - byPools, why: ONE_ACCOUNT });
  }
  return ok({
    atMicros: report.atMicros,
    trust: held.reduce<TrustState>((worst, { trust }) => worstTrust(worst, trust), 'LIVE'),
    byBrackets: sumOf(sides, ({ byBrackets }) => byBrackets),
    bySpan,
    balance: sumOf(pools, ({ balance }) => balance),
    gap,
    accounts: accountsOf(report, compared),
    positions: compared.flatMap(({ pool, side }) => positionsOf(report, pool, side)),
    left: report.positions.length - held.length,
    set: { id: plan.set.id, hash: plan.set.hash, source: plan.set.source },
    tableDate: context.table.date,
    ladders: [...context.table.symbols.keys()],
    scans,
    suggestedCredit: SUGGESTED_CREDIT,
  });
}

const ONE_ACCOUNT =
  'everything nets with everything, as if one venue held all of it; in truth each account must carry its own';

/** Cross sides whose positions all have figures, and isolated positions that have them. */
function poolsOf({ accounts, positions }: MarginReport): readonly Pool[] {
  return accounts.flatMap((account): Pool[] => {
    const { accountId, marginBalance } = account;
    const own = positions.filter((position) => position.accountId === accountId);
    const isolated = own.flatMap((position): Pool[] => {
      const held = heldOf(position);
      if (position.marginMode === 'cross' || held === null) return [];
      const { marginRatio, maintenanceMargin } = held.figures;
      return [{ accountId, balance: marginRatio * maintenanceMargin, positions: [held] }];
    });
    const cross = own.flatMap((position) =>
      position.marginMode === 'cross' ? (heldOf(position) ?? []) : [],
    );
    if (cross.length === 0 || marginBalance === null) return isolated;
    return [{ accountId, balance: marginBalance, positions: cross }, ...isolated];
  });
}

function heldOf(position: PositionMargin): Held | null {
  const { positionId, instrument, symbol, side, size, trust, figures } = position;
  if (figures === null) return null;
  const isFuture = instrument.startsWith('cme-globex:');
  return { positionId, instrument, symbol, side, size, trust, figures, isFuture };
}

/** One scan range for each base asset, by the widest volatility the run knows of its contracts. */
function scansOf(
  held: readonly Held[],
  { volatilityOf }: RegimeContext,
  { scan }: RegimeChoices,
): readonly ScanRate[] {
  const known = new Map<string, number | null>();
  for (const { symbol, instrument, isFuture } of held) {
    if (isFuture) continue;
    const asset = baseAsset(symbol);
    const before = known.get(asset) ?? null;
    const found = volatilityOf(instrument);
    known.set(asset, found === null || (before !== null && before > found) ? before : found);
  }
  return [...known].map(([asset, volatility]) => scanRate(asset, volatility, scan));
}

function planOf(
  report: MarginReport,
  held: readonly Held[],
  scans: readonly ScanRate[],
  { rules }: RegimeContext,
  { creditRate }: RegimeChoices,
): Result<SpanPlan> {
  const rates = new Map(scans.map(({ asset, rate }) => [asset, rate]));
  const day = formatDay(tradingDayAt(report.atMicros));
  const perpetuals = held.filter(({ isFuture }) => !isFuture).map(standInOf);
  const set = standInSet(rules?.set ?? null, day, perpetuals, {
    scanRateOf: (asset) => rates.get(asset) ?? Number.NaN,
    creditRate,
  });
  if (!set.ok) return set;
  const maintenance = set.value.classes.find((one) => one.isMaintenance);
  assert(maintenance !== undefined, `${set.value.id} has no class for maintenance`);
  return ok(planSpan(set.value, maintenance, 'USD'));
}

function standInOf({ symbol, size, figures }: Held): Parameters<typeof standInContract>[0] {
  return { symbol, size: decimalValue(size), notional: figures.notional };
}

/** Puts a position into the words of both methods. */
function comparer(
  { table, rules }: RegimeContext,
  { ladder }: RegimeChoices,
): (held: Held) => Result<ComparedPosition> {
  return (held) => {
    const { positionId: name, side, symbol, size, figures, isFuture } = held;
    const brackets: Result<NotionalBrackets> = bracketsOf(table, isFuture ? ladder : symbol);
    if (!brackets.ok) return brackets;
    const common = { name, notional: figures.notional, brackets: brackets.value };
    if (!isFuture) {
      return ok({ ...common, span: { contract: standInContract(standInOf(held)), lots: sideSign(side) } });
    }
    assert(rules !== null, `${symbol} has figures without rules`);
    const contract = contractIn(rules, symbol);
    if (!contract.ok) return contract;
    return ok({
      ...common,
      span: { contract: contract.value.id, lots: sideSign(side) * decimalValue(size) },
    });
  };
}

function sumOf<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}

/** The steps of all pools, one by one. */
function sumOfSteps(sides: readonly SideBySide[]): GapStep[] {
  const [first] = sides;
  return (first?.gap ?? []).map((step, i) => ({
    ...step,
    amount: sumOf(sides, (s) => s.gap[i]?.amount ?? 0),
  }));
}

function accountsOf(
  { accounts, positions }: MarginReport,
  compared: readonly { readonly pool: Pool; readonly side: SideBySide }[],
): readonly RegimeAccount[] {
  return accounts.flatMap(({ accountId, name }): RegimeAccount[] => {
    const all = positions.filter((position) => position.accountId === accountId).length;
    const own = compared.filter(({ pool }) => pool.accountId === accountId);
    const held = sumOf(own, ({ pool }) => pool.positions.length);
    if (all === 0) return [];
    return [
      {
        accountId,
        name,
        held,
        left: all - held,
        byBrackets: sumOf(own, ({ side }) => side.byBrackets),
        bySpan: sumOf(own, ({ side }) => side.bySpan),
        balance: sumOf(own, ({ pool }) => pool.balance),
      },
    ];
  });
}

function positionsOf(report: MarginReport, pool: Pool, side: SideBySide): readonly RegimePosition[] {
  const accountName = report.accounts.find(({ accountId }) => accountId === pool.accountId)?.name ?? '';
  return pool.positions.map((held, i): RegimePosition => {
    const row = side.positions[i];
    assert(row !== undefined, `${held.positionId} was not compared`);
    return {
      positionId: held.positionId,
      accountName,
      title: `${held.symbol} ${held.side} ${held.size}`,
      notional: held.figures.notional,
      byBrackets: row.byBrackets,
      bySpanAlone: row.bySpanAlone,
      assumed: held.isFuture ? 'brackets' : 'span',
    };
  });
}
