// Draws: exact logarithm, moments and quantiles.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../core/rng.ts';
import { Draws, exactLn, SizeTable } from './draws.ts';

const N = 200_000;

describe('draws', () => {
  it('computes the natural logarithm', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-10, max: 1, noNaN: true }), (x) => {
        expect(Math.abs(exactLn(x) - Math.log(x))).toBeLessThan(2e-9);
      }),
      { numRuns: 2000 },
    );
    expect(exactLn(1)).toBe(0);
    expect(() => exactLn(0)).toThrow();
  });

  it('has the moments it promises', () => {
    const draws = new Draws(new Rng(11));
    const normal = Array.from({ length: N }, () => draws.normal());
    const exponential = Array.from({ length: N }, () => draws.exponential());
    const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
    const square = (v: readonly number[]): number => mean(v.map((x) => x * x));
    // Five standard errors of each mean.
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(N));
    expect(Math.abs(square(normal) - 1)).toBeLessThan((5 * Math.SQRT2) / Math.sqrt(N));
    expect(Math.abs(mean(exponential) - 1)).toBeLessThan(5 / Math.sqrt(N));
    expect(Math.abs(square(exponential) - 2)).toBeLessThan((5 * Math.sqrt(20)) / Math.sqrt(N));
    expect(Math.min(...normal.slice(0, 1000))).toBeGreaterThan(-6);
    const third = Array.from({ length: N }, () => (draws.chance(0.3) ? 1 : 0));
    expect(Math.abs(mean(third) - 0.3)).toBeLessThan((5 * 0.46) / Math.sqrt(N));
  });

  it('draws sizes with the quantiles of the table', () => {
    const draws = new Draws(new Rng(12));
    const table = new SizeTable([
      [0, 1],
      [0.5, 10],
      [0.9, 100],
      [1, 1000],
    ]);
    const sizes = Array.from({ length: N }, () => table.draw(draws)).sort((a, b) => a - b);
    const at = (share: number): number => sizes[Math.floor(share * N)]!;
    expect(at(0)).toBeGreaterThanOrEqual(1);
    expect(Math.abs(at(0.5) - 10)).toBeLessThan(1.5);
    expect(Math.abs(at(0.9) - 100)).toBeLessThan(8);
    expect(at(0.9999)).toBeLessThanOrEqual(1000);
    const mean = sizes.reduce((a, b) => a + b, 0) / N;
    expect(Math.abs(mean / table.mean() - 1)).toBeLessThan(0.02);
  });
});
