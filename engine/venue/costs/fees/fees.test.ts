// Fees against recorded facts of the exchanges, and against the arithmetic done by hand in integers.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, decimalSign, multiplyDecimals, sumDecimals } from '../../../core/money.ts';
import { BTCUSDT } from '../../../testkit/recorded-session.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../../testkit/shared-data.ts';
import { cmeFee } from './cme-fees.ts';
import type { LiquidityRole } from './fee-schedule.ts';
import { liquidationFee } from './liquidation-fee.ts';
import { type FeeQuestion, feeSchedule, tradeNotional, tradingFee } from './trading-fee.ts';
import { TRADING_FEE_SCHEDULES } from './trading-fee-schedules.ts';

const BINANCE_TAKER: FeeQuestion = {
  venue: 'binance-usdm',
  date: '2026-05-01',
  tier: 'VIP 0',
  role: 'taker',
  paysInToken: false,
  notional: '67445.9',
};

function amountOf(question: FeeQuestion): string {
  const fee = tradingFee(question);
  if (!fee.ok) throw new Error(fee.failure.message);
  return fee.value.amount;
}

function firstBody(path: string, address: string): Record<string, unknown> {
  const line = readSharedText(path)
    .split('\n')
    .find((text) => text.startsWith(address));
  return JSON.parse((line ?? '').slice((line ?? '').indexOf(': {') + 2)) as Record<string, unknown>;
}

describe('trading fee', () => {
  it('is notional times the rate of the tier and role', () => {
    // Break-even of a recorded BTCUSDT long at 67,445.9 is 67,479.62295: entry × 1.0005.
    expect(sumDecimals(['67445.9', amountOf(BINANCE_TAKER)])).toBe('67479.62295');
    expect(amountOf({ ...BINANCE_TAKER, role: 'maker' })).toBe('13.48918000');
    expect(amountOf({ ...BINANCE_TAKER, tier: 'VIP 9', role: 'maker' })).toBe('0.00000000');
  });

  it('takes a tenth off when it is paid in BNB, and only there', () => {
    expect(amountOf({ ...BINANCE_TAKER, paysInToken: true })).toBe('30.35065500');
    const okx: FeeQuestion = { ...BINANCE_TAKER, venue: 'okx-swap' };
    expect(amountOf({ ...okx, paysInToken: true })).toBe(amountOf(okx));
  });

  it('follows the day: a regular taker paid 0.04 % in 2021', () => {
    expect(amountOf({ ...BINANCE_TAKER, date: '2021-05-19' })).toBe('26.97836000');
    expect(feeSchedule('binance-usdm', '2024-08-08')?.asOf).toBe('2024-01-01');
  });

  it('pays a rebate where the rate is negative, and a discount does not shrink it', () => {
    const bybit: FeeQuestion = { ...BINANCE_TAKER, venue: 'bybit-linear', date: '2021-05-19', role: 'maker' };
    expect(amountOf({ ...bybit, notional: '10000' })).toBe('-2.50000000');
    expect(amountOf({ ...bybit, notional: '10000', paysInToken: true })).toBe('-2.50000000');
  });

  it('refuses what it has no table for instead of charging nothing', () => {
    for (const question of [
      { ...BINANCE_TAKER, date: '2019-01-01' },
      { ...BINANCE_TAKER, tier: 'VIP 10' },
      { ...BINANCE_TAKER, date: '2021-01-01', tier: 'VIP 3' },
    ]) {
      const fee = tradingFee(question);
      expect(fee.ok ? null : fee.failure.code).toBe('costs/table-missing');
    }
  });

  it('rounds once, toward the venue, by less than one unit of the last decimal', () => {
    const notionals = fc.bigInt({ min: 0n, max: 10n ** 18n });
    const roles = fc.constantFrom<LiquidityRole>('maker', 'taker');
    void fc.assert(
      fc.property(fc.constantFrom(...TRADING_FEE_SCHEDULES), notionals, roles, (schedule, units, role) => {
        for (const tier of schedule.tiers) {
          const notional = `${units / 10n ** 6n}.${String(units % 10n ** 6n).padStart(6, '0')}`;
          const { venue, asOf: date } = schedule;
          const fee = tradingFee({ venue, date, tier: tier.name, role, paysInToken: false, notional });
          if (!fee.ok) throw new Error(fee.failure.message);
          const exact = multiplyDecimals(notional, role === 'maker' ? tier.makerRate : tier.takerRate);
          const cut = sumDecimals([fee.value.amount, multiplyDecimals(exact, '-1')]);
          const lastDigit = `0.${'0'.repeat(schedule.rounding.places - 1)}1`;
          expect(compareDecimals(cut, lastDigit)).toBe(-1);
          expect(compareDecimals(cut, `-${lastDigit}`)).toBe(1);
          if (schedule.rounding.direction === 'ceiling') expect(decimalSign(cut)).not.toBe(-1);
        }
      }),
    );
  });

  it('orders tiers: nobody pays more at a higher one, and makers never more than takers', () => {
    for (const { tiers } of TRADING_FEE_SCHEDULES) {
      for (const [i, tier] of tiers.entries()) {
        expect(compareDecimals(tier.makerRate, tier.takerRate)).not.toBe(1);
        const above = tiers[i + 1];
        if (above === undefined) continue;
        expect(compareDecimals(above.makerRate, tier.makerRate)).not.toBe(1);
        expect(compareDecimals(above.takerRate, tier.takerRate)).not.toBe(1);
      }
    }
  });

  it('values a trade exactly, as integers do', () => {
    expect(tradeNotional(BTCUSDT, 616_415, 1_486)).toBe('91599.269');
    const anyTicks = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });
    void fc.assert(
      fc.property(anyTicks, fc.integer({ min: 1, max: 1e9 }), (ticks, lots) => {
        const units = multiplyDecimals(tradeNotional(BTCUSDT, ticks, lots), '10000');
        expect(units).toBe(String(BigInt(ticks) * BigInt(lots)));
      }),
    );
  });
});

