/** The parameters of the simulated venues: dated where a source is known, else placeholders that say so. */
import type { PerpVenueConfig } from '../../venue/crypto-perp/perp-orders.ts';
import type { GlobexConfig, InstrumentConfig } from '../../venue/globex/globex-orders.ts';
import { FIFO } from '../../venue/matching/allocation.ts';
import type { BookLimits } from '../../venue/matching/order-checks.ts';

/** Limits of a simulated book; the agents of one contract hold a few thousand orders. */
const LIMITS: BookLimits = { orders: 16_383, pagesPerSide: 512, events: 65_536 };

/** Most accounts of one simulated contract. */
export const MOST_ACCOUNTS = 16;

/**
 * A perpetual's venue.
 *
 * Source of the price protection: Binance USDT-M exchangeInfo, recorded 2021, `triggerProtect` 0.0500 of the major pairs. The
 * number of conditional orders is ours.
 */
export const PERP_PARAMETERS: PerpVenueConfig = {
  limits: LIMITS,
  accounts: MOST_ACCOUNTS,
  tradeGroups: [],
  conditionalOrders: 200,
  triggerProtectPer10k: 500,
};

/**
 * Most lots of one order of a perpetual; null for any other contract, whose limit is not known.
 *
 * Source: Binance USDT-M exchangeInfo of 21 July 2021, LOT_SIZE `maxQty`: 1000 BTC, 10000 ETH.
 */
export function mostLots(symbol: string): number | null {
  return { BTCUSDT: 1_000_000, ETHUSDT: 10_000_000 }[symbol] ?? null;
}

const SECOND = 1_000_000;

/** What the two stock index futures share: FIFO, and trading at their own price. */
const INDEX: Pick<InstrumentConfig, 'isLead' | 'allocation' | 'settlesAt'> = {
  isLead: true,
  allocation: FIFO,
  settlesAt: null,
};

/**
 * The group of stock index futures, each by its lead month.
 *
 * Price bands: ES 10.00 points, instrument definitions of December 2025 and January 2026; NQ 24.00 points, definitions of
 * 2024. Everything else is a placeholder, for the exchange's own table of Velocity Logic, protection points and non-reviewable
 * ranges is not public: protection points are half of a range of 6 points for ES and of 24 for NQ (brokers quote the half),
 * the stop range is the whole, the velocity limit is that range within three seconds, and a pause lasts ten seconds as that of
 * 6 January 2014 in gold was reported to.
 */
export const INDEX_GROUP: Omit<GlobexConfig, 'instruments'> = {
  limits: LIMITS,
  stopOrders: 200,
  stopsTogether: true,
  pauseMicros: 10 * SECOND,
  reserveMicros: 5 * SECOND,
  prolongations: 3,
};

const INSTRUMENTS: readonly InstrumentConfig[] = [
  {
    ...INDEX,
    symbol: 'ESZ6',
    protectionTicks: 12,
    bandTicks: 40,
    velocity: { ticks: 24, windowMicros: 3 * SECOND },
    stopRangeTicks: 24,
  },
  {
    ...INDEX,
    symbol: 'NQZ6',
    protectionTicks: 48,
    bandTicks: 96,
    velocity: { ticks: 96, windowMicros: 3 * SECOND },
    stopRangeTicks: 96,
  },
];

/** Parameters of one future by its symbol, or null where none are known. */
export function futureParameters(symbol: string): InstrumentConfig | null {
  return INSTRUMENTS.find((instrument) => instrument.symbol === symbol) ?? null;
}
