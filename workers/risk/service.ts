/** The risk worker's service: holds the portfolio, the bracket table and the newest marks; answers and reports. */
import type { Portfolio } from '../../engine/accounting/portfolio.ts';
import {
  exportPositions,
  importPositions,
  positionsTemplate,
} from '../../engine/accounting/position-file.ts';
import { checkPortfolio } from '../../engine/accounting/position-rules.ts';
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { type Micros, micros } from '../../engine/core/units.ts';
import {
  BRACKET_TABLE_DATES,
  type BracketTable,
  parseBracketTable,
} from '../../engine/margin/brackets/bracket-table.ts';
import { explain } from '../../engine/margin/explain.ts';
import { isFuturesAccount } from '../../engine/margin/futures/futures-account.ts';
import type { FuturesRules } from '../../engine/margin/futures/futures-rules.ts';
import type {
  DerivationTerm,
  ExplainedFigure,
  MarginReport,
  WhatIf,
  WhatIfReport,
} from '../../engine/margin/margin-report.ts';
import { marginReport } from '../../engine/margin/portfolio-margin.ts';
import { whatIf } from '../../engine/margin/what-if.ts';
import type {
  AlertBacktest,
  AlertRule,
  BacktestProgress,
  GuardConfiguration,
  GuardOrder,
  GuardVerdict,
  SeriesQuestion,
  StressReport,
} from '../contract/guard-board.ts';
import type { StreamCredit } from '../contract/market-frame.ts';
import type { MarksFrame } from '../contract/marks-frame.ts';
import type { ImportedPortfolio, RiskApi } from '../contract/risk-api.ts';
import type { HistoryChoice, LoadedHistory, TailQuestion, TailReport } from '../contract/tail-risk.ts';
import type { RegimeChoices, TwoRegimes } from '../contract/two-regimes.ts';
import { BacktestDesk } from './backtest-desk.ts';
import { FuturesTable } from './futures-table.ts';
import type { GuardWorld } from './guard-inputs.ts';
import {
  GuardPost,
  guardWorld,
  judgedAccounts,
  type MarginGround,
  type MarketNews,
  withPaper,
} from './guard-post.ts';
import { stressReport } from './risk-pools.ts';
import { faultOf, TailDesk } from './tail-desk.ts';
import { answerRegimes } from './two-regimes.ts';

const REPORT_INTERVAL_MS = 100;
/** A bracket table that could not be read is tried again after this long: without one there is no report at all. */
const TABLE_RETRY_MS = 2_000;
/** Marks come ten times a second; when they stop, what is shown must say so. */
const MARKS_SILENCE_MS = 1_500;

/** Implements {@link RiskApi} without Comlink, so that tests call it directly. */
export class RiskService implements RiskApi {
  readonly #readTable: (date: string) => Promise<string>;
  readonly #tables = new Map<string, BracketTable>();
  readonly #futures: FuturesTable;
  #table: BracketTable | null = null;
  #tableTriedAtMs: number | null = null;
  /** Counts choices of a table: the newest is the one that holds, whichever is read first. */
  #choice = 0;
  #portfolio: Portfolio = { accounts: [] };
  #marks: MarketNews = { nowMicros: micros(0), marks: [], markets: [] };
  #marksAtMs = 0;
  #wasSilent = false;
  #page: MessagePort | null = null;
  #market: MessagePort | null = null;
  #credit = 0;
  #reportedAtMs = 0;
  #dirty = true;
  readonly #guards = new GuardPost();
  readonly #tail = new TailDesk();
  readonly #backtests = new BacktestDesk();
  readonly #loop: ReturnType<typeof setInterval>;

  /**
   * @param readTable - text of the bracket table of a date
   * @param readMargins - text of the table of outright margins of futures
   */
  constructor(readTable: (date: string) => Promise<string>, readMargins: () => Promise<string>) {
    this.#readTable = readTable;
    this.#futures = new FuturesTable(readMargins);
    this.#loop = setInterval(() => this.#tick(), REPORT_INTERVAL_MS / 2);
  }

