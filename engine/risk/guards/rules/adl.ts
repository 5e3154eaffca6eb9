/** How near the account's own position stands to the front of the deleveraging queue. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import { AHEAD_MICROS, ageSeconds, lateEvent } from '../guard-facts.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { OrderTrial } from '../order-trial.ts';

/** Judges the share of the queue that would be reduced after this position; only for orders that add to a held position. */
export function checkAdl(
  trial: OrderTrial,
  limits: NonNullable<GuardConfiguration['adl']>,
  oldestSeconds: number,
  sheet: GuardSheet,
): void {
  const { symbol, adlShare, nowMicros, adlAtMicros } = trial;
  const sinceMicros = nowMicros - adlAtMicros;
  if (!(sinceMicros <= oldestSeconds * 1e6 && sinceMicros >= -AHEAD_MICROS)) {
    const age = ageSeconds(nowMicros, adlAtMicros);
    sheet.add('adl/rank', lateEvent(age), 'danger', 'stop', symbol, age, oldestSeconds);
  } else if (!(adlShare < limits.blockShare)) {
    sheet.add('adl/rank', 'adl-critical', 'critical', 'stop', symbol, adlShare, limits.blockShare);
  } else if (adlShare >= limits.dangerShare) {
    sheet.add('adl/rank', 'adl-warning', 'danger', 'note', symbol, adlShare, limits.dangerShare);
  } else if (adlShare >= limits.warnShare) {
    sheet.add('adl/rank', 'adl-warning', 'warning', 'note', symbol, adlShare, limits.warnShare);
  }
}

/**
 * Share of a queue that would be reduced after place k of n: 1 for the first, near 0 for the last.
 *
 * @example place 1 of 200 → 1 · place 11 of 200 → 0.95 · place 200 of 200 → 0.005
 */
export function adlShareOf(rank: number, of: number): number {
  return rank >= 1 && rank <= of ? (of - rank + 1) / of : Number.NaN;
}
