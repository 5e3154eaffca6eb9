// The CME model term by term: session, settlement ramp, roll, breakers and the spread that is counted once.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderSide } from '../../matching/order-terms.ts';
import { type BreakerState, CME_GLOBEX_SLIPPAGE, type CmeProfile } from './cme-coefficients.ts';
import { type CmeConditions, estimateCmeSlippage } from './cme-slippage.ts';
import type { CostedOrder, SlippageEstimate } from './slippage-estimate.ts';

/** ES at 5,000 with a tick of 0.25: one tick of spread is 0.5 bps. */
const ES: CmeConditions = {
  product: 'ES',
  touch: { bidTicks: 20_000, askTicks: 20_001, bidLots: 50, askLots: 50 },
  referenceTicks: 20_000,
  dailyVolumeLots: 1_500_000,
  isRegularHours: true,
  settlementElapsed: null,
  isRolling: false,
  breaker: 'none',
};
const BUY: CostedOrder = { side: 'buy', sizeLots: 150 };

function costOf(
  changes: Partial<CmeConditions> = {},
  order: CostedOrder = BUY,
  profile: CmeProfile = 'default',
): SlippageEstimate {
  const estimate = estimateCmeSlippage(CME_GLOBEX_SLIPPAGE.profiles[profile], order, { ...ES, ...changes });
  if (!estimate.ok) throw new Error(estimate.failure.message);
  return estimate.value;
}

const effect = (changes: Partial<CmeConditions>): number => costOf(changes).impactBps / costOf().impactBps;

describe('CME slippage', () => {
  it('is half the spread plus the square root of participation', () => {
    const estimate = costOf();
    expect(estimate.halfSpreadBps).toBeCloseTo(0.25, 4);
    expect(estimate.impactBps).toBeCloseTo(0.03 * Math.sqrt(0.0001) * 10_000, 9);
    expect(estimate.totalBps).toBeCloseTo(3.25, 4);
    expect(estimate.sizeBand).toBe('small');
  });

  it('takes the product into account, and has a value for others', () => {
    expect(costOf({ product: 'NG' }).impactBps).toBeCloseTo(8, 9);
    expect(costOf({ product: 'ZS' }).impactBps).toBeCloseTo(5, 9);
  });

  it('grows outside regular hours, toward settlement and through the roll', () => {
    expect(effect({ isRegularHours: false })).toBeCloseTo(1.5, 12);
    expect(effect({ settlementElapsed: 0 })).toBe(1);
    expect(effect({ settlementElapsed: 0.5 })).toBeCloseTo(1.15, 12);
    expect(effect({ settlementElapsed: 1 })).toBeCloseTo(1.3, 12);
    expect(effect({ isRolling: true })).toBeCloseTo(1.2, 12);
    expect(effect({ isRegularHours: false, isRolling: true })).toBeCloseTo(1.8, 12);
    expect(() => costOf({ settlementElapsed: 1.5 })).toThrow('settlement elapsed');
  });

  it('answers breakers: five times at level 1, the maximum while nothing trades, half of it in a pause', () => {
    expect(effect({ breaker: 'level-1' })).toBeCloseTo(5, 12);
    for (const breaker of ['level-2', 'level-3', 'price-limit'] as const) {
      expect(costOf({ breaker })).toMatchObject({ totalBps: 200, limitedBy: 'minimum' });
    }
    expect(costOf({ breaker: 'velocity-pause' }).totalBps).toBe(100);
  });

  it('widens an assumed spread by the same factors, an observed one never', () => {
    const calm = costOf({ touch: null });
    const night = costOf({ touch: null, isRegularHours: false });
    expect(calm.halfSpreadBps).toBeCloseTo(0.25, 12);
    expect(night.halfSpreadBps).toBeCloseTo(0.375, 12);
    expect(night.totalBps).toBeCloseTo(calm.totalBps * 1.5, 12);
    expect(costOf({ isRegularHours: false }).halfSpreadBps).toBe(costOf().halfSpreadBps);
  });

  it('has profiles that differ as they say', () => {
    const night = (profile: CmeProfile): number | undefined =>
      costOf({ isRegularHours: false }, BUY, profile).factors['session'];
    expect((['default', 'conservative', 'aggressive', 'metals', 'energy'] as const).map(night)).toEqual([
      1.5, 2, 1.3, 1.8, 1.6,
    ]);
    const one: CostedOrder = { side: 'buy', sizeLots: 1 };
    expect(costOf({}, one, 'conservative')).toMatchObject({ totalBps: 1, limitedBy: 'minimum' });
    expect(costOf({}, BUY, 'equity-index').impactBps).toBeCloseTo(2.5, 9);
    expect(costOf({ product: 'NG' }, BUY, 'energy').impactBps).toBeCloseTo(9, 9);
  });

  it('bands the size by share of daily volume', () => {
    const bandOf = (sizeLots: number): string => costOf({}, { side: 'sell', sizeLots }).sizeBand;
    expect([15_000, 15_001, 75_000, 150_000, 150_001].map(bandOf)).toEqual([
      'small',
      'noticeable',
      'noticeable',
      'large',
      'excessive',
    ]);
  });

  it('fails without volume, touch or a positive reference', () => {
    const codeOf = (changes: Partial<CmeConditions>): string | null => {
      const estimate = estimateCmeSlippage(CME_GLOBEX_SLIPPAGE.profiles.default, BUY, { ...ES, ...changes });
      return estimate.ok ? null : estimate.failure.code;
    };
    expect(codeOf({ dailyVolumeLots: null })).toBe('costs/volume-missing');
    expect(codeOf({ touch: null, referenceTicks: -3763 })).toBe('costs/touch-missing');
    expect(codeOf({ touch: { bidTicks: 5, askTicks: 5, bidLots: 1, askLots: 1 } })).toBe(
      'costs/touch-missing',
    );
  });

  it('never fills better than the touch, whatever the state', () => {
    const states = fc.record({
      bidTicks: fc.integer({ min: 1, max: 1e6 }),
      spread: fc.integer({ min: 1, max: 1e6 }),
      sizeLots: fc.integer({ min: 1, max: 1e7 }),
      side: fc.constantFrom<OrderSide>('buy', 'sell'),
      profile: fc.constantFrom(...(Object.keys(CME_GLOBEX_SLIPPAGE.profiles) as CmeProfile[])),
      breaker: fc.constantFrom<BreakerState>('none', 'level-1', 'level-2', 'price-limit', 'velocity-pause'),
      isRegularHours: fc.boolean(),
      isRolling: fc.boolean(),
      settlementElapsed: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
    });
    void fc.assert(
      fc.property(states, ({ bidTicks, spread, sizeLots, side, profile, ...rest }) => {
        const touch = { bidTicks, askTicks: bidTicks + spread, bidLots: 1, askLots: 1 };
        const estimate = costOf({ ...rest, touch }, { side, sizeLots }, profile);
        if (side === 'buy') expect(estimate.fillPriceTicks).toBeGreaterThanOrEqual(touch.askTicks);
        else expect(estimate.fillPriceTicks).toBeLessThanOrEqual(touch.bidTicks);
        expect(estimate.totalBps).toBeLessThanOrEqual(Math.max(200, estimate.halfSpreadBps));
      }),
      { numRuns: 300 },
    );
  });
});
