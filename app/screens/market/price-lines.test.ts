/** Tests of the price lines of an instrument. */
import { describe, expect, it } from 'vitest';
import type { MarginReport, PositionMargin } from '../../../engine/margin/margin-report.ts';
import type { TrustState } from '../../../engine/market/trust.ts';
import { demoPortfolio } from '../../state/demo-portfolio.ts';
import { priceLines, whatIfPrice } from './price-lines.ts';

const instrument = 'binance-usdm:BTCUSDT' as const;
const base = {
  instrument,
  portfolio: demoPortfolio(),
  report: null,
  markPrice: 60000,
  shift: 0,
  shifted: null,
};

describe('price lines', () => {
  it('marks entries of this instrument only, and nothing that is not known', () => {
    const held = demoPortfolio()
      .accounts.flatMap(({ positions }) => positions)
      .filter(({ symbol }) => symbol === 'BTCUSDT');
    expect(held.length).toBeGreaterThan(0);
    expect(priceLines(base).map(({ kind }) => kind)).toEqual([...held.map(() => 'entry'), 'mark']);
  });

  it('gives a liquidation its status only while the mark it rests on is live', () => {
    const position = demoPortfolio()
      .accounts.flatMap(({ positions }) => positions)
      .find(({ symbol }) => symbol === 'BTCUSDT');
    const statusAt = (trust: TrustState) => {
      const margin = {
        positionId: position?.id,
        trust,
        figures: { liquidationPrice: 50_000, status: 'DANGER' },
      } as PositionMargin;
      const report = { positions: [margin] } as unknown as MarginReport;
      return priceLines({ ...base, report }).find(({ kind }) => kind === 'liquidation')?.status;
    };
    expect(statusAt('LIVE')).toBe('DANGER');
    expect(['DEGRADED', 'STALE', 'RESYNCING', 'OFFLINE'].map((t) => statusAt(t as TrustState))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('draws the nearest of too many', () => {
    const [account] = demoPortfolio().accounts;
    const [position] = account!.positions;
    const positions = Array.from({ length: 300 }, (_, at) => ({
      ...position!,
      id: `p${at}`,
      entryPrice: String(50_000 + 100 * at),
    }));
    const lines = priceLines({ ...base, portfolio: { accounts: [{ ...account!, positions }] } });
    expect(lines).toHaveLength(61);
    expect(lines.every(({ price }) => Math.abs(price - 60_000) <= 3_000)).toBe(true);
  });

  it('moves the mark only where the question moves it', () => {
    expect(whatIfPrice({ ...base, shift: -0.1 })).toBeCloseTo(54000, 6);
    expect(whatIfPrice({ ...base, shift: -0.1, shifted: 'binance-usdm:ETHUSDT' })).toBeNull();
    expect(whatIfPrice({ ...base, shift: -0.1, markPrice: null })).toBeNull();
    expect(priceLines({ ...base, shift: -0.1 }).at(-1)?.kind).toBe('what-if');
  });
});
