// What-if: the edges that random portfolios do not reach.
import { describe, expect, it } from 'vitest';
import { AT, markOf, portfolioOf, position } from '../testkit/build-portfolio.ts';
import { publishedBrackets } from '../testkit/published-brackets.ts';
import type { WhatIf, WhatIfReport } from './margin-report.ts';
import { whatIf } from './what-if.ts';

const TABLE = publishedBrackets('2026-05-01');
const MARKS = [markOf('BTCUSDT', 60_000), markOf('ETHUSDT', 3_000)];

function ask(portfolio: Parameters<typeof whatIf>[1], question: Partial<WhatIf> = {}): WhatIfReport {
  return whatIf({ shift: 0, instrument: null, ...question }, portfolio, MARKS, TABLE, AT);
}

describe('what-if', () => {
  it('walks the whole ladder of an isolated long, to the exact shift and price of each rung', () => {
    const { rows } = ask(portfolioOf('0', [position({ isolatedWallet: '6000' })]), { shift: -0.1 });
    const [row] = rows;
    // wallet + (p − 60,000) = t × 0.004 p, so p = 54,000 ÷ (1 − 0.004 t)
    const price = (t: number): number => 54_000 / (1 - 0.004 * t);
    expect(row?.changes.map((c) => c.status)).toEqual(['WARNING', 'DANGER', 'CRITICAL', 'LIQUIDATION']);
    [1.5, 1.2, 1.05, 1].forEach((t, i) => {
      expect(row?.changes[i]?.price).toBeCloseTo(price(t), 6);
      expect(row?.changes[i]?.shift).toBeCloseTo(price(t) / 60_000 - 1, 12);
    });
    expect(row).toMatchObject({
      accountId: 'a',
      positionId: 'BTCUSDT/long',
      label: 'BTCUSDT long',
      after: { status: 'LIQUIDATION' },
    });
  });

  it('shows the way back up from liquidation', () => {
    const [row] = ask(portfolioOf('0', [position({ isolatedWallet: '200' })])).rows;
    expect(row?.before?.status).toBe('LIQUIDATION');
    expect(row?.changes.map((c) => [Math.sign(c.shift), c.status])).toEqual([
      [1, 'CRITICAL'],
      [1, 'DANGER'],
      [1, 'WARNING'],
      [1, 'HEALTHY'],
    ]);
  });

  it('a change exactly at the mark counts for the side where the status differs', () => {
    // maintenance 0.004 × 60,000 = 240: a wallet of 360 stands exactly at 1.5, one of 240 exactly at 1
    const edge = (wallet: string): unknown =>
      ask(portfolioOf('0', [position({ isolatedWallet: wallet })])).rows[0]?.changes.find(
        (c) => c.shift === 0,
      );
    expect(edge('360')).toEqual({ shift: 0, price: 60_000, status: 'WARNING' });
    expect(edge('240')).toEqual({ shift: 0, price: 60_000, status: 'CRITICAL' });
  });

  it('moves one instrument only, and leaves rows without it alone', () => {
    const held = portfolioOf('20000', [
      position({}),
      position({ symbol: 'ETHUSDT', entryPrice: '3000', isolatedWallet: '500' }),
    ]);
    const { rows } = ask(held, { shift: 0.2, instrument: 'binance-usdm:ETHUSDT' });
    expect(rows.map((r) => r.label)).toEqual(['A', 'ETHUSDT long']);
    expect(rows[0]?.after).toEqual(rows[0]?.before);
    expect(rows[0]?.changes).toEqual([]);
    expect(rows[1]?.after?.marginRatio).toBeGreaterThan(rows[1]?.before?.marginRatio ?? 0);
  });

  it('a row without figures is shown as such and counted in neither number', () => {
    const held = portfolioOf('20000', [
      position({ symbol: 'NOSUCHUSDT' }),
      position({ isolatedWallet: '300' }),
    ]);
    const found = ask(held, { shift: -0.01 });
    expect(found.rows[0]).toMatchObject({ positionId: null, before: null, after: null, changes: [] });
    expect([found.fallen, found.total]).toEqual([1, 1]);
    expect(found.trust).toBe('OFFLINE');
  });

  it('marks given by hand move too', () => {
    const held = portfolioOf('0', [
      position({
        symbol: 'DOGEUSDT',
        size: '1000',
        entryPrice: '0.1',
        isolatedWallet: '10',
        givenMarkPrice: '0.1',
      }),
    ]);
    const found = ask(held, { shift: -0.2 });
    expect(found.trust).toBe('STALE');
    expect(found.rows[0]?.after?.marginRatio).toBeLessThan(found.rows[0]?.before?.marginRatio ?? 0);
  });

  it('takes no move that ends at or below zero', () => {
    for (const shift of [-1, -2, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => ask(portfolioOf('1', []), { shift })).toThrow();
    }
  });
});
