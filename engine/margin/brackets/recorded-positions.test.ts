// Real position responses and documented worked examples, each against the formula of its venue.
import { describe, expect, it } from 'vitest';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { coinMarginedLiquidationPrice } from '../venues/binance-coinm.ts';
import { hyperliquidLiquidationPrice } from '../venues/hyperliquid.ts';
import { bankruptcyPrice, breakEvenPrice } from './bankruptcy-price.ts';
import { initialMargin, oneWayInitialMargin, openLoss } from './initial-margin.ts';
import {
  type LiquidationCollateral,
  liquidationPrice,
  liquidationPriceFormula,
} from './liquidation-price.ts';
import { maintenanceMargin } from './maintenance-margin.ts';
import { marginRatio, unrealisedPnl } from './margin-balance.ts';
import type { NotionalBracket } from './notional-bracket.ts';

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
  readonly markPrice?: number;
  readonly leverage?: number;
  readonly isolatedMargin?: number;
  readonly expectedNotional?: number;
  readonly expectedInitialMargin?: number;
  readonly expectedMaintMargin?: number;
  readonly expectedBreakEven?: number;
}

interface MarginCase {
  readonly id: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly expected: Readonly<Record<string, number>>;
}

const vectors: {
  readonly liquidationPrice: readonly LiquidationCase[];
  readonly margins: readonly MarginCase[];
} = HAS_SHARED_DATA
  ? JSON.parse(readSharedText('vectors/positions.json'))
  : { liquidationPrice: [], margins: [] };

/** One bracket with the rate and amount a case states, for positions whose table is not at hand. */
function bracketOf(rate: number, amount = 0, floor = 0): NotionalBracket {
  return {
    number: 1,
    floor,
    cap: null,
    maintenanceMarginRate: rate,
    maxLeverage: null,
    maintenanceAmount: amount,
  };
}

const sideOf = (side: string): 'long' | 'short' => (side === 'LONG' ? 'long' : 'short');
// Exchanges cut their figures at eight decimals.
const EIGHT_DECIMALS = 1.01e-8;

function near(found: number | null | undefined, expected: number | undefined, tolerance: number): void {
  expect(found).not.toBeNull();
  expect(expected).toBeDefined();
  expect(Math.abs((found ?? Number.NaN) - (expected ?? Number.NaN))).toBeLessThanOrEqual(tolerance);
}

function marginCase(id: string): { i: (name: string) => number; e: (name: string) => number } {
  const found = vectors.margins.find((c) => c.id === id);
  const read = (from: Readonly<Record<string, number>> | undefined, name: string): number => {
    const value = from?.[name];
    if (value === undefined) throw new Error(`${id} has no ${name}`);
    return value;
  };
  return { i: (name) => read(found?.inputs, name), e: (name) => read(found?.expected, name) };
}

describe.skipIf(!HAS_SHARED_DATA)(`recorded liquidation prices${SHARED_DATA_NOTE}`, () => {
  it('holds the nine cases', () => {
    expect(vectors.liquidationPrice.length).toBe(9);
    expect(vectors.margins.length).toBe(9);
  });

  for (const c of vectors.liquidationPrice) {
    const collateral: LiquidationCollateral = {
      walletBalance: c.walletBalance,
      otherMaintenanceMargin: c.otherMaint,
      otherUnrealisedPnl: c.otherUpnl,
    };
    const leg = { side: sideOf(c.side), size: c.size, entryPrice: c.entryPrice };

    it(`${c.id}: the published formula gives the recorded price`, () => {
      const price = liquidationPriceFormula(collateral, [
        { ...leg, maintenanceMarginRate: c.mmr, maintenanceAmount: c.cum },
      ]);
      if (c.expectedLiquidationPrice === 0) expect(price).toBeNull();
      else near(price, c.expectedLiquidationPrice, c.absTol);
      const solved = liquidationPrice(collateral, [leg], [bracketOf(c.mmr, c.cum)], c.entryPrice);
      if (c.cum === 0) expect(solved?.price ?? null).toBe(price);
    });

    if (c.expectedNotional !== undefined) {
      it(`${c.id}: notional, initial and maintenance margin, break-even`, () => {
        const notional = c.size * (c.markPrice ?? 0);
        near(notional, c.expectedNotional, EIGHT_DECIMALS);
        const initial = initialMargin(notional, c.leverage ?? 1, [bracketOf(c.mmr)]);
        near(initial.ok ? initial.value : null, c.expectedInitialMargin, EIGHT_DECIMALS);
        near(maintenanceMargin(notional, bracketOf(c.mmr)), c.expectedMaintMargin, EIGHT_DECIMALS);
        near(breakEvenPrice(leg.side, c.entryPrice, 0.0005), c.expectedBreakEven, EIGHT_DECIMALS);
      });
    }

    if (c.isolatedMargin !== undefined) {
      it(`${c.id}: isolated wallet = isolated margin − unrealised PnL`, () => {
        const pnl = unrealisedPnl({ ...leg, markPrice: c.markPrice ?? 0 });
        near((c.isolatedMargin ?? 0) - pnl, c.walletBalance, EIGHT_DECIMALS);
      });
    }
  }
});

