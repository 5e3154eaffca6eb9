/** The trading fee schedules of crypto venues, by the day they were seen in force. Exchange facts, checked by tests. */
import type { FeeRounding, FeeSchedule, FeeTier } from './fee-schedule.ts';

/** No venue but Hyperliquid shows its rounding in our recordings: charged up, rebates down, at the ledger's last digit. */
const LEDGER_ROUNDING: FeeRounding = { places: 8, direction: 'ceiling', confidence: 'unconfirmed' };

/** Rows of name, maker and taker rate. */
function tiers(...rows: readonly (readonly [string, string, string])[]): readonly FeeTier[] {
  return rows.map(([name, makerRate, takerRate]) => ({ name, makerRate, takerRate }));
}

const BINANCE = {
  venue: 'binance-usdm',
  currency: 'USDT',
  tokenDiscount: { token: 'BNB', rate: '0.1' },
  rounding: LEDGER_ROUNDING,
} as const;

const BYBIT = {
  venue: 'bybit-linear',
  currency: 'USDT',
  tokenDiscount: null,
  rounding: LEDGER_ROUNDING,
} as const;

/** A recorded fill of 2026-06-15: 0.001 BTC at 66,653, rate 0.00015, is 0.00999795 and was charged as 0.009997. */
const HYPERLIQUID = {
  venue: 'hyperliquid',
  currency: 'USDC',
  tokenDiscount: null,
  rounding: { places: 6, direction: 'down', confidence: 'measured' },
} as const;

/** All schedules. Several of one venue are told apart by their day. */
export const TRADING_FEE_SCHEDULES: readonly FeeSchedule[] = [
  {
    ...BINANCE,
    asOf: '2020-06-11',
    source: 'Binance Futures fee page of 2020-06-11 (BNB discount); regular rates from public fee tables',
    confidence: 'reported',
    tiers: tiers(['VIP 0', '0.0002', '0.0004']),
  },
  {
    ...BINANCE,
    asOf: '2024-01-01',
    source:
      'Binance USDT-M fee table, binance.com/en/fee/futureFee; the day on which regular takers went from 0.04 % to ' +
      '0.05 % was not found and is put at the start of 2024',
    confidence: 'documented',
    tiers: tiers(
      ['VIP 0', '0.0002', '0.0005'],
      ['VIP 1', '0.00016', '0.0004'],
      ['VIP 2', '0.00014', '0.00035'],
      ['VIP 3', '0.00012', '0.00032'],
      ['VIP 4', '0.0001', '0.0003'],
      ['VIP 5', '0.00008', '0.00027'],
      ['VIP 6', '0.00006', '0.00025'],
      ['VIP 7', '0.00004', '0.00022'],
      ['VIP 8', '0.00002', '0.0002'],
      ['VIP 9', '0', '0.00017'],
    ),
  },
  {
    venue: 'okx-swap',
    currency: 'USDT',
    tokenDiscount: null,
    rounding: LEDGER_ROUNDING,
    asOf: '2024-01-01',
    source: 'regular rates in public fee tables of 2024 to 2026; the VIP rates found contradict each other',
    confidence: 'reported',
    tiers: tiers(['VIP 0', '0.0002', '0.0005']),
  },
  {
    ...BYBIT,
    asOf: '2021-04-17',
    source: 'recorded api.bybit.com/v2/public/symbols of 2021-04-17, the same on all 15 contracts',
    confidence: 'measured',
    tiers: tiers(['VIP 0', '-0.00025', '0.00075']),
  },
  {
    ...BYBIT,
    asOf: '2024-10-16',
    source: 'Bybit help centre, "Trading Fee Structure" and "Perpetual & Futures Contract: Fees Explained"',
    confidence: 'documented',
    tiers: tiers(
      ['VIP 0', '0.0002', '0.00055'],
      ['VIP 1', '0.00018', '0.0004'],
      ['VIP 2', '0.00016', '0.000375'],
      ['VIP 3', '0.00014', '0.00035'],
      ['VIP 4', '0.00012', '0.00032'],
      ['VIP 5', '0.0001', '0.00032'],
      ['Supreme VIP', '0', '0.0003'],
    ),
  },
  {
    venue: 'kraken-futures',
    currency: 'USD',
    tokenDiscount: null,
    rounding: LEDGER_ROUNDING,
    asOf: '2023-09-14',
    source:
      'Kraken support, "Fee schedule" of Kraken Futures (tiers by 30-day volume in USD, maker rebates apart)',
    confidence: 'documented',
    tiers: tiers(
      ['0+', '0.0002', '0.0005'],
      ['100k+', '0.00015', '0.0004'],
      ['1M+', '0.000125', '0.0003'],
      ['5M+', '0.0001', '0.00025'],
      ['10M+', '0.000075', '0.0002'],
      ['20M+', '0.00005', '0.00015'],
      ['50M+', '0.000025', '0.000125'],
      ['100M+', '0', '0.0001'],
    ),
  },
  {
    ...HYPERLIQUID,
    asOf: '2023-06-30',
    source:
      'Hyperliquid docs, "Fees": introduced in June 2023 at a flat 2.5 bps taker and 0.2 bps maker rebate',
    confidence: 'documented',
    tiers: tiers(['0', '-0.00002', '0.00025']),
  },
  {
    ...HYPERLIQUID,
    asOf: '2024-03-11',
    source:
      'Hyperliquid docs, "Fees" (tiers by 14-day volume from March 11); base rates from third-party pages',
    confidence: 'reported',
    tiers: tiers(['0', '0.0001', '0.00035']),
  },
  {
    ...HYPERLIQUID,
    asOf: '2026-06-15',
    source:
      'tiers by 14-day volume from third-party copies of the docs; tier 0 maker also in a recorded fill of that day',
    confidence: 'reported',
    tiers: tiers(
      ['0', '0.00015', '0.00045'],
      ['1', '0.00012', '0.0004'],
      ['2', '0.00008', '0.00035'],
      ['3', '0.00004', '0.0003'],
      ['4', '0', '0.00028'],
      ['5', '0', '0.00026'],
      ['6', '0', '0.00024'],
    ),
  },
];
