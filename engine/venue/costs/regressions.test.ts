// Mistakes that slippage models make easily, each as a named test.
import { describe, expect, it } from 'vitest';
import { DepthBook } from '../../market/book/depth-book.ts';
import { BookWalk } from './book-walk.ts';
import { CumulativeDepth } from './cumulative-depth.ts';
import { restingFill } from './slippage/bar-fill.ts';
import { CME_GLOBEX_SLIPPAGE } from './slippage/cme-coefficients.ts';
import { estimateCmeSlippage } from './slippage/cme-slippage.ts';
import { BINANCE_USDM_SLIPPAGE, coefficientsOf } from './slippage/crypto-coefficients.ts';
import { estimateCryptoSlippage } from './slippage/crypto-slippage.ts';

const DAILY_VOLUME_LOTS = 1_000_000;

describe('known defects', () => {
  it('defect 6: a liquidation walk at 1 % participation never fills at price 0', () => {
    // 1 % of a day is more than this book holds: the rest stays unfilled and prices stay those of the book.
    const sizeLots = DAILY_VOLUME_LOTS / 100;
    const book = new DepthBook();
    for (let i = 0; i < 50; i++) book.set('bid', 60_000 - i * 10, 100);
    const walked = new BookWalk().walk(book, 'sell', sizeLots);
    const depth = new CumulativeDepth();
    depth.read(book, 'sell');
    for (const result of [walked, depth.walk(sizeLots)]) {
      expect([result.filledLots, result.unfilledLots, result.levels]).toEqual([5000, 5000, 50]);
      expect(result.worstTicks).toBe(59_510);
      expect(result.averageTicks).toBe(59_755);
    }
    // Stopped at a bankruptcy price, less is filled, and nothing below it.
    const limited = new BookWalk().walk(book, 'sell', sizeLots, 59_900);
    expect([limited.filledLots, limited.worstTicks]).toEqual([1100, 59_900]);
    // An empty side has no price at all.
    const empty = new BookWalk().walk(new DepthBook(), 'sell', sizeLots);
    expect([empty.filledLots, empty.unfilledLots]).toEqual([0, sizeLots]);
    expect([empty.averageTicks, empty.worstTicks, empty.slippageBps(60_000)]).toEqual([null, null, null]);
  });

  it('defect 6: participation reaches the impact term', () => {
    const impactOf = (sizeLots: number, dailyVolumeLots: number): number => {
      const estimate = estimateCryptoSlippage(
        coefficientsOf(BINANCE_USDM_SLIPPAGE, 'ETHUSDT'),
        { side: 'sell', sizeLots },
        {
          touch: { bidTicks: 60_000, askTicks: 60_001, bidLots: 0, askLots: 0 },
          dailyVolumeLots,
          displayedLots: null,
          imbalance: null,
          dailyVolatility: null,
          volatilityRegime: null,
          fundingRate: null,
          liquidatedLots: null,
          openInterestLots: null,
          btcCorrelation: null,
          recentReturn: null,
          hourUtc: null,
        },
      );
      if (!estimate.ok) throw new Error(estimate.failure.message);
      return estimate.value.impactBps;
    };
    const onePercent = impactOf(DAILY_VOLUME_LOTS / 100, DAILY_VOLUME_LOTS);
    expect(onePercent).toBeGreaterThan(1);
    expect(impactOf(DAILY_VOLUME_LOTS / 25, DAILY_VOLUME_LOTS)).toBeCloseTo(2 * onePercent, 9);
    expect(impactOf(DAILY_VOLUME_LOTS / 100, DAILY_VOLUME_LOTS / 4)).toBeCloseTo(2 * onePercent, 9);
  });

  it('defect 7: half a spread is counted once (.25 bps, not .0625)', () => {
    // ES at 5,000: a spread of one tick of 0.25 is half a basis point, and its half a quarter of one.
    const estimate = estimateCmeSlippage(
      CME_GLOBEX_SLIPPAGE.profiles.default,
      { side: 'buy', sizeLots: 1 },
      {
        product: 'ES',
        touch: null,
        referenceTicks: 20_000,
        dailyVolumeLots: 1_500_000,
        isRegularHours: true,
        settlementElapsed: null,
        isRolling: false,
        breaker: 'none',
      },
    );
    if (!estimate.ok) throw new Error(estimate.failure.message);
    expect(estimate.value.halfSpreadBps).toBe(0.25);
    expect(estimate.value.totalBps - estimate.value.impactBps).toBeCloseTo(0.25, 12);
  });

  it("defect 7: a buy limit is not filled at a bar's low it could not know", () => {
    const order = { side: 'buy', limitTicks: 4999, sizeLots: 1 } as const;
    const fill = restingFill(order, { highTicks: 5010, lowTicks: 4950, volumeLots: 10_000 });
    expect(fill).toEqual({ priceTicks: 4999, filledLots: 1 });
  });
});
