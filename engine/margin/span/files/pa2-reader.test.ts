// The .pa2 reader: the layout against its description, every field of the fixture, records written by hand, and broken files.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../core/result.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../../testkit/shared-data.ts';
import { SCENARIO_COUNT, type SpanParameterSet } from '../parameter-set.ts';
import { planSpan } from '../plan.ts';
import { type SpanReport, spanMargin } from '../span-margin.ts';
import { PA2_NOT_MODELLED, pa2Record, pa2RecordIds } from './pa2-layout.ts';
import { decodePrice } from './pa2-price.ts';
import { Pa2Reader } from './pa2-reader.ts';

function load(text: string, chunk = text.length): Result<SpanParameterSet> {
  const reader = new Pa2Reader('test');
  for (let at = 0; at < text.length; at += Math.max(1, chunk)) {
    const pushed = reader.push(text.slice(at, at + Math.max(1, chunk)));
    if (!pushed.ok) return pushed;
  }
  return reader.end();
}

function setOf(text: string, chunk?: number): SpanParameterSet {
  const set = load(text, chunk);
  if (!set.ok) throw new Error(set.failure.message);
  return set.value;
}

function margin(set: SpanParameterSet, positions: Readonly<Record<string, number>>, index = 0): SpanReport {
  const chosen = set.classes[index];
  if (chosen === undefined) throw new Error('no class');
  const list = Object.entries(positions).map(([contract, lots]) => ({ contract, lots }));
  const report = spanMargin(planSpan(set, chosen, 'USD'), list);
  if (!report.ok) throw new Error(report.failure.message);
  return report.value;
}

/** Writes one record from named fields, as the layout says. */
function record(id: string, fields: Readonly<Record<string, string | number>>): string {
  const layout = pa2Record(id);
  const columns: string[] = [...id.padEnd(2)];
  for (const [name, value] of Object.entries(fields)) {
    const field = layout?.get(name);
    if (field === undefined) throw new Error(`${id} has no ${name}`);
    const width = field.to - field.from + 1;
    const text =
      typeof value === 'number'
        ? String(Math.round(value * 10 ** field.decimals)).padStart(width, '0')
        : value.padEnd(width);
    for (let i = 0; i < width; i++) columns[field.from - 1 + i] = text[i] ?? ' ';
  }
  return Array.from(columns, (c) => c ?? ' ').join('');
}

const header = record('0', {
  exchangeComplex: 'CME',
  businessDate: '20190102',
  settlOrIntraday: 'S',
  fileFormat: 'U2',
});

/** Both array halves of a future with a given scan range, losses as in the fixture. */
function future(product: string, month: string, range: number): readonly string[] {
  const thirds = [0, 0, -1, -1, 1, 1, -2, -2, 2, 2, -3, -3, 3, 3].map((t) => (t * range) / 3);
  const losses = [...thirds, -0.99 * range, 0.99 * range];
  const cells = Object.fromEntries(
    losses.flatMap((loss, s) => [
      [`ra${s + 1}`, Math.abs(loss)],
      [`ra${s + 1}Sign`, loss < 0 ? '-' : '+'],
    ]),
  );
  const pick = (from: number, to: number) =>
    Object.fromEntries(
      Object.entries(cells).filter(([name]) => {
        const n = Number.parseInt(name.slice(2), 10);
        return n >= from && n <= to;
      }),
    );
  const facts = { exchange: 'CME', product, productType: 'FUT', futMonth: month };
  return [
    record('81', { ...facts, ...pick(1, 9) }),
    record('82', {
      ...facts,
      ...pick(10, 16),
      compositeDelta: 1,
      compositeDeltaSign: '+',
      settlementPrice: 1000,
      settlementSign: '+',
    }),
  ];
}

