/** Whether the numbers under a check are fresh: an answer is never better than its oldest input. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import { ageSeconds, lateEvent } from '../guard-facts.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { OrderTrial } from '../order-trial.ts';

/** Judges the age of the marks and of the wallet. */
export function checkInputs(trial: OrderTrial, { oldest }: GuardConfiguration, sheet: GuardSheet): void {
  const { nowMicros, markAtMicros, walletAtMicros, symbol } = trial;
  if (!(nowMicros - markAtMicros <= oldest.markSeconds * 1e6)) {
    const age = ageSeconds(nowMicros, markAtMicros);
    sheet.add('input/mark', lateEvent(age), 'danger', 'stop', symbol, age, oldest.markSeconds);
  }
  if (!(nowMicros - walletAtMicros <= oldest.walletSeconds * 1e6)) {
    const age = ageSeconds(nowMicros, walletAtMicros);
    sheet.add('input/account', lateEvent(age), 'danger', 'stop', symbol, age, oldest.walletSeconds);
  }
}
