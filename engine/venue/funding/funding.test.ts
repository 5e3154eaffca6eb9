// Funding and mark price against published examples, recorded frames and another venue's own premiums.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { OrderBook } from '../matching/order-book.ts';
import vectors from './funding.vectors.json' with { type: 'json' };
import { fundingCapRate, fundingRate } from './funding-rate.ts';
import { HYPERLIQUID_FUNDING } from './funding-terms.ts';
import { impactMarginNotional, impactPrice } from './impact-price.ts';
import {
  BASIS_SAMPLES,
  basisSpacingMicrosOn,
  composeMark,
  fundingCarriedPrice,
  MovingBasis,
  medianPrice,
} from './mark-price.ts';
import { impactMidPremium, nextFundingMicros, PremiumAverage, premiumIndex } from './premium-index.ts';

const HOUR = 3_600_000_000;
const TERMS = { intervalHours: 8, interestRate: 0.0001, capRate: 0.003 };

describe('funding', () => {
  it('computes the impact margin notional', () => {
    for (const c of vectors.impactMarginNotional.cases) {
      expect(impactMarginNotional(c.maxLeverage)).toBe(c.notional);
    }
  });

  it('computes the rate of the worked examples', () => {
    for (const c of vectors.fundingRate.cases) {
      expect(fundingRate(c.averagePremium, { ...TERMS, intervalHours: c.intervalHours })).toBeCloseTo(
        c.rate,
        12,
      );
    }
  });

  it('computes the cap of the majors', () => {
    for (const c of vectors.fundingCapRate.cases) {
      expect(fundingCapRate(c.maintenanceRate)).toBeCloseTo(c.capRate, 12);
    }
  });

  it('is the interest rate whenever the premium stays within its band', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.0004, max: 0.0006, noNaN: true }), (premium) => {
        expect(fundingRate(premium, TERMS)).toBeCloseTo(0.0001, 12);
      }),
    );
  });

  it('never falls as the premium rises and never leaves its cap', () => {
    const premium = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    fc.assert(
      fc.property(premium, premium, fc.constantFrom(1, 4, 8), (a, b, intervalHours) => {
        const low = fundingRate(Math.min(a, b), { ...TERMS, intervalHours });
        const high = fundingRate(Math.max(a, b), { ...TERMS, intervalHours });
        expect(low).toBeLessThanOrEqual(high + 1e-15);
        expect(Math.abs(low)).toBeLessThanOrEqual(TERMS.capRate);
        expect(Math.abs(high)).toBeLessThanOrEqual(TERMS.capRate);
      }),
    );
  });

  it('weights late samples more', () => {
    const average = new PremiumAverage();
    expect(average.average()).toBeNull();
    for (const premium of [0.001, 0.002, 0.004]) average.add(premium);
    expect(average.average()).toBeCloseTo((0.001 + 2 * 0.002 + 3 * 0.004) / 6, 15);
    average.reset();
    expect(average.average()).toBeNull();
  });

  it('has three funding instants a day, strictly ahead', () => {
    const midnight = Date.UTC(2026, 4, 4) * 1000;
    expect(nextFundingMicros(micros(midnight), 8)).toBe(midnight + 8 * HOUR);
    expect(nextFundingMicros(micros(midnight + 8 * HOUR - 1), 8)).toBe(midnight + 8 * HOUR);
    expect(nextFundingMicros(micros(midnight + 8 * HOUR), 4)).toBe(midnight + 12 * HOUR);
  });

  it('walks the book for the impact price', () => {
    const book = new OrderBook({ orders: 10, pagesPerSide: 4, events: 100 });
    const rest = (side: 'buy' | 'sell', priceTicks: number, sizeLots: number): void => {
      book.placeLimit({ side, priceTicks, sizeLots, timeInForce: 'GTC', account: 1, tag: 1 });
    };
    rest('sell', 1000, 10);
    rest('sell', 1010, 100);
    rest('buy', 990, 5);
    const units = { tickValue: 0.1, lotValue: 1 };
    // 10 at 100 is 1,000; the other 1,010 buys 10 at 101.
    expect(impactPrice(book, 'sell', 2010, units)).toBeCloseTo(2010 / 20, 12);
    expect(impactPrice(book, 'sell', 500, units)).toBeCloseTo(100, 12);
    expect(impactPrice(book, 'buy', 495, units)).toBeCloseTo(99, 12);
    expect(impactPrice(book, 'buy', 496, units)).toBeNull();
  });
});

interface VenueContext {
  readonly funding: string;
  readonly premium: string | null;
  readonly oraclePx: string;
  readonly impactPxs: readonly [string, string] | null;
}

