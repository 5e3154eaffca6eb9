// Builders for small portfolios and marks in example tests.
import type { Account, Portfolio, Position } from '../accounting/portfolio.ts';
import { micros } from '../core/units.ts';
import type { MarkInput } from '../margin/margin-report.ts';

/** The instant of all built marks and reports. */
export const AT = micros(1_723_075_200_000_000);

/** A cross BTCUSDT long of 1 at 60,000 unless told otherwise; the id is symbol/side. */
export function position(change: Partial<Position>): Position {
  const symbol = change.symbol ?? 'BTCUSDT';
  const side = change.side ?? 'long';
  return {
    id: `${symbol}/${side}`,
    venue: 'binance-usdm',
    symbol,
    side,
    size: '1',
    entryPrice: '60000',
    marginMode: change.isolatedWallet === undefined || change.isolatedWallet === null ? 'cross' : 'isolated',
    leverage: 10,
    isolatedWallet: null,
    givenMarkPrice: null,
    ...change,
  };
}

/** One account. */
export function accountOf(
  crossWalletBalance: string,
  positions: readonly Position[],
  change: Partial<Account> = {},
): Account {
  const base = { id: 'a', name: 'A', demo: false, currency: 'USDT', positionMode: 'one-way' } as const;
  return { ...base, crossWalletBalance, positions, ...change };
}

/** A portfolio of one account. */
export function portfolioOf(...account: Parameters<typeof accountOf>): Portfolio {
  return { accounts: [accountOf(...account)] };
}

/** A live mark. */
export function markOf(symbol: string, price: number, change: Partial<MarkInput> = {}): MarkInput {
  return {
    instrument: `binance-usdm:${symbol}`,
    price,
    origin: 'mark',
    trust: 'LIVE',
    atMicros: AT,
    dailyVolatility: null,
    ...change,
  };
}
