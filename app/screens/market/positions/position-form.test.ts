/** Tests of the position and account forms. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../../engine/accounting/portfolio.ts';
import { LISTINGS } from '../../../../engine/reference/instruments/listings.ts';
import { checkAccount, checkPosition, type PositionFields } from './position-form.ts';

const account: Account = {
  id: 'a',
  name: 'Main',
  demo: false,
  currency: 'USDT',
  positionMode: 'one-way',
  crossWalletBalance: '1000',
  positions: [
    {
      id: 'p',
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      side: 'long',
      size: '0.5',
      entryPrice: '60000.10',
      marginMode: 'cross',
      leverage: 10,
      isolatedWallet: null,
      givenMarkPrice: null,
    },
  ],
};
const good: PositionFields = {
  accountId: 'a',
  symbol: 'ethusdt',
  side: 'short',
  size: ' 1.250 ',
  entryPrice: '2644.1200',
  marginMode: 'isolated',
  leverage: '20',
  isolatedWallet: '170.50',
  givenMarkPrice: '',
};
const context = { portfolio: { accounts: [account] }, positionId: null, instruments: LISTINGS };
const errorsOf = (change: Partial<PositionFields>, over: Partial<Account> = {}) => {
  const checked = checkPosition(
    { ...good, ...change },
    { ...context, portfolio: { accounts: [{ ...account, ...over }] } },
  );
  return checked.ok ? {} : checked.errors;
};

describe('position form', () => {
  it('keeps amounts exactly as typed', () => {
    const checked = checkPosition(good, context);
    expect(checked).toMatchObject({
      ok: true,
      value: { symbol: 'ETHUSDT', size: '1.250', entryPrice: '2644.1200', isolatedWallet: '170.50' },
    });
  });

  it('says what was expected and what was found', () => {
    expect(errorsOf({ size: '1,5' }).size).toMatch(/expected .*decimal.*found "1,5"/);
    expect(errorsOf({ size: '1e3' }).size).toMatch(/found "1e3"/);
    expect(errorsOf({ size: '-1' }).size).toMatch(/found "-1"/);
    expect(errorsOf({ size: '0.000' }).size).toMatch(/above zero/);
    expect(errorsOf({ size: '0.0005' }).size).toMatch(/multiple of 0.001/);
    expect(errorsOf({ symbol: '' }).symbol).toMatch(/found nothing/);
    expect(errorsOf({ leverage: '151' }).leverage).toMatch(/1 to 150/);
    expect(errorsOf({ accountId: 'gone' }).accountId).toMatch(/expected an account/);
    expect(Object.keys(errorsOf({ size: '', entryPrice: '' }))).toEqual(['size', 'entryPrice']);
  });

  it('takes no symbol that settles in another currency: it would take the whole portfolio out of force', () => {
    expect(errorsOf({ symbol: 'BTCUSDC' }).symbol).toMatch(/settles in USDT.*found "BTCUSDC"/);
    expect(errorsOf({ symbol: 'BTCUSDT_260626' })).toEqual({});
    expect(errorsOf({ symbol: '币安人生USDT' })).toEqual({});
  });

  it('leaves an edited position on its venue when the open source does not list its contract', () => {
    const future = { ...account.positions[0]!, id: 'f', venue: 'cme-globex', symbol: 'ESZ6' } as const;
    const portfolio = { accounts: [{ ...account, currency: 'USD', positions: [future] }] } as const;
    const typed = { ...good, symbol: 'ESZ6', size: '2', marginMode: 'cross' } as const;
    const checked = checkPosition(typed, { portfolio, positionId: 'f', instruments: [] });
    expect(checked).toMatchObject({ ok: true, value: { venue: 'cme-globex' } });
  });

  it('takes futures in accounts in USD alone, whole and without a wallet of their own', () => {
    const futures = { currency: 'USD', positions: [] } as const;
    expect(errorsOf({ symbol: 'ESZ6', size: '2' }).symbol).toBe(
      'ESZ6 settles in USD; Main is an account in USDT',
    );
    expect(errorsOf({}, futures).symbol).toMatch(/ETHUSDT settles in USDT/);
    expect(errorsOf({ symbol: 'GCZ6', size: '2', isolatedWallet: '' }, futures)).toEqual({});
    expect(errorsOf({ symbol: 'GCZ6', size: '1.5' }, futures).size).toMatch(/whole contracts, found 1.5/);
    expect(errorsOf({ symbol: 'SOLUSDT', size: '1' }, futures).symbol).toMatch(/a contract such as ESZ6/);
  });

  it('wants an isolated wallet only for isolated margin', () => {
    expect(errorsOf({ isolatedWallet: '' }).isolatedWallet).toBeDefined();
    expect(errorsOf({ isolatedWallet: '', marginMode: 'cross' })).toEqual({});
  });

  it('does not check the lot of a contract it does not know', () => {
    expect(errorsOf({ symbol: '1000PEPEUSDT', size: '0.00001' })).toEqual({});
  });

  it('holds a symbol once in one-way mode, and once a side in hedge mode', () => {
    expect(errorsOf({ symbol: 'BTCUSDT' }).side).toMatch(/already holds BTCUSDT long/);
    expect(errorsOf({ symbol: 'BTCUSDT' }, { positionMode: 'hedge' })).toEqual({});
    expect(errorsOf({ symbol: 'BTCUSDT', side: 'long' }, { positionMode: 'hedge' }).side).toBeDefined();
    expect(checkPosition({ ...good, symbol: 'BTCUSDT' }, { ...context, positionId: 'p' }).ok).toBe(true);
  });
});

describe('account form', () => {
  const fields = {
    name: 'Main',
    currency: 'USDT',
    crossWalletBalance: '12.30',
    positionMode: 'one-way',
  } as const;

  it('keeps the positions of the account it edits', () => {
    const checked = checkAccount(fields, account);
    expect(checked).toMatchObject({
      ok: true,
      value: { id: 'a', crossWalletBalance: '12.30', positions: account.positions },
    });
  });

  it('takes no name that a file of positions could not hold', () => {
    const checked = checkAccount({ ...fields, name: 'x'.repeat(65) }, null);
    expect(checked.ok ? {} : checked.errors).toEqual({ name: 'expected at most 64 letters, found 65' });
  });

  it('does not take a currency in which its positions do not settle', () => {
    const checked = checkAccount({ ...fields, currency: 'USD' }, account);
    expect(checked.ok ? {} : checked.errors).toEqual({
      currency: 'the account holds BTCUSDT, which settles in USDT',
    });
    expect(checkAccount({ ...fields, currency: 'USD' }, null)).toMatchObject({ value: { currency: 'USD' } });
  });

  it('does not leave hedge mode while a symbol is held twice', () => {
    const [position] = account.positions;
    const hedged: Account = {
      ...account,
      positionMode: 'hedge',
      positions: [position!, { ...position!, id: 'q', side: 'short' }],
    };
    const checked = checkAccount(fields, hedged);
    expect(checked.ok ? {} : checked.errors).toMatchObject({
      positionMode: expect.stringMatching(/BTCUSDT/),
    });
  });
});
