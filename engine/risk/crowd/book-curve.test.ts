// A book as a curve: every fill where a walk of the book finds it, and the linear approximation beside a recorded book.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { DepthBook } from '../../market/book/depth-book.ts';
import { InstrumentFeed } from '../../market/instrument-feed.ts';
import { BTCUSDT, btcusdtSession } from '../../testkit/recorded-session.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { BookWalk } from '../../venue/costs/book-walk.ts';
import { bookCurve } from './book-curve.ts';
import { CurveCursor, kyleCurve, kyleLotsPerTick } from './liquidity-curve.ts';

describe('book curve', () => {
  it('fills every quantity at the prices a walk of the book finds, on both sides', () => {
    const rng = new Rng(17);
    const walk = new BookWalk();
    for (let n = 0; n < 40; n++) {
      const book = new DepthBook();
      let total = 0;
      const direction = n % 2 === 0 ? 'fall' : 'rise';
      const sign = direction === 'fall' ? -1 : 1;
      for (let away = 0; away < 200; away += 1 + rng.below(4)) {
        const size = 1 + rng.below(50);
        book.set(direction === 'fall' ? 'bid' : 'ask', 10_000 + sign * away, size);
        total += size;
      }
      const curve = bookCurve(direction, book, 7);
      if (curve === null) throw new Error('the book is not empty');
      const cursor = new CurveCursor(curve);
      for (let lots = 1; lots <= total; lots += 1 + rng.below(60)) {
        const walked = walk.walk(book, direction === 'fall' ? 'sell' : 'buy', lots);
        cursor.moveTo(lots);
        expect(sign * cursor.levelReach).toBe(walked.worstTicks);
        expect(sign * curve.reachAfter(lots)).toBe(walked.worstTicks);
        // Sum of price × lots: the touch for all of them, and the distance the walk adds up.
        expect(sign * cursor.valueOf(lots)).toBe(10_000 * lots + sign * walked.distanceTickLots);
      }
      const beyond = sign * curve.reachAfter(total + 7 * 3) - sign * curve.reachAfter(total);
      expect(sign * beyond).toBe(3);
    }
    expect(bookCurve('fall', new DepthBook(), 1)).toBeNull();
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`the linear approximation of a recorded book${SHARED_DATA_NOTE}`, () => {
  it('goes a half to a third as far as the displayed book, which thickens with distance and in life refills', () => {
    const feed = new InstrumentFeed(BTCUSDT, { expects: 'recorded' });
    for (const frame of btcusdtSession()) feed.apply({ kind: 'frame', frame });
    const touch = feed.book.bestBid ?? 0;
    const book = bookCurve('fall', feed.book, 1);
    const kyle = kyleCurve('fall', touch, kyleLotsPerTick(0.67, touch, 100));
    const ratios = [1e6, 5e6, 1e7, 2e7].map((usd) => {
      const lots = Math.round(usd / (touch * 0.0001));
      const moved = (reach: number): number => (1e4 * (reach + touch)) / touch;
      return moved(book?.reachAfter(lots) ?? 0) / moved(kyle.reachAfter(lots));
    });
    // λ = 0.67 bps a million is fitted to a second of flow, in which makers answer; the book alone gives 2.2 bps.
    for (const [i, expected] of [3.27, 2.67, 2.02, 1.69].entries()) {
      expect(Math.abs((ratios[i] as number) - expected)).toBeLessThan(0.01);
    }
  });
});
