// The chart's keyboard: it walks cells, stays within the history and gives the cell it stands on.
import { describe, expect, it } from 'vitest';
import { increment, micros } from '../../../engine/core/units.ts';
import type { DepthColumn } from '../../../engine/market/view/depth-columns.ts';
import { cellWords, restingLots } from './cell-words.ts';
import { ChartCursor, type CursorChart } from './chart-cursor.ts';
import { DepthHistory } from './depth-history.ts';

const column = (second: number): DepthColumn => ({
  startMicros: micros(second * 1_000_000),
  openTicks: 1_000,
  highTicks: 1_010,
  lowTicks: 990,
  closeTicks: 1_005,
  volumeLots: 42,
  baseTicks: 900,
  rowTicks: 5,
  sizes: Float32Array.from({ length: 192 }, (_, row) => row),
});

function chartOf(): CursorChart & { zoomed: number; pointed: unknown[]; nows: number } {
  return {
    zoomed: 1,
    pointed: [],
    nows: 0,
    pointTo(cell) {
      this.pointed.push(cell);
    },
    zoom(factor) {
      this.zoomed *= factor;
    },
    toNow() {
      this.nows += 1;
    },
    tickValue: () => 0.1,
  };
}

function setUp() {
  const history = new DepthHistory();
  history.add(Array.from({ length: 60 }, (_, i) => column(1_000 + i)));
  const chart = chartOf();
  return { history, chart, cursor: new ChartCursor(chart, history) };
}

describe('ChartCursor', () => {
  it('starts at the newest second and its price, and walks by second and row', () => {
    const { cursor } = setUp();
    expect(cursor.press('ArrowLeft', false)).toEqual({ second: 1_058, price: 100.5 });
    expect(cursor.press('ArrowUp', false)).toEqual({ second: 1_058, price: 101 });
    expect(cursor.press('ArrowLeft', true)?.second).toBe(1_048);
  });

  it('stays within the history', () => {
    const { cursor, history } = setUp();
    expect(cursor.press('Home', false)?.second).toBe(history.firstSecond);
    expect(cursor.press('ArrowLeft', true)?.second).toBe(history.firstSecond);
    expect(cursor.press('End', false)?.second).toBe(history.endSecond - 1);
    expect(cursor.press('ArrowRight', true)?.second).toBe(history.endSecond - 1);
  });

  it('leaves on Escape and takes no key that is not its own', () => {
    const { cursor, chart } = setUp();
    expect(cursor.press('Escape', false)).toBeUndefined();
    cursor.press('ArrowLeft', false);
    expect(cursor.press('Escape', false)).toBeNull();
    expect(chart.pointed.at(-1)).toBeNull();
    expect(cursor.press('x', false)).toBeUndefined();
    cursor.press('+', false);
    expect(chart.zoomed).toBeGreaterThan(1);
  });

  it('stands nowhere without a history', () => {
    const cursor = new ChartCursor(chartOf(), new DepthHistory());
    expect(cursor.press('ArrowLeft', false)).toBeNull();
  });
});

describe('cell words', () => {
  const spec = {
    id: 'binance-usdm:BTCUSDT',
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    kind: 'perpetual',
    currency: 'USDT',
    tickSize: increment('0.1'),
    lotSize: increment('0.001'),
    multiplier: '1',
    fundingIntervalHours: 8,
    source: 'test',
  } as const;

  it('finds the row that holds a price, and nothing outside the known rows', () => {
    expect(restingLots(column(0), 900)).toBe(0);
    expect(restingLots(column(0), 904)).toBe(0);
    expect(restingLots(column(0), 905)).toBe(1);
    expect(restingLots(column(0), 900 + 192 * 5 - 1)).toBe(191);
    expect(restingLots(column(0), 900 + 192 * 5)).toBeNull();
    expect(restingLots(column(0), 899)).toBeNull();
  });

  it('says time, price, size and prices of the second, with units', () => {
    expect(cellWords({ second: 7, price: 100.5 }, column(7), spec)).toBe(
      '00:00:07 UTC · 100.5 · resting 0.021 BTC · O 100.0 H 101.0 L 99.0 C 100.5 · vol 0.042',
    );
    expect(cellWords({ second: 7, price: 100.5 }, null, spec)).toBe('00:00:07 UTC · 100.5 · no column');
    expect(cellWords({ second: 7, price: 10 }, column(7), spec)).toContain('depth not known here');
  });
});
