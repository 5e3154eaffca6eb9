// The paged depth book against two sorted maps.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { NaiveDepthBook } from '../../testkit/naive-depth-book.ts';
import { BookSide, MAX_BOOK_TICKS } from './book-side.ts';
import { DepthBook } from './depth-book.ts';

type Side = 'bid' | 'ask';
const SIDES: readonly Side[] = ['bid', 'ask'];

function levels(book: DepthBook, side: Side): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  book.eachLevel(side, (price, size) => {
    out.push([price, size]);
    return true;
  });
  return out;
}

function grouped(book: DepthBook, side: Side, groupTicks: number, rows: number): readonly number[] {
  const out = new Float64Array(rows * 3);
  return [...out.subarray(0, book.copyGrouped(side, groupTicks, rows, out) * 3)];
}

function expectEqual(book: DepthBook, naive: NaiveDepthBook): void {
  for (const side of SIDES) {
    const expected = naive.levels(side);
    expect(levels(book, side)).toEqual(expected);
    expect(side === 'bid' ? book.bestBid : book.bestAsk).toBe(expected[0]?.[0] ?? null);
    expect(side === 'bid' ? book.bidLevels : book.askLevels).toBe(expected.length);
  }
  expect(book.unknownDeletes).toBe(naive.unknownDeletes);
}

// Prices around page borders, around zero, and at the ends of the range.
const price = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -40, max: 40 }) },
  { weight: 3, arbitrary: fc.integer({ min: -3000, max: 3000 }) },
  { weight: 2, arbitrary: fc.constantFrom(-1025, -1024, -1023, -1, 0, 1, 31, 32, 1023, 1024, 1025) },
  { weight: 1, arbitrary: fc.constantFrom(MAX_BOOK_TICKS, -MAX_BOOK_TICKS, 616_415, 1_000_000_000) },
);
const size = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 }), fc.maxSafeNat());
const change = fc.tuple(fc.constantFrom(...SIDES), price, size);

describe('the paged book', () => {
  it('equals two sorted maps after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        const book = new DepthBook();
        const naive = new NaiveDepthBook();
        for (const [side, priceTicks, sizeLots] of changes) {
          book.set(side, priceTicks, sizeLots);
          naive.set(side, priceTicks, sizeLots);
          expect(book.sizeAt(side, priceTicks)).toBe(sizeLots);
        }
        expectEqual(book, naive);
      }),
      { numRuns: 1500 },
    );
  });

  it('groups and sums rows as the maps do', () => {
    const small = fc.tuple(fc.constantFrom(...SIDES), price, fc.integer({ min: 0, max: 1000 }));
    fc.assert(
      fc.property(
        fc.array(small, { maxLength: 80 }),
        fc.constantFrom(1, 2, 3, 7, 10, 100, 1000, 5000),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: -2000, max: 2000 }),
        (changes, groupTicks, rows, baseTicks) => {
          const book = new DepthBook();
          const naive = new NaiveDepthBook();
          for (const [side, priceTicks, sizeLots] of changes) {
            book.set(side, priceTicks, sizeLots);
            naive.set(side, priceTicks, sizeLots);
          }
          for (const side of SIDES) {
            expect(grouped(book, side, groupTicks, rows)).toEqual(naive.grouped(side, groupTicks, rows));
          }
          const out = new Float32Array(rows + 1).fill(7);
          book.sumRows(baseTicks, groupTicks, rows, out);
          expect([...out]).toEqual([...naive.rows(baseTicks, groupTicks, rows), 7]);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('is equal after snapshot and restore, and hashes levels, not history', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.array(change, { maxLength: 60 }), (a, b) => {
        const straight = new DepthBook();
        for (const c of a) straight.set(...c);
        const restored = new DepthBook();
        for (const c of b) restored.set(...c);
        restored.restore(straight.snapshot());
        expect(restored.stateHash()).toBe(straight.stateHash());
        for (const c of b) {
          straight.set(...c);
          restored.set(...c);
        }
        expect(restored.snapshot()).toEqual(straight.snapshot());

        const rebuilt = new DepthBook();
        for (const side of SIDES)
          for (const [p, q] of levels(straight, side).reverse()) rebuilt.set(side, p, q);
        expect(rebuilt.stateHash()).toBe(straight.stateHash());
      }),
      { numRuns: 500 },
    );
  });

  it('is exactly empty when a million random changes are cancelled one by one', () => {
    const rng = new Rng(20_240_808);
    const book = new DepthBook();
    const naive = new NaiveDepthBook();
    const empty = book.stateHash();
    for (let i = 0; i < 1_000_000; i++) {
      const side: Side = rng.below(2) === 0 ? 'bid' : 'ask';
      const width = rng.below(10) === 0 ? 4_000_000 : 3000;
      const priceTicks = rng.below(width) - width / 2;
      const sizeLots = rng.below(3) === 0 ? 0 : rng.below(1_000_000);
      book.set(side, priceTicks, sizeLots);
      naive.set(side, priceTicks, sizeLots);
      if (i % 100_000 === 0) expectEqual(book, naive);
    }
    expectEqual(book, naive);
    for (const side of SIDES) for (const [priceTicks] of naive.levels(side)) book.set(side, priceTicks, 0);
    expect([book.bestBid, book.bestAsk, book.bidLevels, book.askLevels]).toEqual([null, null, 0, 0]);
    expect(levels(book, 'bid')).toEqual([]);
    expect(grouped(book, 'ask', 10, 5)).toEqual([]);
    expect(book.stateHash()).toBe(empty);
  });
});

describe('limits', () => {
  it('gives up the page farthest from the touch beyond its page limit, and counts what it lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -9000, max: 9000 }), fc.nat(3)), { maxLength: 60 }),
        (changes) => {
          const whole = new BookSide('ask');
          const bounded = new BookSide('ask', 3);
          for (const [priceTicks, sizeLots] of changes) {
            whole.set(priceTicks, sizeLots);
            bounded.set(priceTicks, sizeLots);
          }
          if (bounded.evictedLevels === 0) {
            expect(bounded.levels).toBe(whole.levels);
            expect(bounded.best).toBe(whole.best);
          } else expect(bounded.levels).toBeLessThan(whole.levels + 1);
          let count = 0;
          bounded.eachLevel((priceTicks, sizeLots) => {
            expect(whole.sizeAt(priceTicks)).toBe(sizeLots);
            if (count++ === 0) expect(bounded.best).toBe(priceTicks);
            return true;
          });
          expect(bounded.levels).toBe(count);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes a defect for one', () => {
    const book = new DepthBook();
    expect(() => book.set('bid', 0.5, 1)).toThrow(/whole ticks/);
    expect(() => book.set('bid', MAX_BOOK_TICKS + 1, 1)).toThrow(/whole ticks/);
    expect(() => book.set('bid', 1, -1)).toThrow(/whole lots/);
    expect(() => book.set('bid', 1, Number.NaN)).toThrow(/whole lots/);
    expect(() => book.copyGrouped('bid', 0, 1, new Float64Array(3))).toThrow(/whole ticks/);
    expect(() => book.copyGrouped('bid', 1, 2, new Float64Array(3))).toThrow(/too short/);
  });
});
