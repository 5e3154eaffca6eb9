// A market whose cascade has a closed form: equal lots on every tick of the book, equal lots liquidated on every stretch of price.
import type { CascadeScenario } from '../simulation/cascade/cascade-scenario.ts';

const START = 100_000;
const RATE = 0.004;
/** Ticks between two liquidation prices. */
const GAP = 4;
const BOOK_LOTS = 100;
const SHOCK_TICKS = 400;
const ACCOUNTS = 1010;

/** What a shock alone moves the price by, in ticks. */
export const LINEAR_SHOCK_TICKS = SHOCK_TICKS;

/**
 * A scenario with forced flow ÷ liquidity = `ratio`: mark is the last price, makers neither leave nor come back, no
 * fees, no fund, one bracket.
 */
export function linearCascade(ratio: number): CascadeScenario {
  const sizeLots = Math.round(ratio * BOOK_LOTS * GAP);
  // Value of a tick on a lot is 0.0001.
  const accounts = Array.from({ length: ACCOUNTS }, (_, i) => {
    const liquidationTicks = START - GAP * i - GAP / 2;
    const margin = sizeLots * 0.0001 * (START - liquidationTicks * (1 - RATE));
    const position = { market: 0, side: 'long' as const, sizeLots, entryTicks: START, margin };
    return {
      name: `${i}`,
      wallet: 0,
      collateral: 0,
      isolated: true,
      hedge: false,
      positions: sizeLots === 0 ? [] : [position],
      orders: [],
    };
  });
  const perLot = START * 0.0001;
  return {
    version: 1,
    id: `linear-${ratio}`,
    title: 'Linear book, uniform liquidations',
    kind: 'teaching',
    about: '',
    seed: 0,
    startMicros: 0,
    durationSeconds: 130,
    stepMillis: 100,
    markets: [
      {
        symbol: 'LINEAR',
        tickSize: '0.1',
        lotSize: '0.001',
        price: '10000.0',
        brackets: [{ cap: null, maintenanceMarginRate: RATE, maxLeverage: null }],
        clearanceFeeRate: 0,
        fundingRate: 0,
        population: null,
        book: {
          depth: [{ distanceBps: 5000, notional: 50_000 * BOOK_LOTS * perLot }],
          spacingTicks: 1,
          levels: 5000,
          halfSpreadTicks: 0,
        },
        makers: { refillPerSecond: 0, permanentShare: 0, withdrawal: null },
        indexFollowPerSecond: 0,
      },
    ],
    linkedAccounts: false,
    accounts,
    fund: { cash: 0, notionalLimit: 0 },
    rules: {
      mark: 'last',
      adlRule: 'binance',
      adlPrice: 'bankruptcy',
      marginMode: 'as-given',
      partialLiquidation: true,
      liquidationsPerSecond: null,
      breaker: null,
    },
    shocks: [
      {
        kind: 'market-order',
        atSeconds: 1,
        market: 0,
        side: 'sell',
        notional: SHOCK_TICKS * BOOK_LOTS * perLot,
        overSeconds: 100,
      },
    ],
    interventions: [],
    published: [],
  };
}
