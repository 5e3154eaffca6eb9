// The worked numbers of docs/venues.md: computed here, and found on the page as computed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costToOpen, hedgeInitialMargin } from '../brackets/cost-to-open.ts';
import type { NotionalBracket } from '../brackets/notional-bracket.ts';
import { collateralValue } from '../collateral/collateral-value.ts';
import { hyperliquidLiquidationPrice } from './hyperliquid.ts';
import { marginForVenue } from './margin-for-venue.ts';
import { isolatedCollateral, type VenuePosition } from './venue-margin.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/venues.md'), 'utf8');
const tableSource = 'the example';

/** The page shows the value in bold, with grouping commas, at exactly `decimals`. */
function shows(value: number | null | undefined, decimals: number): void {
  const number = value ?? Number.NaN;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  expect(page).toContain(`**${number.toLocaleString('en-US', digits)}**`);
}

function bracketOf(maintenanceMarginRate: number): readonly NotionalBracket[] {
  const open = { number: 1, floor: 0, cap: null, maxLeverage: null, maintenanceAmount: 0 };
  return [{ ...open, maintenanceMarginRate }];
}

const alone = (
  side: 'long' | 'short',
  size: number,
  entryPrice: number,
  leverage: number,
): VenuePosition => ({
  side,
  size,
  entryPrice,
  leverage,
  collateral: isolatedCollateral(0),
});

describe('docs/venues.md', () => {
  it('Bybit', () => {
    const rulesOf = (rate: number) =>
      ({ venue: 'bybit-linear', brackets: bracketOf(rate), takerFeeRate: 0.00055, tableSource }) as const;
    const long = alone('long', 1, 20_000, 50);
    const margin = marginForVenue(rulesOf(0.005));
    const initial = margin.initialMargin(long, 20_000);
    const wallet = isolatedCollateral(initial.ok ? initial.value : 0);
    shows(margin.liquidationPrice({ ...long, collateral: wallet }), 0);
    const short = alone('short', 2_000, 0.008866, 1);
    const dgb = marginForVenue(rulesOf(0.02));
    const needed = dgb.initialMargin(short, 0.008866);
    shows(needed.ok ? needed.value : null, 7);
    shows(dgb.maintenanceMargin(short, 0.008866), 7);
  });

  it('Hyperliquid and OKX', () => {
    shows(hyperliquidLiquidationPrice({ signedSize: 0.0335, rawUsd: -95.059824, maxLeverage: 50 }), 4);
    const tiers = [
      { lowerBound: 0, maxLeverage: 40 },
      { lowerBound: 150_000_000, maxLeverage: 20 },
    ];
    const btc = marginForVenue({ venue: 'hyperliquid', tiers, tableSource });
    shows(btc.maintenanceMargin(alone('long', 3_000, 100_000, 20), 100_000), 0);
    const okx = marginForVenue({
      venue: 'okx-swap',
      tiers: [{ number: 1, maxSize: null, maintenanceMarginRate: 0.01, maxLeverage: 50 }],
      takerFeeRate: 0.0005,
      tableSource,
    });
    shows(okx.liquidationPrice({ ...alone('long', 1, 100, 10), collateral: isolatedCollateral(10) }), 4);
  });

  it('collateral and orders', () => {
    const found = collateralValue(
      [
        { asset: 'BTC', amount: 1 },
        { asset: 'USDT', amount: -1_000 },
      ],
      [
        { asset: 'BTC', venuePrice: 60_000, referencePrice: null },
        { asset: 'USDT', venuePrice: 1, referencePrice: null },
      ],
      { date: '2021-05-28', source: tableSource, assets: { BTC: [{ cap: null, collateralRate: 0.95 }] } },
      'venue-local',
    );
    shows(found.ok ? found.value.total : null, 0);
    const hedge = { longNotional: 1_000, shortNotional: 600, longOrders: 0, shortOrders: 200, leverage: 20 };
    const initial = hedgeInitialMargin(hedge, bracketOf(0.004));
    shows(initial.ok ? initial.value : null, 0);
    const prices = {
      limitPrice: 9253.3,
      lastPrice: 9253.3,
      markPrice: 9259.84,
      bestBid: 9253.2,
      bestAsk: 9253.4,
    };
    const cost = costToOpen({ side: 'short', size: 1, leverage: 20 }, prices, bracketOf(0.004));
    // The page rounds 462.665 down before it adds.
    shows(cost.ok ? Math.floor(cost.value.initialMargin * 100) / 100 + cost.value.openLoss : null, 2);
  });
});
