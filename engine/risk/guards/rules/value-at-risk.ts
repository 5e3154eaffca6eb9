/** Value at risk of the whole portfolio over its equity. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import { ageSeconds, isSound, lateEvent } from '../guard-facts.ts';
import type { GuardFact } from '../guard-input.ts';
import type { GuardSheet } from '../guard-sheet.ts';

/** Judges the share of equity that one bad day may cost; it stops what adds risk and says nothing about one order's size. */
export function checkValueAtRisk(
  fact: GuardFact<number> | null,
  nowMicros: number,
  limits: NonNullable<GuardConfiguration['valueAtRisk']>,
  oldestSeconds: number,
  sheet: GuardSheet,
): void {
  const rule = 'portfolio/value-at-risk';
  if (!isSound(fact)) {
    sheet.add(rule, 'input-missing', 'danger', 'stop', 'portfolio', Number.NaN, limits.blockShare);
    return;
  }
  const age = ageSeconds(nowMicros, fact.atMicros);
  if (!(age <= oldestSeconds)) {
    sheet.add(rule, lateEvent(age), 'danger', 'stop', 'portfolio', age, oldestSeconds);
  } else if (!(fact.value < limits.blockShare)) {
    sheet.add(rule, 'value-at-risk-critical', 'critical', 'stop', 'portfolio', fact.value, limits.blockShare);
  } else if (fact.value >= limits.warnShare) {
    sheet.add(rule, 'value-at-risk-warning', 'warning', 'note', 'portfolio', fact.value, limits.warnShare);
  }
}
