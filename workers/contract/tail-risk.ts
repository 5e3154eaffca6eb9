/** Tail risk of the whole portfolio as the page asks for it and is told. */
import type { ImportProblem } from '../../engine/accounting/import-problem.ts';
import type { Failure } from '../../engine/core/failure.ts';
import type { Micros } from '../../engine/core/units.ts';
import type { MarginStatus } from '../../engine/margin/margin-status.ts';
import type { TrustState } from '../../engine/market/trust.ts';
import type { HistoryOrigin } from '../../engine/risk/portfolio/price-history.ts';
import type { TailRisk } from '../../engine/risk/portfolio/value-at-risk.ts';
import type { TailBacktest } from '../../engine/risk/portfolio/walk-forward.ts';

export type { HistoryOrigin } from '../../engine/risk/portfolio/price-history.ts';
export type { TailBacktest } from '../../engine/risk/portfolio/walk-forward.ts';

/** An origin of closes, or the one the rule prefers. */
export type HistoryChoice = HistoryOrigin | 'auto';

/** Which money is looked at: one currency, or both with a dollar counted as a USDT. */
export type TailCurrency = 'USD' | 'USDT' | 'joined';

/** What is asked. */
export interface TailQuestion {
  /** Above 0.5 and below 1, e.g. 0.99. */
  readonly confidence: number;
  readonly currency: TailCurrency;
  readonly stress: TailStressQuestion;
}

/** A factor is struck and the others follow. */
export interface TailStressQuestion {
  /** Null for the factor of the largest exposure. */
  readonly factor: string | null;
  /** Its return, above −1. */
  readonly shock: number;
  /** Share of the way to 1 that every correlation moves, 0 to below 1. */
  readonly correlationSpike: number;
}

/** What is at hand from one origin for what is held. */
export interface HistoryFacts {
  readonly origin: HistoryOrigin;
  /** Name of the file; null for other origins. */
  readonly name: string | null;
  readonly observations: number;
  /** Null where no returns are known. */
  readonly intervalMicros: number | null;
  /** Instant of the newest close that everything held has. */
  readonly untilMicros: Micros | null;
  /** Held instruments without closes. */
  readonly missing: readonly string[];
}

/** One factor of the portfolio in view. Currency in view. */
export interface FactorExposure {
  readonly factor: string;
  readonly net: number;
  readonly gross: number;
}

/** Figures of one day. */
export interface TailFigures {
  readonly historical: TailRisk;
  readonly parametric: TailRisk;
  /** What figures of an interval were multiplied by; 1 for daily returns. */
  readonly scale: number;
  /** Tests of both, at the interval of the returns; empty while there are fewer than `leastTestable`. */
  readonly backtests: readonly TailBacktest[];
  readonly leastTestable: number;
  /** By rows, in the order of the exposures. */
  readonly correlation: readonly (readonly number[])[];
  readonly shrinkage: number;
  readonly meanCorrelation: number;
  readonly stress: TailStress;
}

/** The pools after the blow. */
export interface TailStress {
  readonly factor: string;
  readonly returns: readonly { readonly factor: string; readonly move: number }[];
  /** Lowest ratio after it; null where nothing is required. */
  readonly weakest: {
    readonly pool: string;
    readonly before: number;
    readonly after: number;
    readonly statusAfter: MarginStatus;
  } | null;
  /** Pools at or below a ratio of 1 after it. */
  readonly fallen: number;
  readonly pools: number;
}

/** What the guards are told, and with it the alerts: null where they are told nothing and fail closed. */
export interface GuardedTail {
  /** 99 %, the larger of both methods, all currencies joined, as a share of equity. */
  readonly valueAtRisk: number | null;
  /** Mean absolute correlation of all perpetuals with a mark. */
  readonly meanCorrelation: number | null;
}

/** The answer. */
export interface TailReport {
  readonly atMicros: Micros;
  readonly trust: TrustState;
  /** Currency of every figure. */
  readonly currency: 'USD' | 'USDT';
  /** Whether dollars and USDT were added one to one. */
  readonly isJoined: boolean;
  /** Currencies of the pools that hold something. */
  readonly currencies: readonly ('USD' | 'USDT')[];
  /** Equity of the pools in view. */
  readonly equity: number;
  readonly exposures: readonly FactorExposure[];
  /** Positions left out because they have no figures. */
  readonly left: number;
  readonly histories: readonly HistoryFacts[];
  /** The origin in use; null without any. */
  readonly origin: HistoryOrigin | null;
  /** Null where `failure` says why. */
  readonly figures: TailFigures | null;
  readonly failure: Failure | null;
  readonly guarded: GuardedTail;
}

/** A history that was read. */
export interface LoadedHistory {
  readonly name: string;
  readonly instruments: readonly string[];
  readonly closes: number;
  readonly problems: readonly ImportProblem[];
}
