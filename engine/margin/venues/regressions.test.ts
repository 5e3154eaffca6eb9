// Margin defects seen in other systems, each as a test of its own, on every venue.
import { describe, expect, it } from 'vitest';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { marginForVenue, type VenueMarginRules } from './margin-for-venue.ts';
import {
  isolatedCollateral,
  type VenueMargin,
  type VenuePosition,
  venueMarginRatio,
} from './venue-margin.ts';

const brackets = publishedBrackets('2021-03-01').symbols.get('BTCUSDT') ?? [];
const takerFeeRate = 0.0005;
const tableSource = 'bracket table 2021-03-01';
const VENUES: readonly VenueMarginRules[] = [
  { venue: 'binance-usdm', brackets, tableSource },
  { venue: 'bybit-linear', brackets, takerFeeRate, tableSource },
  {
    venue: 'okx-swap',
    tiers: [
      { number: 1, maxSize: 5, maintenanceMarginRate: 0.004, maxLeverage: 100 },
      { number: 2, maxSize: null, maintenanceMarginRate: 0.01, maxLeverage: 50 },
    ],
    takerFeeRate,
    tableSource: 'tiers of this test',
  },
  {
    venue: 'hyperliquid',
    tiers: [
      { lowerBound: 0, maxLeverage: 40 },
      { lowerBound: 250_000, maxLeverage: 20 },
    ],
    tableSource: 'tiers of this test',
  },
];

/** A position opened at 60,000 with exactly its initial margin, the fee to close on top where the venue keeps it there. */
function held(margin: VenueMargin, side: 'long' | 'short', size: number, leverage: number): VenuePosition {
  const opened = { side, size, entryPrice: 60_000, leverage, collateral: isolatedCollateral(0) };
  const fee = margin.name === 'bybit-linear' ? margin.feeToClose(opened, 60_000) : 0;
  return { ...opened, collateral: isolatedCollateral((size * 60_000) / leverage + fee) };
}

describe.each(VENUES)('defects seen elsewhere, on $venue', (rules) => {
  const margin = marginForVenue(rules);

  it('the liquidation price is where the ratio is 1 (elsewhere: 2.48, 1.55, 1.65, 1.29)', () => {
    for (const side of ['long', 'short'] as const) {
      for (const [size, leverage] of [
        [0.5, 10],
        [4, 20],
        [20, 25],
        [150, 5],
      ] as const) {
        const position = held(margin, side, size, leverage);
        const price = margin.liquidationPrice(position) ?? 0;
        expect(price).toBeGreaterThan(0);
        expect(venueMarginRatio(margin, position, price)).toBeCloseTo(1, 9);
        if (side === 'long') expect(price).toBeLessThan(60_000);
        else expect(price).toBeGreaterThan(60_000);
      }
    }
  });

  it('the requirement does not jump at the edge of a bracket of notional (elsewhere: 1,250 → 2,500 at 250,000)', () => {
    // A tier of size, on the one venue that has it, is a jump by rule: there the price must cross without one.
    const size = margin.name === 'okx-swap' ? 4 : 250_000 / 60_000;
    const at = (notional: number): number =>
      margin.name === 'bybit-linear'
        ? margin.maintenanceMargin({ ...held(margin, 'long', notional / 60_000, 10) }, 60_000)
        : margin.maintenanceMargin(held(margin, 'long', size, 10), notional / size);
    expect(at(250_000.01) - at(250_000)).toBeLessThan(0.01);
    expect(at(250_000.01)).toBeGreaterThan(at(250_000));
  });

  it('the deduction lowers the requirement (elsewhere added: 4,300 for 300,000 where 1,700 is right)', () => {
    const bare = (position: VenuePosition): number =>
      margin.maintenanceMargin(position, 60_000) - margin.feeToClose(position, 60_000);
    // OKX has no deduction: its one rate holds for the whole position.
    const expected = {
      'binance-usdm': 1_700,
      'bybit-linear': 1_700,
      'okx-swap': 1_200,
      hyperliquid: 4_375,
    };
    expect(bare(held(margin, 'long', 5, 10))).toBeCloseTo(expected[margin.name], 6);
  });
});
