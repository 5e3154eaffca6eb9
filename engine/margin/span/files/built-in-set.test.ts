// Built-in sets against the margin history they were made from: every product on every date, read from both sides.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../../testkit/shared-data.ts';
import { SpanCalculator } from '../calculator.ts';
import type { SpanParameterSet } from '../parameter-set.ts';
import { planSpan, type SpanPlan } from '../plan.ts';
import { type SpanReport, spanMargin } from '../span-margin.ts';
import { builtInSet } from './built-in-set.ts';
import { marginDates, parseAssumedSpreads, parseOutrightMargins } from './outright-margins.ts';

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../../public/span', name), 'utf8');
const value = <T>(result: { ok: true; value: T } | { ok: false; failure: { message: string } }): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
const table = value(parseOutrightMargins(read('outright-margins.txt')));
const assumed = value(parseAssumedSpreads(read('assumed-spreads.txt')));
const setOn = (date: string): SpanParameterSet => value(builtInSet(table, date, assumed));
const planOf = (set: SpanParameterSet, index = 0): SpanPlan => {
  const chosen = set.classes[index];
  if (chosen === undefined) throw new Error('no class');
  return planSpan(set, chosen, 'USD');
};
const margin = (plan: SpanPlan, positions: Readonly<Record<string, number>>): SpanReport =>
  value(
    spanMargin(
      plan,
      Object.entries(positions).map(([contract, lots]) => ({ contract, lots })),
    ),
  );

describe.skipIf(!HAS_SHARED_DATA)(`margin history${SHARED_DATA_NOTE}`, () => {
  const FILES = {
    CME: 'cme',
    CBT: 'cbot',
    CMX: 'comex',
    NYM: 'nymex',
  } as const;
  /** The one row left out of the table: maintenance 1850 under an initial margin of 20350. */
  const MISPRINT = 'SI 20110926';

  it('long and short one contract need the published maintenance margin, every product on every date', () => {
    let compared = 0;
    const rows = table.products.flatMap((product) => {
      const file = FILES[product.exchange as keyof typeof FILES];
      const text = readSharedText(`cme/margins/${file}_${product.code}.csv`);
      return text
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => {
          const [day = '', initial, maintenance] = line.split(',').map((cell) => cell.trim());
          return { product, day, initial: Number(initial), maintenance: Number(maintenance) };
        });
    });
    const byDay = new Map<string, typeof rows>();
    for (const row of rows) byDay.set(row.day, [...(byDay.get(row.day) ?? []), row]);
    expect(byDay.size).toBe(marginDates(table).length);
    for (const [day, changed] of byDay) {
      const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
      const set = setOn(date);
      const calculators = set.classes.map((_, i) => new SpanCalculator(planOf(set, i)));
      for (const { product, initial, maintenance } of changed) {
        if (`${product.code} ${day}` === MISPRINT) continue;
        const contracts = set.contracts.flatMap((c, i) => (c.product === product.code ? [i] : []));
        expect(contracts.length, `${product.code} ${day}`).toBeGreaterThan(0);
        const index = contracts[0] ?? -1;
        for (const side of [1, -1]) {
          const lots = new Float64Array(set.contracts.length);
          lots[index] = side;
          expect(calculators[0]?.margin(lots), `${product.code} ${day}`).toBe(maintenance);
          const found = calculators[1]?.margin(lots) ?? Number.NaN;
          // Initial stands on the ratio of the commodity's main product.
          if (product.code === product.commodity) expect(found).toBe(initial);
        }
        compared++;
      }
    }
    expect(compared).toBe(rows.length - 1);
  });
});

