// Resampling columns onto one grid: nothing lost, nothing added, nothing moved.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../engine/core/units.ts';
import type { DepthColumn } from '../../../engine/market/view/depth-columns.ts';
import { covers, gridFor, resample } from './heat-grid.ts';

const columnOf = (baseTicks: number, rowTicks: number, sizes: readonly number[]): DepthColumn => ({
  startMicros: micros(0),
  openTicks: 0,
  highTicks: 0,
  lowTicks: 0,
  closeTicks: 0,
  volumeLots: 0,
  baseTicks,
  rowTicks,
  sizes: Float32Array.from(sizes),
});

const anyColumn = fc
  .record({
    base: fc.integer({ min: -500, max: 500 }),
    rowTicks: fc.constantFrom(1, 2, 5, 10),
    sizes: fc.array(fc.nat(1_000), { minLength: 192, maxLength: 192 }),
  })
  .map(({ base, rowTicks, sizes }) => columnOf(base * rowTicks, rowTicks, sizes));

const sum = (values: Float32Array): number => values.reduce((a, b) => a + b, 0);

describe('heat grid', () => {
  it('covers every column and conserves its size', () => {
    fc.assert(
      fc.property(fc.array(anyColumn, { minLength: 1, maxLength: 8 }), (columns) => {
        const grid = gridFor(columns);
        if (grid === null) throw new Error('no grid');
        expect(grid.rows).toBeLessThanOrEqual(1_026);
        const out = new Float32Array(grid.rows);
        for (const column of columns) {
          resample(column, grid, out);
          expect(sum(out)).toBeCloseTo(sum(column.sizes), 0);
        }
        expect(covers(grid, columns.at(-1)!)).toBe(true);
      }),
    );
  });

  it('leaves aligned rows untouched', () => {
    const column = columnOf(
      600_050,
      50,
      Array.from({ length: 192 }, (_, i) => i),
    );
    const grid = { baseTicks: 600_000, rowTicks: 50, rows: 300 };
    const out = new Float32Array(300);
    resample(column, grid, out);
    expect([...out.subarray(1, 193)]).toEqual([...column.sizes]);
  });

  it('puts a size on the row of its price', () => {
    const sizes = Array.from({ length: 192 }, () => 0);
    sizes[100] = 7;
    const column = columnOf(1_000, 5, sizes);
    const grid = { baseTicks: 900, rowTicks: 10, rows: 200 };
    const out = new Float32Array(200);
    resample(column, grid, out);
    // Row 100 of the column begins at 1,500 ticks, row 60 of the grid too.
    expect(out[60]).toBe(7);
    expect(sum(out)).toBe(7);
  });

  it('has nothing to cover without columns', () => {
    expect(gridFor([null, null])).toBeNull();
  });
});
