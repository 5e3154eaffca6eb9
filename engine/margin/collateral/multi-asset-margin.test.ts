// Collateral in several assets: haircuts by date, debts in full, the venue's own price, and the price at which an account fails.
import { describe, expect, it } from 'vitest';
import type { NotionalBracket } from '../brackets/notional-bracket.ts';
import { type CollateralPrice, collateralValue } from './collateral-value.ts';
import {
  BINANCE_HAIRCUT_TABLES,
  collateralTiers,
  type HaircutTable,
  haircutTableOn,
} from './haircut-table.ts';
import { collateralLiquidationPrice, multiAssetLiquidationPrice } from './multi-asset-liquidation.ts';
import { type CollateralRules, type MultiAssetAccount, multiAssetMargin } from './multi-asset-margin.ts';

const BRACKET: NotionalBracket = {
  number: 1,
  floor: 0,
  cap: null,
  maintenanceMarginRate: 0.01,
  maxLeverage: null,
  maintenanceAmount: 0,
};

const HAIRCUTS: HaircutTable = {
  date: '2025-01-01',
  source: 'rates of this test',
  assets: {
    BTC: [{ cap: null, collateralRate: 0.95 }],
    USDE: [
      { cap: 10_000, collateralRate: 0.9 },
      { cap: 50_000, collateralRate: 0.5 },
    ],
    USDT: [{ cap: null, collateralRate: 1 }],
  },
};

const at = (asset: string, venuePrice: number | null, referencePrice = venuePrice): CollateralPrice => ({
  asset,
  venuePrice,
  referencePrice,
});
const rulesOf = (...prices: CollateralPrice[]): CollateralRules => ({
  prices,
  haircuts: HAIRCUTS,
  priceRule: 'venue-local',
});
const PAR = at('USDT', 1);

function accountOf(
  holdings: MultiAssetAccount['holdings'],
  legs: MultiAssetAccount['symbols'][number]['legs'] = [],
  markPrice = 100,
): MultiAssetAccount {
  const orders = { leverage: 10, bidNotional: 0, askNotional: 0 };
  return {
    holdings,
    settleAsset: 'USDT',
    positionMode: legs.length > 1 ? 'hedge' : 'one-way',
    symbols: [{ symbol: 'XUSDT', markPrice, brackets: [BRACKET], legs, ...orders }],
  };
}

describe('haircuts', () => {
  it('are those of the newest table not after the day', () => {
    const found = haircutTableOn([...BINANCE_HAIRCUT_TABLES, HAIRCUTS], '2024-12-31');
    expect(found.ok && found.value.date).toBe('2021-05-28');
    const before = haircutTableOn(BINANCE_HAIRCUT_TABLES, '2021-05-27');
    expect(before.ok ? before.value : before.failure.code).toBe('margin/table-missing');
  });

  it('Binance, May 2021: BNB worth 1,000 counts 950, ADA worth 1,000 counts 900, an unknown asset nothing', () => {
    const [table = HAIRCUTS] = BINANCE_HAIRCUT_TABLES;
    const holdings = [
      { asset: 'BNB', amount: 4 },
      { asset: 'ADA', amount: 500 },
      { asset: 'SHIB', amount: 1e6 },
    ];
    const found = collateralValue(holdings, [at('BNB', 250), at('ADA', 2)], table, 'venue-local');
    expect(found.ok && found.value.rows.map(({ value }) => value)).toEqual([950, 900, 0]);
    expect(collateralTiers(table, 'constructor')).toBeNull();
  });

  it('are progressive, stop at a last cap, and are refused when they rise', () => {
    const valueAt = (amount: number): number => {
      const found = collateralValue([{ asset: 'USDE', amount }], [at('USDE', 1)], HAIRCUTS, 'venue-local');
      return found.ok ? found.value.total : Number.NaN;
    };
    expect([5_000, 10_000, 20_000, 50_000, 90_000].map(valueAt)).toEqual([
      4_500, 9_000, 14_000, 29_000, 29_000,
    ]);
    const rising = {
      ...HAIRCUTS,
      assets: {
        A: [
          { cap: 1, collateralRate: 0.5 },
          { cap: null, collateralRate: 0.6 },
        ],
      },
    };
    expect(() => collateralTiers(rising, 'A')).toThrow();
  });

  it('a debt counts in full, and nothing accepted goes without a price', () => {
    const debt = collateralValue([{ asset: 'USDE', amount: -100 }], [at('USDE', 1)], HAIRCUTS, 'venue-local');
    expect(debt.ok && debt.value.total).toBe(-100);
    const blind = collateralValue([{ asset: 'BTC', amount: 1 }], [at('BTC', null)], HAIRCUTS, 'venue-local');
    expect(blind.ok ? blind.value : blind.failure.code).toBe('margin/mark-missing');
  });
});

