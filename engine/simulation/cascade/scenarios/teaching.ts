/** Scenarios that show one thing each, small enough to be followed account by account. */
import type { CascadeScenario, ScenarioAccount, ScenarioMarket } from '../cascade-scenario.ts';
import { BTC_BRACKETS_2026, btcBook, crowd, STANDARD_RULES } from './scenario-parts.ts';

/** More leverage than the default crowd has, so that little is needed. */
const HIGH_LEVERAGE = [
  { leverage: 5, weight: 10 },
  { leverage: 10, weight: 20 },
  { leverage: 20, weight: 30 },
  { leverage: 50, weight: 25 },
  { leverage: 100, weight: 15 },
];

const MARKET: ScenarioMarket = {
  symbol: 'BTCUSDT',
  tickSize: '0.1',
  lotSize: '0.001',
  price: '65000.0',
  brackets: BTC_BRACKETS_2026,
  clearanceFeeRate: 0.0125,
  fundingRate: 0.0001,
  population: { ...crowd(1000, 300_000_000), leverageMix: HIGH_LEVERAGE, sizeConcentrationEighths: 5 },
  book: { ...btcBook(0.1), spacingTicks: 100, levels: 1500 },
  makers: { refillPerSecond: 0.1, permanentShare: 0.7, withdrawal: null },
  indexFollowPerSecond: 0.1,
};

/** The reader's own account: a long of 0.5 BTC at 25x. */
const YOU: ScenarioAccount = {
  name: 'You',
  wallet: 0,
  collateral: 0,
  isolated: true,
  hedge: false,
  positions: [{ market: 0, side: 'long', sizeLots: 500, entryTicks: 650_000, margin: 1300 }],
  orders: [],
};

/** One large sell order into a thin book: liquidations that bring about liquidations. */
export const DOMINO: CascadeScenario = {
  version: 1,
  id: 'domino',
  title: 'Dominoes: one sell order and what follows',
  kind: 'teaching',
  about:
    'A sell order of $12M walks a thin book. Each liquidation is a sell order too. Watch R: where it passes 1, the fall ' +
    'feeds itself. Account 0 is you, long 0.5 BTC at 25x.',
  seed: 7,
  startMicros: 0,
  durationSeconds: 180,
  stepMillis: 200,
  markets: [MARKET],
  linkedAccounts: false,
  accounts: [YOU],
  fund: { cash: 1_000_000, notionalLimit: 1 },
  rules: { ...STANDARD_RULES, liquidationsPerSecond: 20 },
  shocks: [
    { kind: 'market-order', atSeconds: 3, market: 0, side: 'sell', notional: 12_000_000, overSeconds: 20 },
    { kind: 'index-move', atSeconds: 3, market: 0, bps: -250, overSeconds: 60 },
  ],
  interventions: [],
  published: [],
};

/** The same shock with the last price as mark: why venues mark by an index. */
export const MARK_IS_LAST: CascadeScenario = {
  ...DOMINO,
  id: 'mark-is-last',
  title: 'Why marks exist: the same sell order, marked by the last price',
  about:
    'As in "Dominoes", but the mark is the last price and the index does not move at all: a thin book alone liquidates ' +
    'the crowd. Set the mark back to the median and a tenth as many fall.',
  markets: [{ ...MARKET, indexFollowPerSecond: 0 }],
  rules: { ...DOMINO.rules, mark: 'last' },
  shocks: [
    { kind: 'market-order', atSeconds: 3, market: 0, side: 'sell', notional: 12_000_000, overSeconds: 20 },
  ],
};

/** A gap beyond the bankruptcy prices of many, and a fund that cannot bear it. */
export const FUND_RUNS_DRY: CascadeScenario = {
  ...DOMINO,
  id: 'fund-runs-dry',
  title: 'Who pays when the fund is empty',
  about:
    'The index gaps by 8 % while makers are away: whole positions lie beyond their bankruptcy price, the fund is used ' +
    'up, and the rest is deleveraged against shorts in profit. Change the ADL rule and see who pays.',
  fund: { cash: 150_000, notionalLimit: 1 },
  shocks: [
    { kind: 'maker-withdrawal', atSeconds: 3, market: 0, share: 0.9, forSeconds: 60 },
    { kind: 'index-move', atSeconds: 3, market: 0, bps: -800, overSeconds: 2 },
    { kind: 'market-order', atSeconds: 4, market: 0, side: 'sell', notional: 3_000_000, overSeconds: 5 },
  ],
};

/** Two markets, one wallet: a fall in one liquidates in the other. */
export const CONTAGION: CascadeScenario = {
  ...DOMINO,
  id: 'contagion',
  title: 'Contagion: two markets behind one wallet',
  about:
    'Every account holds both contracts with cross margin. Only the first market is shocked; positions in the second are ' +
    'closed as well, because the money behind them is gone. With isolated margin the second market stays calm.',
  markets: [
    { ...MARKET, population: crowd(500, 200_000_000) },
    {
      ...MARKET,
      symbol: 'ETHUSDT',
      tickSize: '0.01',
      lotSize: '0.01',
      price: '3500.00',
      population: crowd(500, 100_000_000),
      book: { ...btcBook(0.1), spacingTicks: 50, levels: 1500 },
      indexFollowPerSecond: 0,
    },
  ],
  linkedAccounts: true,
  accounts: [],
  rules: { ...DOMINO.rules, marginMode: 'cross' },
  shocks: [
    { kind: 'index-move', atSeconds: 3, market: 0, bps: -900, overSeconds: 30 },
    { kind: 'market-order', atSeconds: 3, market: 0, side: 'sell', notional: 5_000_000, overSeconds: 20 },
  ],
};

/** Collateral valued on the venue's own thin book: a haircut is a cascade channel of its own. */
export const COLLATERAL: CascadeScenario = {
  ...DOMINO,
  id: 'collateral',
  title: 'Collateral that loses its value',
  about:
    'Ten accounts are long with a staked asset as margin. The price of the asset on this venue falls by 60 %; the ' +
    'contract has not moved. Account 0 holds cash instead and lives.',
  accounts: Array.from({ length: 10 }, (_, i) => ({
    name: i === 0 ? 'You' : `Staker ${i}`,
    wallet: i === 0 ? 5000 : 500,
    collateral: i === 0 ? 0 : 4500,
    isolated: false,
    hedge: false,
    positions: [
      {
        market: 0,
        side: 'long' as const,
        sizeLots: 2000 + 1000 * i,
        entryTicks: 650_000 + 300 * i,
        margin: 0,
      },
    ],
    orders: [],
  })),
  shocks: [{ kind: 'collateral-haircut', atSeconds: 5, haircut: 0.6 }],
};
