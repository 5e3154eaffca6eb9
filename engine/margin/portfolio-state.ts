/** The portfolio at its marks: every position valued, every cross account summed. Shared by report, explanation and what-if. */
import type { Account, Position } from '../accounting/portfolio.ts';
import { brokenField, instrumentOf } from '../accounting/position-rules.ts';
import { type Failure, failure } from '../core/failure.ts';
import { decimalValue, sumDecimals } from '../core/money.ts';
import type { Micros } from '../core/units.ts';
import { type TrustState, worstTrust } from '../market/trust.ts';
import type { InstrumentId } from '../reference/instruments/contract-spec.ts';
import { type BracketTable, bracketsOf } from './brackets/bracket-table.ts';
import { leverageInForce } from './brackets/initial-margin.ts';
import { type LiquidationPrice, liquidationPrice } from './brackets/liquidation-price.ts';
import { maintenanceMargin } from './brackets/maintenance-margin.ts';
import { marginRatio, unrealisedPnl } from './brackets/margin-balance.ts';
import { bracketAt, type NotionalBracket, type NotionalBrackets } from './brackets/notional-bracket.ts';
import type { MarkInput } from './margin-report.ts';

/** A position with its mark and bracket found and its own figures worked out. Quote currency. */
export interface ValuedPosition {
  readonly position: Position;
  readonly instrument: InstrumentId;
  readonly size: number;
  readonly entryPrice: number;
  /** Null for cross. */
  readonly isolatedWallet: number | null;
  readonly mark: MarkInput;
  readonly brackets: NotionalBrackets;
  /** In force at the mark notional. */
  readonly bracket: NotionalBracket;
  readonly notional: number;
  readonly unrealisedPnl: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
}

/** What became of one position: valued, or the reason why not. */
export interface PositionState {
  readonly position: Position;
  readonly instrument: InstrumentId;
  /** Trust of its own mark; OFFLINE where there is none. */
  readonly trust: TrustState;
  readonly valued: ValuedPosition | null;
  /** Null exactly when `valued` is not. */
  readonly failure: Failure | null;
}

/** The cross positions of one symbol, one or in hedge mode two, and what the others leave them. */
export interface SymbolGroup {
  readonly legs: readonly ValuedPosition[];
  readonly otherMaintenanceMargin: number;
  readonly otherUnrealisedPnl: number;
}

/** The cross side of an account, all of its positions valued. */
export interface CrossPool {
  readonly walletBalance: number;
  readonly unrealisedPnl: number;
  readonly marginBalance: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  readonly marginRatio: number;
  readonly positions: readonly ValuedPosition[];
  readonly groups: ReadonlyMap<InstrumentId, SymbolGroup>;
}

/** One account at its marks. */
export interface AccountState {
  readonly account: Account;
  readonly walletBalance: number;
  readonly positions: readonly PositionState[];
  /** Worst trust of all its marks. */
  readonly trust: TrustState;
  /** Worst trust of the marks of its cross positions. */
  readonly crossTrust: TrustState;
  /** Why the cross side is unknown: the first cross position that could not be valued. */
  readonly failure: Failure | null;
  /** Null with a failure, and where there are no cross positions. */
  readonly cross: CrossPool | null;
  /** Null when any position could not be valued. */
  readonly equity: number | null;
}

/** Answers the mark in force for a position, or null where there is none. */
export type MarkOf = (position: Position, instrument: InstrumentId) => MarkInput | null;

/** The marks in force: the feed's where it has a usable one, else the one given by hand, which is STALE. */
export function marksInForce(marks: readonly MarkInput[], atMicros: Micros): MarkOf {
  const byInstrument = new Map<InstrumentId, MarkInput>();
  for (const mark of marks) {
    if (Number.isFinite(mark.price) && mark.price > 0) byInstrument.set(mark.instrument, mark);
  }
  return (position, instrument) => {
    const mark = byInstrument.get(instrument);
    if (mark !== undefined) return mark;
    if (position.givenMarkPrice === null) return null;
    return {
      instrument,
      price: decimalValue(position.givenMarkPrice),
      origin: 'given',
      trust: 'STALE',
      atMicros,
      dailyVolatility: null,
    };
  };
}

/**
 * Values one account in USDT. An input that is missing or breaks a rule becomes a failure of the position, and of the
 * cross side that leans on it; it is never replaced by 0.
 */
export function valueAccount(account: Account, markOf: MarkOf, table: BracketTable): AccountState {
  const positions = account.positions.map((position) => valuePosition(account, position, markOf, table));
  const cross = positions.filter((state) => state.position.marginMode === 'cross');
  const broken = cross.find((state) => state.failure !== null)?.failure ?? null;
  const valued = positions.flatMap((state) => state.valued ?? []);
  const walletBalance = decimalValue(account.crossWalletBalance);
  return {
    account,
    walletBalance,
    positions,
    trust: worstOf(positions),
    crossTrust: worstOf(cross),
    failure:
      broken === null
        ? null
        : failure(
            broken.code,
            `the cross margin of ${account.name} needs every cross position: ${broken.message}`,
            {
              ...broken.context,
              account: account.id,
            },
          ),
    cross: broken === null && cross.length > 0 ? crossPool(walletBalance, cross) : null,
    equity: valued.length === positions.length ? equityOf(account, valued) : null,
  };
}

function worstOf(states: readonly PositionState[]): TrustState {
  return states.reduce<TrustState>((worst, state) => worstTrust(worst, state.trust), 'LIVE');
}

function equityOf(account: Account, valued: readonly ValuedPosition[]): number {
  const wallets = account.positions.flatMap((position) => position.isolatedWallet ?? []);
  return (
    decimalValue(sumDecimals([account.crossWalletBalance, ...wallets])) +
    valued.reduce((sum, position) => sum + position.unrealisedPnl, 0)
  );
}

