/** Funding a position would pay: the rate now, the rate predicted, and the cost of a day. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import { AHEAD_MICROS, ageSeconds, lateEvent } from '../guard-facts.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { OrderTrial } from '../order-trial.ts';

/** Judges funding; rates are compared per 8 hours whatever the interval is, and only what is paid counts against the order. */
export function checkFunding(
  trial: OrderTrial,
  limits: NonNullable<GuardConfiguration['funding']>,
  oldestSeconds: number,
  sheet: GuardSheet,
): void {
  const { symbol, nowMicros, fundingAtMicros, fundingDayCost, equity } = trial;
  const sinceMicros = nowMicros - fundingAtMicros;
  if (!(sinceMicros <= oldestSeconds * 1e6 && sinceMicros >= -AHEAD_MICROS)) {
    const age = ageSeconds(nowMicros, fundingAtMicros);
    sheet.add('funding/rate', lateEvent(age), 'danger', 'stop', symbol, age, oldestSeconds);
    return;
  }
  // Written so that one number that is none makes the rate none, which no comparison lets pass.
  const rate = Math.max(trial.fundingPaidRate, trial.fundingPredictedRate);
  if (!(rate < limits.blockRate)) {
    sheet.add('funding/rate', 'funding-extreme', 'critical', 'stop', symbol, rate, limits.blockRate);
  } else if (rate >= limits.dangerRate) {
    sheet.add('funding/rate', 'funding-excessive', 'danger', 'note', symbol, rate, limits.dangerRate);
  } else if (rate >= limits.warnRate) {
    sheet.add('funding/rate', 'funding-excessive', 'warning', 'note', symbol, rate, limits.warnRate);
  }
  if (!(fundingDayCost <= limits.dayShare * equity)) {
    const share = equity > 0 ? fundingDayCost / equity : Number.POSITIVE_INFINITY;
    sheet.add('funding/day', 'funding-extreme', 'danger', 'size', symbol, share, limits.dayShare);
  }
}
