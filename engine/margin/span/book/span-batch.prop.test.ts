// A book margined in any slices by any number of batches against each portfolio margined alone; bad portfolios; hash; files.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../core/result.ts';
import { Rng } from '../../../core/rng.ts';
import { randomPositions, randomSet } from '../../../testkit/span-sets.ts';
import { SpanCalculator } from '../calculator.ts';
import type { SpanParameterSet } from '../parameter-set.ts';
import { planSpan, type SpanPlan } from '../plan.ts';
import { type SpanReport, spanMargin } from '../span-margin.ts';
import type { SpanPosition } from '../span-portfolio.ts';
import {
  BatchHash,
  batchHeader,
  batchLines,
  batchSums,
  comparison,
  membersOf,
  refusalKinds,
} from './batch-summary.ts';
import { BOOK_LIMITS, BookReader, type ReadBook } from './book-reader.ts';
import { ExampleBook } from './example-book.ts';
import { leanSet } from './lean-set.ts';
import { BookDraft, type PortfolioBook } from './portfolio-book.ts';
import { BATCH_FIGURES, SpanBatch } from './span-batch.ts';

const planOf = (set: SpanParameterSet, index = 0): SpanPlan => {
  const chosen = set.classes[index % set.classes.length];
  if (chosen === undefined) throw new Error('no class');
  return planSpan(set, chosen, 'USD');
};

function answered<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

interface Made {
  readonly plan: SpanPlan;
  readonly book: PortfolioBook;
  readonly portfolios: readonly (readonly SpanPosition[])[];
}

/** Portfolios of one set, some of which cannot be margined. */
function madeBook(seed: number, count: number): Made {
  const rng = new Rng(seed);
  const set = randomSet(rng);
  const plan = planOf(set, seed);
  const draft = new BookDraft();
  const portfolios = Array.from({ length: count }, (_, p) => {
    const index = draft.portfolio(`account ${p}`);
    const positions = [...randomPositions(rng, set)].map(([contract, lots]) => ({ contract, lots }));
    // Held in two rows; one more lot of a thousandth; a contract nobody lists.
    if (rng.below(4) === 0 && positions[0] !== undefined) positions.push({ ...positions[0], lots: -3 });
    if (rng.below(15) === 0 && positions[0] !== undefined) positions.push({ ...positions[0], lots: 0.001 });
    if (rng.below(15) === 0) positions.push({ contract: `contract ${set.contracts.length}`, lots: 1 });
    for (const { contract, lots } of positions) {
      draft.add(index, plan.contractIndex.get(contract) ?? set.contracts.length, lots);
    }
    return positions;
  });
  return { plan, book: draft.build(), portfolios };
}

function margined({ plan, book }: Made): SpanBatch {
  const batch = new SpanBatch(plan, book);
  batch.run(0, batch.portfolioCount);
  return batch;
}

function hashOf({ plan, book }: Made, batch: SpanBatch): string {
  const hash = new BatchHash(plan, book, batch);
  for (let p = 0; p < batch.portfolioCount; p += 7) hash.add(p, Math.min(p + 7, batch.portfolioCount));
  return hash.digits();
}

const inBase = (
  plan: SpanPlan,
  report: SpanReport,
  of: (c: SpanReport['commodities'][number]) => number,
): number =>
  report.commodities.reduce((sum, c) => {
    const index = plan.set.commodities.findIndex(({ code }) => code === c.commodity);
    return sum + of(c) * (plan.pools[plan.commodities[index]?.pool ?? -1]?.toBase ?? 0);
  }, 0);