describe.skipIf(!HAS_SHARED_DATA)(`against a venue's own figures${SHARED_DATA_NOTE}`, () => {
  const file: { readonly data: { readonly ctxs: readonly [string, readonly VenueContext[]][] } } =
    HAS_SHARED_DATA
      ? JSON.parse(readSharedText('venues/hyperliquid-asset-contexts.json'))
      : { data: { ctxs: [] } };
  const contextsOf = (main: boolean): readonly VenueContext[] =>
    file.data.ctxs.filter(([dex]) => (dex === '') === main).flatMap(([, contexts]) => contexts);

  /** How many premiums a form gives, and the largest distance from the recorded ones. */
  function compare(
    main: boolean,
    form: (bid: number, ask: number, oracle: number) => number,
  ): { quoted: number; equal: number } {
    let quoted = 0;
    let equal = 0;
    for (const { premium, oraclePx, impactPxs } of contextsOf(main)) {
      if (premium === null || impactPxs === null) continue;
      quoted++;
      const found = form(Number(impactPxs[0]), Number(impactPxs[1]), Number(oraclePx));
      // Recorded at ten decimals.
      if (Math.abs(found - Number(premium)) <= 0.6e-10) equal++;
    }
    return { quoted, equal };
  }

  it('the max form gives all 179 premiums of the main exchange', () => {
    expect(compare(true, premiumIndex)).toEqual({ quoted: 179, equal: 179 });
  });

  it('the middle of the impact prices gives all 155 premiums of builder-deployed markets', () => {
    expect(compare(false, impactMidPremium)).toEqual({ quoted: 155, equal: 155 });
  });

  it('the hourly rate of many markets is the interest rate alone, and none exceeds the cap', () => {
    const rates = contextsOf(true).map(({ funding }) => Number(funding));
    const quiet = fundingRate(0, HYPERLIQUID_FUNDING);
    expect(quiet).toBeCloseTo(0.0000125, 15);
    expect(rates.filter((rate) => Math.abs(rate - quiet) < 1e-12).length).toBeGreaterThan(50);
    for (const rate of rates) expect(Math.abs(rate)).toBeLessThanOrEqual(HYPERLIQUID_FUNDING.capRate);
  });

  it('every 8-hour rate of 2023 and 2024 lies within the cap of its day', () => {
    const rows = readSharedText('funding/binance-8h-2023-2024.csv').trim().split('\n').slice(1);
    const rateCap = (symbol: string): number =>
      fundingCapRate(publishedBrackets('2022-02-12').symbols.get(symbol)?.[0]?.maintenanceMarginRate ?? 0);
    const largest: Record<string, number> = {};
    let interestAlone = 0;
    for (const row of rows) {
      const [, , , pair = '', , , , , , , rate = ''] = row.trim().split(',');
      if (rate === '' || !pair.endsWith('USDT')) continue;
      if (rate === '0.0001') interestAlone++;
      largest[pair] = Math.max(largest[pair] ?? 0, Math.abs(Number(rate)));
    }
    expect(Object.keys(largest).toSorted()).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(rateCap('BTCUSDT')).toBeCloseTo(0.003, 12);
    for (const [symbol, rate] of Object.entries(largest)) expect(rate).toBeLessThanOrEqual(rateCap(symbol));
    // The band in which the interest rate alone decides is what a trader sees most often.
    expect(interestAlone).toBeGreaterThan(2_000);
  });
});

describe('mark price', () => {
  it('carries the index to the funding instant', () => {
    for (const c of vectors.fundingCarriedPrice.cases) {
      expect(fundingCarriedPrice(c.index, c.rate, c.untilHours * HOUR, c.intervalHours * HOUR)).toBeCloseTo(
        c.price,
        9,
      );
    }
  });

  it('lies between price 1 and the contract in a recorded frame, so that price 2 was the middle one', () => {
    const f = vectors.markFrame;
    const price1 = fundingCarriedPrice(
      f.index,
      f.rate,
      (f.nextFundingMillis - f.eventMillis) * 1000,
      f.intervalHours * HOUR,
    );
    expect(price1).toBeCloseTo(f.price1, 2);
    expect(medianPrice(price1, f.mark, f.contract)).toBe(f.mark);
  });

  it('takes the middle of any three', () => {
    const price = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(price, price, price, (a, b, c) => {
        expect(medianPrice(a, b, c)).toBe([a, b, c].sort((x, y) => x - y)[1]);
      }),
    );
  });

  it('averages the last thirty samples of the basis', () => {
    const basis = new MovingBasis();
    expect(basis.mean()).toBeNull();
    for (let i = 1; i <= BASIS_SAMPLES + 10; i++) basis.add(i);
    expect(basis.mean()).toBeCloseTo((11 + BASIS_SAMPLES + 10) / 2, 12);
  });

  it('one print cannot move the median, and moves a mark that is the last price all the way', () => {
    const price = fc.double({ min: 1, max: 1e6, noNaN: true });
    const parts = {
      index: 100,
      basisMean: 0.2,
      lastFundingRate: 0.0001,
      untilFundingMicros: 4 * HOUR,
      fundingIntervalMicros: 8 * HOUR,
    };
    fc.assert(
      fc.property(price, (lastPrice) => {
        const { mark, price1, price2 } = composeMark('median', { ...parts, lastPrice });
        expect(mark).toBeGreaterThanOrEqual(Math.min(price1, price2));
        expect(mark).toBeLessThanOrEqual(Math.max(price1, price2));
        expect(composeMark('last', { ...parts, lastPrice }).mark).toBe(lastPrice);
      }),
    );
    expect(composeMark('median', { ...parts, basisMean: null, lastPrice: 90 }).mark).toBe(100);
  });

  it('samples the basis each second since 18 September 2025, each minute before', () => {
    expect(basisSpacingMicrosOn('2025-09-17')).toBe(60_000_000);
    expect(basisSpacingMicrosOn('2025-09-18')).toBe(1_000_000);
  });
});
