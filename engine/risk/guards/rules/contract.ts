/** What the exchange's own rules and calendar say of a CME contract: position limits, settlement, the end of the contract. */

import type { ContractClock } from '../contract-clock.ts';
import type { GuardConfiguration } from '../guard-configuration.ts';
import type { GuardSheet } from '../guard-sheet.ts';
import type { OrderTrial } from '../order-trial.ts';
import type { PositionLimit } from '../position-limits.ts';
import { HEDGER_MULTIPLE } from '../position-limits.ts';
import type { SlotLimits } from '../slot-limits.ts';

const MINUTE_MICROS = 60_000_000;

/** Judges the net position of the product against its dated limit and accountability level. */
export function checkPosition(
  trial: OrderTrial,
  known: PositionLimit | null,
  { position }: GuardConfiguration,
  sheet: GuardSheet,
): void {
  const { symbol } = trial;
  if (known === null) {
    sheet.add('position/limit', 'input-missing', 'danger', 'stop', symbol, Number.NaN, Number.NaN);
    return;
  }
  const held = Math.abs(trial.productContracts);
  if (known.limit !== null) {
    const limit = known.limit * (position.isHedger ? HEDGER_MULTIPLE : 1);
    if (!(held <= limit)) {
      sheet.add('position/limit', 'position-limit-exceeded', 'critical', 'size', symbol, held, limit);
    } else if (held >= position.warnShare * limit) {
      sheet.add('position/limit', 'position-limit-warning', 'warning', 'note', symbol, held, limit);
    }
  }
  if (known.accountability !== null && held >= known.accountability) {
    const level = known.accountability;
    sheet.add('position/accountability', 'position-accountability', 'warning', 'note', symbol, held, level);
  } else if (Number.isNaN(held)) {
    sheet.add('position/limit', 'input-malformed', 'danger', 'stop', symbol, held, Number.NaN);
  }
}

/** Judges the time to the end of the settlement window. */
export function checkSettlement(
  { nowMicros }: OrderTrial,
  clock: ContractClock,
  symbol: string,
  { settlementWarnMinutes }: SlotLimits,
  { settlement }: GuardConfiguration,
  sheet: GuardSheet,
): void {
  const minutes = (clock.settlementEndMicros - nowMicros) / MINUTE_MICROS;
  const { criticalMinutes, blockMinutes } = settlement;
  if (!(minutes > blockMinutes)) {
    sheet.add(
      'settlement/window',
      'settlement-imminent',
      'critical',
      'stop',
      symbol,
      Math.max(0, minutes),
      blockMinutes,
    );
  } else if (minutes <= criticalMinutes) {
    sheet.add('settlement/window', 'settlement-imminent', 'danger', 'note', symbol, minutes, criticalMinutes);
  } else if (minutes <= settlementWarnMinutes) {
    sheet.add(
      'settlement/window',
      'settlement-approaching',
      'warning',
      'note',
      symbol,
      minutes,
      settlementWarnMinutes,
    );
  }
}

/** Judges the business days left; a contract that has ended takes no order at all. */
export function checkRollover(
  { nowMicros }: OrderTrial,
  clock: ContractClock,
  symbol: string,
  { rolloverWarnDays }: SlotLimits,
  { rollover }: GuardConfiguration,
  sheet: GuardSheet,
): void {
  const days = clock.businessDaysLeft;
  const { criticalDays, blockDays } = rollover;
  if (!(nowMicros < clock.endsMicros)) {
    sheet.add('rollover/deadline', 'rollover-required', 'emergency', 'halt', symbol, days, 0);
  } else if (!(days > blockDays)) {
    sheet.add('rollover/deadline', 'rollover-required', 'critical', 'stop', symbol, days, blockDays);
  } else if (days <= criticalDays) {
    sheet.add('rollover/deadline', 'rollover-imminent', 'danger', 'note', symbol, days, criticalDays);
  } else if (days <= rolloverWarnDays) {
    sheet.add('rollover/deadline', 'rollover-warning', 'warning', 'note', symbol, days, rolloverWarnDays);
  }
}
