/** A verdict as plain data: what becomes of the order, and every reason with its rule, numbers, limit and source. */
import type { Micros } from '../../core/units.ts';
import type { GuardSheet } from './guard-sheet.ts';
import type { GuardSources } from './guard-sources.ts';
import {
  GUARD_RULES,
  type GuardEvent,
  type GuardRuleId,
  type GuardSeverity,
  type GuardVerdictKind,
  ruleOrder,
  severityRank,
} from './guard-vocabulary.ts';

/** One reason. */
export interface GuardReason {
  readonly rule: GuardRuleId;
  readonly title: string;
  readonly event: GuardEvent;
  readonly severity: GuardSeverity;
  /** What this reason alone would do to the order. */
  readonly verdict: GuardVerdictKind;
  /** Symbol, input or account side it is about. */
  readonly subject: string;
  /** What was found and the limit, in `unit`; null where the reason is not a number. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: string;
  readonly source: string;
}

/** The margin of the pool the order leans on, before and after. */
export interface GuardRatios {
  readonly before: number | null;
  readonly after: number | null;
}

/** The answer to one order. */
export interface GuardVerdict {
  readonly verdict: GuardVerdictKind;
  /** Worst severity of the reasons; null where there is none. */
  readonly severity: GuardSeverity | null;
  /** Worst first; equal severities in the fixed order of the rules. */
  readonly reasons: readonly GuardReason[];
  /** Largest size that would pass: the order's own when allowed, 0 when blocked. */
  readonly allowedLots: number;
  /** Whether the order only shrinks the position. */
  readonly onlyReduces: boolean;
  /** Margin ratio of the pool behind the order; null where it is not known or nothing is required. */
  readonly marginRatio: GuardRatios;
  /** Rules switched off by the configuration. */
  readonly notChecked: readonly GuardRuleId[];
  readonly atMicros: Micros;
  readonly configuration: { readonly version: number; readonly profile: string };
}

/**
 * The reasons of a sheet, worst first.
 *
 * @param sizeVerdict - what a size that is too large means here: REDUCE where a smaller one passes, else BLOCK
 * @param sources - the tables in force, in place of their general names
 */
export function reasonsOf(
  sheet: GuardSheet,
  sizeVerdict: GuardVerdictKind,
  sources: GuardSources = {},
): readonly GuardReason[] {
  const reasons: GuardReason[] = [];
  for (let i = 0; i < sheet.count; i++) {
    const rule = GUARD_RULES.find(({ id }) => id === sheet.rules[i]) ?? GUARD_RULES[0];
    const effect = sheet.effects[i];
    if (rule === undefined) continue;
    reasons.push({
      rule: rule.id,
      title: rule.title,
      event: sheet.events[i] ?? 'check-failed',
      severity: sheet.severities[i] ?? 'emergency',
      verdict: effect === 'note' ? 'ALLOW' : effect === 'size' ? sizeVerdict : 'BLOCK',
      subject: sheet.subjects[i] ?? '',
      value: figure(sheet.values[i]),
      limit: figure(sheet.limits[i]),
      unit: rule.unit,
      source: sources[rule.id] ?? rule.source,
    });
  }
  return reasons.sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || ruleOrder(a.rule) - ruleOrder(b.rule),
  );
}

function figure(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
