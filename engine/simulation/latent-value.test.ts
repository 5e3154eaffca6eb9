// Latent values: correlated as the loadings say, volatile in clusters, positive and homing.
import { describe, expect, it } from 'vitest';
import { Rng } from '../core/rng.ts';
import { Draws } from './draws.ts';
import { LATENT_STEP_MICROS, LatentValues } from './latent-value.ts';

const STEPS_PER_SECOND = 1_000_000 / LATENT_STEP_MICROS;
const TERMS = [
  { start: 60_000, secondVolatility: 1e-4, regime: 0, loadings: [1] },
  { start: 2_600, secondVolatility: 2e-4, regime: 0, loadings: [0.8, 0.6] },
];

function run(seed: number, seconds: number): { values: LatentValues; returns: number[][]; moods: number[] } {
  const rng = new Rng(seed);
  const values = new LatentValues(TERMS, new Draws(rng.stream('latent')), [new Draws(rng.stream('regime'))]);
  const returns: number[][] = TERMS.map(() => []);
  const moods: number[] = [];
  for (let s = 0; s < seconds; s++) {
    const before = TERMS.map((_, i) => values.value(i));
    for (let k = 0; k < STEPS_PER_SECOND; k++) values.step();
    for (let i = 0; i < TERMS.length; i++) returns[i]!.push(values.value(i) / before[i]! - 1);
    moods.push(values.mood(0));
  }
  return { values, returns, moods };
}

const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [ma, mb] = [mean(a), mean(b)];
  const cov = mean(a.map((x, i) => (x - ma) * (b[i]! - mb)));
  return cov / Math.sqrt(mean(a.map((x) => (x - ma) ** 2)) * mean(b.map((x) => (x - mb) ** 2)));
};

describe('latent values', () => {
  it('move together as the loadings say', () => {
    const { returns } = run(3, 6_000);
    expect(Math.abs(correlation(returns[0]!, returns[1]!) - 0.8)).toBeLessThan(0.05);
  });

  it('have the volatility of their mood', () => {
    const { returns, moods } = run(4, 6_000);
    const scaled = returns[0]!.map((r, i) => r / (1e-4 * moods[i]!));
    expect(Math.abs(mean(scaled.map((x) => x * x)) - 1)).toBeLessThan(0.15);
  });

  it('cluster: the size of one second tells about the next, its sign does not', () => {
    const { returns } = run(5, 20_000);
    const r = returns[0]!;
    const size = r.map(Math.abs);
    expect(correlation(size.slice(1), size.slice(0, -1))).toBeGreaterThan(0.05);
    expect(Math.abs(correlation(r.slice(1), r.slice(0, -1)))).toBeLessThan(0.05);
  });

  it('close half of a gap to the start in five days', () => {
    const still = { ...TERMS[0]!, secondVolatility: 0 };
    const values = new LatentValues([still], new Draws(new Rng(1)), [new Draws(new Rng(2))]);
    values.learn(0, 0.1);
    for (let i = 0; i < 43_200 * STEPS_PER_SECOND; i++) values.step();
    expect(values.value(0) / still.start - 1).toBeCloseTo(0.1 * 2 ** (-0.5 / 5), 6);
  });

  it('refuse loadings that do not add up', () => {
    const terms = [{ ...TERMS[0]!, loadings: [0.5] }];
    expect(() => new LatentValues(terms, new Draws(new Rng(1)), [new Draws(new Rng(2))])).toThrow();
  });
});
