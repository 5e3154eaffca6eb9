/** Randomness as an argument: seeded, serialisable, with named sub-streams. The only file that knows the generator. */
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { assert } from './assert.ts';
import { StateHash } from './state-hash.ts';

const UINT32 = 0x1_0000_0000;

/** A seeded source of random integers. Every draw uses integer arithmetic or one exact division. */
export class Rng {
  readonly #seed: number;
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  /** @param seed - any safe integer; the same seed gives the same draws everywhere */
  constructor(seed: number, state?: readonly number[]) {
    assert(Number.isSafeInteger(seed), `seed must be a safe integer, found ${seed}`);
    this.#seed = seed;
    this.#generator = state === undefined ? xoroshiro128plus(seed | 0) : xoroshiro128plusFromState(state);
  }

  /** A generator of its own for `name`, derived from this seed and the name, not from draws made so far. */
  stream(name: string): Rng {
    const hash = new StateHash();
    hash.integer(this.#seed);
    hash.text(name);
    return new Rng(hash.value());
  }

  /** Uniform integer in [0, 2^32). */
  uint32(): number {
    return this.#generator.next() >>> 0;
  }

  /** Uniform integer in [0, bound), bound in [1, 2^32]. Unbiased by rejection. */
  below(bound: number): number {
    assert(Number.isInteger(bound) && bound >= 1 && bound <= UINT32, `bound out of range: ${bound}`);
    const limit = UINT32 - (UINT32 % bound);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % bound;
  }

  /** Uniform float in [0, 1) with 32 bits. */
  fraction(): number {
    return this.uint32() / UINT32;
  }

  /** The seed and generator state, enough to continue: `new Rng(seed, state)`. */
  snapshot(): { readonly seed: number; readonly state: readonly number[] } {
    return { seed: this.#seed, state: this.#generator.getState() };
  }
}
