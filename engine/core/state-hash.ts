/** State hash: a 32-bit FNV-1a style hash over the meaning of a state (integers and text, never floats or layout). */
import { assert } from './assert.ts';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Collects integers and text in a fixed order and folds them into one unsigned 32-bit number. */
export class StateHash {
  #hash = OFFSET;

  /** Adds one safe integer (both 32-bit halves, so 2^53 differs from 0). */
  integer(n: number): void {
    // The message is built only when it is needed: this runs for every number of a state.
    if (!Number.isSafeInteger(n)) assert(false, `state hash takes safe integers, found ${n}`);
    this.#word(n | 0);
    this.#word(Math.floor(n / 0x1_0000_0000) | 0);
  }

  /** Adds text by UTF-16 code units, with its length so that 'ab','c' differs from 'a','bc'. */
  text(s: string): void {
    this.#word(s.length);
    for (let i = 0; i < s.length; i++) this.#word(s.charCodeAt(i));
  }

  /** The hash of all that was added so far. */
  value(): number {
    return this.#hash >>> 0;
  }

  #word(word: number): void {
    let h = this.#hash;
    h = Math.imul(h ^ (word & 0xff), PRIME);
    h = Math.imul(h ^ ((word >>> 8) & 0xff), PRIME);
    h = Math.imul(h ^ ((word >>> 16) & 0xff), PRIME);
    this.#hash = Math.imul(h ^ (word >>> 24), PRIME);
  }
}
