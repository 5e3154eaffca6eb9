// Margin defects seen in other systems, each as a test of its own.
import { describe, expect, it } from 'vitest';
import { AT, markOf, portfolioOf, position } from '../testkit/build-portfolio.ts';
import { publishedBrackets } from '../testkit/published-brackets.ts';
import { maintenanceMargin } from './brackets/maintenance-margin.ts';
import { bracketAt } from './brackets/notional-bracket.ts';
import { marginReport } from './portfolio-margin.ts';

const TABLE_2021 = publishedBrackets('2021-03-01');
const BTC_2021 = TABLE_2021.symbols.get('BTCUSDT') ?? [];
const requirement = (notional: number): number => maintenanceMargin(notional, bracketAt(BTC_2021, notional));

describe('defects seen elsewhere', () => {
  it('the liquidation price is where the ratio is 1 (elsewhere: 2.48, 1.55, 1.65, 1.29)', () => {
    for (const [leverage, size] of [
      [10, '0.5'],
      [20, '4'],
      [50, '20'],
      [5, '150'],
    ] as const) {
      const wallet = String((Number(size) * 60_000) / leverage);
      const held = portfolioOf('0', [position({ size, leverage, isolatedWallet: wallet })]);
      const price = marginReport(held, [markOf('BTCUSDT', 60_000)], TABLE_2021, AT).positions[0]?.figures;
      expect(price?.liquidationPrice).toBeGreaterThan(0);
      const there = marginReport(held, [markOf('BTCUSDT', price?.liquidationPrice ?? 0)], TABLE_2021, AT);
      expect(there.positions[0]?.figures?.marginRatio).toBeCloseTo(1, 9);
    }
  });

  it('maintenance does not jump at a bracket edge (elsewhere: 1,250 → 2,500 at 250,000)', () => {
    expect(requirement(250_000)).toBe(1_200);
    expect(requirement(250_000.01)).toBeCloseTo(1_200, 3);
  });

  it('the maintenance amount is subtracted, not added (elsewhere: 4,300 for 300,000)', () => {
    expect(requirement(300_000)).toBe(1_700);
  });

  it('a contract without parameters has no margin figure (elsewhere: 0 for 500 NQ)', () => {
    const held = portfolioOf('1000', [
      position({
        symbol: 'NQZ6',
        venue: 'cme-globex',
        size: '500',
        entryPrice: '20000',
        givenMarkPrice: '20000',
      }),
    ]);
    const report = marginReport(held, [], TABLE_2021, AT);
    expect(report.positions[0]?.figures).toBeNull();
    expect(report.positions[0]?.failure?.code).toBe('margin/bracket-missing');
    expect(report.positions[0]?.failure?.message).toContain('SPAN');
    expect(report.accounts[0]?.maintenanceMargin).toBeNull();
  });

  it('the margin ratio follows the mark (elsewhere: always 1.5)', () => {
    const held = portfolioOf('3000', [position({ size: '0.5' })]);
    const ratios = [54_500, 58_000, 60_000, 66_000].map(
      (price) => marginReport(held, [markOf('BTCUSDT', price)], TABLE_2021, AT).accounts[0]?.marginRatio ?? 0,
    );
    expect(ratios).toEqual(ratios.toSorted((a, b) => a - b));
    expect(new Set(ratios.map((r) => r.toFixed(3))).size).toBe(4);
  });

  it('cross liquidation uses the whole wallet and the other positions, not the stake alone', () => {
    const alone = marginReport(
      portfolioOf('10000', [position({})]),
      [markOf('BTCUSDT', 60_000)],
      TABLE_2021,
      AT,
    );
    const marks = [markOf('BTCUSDT', 60_000), markOf('ETHUSDT', 2_900)];
    const eth = position({ symbol: 'ETHUSDT', size: '10', entryPrice: '3000' });
    const beside = marginReport(portfolioOf('10000', [position({}), eth]), marks, TABLE_2021, AT);
    const price = (report: typeof alone): number => report.positions[0]?.figures?.liquidationPrice ?? 0;
    // The stake at 10x would be 6,000; the other position takes 1,000 of loss and its maintenance away.
    expect(price(alone)).toBeCloseTo((10_000 + 50 - 60_000) / (0.005 - 1), 6);
    const ethMaintenance = 29_000 * 0.0065 - 15;
    expect(price(beside)).toBeCloseTo((10_000 - 1_000 - ethMaintenance + 50 - 60_000) / (0.005 - 1), 6);
  });

  it('a replay of 2021 uses the table of 2021: the same position stands elsewhere under the one of 2026', () => {
    const held = portfolioOf('0', [position({ size: '50', isolatedWallet: '300000' })]);
    const under = (date: string): number =>
      marginReport(held, [markOf('BTCUSDT', 60_000)], publishedBrackets(date), AT).positions[0]?.figures
        ?.maintenanceMargin ?? 0;
    expect(under('2021-03-01')).toBe(3_000_000 * 0.025 - 16_300);
    expect(under('2026-05-01')).toBe(3_000_000 * 0.0065 - 1_500);
  });
});
