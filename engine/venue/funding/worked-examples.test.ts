// The worked numbers of docs/funding.md: computed here, and found on the page as computed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { FundingPayments } from './funding-payments.ts';
import { fundingRate } from './funding-rate.ts';
import { BINANCE_FUNDING_TABLES, fundingTermsOn, HYPERLIQUID_FUNDING } from './funding-terms.ts';
import { impactMarginNotional } from './impact-price.ts';
import { indexPrice } from './index-basket.ts';
import { composeMark, fundingCarriedPrice } from './mark-price.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/funding.md'), 'utf8');
const HOUR = 3_600_000_000;
const NOW = micros(Date.UTC(2026, 4, 4) * 1000);

/** The page shows the value in bold, with grouping commas and as many decimals as it needs. */
function shows(value: number): void {
  const text = Math.abs(value).toLocaleString('en-US', { maximumFractionDigits: 8 });
  expect(page).toContain(`**${value < 0 ? '−' : ''}${text}**`);
}

describe('docs/funding.md', () => {
  it('index and mark', () => {
    const prices = [100, 101, 99, 110];
    const basket = prices.map((_, i) => ({ exchange: `${i}`, weight: 1 }));
    const quotes = prices.map((price, i) => ({ exchange: `${i}`, price, atMicros: NOW }));
    const found = indexPrice(basket, quotes, NOW);
    shows(found.ok ? found.value.price : Number.NaN);
    shows(fundingCarriedPrice(10_000, 0.0003, 4 * HOUR, 8 * HOUR));
    const mark = composeMark('median', {
      index: 60_000,
      basisMean: 6,
      lastFundingRate: 0.0001,
      untilFundingMicros: 4 * HOUR,
      fundingIntervalMicros: 8 * HOUR,
      lastPrice: 42_000,
    });
    shows(mark.mark);
  });

  it('premium, rate and terms', () => {
    const symbols = publishedBrackets('2026-05-01').symbols;
    shows(impactMarginNotional(125));
    shows(impactMarginNotional(symbols.get('BTCUSDT')?.[0]?.maxLeverage ?? 0));
    shows(100 * fundingRate(0.001, { intervalHours: 4, interestRate: 0.0001, capRate: 0.003 }));
    for (const symbol of ['BTCUSDT', 'DOGEUSDT']) {
      const first = symbols.get(symbol)?.[0]?.maintenanceMarginRate ?? 0;
      const terms = fundingTermsOn(BINANCE_FUNDING_TABLES, symbol, '2026-05-01', first);
      shows(terms.ok ? 100 * terms.value.capRate : Number.NaN);
    }
    shows(100 * fundingRate(0, HYPERLIQUID_FUNDING));
  });

  it('payment', () => {
    const payments = new FundingPayments();
    payments.apply({ kind: 'position-changed', account: 'a', sequence: 1, atMicros: NOW, size: '2' });
    const instantMicros = micros(NOW + 8 * HOUR);
    const [paid] = payments.apply({ kind: 'rate-known', instantMicros, rate: '0.0001', markPrice: '65000' });
    shows(paid?.kind === 'payment-booked' ? Number(paid.amount) : Number.NaN);
  });
});