describe.skipIf(!HAS_SHARED_DATA)(`recorded margins${SHARED_DATA_NOTE}`, () => {
  it('bn-open-order-margin: the worse side of the resting orders', () => {
    const { i, e } = marginCase('bn-open-order-margin');
    const found = oneWayInitialMargin(
      {
        positionNotional: i('notional'),
        bidNotional: i('bidNotional'),
        askNotional: i('askNotional'),
        leverage: i('leverage'),
      },
      [bracketOf(i('mmr'))],
    );
    near(found.ok ? found.value.position : null, e('positionInitialMargin'), EIGHT_DECIMALS);
    near(found.ok ? found.value.openOrders : null, e('openOrderInitialMargin'), EIGHT_DECIMALS);
    near(found.ok ? found.value.total : null, e('initialMargin'), EIGHT_DECIMALS);
    near(maintenanceMargin(i('notional'), bracketOf(i('mmr'))), e('maintMargin'), EIGHT_DECIMALS);
  });

  it('bn-bnb-short: margins of a short are those of its absolute notional', () => {
    const { i, e } = marginCase('bn-bnb-short');
    const found = oneWayInitialMargin(
      { positionNotional: i('notional'), bidNotional: 0, askNotional: 0, leverage: i('leverage') },
      [bracketOf(i('mmr'))],
    );
    near(found.ok ? found.value.total : null, e('initialMargin'), EIGHT_DECIMALS);
    near(maintenanceMargin(-i('notional'), bracketOf(i('mmr'))), e('maintMargin'), EIGHT_DECIMALS);
  });

  it('bn-btc-cross-2: initial and maintenance margin (its wallet is not recorded)', () => {
    const { i, e } = marginCase('bn-btc-cross-2');
    const notional = i('size') * i('markPrice');
    const initial = initialMargin(notional, i('leverage'), [bracketOf(i('mmr'))]);
    near(initial.ok ? initial.value : null, e('initialMargin'), EIGHT_DECIMALS);
    near(maintenanceMargin(notional, bracketOf(i('mmr'))), e('maintMargin'), EIGHT_DECIMALS);
  });

  it('bn-margin-call: maintenance, and a ratio above 1 when the call was sent', () => {
    const { i, e } = marginCase('bn-margin-call');
    const maintenance = maintenanceMargin(i('size') * i('markPrice'), bracketOf(i('mmr')));
    near(maintenance, e('maintMargin'), 1e-6);
    near(marginRatio(i('crossWallet') + i('unrealizedPnl'), maintenance), 1.24008, 1e-5);
  });

  it('bn-coinm-short: inverse contract, to the rounding of its recorded wallet', () => {
    const { i, e } = marginCase('bn-coinm-short');
    const price = coinMarginedLiquidationPrice({
      side: 'short',
      contracts: i('contracts'),
      contractSize: i('contractSize'),
      entryPrice: i('entryPrice'),
      maintenanceMarginRate: i('mmr'),
      walletBalance: i('walletBalanceBtc'),
    });
    near(price, e('liquidationPrice'), 0.1);
  });

  it('hl-eth-iso: maintenance is half of the initial margin at top leverage', () => {
    const { i, e } = marginCase('hl-eth-iso');
    const price = hyperliquidLiquidationPrice({
      signedSize: i('szi'),
      rawUsd: i('rawUsd'),
      maxLeverage: i('maxLeverage'),
    });
    near(price, e('liquidationPx'), 5e-5); // rawUsd is recorded to six decimals
  });

  it('bn-comp-short-unverified: initial and maintenance margin (no wallet is given, so no price can be checked)', () => {
    const { i, e } = marginCase('bn-comp-short-unverified');
    const notional = i('size') * i('markPrice');
    const initial = initialMargin(notional, i('leverage'), [bracketOf(i('mmr'))]);
    near(initial.ok ? initial.value : null, e('initialMargin'), EIGHT_DECIMALS);
    near(maintenanceMargin(notional, bracketOf(i('mmr'))), e('maintMargin'), EIGHT_DECIMALS);
  });

  it.skip('bitmex-testnet-liquidation: a record only; it states no wallet, rate or entry price', () => {});
});

