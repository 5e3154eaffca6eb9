/** A rule while it is typed. */
import type { AlertRule } from '../../../workers/contract/guard-board.ts';

/** What the builder holds. Numbers are kept as typed. */
export interface RuleDraft extends Pick<AlertRule, 'metric' | 'when' | 'severity' | 'mustSee'> {
  readonly subject: string;
  readonly threshold: string;
  readonly hysteresis: string;
  readonly forSeconds: string;
}

export const FIRST_DRAFT: RuleDraft = {
  metric: 'margin-ratio',
  subject: '*',
  when: 'below',
  threshold: '1.3',
  hysteresis: '0.05',
  forSeconds: '0',
  severity: 'warning',
  mustSee: false,
};
const COOLDOWN_SECONDS = 300;

/** The rule of a draft; its name says what it does and is made new where it is taken. */
export function ruleOf(draft: RuleDraft, taken: readonly AlertRule[]): AlertRule {
  const { metric, subject, when, severity, mustSee } = draft;
  const wanted = `${metric}-${when}-${draft.threshold}`;
  let id = wanted;
  for (let n = 2; taken.some((rule) => rule.id === id); n++) id = `${wanted}-${n}`;
  const numbers = {
    threshold: Number(draft.threshold),
    hysteresis: Number(draft.hysteresis),
    forSeconds: Number(draft.forSeconds),
  };
  return { id, metric, subject, when, ...numbers, cooldownSeconds: COOLDOWN_SECONDS, severity, mustSee };
}

/** What is wrong with the threshold, the hysteresis and the time, in this order. */
export function draftErrors({
  threshold,
  hysteresis,
  forSeconds,
}: RuleDraft): readonly (string | undefined)[] {
  return [threshold, hysteresis, forSeconds].map((text) =>
    /^-?\d+(\.\d+)?$/.test(text.trim()) ? undefined : `expected a number, found "${text}"`,
  );
}
