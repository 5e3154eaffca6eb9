// Funding and mark defects seen in other systems, each as a test of its own.
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { FundingDesk } from './funding-desk.ts';
import { FundingPayments } from './funding-payments.ts';
import { fundingRate } from './funding-rate.ts';
import { BINANCE_FUNDING_TABLES, fundingTermsOn, HYPERLIQUID_FUNDING } from './funding-terms.ts';
import { composeMark } from './mark-price.ts';
import { nextFundingMicros } from './premium-index.ts';

const HOUR = 3_600_000_000;
const MIDNIGHT = Date.UTC(2026, 4, 4) * 1000;

describe('defects seen elsewhere', () => {
  it('the cap is that of the symbol (elsewhere: ±0.375 % for all)', () => {
    const capOf = (symbol: string, firstRate: number): number => {
      const found = fundingTermsOn(BINANCE_FUNDING_TABLES, symbol, '2026-05-04', firstRate);
      return found.ok ? fundingRate(1, found.value) : Number.NaN;
    };
    expect(capOf('BTCUSDT', 0.004)).toBeCloseTo(0.003, 12);
    expect(capOf('DOGEUSDT', 0.0065)).toBeCloseTo(0.004875, 12);
    expect(capOf('BLURUSDT', 0.015)).toBeCloseTo(0.02, 12);
    expect(fundingRate(1, HYPERLIQUID_FUNDING)).toBe(0.04);
  });

  it('funding falls each 8, 4 or 1 hours as the contract says (elsewhere: always 00, 08 and 16)', () => {
    const now = micros(MIDNIGHT + 8.5 * HOUR);
    const hours = [8, 4, 1].map((interval) => (nextFundingMicros(now, interval) - MIDNIGHT) / HOUR);
    expect(hours).toEqual([16, 12, 9]);
  });

  it('an instant is paid once although it is heard twice within its tolerance (elsewhere: a window of ±60 s)', () => {
    const payments = new FundingPayments();
    const instantMicros = micros(MIDNIGHT + 8 * HOUR);
    payments.apply({
      kind: 'position-changed',
      account: 'a',
      sequence: 1,
      atMicros: micros(MIDNIGHT),
      size: '1',
    });
    const rate = { kind: 'rate-known', instantMicros, rate: '0.0001', markPrice: '60000' } as const;
    const booked = [...payments.apply(rate), ...payments.apply(rate)].filter(
      (o) => o.kind === 'payment-booked',
    );
    expect(booked).toMatchObject([{ amount: '-6.00000000' }]);
  });

  it('a rate nobody heard is missing, not neutral (elsewhere: 0.01 %)', () => {
    const desk = new FundingDesk(
      { intervalHours: 8, interestRate: 0.0001, capRate: 0.003 },
      micros(MIDNIGHT),
    );
    const passed = desk.apply({ kind: 'time-passed', atMicros: micros(MIDNIGHT + 8 * HOUR) });
    expect(passed.map(({ kind }) => kind)).toEqual(['rate-missing']);
    expect(desk.predicted().rate).toBeNull();
  });

  it('one print far from the market does not move the mark (elsewhere: the mark is the last price)', () => {
    const parts = {
      index: 60_000,
      basisMean: 6,
      lastFundingRate: 0.0001,
      untilFundingMicros: 4 * HOUR,
      fundingIntervalMicros: 8 * HOUR,
      lastPrice: 42_000,
    };
    expect(composeMark('median', parts).mark).toBeCloseTo(60_003, 9);
    expect(composeMark('last', parts).mark).toBe(42_000);
  });
});
