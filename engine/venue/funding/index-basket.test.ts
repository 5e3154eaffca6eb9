// Index price: weights, the outlier, more than one outlier, silence, and that one exchange alone moves nothing far.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { INDEX_DEVIATION_LIMIT, type IndexPrice, indexPrice, type SpotQuote } from './index-basket.ts';

const NOW = micros(1_760_000_000_000_000);
const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;

function priced(
  prices: readonly (number | null)[],
  weights: readonly number[] = [],
  agesMicros: readonly number[] = [],
): IndexPrice | string {
  const basket = prices.map((_, i) => ({ exchange: NAMES[i] ?? '', weight: weights[i] ?? 1 }));
  const quotes = prices.flatMap((price, i): SpotQuote[] =>
    price === null ? [] : [{ exchange: NAMES[i] ?? '', price, atMicros: micros(NOW - (agesMicros[i] ?? 0)) }],
  );
  const found = indexPrice(basket, quotes, NOW);
  return found.ok ? found.value : found.failure.code;
}

function priceIn(found: IndexPrice | string): number {
  return typeof found === 'string' ? Number.NaN : found.price;
}

function states(found: IndexPrice | string): readonly string[] {
  return typeof found === 'string' ? [found] : found.constituents.map(({ state }) => state);
}

describe('index price', () => {
  it('is the weighted mean of what is fresh and near', () => {
    expect(priceIn(priced([100, 102], [3, 1]))).toBeCloseTo(100.5, 12);
    expect(priceIn(priced([100]))).toBe(100);
  });

  it('gives no weight to one exchange more than 5 % off the median', () => {
    const found = priced([100, 101, 99, 110]);
    expect(states(found)).toEqual(['used', 'used', 'used', 'deviating']);
    expect(priceIn(found)).toBeCloseTo(100, 12);
    // Exactly 5 % is not more than 5 %.
    expect(states(priced([100, 100, 105]))).toEqual(['used', 'used', 'used']);
    expect(states(priced([100, 100, 105.001]))).toEqual(['used', 'used', 'deviating']);
  });

  it('is the median when more than one is off', () => {
    const found = priced([100, 101, 80, 120, 99]);
    expect(found).toMatchObject({ price: 100, method: 'median' });
    expect(priceIn(priced([90, 110]))).toBe(100);
  });

  it('gives no weight to an exchange silent for more than 10 s, and none at all when all are', () => {
    expect(states(priced([100, 104], [1, 1], [10_000_000, 10_000_001]))).toEqual(['used', 'stale']);
    expect(priceIn(priced([100, 104], [1, 1], [0, 10_000_001]))).toBe(100);
    expect(priced([100, 104], [1, 1], [2e7, 2e7])).toBe('venue/index-unavailable');
    expect(priced([null, null])).toBe('venue/index-unavailable');
    expect(states(priced([100, null]))).toEqual(['used', 'missing']);
    expect(priced([0])).toBe('venue/index-unavailable');
  });

  it('falls back on the median where only exchanges without weight are left', () => {
    expect(priced([100, 102, null], [0, 0, 1])).toMatchObject({ price: 101, method: 'median' });
  });

  it('one exchange at any price moves it no further than the deviation limit allows (property)', () => {
    const near = fc.double({ min: 99, max: 101, noNaN: true });
    const wild = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    const weight = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(near, near, near),
        wild,
        fc.tuple(weight, weight, weight, weight),
        (four, x, w) => {
          const price = priceIn(priced([...four, x], w));
          expect(price).toBeGreaterThanOrEqual(99 * (1 - INDEX_DEVIATION_LIMIT));
          expect(price).toBeLessThanOrEqual(101 * (1 + INDEX_DEVIATION_LIMIT));
        },
      ),
    );
  });

  it('lies between the prices it was made of, and its shares sum to 1 (property)', () => {
    const price = fc.double({ min: 90, max: 110, noNaN: true });
    fc.assert(
      fc.property(fc.array(price, { minLength: 1, maxLength: 5 }), (prices) => {
        const found = priced(prices);
        expect(priceIn(found)).toBeGreaterThanOrEqual(Math.min(...prices) - 1e-9);
        expect(priceIn(found)).toBeLessThanOrEqual(Math.max(...prices) + 1e-9);
        if (typeof found === 'string' || found.method === 'median') return;
        expect(found.constituents.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});
