/** The one clock that stamps frames: wall time in integer microseconds. */

import { performance } from 'node:perf_hooks';
import { type Micros, micros } from '../engine/core/units.ts';

/** How far the smooth clock may run away from the system's wall clock before it is set again. */
const MAX_DRIFT_MICROS = 5_000;

/**
 * Makes a wall clock with microsecond steps.
 *
 * `Date.now` steps in milliseconds, so the monotonic clock carries the time between two settings. When the system
 * clock was stepped or the machine slept, the two part and the wall clock wins.
 */
export function createWallClock(): () => Micros {
  let offset = Date.now() * 1000 - performance.now() * 1000;
  return () => {
    const wall = Date.now() * 1000;
    const smooth = performance.now() * 1000 + offset;
    if (Math.abs(smooth - wall) <= MAX_DRIFT_MICROS) return micros(Math.round(smooth));
    offset += wall - smooth;
    return micros(wall);
  };
}
