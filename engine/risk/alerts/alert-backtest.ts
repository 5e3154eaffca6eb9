/** What a rule would have done over a recorded series: how often it fires, how long before the trouble, how often for nothing. */
import type { Micros } from '../../core/units.ts';
import { SECOND_MICROS } from '../../core/units.ts';
import type { AlertRule } from './alert-rules.ts';
import { type AlertInput, AlertWatch } from './alert-watch.ts';

/** Something that a rule should have told of in advance, e.g. a liquidation. */
export interface Incident {
  readonly subject: string;
  readonly atMicros: Micros;
}

/** What one rule did. */
export interface AlertScore {
  readonly rule: string;
  readonly fires: readonly { readonly subject: string; readonly atMicros: Micros }[];
  /** Incidents that a fire came before, within the horizon, with the time between them. */
  readonly caught: readonly { readonly incident: Incident; readonly leadSeconds: number }[];
  readonly missed: readonly Incident[];
  /** Fires after which nothing happened to their subject within the horizon. */
  readonly falseAlarms: number;
  /** Median over the incidents caught; null for none. */
  readonly medianLeadSeconds: number | null;
}

/**
 * Runs rules over samples and holds what they say against what happened.
 *
 * An incident is caught by the first fire within the horizon before it; a fire at the very instant counts with a lead of 0.
 * Only samples up to an instant decide what is said at that instant, so nothing is known before it happens.
 *
 * @param samples - in the order of time
 */
export function backtestAlerts(
  rules: readonly AlertRule[],
  samples: readonly AlertInput[],
  incidents: readonly Incident[],
  horizonSeconds: number,
): readonly AlertScore[] {
  const watch = new AlertWatch(rules);
  const fires = samples.flatMap((sample) =>
    watch
      .apply(sample)
      .flatMap((output) => (output.kind === 'alert' && output.phase === 'raised' ? [output] : [])),
  );
  const horizon = horizonSeconds * SECOND_MICROS;
  const leads = (fire: Incident, incident: Incident): boolean =>
    fire.subject === incident.subject &&
    fire.atMicros <= incident.atMicros &&
    incident.atMicros - fire.atMicros <= horizon;
  return rules.map(({ id }) => {
    const own = fires.filter(({ rule }) => rule === id);
    const caught = incidents.flatMap((incident) => {
      const first = own.find((fire) => leads(fire, incident));
      if (first === undefined) return [];
      return [{ incident, leadSeconds: (incident.atMicros - first.atMicros) / SECOND_MICROS }];
    });
    return {
      rule: id,
      fires: own.map(({ subject, atMicros }) => ({ subject, atMicros })),
      caught,
      missed: incidents.filter((incident) => !caught.some((c) => c.incident === incident)),
      falseAlarms: own.filter((fire) => !incidents.some((incident) => leads(fire, incident))).length,
      medianLeadSeconds: median(caught.map(({ leadSeconds }) => leadSeconds)),
    };
  });
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
