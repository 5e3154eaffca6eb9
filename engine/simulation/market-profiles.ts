/** The chosen numbers of the four contracts: BTCUSDT fitted to a recording, the others scaled by plausibility. */
import type { LiquidityBand } from './agents/passive-liquidity.ts';
import { SizeTable } from './draws.ts';
import type { MarketProfile } from './market-profile.ts';

/** Quantiles of resting order sizes in thousandths of the mean order near the touch, after the recorded level sizes. */
const RESTING_SIZES = new SizeTable([
  [0, 1],
  [0.05, 2],
  [0.25, 9],
  [0.5, 50],
  [0.75, 300],
  [0.9, 950],
  [0.99, 5_000],
  [1, 12_000],
]);

/** Distances of the bands in basis points of the price; the last entry are the walls at round prices. */
const BANDS_BPS: readonly (readonly [from: number, to: number])[] = [
  [0, 0],
  [0, 2],
  [2, 5],
  [5, 10],
  [10, 25],
  [25, 50],
  [50, 100],
  [30, 120],
];

interface BandScale {
  readonly ticksPerBps: number;
  /** Orders per side, moves per second per side, and factor on the resting sizes, for each of the bands. */
  readonly orders: readonly number[];
  readonly moves: readonly number[];
  readonly sizes: readonly number[];
  readonly roundTicks: number;
}

function bands(scale: BandScale): readonly LiquidityBand[] {
  const last = BANDS_BPS.length - 1;
  return BANDS_BPS.map(([from, to], i) => {
    const fromTicks = i === 0 ? 0 : Math.max(1, Math.round(from * scale.ticksPerBps));
    return {
      fromTicks,
      toTicks: Math.max(fromTicks + 1, Math.round(to * scale.ticksPerBps)),
      ordersPerSide: scale.orders[i] as number,
      movesPerSecond: scale.moves[i] as number,
      sizeFactor: scale.sizes[i] as number,
      roundShare: i === last ? 1 : i >= 4 ? 0.15 : 0.05,
      roundTicks: i === last ? scale.roundTicks : scale.roundTicks / 10,
    };
  });
}

const BTC: MarketProfile = {
  symbol: 'BTCUSDT',
  latent: { start: 62_000, secondVolatility: 0.0001, regime: 0, loadings: [1] },
  impact: {
    lastingTicksPerLot: 0.0008,
    passingTicksPerLot: 0.0015,
    fadeSeconds: 20,
    basisDeviation: 0.0003,
  },
  maker: {
    rungTicks: [0, 3, 12, 40, 90, 160],
    rungLots: [900, 300, 400, 500, 600, 800],
    patienceTicks: 55,
  },
  bands: bands({
    ticksPerBps: 62,
    orders: [24, 53, 200, 370, 900, 500, 400, 20],
    moves: [20, 40, 75, 65, 50, 15, 8, 0.1],
    sizes: [0.22, 0.6, 0.9, 0.65, 0.92, 2.6, 5, 80],
    roundTicks: 1000,
  }),
  restingSizes: RESTING_SIZES,
  pullShare: 0.8,
  excitementByMove: 0.35,
  excitementByTrade: 0.01,
  crowd: {
    ordersPerSecond: 14,
    sizes: new SizeTable([
      [0, 1],
      [0.1, 2],
      [0.2, 5],
      [0.3, 9],
      [0.4, 16],
      [0.5, 30],
      [0.6, 50],
      [0.7, 97],
      [0.8, 206],
      [0.9, 655],
      [0.95, 1_514],
      [0.98, 3_600],
      [0.995, 8_000],
      [1, 16_000],
    ]),
    sameSide: 0.6,
    contagion: 0.1625,
    contagionKept: 0.8,
  },
  momentum: { trigger: 0.0006, orderLots: 800, mostLots: 15_000 },
  block: {
    everySeconds: 140,
    sizes: new SizeTable([
      [0, 10_000],
      [0.5, 40_000],
      [0.9, 120_000],
      [1, 250_000],
    ]),
    pieces: 12,
    pieceSeconds: 0.25,
  },
  funding: { intervalHours: 8, interestRate: 0.0001, capRate: 0.003, impactNotional: 30_000 },
};

/** One profile for each listed contract. */
export const MARKET_PROFILES: readonly MarketProfile[] = [
  BTC,
  {
    ...BTC,
    symbol: 'ETHUSDT',
    latent: { start: 62_000, secondVolatility: 0.00012, regime: 0, loadings: [0.8, 0.6] },
  },
  {
    ...BTC,
    symbol: 'ESZ6',
    funding: null,
    latent: { start: 62_000, secondVolatility: 0.00003, regime: 1, loadings: [0.28, 0, 0.96] },
  },
  {
    ...BTC,
    symbol: 'NQZ6',
    funding: null,
    latent: { start: 62_000, secondVolatility: 0.00004, regime: 1, loadings: [0, 0, 0.96, 0.28] },
  },
];
