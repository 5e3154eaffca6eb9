// What the model sees of a book.
import { describe, expect, it } from 'vitest';
import { DepthBook } from '../../../market/book/depth-book.ts';
import { observeBook } from './observe-book.ts';

function book(levels: readonly (readonly ['bid' | 'ask', number, number])[]): DepthBook {
  const filled = new DepthBook();
  for (const [side, price, size] of levels) filled.set(side, price, size);
  return filled;
}

describe('book observation', () => {
  it('sums displayed lots within the band of the mid', () => {
    const seen = observeBook(
      book([
        ['bid', 99_999, 2],
        ['bid', 99_900, 3],
        ['bid', 99_899, 50],
        ['ask', 100_001, 4],
        ['ask', 100_100, 11],
        ['ask', 100_101, 50],
      ]),
      10,
    );
    expect(seen).toEqual({
      ok: true,
      value: {
        touch: { bidTicks: 99_999, askTicks: 100_001, bidLots: 2, askLots: 4 },
        displayedLots: { bid: 5, ask: 15 },
        imbalance: -0.5,
      },
    });
  });

  it('always has the touch in the band, however wide the spread', () => {
    const seen = observeBook(
      book([
        ['bid', 100, 2],
        ['ask', 200, 6],
        ['ask', 201, 1],
      ]),
      1,
    );
    expect(seen.ok ? seen.value.displayedLots : null).toEqual({ bid: 2, ask: 6 });
  });

  it('fails on a one-sided or crossed book', () => {
    for (const levels of [
      [],
      [['bid', 100, 1]],
      [['ask', 100, 1]],
      [
        ['bid', 101, 1],
        ['ask', 100, 1],
      ],
    ] as const) {
      const seen = observeBook(book(levels), 10);
      expect(seen.ok ? null : seen.failure.code).toBe('costs/touch-missing');
    }
  });
});