describe('ladder of dates', () => {
  it('ES climbs from 6,600 to 12,000 in the spring of 2020', () => {
    const path = marginDates(table)
      .filter((date) => date >= '2020-01-09' && date <= '2020-03-20')
      .map((date) => margin(planOf(setOn(date)), { 'CME:ES:FUT:202006': 1 }).requirement);
    expect(path.filter((x, i) => x !== path[i - 1])).toEqual([
      6_600, 7_200, 7_600, 8_350, 9_000, 10_600, 12_000,
    ]);
  });

  it('knows no day outside the table', () => {
    for (const date of ['1999-12-31', '2022-02-12', '2026-01-01']) {
      const found = builtInSet(table, date, assumed);
      expect(!found.ok && found.failure.code).toBe('span/parameters-missing');
    }
  });

  it('has equal hashes for equal sets and others for others', () => {
    expect(setOn('2020-03-16').hash).toBe(setOn('2020-03-16').hash);
    expect(setOn('2020-03-16').hash).not.toBe(setOn('2020-03-20').hash);
    expect(value(builtInSet(table, '2020-03-16', null)).hash).not.toBe(setOn('2020-03-16').hash);
  });
});

describe('spreads of the built-in sets', () => {
  const plan = planOf(setOn('2021-06-01'));

  it('say that their rates are assumed', () => {
    const report = margin(plan, { 'CME:ES:FUT:202106': 5, 'CME:ES:FUT:202109': -5 });
    expect(report.assumptions).toEqual(['ES calendar charge: 20 % of the outright margin, assumed']);
    expect(margin(plan, { 'CME:ES:FUT:202106': 5 }).commodities[0]?.calendarCharge).toBe(0);
  });

  it('without assumed rates months never offset each other', () => {
    const bare = planOf(value(builtInSet(table, '2021-06-01', null)));
    const one = margin(bare, { 'CME:ES:FUT:202106': 1 }).requirement;
    expect(margin(bare, { 'CME:ES:FUT:202106': 5, 'CME:ES:FUT:202109': -5 }).requirement).toBe(10 * one);
    expect(margin(bare, { 'CME:ES:FUT:202106': 5, 'CME:NQ:FUT:202106': -5 }).assumptions).toEqual([]);
  });

  it('a micro contract offsets its parent by a tenth', () => {
    const { requirement } = margin(plan, { 'CME:ES:FUT:202106': 1, 'CME:MES:FUT:202106': -10 });
    // What is left is the rounding of the micro's array, at most half a dollar a contract.
    expect(requirement).toBeLessThanOrEqual(5);
  });
});

describe('defects that must not come back', () => {
  const plan = planOf(setOn('2021-06-01'));
  const es = 'CME:ES:FUT:202106';
  const nq = 'CME:NQ:FUT:202106';

  it('credits only opposite sides: long ES with long NQ gets none, long with short does', () => {
    const outright = margin(plan, { [es]: 5 }).requirement + margin(plan, { [nq]: 5 }).requirement;
    expect(margin(plan, { [es]: 5, [nq]: 5 }).requirement).toBe(outright);
    expect(margin(plan, { [es]: -5, [nq]: -5 }).requirement).toBe(outright);
    expect(margin(plan, { [es]: 5, [nq]: -5 }).requirement).toBeLessThan(outright);
    expect(margin(plan, { [es]: -5, [nq]: 5 }).requirement).toBeLessThan(outright);
  });

  it('offsets long and short of one product in two months, against a calendar charge', () => {
    const [found] = margin(plan, { [es]: 5, 'CME:ES:FUT:202109': -5 }).commodities;
    const one = margin(plan, { [es]: 1 }).requirement;
    expect(found?.scanRisk).toBe(0);
    expect(found?.calendarCharge).toBeCloseTo(5 * 0.2 * one, 6);
    expect(found?.risk).toBeGreaterThan(0);
    expect(found?.risk).toBeLessThan(10 * one);
  });

  it('an unknown contract is an error, never a margin of 0', () => {
    const found = spanMargin(plan, [{ contract: 'CME:XX:FUT:202106', lots: 500 }]);
    expect(!found.ok && found.failure.code).toBe('span/contract-missing');
    const later = spanMargin(plan, [{ contract: 'CME:ES:FUT:203506', lots: 500 }]);
    expect(!later.ok && later.failure.code).toBe('span/contract-missing');
  });
});
