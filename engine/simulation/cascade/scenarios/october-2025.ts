/** 10 October 2025, BTC on one large venue: a calibrated synthetic run, not a recording. */
import type { CascadeScenario } from '../cascade-scenario.ts';
import { BTC_BRACKETS_2026, btcBook, crowd, STANDARD_RULES } from './scenario-parts.ts';

const HYPERLIQUID =
  'Hyperliquid fills of 2025-10-10 21:15 to 21:27 UTC, public repository of ADL fills (sums recomputed)';
const AMBERDATA = 'Amberdata report on 10 October 2025 (secondary)';

/** Twelve minutes from 21:15 UTC. Depth and fall follow the published figures; the crowd is the assumed default. */
export const OCTOBER_2025: CascadeScenario = {
  version: 1,
  id: 'october-2025',
  title: '10 Oct 2025: depth gone, a minute of liquidations, then ADL',
  kind: 'calibrated',
  about:
    'Synthetic, calibrated: BTC from 122,574 with the index falling to about 104,800, a book 2.4 times as deep as that measured in 2024, 90 % of it gone, the crowd of the ' +
    'default population. One contract stands for the venue. What the crowd really held is not public, so only ' +
    'direction and order of magnitude can be compared.',
  seed: 20251010,
  startMicros: 1_760_130_900_000_000,
  durationSeconds: 720,
  stepMillis: 100,
  markets: [
    {
      symbol: 'BTCUSDT',
      tickSize: '0.1',
      lotSize: '0.001',
      price: '122574.0',
      brackets: BTC_BRACKETS_2026,
      clearanceFeeRate: 0.0125,
      fundingRate: 0.0001,
      population: crowd(8000, 2e9),
      book: { ...btcBook(2.4), spacingTicks: 200, levels: 2500 },
      makers: {
        refillPerSecond: 0.5,
        permanentShare: 0.5,
        withdrawal: { moveBps: 300, floorShare: 0.05, windowSeconds: 30 },
      },
      indexFollowPerSecond: 0.02,
    },
  ],
  linkedAccounts: false,
  accounts: [],
  fund: { cash: 6_000_000, notionalLimit: 1 },
  rules: { ...STANDARD_RULES, adlRule: 'hyperliquid', liquidationsPerSecond: 200 },
  shocks: [
    { kind: 'maker-withdrawal', atSeconds: 2, market: 0, share: 0.9, forSeconds: 300 },
    { kind: 'index-move', atSeconds: 2, market: 0, bps: -1250, overSeconds: 240 },
    { kind: 'index-move', atSeconds: 300, market: 0, bps: 600, overSeconds: 120 },
    { kind: 'market-order', atSeconds: 2, market: 0, side: 'sell', notional: 20_000_000, overSeconds: 120 },
  ],
  interventions: [],
  published: [
    {
      what: 'BTC from high to low, 122,574 to 104,783',
      measure: 'price-fall',
      value: 0.1451,
      unit: 'fraction',
      source: AMBERDATA,
    },
    {
      what: 'Liquidations before the first ADL fill, 21:15:03.127 to 21:16:04.832',
      measure: 'liquidations-before-adl',
      value: 61.7,
      unit: 's',
      source: HYPERLIQUID,
    },
    {
      what: 'ADL fills, $2.103B, against liquidation fills, $5.511B',
      measure: 'adl-share',
      value: 0.3816,
      unit: 'fraction',
      source: HYPERLIQUID,
    },
    {
      what: 'Longs among liquidations',
      measure: 'longs-share',
      value: 0.839,
      unit: 'fraction',
      source: AMBERDATA,
    },
    {
      what: 'ADL fills that were in profit',
      measure: 'adl-in-profit-share',
      value: 0.994,
      unit: 'fraction',
      source: HYPERLIQUID,
    },
    {
      what: 'ADL notional of the ten largest users',
      measure: 'adl-top-10-share',
      value: 0.458,
      unit: 'fraction',
      source: HYPERLIQUID,
    },
    {
      what: 'ADL notional of the hundred largest users',
      measure: 'adl-top-100-share',
      value: 0.776,
      unit: 'fraction',
      source: HYPERLIQUID,
    },
    {
      what: 'BTC open interest over all venues, 67B to 33B',
      measure: 'open-interest-fall',
      value: 0.5075,
      unit: 'fraction',
      source: AMBERDATA,
    },
  ],
};