  /** Stops the loop; for tests. */
  dispose(): void {
    clearInterval(this.#loop);
  }

  async ping(): Promise<Result<null>> {
    return ok(null);
  }

  async setPortfolio(portfolio: Portfolio): Promise<Result<null>> {
    // A portfolio may come from storage of an older version: what the engine holds to be impossible is refused here.
    const checked = checkPortfolio(portfolio);
    if (!checked.ok) return checked;
    this.#portfolio = checked.value;
    this.#dirty = true;
    const table = await this.#tableInForce();
    // A table of futures that cannot be read costs the futures accounts their figures, and nothing else.
    await this.#readFutures();
    return table.ok ? ok(null) : table;
  }

  async bracketDates(): Promise<Result<readonly { date: string; source: string; symbols: number }[]>> {
    const rows: { date: string; source: string; symbols: number }[] = [];
    for (const date of newestFirst()) {
      const table = await this.#load(date);
      if (!table.ok) return table;
      rows.push({ date, source: table.value.source, symbols: table.value.symbols.size });
    }
    return ok(rows);
  }

  async setBracketDate(date: string): Promise<Result<null>> {
    const choice = ++this.#choice;
    const table = await this.#load(date);
    if (!table.ok) return table;
    if (choice !== this.#choice) return fail('worker/cancelled', 'another table was chosen meanwhile');
    this.#table = table.value;
    this.#dirty = true;
    return ok(null);
  }

  async explain(question: {
    readonly positionId: string;
    readonly figure: ExplainedFigure;
  }): Promise<Result<DerivationTerm>> {
    const table = await this.#tableInForce();
    if (!table.ok) return table;
    const { marks, markets, nowMicros } = this.#currentMarks();
    const { positionId, figure } = question;
    const futures = this.#futures.rulesAt(nowMicros);
    const portfolio = withPaper(this.#portfolio, markets);
    return explain(positionId, figure, portfolio, marks, table.value, nowMicros, futures);
  }

  async whatIf(question: WhatIf): Promise<Result<WhatIfReport>> {
    if (!(Math.abs(question.shift) < 1)) {
      return fail(
        'worker/request-malformed',
        `expected a move between -100 % and +100 %, found ${question.shift}`,
      );
    }
    const table = await this.#tableInForce();
    if (!table.ok) return table;
    const { marks, markets, nowMicros } = this.#currentMarks();
    const futures = this.#futures.rulesAt(nowMicros);
    return ok(whatIf(question, withPaper(this.#portfolio, markets), marks, table.value, nowMicros, futures));
  }

  async importPositions(file: {
    readonly name: string;
    readonly text: string;
  }): Promise<Result<ImportedPortfolio>> {
    return importPositions(file.name, file.text);
  }

  async exportPositions(request: {
    readonly portfolio: Portfolio;
    readonly format: 'csv' | 'json';
  }): Promise<Result<string>> {
    return ok(exportPositions(request.portfolio, request.format));
  }

  async template(format: 'csv' | 'json'): Promise<Result<string>> {
    return ok(positionsTemplate(format));
  }

  async connectPage(port: MessagePort): Promise<Result<null>> {
    this.#page?.close();
    this.#page = port;
    this.#credit = 0;
    this.#dirty = true;
    port.onmessage = (event: MessageEvent<StreamCredit>) => {
      this.#credit = Math.min(2, this.#credit + event.data.credit);
    };
    return ok(null);
  }

  async setGuardConfiguration(text: string): Promise<Result<GuardConfiguration>> {
    return this.#guards.desk.configure(text);
  }

  async judgeOrder(question: {
    readonly accountId: string;
    readonly order: GuardOrder;
  }): Promise<Result<GuardVerdict>> {
    const table = await this.#tableInForce();
    if (!table.ok) return table;
    const { accountId, order } = question;
    if (order.instrument.startsWith('cme-globex:')) await this.#futures.read();
    const news = this.#currentMarks();
    const accounts = judgedAccounts(this.#portfolio, news.markets);
    return this.#guards.desk.judge(accounts, accountId, order, this.#world(news, table.value));
  }

  async acknowledgeRow(rowId: string): Promise<Result<null>> {
    this.#guards.desk.acknowledge(rowId);
    return ok(null);
  }

  async stress(): Promise<Result<StressReport>> {
    const table = await this.#tableInForce();
    if (!table.ok) return table;
    const news = this.#currentMarks();
    const report = this.#reportOf(news, table.value);
    return ok(stressReport(report, this.#world(news, table.value, report)));
  }

  async tailRisk(question: TailQuestion): Promise<Result<TailReport>> {
    const fault = faultOf(question);
    if (fault !== null) return { ok: false, failure: fault };
    const table = await this.#tableInForce();
    if (!table.ok) return table;
    const news = this.#currentMarks();
    const report = this.#reportOf(news, table.value);
    return this.#tail.report(question, report, this.#world(news, table.value, report));
  }

  async loadHistory(file: { readonly name: string; readonly text: string }): Promise<Result<LoadedHistory>> {
    return this.#tail.load(file.name, file.text);
  }

  async chooseHistory(choice: HistoryChoice): Promise<Result<null>> {
    this.#tail.choose(choice);
    return ok(null);
  }

  async twoRegimes(choices: RegimeChoices): Promise<Result<TwoRegimes>> {
    const table = await this.#tableInForce();
    if (!table.ok) return table;
    const { marks, markets, nowMicros } = this.#currentMarks();
    const rules = this.#futures.rulesAt(nowMicros);
    const portfolio = withPaper(this.#portfolio, markets);
    const report = marginReport(portfolio, marks, table.value, nowMicros, rules);
    return answerRegimes(choices, report, { marks, table: table.value, rules });
  }

  async setAlertRules(text: string | null): Promise<Result<readonly AlertRule[]>> {
    return this.#guards.desk.alerts.configure(text);
  }

  async snoozeAlert(question: { readonly rule: string; readonly minutes: number }): Promise<Result<boolean>> {
    return ok(this.#guards.desk.alerts.snooze(question.rule, question.minutes));
  }

  async acknowledgeAlert(question: {
    readonly rule: string;
    readonly subject: string;
  }): Promise<Result<null>> {
    this.#guards.desk.alerts.acknowledge(question.rule, question.subject);
    return ok(null);
  }

  async backtestAlerts(question: {
    readonly rules: string;
    readonly horizonSeconds: number;
  }): Promise<Result<AlertBacktest>> {
    return this.#guards.desk.alerts.backtest(question.rules, question.horizonSeconds);
  }

  async backtestSeries(question: SeriesQuestion): Promise<Result<AlertBacktest>> {
    const table = await this.#tableInForce();
    if (!table.ok) return table;
    return this.#backtests.run(question, this.#ground(table.value));
  }

  async backtestProgress(): Promise<Result<BacktestProgress | null>> {
    return ok(this.#backtests.progress);
  }

  async cancelBacktest(): Promise<Result<null>> {
    this.#backtests.cancel();
    return ok(null);
  }

  async connectGuards(port: MessagePort): Promise<Result<null>> {
    this.#guards.connect(port);
    return ok(null);
  }

  async connectMarket(port: MessagePort): Promise<Result<null>> {
    this.#market?.close();
    this.#market = port;
    port.onmessage = (event: MessageEvent<MarksFrame>) => {
      this.#marks = { markets: [], ...event.data };
      this.#tail.hear(event.data);
      this.#marksAtMs = performance.now();
      this.#dirty = true;
      if (this.#table !== null) this.#guards.pass(event.data.passed ?? [], this.#ground(this.#table));
    };
    return ok(null);
  }

  #ground(table: BracketTable): MarginGround {
    const futuresAt = (atMicros: Micros): Result<FuturesRules> => this.#futures.rulesAt(atMicros);
    return { portfolio: this.#portfolio, table, futuresAt };
  }

  /** Marks in force; when the market worker fell silent they are what they were, and OFFLINE. */
  #currentMarks(): MarketNews {
    if (performance.now() - this.#marksAtMs <= MARKS_SILENCE_MS) return this.#marks;
    const marks = this.#marks.marks.map((mark) => ({ ...mark, trust: 'OFFLINE' as const }));
    const markets = this.#marks.markets.map((market) => ({ ...market, trust: 'OFFLINE' as const }));
    return { nowMicros: this.#marks.nowMicros, marks, markets };
  }

  async #tableInForce(): Promise<Result<BracketTable>> {
    if (this.#table !== null) return ok(this.#table);
    this.#tableTriedAtMs = performance.now();
    const table = await this.#load(newestFirst()[0] ?? '');
    if (!table.ok) return table;
    this.#table ??= table.value;
    return ok(this.#table);
  }

  async #load(date: string): Promise<Result<BracketTable>> {
    const known = this.#tables.get(date);
    if (known !== undefined) return ok(known);
    if (!BRACKET_TABLE_DATES.includes(date)) {
      return fail('margin/table-missing', `expected one of ${BRACKET_TABLE_DATES.join(', ')}, found ${date}`);
    }
    let text: string;
    try {
      text = await this.#readTable(date);
    } catch (error) {
      return fail('margin/table-missing', `the bracket table of ${date} could not be read: ${String(error)}`);
    }
    const table = parseBracketTable(text);
    if (table.ok) this.#tables.set(date, table.value);
    return table;
  }

  async #readFutures(): Promise<void> {
    const { accounts } = withPaper(this.#portfolio, this.#marks.markets);
    if (!accounts.some(isFuturesAccount)) return;
    if (await this.#futures.read()) this.#dirty = true;
  }

  #reportOf({ marks, markets, nowMicros }: MarketNews, table: BracketTable): MarginReport {
    const portfolio = withPaper(this.#portfolio, markets);
    return marginReport(portfolio, marks, table, nowMicros, this.#futures.rulesAt(nowMicros));
  }

  #world(news: MarketNews, table: BracketTable, report = this.#reportOf(news, table)): GuardWorld {
    const rules = this.#futures.rulesAt(news.nowMicros);
    const world = guardWorld(news, table, rules.ok ? rules.value : null);
    return { ...world, ...this.#tail.facts(report, world) };
  }

  #tick(): void {
    const nowMs = performance.now();
    const isSilent = this.#marksAtMs > 0 && nowMs - this.#marksAtMs > MARKS_SILENCE_MS;
    // That marks stopped is news, though nothing came.
    if (isSilent !== this.#wasSilent) this.#dirty = true;
    this.#wasSilent = isSilent;
    const triedAtMs = this.#tableTriedAtMs;
    if (this.#table === null && triedAtMs !== null && nowMs - triedAtMs >= TABLE_RETRY_MS)
      void this.#tableInForce();
    if (this.#futures.isDue(nowMs)) void this.#readFutures();
    const due = nowMs - this.#reportedAtMs >= (this.#dirty ? REPORT_INTERVAL_MS : 1_000);
    if (this.#page === null || this.#credit === 0 || this.#table === null || !due) return;
    this.#credit--;
    this.#reportedAtMs = nowMs;
    this.#dirty = false;
    const { marks, markets, nowMicros } = this.#currentMarks();
    const futures = this.#futures.rulesAt(nowMicros);
    const portfolio = withPaper(this.#portfolio, markets);
    const report: MarginReport = marginReport(portfolio, marks, this.#table, nowMicros, futures);
    this.#page.postMessage(report);
    const table = this.#table;
    this.#guards.send(nowMs, portfolio, report, () => this.#world(this.#currentMarks(), table, report));
  }
}

function newestFirst(): readonly string[] {
  return BRACKET_TABLE_DATES.toSorted().reverse();
}
