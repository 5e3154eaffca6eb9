// Bracket tables: every breach of the five rules is named, the table of a day is found, nothing is ever assumed.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketsOf, bracketTableOn, parseBracketTable } from './bracket-table.ts';
import { maintenanceMargin } from './maintenance-margin.ts';
import { bracketAt, checkBrackets, type NotionalBracket } from './notional-bracket.ts';

const HEADER = '# date: 2021-03-01\n# source: test rows\n';
const BTC =
  'BTCUSDT 50000:0.004@125 250000:0.005@100 1000000:0.01@50 10000000:0.025@20 20000000:0.05@10 50000000:0.1@5';

function brackets(text: string): readonly NotionalBracket[] {
  const table = parseBracketTable(HEADER + text);
  if (!table.ok) throw new Error(table.failure.message);
  return [...table.value.symbols.values()][0] ?? [];
}

function problem(text: string): string {
  const table = parseBracketTable(text);
  return table.ok ? 'accepted' : `${table.failure.code}: ${table.failure.message}`;
}

describe('parseBracketTable', () => {
  it('computes floors and maintenance amounts', () => {
    expect(brackets(BTC).map((b) => [b.floor, b.maintenanceAmount])).toEqual([
      [0, 0],
      [50_000, 50],
      [250_000, 1_300],
      [1_000_000, 16_300],
      [10_000_000, 266_300],
      [20_000_000, 1_266_300],
    ]);
  });

  it('gives each symbol of a line the same brackets, and leaves leverage and the last cap open where the table does', () => {
    const table = parseBracketTable(`${HEADER}A,B 10:0.01 none:0.5\n`);
    expect(table.ok && [...table.value.symbols.keys()]).toEqual(['A', 'B']);
    expect(table.ok && table.value.symbols.get('B')?.[1]).toEqual({
      number: 2,
      floor: 10,
      cap: null,
      maintenanceMarginRate: 0.5,
      maxLeverage: null,
      maintenanceAmount: 4.9,
    });
  });

  it('names the line and what is wrong with it', () => {
    const line = (body: string): string => problem(HEADER + body);
    expect(line('A 10:0.02@20 10:0.03@10')).toMatch(/line 3: A bracket 2: expected a cap above the floor 10/);
    expect(line('A 10:0.02@20 20:0.02@10')).toMatch(/bracket 2: expected a maintenance rate above 0.02/);
    expect(line('A 10:0.02@20 20:0.03@20')).toMatch(/bracket 2: expected a leverage below 20/);
    expect(line('A 10:0.05@20')).toMatch(/bracket 1: expected 1 ÷ 20 to exceed/);
    expect(line('A 10:0.02@20 20:0.03')).toMatch(/leverage in all brackets/);
    expect(line('A none:0.02@20 20:0.03@10')).toMatch(/no bracket after one without a cap/);
    expect(line('A 10:0@20')).toMatch(/rate above 0/);
    expect(line('A 10:1')).toMatch(/below 1/);
    expect(line('A 10:0.0000001')).toMatch(/multiple of 0.000001/);
    expect(line('A 10.5:0.01')).toMatch(/expected cap:rate/);
    expect(line('A 99999999999999999999:0.01')).toMatch(/2\^53/);
    expect(line('A')).toMatch(/at least one bracket/);
    expect(line('A 10:0.01\nB,A 10:0.01')).toMatch(/line 4: expected a new symbol, found "A"/);
    expect(line('')).toMatch(/at least one symbol/);
    expect(problem('# source: x\nA 10:0.01')).toMatch(/# date/);
    expect(problem('# date: 2021-03-01\nA 10:0.01')).toMatch(/# source/);
  });

  it('takes hostile symbol names as data', () => {
    const table = parseBracketTable(`${HEADER}__proto__,constructor 10:0.01\n`);
    expect(table.ok && bracketsOf(table.value, 'constructor').ok).toBe(true);
    expect(table.ok && bracketsOf(table.value, 'toString').ok).toBe(false);
  });
});

describe('checkBrackets', () => {
  const good = brackets(BTC);
  const changed = (index: number, change: Partial<NotionalBracket>): readonly NotionalBracket[] =>
    good.map((b, i) => (i === index ? { ...b, ...change } : b));

  it('accepts a published schedule and finds each of the five breaches', () => {
    expect(checkBrackets('BTCUSDT', good)).toBeNull();
    const why = (rows: readonly NotionalBracket[]): string | undefined => checkBrackets('X', rows)?.message;
    expect(why(changed(2, { floor: 250_001 }))).toMatch(/X bracket 3: expected the floor 250000/);
    expect(why(changed(0, { floor: 1 }))).toMatch(/expected the floor 0/);
    expect(why(changed(3, { maintenanceAmount: 16_301 }))).toMatch(/expected the maintenance amount 16300/);
    expect(why(changed(3, { maintenanceMarginRate: 0.01 }))).toMatch(/maintenance rate above 0.01/);
    expect(why(changed(4, { maxLeverage: 20 }))).toMatch(/leverage below 20/);
    expect(why(changed(5, { maxLeverage: 9.5, maintenanceMarginRate: 0.1 }))).toBeUndefined();
    expect(why(changed(0, { maxLeverage: 250 }))).toMatch(/exceed the maintenance rate/);
    expect(why([])).toMatch(/at least one bracket/);
  });
});

describe('bracketAt', () => {
  it('puts a notional equal to a cap below it, and holds the last bracket beyond the last cap', () => {
    const rows = brackets(BTC);
    const at = [0, 49_999.99, 50_000, 50_000.01, 1_000_000, 50_000_000, 1e12].map(
      (n) => bracketAt(rows, n).number,
    );
    expect(at).toEqual([1, 1, 1, 2, 3, 6, 6]);
    expect(() => bracketAt(rows, -1)).toThrow();
    expect(() => bracketAt(rows, Number.NaN)).toThrow();
  });
});

describe('maintenance margin over brackets', () => {
  const rows = fc
    .array(
      fc.record({ width: fc.integer({ min: 1, max: 1_000_000 }), rise: fc.integer({ min: 1, max: 60_000 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((bands) => {
      let cap = 0;
      let rate = 0;
      const text = bands.map(({ width, rise }) => {
        cap += width;
        rate += rise;
        return `${cap}:${(rate / 1e6).toFixed(6)}`;
      });
      return brackets(`X ${text.join(' ')}`);
    });

  it('is continuous, non-decreasing, and rises at the rate of its bracket (property)', () => {
    void fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 2, noNaN: true }), (schedule, share) => {
        const total = schedule.at(-1)?.cap ?? 1;
        const of = (n: number): number => maintenanceMargin(n, bracketAt(schedule, n));
        for (const { cap } of schedule) {
          expect(of((cap ?? 0) + 1e-6) - of(cap ?? 0)).toBeLessThan(1e-5);
        }
        const notional = share * total;
        const here = of(notional);
        const step = Math.max(notional, 1) * 1e-3;
        const slope = (of(notional + step) - here) / step;
        expect(slope).toBeGreaterThanOrEqual(
          bracketAt(schedule, notional).maintenanceMarginRate * (1 - 1e-6),
        );
        expect(slope).toBeLessThanOrEqual(
          bracketAt(schedule, notional + step).maintenanceMarginRate * (1 + 1e-6),
        );
        expect(here).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('bracketTableOn', () => {
  const tables = ['2022-02-12', '2021-03-01', '2026-05-01'].map((date) => ({
    date,
    source: 'test',
    symbols: new Map(),
  }));
  const on = (day: string): string => {
    const found = bracketTableOn(tables, day);
    return found.ok ? found.value.date : found.failure.code;
  };

  it('is the newest not after the day', () => {
    expect(on('2021-03-01')).toBe('2021-03-01');
    expect(on('2022-02-11')).toBe('2021-03-01');
    expect(on('2024-08-08')).toBe('2022-02-12');
    expect(on('2030-01-01')).toBe('2026-05-01');
    expect(on('2021-02-28')).toBe('margin/table-missing');
    expect(() => on('yesterday')).toThrow();
  });
});
