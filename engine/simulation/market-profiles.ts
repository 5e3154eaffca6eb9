/** The chosen numbers of the four contracts: BTCUSDT fitted to a recording, the others scaled by plausibility. */
import type { LiquidityBand } from './agents/passive-liquidity.ts';
import { SizeTable } from './draws.ts';
import type { MarketProfile } from './market-profile.ts';

type Knots = readonly (readonly [share: number, lots: number])[];

const sizes = (knots: Knots, factor = 1): SizeTable =>
  new SizeTable(knots.map(([share, lots]) => [share, lots * factor]));

/** Resting order sizes in thousandths of a bitcoin, after the sizes of recorded levels behind the touch. */
const RESTING_CRYPTO: Knots = [
  [0, 1],
  [0.05, 2],
  [0.25, 9],
  [0.5, 50],
  [0.75, 300],
  [0.9, 950],
  [0.99, 5_000],
  [1, 12_000],
];

/** Taker order sizes in thousandths of a bitcoin, after the recorded trades of one millisecond and side. */
const TAKING_CRYPTO: Knots = [
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
  [0.98, 2_800],
  [1, 7_000],
];

/** Sizes of large orders in thousandths of a bitcoin: chosen so that the busiest recorded seconds come out. */
const BLOCKS_CRYPTO: Knots = [
  [0, 20_000],
  [0.5, 80_000],
  [0.9, 250_000],
  [1, 500_000],
];

/** Resting and taking sizes of index futures in contracts, and their large orders: plausible, not measured. */
const RESTING_INDEX: Knots = [
  [0, 1],
  [0.5, 1],
  [0.7, 2],
  [0.85, 5],
  [0.95, 10],
  [0.99, 30],
  [1, 100],
];
const TAKING_INDEX: Knots = [
  [0, 1],
  [0.5, 1],
  [0.75, 2],
  [0.9, 5],
  [0.97, 15],
  [0.99, 40],
  [1, 100],
];
const BLOCKS_INDEX: Knots = [
  [0, 100],
  [0.5, 300],
  [0.9, 900],
  [1, 1_500],
];

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
const WALLS = BANDS_BPS.length - 1;
/** From this band outwards more orders settle on round prices. */
const FIRST_FAR_BAND = 4;

interface BandScale {
  readonly ticksPerBps: number;
  /** Orders per side, moves per second per side, and factor on the resting sizes, for each of the bands. */
  readonly orders: readonly number[];
  readonly moves: readonly number[];
  readonly factors: readonly number[];
  /** Prices at which walls stand; other orders like a tenth of it. */
  readonly roundTicks: number;
}

function bands(scale: BandScale): readonly LiquidityBand[] {
  return BANDS_BPS.map(([from, to], i) => {
    const fromTicks = i === 0 ? 0 : Math.max(1, Math.round(from * scale.ticksPerBps));
    return {
      fromTicks,
      toTicks: Math.max(fromTicks + 1, Math.round(to * scale.ticksPerBps)),
      ordersPerSide: scale.orders[i] as number,
      movesPerSecond: scale.moves[i] as number,
      sizeFactor: scale.factors[i] as number,
      roundShare: i === WALLS ? 1 : i >= FIRST_FAR_BAND ? 0.15 : 0.05,
      roundTicks: i === WALLS ? scale.roundTicks : scale.roundTicks / 10,
    };
  });
}

const BTC: MarketProfile = {
  symbol: 'BTCUSDT',
  latent: { start: 62_000, secondVolatility: 0.0001, regime: 0, loadings: [1] },
  impact: {
    lastingTicksPerLot: 0.0005,
    passingTicksPerLot: 0.002,
    fadeSeconds: 15,
    basisDeviation: 0.0003,
  },
  maker: {
    rungTicks: [0, 0, 0, 4, 15, 40, 90, 160],
    rungLots: [300, 300, 300, 100, 150, 200, 300, 400],
    patienceTicks: 66,
  },
  bands: bands({
    ticksPerBps: 62,
    orders: [40, 50, 200, 370, 950, 600, 400, 20],
    moves: [70, 40, 75, 65, 50, 18, 8, 0.1],
    factors: [0.2, 0.28, 0.35, 0.4, 1, 2.6, 5, 80],
    roundTicks: 1000,
  }),
  restingSizes: sizes(RESTING_CRYPTO),
  pullShare: 0.8,
  excitementByMove: 0.7,
  excitementPerLot: 0.0001,
  crowd: {
    ordersPerSecond: 14,
    sizes: sizes(TAKING_CRYPTO),
    sameSide: 0.6,
    contagion: 0.1625,
    contagionKept: 0.8,
  },
  momentum: { trigger: 0.0006, orderLots: 800, mostLots: 15_000 },
  block: { everySeconds: 70, sizes: sizes(BLOCKS_CRYPTO), pieces: 12, pieceSeconds: 0.15 },
  funding: { intervalHours: 8, interestRate: 0.0001, capRate: 0.003, impactNotional: 30_000 },
};

