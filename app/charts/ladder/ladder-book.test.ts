// Laying sparse levels on dense rows, against a plain map of prices.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LadderRows } from '../../../workers/contract/market-frame.ts';
import { LadderBook, touchOf } from './ladder-book.ts';
import { centredAxis, rowPriceTicks } from './ladder-geometry.ts';

function ladderOf(bids: [number, number][], asks: [number, number][], groupTicks = 1): LadderRows {
  const pack = (levels: [number, number][]): Float64Array => {
    let cumulative = 0;
    return new Float64Array(
      levels.flatMap(([price, size]) => {
        cumulative += size;
        return [price, size, cumulative];
      }),
    );
  };
  return {
    bids: pack(bids),
    asks: pack(asks),
    groupTicks,
    bidLevels: bids.length,
    askLevels: asks.length,
    lowestBidTicks: null,
    highestAskTicks: null,
  };
}

const anySide = fc.uniqueArray(
  fc.record({ offset: fc.integer({ min: 1, max: 80 }), size: fc.integer({ min: 1, max: 1e6 }) }),
  { selector: (l) => l.offset, maxLength: 60 },
);

describe('LadderBook', () => {
  it('shows exactly the levels in sight, at their prices', () => {
    fc.assert(
      fc.property(anySide, anySide, fc.integer({ min: 4, max: 60 }), (down, up, rows) => {
        const sorted = (side: typeof down) => side.toSorted((a, b) => a.offset - b.offset);
        const bids = sorted(down).map((l): [number, number] => [1000 - l.offset, l.size]);
        const asks = sorted(up).map((l): [number, number] => [1000 + l.offset, l.size]);
        const axis = centredAxis(1000, 1, rows);
        const book = new LadderBook();
        book.fill(ladderOf(bids, asks), axis, 0);
        const bidAt = new Map(bids);
        const askAt = new Map(asks);
        let total = 0;
        let max = 0;
        for (let row = 0; row < rows; row++) {
          const price = rowPriceTicks(axis, row);
          expect(book.bids.sizes[row]).toBe(bidAt.get(price) ?? 0);
          expect(book.asks.sizes[row]).toBe(askAt.get(price) ?? 0);
          total += bidAt.get(price) ?? 0;
          max = Math.max(max, bidAt.get(price) ?? 0, askAt.get(price) ?? 0);
        }
        expect(book.bids.total).toBe(total);
        expect(book.maxLots).toBe(max);
      }),
    );
  });

  it('tells the change over the window at the same price, also after the axis moved', () => {
    const book = new LadderBook();
    book.fill(ladderOf([[999, 10]], [[1001, 5]]), centredAxis(1000, 1, 20), 0);
    expect(book.bids.deltas.every(Number.isNaN)).toBe(true);
    const moved = centredAxis(1003, 1, 20);
    book.fill(ladderOf([[999, 4]], [[1001, 9]]), moved, 1_100);
    expect(book.bids.deltas[moved.topGroup - 999]).toBe(-6);
    expect(book.asks.deltas[moved.topGroup - 1001]).toBe(4);
    expect(book.bids.totalDelta).toBe(-6);
    expect(book.bids.deltas[0]).toBeNaN();
  });

  it.each([1, 10, 100])('knows beyond which rows of %i ticks a size is only a least size', (groupTicks) => {
    const axis = centredAxis(10_000 / groupTicks, groupTicks, 60);
    const bids: [number, number][] = [[10_000 - groupTicks, 5]];
    const asks: [number, number][] = [[10_000 + groupTicks, 5]];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 2_000 }), (below, above) => {
        const [lowestBidTicks, highestAskTicks] = [10_000 - below, 10_000 + above];
        const book = new LadderBook();
        book.fill({ ...ladderOf(bids, asks, groupTicks), lowestBidTicks, highestAskTicks }, axis, 0);
        for (let row = 0; row < axis.rows; row++) {
          // A bid row holds the prices from its own up to the next row's, an ask row those down to the next.
          const price = rowPriceTicks(axis, row);
          expect(book.isSure('bid', row)).toBe(price >= lowestBidTicks);
          expect(book.isSure('ask', row)).toBe(price <= highestAskTicks);
        }
      }),
    );
    const whole = new LadderBook();
    whole.fill(ladderOf(bids, asks, groupTicks), axis, 0);
    expect([0, 30, 59].every((row) => whole.isSure('bid', row) && whole.isSure('ask', row))).toBe(true);
  });

  it('never compares different groupings', () => {
    const book = new LadderBook();
    book.fill(ladderOf([[990, 10]], [[1010, 5]], 10), centredAxis(100, 10, 20), 0);
    book.fill(ladderOf([[999, 10]], [[1001, 5]]), centredAxis(1000, 1, 20), 2_000);
    expect(book.bids.deltas.every(Number.isNaN)).toBe(true);
  });

  it('reads the touch in groups', () => {
    expect(touchOf(ladderOf([[990, 1]], [[1000, 1]], 10))).toEqual({ bidGroup: 99, askGroup: 100 });
    expect(touchOf(ladderOf([], []))).toEqual({ bidGroup: null, askGroup: null });
  });
});
