/** The guards' side of the risk worker: what they are told of the world, and the stream of board frames to the page. */
import type { Account, Portfolio } from '../../engine/accounting/portfolio.ts';
import type { Result } from '../../engine/core/result.ts';
import type { Micros } from '../../engine/core/units.ts';
import type { BracketTable } from '../../engine/margin/brackets/bracket-table.ts';
import type { FuturesRules } from '../../engine/margin/futures/futures-rules.ts';
import type { MarginReport, MarkInput } from '../../engine/margin/margin-report.ts';
import { marginReport } from '../../engine/margin/portfolio-margin.ts';
import type { GuardInput } from '../../engine/risk/guards/guard-input.ts';
import type { StreamCredit } from '../contract/market-frame.ts';
import type { MarketFacts, MarksFrame } from '../contract/marks-frame.ts';
import { GuardDesk } from './guard-desk.ts';
import type { GuardWorld, TailFacts } from './guard-inputs.ts';
import { paperAccounts } from './paper-account.ts';

const INTERVAL_MS = 400;
/** Marks come every 100 ms, and everything else has to be answered, too. */
const PASSED_BUDGET_MS = 40;

/** What is known of the markets at one moment. */
export interface MarketNews {
  readonly nowMicros: Micros;
  readonly marks: readonly MarkInput[];
  readonly markets: readonly MarketFacts[];
}

/** The portfolio as typed, and what the reader's paper orders brought: only accounts that hold something. */
export function withPaper(portfolio: Portfolio, markets: readonly MarketFacts[]): Portfolio {
  const held = paperAccounts(markets).filter(({ positions }) => positions.length > 0);
  return held.length === 0 ? portfolio : { accounts: [...portfolio.accounts, ...held] };
}

/** Every account an order may be judged on: the typed ones, and the paper accounts even while they are empty. */
export function judgedAccounts(portfolio: Portfolio, markets: readonly MarketFacts[]): readonly Account[] {
  return [...portfolio.accounts, ...paperAccounts(markets)];
}

/** No price history was looked at. */
const NO_TAIL: TailFacts = { meanCorrelation: null, valueAtRisk: null };

/** What a guard is told. */
export function guardWorld(
  { nowMicros, marks, markets }: MarketNews,
  table: BracketTable,
  span: GuardInput['span'],
  { meanCorrelation, valueAtRisk }: TailFacts = NO_TAIL,
): GuardWorld {
  return {
    nowMicros,
    marks: new Map(marks.map((mark) => [mark.instrument, mark])),
    markets: new Map(markets.map((facts) => [facts.instrument, facts])),
    table,
    span,
    meanCorrelation,
    valueAtRisk,
  };
}

/** What figures are made from beside the marks. */
export interface MarginGround {
  readonly portfolio: Portfolio;
  readonly table: BracketTable;
  readonly futuresAt: (atMicros: Micros) => Result<FuturesRules>;
}

/** Portfolio with paper, margin and world at the marks of a frame: the figures of every second, watched or read through. */
export function figuresAt(
  { nowMicros, marks, markets = [] }: MarksFrame,
  ground: MarginGround,
  tail: TailFacts = NO_TAIL,
): { readonly portfolio: Portfolio; readonly report: MarginReport; readonly world: GuardWorld } {
  const { table, futuresAt } = ground;
  const portfolio = withPaper(ground.portfolio, markets);
  const futures = futuresAt(nowMicros);
  const report = marginReport(portfolio, marks, table, nowMicros, futures);
  const span = futures.ok ? futures.value : null;
  return { portfolio, report, world: guardWorld({ nowMicros, marks, markets }, table, span, tail) };
}

/** Owns the desk and its port. */
export class GuardPost {
  readonly desk: GuardDesk = new GuardDesk();
  #port: MessagePort | null = null;
  #credit = 0;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  /** As the last frame had it: price histories are not looked at every second. */
  #tail: TailFacts | null = null;

  connect(port: MessagePort): void {
    this.#port?.close();
    this.#port = port;
    this.#credit = 0;
    port.onmessage = (event: MessageEvent<StreamCredit>) => {
      this.#credit = Math.min(2, this.#credit + event.data.credit);
    };
  }

  /** Follows the seconds that passed between two frames; where there is no time for all of them, the oldest. */
  pass(frames: readonly MarksFrame[], ground: MarginGround): void {
    const untilMs = performance.now() + PASSED_BUDGET_MS;
    const tail = this.#tail;
    // Nobody looked yet: alerts begin with the first frame.
    if (tail === null) return;
    for (const frame of frames) {
      if (performance.now() > untilMs) return;
      const { portfolio, report, world } = figuresAt(frame, ground, tail);
      this.desk.pass(portfolio, report, world);
    }
  }

  /** Sends a frame when one is due; `world` is asked for only then. */
  send(nowMs: number, portfolio: Portfolio, report: MarginReport, world: () => GuardWorld): void {
    if (this.#port === null || this.#credit === 0 || nowMs - this.#sentAtMs < INTERVAL_MS) return;
    this.#credit--;
    this.#sentAtMs = nowMs;
    const now = world();
    this.#tail = now;
    this.#port.postMessage(this.desk.frame(portfolio, report, now));
  }
}