/** Ether in lots per lot of bitcoin: 23 times as many for the same money, and a market of about half the size. */
const ETH_LOTS = 12;

const ETH: MarketProfile = {
  ...BTC,
  symbol: 'ETHUSDT',
  latent: { start: 2_650, secondVolatility: 0.00012, regime: 0, loadings: [0.8, 0.6] },
  impact: {
    lastingTicksPerLot: 0.00005,
    passingTicksPerLot: 0.00015,
    fadeSeconds: 15,
    basisDeviation: 0.0003,
  },
  maker: {
    rungTicks: [0, 0, 0, 2, 6, 17, 38, 68],
    rungLots: [5_000, 5_000, 5_000, 1_500, 2_000, 3_000, 4_000, 5_000],
    patienceTicks: 30,
  },
  bands: bands({
    ticksPerBps: 26.5,
    orders: [40, 35, 150, 260, 600, 400, 300, 20],
    moves: [45, 25, 45, 40, 30, 12, 6, 0.1],
    factors: [2.8, 3.9, 5.5, 6.2, 14.5, 36, 69, 1_100],
    roundTicks: 1000,
  }),
  excitementPerLot: BTC.excitementPerLot / ETH_LOTS,
  crowd: { ...BTC.crowd, ordersPerSecond: 11, sizes: sizes(TAKING_CRYPTO, ETH_LOTS) },
  momentum: { trigger: 0.0007, orderLots: 9_000, mostLots: 150_000 },
  block: { everySeconds: 80, sizes: sizes(BLOCKS_CRYPTO, ETH_LOTS / 2), pieces: 12, pieceSeconds: 0.15 },
};

const ES: MarketProfile = {
  symbol: 'ESZ6',
  latent: { start: 7_000, secondVolatility: 0.00003, regime: 1, loadings: [0.28, 0, 0.96] },
  impact: { lastingTicksPerLot: 0.0015, passingTicksPerLot: 0.003, fadeSeconds: 15, basisDeviation: 0.00003 },
  maker: { rungTicks: [0, 0, 1, 2, 4, 8], rungLots: [10, 10, 15, 15, 20, 20], patienceTicks: 0.9 },
  bands: bands({
    ticksPerBps: 2.8,
    orders: [45, 120, 120, 140, 250, 200, 150, 10],
    moves: [25, 25, 10, 5, 4, 2, 1, 0.05],
    factors: [0.5, 1.6, 1.8, 1.8, 2, 2, 2, 10],
    roundTicks: 40,
  }),
  restingSizes: sizes(RESTING_INDEX),
  pullShare: 0.85,
  excitementByMove: 0.5,
  excitementPerLot: 0.01,
  crowd: {
    ordersPerSecond: 4.5,
    sizes: sizes(TAKING_INDEX),
    sameSide: 0.6,
    contagion: 0.1625,
    contagionKept: 0.8,
  },
  momentum: { trigger: 0.00016, orderLots: 15, mostLots: 250 },
  block: { everySeconds: 120, sizes: sizes(BLOCKS_INDEX), pieces: 15, pieceSeconds: 0.3 },
  funding: null,
};

const NQ: MarketProfile = {
  ...ES,
  symbol: 'NQZ6',
  latent: { start: 25_500, secondVolatility: 0.000045, regime: 1, loadings: [0, 0, 0.96, 0.28] },
  impact: { lastingTicksPerLot: 0.02, passingTicksPerLot: 0.05, fadeSeconds: 15, basisDeviation: 0.00003 },
  maker: { rungTicks: [0, 0, 1, 3, 8, 15], rungLots: [2, 2, 2, 3, 3, 4], patienceTicks: 3 },
  bands: bands({
    ticksPerBps: 10.2,
    orders: [6, 60, 100, 120, 250, 200, 150, 10],
    moves: [10, 30, 20, 10, 6, 3, 1, 0.05],
    factors: [0.35, 0.6, 0.7, 0.8, 0.8, 0.8, 0.8, 4],
    roundTicks: 400,
  }),
  excitementPerLot: 0.05,
  crowd: { ...ES.crowd, ordersPerSecond: 5, sizes: sizes(TAKING_INDEX, 0.4) },
  momentum: { trigger: 0.00025, orderLots: 4, mostLots: 60 },
  block: { ...ES.block, sizes: sizes(BLOCKS_INDEX, 0.2) },
};

/** One profile for each listed contract. */
export const MARKET_PROFILES: readonly MarketProfile[] = [BTC, ETH, ES, NQ];
