/** When a CME contract settles next and when it ends: the instants at which its guards change their minds. */
import type { Micros } from '../../core/units.ts';
import { chicagoClock } from '../../reference/calendar/chicago-time.ts';
import { addDays, type CivilDay } from '../../reference/calendar/civil-day.ts';
import {
  firstNoticeDay,
  lastTradingDay,
  lastTradingInstant,
} from '../../reference/calendar/contract-dates.ts';
import { isBusinessDay } from '../../reference/calendar/holidays.ts';
import { tradingDayAt } from '../../reference/calendar/sessions.ts';
import type { CmeContract } from '../../reference/instruments/cme-contracts.ts';
import { settlementWindow } from '../../venue/settlement/settlement-rules.ts';

/** Longest run of days that is looked ahead for a settlement. */
const MOST_DAYS = 10;

/** The clock of one contract as of an instant. */
export interface ContractClock {
  /** Begin and end of the next window of settlement, or of the one that is on; infinite where none is left. */
  readonly settlementBeginMicros: number;
  readonly settlementEndMicros: number;
  /** The earlier of last trading day and first notice day. */
  readonly deadlineDay: CivilDay;
  readonly deadline: 'last-trading-day' | 'first-notice-day';
  /** Business days from the trading day at hand to the deadline: 0 on it, negative after it. */
  readonly businessDaysLeft: number;
  /** Trading ends for good. */
  readonly endsMicros: Micros;
  /** First instant at which this reading may be out of date. */
  readonly validUntilMicros: number;
}

/**
 * Reads the clock of a contract.
 *
 * A reading holds until the next window ends or the trading day changes, whichever is first; Chicago time decides both, so
 * neither change of daylight saving time moves a window by an hour.
 */
export function contractClock(contract: CmeContract, atMicros: Micros): ContractClock {
  const tradingDay = tradingDayAt(atMicros);
  const last = lastTradingDay(contract);
  const notice = firstNoticeDay(contract);
  const isNotice = notice !== null && notice < last;
  const deadlineDay = isNotice ? notice : last;
  const window = nextWindow(contract, tradingDay, atMicros);
  const endMicros = window?.endMicros ?? Number.POSITIVE_INFINITY;
  return {
    settlementBeginMicros: window?.beginMicros ?? Number.POSITIVE_INFINITY,
    settlementEndMicros: endMicros,
    deadlineDay,
    deadline: isNotice ? 'first-notice-day' : 'last-trading-day',
    businessDaysLeft: businessDaysBetween(tradingDay, deadlineDay),
    endsMicros: lastTradingInstant(contract),
    validUntilMicros: Math.min(endMicros, tradingDayEnd(atMicros)),
  };
}

/** Business days after `from` up to and including `to`; negative where `to` lies before `from`. */
export function businessDaysBetween(from: CivilDay, to: CivilDay): number {
  const step = to >= from ? 1 : -1;
  const [begin, end] = step === 1 ? [from, to] : [to, from];
  let count = 0;
  for (let day = addDays(begin, 1); day <= end; day = addDays(day, 1)) if (isBusinessDay(day)) count++;
  return count === 0 ? 0 : step * count;
}

function nextWindow(
  contract: CmeContract,
  tradingDay: CivilDay,
  atMicros: Micros,
): { readonly beginMicros: number; readonly endMicros: number } | null {
  for (let days = 0; days < MOST_DAYS; days++) {
    const window = settlementWindow(contract.product, addDays(tradingDay, days));
    if (window !== null && window.endMicros > atMicros) return window;
  }
  return null;
}

/** 17:00 in Chicago, when the next trading day begins; asked in steps so that daylight changes need no special case. */
function tradingDayEnd(atMicros: Micros): number {
  const { timeMicros } = chicagoClock(atMicros);
  const opens = 17 * 3_600_000_000;
  const left = timeMicros < opens ? opens - timeMicros : opens + 24 * 3_600_000_000 - timeMicros;
  // On the days the clock changes this may be an hour early or late; early only costs a second reading.
  return atMicros + Math.min(left, 3_600_000_000);
}
