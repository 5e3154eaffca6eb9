// Silence: what stopped is noticed, what a page could not hear is not held against anybody.
import { describe, expect, it } from 'vitest';
import { SilenceWatch } from './silence-watch.ts';

/** Looks every 250 ms over a while; answers how long it took to notice, or null. */
function lookFor(watch: SilenceWatch, fromMs: number, lengthMs: number, listens = true): number | null {
  for (let ms = fromMs; ms < fromMs + lengthMs; ms += 250)
    if (watch.isSilent(ms, listens)) return ms - fromMs;
  return null;
}

describe('silence watch', () => {
  it('notices silence after its time, and that it is over', () => {
    const watch = new SilenceWatch(1_500);
    watch.heard(0);
    expect(lookFor(watch, 0, 5_000)).toBe(1_500);
    watch.heard(1_600);
    expect(watch.isSilent(1_750, true)).toBe(false);
    expect(lookFor(watch, 2_000, 5_000)).toBe(1_250);
  });

  it('does not count the time in which nothing could be expected', () => {
    const watch = new SilenceWatch(1_500);
    watch.heard(0);
    expect(lookFor(watch, 0, 60_000, false)).toBe(null);
    expect(lookFor(watch, 60_000, 1_250)).toBe(null);
    expect(lookFor(watch, 61_250, 5_000)).toBe(0);
  });

  it('does not count the time in which the page itself stood still', () => {
    for (const ms of [1_500, 10_000, 8 * 3_600_000]) {
      const watch = new SilenceWatch(1_500);
      watch.heard(0);
      expect(lookFor(watch, 0, 1_000)).toBe(null);
      expect(watch.isSilent(ms + 1_000, true)).toBe(false);
      expect(lookFor(watch, ms + 1_250, 5_000)).toBe(1_250);
    }
  });
});
