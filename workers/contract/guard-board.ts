/** The risk board: every account and position with what the guard would say of adding to it, worst first. */
import type { Failure } from '../../engine/core/failure.ts';
import type { Micros } from '../../engine/core/units.ts';
import type { MarginStatus } from '../../engine/margin/margin-status.ts';
import type { TrustState } from '../../engine/market/trust.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { AlertMetric, AlertRule } from '../../engine/risk/alerts/alert-rules.ts';
import type { GuardReason } from '../../engine/risk/guards/guard-verdict.ts';
import type {
  GuardEvent,
  GuardSeverity,
  GuardVerdictKind,
} from '../../engine/risk/guards/guard-vocabulary.ts';
import type { HeatGrid } from '../../engine/risk/portfolio/heat-grid.ts';
import type { BoardAdl } from './board-adl.ts';
import type { BreakerFacts } from './marks-frame.ts';
import type { VenueView } from './paper.ts';

export type { AlertMetric, AlertRule } from '../../engine/risk/alerts/alert-rules.ts';
export type { GuardConfiguration, GuardProfile } from '../../engine/risk/guards/guard-configuration.ts';
export type { GuardOrder } from '../../engine/risk/guards/guard-input.ts';
export type { GuardReason, GuardVerdict } from '../../engine/risk/guards/guard-verdict.ts';
export type {
  GuardEvent,
  GuardSeverity,
  GuardVerdictKind,
} from '../../engine/risk/guards/guard-vocabulary.ts';

/** Figures that a rule may name and that no source of this page tells: such a rule never speaks. */
export const UNTOLD_METRICS: readonly AlertMetric[] = ['insurance-fund'];

/** Ids of the accounts that hold what the reader's paper orders brought: perpetuals, and futures by themselves. */
export const PAPER_ACCOUNT = 'paper';
export const PAPER_FUTURES_ACCOUNT = 'paper-futures';

/** One line of the board: a position, or the cross side of an account. Estimates (float64) in the account's currency. */
export interface BoardRow {
  /** Id of the position, or of the account. */
  readonly id: string;
  readonly kind: 'account' | 'position';
  readonly accountId: string;
  readonly accountName: string;
  /** `BTCUSDT long 0.842`, or the account's name. */
  readonly title: string;
  /** Side and size (decimal text) of a position; null for accounts. */
  readonly side: 'long' | 'short' | null;
  readonly size: string | null;
  readonly instrument: InstrumentId | null;
  readonly marginMode: 'cross' | 'isolated';
  readonly trust: TrustState;
  readonly failure: Failure | null;
  readonly status: MarginStatus | null;
  readonly marginRatio: number | null;
  readonly distanceRate: number | null;
  readonly distanceSigma: number | null;
  readonly notional: number | null;
  readonly funding: BoardFunding | null;
  /** Null for accounts and futures, without a mark, and where no crowd is modelled. */
  readonly adl: BoardAdl | null;
  readonly market: BoardMarket | null;
  readonly contract: BoardContract | null;
  /** Age of the mark; null without one. */
  readonly ageMs: number | null;
  /** The verdict on adding one lot more; null for accounts and unlisted instruments. */
  readonly verdict: GuardVerdictKind | null;
  readonly reasons: readonly GuardReason[];
  /** What brings the ratio to the target of the configuration; null where nothing must, or nothing does. */
  readonly advice: BoardAdvice | null;
}

export interface BoardFunding {
  readonly rate: number;
  /** What the position pays (positive) or receives in 24 hours at this rate. */
  readonly dayCost: number;
  readonly nextMicros: Micros | null;
}

export interface BoardMarket {
  /** Halts and limits; null where there are none. */
  readonly breaker: BreakerFacts | null;
  readonly state: VenueView['state'] | null;
  readonly reason: string;
  readonly trust: TrustState;
}

/** When a dated contract settles next and when it has to be rolled. */
export interface BoardContract {
  /** Null where no window is left. */
  readonly settlementMicros: number | null;
  readonly businessDaysLeft: number;
  readonly deadline: 'last-trading-day' | 'first-notice-day';
}

