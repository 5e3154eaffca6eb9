// The margin report over random portfolios: a mark moved to the shown liquidation price does liquidate, a tick before
// does not; totals equal a second, banded computation; nothing depends on order.
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../accounting/portfolio.ts';
import { Rng } from '../core/rng.ts';
import { micros } from '../core/units.ts';
import { bandedRequirement } from '../testkit/margin-oracle.ts';
import { bandsOf, publishedBrackets } from '../testkit/published-brackets.ts';
import { randomPortfolio } from '../testkit/random-portfolio.ts';
import { BRACKET_TABLE_DATES } from './brackets/bracket-table.ts';
import type { MarkInput, PositionMargin } from './margin-report.ts';
import { marginReport } from './portfolio-margin.ts';

const AT = micros(1_700_000_000_000_000);
const TABLES = BRACKET_TABLE_DATES.map(publishedBrackets);
const tableOf = (i: number): (typeof TABLES)[number] => {
  const table = TABLES[i % TABLES.length];
  if (table === undefined) throw new Error('no table');
  return table;
};

function statusAt(
  portfolio: Portfolio,
  marks: readonly MarkInput[],
  row: PositionMargin,
  price: number,
  i: number,
): string {
  const moved = marks.map((mark) => (mark.instrument === row.instrument ? { ...mark, price } : mark));
  const report = marginReport(portfolio, moved, tableOf(i), AT);
  return report.positions.find((p) => p.positionId === row.positionId)?.figures?.status ?? 'none';
}

describe('margin report (random portfolios)', () => {
  it('liquidates at the shown price ± 1 tick, the other marks unchanged', () => {
    const rng = new Rng(65);
    let checked = 0;
    let none = 0;
    for (let i = 0; i < 3_000; i++) {
      const { portfolio, marks } = randomPortfolio(rng, tableOf(i));
      const report = marginReport(portfolio, marks, tableOf(i), AT);
      for (const row of report.positions) {
        const figures = row.figures;
        if (figures === null) throw new Error(`no figures: ${row.failure?.message}`);
        const { liquidationPrice: price, distanceRate, markPrice } = figures;
        if (price === null || distanceRate === null) {
          none++;
          continue;
        }
        checked++;
        const tick = 10 ** (Math.floor(Math.log10(price)) - 5);
        const fall = distanceRate * (markPrice - price) >= 0 && markPrice !== price;
        const [before, beyond] = fall ? [price + tick, price - tick] : [price - tick, price + tick];
        const place = `seed 65, portfolio ${i}, ${row.positionId}`;
        expect(statusAt(portfolio, marks, row, beyond, i), `${place}, beyond`).toBe('LIQUIDATION');
        expect(statusAt(portfolio, marks, row, before, i), `${place}, before`).toBe('CRITICAL');
        expect(figures.status === 'LIQUIDATION', place).toBe(distanceRate <= 0);
      }
    }
    expect(checked).toBeGreaterThan(5_000);
    expect(none).toBeGreaterThan(200);
  });

  it('cross sides of a hedged symbol share one price; isolated sides have their own', () => {
    const rng = new Rng(8);
    let [shared, own] = [0, 0];
    for (let i = 0; i < 1_000; i++) {
      const { portfolio, marks } = randomPortfolio(rng, tableOf(i));
      const { positions } = marginReport(portfolio, marks, tableOf(i), AT);
      for (const long of positions.filter((p) => p.side === 'long')) {
        const short = positions.find((p) => p.instrument === long.instrument && p.side === 'short');
        if (short === undefined) continue;
        if (long.marginMode === 'cross') {
          shared++;
          expect(short.figures?.liquidationPrice).toBe(long.figures?.liquidationPrice);
        } else {
          own++;
          expect(short.figures?.liquidationPrice).not.toBe(long.figures?.liquidationPrice);
        }
      }
    }
    expect(Math.min(shared, own)).toBeGreaterThan(100);
  });

  it('totals equal sums over bands, to rounding', () => {
    const rng = new Rng(9);
    for (let i = 0; i < 2_000; i++) {
      const { portfolio, marks } = randomPortfolio(rng, tableOf(i));
      const report = marginReport(portfolio, marks, tableOf(i), AT);
      const [account] = report.accounts;
      let [maintenance, pnl, crossPnl, wallets] = [0, 0, 0, 0];
      for (const p of portfolio.accounts[0]?.positions ?? []) {
        const mark = marks.find((m) => m.instrument.endsWith(`:${p.symbol}`))?.price ?? Number.NaN;
        const gain = (p.side === 'long' ? 1 : -1) * Number(p.size) * (mark - Number(p.entryPrice));
        const required = bandedRequirement(
          Number(p.size) * mark,
          bandsOf(tableOf(i).symbols.get(p.symbol) ?? []),
        );
        pnl += gain;
        wallets += Number(p.isolatedWallet ?? 0);
        if (p.marginMode === 'cross') {
          maintenance += required;
          crossPnl += gain;
        }
      }
      const cross = Number(portfolio.accounts[0]?.crossWalletBalance);
      const scale = Math.abs(cross) + Math.abs(pnl) + wallets + maintenance + 1;
      const near = (found: number | null | undefined, expected: number): void =>
        expect(Math.abs((found ?? Number.NaN) - expected) / scale).toBeLessThan(1e-12);
      near(account?.maintenanceMargin, maintenance);
      near(account?.marginBalance, cross + crossPnl);
      near(account?.equity, cross + wallets + pnl);
    }
  });

  it('gives every position the same figures in any order of positions and marks', () => {
    const rng = new Rng(10);
    for (let i = 0; i < 300; i++) {
      const { portfolio, marks } = randomPortfolio(rng, tableOf(i));
      const turned: Portfolio = {
        accounts: portfolio.accounts.map((a) => ({ ...a, positions: a.positions.toReversed() })),
      };
      const one = marginReport(portfolio, marks, tableOf(i), AT);
      const two = marginReport(turned, marks.toReversed(), tableOf(i), AT);
      for (const row of one.positions) {
        const other = two.positions.find((p) => p.positionId === row.positionId);
        expect(other?.figures?.status).toBe(row.figures?.status);
        const [a, b] = [row.figures?.liquidationPrice ?? 0, other?.figures?.liquidationPrice ?? 0];
        expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * a);
      }
    }
  });

  it('more margin moves the liquidation price away; a new wallet never brings it nearer', () => {
    const rng = new Rng(11);
    for (let i = 0; i < 500; i++) {
      const { portfolio, marks } = randomPortfolio(rng, tableOf(i));
      const richer: Portfolio = {
        accounts: portfolio.accounts.map((a) => ({
          ...a,
          positions: a.positions.map((p) =>
            p.isolatedWallet === null
              ? p
              : { ...p, isolatedWallet: String(Math.ceil(Number(p.isolatedWallet) * 1.5 + 1)) },
          ),
        })),
      };
      const poor = marginReport(portfolio, marks, tableOf(i), AT).positions;
      const rich = marginReport(richer, marks, tableOf(i), AT).positions;
      poor.forEach((row, n) => {
        const [before, after] = [row.figures?.distanceRate, rich[n]?.figures?.distanceRate];
        if (row.marginMode === 'cross' || before === null || before === undefined) return;
        expect(after === null || (after ?? 0) > before).toBe(true);
      });
    }
  });
});
