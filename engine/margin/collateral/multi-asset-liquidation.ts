/**
 * Where a multi-asset account fails: the mark of a symbol, or the price of a collateral asset, at which its ratio is 1.
 *
 * The value of the settlement asset is the least over a few straight pieces (debt in full, holdings by band), so the excess of
 * balance over maintenance is the least over as many concave functions, each with at most two roots that are solved exactly.
 * A root counts where no other piece lies below it.
 */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type MarginEquation, marginRoots } from '../brackets/margin-equation.ts';
import { bracketAt } from '../brackets/notional-bracket.ts';
import { collateralValue, priceUnder, type ValuePiece, valuePieces } from './collateral-value.ts';
import { collateralTiers } from './haircut-table.ts';
import {
  type CollateralRules,
  type MultiAssetAccount,
  maintenanceOf,
  settledHoldings,
  settlePriceOf,
} from './multi-asset-margin.ts';

/** A price at which the account's margin ratio is 1, and the move that leads there from health. */
export interface FailurePrice {
  readonly price: number;
  readonly move: 'fall' | 'rise';
}

/** Shares of the excess below which two pieces are taken to meet. */
const MEETING = 1e-9;

/**
 * The mark price of one symbol at which the account's ratio is 1; all else stays as it is, collateral prices included.
 *
 * @returns null where no positive price does it; of two, the one nearer to the mark
 *
 * Fails: `margin/mark-missing` as `multiAssetMargin`.
 * Assumes: the settlement asset is accepted in bands that all count for something and have no last cap.
 */
export function multiAssetLiquidationPrice(
  account: MultiAssetAccount,
  symbol: string,
  rules: CollateralRules,
): Result<FailurePrice | null> {
  const moving = account.symbols.find((s) => s.symbol === symbol);
  assert(moving !== undefined && moving.legs.length > 0, `the account holds no ${symbol}`);
  const behind = behindOf(account, rules, moving.symbol);
  if (!behind.ok) return behind;
  const { others, settleHeld, otherMaintenance, settlePrice, pieces } = behind.value;
  const legs = moving.legs.map(({ side, size, entryPrice }) => ({
    side,
    scale: size,
    entryValue: size * entryPrice,
    brackets: moving.brackets,
  }));
  // One piece: others + P·slope·(held + PnL) + constant = P·maintenance, divided by P·slope.
  const equations = pieces.map(({ slope, constant }) => {
    const balance = (others + constant) / (settlePrice * slope) + settleHeld;
    return { equation: { balance, maintenance: otherMaintenance, legs }, threshold: 1 / slope };
  });
  const roots = equations.map(({ equation, threshold }) => marginRoots(equation, threshold));
  const holds = (price: number): boolean =>
    equations.every(({ equation, threshold }) => excessOver(equation, threshold, price) >= -MEETING);
  return ok(
    nearest(
      roots.flatMap(({ lower }) => (lower !== null && holds(lower.at) ? [lower.at] : [])),
      roots.flatMap(({ upper }) => (upper !== null && holds(upper.at) ? [upper.at] : [])),
      moving.markPrice,
    ),
  );
}

/**
 * The price of a collateral asset at which the account's ratio is 1; marks and all other assets stay as they are.
 *
 * @returns null where no positive price does it, or the asset is no part of the collateral
 *
 * Fails: `margin/mark-missing` as `multiAssetMargin`.
 * Assumes: the asset is not the settlement asset.
 *
 * @example 1 BTC, haircut 5 %, debt 40,000, maintenance 7,500 → 47,500 ÷ 0.95 = 50,000
 */
