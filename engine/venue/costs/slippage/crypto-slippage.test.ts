// The crypto model term by term, and the bounds it must keep whatever it is told.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderSide } from '../../matching/order-terms.ts';
import { BINANCE_USDM_SLIPPAGE, coefficientsOf } from './crypto-coefficients.ts';
import { type CryptoConditions, estimateCryptoSlippage } from './crypto-slippage.ts';
import type { CostedOrder, SlippageEstimate, Touch } from './slippage-estimate.ts';

const GENERAL = coefficientsOf(BINANCE_USDM_SLIPPAGE, 'ETHUSDT');
const BTC = coefficientsOf(BINANCE_USDM_SLIPPAGE, 'BTCUSDT');

/** A day of a million lots, two ticks of spread around 100,000. */
const TOUCH: Touch = { bidTicks: 99_999, askTicks: 100_001, bidLots: 0, askLots: 0 };
const QUIET: CryptoConditions = {
  touch: TOUCH,
  dailyVolumeLots: 1_000_000,
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
};
const BUY: CostedOrder = { side: 'buy', sizeLots: 10_000 };
const SELL: CostedOrder = { side: 'sell', sizeLots: 10_000 };

function costOf(order: CostedOrder, changes: Partial<CryptoConditions> = {}, c = GENERAL): SlippageEstimate {
  const estimate = estimateCryptoSlippage(c, order, { ...QUIET, ...changes });
  if (!estimate.ok) throw new Error(estimate.failure.message);
  return estimate.value;
}

/** By how much a change of conditions multiplies the impact. */
const effect = (order: CostedOrder, changes: Partial<CryptoConditions>): number =>
  costOf(order, changes).impactBps / costOf(order).impactBps;

