/** Waiting before another try: full jitter, so that many who fell together do not return together. */

/** Shortest wait, so that a venue that closes at once is not hammered. */
const FLOOR_MS = 50;

/**
 * Milliseconds to wait before try number `attempt` (from 0): uniform between the floor and
 * `min(cap, first x 2^attempt)`. There is no last try.
 */
export function backoffMs(attempt: number, firstMs: number, capMs: number, random: () => number): number {
  const ceiling = Math.min(capMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.max(FLOOR_MS, Math.round(random() * ceiling));
}
