/** Collateral of several assets: what each is worth to the venue after its haircut, at the venue's own price. */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type CollateralTier, collateralTiers, type HaircutTable } from './haircut-table.ts';

/** A balance of one asset as an estimate, negative for a debt. Booked balances are exact and come through `decimalValue`. */
export interface CollateralHolding {
  readonly asset: string;
  readonly amount: number;
}

/** Prices of one asset in the account currency. */
export interface CollateralPrice {
  readonly asset: string;
  /** On the venue itself; null when unknown. */
  readonly venuePrice: number | null;
  /** Elsewhere: a basket of venues, or what the issuer redeems it at; null when unknown. */
  readonly referencePrice: number | null;
}

/**
 * Which price values collateral. A venue that looks at its own market alone lets a thin book there liquidate accounts whose
 * asset trades at par everywhere else.
 */
export type CollateralPriceRule = 'venue-local' | 'reference';

/** One asset of the account. Estimates in the account currency (float64). */
export interface CollateralRow {
  readonly asset: string;
  readonly amount: number;
  /** Null for an asset that is no collateral and was not priced. */
  readonly price: number | null;
  readonly marketValue: number;
  /** Value ÷ market value; 1 for a debt, which counts in full. */
  readonly collateralRate: number;
  readonly value: number;
}

/** All assets and their sum. */
export interface CollateralValue {
  readonly total: number;
  readonly rows: readonly CollateralRow[];
}

/**
 * Values an account's assets as collateral.
 *
 * Formula: value = Σ over bands of (part of amount × price in the band × collateral rate); a debt counts in full; an asset the
 * venue does not accept counts 0.
 *
 * Fails: `margin/mark-missing` when an accepted asset, or a debt, has no price under the rule: never valued at 0 or at par.
 *
 * @example 1 BTC at 60,000, haircut 5 %, and −1,000 USDT at 1 → 57,000 − 1,000 = 56,000
 */
export function collateralValue(
  holdings: readonly CollateralHolding[],
  prices: readonly CollateralPrice[],
  table: HaircutTable,
  rule: CollateralPriceRule,
): Result<CollateralValue> {
  const distinct = new Set(holdings.map(({ asset }) => asset)).size;
  assert(distinct === holdings.length, 'an asset is held once');
  const rows: CollateralRow[] = [];
  for (const { asset, amount } of holdings) {
    const tiers = collateralTiers(table, asset);
    const price = priceUnder(rule, prices, asset);
    if (amount === 0 || (amount > 0 && tiers === null)) {
      const marketValue = amount * (price ?? 0);
      rows.push({ asset, amount, price, marketValue, collateralRate: 0, value: 0 });
      continue;
    }
    if (price === null) {
      return fail('margin/mark-missing', `no ${rule} price of ${asset}, which is held as collateral`, {
        asset,
      });
    }
    const marketValue = amount * price;
    const value = amount < 0 ? marketValue : valueOverTiers(tiers ?? [], marketValue);
    rows.push({ asset, amount, price, marketValue, collateralRate: value / marketValue, value });
  }
  return ok({ total: rows.reduce((sum, { value }) => sum + value, 0), rows });
}

/** The price of an asset under a rule, or null. */
export function priceUnder(
  rule: CollateralPriceRule,
  prices: readonly CollateralPrice[],
  asset: string,
): number | null {
  const found = prices.find((price) => price.asset === asset);
  const price = (rule === 'venue-local' ? found?.venuePrice : found?.referencePrice) ?? null;
  return price !== null && price > 0 ? price : null;
}

/** One straight piece of the value of an asset: slope × market value + constant. The value is the least over all pieces. */
export interface ValuePiece {
  readonly slope: number;
  readonly constant: number;
}

/**
 * The pieces of an asset's value, debt included: since rates never rise, the value is the minimum over them.
 *
 * @example one band at 0.95 → 1 × v (decides for a debt) and 0.95 × v (decides for a holding)
 */
export function valuePieces(tiers: readonly CollateralTier[]): readonly ValuePiece[] {
  const pieces: ValuePiece[] = [{ slope: 1, constant: 0 }];
  let floor = 0;
  let constant = 0;
  let rate = 0;
  for (const [i, tier] of tiers.entries()) {
    constant += i === 0 ? 0 : floor * (rate - tier.collateralRate);
    rate = tier.collateralRate;
    pieces.push({ slope: rate, constant });
    floor = tier.cap ?? floor;
  }
  const last = tiers.at(-1);
  // Beyond a last cap nothing more is accepted.
  if (last !== undefined && last.cap !== null)
    pieces.push({ slope: 0, constant: constant + last.cap * rate });
  return pieces;
}

function valueOverTiers(tiers: readonly CollateralTier[], marketValue: number): number {
  let value = 0;
  let floor = 0;
  for (const { cap, collateralRate } of tiers) {
    const end = cap === null ? marketValue : Math.min(marketValue, cap);
    if (end > floor) value += (end - floor) * collateralRate;
    floor = cap ?? marketValue;
  }
  return value;
}
