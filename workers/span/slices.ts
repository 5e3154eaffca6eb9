/** Long work in slices: the worker's messages are answered between them, and the work can be given up. */
import { yieldTurn } from '../shared/yield-turn.ts';

/** Longest work between two turns of the message loop. */
const SLICE_MS = 12;
/** Items sorted or merged at a time. */
const SORTED_AT_ONCE = 8_192;

/** Gives way when a slice is used up. */
export class Slices {
  readonly #isStopped: () => boolean;
  #sinceMs = performance.now();

  constructor(isStopped: () => boolean) {
    this.#isStopped = isStopped;
  }

  /** Lets messages be answered where it is time; whether to give up. */
  async breathe(): Promise<boolean> {
    return performance.now() - this.#sinceMs < SLICE_MS ? this.#isStopped() : this.pause();
  }

  /** Lets messages be answered now; whether to give up. */
  async pause(): Promise<boolean> {
    await yieldTurn();
    this.#sinceMs = performance.now();
    return this.#isStopped();
  }

  /** Calls `work` for stretches of `size` out of 0 up to `count`; false where it was given up. */
  async each(count: number, size: number, work: (from: number, to: number) => void): Promise<boolean> {
    for (let from = 0; from < count; from += size) {
      work(from, Math.min(from + size, count));
      if (await this.breathe()) return false;
    }
    return true;
  }

  /** Sorts by merging sorted stretches; null where it was given up. */
  async sort(items: Int32Array, compare: (a: number, b: number) => number): Promise<Int32Array | null> {
    const size = SORTED_AT_ONCE;
    const whole = await this.each(items.length, size, (from, to) => {
      items.subarray(from, to).sort(compare);
    });
    if (!whole) return null;
    let from = items;
    let into: Int32Array = new Int32Array(items.length);
    for (let width = size; width < items.length; width *= 2) {
      const merged = await this.each(items.length, width * 2, (start, end) => {
        merge(from, into, { start, middle: Math.min(start + width, end), end }, compare);
      });
      if (!merged) return null;
      [from, into] = [into, from];
    }
    return from;
  }
}

function merge(
  from: Int32Array,
  into: Int32Array,
  { start, middle, end }: { readonly start: number; readonly middle: number; readonly end: number },
  compare: (a: number, b: number) => number,
): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesLeft =
      right >= end || (left < middle && compare(from[left] as number, from[right] as number) <= 0);
    into[at] = from[takesLeft ? left++ : right++] as number;
  }
}
