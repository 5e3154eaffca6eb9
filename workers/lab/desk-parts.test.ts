// What the lab makes of accounts: the order of a table, what would fall at which price, how unequally losses fall.
import { describe, expect, it } from 'vitest';
import { accountOrder } from './account-order.ts';
import { fallRows } from './fall-rows.ts';
import { lorenzCurve } from './lorenz-curve.ts';

const columns = (
  rows: readonly { size?: number; at?: number; ratio?: number; fate?: number; lost?: number }[],
) => ({
  sizeLots: Float64Array.from(rows, ({ size = 0 }) => size),
  entryTicks: new Float64Array(rows.length),
  liquidationTicks: Float64Array.from(rows, ({ at = 0 }) => at),
  marginRatio: Float64Array.from(rows, ({ ratio = 0 }) => ratio),
  equity: new Float64Array(rows.length),
  fates: Uint8Array.from(rows, ({ fate = 0 }) => fate),
  liquidationLoss: Float64Array.from(rows, ({ lost = 0 }) => lost),
  adlLoss: new Float64Array(rows.length),
});

describe('the order of accounts', () => {
  const rows = columns([
    { size: 5, ratio: 3 },
    { fate: 2, lost: 10 },
    { size: -7, ratio: 1.1 },
    { size: 1, ratio: 0.9, fate: 8 },
    { size: 2, ratio: 2, fate: 4, lost: 30 },
    { size: -3, ratio: 1.1 },
  ]);

  it('puts the worst first: who waits, then by loss, then by headroom; equal ones by number', () => {
    expect([...accountOrder(rows, 'worst', 'all')]).toEqual([3, 4, 1, 2, 5, 0]);
    expect([...accountOrder(rows, 'ratio', 'all')]).toEqual([3, 2, 5, 4, 0, 1]);
    expect([...accountOrder(rows, 'size', 'open')]).toEqual([2, 0, 5, 4, 3]);
  });

  it('shows those asked for', () => {
    expect([...accountOrder(rows, 'account', 'liquidated')]).toEqual([1, 3]);
    expect([...accountOrder(rows, 'account', 'deleveraged')]).toEqual([4]);
  });
});

describe('what would fall at which price', () => {
  it('counts every open position once, on its side, in the row of its price', () => {
    const { rows, rowTicks } = fallRows(
      columns([
        { size: 2, at: 900 },
        { size: -3, at: 1100 },
        { size: 0, at: 950 },
        { size: 4, at: 10 },
        { size: 1, at: 904 },
      ]),
      1000,
      0.5,
    );
    expect(rowTicks).toBe(5);
    const found = [];
    for (let i = 0; i < rows.length; i += 3) {
      if (rows[i + 1] !== 0 || rows[i + 2] !== 0) found.push([rows[i], rows[i + 1], rows[i + 2]]);
    }
    expect(found).toEqual([
      [900, 2 * 900 * 0.5 + 904 * 0.5, 0],
      [1100, 0, 3 * 1100 * 0.5],
    ]);
  });
});

describe('the Lorenz curve', () => {
  it('is the diagonal where all lose alike, even one alone', () => {
    for (const count of [1, 3, 64, 500]) {
      const { points, gini } = lorenzCurve(columns(Array.from({ length: count }, () => ({ lost: 7 }))));
      expect(gini).toBeCloseTo(0, 12);
      for (let i = 0; i < points.length; i += 2) expect(points[i + 1]).toBeCloseTo(points[i] as number, 12);
    }
  });

  it('has the Gini coefficient of its definition, the mean difference over twice the mean', () => {
    const losses = [1, 1, 2, 5, 9, 30, 52];
    const { points, gini } = lorenzCurve(columns(losses.map((lost) => ({ lost }))));
    let differences = 0;
    for (const a of losses) for (const b of losses) differences += Math.abs(a - b);
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(gini).toBeCloseTo(differences / (2 * losses.length ** 2 * mean), 12);
    expect(points.at(-1)).toBeCloseTo(1, 12);
    for (let i = 2; i < points.length; i += 2)
      expect(points[i + 1]).toBeLessThanOrEqual((points[i] as number) + 1e-12);
  });

  it('is empty where nobody lost', () => {
    expect(lorenzCurve(columns([{}, {}])).points).toHaveLength(0);
  });
});
