/** Leverage of the symbol, of its bracket and of the whole account. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { OrderTrial } from '../order-trial.ts';
import type { SlotLimits } from '../slot-limits.ts';

/**
 * Judges leverage. The chosen leverage may exceed neither the limit of the symbol nor that of the bracket the new notional
 * falls into; the notional of all symbols may not exceed the account limit × equity.
 */
export function checkLeverage(
  trial: OrderTrial,
  limits: SlotLimits,
  { leverage }: GuardConfiguration,
  sheet: GuardSheet,
): void {
  const { symbol, chosenLeverage, bracketLeverage, symbolNotional, notionalCap, accountNotional, equity } =
    trial;
  const { symbolLeverage } = limits;
  if (!(chosenLeverage >= 1 && chosenLeverage <= symbolLeverage)) {
    sheet.add(
      'leverage/symbol',
      'leverage-exceeded',
      'danger',
      'stop',
      symbol,
      chosenLeverage,
      symbolLeverage,
    );
  }
  if (!(chosenLeverage <= bracketLeverage)) {
    sheet.add(
      'leverage/bracket',
      'leverage-exceeded',
      'danger',
      'size',
      symbol,
      chosenLeverage,
      bracketLeverage,
    );
  }
  if (!(symbolNotional <= notionalCap)) {
    sheet.add('leverage/cap', 'leverage-exceeded', 'danger', 'size', symbol, symbolNotional, notionalCap);
  }
  const most = leverage.account * equity;
  if (!(accountNotional <= most)) {
    const found = equity > 0 ? accountNotional / equity : Number.POSITIVE_INFINITY;
    sheet.add('leverage/account', 'leverage-exceeded', 'critical', 'size', symbol, found, leverage.account);
  } else if (accountNotional > leverage.warnShare * most) {
    const found = accountNotional / equity;
    sheet.add('leverage/account', 'leverage-warning', 'warning', 'note', symbol, found, leverage.account);
  }
}
