// Volatility: known scale, silence before a minute, indifference to the level of the price.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { VolatilityEstimate } from './volatility.ts';

function walk(stepRate: number, seconds: number, start: number, seed: number): VolatilityEstimate {
  const estimate = new VolatilityEstimate();
  const rng = new Rng(seed);
  let price = start;
  for (let i = 0; i < seconds; i++) {
    price *= rng.below(2) === 0 ? 1 + stepRate : 1 / (1 + stepRate);
    estimate.add(price);
  }
  return estimate;
}

describe('volatility', () => {
  it('is null before a minute of returns and while the price never moves', () => {
    expect(walk(0.0001, 60, 100, 1).daily()).toBeNull();
    expect(walk(0.0001, 61, 100, 1).daily()).not.toBeNull();
    expect(walk(0, 500, 100, 1).daily()).toBeNull();
  });

  it('finds the daily volatility of a walk whose every step has the same size', () => {
    // Every squared return equals ln(1.0001)^2, so the estimate is exact whatever the weights.
    const expected = Math.log(1.0001) * Math.sqrt(86_400);
    expect(walk(0.0001, 400, 60_000, 7).daily()).toBeCloseTo(expected, 10);
    expect(walk(0.0001, 400, 0.002, 8).daily()).toBeCloseTo(expected, 10);
  });

  it('takes no return over a gap, and goes on from a saved state', () => {
    const estimate = walk(0.0001, 400, 100, 3);
    const before = estimate.daily();
    estimate.pause();
    estimate.add(5_000);
    expect(estimate.daily()).toBe(before);
    const again = new VolatilityEstimate();
    again.restore(estimate.snapshot());
    for (const each of [estimate, again]) each.add(5_001);
    expect(again.daily()).toBe(estimate.daily());
    expect(again.daily()).not.toBe(before);
  });

  it('ignores prices that are not positive', () => {
    const estimate = walk(0.0001, 400, 100, 3);
    const before = estimate.daily();
    estimate.add(0);
    estimate.add(-5);
    estimate.add(Number.NaN);
    expect(estimate.daily()).toBe(before);
  });
});
