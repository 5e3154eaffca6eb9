/** Chicago time: the only file of the engine that knows a time zone. */
import { type Micros, micros } from '../../core/units.ts';
import { addDays, type CivilDay, civilDay, dateOf, lastWeekday, nthWeekday, SUNDAY } from './civil-day.ts';

/** Microseconds of a civil day of 24 hours. */
const DAY_MICROS = 86_400_000_000;
const HOUR_MICROS = 3_600_000_000;
const MINUTE_MICROS = 60_000_000;

/** A reading of a clock in Chicago. */
export interface ChicagoClock {
  readonly day: CivilDay;
  /** Microseconds that the clock shows since 00:00, from 0 to 86 399 999 999. */
  readonly timeMicros: number;
}

/**
 * Microseconds since midnight that a clock shows at this text.
 *
 * @example '14:59:30' → 53970000000
 */
export function clockTime(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return hours * HOUR_MICROS + minutes * MINUTE_MICROS + seconds * 1_000_000;
}

/**
 * Whether daylight saving time rules in Chicago at an instant.
 *
 * Source: Uniform Time Act as amended: until 1986 from the last Sunday of April, 1987 to 2006 from the first Sunday of April,
 * both to the last Sunday of October (1986 and before are not exact: 1974 and 1975 were other); Energy Policy Act of 2005:
 * since 2007 from the second Sunday of March to the first Sunday of November; each at 02:00 by the clock before it changes.
 */
export function isChicagoDaylight(atMicros: Micros): boolean {
  const { year } = dateOf(utcDay(atMicros - 6 * HOUR_MICROS));
  const { begins, ends } = daylightDays(year);
  // 02:00 standard time is 08:00 UTC; 02:00 daylight time is 07:00 UTC.
  return atMicros >= begins * DAY_MICROS + 8 * HOUR_MICROS && atMicros < ends * DAY_MICROS + 7 * HOUR_MICROS;
}

/** The clock in Chicago at an instant. */
export function chicagoClock(atMicros: Micros): ChicagoClock {
  const shown = atMicros - (isChicagoDaylight(atMicros) ? 5 : 6) * HOUR_MICROS;
  const day = utcDay(shown);
  return { day, timeMicros: shown - day * DAY_MICROS };
}

/**
 * The instant at which a clock in Chicago shows this. Times that the spring change leaves out are read as if it came an hour
 * later; of the hour that the autumn change shows twice, the first.
 *
 * @param timeMicros - microseconds since 00:00; may be negative or beyond the day
 */
export function chicagoInstant(day: CivilDay, timeMicros: number): Micros {
  const asUtc = day * DAY_MICROS + timeMicros;
  const daylight = micros(asUtc + 5 * HOUR_MICROS);
  return isChicagoDaylight(daylight) ? daylight : micros(asUtc + 6 * HOUR_MICROS);
}

/** First and last day of daylight saving time of a year. */
export function daylightDays(year: number): { readonly begins: CivilDay; readonly ends: CivilDay } {
  if (year >= 2007) return { begins: nthWeekday(year, 3, SUNDAY, 2), ends: nthWeekday(year, 11, SUNDAY, 1) };
  const begins = year >= 1987 ? nthWeekday(year, 4, SUNDAY, 1) : lastWeekday(year, 4, SUNDAY);
  return { begins, ends: lastWeekday(year, 10, SUNDAY) };
}

function utcDay(atMicros: number): CivilDay {
  return addDays(civilDay(1970, 1, 1), Math.floor(atMicros / DAY_MICROS));
}
