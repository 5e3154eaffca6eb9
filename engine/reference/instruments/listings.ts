/** The contracts the embedded market trades and the feeds know, with dated sources. */
import { increment } from '../../core/units.ts';
import type { ContractSpec, InstrumentId } from './contract-spec.ts';

const BINANCE = {
  venue: 'binance-usdm',
  kind: 'perpetual',
  currency: 'USDT',
  multiplier: '1',
  fundingIntervalHours: 8,
} as const;

const CME = {
  venue: 'cme-globex',
  kind: 'dated-future',
  currency: 'USD',
  lotSize: increment('1'),
  fundingIntervalHours: null,
} as const;

/** All listed contracts, in display order. */
export const LISTINGS: readonly ContractSpec[] = [
  {
    ...BINANCE,
    id: 'binance-usdm:BTCUSDT',
    symbol: 'BTCUSDT',
    tickSize: increment('0.1'),
    lotSize: increment('0.001'),
    source: 'Binance USDT-M market data of 2024-08-08: every price a multiple of 0.10, every size of 0.001',
  },
  {
    ...BINANCE,
    id: 'binance-usdm:ETHUSDT',
    symbol: 'ETHUSDT',
    tickSize: increment('0.01'),
    lotSize: increment('0.001'),
    source: 'Binance USDT-M exchangeInfo, tickSize 0.01, stepSize 0.001 (dated configuration)',
  },
  {
    ...CME,
    id: 'cme-globex:ESZ6',
    symbol: 'ESZ6',
    multiplier: '50',
    tickSize: increment('0.25'),
    source: 'CME Group E-mini S&P 500 contract specification: $50 x index, 0.25 point = $12.50',
  },
  {
    ...CME,
    id: 'cme-globex:NQZ6',
    symbol: 'NQZ6',
    multiplier: '20',
    tickSize: increment('0.25'),
    source: 'CME Group E-mini Nasdaq-100 contract specification: $20 x index, 0.25 point = $5.00',
  },
];

const BY_ID: ReadonlyMap<string, ContractSpec> = new Map(LISTINGS.map((spec) => [spec.id, spec]));

/** The contract with this id, or null where none is listed. */
export function findListing(id: InstrumentId): ContractSpec | null {
  return BY_ID.get(id) ?? null;
}
