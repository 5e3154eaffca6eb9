// One place a second, whatever the columns do: silence, repetition, restart and overflow.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../engine/core/units.ts';
import type { DepthColumn } from '../../../engine/market/view/depth-columns.ts';
import { DepthHistory, HISTORY_SECONDS, SURPLUS_SECONDS } from './depth-history.ts';

const column = (second: number): DepthColumn => ({
  startMicros: micros(second * 1_000_000),
  openTicks: second,
  highTicks: second,
  lowTicks: second,
  closeTicks: second,
  volumeLots: 0,
  baseTicks: 0,
  rowTicks: 1,
  sizes: new Float32Array(192),
});

describe('DepthHistory', () => {
  it('keeps every second on its own place', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 }), (steps) => {
        const history = new DepthHistory();
        let second = 1_700_000_000;
        const given = new Set<number>();
        for (const step of steps) {
          second += step;
          given.add(second);
          history.add([column(second)]);
        }
        for (let s = history.firstSecond; s < history.endSecond; s++) {
          expect(history.at(s)?.closeTicks ?? null).toBe(given.has(s) ? s : null);
        }
        expect(history.endSecond).toBe(second + 1);
      }),
    );
  });

  it('starts over when time goes back or a silence outlasts the memory', () => {
    const history = new DepthHistory();
    history.add([column(100), column(101)]);
    const before = history.revision;
    history.add([column(50)]);
    expect(history.columns).toHaveLength(1);
    expect(history.revision).toBe(before + 1);
    history.add([column(50 + HISTORY_SECONDS + 1)]);
    expect(history.columns).toHaveLength(1);
  });

  it('never holds more than its bound and surplus and keeps the newest', () => {
    const history = new DepthHistory();
    let revisions = 0;
    for (let s = 0; s < HISTORY_SECONDS * 5; s++) {
      const before = history.revision;
      history.add([column(s)]);
      revisions += history.revision - before;
      expect(history.columns.length).toBeLessThanOrEqual(HISTORY_SECONDS + SURPLUS_SECONDS);
    }
    expect(history.last()?.closeTicks).toBe(HISTORY_SECONDS * 5 - 1);
    expect(revisions).toBeLessThan(17);
  });
});
