// Rng: the same seed draws the same numbers; streams are independent of draws; bounds are kept and unbiased.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from './rng.ts';

const draws = (rng: Rng, n: number): number[] => Array.from({ length: n }, () => rng.uint32());

describe('Rng', () => {
  it('repeats itself for the same seed and differs for another', () => {
    expect(draws(new Rng(7), 50)).toEqual(draws(new Rng(7), 50));
    expect(draws(new Rng(7), 50)).not.toEqual(draws(new Rng(8), 50));
  });

  it('continues from a snapshot (property)', () => {
    void fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(200), (seed, n) => {
        const rng = new Rng(seed);
        draws(rng, n);
        const { seed: kept, state } = rng.snapshot();
        expect(draws(new Rng(kept, state), 20)).toEqual(draws(rng, 20));
      }),
    );
  });

  it('derives a stream from seed and name, not from draws made so far', () => {
    const fresh = new Rng(3);
    const used = new Rng(3);
    draws(used, 10);
    expect(draws(used.stream('agent/12'), 20)).toEqual(draws(fresh.stream('agent/12'), 20));
    expect(draws(fresh.stream('agent/1'), 20)).not.toEqual(draws(fresh.stream('agent/2'), 20));
  });

  it('keeps below() and fraction() in range (property)', () => {
    void fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const rng = new Rng(seed);
        const draw = rng.below(bound);
        expect(Number.isInteger(draw) && draw >= 0 && draw < bound).toBe(true);
        const fraction = rng.fraction();
        expect(fraction >= 0 && fraction < 1).toBe(true);
      }),
    );
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1]) expect(() => new Rng(1).below(bound)).toThrow();
    expect(() => new Rng(0.5)).toThrow();
  });

  it('is not visibly uneven: chi-square of 60,000 dice', () => {
    const rng = new Rng(20240808);
    const faces = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 60_000; i++) {
      const face = rng.below(6);
      faces[face] = (faces[face] ?? 0) + 1;
    }
    const chiSquare = faces.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(20.5); // the 99.9 % point of 5 degrees of freedom
  });
});