export function collateralLiquidationPrice(
  account: MultiAssetAccount,
  asset: string,
  rules: CollateralRules,
): Result<FailurePrice | null> {
  assert(asset !== account.settleAsset, 'the settlement asset moves the requirement too');
  const holdings = settledHoldings(account);
  const amount = holdings.reduce((sum, holding) => (holding.asset === asset ? sum + holding.amount : sum), 0);
  const rest = collateralValue(
    holdings.filter((holding) => holding.asset !== asset),
    rules.prices,
    rules.haircuts,
    rules.priceRule,
  );
  if (!rest.ok) return rest;
  const settlePrice = settlePriceOf(account, rules);
  if (!settlePrice.ok) return settlePrice;
  const current = priceUnder(rules.priceRule, rules.prices, asset);
  if (current === null) return fail('margin/mark-missing', `no price of ${asset}`, { asset });
  const tiers = collateralTiers(rules.haircuts, asset);
  if (amount === 0 || (amount > 0 && tiers === null)) return ok(null);
  const required = settlePrice.value * account.symbols.reduce((sum, s) => sum + maintenanceOf(s), 0);
  const lines = valuePieces(tiers ?? []).map(({ slope, constant }) => ({
    at0: rest.value.total + constant - required,
    slope: slope * amount,
  }));
  const holds = (price: number): boolean =>
    lines.every(({ at0, slope }) => at0 + slope * price >= -MEETING * (required + Math.abs(slope * price)));
  const edges = lines
    .filter(({ slope }) => slope !== 0)
    .map(({ at0, slope }) => -at0 / slope)
    .filter((price) => price > 0 && holds(price));
  return ok(nearest(amount > 0 ? edges : [], amount > 0 ? [] : edges, current));
}

interface Behind {
  /** Value of all assets but the settlement asset, account currency. */
  readonly others: number;
  /** Settlement asset with the PnL of all other symbols. */
  readonly settleHeld: number;
  /** Of the other symbols, settlement asset. */
  readonly otherMaintenance: number;
  readonly settlePrice: number;
  readonly pieces: readonly ValuePiece[];
}

function behindOf(account: MultiAssetAccount, rules: CollateralRules, symbol: string): Result<Behind> {
  const { settleAsset } = account;
  const rest = account.symbols.filter((s) => s.symbol !== symbol);
  const [settled, ...other] = settledHoldings({ ...account, symbols: rest }).toReversed();
  const others = collateralValue(other, rules.prices, rules.haircuts, rules.priceRule);
  if (!others.ok) return others;
  const settlePrice = settlePriceOf(account, rules);
  if (!settlePrice.ok) return settlePrice;
  const pieces = valuePieces(collateralTiers(rules.haircuts, settleAsset) ?? []);
  assert(
    pieces.length > 1 && pieces.every(({ slope }) => slope > 0),
    `${settleAsset} counts in every band, without a last cap`,
  );
  return ok({
    others: others.value.total,
    settleHeld: settled?.amount ?? 0,
    otherMaintenance: rest.reduce((sum, s) => sum + maintenanceOf(s), 0),
    settlePrice: settlePrice.value,
    pieces,
  });
}

/** Balance less requirement of one piece at a price, as a share of what is compared. */
function excessOver(equation: MarginEquation, threshold: number, price: number): number {
  let excess = equation.balance - threshold * equation.maintenance;
  let scale = Math.abs(equation.balance) + threshold * equation.maintenance;
  for (const { side, scale: size, entryValue, brackets } of equation.legs) {
    const notional = size * price;
    const { maintenanceMarginRate, maintenanceAmount } = bracketAt(brackets, notional);
    const pnl = side === 'long' ? notional - entryValue : entryValue - notional;
    excess += pnl - threshold * (notional * maintenanceMarginRate - maintenanceAmount);
    scale += notional + entryValue;
  }
  return excess / scale;
}

function nearest(falls: readonly number[], rises: readonly number[], current: number): FailurePrice | null {
  const all: readonly FailurePrice[] = [
    ...falls.map((price) => ({ price, move: 'fall' as const })),
    ...rises.map((price) => ({ price, move: 'rise' as const })),
  ];
  const distance = ({ price }: FailurePrice): number => Math.abs(price - current);
  return all.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}
