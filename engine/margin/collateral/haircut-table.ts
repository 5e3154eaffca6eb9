/** Haircuts by date: how much of an asset's value a venue accepts as collateral. */
import { assert } from '../../core/assert.ts';
import { tableInForce } from '../../core/dated.ts';
import { fail, ok, type Result } from '../../core/result.ts';

/** One band of an asset's value and the share of it that counts. */
export interface CollateralTier {
  /** Upper end of the band, account currency; null for a last band without one. */
  readonly cap: number | null;
  /** Fraction in [0, 1]; never above that of the band before. 1 − haircut. */
  readonly collateralRate: number;
}

/** The haircuts of a venue as they stood on a day. */
export interface HaircutTable {
  /** ISO day from which the table is used. */
  readonly date: string;
  readonly source: string;
  /** Bands by asset, ascending. An asset not named is no collateral. */
  readonly assets: Readonly<Record<string, readonly CollateralTier[]>>;
}

/**
 * The haircuts of a day: the newest table not after it.
 *
 * @param day - ISO day
 *
 * Fails: `margin/table-missing` before the first table.
 */
export function haircutTableOn(tables: readonly HaircutTable[], day: string): Result<HaircutTable> {
  const found = tableInForce(tables, day);
  return found === null
    ? fail('margin/table-missing', `no haircuts are known for ${day}`, { day })
    : ok(found);
}

/** The bands of an asset, or null where the venue does not accept it. Asserts that rates lie in [0, 1] and never rise. */
export function collateralTiers(table: HaircutTable, asset: string): readonly CollateralTier[] | null {
  const tiers = Object.hasOwn(table.assets, asset) ? table.assets[asset] : undefined;
  if (tiers === undefined || tiers.length === 0) return null;
  for (const [i, { cap, collateralRate }] of tiers.entries()) {
    const before = tiers[i - 1];
    const falls = collateralRate >= 0 && collateralRate <= (before?.collateralRate ?? 1);
    const follows = before === undefined || (before.cap !== null && (cap === null || cap > before.cap));
    assert(falls && follows, `${asset} haircut band ${i + 1} of ${table.date} is out of order`);
  }
  return tiers;
}

const flat = (collateralRate: number): readonly CollateralTier[] => [{ cap: null, collateralRate }];

/**
 * Haircuts of Binance USDT-M in multi-assets mode.
 *
 * Source: Binance FAQ 29b45c485d664028b9ca1cdf90b24f6f "What Is Multi-Assets Mode", as of 2021-05-28. Later tables are
 * configuration: a scenario of another year brings its own.
 */
export const BINANCE_HAIRCUT_TABLES: readonly HaircutTable[] = [
  {
    date: '2021-05-28',
    source: 'Binance FAQ 29b45c485d664028b9ca1cdf90b24f6f, 2021-05-28',
    assets: {
      BTC: flat(0.95),
      ETH: flat(0.95),
      BNB: flat(0.95),
      XRP: flat(0.9),
      ADA: flat(0.9),
      DOT: flat(0.9),
      SOL: flat(0.9),
      USDT: flat(0.9999),
      BUSD: flat(1),
      USDC: flat(0.9999),
    },
  },
];
