// Liquidation columns: every notional lands on the row of its price, and nothing is shown that was asked for another axis.
import { describe, expect, it } from 'vitest';
import { fallAt, fallsInSight, fallWidth, type LadderFalls } from './ladder-falls.ts';
import { ladderColumns, rowPriceTicks } from './ladder-geometry.ts';

const falls: LadderFalls = {
  instrument: 'binance-usdm:BTCUSDT',
  groupTicks: 10,
  fromGroup: 1000,
  longs: Float64Array.from([0, 5, 0, 20]),
  shorts: Float64Array.from([0, 0, 7, 0]),
  tipsDownTicks: null,
  tipsUpTicks: null,
};
const axis = { groupTicks: 10, topGroup: 1004, rows: 6 };

describe('liquidation columns', () => {
  it('stand on the row of their price', () => {
    const shown = Array.from({ length: 6 }, (_, row) => [
      rowPriceTicks(axis, row),
      fallAt(falls, axis, row, 'longs'),
      fallAt(falls, axis, row, 'shorts'),
    ]);
    expect(shown).toEqual([
      [10_040, 0, 0],
      [10_030, 20, 0],
      [10_020, 0, 7],
      [10_010, 5, 0],
      [10_000, 0, 0],
      [9_990, 0, 0],
    ]);
  });

  it('are as wide as their share of the largest in sight, and absent for another axis or instrument', () => {
    const inSight = fallsInSight(falls, falls.instrument, axis);
    expect(inSight?.most).toBe(20);
    const columns = ladderColumns(500, { cumulative: false, deltas: false, priceWidth: 100 });
    const widths = [0, 1, 3].map((row) => fallWidth({ falls: inSight, axis, columns }, row, 'longs'));
    expect(widths[0]).toBe(0);
    expect((widths[2] ?? 0) / (widths[1] ?? 1)).toBeCloseTo(5 / 20, 1);
    expect(fallsInSight(falls, 'binance-usdm:ETHUSDT', axis)).toBeNull();
    expect(fallsInSight(falls, falls.instrument, { ...axis, groupTicks: 1 })).toBeNull();
    expect(fallsInSight(falls, falls.instrument, { ...axis, topGroup: 90 })).toBeNull();
  });
});
