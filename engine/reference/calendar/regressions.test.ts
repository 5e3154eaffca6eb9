// Defects of an earlier implementation and facts it had wrong, each by name: calendar, sessions and roll.
import { describe, expect, it } from 'vitest';
import { formatContractSymbol } from '../instruments/cme-contracts.ts';
import { CME_PRODUCTS, findProduct } from '../instruments/cme-products.ts';
import { chicagoInstant, clockTime, isChicagoDaylight } from './chicago-time.ts';
import { dayOf, FRIDAY, formatDay, nthWeekday, weekdayOf } from './civil-day.ts';
import { lastTradingDay } from './contract-dates.ts';
import { frontMonth } from './front-month.ts';
import { sessionAt } from './sessions.ts';

describe('regressions', () => {
  it('the front month of ES on 2025-03-03 is March, the contract that trades, not June', () => {
    expect(formatContractSymbol(frontMonth(findProduct('ES')!, dayOf('2025-03-03')), 2)).toBe('ESH25');
    expect(formatContractSymbol(frontMonth(findProduct('ES')!, dayOf('2025-03-17')), 2)).toBe('ESM25');
  });

  it('not every product expires on a third Friday', () => {
    const onThirdFriday = CME_PRODUCTS.filter(
      (product) => lastTradingDay({ product, year: 2025, month: 6 }) === nthWeekday(2025, 6, FRIDAY, 3),
    ).map((product) => product.code);
    expect(onThirdFriday).toEqual(['ES', 'MES', 'NQ', 'MNQ', 'YM', 'MYM', 'RTY', 'M2K']);
    const dates = ['GC', 'CL', 'NG', '6E', 'ZN', 'ZT'].map((code) =>
      formatDay(lastTradingDay({ product: findProduct(code)!, year: 2025, month: 6 })),
    );
    expect(dates).toEqual([
      '2025-06-26',
      '2025-05-20',
      '2025-05-28',
      '2025-06-16',
      '2025-06-18',
      '2025-06-30',
    ]);
  });

  it('a stock index contract whose third Friday is a holiday expires the day before', () => {
    const day = lastTradingDay({ product: findProduct('ES')!, year: 2027, month: 6 });
    expect([formatDay(day), weekdayOf(day)]).toEqual(['2027-06-17', 4]);
  });

  it('the daily break is 16:00 to 17:00 in Chicago, not 16:15 to 16:30 in New York', () => {
    const open = (time: string): boolean =>
      sessionAt('equity', chicagoInstant(dayOf('2025-06-10'), clockTime(time))) !== null;
    // 16:15 to 16:30 in New York is 15:15 to 15:30 in Chicago.
    expect(['15:15', '15:29', '16:00', '16:30', '16:59:59', '17:00'].map(open)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('Chicago keeps daylight saving time, so that no fixed offset from UTC serves', () => {
    const at = (text: string): number => chicagoInstant(dayOf(text), clockTime('08:30'));
    const utcHour = (text: string): number => (at(text) / 3_600_000_000) % 24;
    expect([utcHour('2025-01-15'), utcHour('2025-07-15')]).toEqual([14.5, 13.5]);
    expect(isChicagoDaylight(chicagoInstant(dayOf('2025-07-15'), 0))).toBe(true);
  });

  it('the two-year note ticks in 1/256 since 2019, in 1/128 before, and is worth 2000 a point', () => {
    const zt = findProduct('ZT')!;
    expect([zt.multiplier, zt.tickSizes.map((tick) => 1 / Number(tick.value.text))]).toEqual([
      '2000',
      [128, 256],
    ]);
  });
});