describe('crypto slippage', () => {
  it('is half the spread plus the square root of participation', () => {
    const estimate = costOf(BUY);
    expect(estimate.participation).toBe(0.01);
    expect(estimate.halfSpreadBps).toBeCloseTo(0.1, 12);
    expect(estimate.impactBps).toBeCloseTo(0.04 * Math.sqrt(0.01) * 10_000, 9);
    expect(estimate.totalBps).toBeCloseTo(40.1, 9);
    expect(estimate.averagePriceTicks).toBeCloseTo(100_401, 6);
    expect(costOf(SELL).averagePriceTicks).toBeCloseTo(99_599, 6);
    expect(Object.values(estimate.factors)).toEqual(Object.values(estimate.factors).map(() => 1));
    expect(estimate.unknown).toHaveLength(9);
  });

  it('has what rests at the touch without impact', () => {
    const touch = { ...TOUCH, askLots: 10_000, bidLots: 1 };
    expect(costOf(BUY, { touch }).totalBps).toBe(costOf(BUY, { touch }).halfSpreadBps);
    expect(costOf(BUY, { touch }).fillPriceTicks).toBe(100_001);
    expect(costOf(SELL, { touch }).totalBps).toBeGreaterThan(39);
  });

  it('grows with volatility, in steps by regime and within bounds by level', () => {
    expect(effect(BUY, { volatilityRegime: 'calm' })).toBeCloseTo(0.8, 12);
    expect(effect(BUY, { volatilityRegime: 'stressed' })).toBeCloseTo(1.5, 12);
    expect(effect(BUY, { dailyVolatility: 0.06 })).toBeCloseTo(1.5, 12);
    expect(effect(BUY, { dailyVolatility: 0.5 })).toBeCloseTo(2, 12);
    expect(effect(BUY, { dailyVolatility: 0.001 })).toBeCloseTo(0.5, 12);
    expect(effect(BUY, { dailyVolatility: 0.06, volatilityRegime: 'calm' })).toBeCloseTo(1.2, 12);
  });

  it('charges the side that takes from the thin side of the book', () => {
    expect(effect(BUY, { imbalance: 0.5 })).toBeCloseTo(1.15, 12);
    expect(effect(SELL, { imbalance: 0.5 })).toBe(1);
    expect(effect(SELL, { imbalance: -1 })).toBeCloseTo(1.3, 12);
  });

  it('follows displayed depth where that was fitted', () => {
    const share = BTC.displayedDepth.value.referenceShare * 1_000_000;
    const factor = (ask: number): number | undefined =>
      costOf(BUY, { displayedLots: { bid: 1, ask } }, BTC).factors['displayedDepth'];
    expect(factor(share)).toBeCloseTo(1, 12);
    expect(factor(share / 2)).toBeCloseTo(2 ** 0.6, 9);
    expect(factor(share * 1000)).toBe(0.25);
    expect(factor(0)).toBe(4);
    expect(costOf(BUY, { displayedLots: { bid: 1, ask: 1 } }).factors['displayedDepth']).toBe(1);
  });

  it('charges crowded funding, and joining the side that pays more', () => {
    expect(effect(SELL, { fundingRate: 0.001 })).toBeCloseTo(1.01, 12);
    expect(effect(BUY, { fundingRate: 0.001 })).toBeCloseTo(1.01 * 1.005, 12);
    expect(effect(BUY, { fundingRate: -0.001 })).toBeCloseTo(1.01, 12);
    expect(effect(SELL, { fundingRate: -0.001 })).toBeCloseTo(1.01 * 1.005, 12);
  });

  it('charges liquidations, open interest, the hour, decorrelation and a sell-off', () => {
    expect(effect(BUY, { liquidatedLots: 10_000 })).toBe(1);
    expect(effect(BUY, { liquidatedLots: 100_000 })).toBeCloseTo(1.5, 12);
    expect(effect(BUY, { liquidatedLots: 900_000 })).toBe(3);
    expect(effect(BUY, { openInterestLots: 900_000 })).toBe(1);
    expect(effect(BUY, { openInterestLots: 3_000_000 })).toBeCloseTo(1.2, 12);
    expect(effect(BUY, { openInterestLots: 90_000_000 })).toBe(2);
    expect(effect(BUY, { hourUtc: 3 })).toBeCloseTo(1 / 0.7, 12);
    expect(effect(BUY, { hourUtc: 16 })).toBeCloseTo(1 / 1.15, 12);
    expect(effect(BUY, { btcCorrelation: 1 })).toBe(1);
    expect(effect(BUY, { btcCorrelation: 0.5 })).toBeCloseTo(1.25, 12);
    expect(effect(SELL, { recentReturn: -0.03 })).toBeCloseTo(1.2, 12);
    expect(effect(BUY, { recentReturn: -0.03 })).toBe(1);
  });

  it('names what it did not know', () => {
    expect(costOf(BUY, { hourUtc: 12, fundingRate: 0 }).unknown).toEqual([
      'volatility',
      'imbalance',
      'displayedDepth',
      'liquidationFlow',
      'openInterest',
      'btcCorrelation',
      'sellOff',
    ]);
  });

  it('keeps its bounds, but not at the price of a fill inside the spread', () => {
    const huge = costOf({ side: 'buy', sizeLots: 10_000_000 });
    expect([huge.totalBps, huge.limitedBy, huge.sizeBand]).toEqual([500, 'maximum', 'excessive']);
    const wide = { ...TOUCH, bidTicks: 80_000, askTicks: 120_000 };
    const across = costOf(BUY, { touch: wide });
    expect(across.totalBps).toBe(2000);
    expect(across.fillPriceTicks).toBe(120_000);
    const raised = costOf(
      BUY,
      { touch: { ...TOUCH, askLots: 10_000 } },
      {
        ...GENERAL,
        minimumBps: { ...GENERAL.minimumBps, value: 1 },
      },
    );
    expect([raised.totalBps, raised.limitedBy]).toEqual([1, 'minimum']);
  });

  it('fails without a touch or a volume instead of costing nothing', () => {
    const codeOf = (changes: Partial<CryptoConditions>): string | null => {
      const estimate = estimateCryptoSlippage(GENERAL, BUY, { ...QUIET, ...changes });
      return estimate.ok ? null : estimate.failure.code;
    };
    expect(codeOf({ dailyVolumeLots: null })).toBe('costs/volume-missing');
    expect(codeOf({ dailyVolumeLots: 0 })).toBe('costs/volume-missing');
    expect(codeOf({ touch: { ...TOUCH, bidTicks: 100_001 } })).toBe('costs/touch-missing');
    expect(codeOf({ touch: { ...TOUCH, bidTicks: Number.NaN } })).toBe('costs/touch-missing');
    expect(codeOf({ touch: { ...TOUCH, bidTicks: -3, askTicks: -1 } })).toBe('costs/touch-missing');
  });

  const sides = fc.constantFrom<OrderSide>('buy', 'sell');
  const maybe = (min: number, max: number) => fc.option(fc.double({ min, max, noNaN: true }), { nil: null });
  const conditions = fc.record({
    touch: fc
      .record({
        bidTicks: fc.integer({ min: 1, max: 1_000_000 }),
        spreadTicks: fc.integer({ min: 1, max: 1_000_000 }),
        bidLots: fc.integer({ min: 0, max: 1e6 }),
        askLots: fc.integer({ min: 0, max: 1e6 }),
      })
      .map(({ spreadTicks, ...rest }) => ({ ...rest, askTicks: rest.bidTicks + spreadTicks })),
    dailyVolumeLots: fc.double({ min: 1, max: 1e9, noNaN: true }),
    displayedLots: fc.option(fc.record({ bid: fc.nat(1e6), ask: fc.nat(1e6) }), { nil: null }),
    imbalance: maybe(-1, 1),
    dailyVolatility: maybe(0, 1),
    volatilityRegime: fc.constantFrom('calm' as const, 'normal' as const, 'stressed' as const, null),
    fundingRate: maybe(-0.04, 0.04),
    liquidatedLots: maybe(0, 1e9),
    openInterestLots: maybe(0, 1e10),
    btcCorrelation: maybe(-1, 1),
    recentReturn: maybe(-0.9, 3),
    hourUtc: fc.option(fc.integer({ min: 0, max: 23 }), { nil: null }),
  });

  it('never fills better than the touch, and more never costs less', () => {
    const size = fc.integer({ min: 1, max: 1e9 });
    void fc.assert(
      fc.property(conditions, sides, size, size, fc.constantFrom(GENERAL, BTC), (now, side, a, b, c) => {
        const small = costOf({ side, sizeLots: Math.min(a, b) }, now, c);
        const large = costOf({ side, sizeLots: Math.max(a, b) }, now, c);
        for (const { averagePriceTicks, fillPriceTicks, totalBps, halfSpreadBps } of [small, large]) {
          expect(totalBps).toBeGreaterThanOrEqual(halfSpreadBps);
          expect(Number.isInteger(fillPriceTicks)).toBe(true);
          if (side === 'buy') {
            expect(averagePriceTicks).toBeGreaterThanOrEqual(now.touch.askTicks);
            expect(fillPriceTicks).toBeGreaterThanOrEqual(averagePriceTicks);
          } else {
            expect(averagePriceTicks).toBeLessThanOrEqual(now.touch.bidTicks);
            expect(fillPriceTicks).toBeLessThanOrEqual(averagePriceTicks);
          }
        }
        expect(large.totalBps).toBeGreaterThanOrEqual(small.totalBps * (1 - 1e-12));
      }),
      { numRuns: 500 },
    );
  });
});
