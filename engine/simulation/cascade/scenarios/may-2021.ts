/** 19 May 2021 on a large venue: a calibrated synthetic run, not a recording. */
import type { CascadeScenario } from '../cascade-scenario.ts';
import { btcBook, crowd, MARCH_2021_BRACKETS, STANDARD_RULES } from './scenario-parts.ts';

/** A fall of 30 % in stages. */
export const MAY_2021: CascadeScenario = {
  version: 1,
  id: 'may-2021',
  title: '19 May 2021: minus thirty per cent',
  kind: 'calibrated',
  about:
    'Synthetic, calibrated: BTC from 43,000 with the brackets of 2021-03-01, an index that falls in three ' +
    'stages by about 30 %, and a book at half the depth of 2024. The day is pressed into fifteen minutes. Start and ' +
    'stages are round figures.',
  seed: 20210519,
  startMicros: 1_621_425_600_000_000,
  durationSeconds: 900,
  stepMillis: 200,
  markets: [
    {
      symbol: 'BTCUSDT',
      tickSize: '0.1',
      lotSize: '0.001',
      price: '43000.0',
      brackets: MARCH_2021_BRACKETS,
      clearanceFeeRate: 0.012,
      fundingRate: 0.0001,
      population: crowd(5000, 1_500_000_000),
      book: { ...btcBook(0.5), spacingTicks: 80, levels: 2400 },
      makers: {
        refillPerSecond: 0.3,
        permanentShare: 0.5,
        withdrawal: { moveBps: 400, floorShare: 0.1, windowSeconds: 30 },
      },
      indexFollowPerSecond: 0.05,
    },
  ],
  linkedAccounts: false,
  accounts: [],
  fund: { cash: 50_000_000, notionalLimit: 1 },
  rules: STANDARD_RULES,
  shocks: [
    { kind: 'index-move', atSeconds: 5, market: 0, bps: -800, overSeconds: 120 },
    { kind: 'market-order', atSeconds: 5, market: 0, side: 'sell', notional: 40_000_000, overSeconds: 300 },
    { kind: 'index-move', atSeconds: 200, market: 0, bps: -850, overSeconds: 120 },
    { kind: 'maker-withdrawal', atSeconds: 200, market: 0, share: 0.7, forSeconds: 240 },
    { kind: 'index-move', atSeconds: 360, market: 0, bps: -900, overSeconds: 60 },
    { kind: 'index-move', atSeconds: 480, market: 0, bps: 1200, overSeconds: 180 },
  ],
  interventions: [],
  published: [
    {
      what: 'BTC on the day',
      measure: 'price-fall',
      value: 0.3,
      unit: 'fraction',
      source: 'Public reports of 19 May 2021 (reported)',
    },
    {
      what: 'Liquidations over all venues in 48 hours, more than',
      measure: null,
      value: 10_000_000_000,
      unit: 'USD',
      source: 'Public reports of 19 May 2021 (reported)',
    },
  ],
};