describe('documented worked examples', () => {
  const brackets = [
    { ...bracketOf(0.004), cap: 50_000, maxLeverage: 125 },
    { ...bracketOf(0.005, 50, 50_000), number: 2, cap: 250_000, maxLeverage: 100 },
  ];

  it('refuse more leverage than the bracket allows, and any beyond the last cap', () => {
    const code = (notional: number, leverage: number): string | number => {
      const found = initialMargin(notional, leverage, brackets);
      return found.ok ? found.value : found.failure.code;
    };
    expect(code(50_000, 125)).toBe(400);
    expect(code(50_000.01, 125)).toBe('margin/leverage-too-high');
    expect(code(250_000, 100)).toBe(2_500);
    expect(code(250_000.01, 1)).toBe('margin/leverage-too-high');
  });

  it('open loss: 1 BTC at 9,253.30 with mark 9,259.84', () => {
    const order = { size: 1, orderPrice: 9253.3, markPrice: 9259.84 };
    expect(openLoss({ ...order, side: 'long' })).toBe(0);
    expect(openLoss({ ...order, side: 'short' })).toBeCloseTo(6.54, 10);
  });

  it('bankruptcy: a wallet spent exactly, above for a short, below for a long, none for a covered long', () => {
    expect(
      bankruptcyPrice({ side: 'long', size: 14, entryPrice: 0.721575, isolatedWallet: 2.5255125 }),
    ).toBeCloseTo(0.54118125, 10);
    expect(bankruptcyPrice({ side: 'short', size: 2, entryPrice: 100, isolatedWallet: 30 })).toBe(115);
    expect(bankruptcyPrice({ side: 'long', size: 2, entryPrice: 100, isolatedWallet: 200 })).toBeNull();
    expect(breakEvenPrice('short', 100, 0.0005)).toBeCloseTo(99.95, 10);
  });

  it('other venues: at the price found, balance equals maintenance', () => {
    for (const side of ['long', 'short'] as const) {
      const [contracts, contractSize, entryPrice, rate, wallet] = [50, 100, 60_000, 0.01, 0.02];
      const p = coinMarginedLiquidationPrice({
        side,
        contracts,
        contractSize,
        entryPrice,
        maintenanceMarginRate: rate,
        walletBalance: wallet,
      });
      const value = contracts * contractSize;
      const sign = side === 'long' ? 1 : -1;
      expect(p).not.toBeNull();
      const balance = wallet + sign * value * (1 / entryPrice - 1 / (p ?? 1));
      expect(balance).toBeCloseTo((value * rate) / (p ?? 1), 12);

      const [size, margin, leverage] = [2, 300, 25];
      const signedSize = sign * size;
      const hl = hyperliquidLiquidationPrice({
        signedSize,
        rawUsd: margin - signedSize * 3_000,
        maxLeverage: leverage,
      });
      expect(margin + signedSize * ((hl ?? 0) - 3_000)).toBeCloseTo((size * (hl ?? 0)) / (2 * leverage), 9);
    }
    const covered = { contracts: 1, contractSize: 100, entryPrice: 50_000, maintenanceMarginRate: 0.01 };
    expect(coinMarginedLiquidationPrice({ ...covered, side: 'short', walletBalance: 0.002 })).toBeNull();
  });
});

