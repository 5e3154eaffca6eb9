/** What alert rules would have done over a market that is read through: the live desk's figures, one second after the other. */
import type { Position } from '../../engine/accounting/portfolio.ts';
import type { Result } from '../../engine/core/result.ts';
import type { Micros } from '../../engine/core/units.ts';
import type { FuturesRules } from '../../engine/margin/futures/futures-rules.ts';
import { tradingDayAt } from '../../engine/reference/calendar/sessions.ts';
import { AlertTrial } from '../../engine/risk/alerts/alert-backtest.ts';
import type { AlertRule } from '../../engine/risk/alerts/alert-rules.ts';
import type { AlertInput } from '../../engine/risk/alerts/alert-watch.ts';
import type { AlertBacktest } from '../contract/guard-board.ts';
import type { MarksFrame } from '../contract/marks-frame.ts';
import { AdlDesk } from './adl-desk.ts';
import { alertInputs } from './alert-samples.ts';
import { backtestAnswer } from './backtest-answer.ts';
import { boardRows } from './board-rows.ts';
import { FundingMeter } from './funding-meter.ts';
import { figuresAt, type MarginGround } from './guard-post.ts';
import { type FallenPool, IncidentLog } from './incidents.ts';

/** One backtest; frames in the order of time. A frame changes nothing of what was said before it. */
export class SeriesBacktest {
  /** Its portfolio is what is left of the one it began with. */
  #ground: MarginGround;
  readonly #trial: AlertTrial;
  readonly #log = new IncidentLog();
  /** Asked only where a rule wants to know: a crowd takes time. */
  readonly #adl: AdlDesk | null;
  readonly #funding = new FundingMeter();
  readonly #unmarked: Set<string>;
  #samples = 0;
  #fromMicros: Micros | null = null;
  #untilMicros: Micros | null = null;

  constructor(rules: readonly AlertRule[], ground: MarginGround) {
    this.#ground = { ...ground, futuresAt: onceADay(ground.futuresAt) };
    this.#trial = new AlertTrial(rules);
    this.#adl = rules.some(({ metric }) => metric === 'adl-share') ? new AdlDesk() : null;
    const held = ground.portfolio.accounts.flatMap(({ positions }) => positions);
    this.#unmarked = new Set(held.map(({ venue, symbol }) => `${venue}:${symbol}`));
  }

  /** The time of the market that was reached; null before the first frame. */
  get atMicros(): Micros | null {
    return this.#untilMicros;
  }

  /** Takes the marks of an instant. */
  take(frame: MarksFrame): void {
    const { nowMicros, marks } = frame;
    // As on the board: before the first mark nothing has happened yet.
    if (marks.length === 0) return;
    const { portfolio, report, world } = figuresAt(frame, this.#ground);
    const rows = boardRows(portfolio, report, world, null, this.#adl);
    const inputs = alertInputs(rows, world, this.#funding);
    for (const input of inputs) {
      if (input.kind === 'sample') this.#samples += 1;
      this.#trial.apply(input);
    }
    for (const pool of this.#log.take(rows, nowMicros)) this.#remove(pool, inputs);
    for (const { instrument } of marks) this.#unmarked.delete(instrument);
    this.#fromMicros ??= nowMicros;
    this.#untilMicros = nowMicros;
  }

  /** What was liquidated is gone: its figures are not known any more, and it does not fall again. */
  #remove({ pool, incident }: FallenPool, inputs: readonly AlertInput[]): void {
    const isGone = ({ id, marginMode }: Position, accountId: string): boolean =>
      pool.kind === 'account' ? accountId === pool.accountId && marginMode === 'cross' : id === pool.id;
    const accounts = this.#ground.portfolio.accounts.map((account) => ({
      ...account,
      positions: account.positions.filter((position) => !isGone(position, account.id)),
    }));
    this.#ground = { ...this.#ground, portfolio: { accounts } };
    const subjects = [incident.subject, ...incident.positions];
    for (const input of inputs) {
      if (input.kind !== 'sample' || !subjects.includes(input.subject)) continue;
      this.#trial.apply({ ...input, value: null });
    }
  }

  answer(horizonSeconds: number): AlertBacktest {
    const { incidents } = this.#log;
    return backtestAnswer(this.#trial.scores(incidents, horizonSeconds), incidents, {
      samples: this.#samples,
      fromMicros: this.#fromMicros,
      untilMicros: this.#untilMicros,
      unmarked: [...this.#unmarked],
    });
  }
}

/** Asks for rules once in a trading day: the table keeps those of one day, which is that of the run in view. */
function onceADay(
  rulesAt: (atMicros: Micros) => Result<FuturesRules>,
): (atMicros: Micros) => Result<FuturesRules> {
  let last: { readonly day: ReturnType<typeof tradingDayAt>; readonly rules: Result<FuturesRules> } | null =
    null;
  return (atMicros) => {
    const day = tradingDayAt(atMicros);
    if (last?.day !== day) last = { day, rules: rulesAt(atMicros) };
    return last.rules;
  };
}
