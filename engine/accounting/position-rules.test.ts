// Field rules: the whole portfolio is checked, and the first field that breaks a rule is named.
import { describe, expect, it } from 'vitest';
import type { Account, Position } from './portfolio.ts';
import { checkPortfolio, settlesIn, venueOfSymbol } from './position-rules.ts';

const position: Position = {
  id: 'p',
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  side: 'long',
  size: '0.5',
  entryPrice: '60000',
  marginMode: 'cross',
  leverage: 20,
  isolatedWallet: null,
  givenMarkPrice: null,
};
const account: Account = {
  id: 'a',
  name: 'A',
  demo: false,
  currency: 'USDT',
  positionMode: 'one-way',
  crossWalletBalance: '100',
  positions: [position],
};

function problem(accounts: readonly Account[]): string {
  const checked = checkPortfolio({ accounts });
  return checked.ok ? 'fine' : `${checked.failure.code}: ${checked.failure.message}`;
}
const withPosition = (change: Partial<Position>): string =>
  problem([{ ...account, positions: [{ ...position, ...change }] }]);

describe('checkPortfolio', () => {
  it('accepts what keeps every rule', () => {
    expect(problem([])).toBe('fine');
    expect(problem([account])).toBe('fine');
    expect(problem([{ ...account, crossWalletBalance: '-12.5' }])).toBe('fine');
    expect(withPosition({ marginMode: 'isolated', isolatedWallet: '0' })).toBe('fine');
    expect(withPosition({ symbol: 'BTCUSDT_260626' })).toBe('fine');
  });

  it('names the field that breaks a rule', () => {
    const broken: readonly [Partial<Position>, RegExp][] = [
      [{ size: '0' }, /positive decimal.* as size/],
      [{ size: '-1' }, /size/],
      [{ size: 'NaN' }, /size/],
      [{ entryPrice: '0.000' }, /entryPrice/],
      [{ entryPrice: '1e5' }, /entryPrice/],
      [{ symbol: 'btcusdt' }, /symbol/],
      [{ symbol: 'BTCUSDC' }, /settles in USDT as symbol/],
      [{ symbol: 'ETHBTC' }, /settles in USDT/],
      [{ leverage: 0 }, /leverage/],
      [{ leverage: Number.NaN }, /leverage/],
      [{ leverage: Number.POSITIVE_INFINITY }, /leverage/],
      [{ givenMarkPrice: '0' }, /givenMarkPrice/],
      [{ isolatedWallet: '5' }, /nothing for a cross position as isolatedWallet/],
      [{ marginMode: 'isolated' }, /isolatedWallet/],
      [{ marginMode: 'isolated', isolatedWallet: '-1' }, /isolatedWallet/],
    ];
    for (const [change, pattern] of broken) {
      expect(withPosition(change)).toMatch(/^portfolio\/field-invalid: account a: position p: expected/);
      expect(withPosition(change)).toMatch(pattern);
    }
    expect(problem([{ ...account, crossWalletBalance: '' }])).toMatch(/crossWalletBalance/);
  });

  it('refuses ids used twice and sides that cannot stand together', () => {
    const short: Position = { ...position, id: 'q', side: 'short' };
    const both = [position, short];
    expect(problem([account, account])).toMatch(/account id used once/);
    expect(problem([account, { ...account, id: 'b' }])).toMatch(/position id used once/);
    expect(problem([{ ...account, positions: both }])).toMatch(/one side of a symbol in one-way mode/);
    expect(problem([{ ...account, positionMode: 'hedge', positions: both }])).toBe('fine');
    const third = [...both, { ...position, id: 'r' }];
    expect(problem([{ ...account, positionMode: 'hedge', positions: third }])).toMatch(
      /one position on each side/,
    );
  });

  it('knows the venue of listed futures, and leaves their settlement to that venue', () => {
    expect(venueOfSymbol('ESZ6')).toBe('cme-globex');
    expect(venueOfSymbol('DOGEUSDT')).toBe('binance-usdm');
    expect(settlesIn({ venue: 'cme-globex', symbol: 'ESZ6' }, 'USDT')).toBe(true);
  });
});