describe.skipIf(!HAS_SHARED_DATA)(`published layout${SHARED_DATA_NOTE}`, () => {
  const layout: Readonly<Record<string, readonly { from: number; to: number; name: string }[]>> =
    HAS_SHARED_DATA ? JSON.parse(readSharedText('cme/pa2_expanded_layout.json')) : {};

  it('every field of every modelled record stands in its published columns; every other record is named', () => {
    for (const [id, fields] of Object.entries(layout)) {
      const ours = pa2Record(id);
      if (ours === null) {
        // The description has keys for spellings of one record, too.
        if (/^\w{1,2}$/.test(id)) expect(Object.keys(PA2_NOT_MODELLED), id).toContain(id);
        continue;
      }
      const columns = new Set(fields.map((f) => `${f.from}-${f.to}`));
      for (const [name, field] of ours) {
        expect(columns, `${id} ${name}`).toContain(`${field.from}-${field.to}`);
        const named = fields.find((f) => f.from === field.from)?.name ?? '';
        if (named !== '') expect(named.startsWith(name), `${id} ${name}: ${named}`).toBe(true);
      }
      const missing = fields.filter(
        (f) =>
          !['f', 'filler', 'recordId', ''].includes(f.name) &&
          ![...ours.values()].some((o) => o.from === f.from),
      );
      expect(missing, id).toEqual([]);
    }
    expect(pa2RecordIds().length).toBe(16);
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`records of 2019-01-02${SHARED_DATA_NOTE}`, () => {
  const text = HAS_SHARED_DATA ? readSharedText('cme/pa2_fixture_records_cme_20190102.txt') : '';

  it('reads every field', () => {
    const set = setOf(text);
    expect(set).toMatchObject({ id: 'CME 2019-01-02 settlement', date: '2019-01-02', format: 'pa2' });
    expect(set.scenarios[14]).toMatchObject({ priceMove: 3, cover: 0.33 });
    expect(set.scenarios[15]).toMatchObject({ priceMove: -3, cover: 0.33 });
    const [es, zn, corn] = set.contracts;
    expect(es).toMatchObject({
      id: 'CME:ES:FUT:201903',
      period: '201903',
      option: null,
      price: 2511,
      multiplier: 50,
      deltaScaling: 0.2,
      compositeDelta: 1,
      priceScan: 6000,
      hasArray: true,
      place: 6,
    });
    expect(zn).toMatchObject({ id: 'CBT:21:FUT:201903', price: 122.1875, multiplier: 1000, hasArray: false });
    // Quoted in cents as 375.75; the file's conversion factor is per dollar.
    expect(corn).toMatchObject({ id: 'CBT:C:FUT:201903', price: 3.7575, multiplier: 5000, hasArray: false });
    expect(set.commodities.map((c) => [c.code, c.name, c.currency])).toEqual([
      ['ES', 'E-MINI S&P 500 FUTURES', 'USD'],
      ['21', '10Y TREASURY NOTE FUTURES', 'USD'],
      ['C', 'CORN FUTURES', 'USD'],
    ]);
    const vectors = JSON.parse(readSharedText('vectors/cme.json')).span;
    const arrays = (row: number): number[] => [
      ...set.arrays.subarray(row * SCENARIO_COUNT, (row + 1) * SCENARIO_COUNT),
    ];
    expect(arrays(0).map((x) => x + 0)).toEqual(vectors[0].array_loss_long);
  });

  it('margins what it has whole, and refuses what has half an array', () => {
    const set = setOf(text);
    expect(margin(set, { 'CME:ES:FUT:201903': 1 }).requirement).toBe(6000);
    expect(margin(set, { 'CME:ES:FUT:201903': -2 }).requirement).toBe(12_000);
    const plan = planSpan(set, set.classes[0] ?? { ...NO_CLASS }, 'USD');
    const half = spanMargin(plan, [{ contract: 'CBT:21:FUT:201903', lots: 1 }]);
    expect(!half.ok && half.failure.code).toBe('span/array-missing');
    expect(set.problems.map((p) => p.message)).toContain(
      'CBT:21:FUT:201903: no record with scenarios 1 to 9',
    );
  });

  it('does not care how the file is cut into chunks', () => {
    const whole = setOf(text);
    for (const chunk of [1, 7, 131, 132, 133, 1000]) expect(setOf(text, chunk).hash).toBe(whole.hash);
    expect(setOf(text.replaceAll('\n', '\r\n')).hash).toBe(whole.hash);
  });
});

const NO_CLASS = { rateId: 0, isCustomer: true, accountType: '', isMaintenance: true, tier: '' };

describe('records', () => {
  const corn = [
    record('2', {
      exchangeAcronym: 'CBT',
      combinedCommodityCode: 'C',
      pbCurrencyISO: 'USD',
      optionMarginStyle: 'P',
      product1Code: 'C',
      product1Type: 'FUT',
    }),
    record('2', {
      exchangeAcronym: 'CBT',
      combinedCommodityCode: 'S',
      pbCurrencyISO: 'USD',
      product1Code: 'S',
      product1Type: 'FUT',
    }),
    record('3', {
      combinedCommodityCode: 'C',
      tier1Number: 1,
      tier1StartMonth: '201903',
      tier1EndMonth: '201905',
      tier2Number: 2,
      tier2StartMonth: '201907',
      tier2EndMonth: '201912',
      initMaintRatioSpec: 1.1,
      initMaintRatioHedger: 1,
    }),
    record('4', {
      combinedCommodityCode: 'C',
      spotMethod: '10',
      spotBlock: `01${'01'}${'201903'}${'0000050'}${'0000100'}`,
      shortOptionMinRate: 20,
    }),
    record('C', {
      combinedCommodityCode: 'C',
      priority: 1,
      nLegs: 2,
      chargeRate: 120,
      leg1Tier: 1,
      leg1DeltaRatio: 1,
      leg1Side: 'A',
      leg2Tier: 2,
      leg2DeltaRatio: 1,
      leg2Side: 'B',
    }),
    record('6', {
      spreadPriority: 1,
      creditRatePct: 55,
      leg1CC: 'C',
      leg1DeltaRatio: 2,
      leg1Side: 'A',
      leg2CC: 'S',
      leg2DeltaRatio: 1,
      leg2Side: 'B',
      method: '01',
      creditCalcMethod: 'W',
    }),
  ];
  const text = [
    header,
    ...corn,
    ...['201903', '201905', '201907'].flatMap((month) => future('C', month, 1800)),
    ...future('S', '201905', 2400),
  ]
    .join('\n')
    .replaceAll(/^(8[12])CME/gm, '$1CBT');

  it('tiers, calendar charge, delivery charge, credit and classes come through', () => {
    const set = setOf(text);
    const c = (month: string): string => `CBT:C:FUT:${month}`;
    expect(margin(set, { [c('201905')]: 1 }).requirement).toBe(1800);
    expect(margin(set, { [c('201905')]: 1, [c('201907')]: -1 }).commodities[0]).toMatchObject({
      scanRisk: 0,
      calendarCharge: 120,
      risk: 120,
    });
    // The spot month is charged per delta left, and per delta in a spread.
    expect(margin(set, { [c('201903')]: 1 }).commodities[0]).toMatchObject({ spotCharge: 100 });
    expect(margin(set, { [c('201903')]: 1, [c('201907')]: -1 }).commodities[0]).toMatchObject({
      spotCharge: 50,
      calendarCharge: 120,
    });
    const both = margin(set, { [c('201905')]: 2, 'CBT:S:FUT:201905': -1 });
    expect(both.requirement).toBe(2700);
    const speculator = set.classes.findIndex((x) => x.accountType === 'S' && !x.isMaintenance);
    expect(margin(set, { [c('201905')]: 1 }, speculator).requirement).toBe(1980);
  });
});

describe('decodePrice', () => {
  it('reads the settlement prices that public files were checked with', () => {
    expect(decodePrice(4654, 2, '')).toBe(46.54);
    expect(decodePrice(295800, 5, '')).toBe(2.958);
    expect(decodePrice(91905, 7, '')).toBe(0.0091905);
    expect(decodePrice(122060, 3, 'C')).toBe(122.1875);
    expect(decodePrice(146240, 3, 'C')).toBe(146.75);
    expect(decodePrice(106015, 3, 'C')).toBe(106.046875);
    expect(decodePrice(3757, 3, '0')).toBe(3.7575);
    expect(decodePrice(122064, 3, 'C')).toBeNull();
    expect(decodePrice(122069, 3, 'C')).toBeNull();
    expect(decodePrice(122320, 3, 'C')).toBeNull();
  });
});

describe('broken files', () => {
  const good = [header, ...future('ES', '201903', 6000)].join('\n');
  const message = (text: string): string => {
    const set = load(text);
    return set.ok ? 'accepted' : `${set.failure.code}: ${set.failure.message}`;
  };

  it('name record, columns, expectation and what was found', () => {
    expect(message(good)).toBe('accepted');
    expect(message('')).toMatch(/record 1: expected a header record/);
    expect(message('PK\u0003\u0004 a zip')).toMatch(/record 1: expected the header record 0 first/);
    expect(message('<?xml version="1.0"?><spanFile/>')).toMatch(/expected the header record 0 first/);
    expect(message(good.replace('U2', 'UP'))).toMatch(/record 1: columns 36-37 \(fileFormat\): expected U2/);
    expect(message(good.replace('20190102', '2019A102'))).toMatch(
      /columns 9-16 \(businessDate\): expected a date/,
    );
    expect(message(`${good}\nQQ what`)).toMatch(/record 4: expected a known record id, found "QQ"/);
    expect(message(good.replace(/02000/, '02x00'))).toMatch(
      /record 2: columns \d+-\d+ \(ra\d\): expected digits, found "02x00"/,
    );
    expect(message(`${good}\n${header}`)).toMatch(/expected one header a file/);
    expect(message(`${good}\n${'9'.repeat(5000)}`)).toMatch(
      /span\/limit-exceeded: record 4: expected at most 2000/,
    );
    const last = good.lastIndexOf('\n') + 1;
    for (const [end, field] of [
      [60, 'ra10Sign|ra11'],
      [99, 'compositeDelta'],
      [114, 'settlementPrice'],
    ] as const) {
      expect(message(good.slice(0, last + end))).toMatch(new RegExp(`record 3: columns .*(${field})`));
    }
  });

  it('never throw and never hang, whatever is changed', () => {
    void fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 12 }), fc.nat(30), (at, insert, cut) => {
        const result = load(good.slice(0, at) + insert + good.slice(at + cut), 50);
        expect(typeof result.ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });
});
