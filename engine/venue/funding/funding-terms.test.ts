// Funding terms: the measured caps follow from the bracket table of the same day, and no day before the first table has any.
import { describe, expect, it } from 'vitest';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { BINANCE_FUNDING_TABLES, type FundingTable, fundingTermsOn } from './funding-terms.ts';

const BRACKETS = publishedBrackets('2026-05-01').symbols;

function capOf(symbol: string, day = '2026-05-04', tables = BINANCE_FUNDING_TABLES): number | string {
  const rate = BRACKETS.get(symbol)?.[0]?.maintenanceMarginRate ?? Number.NaN;
  const found = fundingTermsOn(tables, symbol, day, rate);
  return found.ok ? found.value.capRate : found.failure.code;
}

describe('funding terms', () => {
  it('give the measured caps: three quarters of the first bracket for the majors, 2 % for others', () => {
    const measured: Readonly<Record<string, number>> = {
      BTCUSDT: 0.003,
      ETHUSDT: 0.003,
      BNBUSDT: 0.00375,
      SOLUSDT: 0.00375,
      ADAUSDT: 0.00375,
      XRPUSDT: 0.00375,
      DOGEUSDT: 0.004875,
      BLURUSDT: 0.02,
    };
    for (const [symbol, cap] of Object.entries(measured)) expect(capOf(symbol)).toBeCloseTo(cap, 12);
  });

  it('are those of the newest table not after the day, and unknown before the first', () => {
    const [first] = BINANCE_FUNDING_TABLES;
    if (first === undefined) throw new Error('a table is shipped');
    const row = {
      symbols: null,
      intervalHours: 4,
      interestRate: 0,
      cap: { kind: 'fixed', rate: 0.01 },
    } as const;
    const tables: readonly FundingTable[] = [{ date: '2026-06-01', source: 'test', rows: [row] }, first];
    expect(capOf('BLURUSDT', '2026-05-31', tables)).toBe(0.02);
    expect(capOf('BLURUSDT', '2026-06-01', tables)).toBe(0.01);
    expect(capOf('BLURUSDT', '2026-04-30', tables)).toBe('venue/funding-terms-missing');
    expect(() => capOf('BLURUSDT', 'today')).toThrow();
  });
});
