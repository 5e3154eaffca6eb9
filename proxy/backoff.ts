/** Waiting before another try: full jitter, so that many who fell together do not return together. */

/** Shortest wait, so that a venue that closes at once is not hammered. */
const FLOOR_MS = 50;

/**
 * Milliseconds to wait before another try: uniform between the floor and `mostMs`, which counts as at least `firstMs` and at most
 * `capMs`. There is no last try.
 *
 * @param mostMs - e.g. how long it has failed by now: then the way back is found within about twice that time
 */
export function backoffMs(mostMs: number, firstMs: number, capMs: number, random: () => number): number {
  const ceiling = Math.min(capMs, Math.max(firstMs, mostMs));
  return Math.max(FLOOR_MS, Math.round(random() * ceiling));
}
