// The clock of stamps: smooth while nothing happens, the system's own after a step or a sleep.
import { describe, expect, it } from 'vitest';
import { createWallClock } from './wall-clock.ts';

describe('wall clock', () => {
  it('is the wall clock in integer microseconds and does not step back', () => {
    const clock = createWallClock(Date.now, () => performance.now());
    let last = 0;
    for (let n = 0; n < 20_000; n++) {
      const now = clock();
      expect(now >= last && Number.isSafeInteger(now)).toBe(true);
      last = now;
    }
    expect(Math.abs(last / 1000 - Date.now())).toBeLessThan(20);
  });

  it('follows the system clock over steps and sleep, and waits out small steps back', () => {
    let wall = 1_000_000;
    let smooth = 0;
    const clock = createWallClock(
      () => Math.floor(wall),
      () => smooth,
    );
    const pass = (wallMs: number, smoothMs: number): number => {
      wall += wallMs;
      smooth += smoothMs;
      return clock() / 1000;
    };
    expect(pass(0.25, 0.25)).toBe(1_000_000.25);
    expect(pass(0.5, 0.5)).toBe(1_000_000.75);
    // Sleep: the wall clock ran on, the monotonic one stood.
    expect(pass(3_600_000, 0)).toBe(4_600_000);
    // Set back by 100 ms: the stamps wait.
    expect(pass(-100, 10)).toBe(4_600_000);
    expect(pass(50, 50)).toBe(4_600_000);
    expect(pass(100, 100)).toBeCloseTo(4_600_050, 0);
    // Set back by an hour: that is the time now.
    expect(pass(-3_600_000, 10)).toBeCloseTo(1_000_050, 0);
  });
});
