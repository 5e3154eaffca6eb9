/** Funding terms by date and symbol: interval, interest and cap, read from dated tables and never assumed. */
import { tableInForce } from '../../core/dated.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type FundingTerms, fundingCapRate } from './funding-rate.ts';

/** How far a rate may go: a fixed fraction, or three quarters of the first bracket's maintenance margin rate. */
export type FundingCap =
  | { readonly kind: 'fixed'; readonly rate: number }
  | { readonly kind: 'of-maintenance' };

/** Terms of a group of symbols. */
export interface FundingTermsRow {
  /** Null for all symbols not named in another row. */
  readonly symbols: readonly string[] | null;
  readonly intervalHours: number;
  /** Per 8 hours. */
  readonly interestRate: number;
  readonly cap: FundingCap;
}

/** The terms of a venue as they stood on a day. */
export interface FundingTable {
  /** ISO day the terms were read. */
  readonly date: string;
  readonly source: string;
  readonly rows: readonly FundingTermsRow[];
}

/**
 * Funding terms of Binance USDT-M. Symbols with a 4 or 1 hour interval change often and are told by the stream of the
 * symbol itself, so only the default of 8 hours is written here.
 *
 * Source: funding information of 791 symbols read with the bracket table of 2026-05-01: BTC and ETH ±0.3 %, BNB, SOL, ADA
 * and XRP ±0.375 %, DOGE ±0.4875 %, 696 others ±2 %.
 */
export const BINANCE_FUNDING_TABLES: readonly FundingTable[] = [
  {
    date: '2026-05-01',
    source: 'Binance USDT-M funding information, read with the bracket table of 2026-05-01',
    rows: [
      {
        symbols: ['BTCUSDT', 'ETHUSDT', 'BNBUSDT', 'SOLUSDT', 'ADAUSDT', 'XRPUSDT', 'DOGEUSDT'],
        intervalHours: 8,
        interestRate: 0.0001,
        cap: { kind: 'of-maintenance' },
      },
      { symbols: null, intervalHours: 8, interestRate: 0.0001, cap: { kind: 'fixed', rate: 0.02 } },
    ],
  },
];

/**
 * Funding of Hyperliquid: each hour an eighth of the 8-hour rate, at most 4 % an hour.
 *
 * Source: Hyperliquid docs "Funding".
 */
export const HYPERLIQUID_FUNDING: FundingTerms = { intervalHours: 1, interestRate: 0.0001, capRate: 0.04 };

/**
 * The terms of a symbol on a day: those of the newest table not after it.
 *
 * @param day - ISO day
 * @param firstBracketMaintenanceRate - of the symbol's first bracket on that day, a fraction
 *
 * Fails: `venue/funding-terms-missing` before the first table, or where no row covers the symbol.
 *
 * @example DOGEUSDT on 2026-05-04, first bracket 0.65 % → 8 h, ±0.4875 %
 */
export function fundingTermsOn(
  tables: readonly FundingTable[],
  symbol: string,
  day: string,
  firstBracketMaintenanceRate: number,
): Result<FundingTerms> {
  const table = tableInForce(tables, day);
  const named = table?.rows.find(({ symbols }) => symbols?.includes(symbol));
  const row = named ?? table?.rows.find(({ symbols }) => symbols === null);
  if (row === undefined) {
    return fail('venue/funding-terms-missing', `no funding terms of ${symbol} on ${day}`, { symbol, day });
  }
  const { intervalHours, interestRate, cap } = row;
  const capRate = cap.kind === 'fixed' ? cap.rate : fundingCapRate(firstBracketMaintenanceRate);
  return ok({ intervalHours, interestRate, capRate });
}
