/** What the risk engine answers: every number with its trust, and every number explainable. */
import type { MarginMode, PositionSide } from '../accounting/portfolio.ts';
import type { Failure } from '../core/failure.ts';
import type { Micros } from '../core/units.ts';
import type { TrustState } from '../market/trust.ts';
import type { InstrumentId } from '../reference/instruments/contract-spec.ts';
import type { MarginStatus } from './margin-status.ts';

/** Where a mark price came from: the venue's mark, the book's middle where a source has no mark, or typed in. */
export type MarkOrigin = 'mark' | 'mid' | 'given';

/** Mark price of one instrument as an input of the risk engine. */
export interface MarkInput {
  readonly instrument: InstrumentId;
  readonly price: number;
  readonly origin: MarkOrigin;
  readonly trust: TrustState;
  readonly atMicros: Micros;
  /** One-day volatility of the mark as a fraction, estimated from this run; null until enough was seen. */
  readonly dailyVolatility: number | null;
}

/** Margin of one position at its mark. Estimates in the account's currency (float64). */
export interface PositionMargin {
  readonly positionId: string;
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly symbol: string;
  readonly side: PositionSide;
  readonly marginMode: MarginMode;
  readonly size: string;
  readonly entryPrice: string;
  readonly leverage: number;
  /** Worst trust of all inputs of this row. */
  readonly trust: TrustState;
  /** Why there are no figures (mark or bracket missing); null when there are. */
  readonly failure: Failure | null;
  /** Null exactly when `failure` is not. */
  readonly figures: PositionFigures | null;
}

/** The numbers of one position. */
export interface PositionFigures {
  readonly markPrice: number;
  readonly markOrigin: MarkOrigin;
  readonly notional: number;
  readonly unrealisedPnl: number;
  /** Notional ÷ the chosen leverage, or ÷ `bracketMaxLeverage` where that is lower. */
  readonly initialMargin: number;
  /** Of futures, as the initial margin: what the position would require by itself. */
  readonly maintenanceMargin: number;
  /** Bracket in force at the mark notional, counted from 1; null for futures, which are margined by scenario. */
  readonly bracket: number | null;
  readonly bracketMaxLeverage: number | null;
  /** Margin balance ÷ maintenance margin: of the position when isolated, of the account when cross. */
  readonly marginRatio: number;
  readonly status: MarginStatus;
  /** Null where no price liquidates (shown as "None"). */
  readonly liquidationPrice: number | null;
  /** Price at which the position's own collateral is gone; null for cross, and where no positive price does it. */
  readonly bankruptcyPrice: number | null;
  /** (mark − liquidation) ÷ mark for a fall, (liquidation − mark) ÷ mark for a rise: positive while alive; null with None. */
  readonly distanceRate: number | null;
  /** The distance in whole tick sizes, toward zero; null with None or where the tick size is unknown. */
  readonly distanceTicks: number | null;
  /** Distance in one-day standard deviations of the mark; null until volatility is known. */
  readonly distanceSigma: number | null;
}

/** Margin of one account: its cross collateral and everything that leans on it. */
export interface AccountMargin {
  readonly accountId: string;
  readonly name: string;
  readonly demo: boolean;
  readonly trust: TrustState;
  /** Why the cross side has no figures; null when it has. */
  readonly failure: Failure | null;
  readonly crossWalletBalance: number;
  /** Cross wallet + unrealised PnL of cross positions; null when one of them has no figures. */
  readonly marginBalance: number | null;
  /** All wallets, cross and isolated, with all unrealised PnL; null when any position has no figures. */
  readonly equity: number | null;
  /** Sum over the cross positions; null when one of them has no figures. */
  readonly initialMargin: number | null;
  /** Sum over the cross positions; null when one of them has no figures. */
  readonly maintenanceMargin: number | null;
  /** Null when the account has no cross maintenance to cover. */
  readonly marginRatio: number | null;
  readonly status: MarginStatus | null;
  /** By what a futures account with positions is margined; null for others, and with a failure. */
  readonly futures: FuturesMargin | null;
}

/** The parameter set behind a futures account, and what is left above its requirement. */
export interface FuturesMargin {
  /** What this calculation is and is not. */
  readonly label: string;
  readonly setId: string;
  /** Day from which these margins hold, YYYY-MM-DD. */
  readonly setDate: string;
  readonly setHash: string;
  readonly setSource: string;
  /** True where the run is later than every published margin. */
  readonly isOutdated: boolean;
  /** Margin balance less maintenance margin; negative for a deficit. Dollars. */
  readonly excess: number;
}

/** One answer about the whole portfolio. */
export interface MarginReport {
  readonly atMicros: Micros;
  /** Worst trust over all inputs. */
  readonly trust: TrustState;
  /** Date of the bracket table in force and where it was read. */
  readonly bracketTable: { readonly date: string; readonly source: string };
  readonly accounts: readonly AccountMargin[];
  readonly positions: readonly PositionMargin[];
}

/** One line of a derivation: a named term with its value, and its own terms where it has any. */
export interface DerivationTerm {
  readonly label: string;
  readonly value: number | string | null;
  readonly unit: string;
  /**
   * Formula over the labels of `terms`, e.g. 'notional ÷ leverage in force'; 'sum of the terms below' for a list;
   * words alone where the value is null; null for an input.
   */
  readonly formula: string | null;
  /** Document, table row or stream this value was read from; null for a computed one. */
  readonly source: string | null;
  readonly terms: readonly DerivationTerm[];
}

/** The figures of a position that can be explained. */
export type ExplainedFigure =
  | 'notional'
  | 'unrealisedPnl'
  | 'initialMargin'
  | 'maintenanceMargin'
  | 'marginRatio'
  | 'liquidationPrice'
  | 'bankruptcyPrice'
  | 'distance';

/** A hypothetical move of marks. */
export interface WhatIf {
  /** Relative move of the mark, e.g. −0.064. */
  readonly shift: number;
  /** The instrument whose mark moves, or null: all move together. */
  readonly instrument: InstrumentId | null;
}

/** Before and after of one account or isolated position under a {@link WhatIf}. */
export interface WhatIfRow {
  readonly accountId: string;
  /** Null for the cross side of the account. */
  readonly positionId: string | null;
  readonly label: string;
  readonly before: { readonly marginRatio: number; readonly status: MarginStatus } | null;
  readonly after: { readonly marginRatio: number; readonly status: MarginStatus } | null;
  /**
   * Where on the slider the status changes: the move, the price there, and the status beyond, away from 0. Falls from
   * 0 downward, then rises from 0 upward. The price is that of the row's instrument when isolated, else of the
   * instrument asked about; null when all marks move.
   */
  readonly changes: readonly {
    readonly shift: number;
    readonly price: number | null;
    readonly status: MarginStatus;
  }[];
}

/** Answer to a {@link WhatIf}. */
export interface WhatIfReport {
  readonly trust: TrustState;
  readonly rows: readonly WhatIfRow[];
  /** How many accounts and isolated positions stand in LIQUIDATION after the move, of how many. */
  readonly fallen: number;
  readonly total: number;
}
