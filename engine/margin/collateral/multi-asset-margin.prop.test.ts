// The failing prices of random multi-asset accounts against a root finder over an account added up from its parts.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { type Band, bandedRequirement, signChange } from '../../testkit/margin-oracle.ts';
import { bandsOf, publishedBrackets } from '../../testkit/published-brackets.ts';
import type { LiquidationLeg } from '../brackets/liquidation-price.ts';
import type { CollateralTier, HaircutTable } from './haircut-table.ts';
import {
  collateralLiquidationPrice,
  type FailurePrice,
  multiAssetLiquidationPrice,
} from './multi-asset-liquidation.ts';
import {
  type CollateralRules,
  type CrossSymbol,
  type MultiAssetAccount,
  multiAssetMargin,
} from './multi-asset-margin.ts';

const SCHEDULES = [...new Set(publishedBrackets('2026-05-01').symbols.values())];
const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.fraction();
const logBetween = (rng: Rng, low: number, high: number): number =>
  Math.exp(between(rng, Math.log(low), Math.log(high)));

/** What an account is worth less what it needs, each asset and band one by one. */
interface Plain {
  readonly assets: readonly {
    readonly amount: number;
    readonly price: number;
    readonly tiers: readonly CollateralTier[];
  }[];
  readonly settle: {
    readonly amount: number;
    readonly price: number;
    readonly tiers: readonly CollateralTier[];
  };
  readonly symbols: readonly {
    readonly mark: number;
    readonly legs: readonly LiquidationLeg[];
    readonly bands: readonly Band[];
  }[];
}

function counted(amount: number, price: number, tiers: readonly CollateralTier[]): number {
  let left = amount * price;
  if (left < 0) return left;
  let sum = 0;
  let floor = 0;
  for (const { cap, collateralRate } of tiers) {
    const part = Math.min(left, (cap ?? Number.POSITIVE_INFINITY) - floor);
    sum += part * collateralRate;
    left -= part;
    floor = cap ?? floor;
  }
  return sum;
}

function excess({ assets, settle, symbols }: Plain): number {
  let pnl = 0;
  let needed = 0;
  for (const { mark, legs, bands } of symbols) {
    for (const { side, size, entryPrice } of legs) {
      pnl += side === 'long' ? size * (mark - entryPrice) : size * (entryPrice - mark);
      needed += bandedRequirement(size * mark, bands);
    }
  }
  const others = assets.reduce((sum, a) => sum + counted(a.amount, a.price, a.tiers), 0);
  return others + counted(settle.amount + pnl, settle.price, settle.tiers) - needed * settle.price;
}

interface Case {
  readonly account: MultiAssetAccount;
  readonly rules: CollateralRules;
  readonly plain: Plain;
}

function randomTiers(rng: Rng, worth: number, capped: boolean): readonly CollateralTier[] {
  const first = between(rng, 0.7, 1);
  if (rng.below(2) === 0) return [{ cap: null, collateralRate: first }];
  const second = { cap: capped ? 3 * worth : null, collateralRate: first * between(rng, 0.3, 1) };
  return [{ cap: worth * between(rng, 0.2, 2), collateralRate: first }, second];
}

function randomSymbol(rng: Rng, n: number, worth: number): { symbol: CrossSymbol; bands: readonly Band[] } {
  const brackets = SCHEDULES[rng.below(SCHEDULES.length)] ?? [];
  const markPrice = logBetween(rng, 1e-3, 1e5);
  const leg = (side: 'long' | 'short'): LiquidationLeg => ({
    side,
    size: (worth * logBetween(rng, 0.2, 15)) / markPrice,
    entryPrice: markPrice * between(rng, 0.93, 1.07),
  });
  const kind = rng.below(3);
  const legs = kind === 2 ? [leg('long'), leg('short')] : [leg(kind === 0 ? 'long' : 'short')];
  const symbol = { symbol: `S${n}`, markPrice, brackets, leverage: 5, legs, bidNotional: 0, askNotional: 0 };
  return { symbol, bands: bandsOf(brackets) };
}

