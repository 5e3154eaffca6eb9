/** 12 and 13 March 2020 on a large venue: a calibrated synthetic run, not a recording. */
import type { CascadeScenario } from '../cascade-scenario.ts';
import { btcBook, crowd, MARCH_2021_BRACKETS, STANDARD_RULES } from './scenario-parts.ts';

const REPORTS =
  'Public posts and the venue’s own fund history of 12 and 13 March 2020, as collected (reported)';

/** A thin book under a long queue of liquidations, and a fund that falls but holds. */
export const MARCH_2020: CascadeScenario = {
  version: 1,
  id: 'march-2020',
  title: '12 Mar 2020: twenty million of bids under two hundred of liquidations',
  kind: 'calibrated',
  about:
    'Synthetic, calibrated: a book with about $20M of bids in all, a queue of liquidations several times as large, ' +
    'liquidation throttled, marks by the last price of one venue. The venue’s contract was inverse; this one is linear. ' +
    'Brackets are those of 2021-03-01, the oldest known. Prices are round figures of the day.',
  seed: 20200312,
  startMicros: 1_584_054_000_000_000,
  durationSeconds: 600,
  stepMillis: 100,
  markets: [
    {
      symbol: 'BTCUSDT',
      tickSize: '0.1',
      lotSize: '0.001',
      price: '5800.0',
      brackets: MARCH_2021_BRACKETS,
      clearanceFeeRate: 0.012,
      fundingRate: 0.0001,
      population: { ...crowd(4000, 400_000_000), entrySpreadRate: 0.04 },
      book: { ...btcBook(0.05), spacingTicks: 10, levels: 2400 },
      makers: {
        refillPerSecond: 0.05,
        permanentShare: 0.6,
        withdrawal: { moveBps: 500, floorShare: 0.2, windowSeconds: 30 },
      },
      indexFollowPerSecond: 0.1,
    },
  ],
  linkedAccounts: false,
  accounts: [],
  // 36,493 XBT at the price of the start.
  fund: { cash: 211_659_400, notionalLimit: 0.3 },
  rules: { ...STANDARD_RULES, adlRule: 'bybit', liquidationsPerSecond: 20 },
  shocks: [
    { kind: 'market-order', atSeconds: 2, market: 0, side: 'sell', notional: 15_000_000, overSeconds: 60 },
    { kind: 'index-move', atSeconds: 2, market: 0, bps: -1800, overSeconds: 180 },
    { kind: 'index-move', atSeconds: 300, market: 0, bps: 900, overSeconds: 120 },
  ],
  interventions: [],
  published: [
    {
      what: 'Insurance fund, 36,493 to 34,695 XBT',
      measure: 'fund-fall',
      value: 0.0493,
      unit: 'fraction',
      source: REPORTS,
    },
    {
      what: 'Spread at the worst',
      measure: null,
      value: 500,
      unit: 'USD',
      source: REPORTS,
    },
    {
      what: 'Bids in the book against liquidations waiting, 20M to more than 100M',
      measure: null,
      value: 0.2,
      unit: 'fraction',
      source: REPORTS,
    },
  ],
};
