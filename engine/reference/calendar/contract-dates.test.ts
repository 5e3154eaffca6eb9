// Expiries, notice days and front months against published tables and recorded rolls.
import { describe, expect, it } from 'vitest';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { type CmeContract, formatContractSymbol, parseContractSymbol } from '../instruments/cme-contracts.ts';
import { findProduct } from '../instruments/cme-products.ts';
import { chicagoClock, clockTime } from './chicago-time.ts';
import { addDays, type CivilDay, civilDay, dayOf, formatDay } from './civil-day.ts';
import { firstNoticeDay, lastTradingDay, lastTradingInstant } from './contract-dates.ts';
import { frontMonth, nextActiveContract, rollDay } from './front-month.ts';
import { addBusinessDays, isBusinessDay } from './holidays.ts';

function contract(symbol: string, on: string): CmeContract {
  const parsed = parseContractSymbol(symbol, dayOf(on));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

describe.skipIf(!HAS_SHARED_DATA)(`published tables${SHARED_DATA_NOTE}`, () => {
  it('have every last trading day of our products, but for the listed rows', () => {
    const rows = readSharedText('cme/futures_last_trade_dates.csv').trim().split('\n').slice(1);
    const different: string[] = [];
    let compared = 0;
    for (const row of rows) {
      const [code = '', month = '', last = ''] = row.split(',');
      const product = findProduct(code);
      if (product === null) continue;
      compared++;
      const [year = 0, ofYear = 0] = month.split('-').map(Number);
      const ours = formatDay(lastTradingDay({ product, year, month: ofYear }));
      if (ours !== last.slice(0, 10)) different.push(`${code} ${month}: ${last.slice(0, 10)}, ours ${ours}`);
    }
    expect(compared).toBeGreaterThan(300);
    expect(different).toEqual([
      // The source counts 2021-12-31 as a holiday, which neither its own calendar nor that of the exchange does.
      'GC 2021-12: 2021-12-28, ours 2021-12-29',
      // No contracts of the active cycle: the source gives them the dates of the month after.
      'MGC 2017-09: 2017-10-27, ours 2017-09-27',
      'MGC 2018-03: 2018-04-26, ours 2018-03-27',
      'NG 2022-01: 2021-12-28, ours 2021-12-29',
      'SI 2021-12: 2021-12-28, ours 2021-12-29',
    ]);
  });

  it('have the front month of ES on every day, by the last trading day and by the month of expiry', () => {
    const rolls = readSharedText('cme/es-roll-map.csv').trim().split('\n').slice(1);
    const es = findProduct('ES')!;
    const conventions = { '0': 'last-trading-day', '1': 'month-of-expiry' } as const;
    for (const [mode, convention] of Object.entries(conventions)) {
      let from: CivilDay | null = null;
      let days = 0;
      const different: string[] = [];
      for (const line of rolls) {
        const [until = '', symbol = '', , kind] = line.split(',');
        if (kind !== mode) continue;
        const last = dayOf(`${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`);
        const expiry = expiryOfSecurityId(symbol.split(' ')[1] ?? '');
        for (let day = from ?? last; day <= last; day = addDays(day, 1)) {
          days++;
          const ours = lastTradingDay(frontMonth(es, day, convention));
          if (ours !== expiry)
            different.push(`${formatDay(day)}: ${formatDay(expiry)}, ours ${formatDay(ours)}`);
        }
        from = addDays(last, 1);
      }
      expect(days).toBeGreaterThan(4_900);
      expect(different).toEqual([]);
    }
  });

  it('have the roll of open interest in ES within a week of the Monday rule', () => {
    const es = findProduct('ES')!;
    const apart = new Map<number, number>();
    for (const line of readSharedText('cme/es-roll-map.csv').trim().split('\n').slice(1)) {
      const [until = '', symbol = '', , kind] = line.split(',');
      if (kind !== '2' || until.startsWith('2050') || until.startsWith('1899')) continue;
      const last = dayOf(`${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`);
      const expiry = expiryOfSecurityId(symbol.split(' ')[1] ?? '');
      const named = frontMonth(es, addDays(expiry, -1), 'last-trading-day');
      const distance = addDays(last, 1) - rollDay(named);
      apart.set(distance, (apart.get(distance) ?? 0) + 1);
    }
    const all = [...apart.entries()].flatMap(([days, count]) => Array<number>(count).fill(days));
    expect(all.length).toBeGreaterThan(45);
    expect(all.filter((days) => Math.abs(days) > 7).length).toBeLessThanOrEqual(1);
  });
});

/** The expiry in a security id of the source: base 36, whose five leading digits count days since 1899-12-30. */
function expiryOfSecurityId(id: string): CivilDay {
  let value = 0n;
  for (const letter of id)
    value = value * 36n + BigInt('0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(letter));
  return addDays(civilDay(1899, 12, 30), Number(value / 10n ** 14n));
}

describe('contract dates', () => {
  it('give first notice as published for 2026', () => {
    const notices: [string, string][] = [
      ['GCG26', '2026-01-30'],
      ['GCZ26', '2026-11-30'],
      ['SIH26', '2026-02-27'],
      ['CLF26', '2025-12-23'],
      ['CLH26', '2026-02-24'],
      ['CLZ26', '2026-11-24'],
      ['NGF26', '2025-12-30'],
      ['NGM26', '2026-05-28'],
      ['NGZ26', '2026-11-27'],
    ];
    const different = notices.filter(([symbol, day]) => {
      const notice = firstNoticeDay(contract(symbol, '2025-06-01'));
      return notice === null || formatDay(notice) !== day;
    });
    expect(different).toEqual([]);
    expect(firstNoticeDay(contract('ESH26', '2025-06-01'))).toBeNull();
    expect(firstNoticeDay(contract('MCLH26', '2025-06-01'))).toBeNull();
  });

  it('end trading at the hour of the product', () => {
    const hour = (symbol: string): number =>
      chicagoClock(lastTradingInstant(contract(symbol, '2026-01-05'))).timeMicros;
    expect(hour('ESH6')).toBe(clockTime('08:30'));
    expect(hour('6EH6')).toBe(clockTime('09:16'));
    expect(hour('ZNH6')).toBe(clockTime('12:01'));
    expect(hour('CLH6')).toBe(clockTime('13:30'));
  });

  it('keep a minor contract ahead of its parent', () => {
    for (const [minor, major] of [
      ['MCL', 'CL'],
      ['MNG', 'NG'],
      ['QG', 'NG'],
    ] as const) {
      const last = lastTradingDay(contract(`${minor}K26`, '2026-01-01'));
      expect(addBusinessDays(last, 1)).toBe(lastTradingDay(contract(`${major}K26`, '2026-01-01')));
    }
  });

  it('have a front month on every day whose trading has not ended, in order', () => {
    for (const code of ['ES', 'GC', 'SI', 'CL', 'NG', '6E', 'ZN', 'ZT', 'MCL'] as const) {
      const product = findProduct(code)!;
      let previous = frontMonth(product, dayOf('2019-01-01'));
      for (let day = dayOf('2019-01-01'); day < dayOf('2021-12-31'); day = addDays(day, 1)) {
        const front = frontMonth(product, day);
        expect(lastTradingDay(front)).toBeGreaterThanOrEqual(day);
        if (formatContractSymbol(front, 2) === formatContractSymbol(previous, 2)) continue;
        expect(formatContractSymbol(front, 2)).toBe(formatContractSymbol(nextActiveContract(previous), 2));
        expect(rollDay(previous)).toBe(day);
        previous = front;
      }
      expect(isBusinessDay(rollDay(previous))).toBe(true);
    }
  });
});
