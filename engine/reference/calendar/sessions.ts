/** Trading sessions of the exchange: from 17:00 of the day before to 16:00 of the trading day, in Chicago. */
import type { Micros } from '../../core/units.ts';
import { chicagoClock, chicagoInstant, clockTime } from './chicago-time.ts';
import {
  addDays,
  type CivilDay,
  dayOf,
  FRIDAY,
  formatDay,
  SATURDAY,
  SUNDAY,
  THURSDAY,
  weekdayOf,
} from './civil-day.ts';
import {
  announcedClosings,
  type ClosingTimes,
  EARLY_CLOSES_COVER,
  type SessionGroup,
} from './early-closes.ts';
import { holidayOn, isBusinessDay } from './holidays.ts';

/** One session of a group. It ends at `closesAtMicros`, which is no longer part of it. */
export interface Session {
  /** The day whose date its trades carry. */
  readonly tradingDay: CivilDay;
  readonly opensAtMicros: Micros;
  readonly closesAtMicros: Micros;
  /**
   * Where its end comes from: the usual hours, an announced early close, or, outside the announced years, an early close as
   * it was in 2025 and 2026.
   */
  readonly closing: 'usual' | 'announced' | 'projected';
}

/** Hours of the cash market in stocks on one day. */
export interface CashHours {
  readonly opensAtMicros: Micros;
  readonly closesAtMicros: Micros;
}

/** Source: CME Globex trading hours, Sunday to Friday 17:00 to 16:00 CT with a break of 60 minutes each day. */
const OPENS = clockTime('17:00');
const CLOSES = clockTime('16:00');
/** Source: CME FAQ on U.S. equity index price limits: U.S. trading hours are 08:30 to 15:00 CT. */
const CASH_OPENS = clockTime('08:30');
const CASH_CLOSES = clockTime('15:00');
/** On half days stocks close at 12:00 CT and stock index futures a quarter of an hour later. */
const CASH_CLOSES_EARLY = clockTime('12:00');
const HALF_DAY_CLOSING = '12:15';
/** A day of mourning on which stocks did not trade and futures did. Source: exchange_calendars (Apache-2.0). */
const STOCKS_CLOSED = dayOf('2025-01-09');
/** Longest run of days without a session that is looked across; the longest known is four. */
const MOST_DAYS_WITHOUT = 14;

const HOLIDAY_CLOSINGS: ClosingTimes = { equity: '12:00', rates: '12:00', fx: '16:00', commodity: '13:30' };
const SUMMER_CLOSINGS: ClosingTimes = { equity: '12:00', rates: '12:00', fx: '12:00', commodity: '12:00' };
const BEFORE_INDEPENDENCE: ClosingTimes = { equity: '12:15', rates: null, fx: null, commodity: null };
const AFTER_THANKSGIVING: ClosingTimes = { equity: '12:15', rates: '12:15', fx: '13:45', commodity: '13:45' };
const BEFORE_CHRISTMAS: ClosingTimes = { equity: '12:15', rates: '12:15', fx: '12:45', commodity: '12:45' };

/**
 * The session of a trading day, or null where none is held.
 *
 * The usual hours are those of today also for years in which the exchange closed a quarter of an hour earlier or later.
 */
export function sessionOf(group: SessionGroup, tradingDay: CivilDay): Session | null {
  const weekday = weekdayOf(tradingDay);
  if (weekday === SATURDAY || weekday === SUNDAY) return null;
  const announced = announcedClosings(tradingDay)?.[group] ?? null;
  const holiday = holidayOn(tradingDay);
  if (holiday === 'new-year' || holiday === 'christmas' || holiday === 'extraordinary') return null;
  if (holiday === 'good-friday' && announced === null) return null;
  const projected = announced === null ? (projectedClosings(tradingDay)?.[group] ?? null) : null;
  const early = announced ?? projected;
  return {
    tradingDay,
    opensAtMicros: chicagoInstant(addDays(tradingDay, -1), OPENS),
    closesAtMicros: chicagoInstant(tradingDay, early === null ? CLOSES : clockTime(early)),
    closing: announced !== null ? 'announced' : projected !== null ? 'projected' : 'usual',
  };
}

/** The session that is open at an instant, or null. */
export function sessionAt(group: SessionGroup, atMicros: Micros): Session | null {
  const session = sessionOf(group, tradingDayAt(atMicros));
  if (session === null || atMicros < session.opensAtMicros || atMicros >= session.closesAtMicros) return null;
  return session;
}

/** The first session that opens after an instant; null where none does within a fortnight, which no calendar has seen. */
export function nextSession(group: SessionGroup, atMicros: Micros): Session | null {
  const from = tradingDayAt(atMicros);
  for (let days = 0; days <= MOST_DAYS_WITHOUT; days++) {
    const session = sessionOf(group, addDays(from, days));
    if (session !== null && session.opensAtMicros > atMicros) return session;
  }
  return null;
}

/** The date that a trade at this instant carries if there is a session: from 17:00 on it is that of the next day. */
export function tradingDayAt(atMicros: Micros): CivilDay {
  const { day, timeMicros } = chicagoClock(atMicros);
  return timeMicros >= OPENS ? addDays(day, 1) : day;
}

/** Hours of the cash market in stocks, or null on days without. */
export function cashHoursOn(day: CivilDay): CashHours | null {
  if (!isBusinessDay(day) || day === STOCKS_CLOSED) return null;
  const closings = announcedClosings(day) ?? projectedClosings(day);
  const isHalfDay = closings?.equity === HALF_DAY_CLOSING;
  return {
    opensAtMicros: chicagoInstant(day, CASH_OPENS),
    closesAtMicros: chicagoInstant(day, isHalfDay ? CASH_CLOSES_EARLY : CASH_CLOSES),
  };
}

/** Early closes of years that are not announced, after the pattern of 2025 and 2026. */
function projectedClosings(day: CivilDay): ClosingTimes | null {
  if (day >= EARLY_CLOSES_COVER.from && day <= EARLY_CLOSES_COVER.to) return null;
  switch (holidayOn(day)) {
    case 'martin-luther-king':
    case 'presidents':
    case 'memorial':
    case 'labor':
    case 'thanksgiving':
      return HOLIDAY_CLOSINGS;
    case 'juneteenth':
    case 'independence':
      return SUMMER_CLOSINGS;
    case null:
      break;
    default:
      return null;
  }
  if (!isBusinessDay(day)) return null;
  if (weekdayOf(day) === FRIDAY && holidayOn(addDays(day, -1)) === 'thanksgiving') return AFTER_THANKSGIVING;
  const monthDay = formatDay(day).slice(5);
  if (monthDay === '12-24') return BEFORE_CHRISTMAS;
  return monthDay === '07-03' && weekdayOf(day) <= THURSDAY ? BEFORE_INDEPENDENCE : null;
}
