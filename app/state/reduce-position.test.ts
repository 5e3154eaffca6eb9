/** Tests of booking reductions: exact money, nothing lost between wallet and position, and never more closed than there is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account, Position } from '../../engine/accounting/portfolio.ts';
import { decimalValue, multiplyDecimals, sumDecimals } from '../../engine/core/money.ts';
import { addMargin, feeOf, reducePosition } from './reduce-position.ts';

const position: Position = {
  id: 'p',
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  side: 'short',
  size: '1.5',
  entryPrice: '60000.1',
  marginMode: 'cross',
  leverage: 20,
  isolatedWallet: null,
  givenMarkPrice: null,
};

function account(positions: readonly Position[]): Account {
  return {
    id: 'a',
    name: 'A',
    demo: false,
    currency: 'USDT',
    positionMode: 'one-way',
    crossWalletBalance: '1000.05',
    positions,
  };
}

describe('booking a reduction', () => {
  it('realises the part that was closed and takes the fee, to the last digit', () => {
    const before = { accounts: [account([position])] };
    const reduction = { positionId: 'p', size: '0.5', price: '59000.3', feeRate: '0.0005' };
    const [after] = reducePosition(before, reduction).accounts;
    expect(feeOf(reduction)).toBe('14.750075');
    // 0.5 × (60000.1 − 59000.3) = 499.9 was gained.
    expect(after?.crossWalletBalance).toBe('1485.199925');
    expect(after?.positions).toMatchObject([{ id: 'p', size: '1', entryPrice: '60000.1' }]);
  });

  it('changes equity by the fee alone, whatever is closed at whatever price', () => {
    const cents = fc
      .integer({ min: 1, max: 10_000_000 })
      .map((n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`);
    const thousandths = fc.integer({ min: 1, max: 1500 }).map((n) => (n / 1000).toFixed(3));
    const side = fc.constantFrom('long' as const, 'short' as const);
    fc.assert(
      fc.property(cents, thousandths, side, (price, size, held) => {
        const own = { ...position, side: held };
        const equity = (portfolio: { readonly accounts: readonly Account[] }): string => {
          const [one] = portfolio.accounts;
          const left = one?.positions[0]?.size ?? '0';
          const move = sumDecimals([price, multiplyDecimals(own.entryPrice, '-1')]);
          const pnl = multiplyDecimals(multiplyDecimals(left, move), held === 'long' ? '1' : '-1');
          return sumDecimals([one?.crossWalletBalance ?? '0', pnl]);
        };
        const before = { accounts: [account([own])] };
        const reduction = { positionId: 'p', size, price, feeRate: '0.0005' };
        const after = reducePosition(before, reduction);
        expect(decimalValue(sumDecimals([equity(after), feeOf(reduction)]))).toBe(
          decimalValue(equity(before)),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('closes a whole position, and never more than there is', () => {
    const before = { accounts: [account([position])] };
    const all = { positionId: 'p', size: '1.5', price: '60000.1', feeRate: '0' };
    expect(reducePosition(before, all).accounts[0]?.positions).toEqual([]);
    expect(reducePosition(before, { ...all, size: '1.501' }).accounts[0]).toBe(before.accounts[0]);
  });

  it('adds margin to an isolated wallet and to nothing else', () => {
    const isolated = { ...position, marginMode: 'isolated' as const, isolatedWallet: '10.1' };
    const [after] = addMargin({ accounts: [account([isolated])] }, 'p', '0.02').accounts;
    expect(after?.positions[0]?.isolatedWallet).toBe('10.12');
    const cross = { accounts: [account([position])] };
    expect(addMargin(cross, 'p', '5').accounts[0]).toBe(cross.accounts[0]);
  });
});
