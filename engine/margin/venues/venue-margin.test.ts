// Venue margins against recorded positions and published examples, and the rules of partial liquidation.
import { describe, expect, it } from 'vitest';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import type { NotionalBracket } from '../brackets/notional-bracket.ts';
import { hyperliquidBackstopPrice, hyperliquidMargin, hyperliquidReduction } from './hyperliquid.ts';
import { marginForVenue, type VenueMarginRules } from './margin-for-venue.ts';
import { type OkxSwapRules, okxReduction, okxSwapMargin } from './okx-swap.ts';
import { isolatedCollateral, type VenuePosition, venueMarginRatio } from './venue-margin.ts';

interface LiquidationCase {
  readonly id: string;
  readonly side: 'LONG' | 'SHORT';
  readonly size: number;
  readonly entryPrice: number;
  readonly walletBalance: number;
  readonly mmr: number;
  readonly cum: number;
  readonly otherMaint: number;
  readonly otherUpnl: number;
  readonly expectedLiquidationPrice: number;
  readonly absTol: number;
}

interface MarginCase {
  readonly id: string;
  readonly venue: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly expected: Readonly<Record<string, number>>;
}

const vectors: {
  readonly liquidationPrice: readonly LiquidationCase[];
  readonly margins: readonly MarginCase[];
} = HAS_SHARED_DATA
  ? JSON.parse(readSharedText('vectors/positions.json'))
  : { liquidationPrice: [], margins: [] };

/** One bracket with the rate and amount a case states. */
function bracketOf(rate: number, amount = 0): NotionalBracket {
  return {
    number: 1,
    floor: 0,
    cap: null,
    maintenanceMarginRate: rate,
    maxLeverage: null,
    maintenanceAmount: amount,
  };
}

const bybit = (rate: number, takerFeeRate: number): VenueMarginRules => ({
  venue: 'bybit-linear',
  brackets: [bracketOf(rate)],
  takerFeeRate,
  tableSource: 'the case',
});

describe.skipIf(!HAS_SHARED_DATA)(`recorded positions, by venue${SHARED_DATA_NOTE}`, () => {
  for (const c of vectors.liquidationPrice) {
    it(`${c.id}: Binance USDT-M`, () => {
      const margin = marginForVenue({
        venue: 'binance-usdm',
        brackets: [bracketOf(c.mmr, c.cum)],
        tableSource: c.id,
      });
      const found = margin.liquidationPrice({
        side: c.side === 'LONG' ? 'long' : 'short',
        size: c.size,
        entryPrice: c.entryPrice,
        leverage: 1,
        collateral: {
          walletBalance: c.walletBalance,
          otherMaintenanceMargin: c.otherMaint,
          otherUnrealisedPnl: c.otherUpnl,
        },
      });
      if (c.expectedLiquidationPrice === 0) expect(found).toBeNull();
      else expect(Math.abs((found ?? 0) - c.expectedLiquidationPrice)).toBeLessThanOrEqual(c.absTol);
    });
  }

  it('bybit-dgb-short: the fee to close is in both margins and not in the price', () => {
    const found = vectors.margins.find((c) => c.id === 'bybit-dgb-short');
    const { size = 0, entryPrice = 0, leverage = 0, mmr = 0, takerFee = 0 } = found?.inputs ?? {};
    const margin = marginForVenue(bybit(mmr, takerFee));
    const opened = { side: 'short', size, entryPrice, leverage, collateral: isolatedCollateral(0) } as const;
    const initial = margin.initialMargin(opened, entryPrice);
    const wallet = initial.ok ? initial.value : Number.NaN;
    const held: VenuePosition = { ...opened, collateral: isolatedCollateral(wallet) };
    expect(wallet).toBeCloseTo(found?.expected['initialMargin'] ?? Number.NaN, 8);
    expect(margin.maintenanceMargin(held, entryPrice)).toBeCloseTo(
      found?.expected['maintMargin'] ?? Number.NaN,
      8,
    );
    // The venue shows the price cut at six decimals.
    const shown = found?.expected['liquidationPrice'] ?? Number.NaN;
    expect(Math.floor((margin.liquidationPrice(held) ?? 0) * 1e6) / 1e6).toBe(shown);
    // Short at 1x: the wallet without the fee is gone where the price has doubled.
    expect(margin.bankruptcyPrice(held)).toBeCloseTo(2 * entryPrice, 12);
  });

  it('hl-eth-iso: the same price from margin and entry as from the account fields', () => {
    const found = vectors.margins.find((c) => c.id === 'hl-eth-iso');
    const { szi = 0, rawUsd = 0, maxLeverage = 0 } = found?.inputs ?? {};
    const entryPrice = 2_986.3;
    const margin = hyperliquidMargin([{ lowerBound: 0, maxLeverage }], 'the case');
    const price = margin.liquidationPrice({
      side: 'long',
      size: szi,
      entryPrice,
      leverage: 20,
      collateral: isolatedCollateral(rawUsd + szi * entryPrice),
    });
    expect(price).toBeCloseTo(found?.expected['liquidationPx'] ?? Number.NaN, 4);
  });
});

