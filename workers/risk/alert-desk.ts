/** Keeps the alerts: rules in force, the watch over the board's figures, what it said, and the series for a backtest. */
import { ok, type Result } from '../../engine/core/result.ts';
import { type Micros, micros, SECOND_MICROS } from '../../engine/core/units.ts';
import { backtestAlerts } from '../../engine/risk/alerts/alert-backtest.ts';
import {
  type AlertRule,
  DEFAULT_ALERT_RULES,
  parseAlertRules,
} from '../../engine/risk/alerts/alert-rules.ts';
import { type AlertInput, AlertWatch } from '../../engine/risk/alerts/alert-watch.ts';
import type { AlertBacktest, AlertView, BoardAlert, BoardRow, RaisedAlert } from '../contract/guard-board.ts';
import { alertInputs } from './alert-samples.ts';
import { backtestAnswer } from './backtest-answer.ts';
import { FundingMeter } from './funding-meter.ts';
import type { GuardWorld } from './guard-inputs.ts';
import { IncidentLog, subjectOf } from './incidents.ts';

const MOST_ALERTS = 200;
/** Inputs kept for a backtest; the oldest go first. */
const MOST_INPUTS = 200_000;
const MINUTE_MICROS = 60_000_000;

/** One for the risk worker. */
export class AlertDesk {
  #rules: readonly AlertRule[] = DEFAULT_ALERT_RULES;
  #watch = new AlertWatch(DEFAULT_ALERT_RULES);
  #alerts: BoardAlert[] = [];
  #lastId = 0;
  #inputs: AlertInput[] = [];
  #keptSecond = Number.NEGATIVE_INFINITY;
  #incidents = new IncidentLog();
  #funding = new FundingMeter();
  /** What the lines seen last are called. */
  #subjects: ReadonlySet<string> = new Set();
  #atMicros: Micros = micros(0);

  /** Puts rules in force, null for those to begin with; what is raised is judged anew by them. A malformed text changes nothing. */
  configure(text: string | null): Result<readonly AlertRule[]> {
    const read = text === null ? ok(DEFAULT_ALERT_RULES) : parseAlertRules(text);
    if (!read.ok) return read;
    this.#rules = read.value;
    this.#watch = new AlertWatch(read.value);
    return read;
  }

  /** Takes the figures of a board. */
  take(rows: readonly BoardRow[], world: GuardWorld): void {
    this.#atMicros = world.nowMicros;
    const fallen = this.#incidents.take(rows, world.nowMicros);
    const inputs = [...this.#gone(rows, world.nowMicros), ...alertInputs(rows, world, this.#funding)];
    for (const input of inputs) this.#say(input);
    // A backtest looks once in a second, as it does at a market that is read through, and wherever something falls.
    const second = Math.floor(world.nowMicros / SECOND_MICROS);
    if (second !== this.#keptSecond || fallen.length > 0) this.#inputs.push(...inputs);
    this.#keptSecond = second;
    if (this.#inputs.length > MOST_INPUTS) this.#inputs = this.#inputs.slice(-MOST_INPUTS * 0.9);
  }

  /** Lines that were there at the last look and are no more. */
  #gone(rows: readonly BoardRow[], atMicros: Micros): readonly AlertInput[] {
    const before = this.#subjects;
    const now = new Set(rows.map(subjectOf));
    this.#subjects = now;
    return [...before].flatMap((subject) => (now.has(subject) ? [] : [{ kind: 'gone', atMicros, subject }]));
  }

  /** Silences a rule for some minutes of the run, 0 to end it; false where the rule must be seen or is unknown. */
  snooze(rule: string, minutes: number): boolean {
    const atMicros = this.#atMicros;
    const untilMicros = micros(Math.round(atMicros + minutes * MINUTE_MICROS));
    return this.#watch.apply({ kind: 'snooze', atMicros, rule, untilMicros }).length === 0;
  }

  /** A person has seen an alert: no reminders until it is over. */
  acknowledge(rule: string, subject: string): void {
    this.#watch.apply({ kind: 'acknowledge', atMicros: this.#atMicros, rule, subject });
  }

  /** Everything the notification centre shows. */
  view(): AlertView {
    const { alerts, snoozes } = this.#watch.snapshot();
    const raised = alerts.flatMap((alert): RaisedAlert[] => {
      const rule = this.#rules.find(({ id }) => id === alert.rule);
      if (rule === undefined || !alert.isRaised) return [];
      const { rule: id, subject, value, isAcknowledged } = alert;
      const { severity, metric, threshold, mustSee } = rule;
      return [{ rule: id, subject, value, isAcknowledged, severity, metric, threshold, mustSee }];
    });
    return {
      said: this.#alerts,
      raised,
      snoozes: snoozes.filter(({ untilMicros }) => untilMicros > this.#atMicros),
    };
  }

  /** What rules would have done over what was seen of this run; liquidations are what they should have told of. */
  backtest(text: string, horizonSeconds: number): Result<AlertBacktest> {
    const read = parseAlertRules(text);
    if (!read.ok) return read;
    const fromMicros = this.#inputs[0]?.atMicros ?? null;
    // What fell before the oldest input that is kept cannot be held against anything.
    const incidents = this.#incidents.incidents.filter(({ atMicros }) => atMicros >= (fromMicros ?? 0));
    const scores = backtestAlerts(read.value, this.#inputs, incidents, horizonSeconds);
    const span = {
      samples: this.#inputs.filter(({ kind }) => kind === 'sample').length,
      fromMicros,
      untilMicros: this.#inputs.at(-1)?.atMicros ?? null,
      unmarked: [],
    };
    return ok(backtestAnswer(scores, incidents, span));
  }

  /** Another run, or an earlier time of this one. */
  restart(): void {
    this.#watch = new AlertWatch(this.#rules);
    this.#alerts = [];
    this.#inputs = [];
    this.#keptSecond = Number.NEGATIVE_INFINITY;
    this.#incidents = new IncidentLog();
    this.#funding = new FundingMeter();
    this.#subjects = new Set();
  }

  #say(input: AlertInput): void {
    for (const output of this.#watch.apply(input)) {
      if (output.kind !== 'alert') continue;
      this.#lastId += 1;
      const { kind: _kind, ...alert } = output;
      this.#alerts = [...this.#alerts, { id: this.#lastId, ...alert }].slice(-MOST_ALERTS);
    }
  }
}
