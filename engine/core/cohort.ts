/** Cohorts: a fixed share of keys, the same ones every time, so that a change can be tried on a few before it reaches all. */
import { assert } from './assert.ts';
import { StateHash } from './state-hash.ts';

/**
 * Whether a key belongs to the share of keys that a trial covers. Depends on both texts alone; two trials choose independently of
 * each other, and a larger share keeps everybody of a smaller one.
 *
 * @param share - 0 covers nobody, 1 everybody
 *
 * @example 0.2 covers about one key in five
 */
export function isInCohort(trial: string, key: string, share: number): boolean {
  assert(share >= 0 && share <= 1, `a share lies between 0 and 1, found ${share}`);
  const hash = new StateHash();
  hash.text(trial);
  hash.text(key);
  // The last characters reach only the low bits of the hash: mixed once more (Murmur3 finaliser) they reach all.
  let mixed = hash.value();
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000 < share;
}