describe('a book', () => {
  it('has of every portfolio the figures, or the failure, of that portfolio alone', () => {
    let refused = 0;
    let credited = 0;
    let charged = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const made = madeBook(seed, 30);
        const { plan, portfolios } = made;
        const batch = margined(made);
        for (const [p, positions] of portfolios.entries()) {
          const report = spanMargin(plan, positions);
          const [requirement = 0, ...parts] = BATCH_FIGURES.map((figure) => batch.columns[figure][p] ?? 0);
          if (!report.ok) {
            refused++;
            expect(batch.refused.get(p)).toEqual(report.failure);
            expect([requirement, ...parts].every(Number.isNaN)).toBe(true);
            continue;
          }
          expect(batch.refused.has(p)).toBe(false);
          expect(requirement).toBe(report.value.requirement);
          const sums = (
            [
              'scanRisk',
              'calendarCharge',
              'spotCharge',
              'interCredit',
              'shortOptionMinimum',
              'netOptionValue',
            ] as const
          ).map((figure) => inBase(plan, report.value, (c) => c[figure]));
          for (const [i, part] of parts.entries()) expect(part).toBeCloseTo(sums[i] ?? Number.NaN, 5);
          if ((parts[3] ?? 0) > 0) credited++;
          if ((parts[1] ?? 0) > 0) charged++;
        }
      }),
      { numRuns: 25 },
    );
    expect(Math.min(refused, credited, charged)).toBeGreaterThan(10);
  });

  it('comes out the same whatever the slices, their order, and who margins them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        (seed, cuts, turns) => {
          const made = madeBook(seed, 40);
          const whole = margined(made);
          const [mine, other] = [new SpanBatch(made.plan, made.book), new SpanBatch(made.plan, made.book)];
          const edges = [0, ...cuts.toSorted((a, b) => a - b), 40];
          const spans = edges.slice(1).map((to, i) => ({ from: edges[i] ?? 0, to }));
          for (const [i, { from, to }] of spans.toReversed().entries()) {
            if (turns[i] === true) mine.run(from, to);
            else {
              other.run(from, to);
              mine.take(structuredClone(other.part(from, to)));
            }
          }
          expect(mine.columns).toEqual(whole.columns);
          expect(new Map([...mine.refused].sort(([a], [b]) => a - b))).toEqual(whole.refused);
          expect(hashOf(made, mine)).toBe(hashOf(made, whole));
          expect(batchSums(mine)).toEqual(batchSums(whole));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('leaves a calculator that margins whole portfolios and orders as one that never saw a book', () => {
    const rng = new Rng(77);
    for (let s = 0; s < 60; s++) {
      const set = randomSet(rng);
      const plan = planOf(set, s);
      const lotsOf = (): Float64Array => {
        const positions = randomPositions(rng, set);
        return Float64Array.from(set.contracts, ({ id }) => positions.get(id) ?? 0);
      };
      const [first, second] = [lotsOf(), lotsOf()];
      const held = new Set<number>();
      second.forEach((lots, c) => {
        if (lots !== 0) held.add(plan.groupOf[plan.commodityOf[c] ?? 0] ?? 0);
      });
      const used = new SpanCalculator(plan);
      const fresh = new SpanCalculator(plan);
      used.margin(first);
      expect(used.marginWithin(second, Int32Array.from(held), held.size)).toBe(fresh.margin(second));
      const contract = rng.below(set.contracts.length);
      expect(used.whatIf(contract, 3)).toBe(fresh.whatIf(contract, 3));
      expect(used.margin(first)).toBe(new SpanCalculator(plan).margin(first));
    }
  });

  it('needs the same under the lean part of its set', () => {
    let leftOut = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const made = madeBook(seed, 4);
        const whole = margined(made);
        const { set, rows } = leanSet(made.plan.set, made.book);
        leftOut += made.plan.set.contracts.length - set.contracts.length;
        const batch = new SpanBatch(planSpan(set, made.plan.class, 'USD'), rows);
        batch.run(0, 4);
        expect(batch.columns.requirement).toEqual(whole.columns.requirement);
        expect(batch.refused).toEqual(whole.refused);
        for (const figure of BATCH_FIGURES) {
          for (const [p, value] of batch.columns[figure].entries()) {
            if (!batch.refused.has(p)) expect(value).toBeCloseTo(whole.columns[figure][p] ?? Number.NaN, 5);
          }
        }
      }),
      { numRuns: 80 },
    );
    expect(leftOut).toBeGreaterThan(20);
  });

  it('has another hash when a name, a lot or the class changes', () => {
    const made = madeBook(11, 20);
    const batch = margined(made);
    const hash = hashOf(made, batch);
    const renamed = { ...made, book: { ...made.book, names: made.book.names.with(3, 'someone else') } };
    expect(hashOf(renamed, margined(renamed))).not.toBe(hash);
    const held = made.portfolios.findIndex((positions, p) => positions.length > 0 && !batch.refused.has(p));
    const lots = made.book.lots.map((q, row) => (row === made.book.starts[held] ? q + 1 : q));
    const changed = { ...made, book: { ...made.book, lots } };
    expect(hashOf(changed, margined(changed))).not.toBe(hash);
  });

  it('lists every portfolio once: the largest first, refused ones last, and those alone', () => {
    const made = madeBook(5, 200);
    const batch = margined(made);
    const order = [...membersOf(batch, 'requirement')].sort(comparison(made.book, batch, 'requirement'));
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, p) => p));
    const values = order.map((p) => batch.columns.requirement[p] ?? Number.NaN);
    const known = values.slice(0, 200 - batch.refused.size);
    expect(known).toEqual(known.toSorted((a, b) => b - a));
    expect(values.slice(known.length).every(Number.isNaN)).toBe(true);
    const kinds = refusalKinds(made.book, batch);
    expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(batch.refused.size);
    expect(membersOf(batch, 'refused')).toHaveLength(batch.refused.size);
    const names = [...membersOf(batch, 'name')].sort(comparison(made.book, batch, 'name'));
    const words = names.map((p) => made.book.names[p] ?? '');
    expect(words).toEqual(words.toSorted());
  });
});

