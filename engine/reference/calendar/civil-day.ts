/** Days of the civil calendar as integers, so that counting and comparing them needs no library. */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';

declare const unit: unique symbol;

/** A day of the Gregorian calendar as the number of days since 1970-01-01, in no time zone. */
export type CivilDay = number & { readonly [unit]: 'civil-day' };

/** Year, month (1 to 12) and day of the month of a {@link CivilDay}. */
export interface YearMonthDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days of the week, Sunday first, as {@link weekdayOf} numbers them. */
export const SUNDAY = 0;
/** See {@link SUNDAY}. */
export const MONDAY = 1;
/** See {@link SUNDAY}. */
export const WEDNESDAY = 3;
/** See {@link SUNDAY}. */
export const THURSDAY = 4;
/** See {@link SUNDAY}. */
export const FRIDAY = 5;
/** See {@link SUNDAY}. */
export const SATURDAY = 6;

/**
 * The day of a date. Months and days out of their range run over into the next ones, as `month` 13 of a year is January of
 * the next.
 *
 * Source: days from civil, the standard 400-year cycle arithmetic of the proleptic Gregorian calendar.
 */
export function civilDay(year: number, month: number, day: number): CivilDay {
  const overMonths = month - 1;
  const y = year + Math.floor(overMonths / 12);
  const m = overMonths - Math.floor(overMonths / 12) * 12;
  // Years begin in March, so that the leap day is the last of the year.
  const shifted = m < 2 ? y - 1 : y;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((m + 10) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return asDay(era * 146_097 + dayOfEra - 719_468);
}

/** Year, month and day of the month, the inverse of {@link civilDay}. */
export function dateOf(civil: CivilDay): YearMonthDay {
  const shifted = civil + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Day of the week, {@link SUNDAY} being 0. */
export function weekdayOf(civil: CivilDay): number {
  return (((civil + 4) % 7) + 7) % 7;
}

/** The day so many days later, or earlier where negative. */
export function addDays(civil: CivilDay, days: number): CivilDay {
  return asDay(civil + days);
}

/** The `n`-th such weekday of a month, the first being 1. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): CivilDay {
  const first = civilDay(year, month, 1);
  return addDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7);
}

/** The last such weekday of a month. */
export function lastWeekday(year: number, month: number, weekday: number): CivilDay {
  const last = addDays(civilDay(year, month + 1, 1), -1);
  return addDays(last, -((weekdayOf(last) - weekday + 7) % 7));
}

/**
 * Reads an ISO date.
 *
 * Fails: `reference/date-malformed` for anything but an existing day written `YYYY-MM-DD`.
 */
export function parseDay(text: string): Result<CivilDay> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match !== null) {
    const civil = civilDay(Number(match[1]), Number(match[2]), Number(match[3]));
    if (formatDay(civil) === text) return ok(civil);
  }
  return fail('reference/date-malformed', `expected a date such as 2026-03-20, found "${text.slice(0, 40)}"`);
}

/** The day of an ISO date in one of our own tables; a malformed one is a defect. */
export function dayOf(text: string): CivilDay {
  const parsed = parseDay(text);
  assert(parsed.ok, `a table holds no date: ${text}`);
  return parsed.value;
}

/** Writes a day as `YYYY-MM-DD`. */
export function formatDay(civil: CivilDay): string {
  const { year, month, day } = dateOf(civil);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function asDay(n: number): CivilDay {
  assert(Number.isSafeInteger(n), `a day is a whole number, found ${n}`);
  return n as CivilDay;
}