describe('contract fees at CME', () => {
  it('adds the parts and multiplies by contracts', () => {
    const fee = cmeFee({ product: 'ES', date: '2020-06-01', contracts: 3 });
    expect(fee).toMatchObject({ ok: true, value: { amount: '4.65', perContract: '1.55' } });
    expect(cmeFee({ product: 'MES', date: '2024-06-01', contracts: 10 })).toMatchObject({
      ok: true,
      value: { amount: '3.7', asOf: '2023-01-01' },
    });
  });

  it('has no default product and no table before its first', () => {
    for (const question of [
      { product: 'ZZ', date: '2024-06-01', contracts: 1 },
      { product: 'ES', date: '2019-12-31', contracts: 1 },
    ]) {
      const fee = cmeFee(question);
      expect(fee.ok ? null : fee.failure.code).toBe('costs/table-missing');
    }
  });
});

describe('liquidation fee', () => {
  it('follows symbol and day', () => {
    const fee = (symbol: string, date: string) => liquidationFee({ symbol, date, notional: '10000' });
    expect(fee('BTCUSDT', '2021-07-22')).toMatchObject({ ok: true, value: { amount: '120.00000000' } });
    expect(fee('BTCUSDT', '2024-08-08')).toMatchObject({ ok: true, value: { amount: '125.00000000' } });
    expect(fee('ETHUSDT', '2024-08-08')).toMatchObject({
      ok: true,
      value: { amount: '50.00000000', asOf: '2021-07-21' },
    });
    expect(fee('BTCUSDT', '2021-07-20')).toMatchObject({ ok: false });
    expect(fee('SUIUSDT', '2024-08-08')).toMatchObject({ ok: false });
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`recorded fee facts${SHARED_DATA_NOTE}`, () => {
  it('has the liquidation fee of every symbol of the recorded exchangeInfo', () => {
    const info = firstBody('venues/BINANCE_FUTURES.0', 'https://fapi.binance.com/fapi/v1/exchangeInfo');
    const symbols = info['symbols'] as readonly {
      readonly symbol: string;
      readonly liquidationFee: string;
    }[];
    expect(symbols).toHaveLength(122);
    for (const { symbol, liquidationFee: rate } of symbols) {
      const fee = liquidationFee({ symbol, date: '2021-07-21', notional: '1000000' });
      if (!fee.ok) throw new Error(fee.failure.message);
      expect(compareDecimals(fee.value.amount, multiplyDecimals('1000000', rate)), symbol).toBe(0);
    }
  });

  it('has the rates Bybit listed in April 2021', () => {
    const listed = firstBody('venues/BYBIT.0', 'https://api.bybit.com/v2/public/symbols')[
      'result'
    ] as readonly {
      readonly taker_fee: string;
      readonly maker_fee: string;
    }[];
    const tier = feeSchedule('bybit-linear', '2021-04-17')?.tiers[0];
    expect(listed).toHaveLength(15);
    for (const { taker_fee, maker_fee } of listed) {
      expect([tier?.takerRate, tier?.makerRate]).toEqual([taker_fee, maker_fee]);
    }
  });

  it('charges the recorded Hyperliquid fill to its last digit', () => {
    const samples = JSON.parse(readSharedText('vectors/wire-samples.json')) as unknown;
    const fill = findFill(samples);
    expect(fill.crossed).toBe(false);
    expect(
      amountOf({
        venue: 'hyperliquid',
        date: '2026-06-15',
        tier: '0',
        role: 'maker',
        paysInToken: false,
        notional: multiplyDecimals(fill.px, fill.sz),
      }),
    ).toBe(fill.fee);
  });

  it('reproduces the fee to close inside a recorded Bybit margin', () => {
    // DGBUSDT short, 2,000 at 0.008866, 1x: initial margin 17.7515052 is the value at entry plus the fee at 2 × entry.
    const fee = amountOf({
      ...BINANCE_TAKER,
      venue: 'bybit-linear',
      date: '2024-10-16',
      notional: multiplyDecimals('2000', '0.017732'),
    });
    expect(sumDecimals([multiplyDecimals('2000', '0.008866'), fee])).toBe('17.7515052');
  });
});

interface Fill {
  readonly px: string;
  readonly sz: string;
  readonly fee: string;
  readonly crossed: boolean;
}

/** The one fill with a fee in USDC anywhere inside the samples. */
function findFill(node: unknown): Fill {
  const found: Fill[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('feeToken' in value && value.feeToken === 'USDC') found.push(value as unknown as Fill);
    for (const child of Object.values(value)) visit(child);
  };
  visit(node);
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`expected one fill, found ${found.length}`);
  return found[0];
}