describe('a book file', () => {
  const set = randomSet(new Rng(3));
  const plan = planOf(set);
  const read = (text: string, cut = text.length): Result<ReadBook> => {
    const reader = new BookReader(set);
    for (let at = 0; at < text.length; at += cut) {
      const pushed = reader.push(text.slice(at, at + cut));
      if (!pushed.ok) return pushed;
    }
    return reader.end();
  };
  const ids = set.contracts.filter((c) => c.hasArray).map((c) => c.id);
  const [one = '', two = ''] = ids;

  it('is the same in pieces of any size, with rows of a portfolio anywhere', () => {
    const text = `\ufeffLots;Contract;Portfolio\r\n3;${one};B\r\n-2;${two};"A"\r\n\r\n1;${two};B`;
    const whole = answered(read(text));
    expect(whole.book.names).toEqual(['B', 'A']);
    expect([...whole.book.starts]).toEqual([0, 2, 3]);
    expect([...whole.book.lots]).toEqual([3, 1, -2]);
    for (const cut of [1, 2, 7]) expect(answered(read(text, cut))).toEqual(whole);
  });

  it('names bad rows by line, refuses their portfolios whole and margins the others', () => {
    const rows = [
      'portfolio,contract,lots',
      `good,${one},5`,
      `bad,${one},2`,
      'bad,ZZZ:NO:FUT:209912,1',
      `half,${two},0.5`,
      `,${one},1`,
      `"quoted, inc.",${two},-4`,
      `"torn,${two},-4`,
    ];
    const found = answered(read(rows.join('\n'), 5));
    expect(found.problems.map(({ line, portfolio }) => [line, portfolio])).toEqual([
      [4, 'bad'],
      [5, 'half'],
      [6, ''],
      [8, ''],
    ]);
    expect(found.problems[0]?.message).toBe('expected a contract of the set, found "ZZZ:NO:FUT:209912"');
    expect([found.problemCount, found.strayRowCount]).toEqual([4, 2]);
    const made = { plan, book: found.book, portfolios: [] };
    const batch = margined(made);
    expect(found.book.names).toEqual(['good', 'bad', 'half', 'quoted, inc.']);
    expect([...batch.refused.keys()]).toEqual([1, 2]);
    const alone = answered(spanMargin(plan, [{ contract: one, lots: 5 }]));
    expect(batch.columns.requirement[0]).toBe(alone.requirement);
    const lines = batchLines(plan, found.book, batch, 0, 4).trim().split('\r\n');
    expect(batchHeader().split(',')).toHaveLength(11);
    expect(lines[0]).toMatch(/^good,1,[\d.]+,/);
    expect(lines[1]).toMatch(/^bad,1,,,,,,,,USD,"?line 4: expected a contract of the set/);
    expect(lines[3]).toMatch(/^"quoted, inc\.",1,/);
  });

  it('says what is missing from a header and what is beyond its limits', () => {
    for (const [text, words] of [
      ['', /expected a header with portfolio/],
      [`contract,lots\n${one},1`, /line 1: expected columns portfolio,contract,lots/],
      [`portfolio,contract,lots\n${'x'.repeat(BOOK_LIMITS.rowCharacters + 1)}`, /characters in a row/],
    ] as const) {
      const result = read(text);
      expect(result).toMatchObject({ ok: false });
      if (!result.ok) expect(result.failure.message).toMatch(words);
    }
  });

  it('is written by the example book, which the same seed draws again', () => {
    const draw = (counts: readonly number[]): PortfolioBook => {
      const example = new ExampleBook(plan, 9);
      for (const count of counts) example.draw(count);
      return example.build();
    };
    const whole = draw([60]);
    expect(draw([1, 20, 39])).toEqual(whole);
    const lines = whole.names.flatMap((name, p) =>
      Array.from({ length: (whole.starts[p + 1] ?? 0) - (whole.starts[p] ?? 0) }, (_, i) => {
        const row = (whole.starts[p] ?? 0) + i;
        return `${name},${set.contracts[whole.contracts[row] ?? -1]?.id},${whole.lots[row]}`;
      }),
    );
    expect(answered(read(`portfolio,contract,lots\n${lines.join('\n')}\n`)).book).toEqual(whole);
    expect(margined({ plan, book: whole, portfolios: [] }).refused.size).toBe(0);
  });
});