function valuePosition(
  account: Account,
  position: Position,
  markOf: MarkOf,
  table: BracketTable,
): PositionState {
  const instrument = instrumentOf(position);
  const broken = brokenField(position, account.currency);
  const without = (trust: TrustState, why: Failure): PositionState => ({
    position,
    instrument,
    trust,
    valued: null,
    failure: why,
  });
  if (broken !== null) {
    const why = `${position.symbol}: expected ${broken.expected} as ${broken.field}`;
    return without(
      'OFFLINE',
      failure('portfolio/field-invalid', why, { position: position.id, field: broken.field }),
    );
  }
  const mark = markOf(position, instrument);
  if (mark === null) {
    const why = `no mark price for ${instrument}: no feed marks it and none is given`;
    return without('OFFLINE', failure('margin/mark-missing', why, { instrument }));
  }
  if (position.venue !== 'binance-usdm') {
    const why = `${position.symbol} settles in dollars and is margined by scenario (SPAN): expected it in an account in USD, found ${account.currency}`;
    return without(mark.trust, failure('margin/bracket-missing', why, { instrument }));
  }
  const brackets = bracketsOf(table, position.symbol);
  if (!brackets.ok) return without(mark.trust, brackets.failure);
  return {
    position,
    instrument,
    trust: mark.trust,
    valued: valueAt(position, instrument, mark, brackets.value),
    failure: null,
  };
}

function valueAt(
  position: Position,
  instrument: InstrumentId,
  mark: MarkInput,
  brackets: NotionalBrackets,
): ValuedPosition {
  const size = decimalValue(position.size);
  const entryPrice = decimalValue(position.entryPrice);
  const notional = size * mark.price;
  const bracket = bracketAt(brackets, notional);
  return {
    position,
    instrument,
    size,
    entryPrice,
    isolatedWallet: position.isolatedWallet === null ? null : decimalValue(position.isolatedWallet),
    mark,
    brackets,
    bracket,
    notional,
    unrealisedPnl: unrealisedPnl({ side: position.side, size, entryPrice, markPrice: mark.price }),
    initialMargin: notional / leverageInForce(position.leverage, bracket),
    maintenanceMargin: maintenanceMargin(notional, bracket),
  };
}

function crossPool(walletBalance: number, states: readonly PositionState[]): CrossPool {
  const positions = states.flatMap((state) => state.valued ?? []);
  const total = (of: (position: ValuedPosition) => number): number =>
    positions.reduce((sum, position) => sum + of(position), 0);
  const pnl = total((p) => p.unrealisedPnl);
  const maintenance = total((p) => p.maintenanceMargin);
  const marginBalance = walletBalance + pnl;
  return {
    walletBalance,
    unrealisedPnl: pnl,
    marginBalance,
    initialMargin: total((p) => p.initialMargin),
    maintenanceMargin: maintenance,
    marginRatio: marginRatio(marginBalance, maintenance),
    positions,
    groups: groupsOf(positions),
  };
}

/**
 * Groups by symbol and sums the others of each group from the front and from the back: no subtraction, so a small
 * position beside a large one loses no digits.
 */
function groupsOf(positions: readonly ValuedPosition[]): ReadonlyMap<InstrumentId, SymbolGroup> {
  const legs = new Map<InstrumentId, ValuedPosition[]>();
  for (const position of positions) {
    const group = legs.get(position.instrument);
    if (group === undefined) legs.set(position.instrument, [position]);
    else group.push(position);
  }
  const sums = [...legs.values()].map((group) => ({
    maintenance: group.reduce((sum, p) => sum + p.maintenanceMargin, 0),
    pnl: group.reduce((sum, p) => sum + p.unrealisedPnl, 0),
  }));
  const behind = sums.map(() => ({ maintenance: 0, pnl: 0 }));
  for (let i = sums.length - 2; i >= 0; i--) behind[i] = plus(behind[i + 1], sums[i + 1]);
  let before = { maintenance: 0, pnl: 0 };
  const groups = new Map<InstrumentId, SymbolGroup>();
  for (const [i, [instrument, group]] of [...legs].entries()) {
    const others = plus(before, behind[i]);
    groups.set(instrument, {
      legs: group,
      otherMaintenanceMargin: others.maintenance,
      otherUnrealisedPnl: others.pnl,
    });
    before = plus(before, sums[i]);
  }
  return groups;
}

interface Sums {
  readonly maintenance: number;
  readonly pnl: number;
}

function plus(a: Sums | undefined, b: Sums | undefined): Sums {
  return {
    maintenance: (a?.maintenance ?? 0) + (b?.maintenance ?? 0),
    pnl: (a?.pnl ?? 0) + (b?.pnl ?? 0),
  };
}

/** The group whose collateral decides a position's liquidation: itself when isolated, its symbol's cross legs else. */
export function groupOf(pool: CrossPool | null, valued: ValuedPosition): SymbolGroup | null {
  if (valued.isolatedWallet === null) return pool?.groups.get(valued.instrument) ?? null;
  return { legs: [valued], otherMaintenanceMargin: 0, otherUnrealisedPnl: 0 };
}

/** The liquidation price of a group, the other positions frozen at their marks. */
export function groupLiquidationPrice(group: SymbolGroup, walletBalance: number): LiquidationPrice | null {
  const [first] = group.legs;
  if (first === undefined) return null;
  return liquidationPrice(
    {
      walletBalance,
      otherMaintenanceMargin: group.otherMaintenanceMargin,
      otherUnrealisedPnl: group.otherUnrealisedPnl,
    },
    group.legs.map((leg) => ({ side: leg.position.side, size: leg.size, entryPrice: leg.entryPrice })),
    first.brackets,
    first.mark.price,
  );
}
