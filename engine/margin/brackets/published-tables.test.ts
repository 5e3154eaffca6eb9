// The published bracket tables equal the exchange's tables they were written from, row by row.
import { join } from 'node:path';
import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { bracketTableText, capText, readBracketCsv } from '../../testkit/bracket-csv.ts';
import { BRACKET_FOLDER, publishedBrackets } from '../../testkit/published-brackets.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { BRACKET_TABLE_DATES, bracketTableDateOn, bracketTableOn } from './bracket-table.ts';
import { maintenanceMargin } from './maintenance-margin.ts';
import { bracketAt } from './notional-bracket.ts';

describe('published bracket tables', () => {
  it('all load, keep the five rules, and carry their date and source', () => {
    const counts = BRACKET_TABLE_DATES.map((date) => {
      const table = publishedBrackets(date);
      expect(table.date).toBe(date);
      expect(table.source).toContain(date);
      return [...table.symbols.values()].reduce((n, brackets) => n + brackets.length, 0);
    });
    expect(counts).toEqual([19, 1077, 2805, 5913]);
  });

  it('are in force from their day until the day before the next, on every day of seven years', () => {
    const tables = BRACKET_TABLE_DATES.map(publishedBrackets);
    const DAY = 86_400_000;
    const changes: string[] = [];
    let before = '';
    for (let at = Date.UTC(2021, 0, 1); at < Date.UTC(2028, 0, 1); at += DAY) {
      const day = new Date(at).toISOString().slice(0, 10);
      const found = bracketTableOn(tables, day);
      const date = found.ok ? found.value.date : found.failure.code;
      const named = bracketTableDateOn(day);
      expect(named.ok ? named.value : named.failure.code).toBe(date);
      if (date !== before) changes.push(`${day} ${date}`);
      before = date;
    }
    expect(changes).toEqual([
      '2021-01-01 margin/table-missing',
      ...BRACKET_TABLE_DATES.map((d) => `${d} ${d}`),
    ]);
  });

  it('give a position of a day between two tables the rates of the table in force', () => {
    const tables = BRACKET_TABLE_DATES.map(publishedBrackets);
    const leverageOf = (day: string): number | null | undefined => {
      const found = bracketTableOn(tables, day);
      return found.ok ? found.value.symbols.get('BTCUSDT')?.[0]?.maxLeverage : undefined;
    };
    // 125x up to 50,000 in 2022 and 2024, 150x up to 300,000 in 2026; the table of 2021 states no leverage.
    expect(['2021-05-19', '2022-11-09', '2025-10-10', '2026-05-01'].map(leverageOf)).toEqual([
      null,
      125,
      125,
      150,
    ]);
  });

  it('hold the BTCUSDT and ETHUSDT rows of 2026-05-01 as documented', () => {
    const { symbols } = publishedBrackets('2026-05-01');
    const rows = (symbol: string): string[] =>
      (symbols.get(symbol) ?? []).map(
        (b) => `${b.cap} ${b.maintenanceMarginRate} ${b.maxLeverage} ${b.maintenanceAmount}`,
      );
    expect(rows('BTCUSDT')).toEqual([
      '300000 0.004 150 0',
      '800000 0.005 100 300',
      '3000000 0.0065 75 1500',
      '12000000 0.01 50 12000',
      '70000000 0.02 25 132000',
      '100000000 0.025 20 482000',
      '230000000 0.05 10 2982000',
      '480000000 0.1 5 14482000',
      '600000000 0.125 4 26482000',
      '800000000 0.15 3 41482000',
      '1200000000 0.25 2 121482000',
      '1800000000 0.5 1 421482000',
    ]);
    expect(rows('ETHUSDT').slice(6, 8)).toEqual(['150000000 0.05 10 2007000', '320000000 0.1 5 9507000']);
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`against the exchange's rows${SHARED_DATA_NOTE}`, () => {
  for (const date of BRACKET_TABLE_DATES) {
    const rows = HAS_SHARED_DATA ? readBracketCsv(readSharedText(`binance/brackets/${date}.csv`)) : [];

    // `npx vitest run <this file> -u` writes the files anew; see docs/brackets.md.
    it(`${date}: the file is what these rows give`, async () => {
      await expect(bracketTableText(date, rows)).toMatchFileSnapshot(join(BRACKET_FOLDER, `${date}.txt`));
    });

    it(`${date}: every row equals the table, its maintenance amount computed from the rule`, () => {
      const { symbols } = publishedBrackets(date);
      for (const row of rows) {
        const bracket = symbols.get(row.symbol)?.[Number(row.bracket) - 1];
        const cap = capText(row.notionalCap);
        expect(bracket, `${row.symbol} ${row.bracket}`).toEqual({
          number: Number(row.bracket),
          floor: Number(row.notionalFloor),
          cap: cap === 'none' ? null : Number(cap),
          maintenanceMarginRate: Number(row.maintenanceMarginRate),
          maxLeverage: row.maxLeverage === '' ? null : Number(row.maxLeverage),
          maintenanceAmount: Number(row.maintenanceAmount),
        });
      }
      expect(rows.length).toBe([...symbols.values()].reduce((n, b) => n + b.length, 0));
    });

    it(`${date}: maintenance margin on every bracket edge ±1 equals the exact decimal of the row to 1e-15`, () => {
      const { symbols } = publishedBrackets(date);
      let worst = 0;
      for (const row of rows) {
        const edges = [row.notionalFloor, capText(row.notionalCap)].filter((edge) => edge !== 'none');
        for (const notional of edges.flatMap((edge) => [-1, 0, 1].map((by) => Number(edge) + by))) {
          if (notional < Number(row.notionalFloor) || notional > Number(row.notionalCap || 'Infinity'))
            continue;
          const brackets = symbols.get(row.symbol) ?? [];
          const exact = new Decimal(notional).times(row.maintenanceMarginRate).minus(row.maintenanceAmount);
          const found = maintenanceMargin(notional, bracketAt(brackets, notional));
          const error = exact.isZero() ? found : exact.minus(found).div(exact).abs().toNumber();
          worst = Math.max(worst, error);
        }
      }
      expect(worst).toBeLessThan(1e-15);
    });
  }
});
