/** What a rule would have done over a recorded series: how often it fires, how long before the trouble, how often for nothing. */
import type { Micros } from '../../core/units.ts';
import { SECOND_MICROS } from '../../core/units.ts';
import type { AlertMetric, AlertRule } from './alert-rules.ts';
import { type AlertInput, AlertWatch } from './alert-watch.ts';

/** Figures that fall before a liquidation. A rule on any other is not held against liquidations, which it does not warn of. */
const WARNING_METRICS: readonly AlertMetric[] = ['margin-ratio', 'liquidation-distance'];

/** A liquidation that a rule should have told of in advance. */
export interface Incident {
  /** The account or isolated position that fell. */
  readonly subject: string;
  /** Cross positions that fell with their account: an alert on one of them warned of it, too. */
  readonly positions: readonly string[];
  readonly atMicros: Micros;
}

/** One time that a rule fired. */
export interface AlertFire {
  readonly rule: string;
  readonly subject: string;
  readonly atMicros: Micros;
  /** The figure it fired at. */
  readonly value: number | null;
  /** Time to the next liquidation of its subject within the horizon; null where none came. */
  readonly leadSeconds: number | null;
}

/** What one rule did. */
export interface AlertScore {
  readonly rule: string;
  /** Figures it was held against; with none it could not fire. */
  readonly figures: number;
  /** False where its figure says nothing of a liquidation: nothing is caught, missed or for nothing then. */
  readonly warnsOfLiquidation: boolean;
  readonly fires: readonly AlertFire[];
  /** Incidents that a fire came before, within the horizon, with the time between them. */
  readonly caught: readonly { readonly incident: Incident; readonly leadSeconds: number }[];
  /** The other incidents among those it watches. */
  readonly missed: readonly Incident[];
  /** Fires after which nothing happened to their subject within the horizon. */
  readonly falseAlarms: number;
  /** Median over the incidents caught; null for none. */
  readonly medianLeadSeconds: number | null;
}

/** Runs rules over inputs as they come. What it holds grows with what the rules say, not with how much they see. */
export class AlertTrial {
  readonly #rules: readonly AlertRule[];
  readonly #watch: AlertWatch;
  readonly #fires: Omit<AlertFire, 'leadSeconds'>[] = [];
  /** By metric and subject. */
  readonly #figures = new Map<string, Map<string, number>>();

  constructor(rules: readonly AlertRule[]) {
    this.#rules = rules;
    this.#watch = new AlertWatch(rules);
  }

  /** Takes the next input in the order of time: only what came up to an instant decides what is said at that instant. */
  apply(input: AlertInput): void {
    if (input.kind === 'sample' && input.value !== null) this.#count(input.metric, input.subject);
    for (const output of this.#watch.apply(input)) {
      if (output.kind !== 'alert' || output.phase !== 'raised') continue;
      const { rule, subject, atMicros, value } = output;
      this.#fires.push({ rule, subject, atMicros, value });
    }
  }

  /**
   * Holds what was said against what happened.
   *
   * An incident is caught by the first fire within the horizon before it; a fire at the very instant counts with a lead of 0.
   */
  scores(incidents: readonly Incident[], horizonSeconds: number): readonly AlertScore[] {
    return this.#rules.map((rule) => {
      const own = this.#fires.filter((fire) => fire.rule === rule.id);
      return { ...score(rule, own, incidents, horizonSeconds), figures: this.#figuresOf(rule) };
    });
  }

  #count(metric: string, subject: string): void {
    let counts = this.#figures.get(metric);
    if (counts === undefined) {
      counts = new Map();
      this.#figures.set(metric, counts);
    }
    counts.set(subject, (counts.get(subject) ?? 0) + 1);
  }

  #figuresOf({ metric, subject }: AlertRule): number {
    const counts = [...(this.#figures.get(metric) ?? [])];
    return counts.reduce(
      (sum, [name, count]) => (subject === '*' || subject === name ? sum + count : sum),
      0,
    );
  }
}

/**
 * {@link AlertTrial} over a whole series.
 *
 * @param inputs - in the order of time
 */
export function backtestAlerts(
  rules: readonly AlertRule[],
  inputs: readonly AlertInput[],
  incidents: readonly Incident[],
  horizonSeconds: number,
): readonly AlertScore[] {
  const trial = new AlertTrial(rules);
  for (const input of inputs) trial.apply(input);
  return trial.scores(incidents, horizonSeconds);
}

function score(
  rule: AlertRule,
  fires: readonly Omit<AlertFire, 'leadSeconds'>[],
  incidents: readonly Incident[],
  horizonSeconds: number,
): Omit<AlertScore, 'figures'> {
  const warnsOfLiquidation = WARNING_METRICS.includes(rule.metric);
  const isWatched = ({ subject, positions }: Incident): boolean =>
    rule.subject === '*' || rule.subject === subject || positions.includes(rule.subject);
  const watched = warnsOfLiquidation ? incidents.filter(isWatched) : [];
  const leadOf = (fire: Omit<AlertFire, 'leadSeconds'>, incident: Incident): number | null => {
    if (fire.subject !== incident.subject && !incident.positions.includes(fire.subject)) return null;
    const lead = (incident.atMicros - fire.atMicros) / SECOND_MICROS;
    return lead >= 0 && lead <= horizonSeconds ? lead : null;
  };
  const judged = fires.map((fire): AlertFire => {
    const leads = watched.flatMap((incident) => leadOf(fire, incident) ?? []);
    return { ...fire, leadSeconds: leads.length === 0 ? null : Math.min(...leads) };
  });
  const caught = watched.flatMap((incident) => {
    // Fires are in the order of time: the first has the longest lead.
    const [leadSeconds] = fires.flatMap((fire) => leadOf(fire, incident) ?? []);
    return leadSeconds === undefined ? [] : [{ incident, leadSeconds }];
  });
  return {
    rule: rule.id,
    warnsOfLiquidation,
    fires: judged,
    caught,
    missed: watched.filter((incident) => !caught.some((c) => c.incident === incident)),
    falseAlarms: warnsOfLiquidation ? judged.filter(({ leadSeconds }) => leadSeconds === null).length : 0,
    medianLeadSeconds: median(caught.map(({ leadSeconds }) => leadSeconds)),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
