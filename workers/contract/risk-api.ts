/** Contract of the risk worker. */
import type { ImportedPortfolio } from '../../engine/accounting/import-problem.ts';
import type { Portfolio } from '../../engine/accounting/portfolio.ts';
import type { Result } from '../../engine/core/result.ts';
import type {
  DerivationTerm,
  ExplainedFigure,
  WhatIf,
  WhatIfReport,
} from '../../engine/margin/margin-report.ts';

import type {
  AlertBacktest,
  AlertRule,
  BacktestProgress,
  GuardConfiguration,
  GuardOrder,
  GuardVerdict,
  SeriesQuestion,
  StressReport,
} from './guard-board.ts';
import type { HistoryChoice, LoadedHistory, TailQuestion, TailReport } from './tail-risk.ts';
import type { RegimeChoices, TwoRegimes } from './two-regimes.ts';

export type { ImportedPortfolio, ImportProblem } from '../../engine/accounting/import-problem.ts';

/** Methods of the risk worker. */
export interface RiskApi {
  /** Heartbeat. */
  ping(): Promise<Result<null>>;
  /** Replaces the portfolio in force. Answers once it is in force. */
  setPortfolio(portfolio: Portfolio): Promise<Result<null>>;
  /** Bracket table dates at hand, newest first. */
  bracketDates(): Promise<
    Result<readonly { readonly date: string; readonly source: string; readonly symbols: number }[]>
  >;
  /** Chooses the bracket table; the default is the newest. */
  setBracketDate(date: string): Promise<Result<null>>;
  /** The terms behind one figure, at the marks in force. */
  explain(question: {
    readonly positionId: string;
    readonly figure: ExplainedFigure;
  }): Promise<Result<DerivationTerm>>;
  whatIf(question: WhatIf): Promise<Result<WhatIfReport>>;
  /** Reads a positions file; `name` decides between CSV and JSON. Nothing is put in force. */
  importPositions(file: { readonly name: string; readonly text: string }): Promise<Result<ImportedPortfolio>>;
  exportPositions(request: {
    readonly portfolio: Portfolio;
    readonly format: 'csv' | 'json';
  }): Promise<Result<string>>;
  /** An empty file with the header and one example row. */
  template(format: 'csv' | 'json'): Promise<Result<string>>;
  /** Hands over the stream port of {@link MarginReport}s; one report per credit, at most ten a second. */
  connectPage(port: MessagePort): Promise<Result<null>>;
  /** Reads a guard configuration (JSON) and puts it in force; a malformed one changes nothing and is named by its path. */
  setGuardConfiguration(text: string): Promise<Result<GuardConfiguration>>;
  /** Judges an order on an account before it is sent, at the marks in force. */
  judgeOrder(question: {
    readonly accountId: string;
    readonly order: GuardOrder;
  }): Promise<Result<GuardVerdict>>;
  /** A person has seen a line of the board: no reminders until it changes. */
  acknowledgeRow(rowId: string): Promise<Result<null>>;
  /** Price × volatility heat and reverse stress of the portfolio in force. */
  stress(): Promise<Result<StressReport>>;
  /** The portfolio in force under brackets and under SPAN; choices out of range are refused. */
  twoRegimes(choices: RegimeChoices): Promise<Result<TwoRegimes>>;
  /** Reads alert rules (JSON) and puts them in force, null for those to begin with; malformed ones change nothing and are named by their path. */
  setAlertRules(text: string | null): Promise<Result<readonly AlertRule[]>>;
  /** Silences a rule for some minutes of the run, 0 to end it; false where it must be seen. */
  snoozeAlert(question: { readonly rule: string; readonly minutes: number }): Promise<Result<boolean>>;
  /** A person has seen an alert: no reminders until it is over. */
  acknowledgeAlert(question: { readonly rule: string; readonly subject: string }): Promise<Result<null>>;
  /** What rules would have done over what was seen of this run. */
  backtestAlerts(question: {
    readonly rules: string;
    readonly horizonSeconds: number;
  }): Promise<Result<AlertBacktest>>;
  /**
   * What rules would have done to the portfolio in force over another market, whose marks come on a port as
   * `MarksPiece`s. Fails `worker/cancelled` when it is cancelled or another one is begun.
   */
  backtestSeries(question: SeriesQuestion): Promise<Result<AlertBacktest>>;
  /** How far it is; null while none is under way. */
  backtestProgress(): Promise<Result<BacktestProgress | null>>;
  cancelBacktest(): Promise<Result<null>>;
  /** Value at risk, expected shortfall, their backtest, correlation and a conditional stress of the portfolio in force. */
  tailRisk(question: TailQuestion): Promise<Result<TailReport>>;
  /** Reads a file of closes (CSV); it takes the place of the one before. A malformed one changes nothing. */
  loadHistory(file: { readonly name: string; readonly text: string }): Promise<Result<LoadedHistory>>;
  /** Chooses the origin of closes, for figures and guards alike. */
  chooseHistory(choice: HistoryChoice): Promise<Result<null>>;
  /** Hands over the stream port of `GuardFrame`s; one per credit, at most twice a second. */
  connectGuards(port: MessagePort): Promise<Result<null>>;
  /** Hands over the port on which marks arrive from the market worker. */
  connectMarket(port: MessagePort): Promise<Result<null>>;
}