function randomCase(rng: Rng): Case {
  const worth = logBetween(rng, 100, 1e7);
  const symbols = Array.from({ length: 1 + rng.below(3) }, (_, n) => randomSymbol(rng, n, worth));
  const assets = ['BTC', 'ETH'].slice(0, rng.below(3)).map((asset) => {
    const price = logBetween(rng, 10, 1e5);
    const amount = ((rng.below(6) === 0 ? -0.2 : 1) * worth * between(rng, 0.1, 1)) / price;
    return { asset, price, amount, tiers: randomTiers(rng, worth, true) };
  });
  const price = between(rng, 0.9, 1.1);
  const settle = { amount: worth * between(rng, -0.5, 1.5), price, tiers: randomTiers(rng, worth, false) };
  const haircuts: HaircutTable = {
    date: '2025-01-01',
    source: 'random',
    assets: Object.fromEntries([
      ...assets.map((a) => [a.asset, a.tiers] as const),
      ['USDT', settle.tiers] as const,
    ]),
  };
  const prices = [...assets, { asset: 'USDT', price }].map((a) => ({
    asset: a.asset,
    venuePrice: a.price,
    referencePrice: null,
  }));
  return {
    account: {
      holdings: [
        ...assets.map(({ asset, amount }) => ({ asset, amount })),
        { asset: 'USDT', amount: settle.amount },
      ],
      settleAsset: 'USDT',
      positionMode: 'hedge',
      symbols: symbols.map((s) => s.symbol),
    },
    rules: { prices, haircuts, priceRule: 'venue-local' },
    plain: {
      assets,
      settle,
      symbols: symbols.map(({ symbol, bands }) => ({ mark: symbol.markPrice, legs: symbol.legs, bands })),
    },
  };
}

/** The nearer sign change around where the account stands; null for none. Only for accounts that stand. */
function nearestRoot(f: (price: number) => number, here: number, far: number): number | null {
  const fall = signChange(f, 0, here);
  const rise = signChange(f, here, far);
  if (fall === null || rise === null) return fall ?? rise;
  return here - fall <= rise - here ? fall : rise;
}

function sameRoot(found: FailurePrice | null, root: number | null, far: number): boolean {
  if (root === null) return found === null || found.price > far;
  return found !== null && Math.abs(found.price - root) <= root * 1e-6;
}

describe('multi-asset accounts', () => {
  it('balance less requirement is the sum of the parts, for 5,000 random accounts', () => {
    const rng = new Rng(1010);
    for (let i = 0; i < 5_000; i++) {
      const { account, rules, plain } = randomCase(rng);
      const found = multiAssetMargin(account, rules);
      if (!found.ok) throw new Error(found.failure.message);
      const { marginBalance, maintenanceMargin } = found.value;
      const scale = Math.abs(marginBalance) + maintenanceMargin + Math.abs(plain.settle.amount) + 1;
      expect(Math.abs(marginBalance - maintenanceMargin - excess(plain)) / scale).toBeLessThan(1e-9);
    }
  });

  it('the mark at which an account fails is where balance equals requirement, for 10,000 random accounts', () => {
    const rng = new Rng(2020);
    const seen = { fall: 0, rise: 0, none: 0 };
    for (let i = 0; i < 10_000; i++) {
      const { account, rules, plain } = randomCase(rng);
      if (excess(plain) <= 0) continue;
      const [first, ...rest] = plain.symbols;
      if (first === undefined) continue;
      const f = (mark: number): number => excess({ ...plain, symbols: [{ ...first, mark }, ...rest] });
      const far = first.mark * 1e4;
      const found = multiAssetLiquidationPrice(account, 'S0', rules);
      const root = nearestRoot(f, first.mark, far);
      if (!found.ok || !sameRoot(found.value, root, far)) {
        throw new Error(
          `account ${i}: ${found.ok ? found.value?.price : found.failure.code}, oracle ${root}`,
        );
      }
      seen[found.value?.move ?? 'none']++;
    }
    expect(Math.min(seen.fall, seen.rise)).toBeGreaterThan(500);
    expect(seen.none).toBeGreaterThan(10);
  });

  it('so is the price of a collateral asset', () => {
    const rng = new Rng(3030);
    const seen = { fall: 0, rise: 0, none: 0 };
    for (let i = 0; i < 10_000; i++) {
      const { account, rules, plain } = randomCase(rng);
      const [first, ...rest] = plain.assets;
      if (first === undefined || excess(plain) <= 0) continue;
      const f = (price: number): number => excess({ ...plain, assets: [{ ...first, price }, ...rest] });
      const far = first.price * 1e4;
      const found = collateralLiquidationPrice(account, 'BTC', rules);
      const root = nearestRoot(f, first.price, far);
      if (!found.ok || !sameRoot(found.value, root, far)) {
        throw new Error(
          `account ${i}: ${found.ok ? found.value?.price : found.failure.code}, oracle ${root}`,
        );
      }
      seen[found.value?.move ?? 'none']++;
    }
    expect(Math.min(seen.fall, seen.rise, seen.none)).toBeGreaterThan(100);
  });
});
