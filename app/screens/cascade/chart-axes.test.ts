// Axes of the charts: places and values are each other's way back, windows stay inside the run, words are short.
import { describe, expect, it } from 'vitest';
import { elapsedText, moneyText, place, roundStep, timeWindow, valueAt } from './chart-axes.ts';
import { meanLeverage, mixWithMean } from './leverage-mix.ts';

describe('axes', () => {
  it('lead from a value to its pixel and back', () => {
    const scale = { from: 10, to: 30, start: 200, end: 100 };
    for (const value of [10, 17, 30]) expect(valueAt(scale, place(scale, value))).toBeCloseTo(value, 9);
    expect(valueAt(scale, 500)).toBe(10);
  });

  it('have round steps, at most as many as asked', () => {
    for (const span of [0.37, 8, 4321, 1e7]) {
      const step = roundStep(span, 6);
      expect(span / step).toBeLessThanOrEqual(6);
      expect(['1', '2', '5']).toContain(String(Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9))));
    }
  });

  it('keep the cursor in a window that lies inside the run', () => {
    const run = { startMicros: 5e6, endMicros: 725e6 };
    for (let at = run.startMicros; at <= run.endMicros; at += 7.3e6) {
      const { from, to } = timeWindow(run, 60, at);
      expect(to - from).toBeCloseTo(60e6, 3);
      expect(from).toBeGreaterThanOrEqual(run.startMicros);
      expect(to).toBeLessThanOrEqual(run.endMicros);
      expect(at >= from && at <= to).toBe(true);
    }
    expect(timeWindow(run, null, 9e6)).toEqual({ from: 5e6, to: 725e6 });
    expect(timeWindow(run, 900, 9e6)).toEqual({ from: 5e6, to: 725e6 });
  });

  it('write times and money shortly', () => {
    expect([0, 61, 3725].map(elapsedText)).toEqual(['0:00', '1:01', '1:02:05']);
    expect([950, -1234, 2.5e6, 3.1e8, 4e9].map(moneyText)).toEqual([
      '$950',
      '−$1.2k',
      '$2.5M',
      '$310M',
      '$4.00B',
    ]);
  });
});

describe('the leverage mix', () => {
  it('is tilted to a mean without a new leverage', () => {
    const mix = [
      { leverage: 2, weight: 10 },
      { leverage: 10, weight: 30 },
      { leverage: 100, weight: 1 },
    ];
    for (const mean of [4, meanLeverage(mix), 40]) {
      const tilted = mixWithMean(mix, mean);
      expect(meanLeverage(tilted)).toBeCloseTo(mean, 2);
      expect(tilted.map(({ leverage }) => leverage)).toEqual([2, 10, 100]);
    }
  });
});
