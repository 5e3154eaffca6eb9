// Both fast walks against one lot at a time, on random books with negative prices too.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DepthBook } from '../../market/book/depth-book.ts';
import { type NaiveLevel, naiveBookWalk } from '../../testkit/naive-book-walk.ts';
import type { OrderSide } from '../matching/order-terms.ts';
import { BookWalk, takenSide } from './book-walk.ts';
import { CumulativeDepth } from './cumulative-depth.ts';
import type { WalkResult } from './walk-result.ts';

const sides = fc.constantFrom<OrderSide>('buy', 'sell');
const levelLists = fc.uniqueArray(
  fc.tuple(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: 1, max: 30 })),
  { maxLength: 40, selector: ([price]) => price },
);
const sizes = fc.integer({ min: 1, max: 700 });

function bookOf(levels: readonly NaiveLevel[], side: OrderSide): DepthBook {
  const book = new DepthBook();
  for (const [price, size] of levels) book.set(takenSide(side), price, size);
  return book;
}

function expectSame(
  result: WalkResult,
  levels: readonly NaiveLevel[],
  size: number,
  limit: number | null,
): void {
  const naive = naiveBookWalk(levels, result.side, size, limit);
  expect(result.filledLots).toBe(naive.filled);
  expect(result.unfilledLots).toBe(naive.unfilled);
  expect(result.levels).toBe(naive.levels);
  expect(result.worstTicks).toBe(naive.worst);
  if (naive.filled === 0) {
    expect(result.averageTicks).toBeNull();
    expect(result.slippageBps(100)).toBeNull();
    return;
  }
  const touch = result.touchTicks ?? Number.NaN;
  const sign = result.side === 'buy' ? 1 : -1;
  expect(touch * naive.filled + sign * result.distanceTickLots).toBe(Number(naive.sum));
  expect(result.averageTicks).toBeCloseTo(Number(naive.sum) / naive.filled, 9);
}

describe('book walk', () => {
  it('takes what one lot at a time takes', () => {
    const walk = new BookWalk();
    const limits = fc.option(fc.integer({ min: -3000, max: 3000 }), { nil: null });
    void fc.assert(
      fc.property(levelLists, sides, sizes, limits, (levels, side, size, limit) => {
        expectSame(walk.walk(bookOf(levels, side), side, size, limit), levels, size, limit);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same from running sums, for any sizes in any order', () => {
    const depth = new CumulativeDepth();
    void fc.assert(
      fc.property(levelLists, sides, fc.array(sizes, { maxLength: 5 }), (levels, side, orders) => {
        depth.read(bookOf(levels, side), side);
        expect(depth.levels).toBe(levels.length);
        expect(depth.totalLots).toBe(levels.reduce((sum, [, size]) => sum + size, 0));
        for (const size of orders) expectSame(depth.walk(size), levels, size, null);
      }),
      { numRuns: 300 },
    );
  });

  it('sums books of more levels than it first has room for', () => {
    const levels = Array.from({ length: 1500 }, (_, i): NaiveLevel => [1000 + i, 1 + (i % 3)]);
    const depth = new CumulativeDepth();
    depth.read(bookOf(levels, 'buy'), 'buy');
    for (const size of [1, 999, 2999, 3000, 3001]) expectSame(depth.walk(size), levels, size, null);
  });

  it('costs more for more, and never less than the touch', () => {
    const walk = new BookWalk();
    void fc.assert(
      fc.property(levelLists, sides, sizes, sizes, (levels, side, a, b) => {
        const book = bookOf(levels, side);
        const distance = (size: number): number => {
          const result = walk.walk(book, side, size);
          return result.filledLots === 0 ? 0 : result.distanceTickLots / result.filledLots;
        };
        const [small, large] = [distance(Math.min(a, b)), distance(Math.max(a, b))];
        expect(small).toBeGreaterThanOrEqual(0);
        expect(large).toBeGreaterThanOrEqual(small - 1e-9);
      }),
    );
  });

  it('states the cost against touch and mid', () => {
    const book = new DepthBook();
    book.set('ask', 10_000, 2);
    book.set('ask', 10_010, 5);
    const result = new BookWalk().walk(book, 'buy', 3);
    expect(result.averageTicks).toBeCloseTo(10_003.3333, 3);
    expect(result.touchSlippageBps).toBeCloseTo(3.3333, 3);
    expect(result.slippageBps(9_999)).toBeCloseTo(4.3338, 3);
    expect(result.slippageBps(0)).toBeNull();
    expect(result.slippageBps(-37)).toBeNull();
  });

  it('refuses a size that is no size', () => {
    const book = bookOf([[100, 5]], 'buy');
    const depth = new CumulativeDepth();
    depth.read(book, 'buy');
    for (const size of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new BookWalk().walk(book, 'buy', size)).toThrow('size must be positive');
      expect(() => depth.walk(size)).toThrow('size must be positive');
    }
  });
});
