/** A futures account at its marks: its positions margined together by SPAN, apart from every other account and venue. */
import type { Account, Position } from '../../accounting/portfolio.ts';
import { brokenField, instrumentOf } from '../../accounting/position-rules.ts';
import { type Failure, failure } from '../../core/failure.ts';
import { compareDecimals, decimalValue, roundDecimal } from '../../core/money.ts';
import { ok, type Result } from '../../core/result.ts';
import { type TrustState, worstTrust } from '../../market/trust.ts';
import type { InstrumentId } from '../../reference/instruments/contract-spec.ts';
import { type LiquidationPrice, liquidationPrice } from '../brackets/liquidation-price.ts';
import { sideSign, unrealisedPnl } from '../brackets/margin-balance.ts';
import type { NotionalBrackets } from '../brackets/notional-bracket.ts';
import type { MarkInput } from '../margin-report.ts';
import type { MarkOf } from '../portfolio-state.ts';
import type { SpanPlan } from '../span/plan.ts';
import { readPositions, type SpanPosition } from '../span/span-portfolio.ts';
import {
  contractIn,
  type FuturesContract,
  type FuturesRules,
  type RequirementClass,
} from './futures-rules.ts';

/** A position whose contract, mark and lots are known. Dollars. */
export interface FuturesPosition {
  readonly position: Position;
  readonly instrument: InstrumentId;
  readonly contract: FuturesContract;
  readonly contracts: number;
  /** Dollars of a price of 1, for one contract. */
  readonly multiplier: number;
  readonly entryPrice: number;
  readonly mark: MarkInput;
  readonly notional: number;
  readonly unrealisedPnl: number;
}

/** What became of one position: valued, or the reason why not. */
export interface FuturesPositionState {
  readonly position: Position;
  readonly instrument: InstrumentId;
  /** Trust of its own mark; OFFLINE where there is none. */
  readonly trust: TrustState;
  readonly valued: FuturesPosition | null;
  /** Null exactly when `valued` is not. */
  readonly failure: Failure | null;
}

/** All positions of the account margined together. */
export interface FuturesPool {
  readonly rules: FuturesRules;
  readonly positions: readonly FuturesPosition[];
  readonly walletBalance: number;
  readonly unrealisedPnl: number;
  readonly marginBalance: number;
  readonly initialMargin: number;
  /** The requirement: SPAN of all positions under the maintenance class. */
  readonly maintenanceMargin: number;
  readonly marginRatio: number;
}

/** One futures account. */
export interface FuturesState {
  readonly account: Account;
  readonly walletBalance: number;
  readonly positions: readonly FuturesPositionState[];
  /** Worst trust of all its marks. */
  readonly trust: TrustState;
  /** Why there is no requirement; null when there is, and for an account without positions. */
  readonly failure: Failure | null;
  /** Null with a failure, and without positions. */
  readonly pool: FuturesPool | null;
}

/** Whether an account is margined by SPAN: futures settle in dollars, perpetuals in USDT, and neither covers the other. */
export function isFuturesAccount(account: Account): boolean {
  return account.currency === 'USD';
}

/**
 * Values a futures account. What is missing (mark, parameter set, product, month) is a failure of the position and of the
 * whole account: a requirement over a part of it would be too low.
 *
 * @param rules - for the day of the run, or why there are none
 */
export function valueFutures(account: Account, markOf: MarkOf, rules: Result<FuturesRules>): FuturesState {
  const walletBalance = decimalValue(account.crossWalletBalance);
  const positions = account.positions.map((position) => valuePosition(account, position, markOf, rules));
  const trust = positions.reduce<TrustState>((worst, state) => worstTrust(worst, state.trust), 'LIVE');
  const broken = positions.find((state) => state.failure !== null)?.failure ?? null;
  const state = { account, walletBalance, positions, trust };
  const valued = positions.flatMap((one) => one.valued ?? []);
  if (broken !== null) return { ...state, failure: ofAccount(account, broken), pool: null };
  if (!rules.ok || valued.length === 0) return { ...state, failure: null, pool: null };
  const pool = poolOf(walletBalance, valued, rules.value);
  if (!pool.ok) return { ...state, failure: ofAccount(account, pool.failure), pool: null };
  return { ...state, failure: null, pool: pool.value };
}

function ofAccount(account: Account, why: Failure): Failure {
  const message = `the margin of ${account.name} needs every position: ${why.message}`;
  return failure(why.code, message, { ...why.context, account: account.id });
}

