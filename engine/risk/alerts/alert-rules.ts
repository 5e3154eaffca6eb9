/** Alert rules: what is watched, when it counts, how long it must last, and who may silence it. */
import * as z from 'zod/mini';
import { fail, ok, type Result } from '../../core/result.ts';
import { GUARD_SEVERITIES, type GuardSeverity } from '../guards/guard-vocabulary.ts';

// A strict content policy forbids compiled code, and even asking whether it is allowed counts as a violation.
z.config({ jitless: true });

/** Figures that can be watched, with their units. */
export const ALERT_METRICS = {
  'margin-ratio': 'ratio',
  'liquidation-distance': 'fraction of the mark',
  'funding-rate': 'fraction of one interval, without its sign',
  'funding-paid-day': 'currency an account paid in the last 24 hours of the run, less what it received',
  'funding-day-cost': 'currency a position pays in 24 hours at the rate in force',
  'adl-share': 'share of the deleveraging queue behind the position',
  'insurance-fund': 'currency',
  'breaker-distance': 'fraction to the next limit',
  'settlement-minutes': 'minutes to settlement',
  'rollover-days': 'business days left',
  'feed-age': 'seconds',
  'value-at-risk-share': 'fraction of equity',
  'mean-correlation': 'mean absolute correlation of perpetuals',
} as const;

/** A figure of {@link ALERT_METRICS}. */
export type AlertMetric = keyof typeof ALERT_METRICS;

/** One rule. */
export interface AlertRule {
  readonly id: string;
  readonly metric: AlertMetric;
  /** Account, position or instrument it watches; `*` for all. */
  readonly subject: string;
  /** At the threshold counts as beyond it. */
  readonly when: 'below' | 'above';
  readonly threshold: number;
  /** How far back beyond the threshold a figure must come before the alert is over; in the unit of the figure. */
  readonly hysteresis: number;
  /** How long it must stand beyond the threshold. */
  readonly forSeconds: number;
  /** Reminders, and new alerts of the same rule and subject, come no faster than this. */
  readonly cooldownSeconds: number;
  readonly severity: GuardSeverity;
  /** Cannot be snoozed, muted or hidden. */
  readonly mustSee: boolean;
}

/** Rules to begin with. Source: common alert lists of trading desks; thresholds are ours to choose. */
export const DEFAULT_ALERT_RULES: readonly AlertRule[] = [
  rule('margin-ratio-low', 'margin-ratio', 'below', 1.2, 0.05, 60, 'danger', false),
  rule('margin-ratio-critical', 'margin-ratio', 'below', 1.05, 0.02, 0, 'critical', true),
  rule('liquidation-reached', 'margin-ratio', 'below', 1, 0.02, 0, 'emergency', true),
  rule('liquidation-near', 'liquidation-distance', 'below', 0.02, 0.005, 30, 'critical', false),
  rule('funding-high', 'funding-rate', 'above', 0.005, 0.0005, 300, 'warning', false),
  rule('funding-paid', 'funding-paid-day', 'above', 1000, 50, 0, 'warning', false),
  rule('adl-front', 'adl-share', 'above', 0.75, 0.05, 300, 'danger', false),
  rule('feed-old', 'feed-age', 'above', 10, 5, 0, 'danger', false),
];

function rule(
  id: string,
  metric: AlertMetric,
  when: 'below' | 'above',
  threshold: number,
  hysteresis: number,
  forSeconds: number,
  severity: GuardSeverity,
  mustSee: boolean,
): AlertRule {
  const cooldownSeconds = 300;
  return {
    id,
    metric,
    subject: '*',
    when,
    threshold,
    hysteresis,
    forSeconds,
    cooldownSeconds,
    severity,
    mustSee,
  };
}

const MOST_RULES = 200;
const MOST_TEXT = 200_000;
const METRICS = Object.keys(ALERT_METRICS) as [AlertMetric, ...AlertMetric[]];

const number = (from: number, to: number) => {
  const what = `a number from ${from} to ${to}`;
  return z.number(what).check(z.refine((n) => n >= from && n <= to, what));
};
const name = z
  .string('text of 1 to 80 characters')
  .check(z.refine((s) => s.length >= 1 && s.length <= 80, 'text of 1 to 80 characters'));
const RULES = z.array(
  z.strictObject({
    id: name,
    metric: z.enum(METRICS, `one of ${METRICS.join(', ')}`),
    subject: name,
    when: z.enum(['below', 'above'], 'below or above'),
    threshold: number(-1e12, 1e12),
    hysteresis: number(0, 1e12),
    forSeconds: number(0, 86_400),
    cooldownSeconds: number(1, 86_400),
    severity: z.enum(
      GUARD_SEVERITIES as readonly [GuardSeverity, ...GuardSeverity[]],
      `one of ${GUARD_SEVERITIES.join(', ')}`,
    ),
    mustSee: z.boolean('true or false'),
  }),
  'an array of rules',
);

/**
 * Reads rules from JSON.
 *
 * Fails: `alerts/rules-malformed` with the path of the first fault: no JSON, an unknown key, a misfit value, two rules of one id,
 * too many rules.
 */
export function parseAlertRules(text: string): Result<readonly AlertRule[]> {
  if (text.length > MOST_TEXT) return malformed('', `expected at most ${MOST_TEXT} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('', 'expected JSON');
  }
  const read = RULES.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = issue?.path.map(String) ?? [];
    if (issue?.code === 'unrecognized_keys')
      return malformed([...path, issue.keys[0] ?? ''].join('.'), 'unknown key');
    return malformed(path.join('.'), `expected ${issue?.message ?? 'something else'}`);
  }
  if (read.data.length > MOST_RULES) return malformed('', `expected at most ${MOST_RULES} rules`);
  const ids = new Set<string>();
  for (const [i, { id }] of read.data.entries()) {
    if (ids.has(id)) return malformed(`${i}.id`, `expected a new id, found "${id}" again`);
    ids.add(id);
  }
  return ok(read.data);
}

function malformed(path: string, why: string): Result<never> {
  return fail('alerts/rules-malformed', path === '' ? why : `${path}: ${why}`, { path });
}
