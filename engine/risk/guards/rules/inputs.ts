/** Whether the numbers under a check are fresh: an answer is never better than its oldest input. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import { lateEvent } from '../guard-facts.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { OrderTrial } from '../order-trial.ts';

/** Judges the age of the marks and of the wallet. */
export function checkInputs(trial: OrderTrial, { oldest }: GuardConfiguration, sheet: GuardSheet): void {
  const { markAgeSeconds, walletAgeSeconds, symbol } = trial;
  if (!(markAgeSeconds <= oldest.markSeconds)) {
    sheet.add(
      'input/mark',
      lateEvent(markAgeSeconds),
      'danger',
      'stop',
      symbol,
      markAgeSeconds,
      oldest.markSeconds,
    );
  }
  if (!(walletAgeSeconds <= oldest.walletSeconds)) {
    sheet.add(
      'input/account',
      lateEvent(walletAgeSeconds),
      'danger',
      'stop',
      symbol,
      walletAgeSeconds,
      oldest.walletSeconds,
    );
  }
}
