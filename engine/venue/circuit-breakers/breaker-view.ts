/** What a board shows of the circuit breakers of a product group. */
import { formatDay } from '../../reference/calendar/civil-day.ts';
import type { Session } from '../../reference/calendar/sessions.ts';
import type { Dated, ProductCode } from '../../reference/instruments/cme-product.ts';
import type { BreakerState } from './breaker-inputs.ts';
import type { LimitBasis } from './contract-limits.ts';
import type { LimitRegime } from './limit-regimes.ts';
import { fallenLevel, nearerLimits, type PriceLimits } from './price-limits.ts';
import { phaseAt, phasesOf, type TradingPhase } from './trading-phases.ts';

/** What changes next. */
export type NextTransition = 'opens' | 'closes' | 'resumes' | 'halts-or-opens' | 'phase';

/** One contract on the board. */
export interface ContractView {
  readonly symbol: string;
  readonly isLead: boolean;
  readonly state: BreakerState;
  /** Middle of the limits: the fixing of stock indices, the settlement of other products. */
  readonly referenceTicks: number | null;
  readonly lastTicks: number | null;
  /** Limits that stand whatever was traded. */
  readonly hard: PriceLimits;
  /** Limits that follow the extremes of the last hour. */
  readonly dynamic: PriceLimits;
  /** The nearer of both. */
  readonly limits: PriceLimits;
  readonly at: 'limit-up' | 'limit-down' | null;
}

/** One level of the whole market on the board. */
export interface MarketLevelView {
  readonly level: 1 | 2 | 3;
  readonly rate: string;
  /** Level of the S&P 500 at which it is reached, decimal text; null without its close. */
  readonly indexLevel: string | null;
  readonly reachedMicros: number | null;
}

/** A product group on the board. Plain data. */
export interface BreakerView {
  readonly product: ProductCode;
  /** The trading day of the session that is open or opens next, ISO. */
  readonly tradingDay: string | null;
  readonly regime: LimitRegime['kind'];
  readonly regimeSource: string | null;
  readonly state: BreakerState;
  readonly sinceMicros: number;
  readonly timeInStateMicros: number;
  /** The part of the session; null for products whose limits do not depend on it. */
  readonly phase: TradingPhase | null;
  readonly marketLevels: readonly MarketLevelView[];
  readonly next: {
    readonly kind: NextTransition;
    readonly atMicros: number;
    readonly inMicros: number;
    /** The phase that begins; null for other changes. */
    readonly phase: TradingPhase | null;
  } | null;
  readonly contracts: readonly ContractView[];
}

/** What the board is made from. */
export interface BreakerFacts {
  readonly product: ProductCode;
  readonly regime: Dated<LimitRegime> | null;
  readonly session: Session | null;
  readonly state: BreakerState;
  readonly sinceMicros: number;
  readonly nowMicros: number;
  /** When state or phase change next; infinite for never. */
  readonly nextMicros: number;
  readonly basis: LimitBasis;
  readonly reachedMicros: readonly (number | null)[];
  readonly contracts: readonly (Pick<ContractView, 'symbol' | 'isLead' | 'lastTicks' | 'hard' | 'dynamic'> & {
    readonly stoppedUntilMicros: number | null;
  })[];
}

/** Puts the board together. */
export function breakerView(facts: BreakerFacts): BreakerView {
  const { regime, session, state, basis, nowMicros } = facts;
  const isEquity = regime?.value.kind === 'equity-index';
  return {
    product: facts.product,
    tradingDay: session === null ? null : formatDay(session.tradingDay),
    regime: regime?.value.kind ?? 'none',
    regimeSource: regime?.source ?? null,
    state,
    sinceMicros: facts.sinceMicros,
    timeInStateMicros: nowMicros - facts.sinceMicros,
    phase: isEquity && state.kind !== 'closed' ? basis.phase : null,
    marketLevels: marketLevels(facts),
    next: Number.isFinite(facts.nextMicros) ? nextTransition(facts, isEquity) : null,
    contracts: facts.contracts.map((one, i) => contractView(one, i, facts)),
  };
}

function marketLevels({ regime, basis, reachedMicros }: BreakerFacts): readonly MarketLevelView[] {
  if (regime?.value.kind !== 'equity-index') return [];
  const close = basis.references?.marketClose ?? null;
  return regime.value.levels.map((rate, i) => ({
    level: (i + 1) as 1 | 2 | 3,
    rate,
    indexLevel: close === null ? null : fallenLevel(rate, close),
    reachedMicros: reachedMicros[i] ?? null,
  }));
}

function nextTransition(facts: BreakerFacts, isEquity: boolean): BreakerView['next'] {
  const { state, session, nowMicros, nextMicros } = facts;
  const at = (kind: NextTransition, phase: TradingPhase | null = null): BreakerView['next'] => ({
    kind,
    atMicros: nextMicros,
    inMicros: nextMicros - nowMicros,
    phase,
  });
  if (state.kind === 'closed') return at('opens');
  if (nextMicros === session?.closesAtMicros) return at('closes');
  if (state.kind === 'monitoring' && state.untilMicros === nextMicros) return at('halts-or-opens');
  const phases = session === null ? [] : phasesOf(session);
  if (isEquity && phases.some((start) => start.atMicros === nextMicros)) {
    return at('phase', phaseAt(phases, nextMicros));
  }
  return at('resumes');
}

function contractView(
  one: BreakerFacts['contracts'][number],
  index: number,
  { state, basis }: BreakerFacts,
): ContractView {
  const { symbol, isLead, lastTicks, hard, dynamic, stoppedUntilMicros } = one;
  const limits = nearerLimits(hard, dynamic);
  const reference = basis.references?.contracts[index];
  const isUp = lastTicks !== null && limits.highTicks !== null && lastTicks >= limits.highTicks;
  const isDown = lastTicks !== null && limits.lowTicks !== null && lastTicks <= limits.lowTicks;
  return {
    symbol,
    isLead,
    state:
      state.kind !== 'stopped' && stoppedUntilMicros !== null
        ? { kind: 'stopped', cause: 'dynamic', untilMicros: stoppedUntilMicros }
        : state,
    referenceTicks:
      (basis.regime.kind === 'equity-index' ? reference?.fixingTicks : reference?.settlementTicks) ?? null,
    lastTicks,
    hard,
    dynamic,
    limits,
    at: isUp ? 'limit-up' : isDown ? 'limit-down' : null,
  };
}
