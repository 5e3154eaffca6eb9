// Random portfolios that keep every rule, for property tests.
import * as fc from 'fast-check';
import type { Account, Portfolio, Position } from '../accounting/portfolio.ts';

/** Positive decimal text of very different sizes, now and then with trailing zeros. */
export const positiveDecimal: fc.Arbitrary<string> = fc
  .record({ units: fc.integer({ min: 1, max: 2 ** 40 }), scale: fc.integer({ min: 0, max: 12 }) })
  .map(({ units, scale }) => {
    const digits = String(units).padStart(scale + 1, '0');
    return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  });

/** Account names, some of them hostile to spreadsheets, CSV or object keys. */
export const accountName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'Main',
    '=1+1',
    '+cmd',
    '-5',
    '@x',
    "'quoted",
    "'=x",
    'a,b',
    'say "hi"',
    '__proto__',
    ' padded ',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((s) => !/\p{Cc}/u.test(s) && s.length <= 64),
);

interface PositionShape {
  readonly symbol: string;
  readonly hedged: boolean;
  readonly long: boolean;
  readonly isolated: boolean;
  readonly values: readonly { readonly size: string; readonly entry: string; readonly wallet: string }[];
  readonly leverage: number;
  readonly mark: string | null;
}

function positionsOf(account: string, hedge: boolean, shape: PositionShape): readonly Position[] {
  const both = hedge && shape.hedged;
  const sides = both ? (['long', 'short'] as const) : ([shape.long ? 'long' : 'short'] as const);
  return sides.map((side, i) => ({
    id: `${account}/${shape.symbol}/${side}`,
    venue: shape.symbol === 'ESZ6' ? 'cme-globex' : 'binance-usdm',
    symbol: shape.symbol,
    side,
    size: shape.values[i]?.size ?? '1',
    entryPrice: shape.values[i]?.entry ?? '1',
    marginMode: shape.isolated ? 'isolated' : 'cross',
    leverage: shape.leverage,
    isolatedWallet: shape.isolated ? (shape.values[i]?.wallet ?? '0') : null,
    givenMarkPrice: shape.mark,
  }));
}

/** Accounts with distinct names and ids, in one-way and hedge mode, with and without positions. */
export function portfolios(symbols: readonly string[]): fc.Arbitrary<Portfolio> {
  const shape: fc.Arbitrary<PositionShape> = fc.record({
    symbol: fc.constantFrom(...symbols),
    hedged: fc.boolean(),
    long: fc.boolean(),
    isolated: fc.boolean(),
    values: fc.array(fc.record({ size: positiveDecimal, entry: positiveDecimal, wallet: positiveDecimal }), {
      minLength: 2,
      maxLength: 2,
    }),
    leverage: fc.oneof(fc.integer({ min: 1, max: 150 }), fc.constantFrom(2.5, 1.0000000000000002)),
    mark: fc.option(positiveDecimal, { nil: null }),
  });
  const account = fc.record({
    name: accountName,
    hedge: fc.boolean(),
    negative: fc.boolean(),
    balance: positiveDecimal,
    shapes: fc.uniqueArray(shape, { selector: (s) => s.symbol, maxLength: 5 }),
  });
  return fc.uniqueArray(account, { selector: (a) => a.name, maxLength: 4 }).map((accounts) => ({
    accounts: accounts.map(
      (a): Account => ({
        id: a.name,
        name: a.name,
        demo: false,
        currency: a.shapes.length > 0 && a.shapes.every(({ symbol }) => symbol === 'ESZ6') ? 'USD' : 'USDT',
        positionMode: a.hedge ? 'hedge' : 'one-way',
        crossWalletBalance: a.negative ? `-${a.balance}` : a.balance,
        positions: a.shapes.flatMap((s) => positionsOf(a.name, a.hedge, s)),
      }),
    ),
  }));
}