describe('multi-asset account', () => {
  it('1 BTC at 60,000 with a loss of 1,000 USDT: 57,000 − 1,000, the loss without a haircut', () => {
    const long = [{ side: 'long', size: 500, entryPrice: 102 }] as const;
    const found = multiAssetMargin(
      accountOf([{ asset: 'BTC', amount: 1 }], long),
      rulesOf(at('BTC', 60_000), PAR),
    );
    expect(found.ok && found.value).toMatchObject({
      marginBalance: 56_000,
      maintenanceMargin: 500,
      initialMargin: 5_000,
      availableBalance: 51_000,
      marginRatio: 112,
    });
  });

  it('resting orders ask for the worse side in one-way mode, for both in hedge mode', () => {
    const long = [{ side: 'long', size: 10, entryPrice: 100 }] as const;
    const base = accountOf([{ asset: 'USDT', amount: 5_000 }], long);
    const [symbol] = base.symbols;
    if (symbol === undefined) throw new Error('one symbol');
    const symbols = [{ ...symbol, bidNotional: 300, askNotional: 2_500 }];
    const initial = (positionMode: 'one-way' | 'hedge'): number => {
      const found = multiAssetMargin({ ...base, symbols, positionMode }, rulesOf(PAR));
      return found.ok ? found.value.initialMargin : Number.NaN;
    };
    expect(initial('one-way')).toBe(150);
    expect(initial('hedge')).toBe(130 + 250);
  });

  it('a stable coin that trades at 0.65 on the venue and at par elsewhere fails the account by the venue’s price alone', () => {
    const long = [{ side: 'long', size: 700, entryPrice: 107 }] as const;
    const account = accountOf([{ asset: 'USDE', amount: 10_000 }], long);
    const ratioAt = (venuePrice: number, priceRule: CollateralRules['priceRule']): number => {
      const found = multiAssetMargin(account, { ...rulesOf(at('USDE', venuePrice, 1), PAR), priceRule });
      return found.ok ? (found.value.marginRatio ?? Number.NaN) : Number.NaN;
    };
    // 9,000 − 4,900 behind 700 at par; 5,850 − 4,900 at 0.65.
    expect(ratioAt(1, 'venue-local')).toBeCloseTo(4_100 / 700, 12);
    expect(ratioAt(0.65, 'venue-local')).toBeCloseTo(950 / 700, 12);
    expect(ratioAt(0.6, 'venue-local')).toBeLessThan(1);
    expect(ratioAt(0.6, 'reference')).toBeCloseTo(4_100 / 700, 12);
    const price = collateralLiquidationPrice(account, 'USDE', rulesOf(at('USDE', 1), PAR));
    expect(price.ok && price.value?.price).toBeCloseTo(5_600 / 9_000, 12);
    expect(ratioAt(5_600 / 9_000, 'venue-local')).toBeCloseTo(1, 12);
  });

  it('with USDT alone at par without a haircut the price is that of a plain cross account', () => {
    const long = [{ side: 'long', size: 10, entryPrice: 100 }] as const;
    const found = multiAssetLiquidationPrice(
      accountOf([{ asset: 'USDT', amount: 200 }], long),
      'XUSDT',
      rulesOf(PAR),
    );
    expect(found.ok && found.value).toMatchObject({ price: 800 / 9.9, move: 'fall' });
  });

  it('has no ratio and no failing price without positions', () => {
    const account = accountOf([{ asset: 'BTC', amount: 1 }]);
    const rules = rulesOf(at('BTC', 60_000), PAR);
    const found = multiAssetMargin(account, rules);
    expect(found.ok && found.value.marginRatio).toBeNull();
    const price = collateralLiquidationPrice(account, 'BTC', rules);
    expect(price.ok && price.value).toBeNull();
    const blind = multiAssetMargin(account, rulesOf(at('BTC', 60_000)));
    expect(blind.ok ? blind.value : blind.failure.code).toBe('margin/mark-missing');
  });
});
