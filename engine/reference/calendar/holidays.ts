/** The holidays of the exchange, by rule, and the days it stood still for other reasons. */
import {
  addDays,
  type CivilDay,
  civilDay,
  dateOf,
  dayOf,
  lastWeekday,
  MONDAY,
  nthWeekday,
  SATURDAY,
  SUNDAY,
  THURSDAY,
  weekdayOf,
} from './civil-day.ts';

/** Why a weekday is no business day. */
export type Holiday =
  | 'new-year'
  | 'martin-luther-king'
  | 'presidents'
  | 'good-friday'
  | 'memorial'
  | 'juneteenth'
  | 'independence'
  | 'labor'
  | 'thanksgiving'
  | 'christmas'
  | 'extraordinary';

/**
 * Days without business for reasons that no rule foretells: the attacks of 2001, mourning for presidents (2004, 2007, 2018)
 * and the storm of 2012. The exchange held part of its sessions on the last three; they were no days of business in stocks.
 *
 * Source: QuantConnect Lean market-hours database (Apache-2.0), entries that stand for every product of all four exchanges.
 */
const EXTRAORDINARY: ReadonlySet<CivilDay> = new Set(
  [
    '2001-09-11',
    '2001-09-12',
    '2001-09-13',
    '2001-09-14',
    '2004-06-11',
    '2007-01-02',
    '2012-10-29',
    '2012-10-30',
    '2018-12-05',
  ].map(dayOf),
);

/** First year in which Juneteenth was a holiday of the exchange. */
const JUNETEENTH_SINCE = 2022;

const years = new Map<number, ReadonlyMap<CivilDay, Holiday>>();

/**
 * The holiday that makes a weekday no business day, or null. Weekends are not holidays.
 *
 * Source: U.S. exchange holidays by rule; a fixed date that falls on a Sunday is kept on Monday, one on a Saturday on Friday,
 * but for New Year's Day, which is then not kept (it would fall into the old year). Checked against every full holiday of the
 * QuantConnect Lean market-hours database, see docs/calendar.md.
 */
export function holidayOn(day: CivilDay): Holiday | null {
  const { year } = dateOf(day);
  let holidays = years.get(year);
  if (holidays === undefined) {
    holidays = holidaysOf(year);
    years.set(year, holidays);
  }
  return holidays.get(day) ?? (EXTRAORDINARY.has(day) ? 'extraordinary' : null);
}

/** Whether the exchange settles on a day: neither weekend nor holiday. */
export function isBusinessDay(day: CivilDay): boolean {
  const weekday = weekdayOf(day);
  return weekday !== SATURDAY && weekday !== SUNDAY && holidayOn(day) === null;
}

/** The business day so many business days after a day, or before it where negative; 0 is the day itself, whatever it is. */
export function addBusinessDays(day: CivilDay, count: number): CivilDay {
  const step = count < 0 ? -1 : 1;
  let found = day;
  for (let left = Math.abs(count); left > 0; ) {
    found = addDays(found, step);
    if (isBusinessDay(found)) left--;
  }
  return found;
}

/** The `n`-th last business day of a month, the last being 1. */
export function nthLastBusinessDay(year: number, month: number, n: number): CivilDay {
  return addBusinessDays(civilDay(year, month + 1, 1), -n);
}

/** Easter Sunday of a year. Source: the anonymous Gregorian algorithm (Nature, 1876; Meeus, Astronomical Algorithms, 8). */
export function easterSunday(year: number): CivilDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return civilDay(year, Math.floor(n / 31), (n % 31) + 1);
}

function holidaysOf(year: number): ReadonlyMap<CivilDay, Holiday> {
  const newYear = civilDay(year, 1, 1);
  const holidays = new Map<CivilDay, Holiday>([
    [weekdayOf(newYear) === SUNDAY ? addDays(newYear, 1) : newYear, 'new-year'],
    [nthWeekday(year, 1, MONDAY, 3), 'martin-luther-king'],
    [nthWeekday(year, 2, MONDAY, 3), 'presidents'],
    [addDays(easterSunday(year), -2), 'good-friday'],
    [lastWeekday(year, 5, MONDAY), 'memorial'],
    [observed(civilDay(year, 7, 4)), 'independence'],
    [nthWeekday(year, 9, MONDAY, 1), 'labor'],
    [nthWeekday(year, 11, THURSDAY, 4), 'thanksgiving'],
    [observed(civilDay(year, 12, 25)), 'christmas'],
  ]);
  if (year >= JUNETEENTH_SINCE) holidays.set(observed(civilDay(year, 6, 19)), 'juneteenth');
  return holidays;
}

/** The day on which a holiday of a fixed date is kept. */
function observed(day: CivilDay): CivilDay {
  if (weekdayOf(day) === SATURDAY) return addDays(day, -1);
  return weekdayOf(day) === SUNDAY ? addDays(day, 1) : day;
}