describe('liquidation price at its edges', () => {
  const alone = (walletBalance: number): LiquidationCollateral => ({
    walletBalance,
    otherMaintenanceMargin: 0,
    otherUnrealisedPnl: 0,
  });
  const flat = [bracketOf(0.01)];
  const long = { side: 'long', size: 2, entryPrice: 100 } as const;
  const short = { side: 'short', size: 2, entryPrice: 100 } as const;

  it('a long holding its whole value is never liquidated, one unit less and it is', () => {
    expect(liquidationPrice(alone(200), [long], flat, 100)).toBeNull();
    expect(liquidationPrice(alone(201), [long], flat, 100)).toBeNull();
    expect(liquidationPrice(alone(199.99), [long], flat, 100)?.price).toBeCloseTo(0.01 / (2 * 0.99), 12);
  });

  it('an empty wallet is liquidated at the entry price, moved by the maintenance rate', () => {
    expect(liquidationPrice(alone(0), [long], flat, 100)).toMatchObject({ price: 200 / 1.98, move: 'fall' });
    expect(liquidationPrice(alone(0), [short], flat, 100)).toMatchObject({ price: 200 / 2.02, move: 'rise' });
  });

  it('a short in debt for more than its value has no price: it is in liquidation at every one', () => {
    expect(liquidationPrice(alone(-200), [short], flat, 100)).toBeNull();
  });

  it('a maintenance rate near 1 leaves a long price far above the entry', () => {
    expect(liquidationPrice(alone(50), [long], [bracketOf(0.999)], 100)?.price).toBeCloseTo(150 / 0.002, 4);
  });

  it('a hedge whose sides cancel has none: q_L(1 − MMR) = q_S(1 + MMR)', () => {
    const legs = [
      { ...long, size: 1.01 },
      { ...short, size: 0.99 },
    ];
    const rated = legs.map((leg) => ({ ...leg, maintenanceMarginRate: 0.01, maintenanceAmount: 0 }));
    expect(liquidationPriceFormula(alone(50), rated)).toBeNull();
    expect(liquidationPrice(alone(50), legs, flat, 100)).toBeNull();
  });

  it('a hedge with two prices gives the nearer one', () => {
    // Net long by 0.1, but from 1,000 upward both sides pay 20 %: a rise hurts beyond it.
    const rows = [
      { ...bracketOf(0.01), cap: 1_000 },
      { ...bracketOf(0.2, 190, 1_000), number: 2 },
    ];
    const legs = [
      { ...long, size: 10 },
      { ...short, size: 9 },
    ];
    const at = (mark: number): unknown => liquidationPrice(alone(-10), legs, rows, mark);
    // excess = wallet − 100 + 0.81 p up to 100, where it peaks at wallet − 19; beyond, it falls.
    expect(at(100)).toBeNull();
    const funded = (mark: number): ReturnType<typeof liquidationPrice> =>
      liquidationPrice(alone(30), legs, rows, mark);
    expect(funded(90)).toMatchObject({ move: 'fall' });
    expect(funded(90)?.price).toBeCloseTo(70 / 0.81, 9);
    expect(funded(103)).toMatchObject({ move: 'rise' });
  });

  it('works from dust to fortunes', () => {
    for (const unit of [1e-9, 1e-4, 1, 1e6, 1e12]) {
      const leg = { side: 'long', size: 3, entryPrice: unit } as const;
      const found = liquidationPrice(alone(unit), [leg], flat, unit);
      expect((found?.price ?? 0) / unit).toBeCloseTo(2 / 2.97, 12);
    }
  });
});
