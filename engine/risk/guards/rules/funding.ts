/** Funding a position would pay: the rate now, the rate predicted, and the cost of a day. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import { ageSeconds, lateEvent } from '../guard-facts.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { OrderTrial } from '../order-trial.ts';

const BASE_HOURS = 8;

/** Judges funding; rates are compared per 8 hours whatever the interval is, and only what is paid counts against the order. */
export function checkFunding(
  trial: OrderTrial,
  limits: NonNullable<GuardConfiguration['funding']>,
  oldestSeconds: number,
  sheet: GuardSheet,
): void {
  const { symbol, fundingHours, fundingDayCost, equity } = trial;
  const age = ageSeconds(trial.nowMicros, trial.fundingAtMicros);
  if (!(age <= oldestSeconds)) {
    sheet.add('funding/rate', lateEvent(age), 'danger', 'stop', symbol, age, oldestSeconds);
    return;
  }
  // Written so that one number that is none makes the rate none, which no comparison lets pass.
  const worst = Math.max(trial.fundingPaidRate, trial.fundingPredictedRate);
  const rate = (worst * BASE_HOURS) / fundingHours;
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
