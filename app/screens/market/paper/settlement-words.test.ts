// What the paper panel says of daily settlement.
import { describe, expect, it } from 'vitest';
import { micros } from '../../../../engine/core/units.ts';
import { LISTINGS } from '../../../../engine/reference/instruments/listings.ts';
import type { PaperClearing, SettlementLine } from '../../../../workers/contract/paper.ts';
import { settledTitle, settledWords, settlementWords } from './settlement-words.ts';

const ES = LISTINGS.find(({ symbol }) => symbol === 'ESZ6')!;
const LINE: SettlementLine = {
  tradingDay: '2026-03-12',
  atMicros: micros(Date.UTC(2026, 2, 12, 20) * 1_000),
  priceTicks: 20_049,
  tier: 'vwap',
  lots: 3,
  amount: '412.50000000',
};

describe('a settled day', () => {
  it('is one line with its price and what was paid', () => {
    expect(settledWords(LINE, ES)).toBe('Settled 2026-03-12 at 5,012.25: +412.50 USD');
    expect(settledWords({ ...LINE, amount: '-1250.00000000' }, ES)).toContain(': −1,250.00 USD');
    expect(settledTitle(LINE, ES)).toBe('3 long; price: average of the trades of the window, by volume');
    expect(settledTitle({ ...LINE, lots: 0, tier: 'middle' }, ES)).toMatch(
      /^flat; price: middle of bid and ask/,
    );
  });

  it('stands in a panel that tells the price in force and the next settlement', () => {
    const clearing = { settlementTicks: 20_049, nextMicros: LINE.atMicros } as PaperClearing;
    expect(settlementWords(clearing, ES, 'utc')).toMatch(/^Settlement 5,012\.25 · next .*20:00:00/);
    expect(settlementWords({ ...clearing, settlementTicks: null }, ES, 'utc')).toMatch(/^next /);
  });
});
