// Time rules of the guards across both changes of daylight saving time, holidays, half days and leap days.
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { addDays, type CivilDay, dayOf, formatDay } from '../../reference/calendar/civil-day.ts';
import { isBusinessDay } from '../../reference/calendar/holidays.ts';
import { parseContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import { businessDaysBetween, contractClock } from './contract-clock.ts';
import { positionLimitOn } from './position-limits.ts';

const MINUTE = 60_000_000;
const contract = (symbol: string, day: string) => {
  const parsed = parseContractSymbol(symbol, dayOf(day));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
};
const clockAt = (symbol: string, day: string, time: string) =>
  contractClock(contract(symbol, day), chicagoInstant(dayOf(day), clockTime(time)));
/** The end of the settlement window as UTC hours and minutes. */
const utc = (atMicros: number): string => new Date(atMicros / 1000).toISOString().slice(0, 16);

describe('time to settlement', () => {
  it('keeps to the clock in Chicago over both changes of 2024: 15:00 is 21:00 UTC in winter, 20:00 in summer', () => {
    for (const [day, ends] of [
      ['2024-03-08', '2024-03-08T21:00'],
      ['2024-03-11', '2024-03-11T20:00'],
      ['2024-11-01', '2024-11-01T20:00'],
      ['2024-11-04', '2024-11-04T21:00'],
    ] as const) {
      expect(utc(clockAt('ESZ4', day, '10:00:00').settlementEndMicros)).toBe(ends);
    }
    // Sunday evening, an hour after the spring change: the next settlement is Monday's, by summer time.
    expect(utc(clockAt('ESZ4', '2024-03-10', '18:00:00').settlementEndMicros)).toBe('2024-03-11T20:00');
  });

  it('moves with half days, and skips holidays and weekends', () => {
    // The day after Thanksgiving: stocks close at 12:00 in Chicago, and their futures settle then.
    expect(utc(clockAt('ESZ4', '2024-11-29', '09:00:00').settlementEndMicros)).toBe('2024-11-29T18:00');
    // Good Friday 2024 has no settlement, nor has the weekend.
    expect(utc(clockAt('ESM4', '2024-03-29', '09:00:00').settlementEndMicros)).toBe('2024-04-01T20:00');
    expect(utc(clockAt('ESM4', '2024-03-30', '09:00:00').settlementEndMicros)).toBe('2024-04-01T20:00');
  });

  it('gold, crude oil, currencies and notes each by their own time', () => {
    for (const [symbol, ends] of [
      ['GCM4', '2024-05-14T17:30'],
      ['SIN4', '2024-05-14T17:25'],
      ['CLN4', '2024-05-14T18:30'],
      ['6EM4', '2024-05-14T19:00'],
      ['ZNM4', '2024-05-14T19:00'],
    ] as const) {
      expect(utc(clockAt(symbol, '2024-05-14', '09:00:00').settlementEndMicros)).toBe(ends);
    }
  });

  it('a reading holds as long as it says: minute by minute over the changes, the answer is that of a fresh reading', () => {
    for (const [symbol, from] of [
      ['ESM4', '2024-03-08'],
      ['ESZ4', '2024-11-01'],
      ['CLJ4', '2024-02-28'],
    ] as const) {
      const one = contract(symbol, from);
      const begin = chicagoInstant(dayOf(from), 0);
      let held = contractClock(one, begin);
      for (let m = 0; m < 4 * 1440; m += 5) {
        const now = micros(begin + m * MINUTE);
        if (now >= held.validUntilMicros) held = contractClock(one, now);
        const { validUntilMicros: _, ...fresh } = contractClock(one, now);
        expect(held).toMatchObject(fresh);
      }
    }
  });
});

describe('business days to the end of a contract', () => {
  it('counts business days one by one, weekends and holidays left out, over years with and without a leap day', () => {
    for (const year of [2023, 2024, 2100]) {
      const begin = dayOf(`${year}-02-20`);
      let count = 0;
      for (let d = 1; d <= 40; d++) {
        const day = addDays(begin, d);
        if (isBusinessDay(day)) count++;
        expect(businessDaysBetween(begin, day)).toBe(count);
        expect(businessDaysBetween(day, begin)).toBe(count === 0 ? 0 : -count);
      }
    }
    // 2024-02-29 is a Thursday: two business days from Wednesday to Friday. In 2023 the day after the 28th is March 1.
    expect(businessDaysBetween(dayOf('2024-02-28'), dayOf('2024-03-01'))).toBe(2);
    expect(businessDaysBetween(dayOf('2023-02-28'), dayOf('2023-03-01'))).toBe(1);
    // Thanksgiving 2024: Wednesday to Friday is one business day.
    expect(businessDaysBetween(dayOf('2024-11-27'), dayOf('2024-11-29'))).toBe(1);
  });

  it('ends on the last trading day, or the first notice day where that is earlier', () => {
    const of = (symbol: string, day: string): { deadline: string; day: string; left: number } => {
      const { deadline, deadlineDay, businessDaysLeft } = clockAt(symbol, day, '10:00:00');
      return { deadline, day: formatDay(deadlineDay), left: businessDaysLeft };
    };
    expect(of('ESH4', '2024-03-11')).toEqual({ deadline: 'last-trading-day', day: '2024-03-15', left: 4 });
    expect(of('GCJ4', '2024-03-25')).toEqual({ deadline: 'first-notice-day', day: '2024-03-28', left: 3 });
    // Leap day: crude oil of April 2024 ends on March 20.
    expect(of('CLJ4', '2024-02-29')).toEqual({ deadline: 'last-trading-day', day: '2024-03-20', left: 14 });
    // Juneteenth lies between.
    expect(of('ESM4', '2024-06-17')).toEqual({ deadline: 'last-trading-day', day: '2024-06-21', left: 3 });
  });

  it('the evening session carries the date of the next day, before and after a change', () => {
    const left = (day: string, time: string): number => clockAt('ESH4', day, time).businessDaysLeft;
    expect([
      left('2024-03-08', '16:59:59'),
      left('2024-03-10', '17:00:00'),
      left('2024-03-11', '12:00:00'),
    ]).toEqual([5, 4, 4]);
  });
});

describe('position limits', () => {
  it('are dated: none is known before its table begins, and an unknown one is no permission', () => {
    const es = contract('ESZ4', '2024-01-02').product;
    const zn = contract('ZNH4', '2024-01-02').product;
    const on = (day: string): CivilDay => dayOf(day);
    expect(positionLimitOn(es, on('2019-12-31'))).toBeNull();
    expect(positionLimitOn(es, on('2020-01-01'))?.value).toEqual({ limit: 50_000, accountability: 20_000 });
    expect(positionLimitOn(zn, on('2015-01-02'))?.value).toEqual({ limit: null, accountability: 7_500 });
    expect(positionLimitOn(contract('MESH4', '2024-01-02').product, on('2024-01-02'))?.value.limit).toBe(
      50_000,
    );
  });
});
