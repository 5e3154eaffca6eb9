// Random futures accounts: the price at ratio 1 puts the ratio at 1, and so does the what-if; outright requirements are the sums of the published ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Position } from '../../accounting/portfolio.ts';
import { Rng } from '../../core/rng.ts';
import { micros } from '../../core/units.ts';
import { tradingDayAt } from '../../reference/calendar/sessions.ts';
import { accountOf, markOf, position } from '../../testkit/build-portfolio.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { explain } from '../explain.ts';
import type { MarginReport, MarkInput } from '../margin-report.ts';
import { marginStatus } from '../margin-status.ts';
import { marginReport } from '../portfolio-margin.ts';
import { parseOutrightMargins } from '../span/files/outright-margins.ts';
import { whatIf } from '../what-if.ts';
import { futuresRules } from './futures-rules.ts';

const CASES = 150;
const AT = micros(Date.parse('2021-06-01T17:00:00Z') * 1_000);
const text = readFileSync(join(import.meta.dirname, '../../../public/span/outright-margins.txt'), 'utf8');
const read = parseOutrightMargins(text);
if (!read.ok) throw new Error(read.failure.message);
const { products } = read.value;
const RULES = futuresRules(read.value, tradingDayAt(AT));
const TABLE = publishedBrackets('2021-03-01');
/** One month each, so that no position relieves another. */
const SYMBOLS = ['ESM1', 'ESU1', 'NQM1', 'CLN1', 'GCQ1', '6EM1', 'ZNU1'] as const;
const PRICES: Readonly<Record<string, number>> = {
  ES: 4_200,
  NQ: 13_700,
  CL: 67,
  GC: 1_900,
  '6E': 1.22,
  ZN: 131,
};

/** Maintenance margin in force that day, straight from the table. */
function published(code: string): number {
  const rows = products.find((product) => product.code === code)?.margins ?? [];
  return rows.findLast(({ date }) => date <= '2021-06-01')?.maintenance ?? Number.NaN;
}

it('price and move at ratio 1, requirement and derivation agree over random accounts', () => {
  const rng = new Rng(5);
  let prices = 0;
  for (let i = 0; i < CASES; i++) {
    const held = SYMBOLS.filter(() => rng.below(2) === 0);
    const positions = held.map((symbol): Position => {
      const price = PRICES[symbol.slice(0, -2)] ?? 0;
      return position({
        venue: 'cme-globex',
        symbol,
        side: rng.below(2) === 0 ? 'long' : 'short',
        size: String(1 + rng.below(20)),
        entryPrice: (price * (0.9 + rng.fraction() / 5)).toFixed(4),
      });
    });
    const marks = held.map((symbol): MarkInput => {
      const price = (PRICES[symbol.slice(0, -2)] ?? 0) * (0.95 + rng.fraction() / 10);
      return markOf(symbol, price, { instrument: `cme-globex:${symbol}` });
    });
    const accounts = [accountOf(String(rng.below(2_000_000)), positions, { currency: 'USD' })];
    const report = (at: readonly MarkInput[]): MarginReport =>
      marginReport({ accounts }, at, TABLE, AT, RULES);
    const [account] = report(marks).accounts;
    const required = positions.reduce((sum, p) => sum + Number(p.size) * published(p.symbol.slice(0, -2)), 0);
    expect(account?.maintenanceMargin).toBe(required);
    if (positions.length === 0) continue;
    expect(account?.status).toBe(marginStatus((account?.marginBalance ?? 0) / required));
    for (const row of report(marks).positions) {
      const price = row.figures?.liquidationPrice ?? null;
      const tree = explain(row.positionId, 'liquidationPrice', { accounts }, marks, TABLE, AT, RULES);
      expect(tree.ok && tree.value.value).toBe(price);
      if (price === null) continue;
      prices++;
      const there = marks.map((mark) => (mark.instrument === row.instrument ? { ...mark, price } : mark));
      expect(report(there).accounts[0]?.marginRatio).toBeCloseTo(1, 8);
    }
    const [row] = whatIf({ shift: 0, instrument: null }, { accounts }, marks, TABLE, AT, RULES).rows;
    const fatal = row?.changes.find((change) => change.status === 'LIQUIDATION');
    if (fatal === undefined) continue;
    const moved = marks.map((mark) => ({ ...mark, price: mark.price * (1 + fatal.shift) }));
    expect(report(moved).accounts[0]?.marginRatio).toBeCloseTo(1, 8);
  }
  expect(prices).toBeGreaterThan(CASES);
});
