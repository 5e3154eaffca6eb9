/** A cross account with collateral in several assets: balance after haircuts, requirements, and the prices at which it fails. */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { leverageInForce } from '../brackets/initial-margin.ts';
import type { LiquidationLeg } from '../brackets/liquidation-price.ts';
import { maintenanceMargin } from '../brackets/maintenance-margin.ts';
import { unrealisedPnl } from '../brackets/margin-balance.ts';
import { bracketAt, type NotionalBrackets } from '../brackets/notional-bracket.ts';
import {
  type CollateralHolding,
  type CollateralPrice,
  type CollateralPriceRule,
  type CollateralValue,
  collateralValue,
  priceUnder,
} from './collateral-value.ts';
import type { HaircutTable } from './haircut-table.ts';

/** Positions and resting orders of one symbol. */
export interface CrossSymbol {
  readonly symbol: string;
  readonly markPrice: number;
  readonly brackets: NotionalBrackets;
  readonly leverage: number;
  /** One in one-way mode, up to one of each side in hedge mode; empty with orders only. */
  readonly legs: readonly LiquidationLeg[];
  /** Resting buys and sells, in the settlement asset. */
  readonly bidNotional: number;
  readonly askNotional: number;
}

/** An account in multi-assets mode, which knows cross margin only. */
export interface MultiAssetAccount {
  readonly holdings: readonly CollateralHolding[];
  /** The asset profits and losses are paid in, e.g. USDT. */
  readonly settleAsset: string;
  readonly positionMode: 'one-way' | 'hedge';
  readonly symbols: readonly CrossSymbol[];
}

/** How collateral is valued. */
export interface CollateralRules {
  readonly prices: readonly CollateralPrice[];
  readonly haircuts: HaircutTable;
  readonly priceRule: CollateralPriceRule;
}

/** Figures of the account in the currency the collateral is priced in. Estimates (float64). */
export interface MultiAssetMargin {
  /** Unrealised PnL is part of the settlement asset: a loss beyond its balance is a debt, and no haircut shrinks a debt. */
  readonly collateral: CollateralValue;
  readonly marginBalance: number;
  readonly maintenanceMargin: number;
  readonly initialMargin: number;
  /** What is left for new orders; never negative. */
  readonly availableBalance: number;
  /** Null without positions. */
  readonly marginRatio: number | null;
}

/**
 * Computes the margin of an account over all its assets.
 *
 * Formula: margin balance = collateral after haircuts, the settlement asset counted with all unrealised PnL; maintenance and
 * initial margin of all symbols × price of the settlement asset; ratio = balance ÷ maintenance.
 *
 * Fails: `margin/mark-missing` when an asset that matters has no price.
 * Source: Binance FAQ 29b45c485d664028b9ca1cdf90b24f6f "What Is Multi-Assets Mode" (profits and losses are in the
 * settlement asset, margin is shared, cross only); open orders as in `oneWayInitialMargin` and `hedgeInitialMargin`.
 *
 * @example 1 BTC at 60,000, haircut 5 %, loss of 1,000 USDT at 1, maintenance 500 → 56,000 ÷ 500 = 112
 */
export function multiAssetMargin(
  account: MultiAssetAccount,
  rules: CollateralRules,
): Result<MultiAssetMargin> {
  const collateral = collateralValue(settledHoldings(account), rules.prices, rules.haircuts, rules.priceRule);
  if (!collateral.ok) return collateral;
  const settlePrice = settlePriceOf(account, rules);
  if (!settlePrice.ok) return settlePrice;
  const sum = (of: (symbol: CrossSymbol) => number): number =>
    settlePrice.value * account.symbols.reduce((total, symbol) => total + of(symbol), 0);
  const maintenance = sum(maintenanceOf);
  const initial = sum((symbol) => initialOf(symbol, account.positionMode));
  const marginBalance = collateral.value.total;
  return ok({
    collateral: collateral.value,
    marginBalance,
    maintenanceMargin: maintenance,
    initialMargin: initial,
    availableBalance: Math.max(0, marginBalance - initial),
    marginRatio: maintenance > 0 ? marginBalance / maintenance : null,
  });
}

/** Price of the settlement asset in the account currency. Fails: `margin/mark-missing`. */
export function settlePriceOf(account: MultiAssetAccount, rules: CollateralRules): Result<number> {
  const { settleAsset } = account;
  const price = priceUnder(rules.priceRule, rules.prices, settleAsset);
  if (price !== null) return ok(price);
  return fail('margin/mark-missing', `no price of ${settleAsset}, in which positions settle`, {
    settleAsset,
  });
}

/** The holdings with all unrealised PnL in the settlement asset, which comes last. */
export function settledHoldings(account: MultiAssetAccount): readonly CollateralHolding[] {
  const { holdings, settleAsset, symbols } = account;
  const isSettle = ({ asset }: CollateralHolding): boolean => asset === settleAsset;
  const held = holdings.filter(isSettle).reduce((sum, { amount }) => sum + amount, 0);
  const amount = symbols.reduce((sum, symbol) => sum + pnlOf(symbol), held);
  return [...holdings.filter((holding) => !isSettle(holding)), { asset: settleAsset, amount }];
}

/** Unrealised PnL of a symbol at its mark, settlement asset. */
function pnlOf({ legs, markPrice }: CrossSymbol): number {
  return legs.reduce((sum, leg) => sum + unrealisedPnl({ ...leg, markPrice }), 0);
}

/** Maintenance margin of a symbol at its mark, settlement asset: both sides of a hedge in full. */
export function maintenanceOf({ legs, markPrice, brackets }: CrossSymbol): number {
  return legs.reduce((sum, { size }) => {
    const notional = size * markPrice;
    return sum + maintenanceMargin(notional, bracketAt(brackets, notional));
  }, 0);
}

/** Initial margin of positions and orders, at the leverage the bracket still allows: a held position is never refused. */
function initialOf(symbol: CrossSymbol, mode: 'one-way' | 'hedge'): number {
  const { legs, markPrice, brackets, leverage, bidNotional, askNotional } = symbol;
  const needed = (notional: number): number =>
    notional / leverageInForce(leverage, bracketAt(brackets, notional));
  const held = (side: 'long' | 'short'): number =>
    legs.reduce((sum, leg) => (leg.side === side ? sum + leg.size * markPrice : sum), 0);
  if (mode === 'hedge') return needed(held('long') + bidNotional) + needed(held('short') + askNotional);
  assert(legs.length <= 1, `one-way mode has one position a symbol, found ${legs.length}`);
  const position = held('long') - held('short');
  return needed(Math.max(Math.abs(position + bidNotional), Math.abs(position - askNotional)));
}
