/** The one clock that stamps frames, in the proxy and in the worker: wall time in integer microseconds. */

import { type Micros, micros } from '../../core/units.ts';

/** How far the smooth clock may run away from the system's wall clock before it is set again. */
const MAX_DRIFT_MICROS = 5_000;
/** A smaller step back of the system clock is waited out, so that stamps never fall; a larger one is a new time. */
const MAX_STEP_BACK_MICROS = 1_000_000;

/**
 * Makes a wall clock with microsecond steps.
 *
 * `Date.now` steps in milliseconds, so the monotonic clock carries the time between two settings. When the system
 * clock was stepped or the machine slept, the two part and the wall clock wins.
 *
 * @param wallMs - the system's wall clock in milliseconds
 * @param smoothMs - a clock that only runs forward, in milliseconds
 */
export function createWallClock(wallMs: () => number, smoothMs: () => number): () => Micros {
  let offset = (wallMs() - smoothMs()) * 1000;
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const wall = wallMs() * 1000;
    const drift = smoothMs() * 1000 + offset - wall;
    if (Math.abs(drift) > MAX_DRIFT_MICROS) offset -= drift;
    const now = Math.round(smoothMs() * 1000 + offset);
    last = last - now < MAX_STEP_BACK_MICROS ? Math.max(last, now) : now;
    return micros(last);
  };
}
