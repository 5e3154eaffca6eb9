/** How much of what the account may carry one symbol, or one group of symbols that move together, takes up. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { OrderTrial } from '../order-trial.ts';
import type { SlotLimits } from '../slot-limits.ts';

/**
 * Judges concentration: notional ÷ (equity × leverage limit of the account).
 *
 * The share is of what the account may carry and not of what it happens to hold, so the first trade of an empty account is
 * judged by its size and not by being alone, and the share grows with size and with loss.
 */
export function checkConcentration(
  trial: OrderTrial,
  { symbolShare }: SlotLimits,
  { leverage, concentration }: GuardConfiguration,
  sheet: GuardSheet,
): void {
  const { symbol, symbolNotional, groupNotional, equity } = trial;
  const carries = Math.max(0, equity) * leverage.account;
  const { groupShare, warnShare } = concentration;
  if (!(symbolNotional <= symbolShare * carries)) {
    sheet.add(
      'concentration/symbol',
      'concentration-exceeded',
      'danger',
      'size',
      symbol,
      symbolNotional / carries,
      symbolShare,
    );
  } else if (symbolNotional > warnShare * symbolShare * carries) {
    sheet.add(
      'concentration/symbol',
      'concentration-warning',
      'warning',
      'note',
      symbol,
      symbolNotional / carries,
      symbolShare,
    );
  }
  if (!(groupNotional <= groupShare * carries)) {
    const share = groupNotional / carries;
    sheet.add('concentration/group', 'concentration-exceeded', 'danger', 'size', symbol, share, groupShare);
  }
}

/** Says when the members of the group move almost as one. */
export function checkCorrelation(
  meanCorrelation: number,
  symbol: string,
  { concentration }: GuardConfiguration,
  sheet: GuardSheet,
): void {
  const { correlationSpike } = concentration;
  if (meanCorrelation < correlationSpike) return;
  sheet.add(
    'concentration/group',
    'correlation-spike',
    'warning',
    'note',
    symbol,
    meanCorrelation,
    correlationSpike,
  );
}
