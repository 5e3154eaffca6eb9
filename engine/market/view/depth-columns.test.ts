// Depth columns: what a second of the market folds into, and what must not appear on a chart.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEPTH_COLUMN_ROWS, DepthColumnRecorder, type DepthSource } from './depth-columns.ts';

const SECOND = 1_000_000;

function book(
  bid: number | null,
  ask: number | null,
  levels: readonly (readonly [number, number])[] = [],
): DepthSource {
  return {
    bestBid: bid,
    bestAsk: ask,
    sumRows: (baseTicks, rowTicks, rows, out) => {
      for (const [ticks, lots] of levels) {
        const row = Math.floor((ticks - baseTicks) / rowTicks);
        if (row >= 0 && row < rows) out[row] = (out[row] ?? 0) + lots;
      }
    },
  };
}

function trades(...list: readonly (readonly [number, number])[]): Float64Array {
  return Float64Array.from(list.flatMap(([price, size]) => [0, price, size, 0, 0]));
}

describe('depth columns', () => {
  it('folds the trades of a second into open, high, low, close and volume', () => {
    const recorder = new DepthColumnRecorder();
    recorder.advance(5 * SECOND, book(100, 102));
    recorder.addTrades(trades([101, 2], [105, 1], [99, 4], [103, 3]));
    const [column] = recorder.advance(6 * SECOND, book(100, 102));
    expect(column).toMatchObject({
      startMicros: 5 * SECOND,
      openTicks: 101,
      highTicks: 105,
      lowTicks: 99,
      closeTicks: 103,
      volumeLots: 10,
    });
  });

  it('takes the middle of the book where nothing traded, and starts every second afresh', () => {
    const recorder = new DepthColumnRecorder();
    recorder.advance(0, book(100, 103));
    recorder.addTrades(trades([90, 1]));
    recorder.advance(SECOND, book(100, 103));
    const [column] = recorder.advance(2 * SECOND, book(100, 103));
    expect(column).toMatchObject({
      openTicks: 101.5,
      highTicks: 101.5,
      lowTicks: 101.5,
      closeTicks: 101.5,
      volumeLots: 0,
    });
  });

  it('shows no column while a side is missing and leaves a long silence as a gap', () => {
    const recorder = new DepthColumnRecorder();
    recorder.advance(0, book(100, null));
    expect(recorder.advance(SECOND, book(100, null))).toEqual([]);
    const after = recorder.advance(600 * SECOND, book(100, 101));
    expect(after.length).toBe(5);
    expect(recorder.isDue(600 * SECOND)).toBe(false);
    expect(recorder.isDue(601 * SECOND)).toBe(true);
  });

  it('closes each second once, though two clocks that differ by a hair take turns', () => {
    const recorder = new DepthColumnRecorder();
    const starts: number[] = [];
    for (let micros = 0; micros < 20 * SECOND; micros += 50_000) {
      // A stamp of the relay, then the clock of the reader, three milliseconds behind.
      for (const at of [micros + 500, micros - 2_500]) {
        for (const column of recorder.advance(at, book(100, 101))) starts.push(column.startMicros);
      }
    }
    expect(starts).toEqual(Array.from({ length: 19 }, (_, i) => i * SECOND));
    // A clock that was really set back is followed.
    expect(recorder.advance(5 * SECOND, book(100, 101))).toEqual([]);
    expect(recorder.advance(6 * SECOND, book(100, 101))[0]?.startMicros).toBe(5 * SECOND);
  });

  it('keeps every resting lot within the rows at its own price', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50_000, max: 2_000_000 }),
        fc.array(fc.tuple(fc.integer({ min: -400, max: 400 }), fc.integer({ min: 1, max: 1_000 })), {
          maxLength: 50,
        }),
        (mid, offsets) => {
          const levels = offsets.map(([d, lots]) => [mid + d, lots] as const);
          const recorder = new DepthColumnRecorder();
          const source = book(mid, mid + 1, levels);
          recorder.advance(0, source);
          const [column] = recorder.advance(SECOND, source);
          expect(column?.sizes.length).toBe(DEPTH_COLUMN_ROWS);
          if (column === undefined) return;
          const top = column.baseTicks + column.rowTicks * DEPTH_COLUMN_ROWS;
          expect(mid).toBeGreaterThanOrEqual(column.baseTicks);
          expect(mid).toBeLessThan(top);
          const inside = levels
            .filter(([t]) => t >= column.baseTicks && t < top)
            .reduce((sum, [, lots]) => sum + lots, 0);
          expect(column.sizes.reduce((sum, size) => sum + size, 0)).toBe(inside);
        },
      ),
    );
  });
});
