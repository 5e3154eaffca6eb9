/** Random draws whose every step is exact arithmetic, so that all hosts see the same run. */
import { assert } from '../core/assert.ts';
import type { Rng } from '../core/rng.ts';

const UINT32 = 0x1_0000_0000;
const UINT16 = 0x1_0000;

/**
 * Natural logarithm from additions, multiplications and divisions alone; good to about 1e-9.
 *
 * `Math.log` may differ between hosts in the last place; this cannot.
 *
 * @param x - in (0, 1]
 */
export function exactLn(x: number): number {
  assert(x > 0 && x <= 1, 'the logarithm is made for (0, 1]');
  let halvings = 0;
  let m = x;
  while (m < 0.5) {
    m *= 2;
    halvings++;
  }
  // ln m = 2 artanh((m − 1) / (m + 1)), |t| ≤ 1/3.
  const t = (m - 1) / (m + 1);
  const s = t * t;
  const series =
    1 + s * (1 / 3 + s * (1 / 5 + s * (1 / 7 + s * (1 / 9 + s * (1 / 11 + s * (1 / 13 + s / 15))))));
  return 2 * t * series - halvings * Math.LN2;
}

/** Draws from one random stream. */
export class Draws {
  readonly #rng: Rng;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.#rng.uint32() / UINT32;
  }

  /** Uniform integer in [0, bound); the bias of at most bound / 2^32 is accepted. */
  below(bound: number): number {
    return Math.floor((this.#rng.uint32() / UINT32) * bound);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.#rng.uint32() < p * UINT32;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -exactLn((this.#rng.uint32() + 1) / UINT32);
  }

  /** Mean 0, variance 1, near normal: the sum of twelve uniforms less six. Never beyond ±6. */
  normal(): number {
    let sum = 0;
    for (let i = 0; i < 6; i++) {
      const word = this.#rng.uint32();
      sum += (word & 0xffff) + (word >>> 16);
    }
    return (sum + 6) / UINT16 - 6;
  }

  /** State of the stream, to be hashed. */
  state(): readonly number[] {
    return this.#rng.snapshot().state;
  }
}

/**
 * A distribution of sizes given by its quantiles, straight between them.
 */
export class SizeTable {
  readonly #shares: readonly number[];
  readonly #lots: readonly number[];

  /** @param knots - [share of draws at or below, lots], shares rising from 0 to 1 */
  constructor(knots: readonly (readonly [number, number])[]) {
    assert(knots.length >= 2 && knots[0]?.[0] === 0 && knots.at(-1)?.[0] === 1, 'shares run from 0 to 1');
    this.#shares = knots.map(([share]) => share);
    this.#lots = knots.map(([, lots]) => lots);
  }

  /** One size in lots (a float; the caller scales and rounds). */
  draw(draws: Draws): number {
    const u = draws.uniform();
    const shares = this.#shares;
    let i = 1;
    while ((shares[i] as number) <= u) i++;
    const from = shares[i - 1] as number;
    const low = this.#lots[i - 1] as number;
    const high = this.#lots[i] as number;
    return low + ((u - from) / ((shares[i] as number) - from)) * (high - low);
  }

  /** Mean of the distribution in lots. */
  mean(): number {
    let sum = 0;
    for (let i = 1; i < this.#shares.length; i++) {
      const share = (this.#shares[i] as number) - (this.#shares[i - 1] as number);
      sum += (share * ((this.#lots[i] as number) + (this.#lots[i - 1] as number))) / 2;
    }
    return sum;
  }
}