function valuePosition(
  account: Account,
  position: Position,
  markOf: MarkOf,
  rules: Result<FuturesRules>,
): FuturesPositionState {
  const instrument = instrumentOf(position);
  const without = (trust: TrustState, why: Failure): FuturesPositionState => ({
    position,
    instrument,
    trust,
    valued: null,
    failure: why,
  });
  const invalid = (field: string, expected: string): FuturesPositionState =>
    without(
      'OFFLINE',
      failure('portfolio/field-invalid', `${position.symbol}: expected ${expected} as ${field}`, {
        position: position.id,
        field,
      }),
    );
  const broken = brokenField(position, account.currency);
  if (broken !== null) return invalid(broken.field, broken.expected);
  if (position.marginMode !== 'cross') return invalid('marginMode', 'cross: futures share one account');
  if (!isWhole(position.size)) {
    const why = `${position.symbol}: expected whole contracts, found ${position.size}`;
    return without('OFFLINE', failure('span/position-malformed', why, { instrument }));
  }
  const mark = markOf(position, instrument);
  if (mark === null) {
    const why = `no mark price for ${instrument}: no feed marks it and none is given`;
    return without('OFFLINE', failure('margin/mark-missing', why, { instrument }));
  }
  if (!rules.ok) return without(mark.trust, rules.failure);
  const contract = contractIn(rules.value, position.symbol);
  if (!contract.ok) return without(mark.trust, contract.failure);
  const checked = readPositions(rules.value.maintenance, [spanPosition(position, contract.value)]);
  if (!checked.ok) return without(mark.trust, checked.failure);
  return {
    position,
    instrument,
    trust: mark.trust,
    valued: valueAt(position, instrument, mark, contract.value),
    failure: null,
  };
}

/** Whether a positive decimal text is a whole number, however many digits it has. */
function isWhole(size: string): boolean {
  return compareDecimals(roundDecimal(size, 0, 'floor'), size) === 0;
}

function valueAt(
  position: Position,
  instrument: InstrumentId,
  mark: MarkInput,
  contract: FuturesContract,
): FuturesPosition {
  const contracts = decimalValue(position.size);
  const multiplier = decimalValue(contract.product.multiplier);
  const entryPrice = decimalValue(position.entryPrice);
  const { side } = position;
  const size = contracts * multiplier;
  return {
    position,
    instrument,
    contract,
    contracts,
    multiplier,
    entryPrice,
    mark,
    notional: size * mark.price,
    unrealisedPnl: unrealisedPnl({ side, size, entryPrice, markPrice: mark.price }),
  };
}

function poolOf(
  walletBalance: number,
  positions: readonly FuturesPosition[],
  rules: FuturesRules,
): Result<FuturesPool> {
  const maintenance = requirement(rules, 'maintenance', positions);
  if (!maintenance.ok) return maintenance;
  const initial = requirement(rules, 'initial', positions);
  if (!initial.ok) return initial;
  const pnl = positions.reduce((sum, position) => sum + position.unrealisedPnl, 0);
  const marginBalance = walletBalance + pnl;
  return ok({
    rules,
    positions,
    walletBalance,
    unrealisedPnl: pnl,
    marginBalance,
    initialMargin: initial.value,
    maintenanceMargin: maintenance.value,
    marginRatio: futuresRatio(marginBalance, maintenance.value),
  });
}

/**
 * Margin balance ÷ maintenance margin. Contracts that cancel exactly require nothing: then the ratio is without bound while
 * something is left, and without bound below 0 once nothing is.
 */
function futuresRatio(marginBalance: number, maintenanceMargin: number): number {
  if (maintenanceMargin > 0) return marginBalance / maintenanceMargin;
  return marginBalance > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** The SPAN requirement of positions under one class. Fails as `readPositions` does. */
function requirement(
  rules: FuturesRules,
  of: RequirementClass,
  positions: readonly FuturesPosition[],
): Result<number> {
  const lots = lotsOf(rules[of], positions);
  return lots.ok ? ok(rules.calculators[of].margin(lots.value)) : lots;
}

/** Signed contracts by their index in the set, long and short of one contract netted. */
export function lotsOf(plan: SpanPlan, positions: readonly FuturesPosition[]): Result<Float64Array> {
  return readPositions(
    plan,
    positions.map(({ position, contract }) => spanPosition(position, contract)),
  );
}

function spanPosition(position: Position, contract: FuturesContract): SpanPosition {
  return { contract: contract.id, lots: sideSign(position.side) * decimalValue(position.size) };
}

/** Requirements do not move with the price in a set: of the margin equation only its line is left. */
export const FLAT_BRACKETS: NotionalBrackets = [
  { number: 1, floor: 0, cap: null, maintenanceMarginRate: 0, maintenanceAmount: 0, maxLeverage: null },
];

/**
 * The mark price of one instrument at which the account's ratio is 1, all other marks frozen; null where no positive price
 * does that.
 */
export function futuresLiquidation(pool: FuturesPool, instrument: InstrumentId): LiquidationPrice | null {
  const legs = pool.positions.filter((position) => position.instrument === instrument);
  const others = pool.positions.filter((position) => position.instrument !== instrument);
  return liquidationPrice(
    {
      walletBalance: pool.walletBalance,
      otherMaintenanceMargin: pool.maintenanceMargin,
      otherUnrealisedPnl: others.reduce((sum, position) => sum + position.unrealisedPnl, 0),
    },
    legs.map(({ position, contracts, multiplier, entryPrice }) => ({
      side: position.side,
      size: contracts * multiplier,
      entryPrice,
    })),
    FLAT_BRACKETS,
    legs[0]?.mark.price ?? 0,
  );
}