describe('published examples', () => {
  it('Bybit: long 1 BTC at 20,000, 50x, 0.5 % → 19,700; margin added by hand moves it by margin ÷ size', () => {
    const margin = marginForVenue(bybit(0.005, 0.00055));
    const at = (leverage: number, added: number): number | null => {
      const fee = 20_000 * (1 - 1 / leverage) * 0.00055;
      const wallet = 20_000 / leverage + fee + added;
      const collateral = isolatedCollateral(wallet);
      return margin.liquidationPrice({ side: 'long', size: 1, entryPrice: 20_000, leverage, collateral });
    };
    expect(at(50, 0)).toBeCloseTo(19_700, 9);
    expect(at(50, 100)).toBeCloseTo(19_600, 9);
    expect(at(1, 100)).toBeNull();
  });

  it('Hyperliquid: half of the initial margin at top leverage, no fee, continuous over its tiers', () => {
    const tiers = [
      { lowerBound: 0, maxLeverage: 40 },
      { lowerBound: 150_000_000, maxLeverage: 20 },
    ];
    const margin = hyperliquidMargin(tiers, 'Hyperliquid docs "Margin tiers", BTC');
    const held = (size: number): VenuePosition => ({
      side: 'long',
      size,
      entryPrice: 100_000,
      leverage: 20,
      collateral: isolatedCollateral(0),
    });
    const required = (size: number): number => margin.maintenanceMargin(held(size), 100_000);
    expect(required(1)).toBe(1_250);
    expect(required(1_500)).toBe(1_875_000);
    expect(required(1_500.0001) - required(1_500)).toBeCloseTo(0.25, 6);
    expect(required(3_000)).toBeCloseTo(1_875_000 + 3_750_000, 6);
    expect(margin.feeToClose(held(1), 100_000)).toBe(0);
    const refused = margin.initialMargin({ ...held(3_000), leverage: 40 }, 100_000);
    expect(refused.ok ? refused.value : refused.failure.code).toBe('margin/leverage-too-high');
  });

  it('OKX: the whole position pays the rate of its tier, and the fee comes on top', () => {
    const rules = okxRules();
    const margin = okxSwapMargin(rules);
    const held: VenuePosition = {
      side: 'long',
      size: 1,
      entryPrice: 100,
      leverage: 10,
      collateral: isolatedCollateral(10),
    };
    expect(margin.liquidationPrice(held)).toBeCloseTo(-90 / (0.01 + 0.0005 - 1), 12);
    expect(margin.maintenanceMargin({ ...held, size: 15 }, 100)).toBeCloseTo(1_500 * 0.0155, 12);
    const refused = margin.initialMargin({ ...held, size: 31, leverage: 5 }, 100);
    expect(refused.ok ? refused.value : refused.failure.code).toBe('margin/leverage-too-high');
  });

  it('every venue says its name, version and source', () => {
    const all = [
      marginForVenue({ venue: 'binance-usdm', brackets: [bracketOf(0.01)], tableSource: 'x' }),
      marginForVenue(bybit(0.01, 0)),
      marginForVenue({ venue: 'okx-swap', ...okxRules() }),
      marginForVenue({
        venue: 'hyperliquid',
        tiers: [{ lowerBound: 0, maxLeverage: 3 }],
        tableSource: 'x',
      }),
    ];
    expect(all.map((m) => m.name)).toEqual(['binance-usdm', 'bybit-linear', 'okx-swap', 'hyperliquid']);
    for (const { version, source } of all) {
      expect(version).toBeGreaterThan(0);
      expect(source.length).toBeGreaterThan(10);
    }
  });
});

function okxRules(): OkxSwapRules {
  return {
    tiers: [
      { number: 1, maxSize: 10, maintenanceMarginRate: 0.01, maxLeverage: 50 },
      { number: 2, maxSize: 20, maintenanceMarginRate: 0.015, maxLeverage: 30 },
      { number: 3, maxSize: 30, maintenanceMarginRate: 0.02, maxLeverage: 20 },
    ],
    takerFeeRate: 0.0005,
    tableSource: 'tiers of this test',
  };
}

describe('partial liquidation', () => {
  const held = (size: number, wallet: number): VenuePosition => ({
    side: 'short',
    size,
    entryPrice: 100,
    leverage: 10,
    collateral: isolatedCollateral(wallet),
  });

  it('OKX: two tiers at a time from tier 3, the whole in tiers 1 and 2 or below the rate of tier 1', () => {
    const rules = okxRules();
    // Size 25 at 100 needs 2,500 × 2.05 % = 51.25 in tier 3, and 26.25 at the rate of tier 1.
    expect(okxReduction(rules, held(25, 51.26), 100)).toBe(0);
    expect(okxReduction(rules, held(25, 51.24), 100)).toBe(15);
    expect(okxReduction(rules, held(25, 26.24), 100)).toBe(25);
    expect(okxReduction(rules, held(15, 23.24), 100)).toBe(15);
    // What is left after the step is in tier 1 and, its balance unchanged, compliant again.
    expect(venueMarginRatio(okxSwapMargin(rules), held(10, 51.24), 100)).toBeGreaterThan(1);
  });

  it('Hyperliquid: 20 % first above 100,000 USDC, then all; the vault below two thirds of maintenance', () => {
    const tiers = [{ lowerBound: 0, maxLeverage: 25 }];
    const margin = hyperliquidMargin(tiers, 'one tier');
    const at = (size: number, wallet: number, again: boolean): number =>
      hyperliquidReduction(margin, held(size, wallet), 100, again);
    expect(at(2_000, 4_001, false)).toBe(0);
    expect(at(2_000, 3_999, false)).toBe(400);
    expect(at(2_000, 3_999, true)).toBe(2_000);
    expect(at(900, 1_700, false)).toBe(900);
    const price = hyperliquidBackstopPrice(held(1, 10), tiers) ?? 0;
    expect(venueMarginRatio(margin, held(1, 10), price)).toBeCloseTo(2 / 3, 12);
    expect(price).toBeGreaterThan(margin.liquidationPrice(held(1, 10)) ?? 0);
  });
});