/** A reduction of a cross position, or an addition to an isolated wallet. */
export interface BoardAdvice {
  readonly kind: 'reduce' | 'add-margin';
  /** Size to be taken off (decimal text), or currency to be added. */
  readonly amount: string;
  readonly ratioAfter: number;
  /** Fee of the closing order as a fraction of notional; 0 for an addition. */
  readonly feeRate: number;
}

/** One entry of the timeline. */
export interface BoardEvent {
  readonly id: number;
  readonly atMicros: Micros;
  readonly event: GuardEvent;
  readonly severity: GuardSeverity;
  /** Row it is about. */
  readonly rowId: string;
  readonly subject: string;
  readonly text: string;
}

/** Everything the Guards screen shows; twice a second at most. */
export interface GuardFrame {
  readonly atMicros: Micros;
  /** Worst first. */
  readonly rows: readonly BoardRow[];
  /** Oldest first, at most 500. */
  readonly events: readonly BoardEvent[];
  readonly configuration: { readonly profile: string; readonly version: number };
  readonly target: number;
  readonly alerts: AlertView;
}

/** The notification centre. */
export interface AlertView {
  /** Everything said since the run began, oldest first, at most 200. */
  readonly said: readonly BoardAlert[];
  /** What stands raised now. */
  readonly raised: readonly RaisedAlert[];
  readonly snoozes: readonly { readonly rule: string; readonly untilMicros: Micros }[];
}

/** One thing an alert rule said. */
export interface BoardAlert {
  readonly id: number;
  readonly atMicros: Micros;
  readonly phase: 'raised' | 'reminder' | 'cleared' | 'blind' | 'gone';
  readonly rule: string;
  readonly subject: string;
  readonly metric: AlertMetric;
  readonly severity: GuardSeverity;
  readonly value: number | null;
  readonly threshold: number;
  readonly mustSee: boolean;
}

/** A rule that stands raised on a subject. */
export interface RaisedAlert extends Pick<AlertRule, 'metric' | 'severity' | 'threshold' | 'mustSee'> {
  readonly rule: string;
  readonly subject: string;
  readonly value: number | null;
  readonly isAcknowledged: boolean;
}

/** What rules would have done over a run. */
export interface AlertBacktest {
  /** Counts against liquidations are null for a rule on a figure that says nothing of them. */
  readonly scores: readonly {
    readonly rule: string;
    /** Figures it was held against; with none it could not fire. */
    readonly figures: number;
    readonly fires: number;
    readonly firstMicros: Micros | null;
    readonly caught: number | null;
    readonly missed: number | null;
    readonly falseAlarms: number | null;
    readonly medianLeadSeconds: number | null;
  }[];
  /** Every fire in the order of time, at most 500. */
  readonly fires: readonly {
    readonly rule: string;
    readonly subject: string;
    readonly atMicros: Micros;
    readonly value: number | null;
    /** Time to the next liquidation within the horizon; null where none came. */
    readonly leadSeconds: number | null;
  }[];
  /** Every liquidation in the order of time, at most 500, with the rules that told of it before. */
  readonly liquidations: readonly {
    readonly subject: string;
    readonly atMicros: Micros;
    readonly warnings: readonly { readonly rule: string; readonly leadSeconds: number }[];
  }[];
  readonly samples: number;
  readonly incidents: number;
  readonly fromMicros: Micros | null;
  readonly untilMicros: Micros | null;
  /** Contracts held that never had a mark there: nothing is known of their positions. */
  readonly unmarked: readonly string[];
}

/** Rules (JSON) to be held against a market whose marks come on a port as `MarksPiece`s. */
export interface SeriesQuestion {
  readonly rules: string;
  /** How long before a liquidation an alert counts as a warning of it. */
  readonly horizonSeconds: number;
  readonly port: MessagePort;
}

/** How far a backtest over another market is. */
export interface BacktestProgress {
  /** 0 to 1. */
  readonly fraction: number;
  /** The time of that market; null before its first mark. */
  readonly atMicros: Micros | null;
}

/** Heat of the whole portfolio, and the smallest common move that breaks a part of it. */
export interface StressReport {
  readonly atMicros: Micros;
  readonly grid: HeatGrid;
  /** Null where no move within reach breaks anything. */
  readonly breaking: { readonly pool: string; readonly move: number } | null;
  readonly pools: number;
  /** Positions left out because they have no figures. */
  readonly left: number;
}
