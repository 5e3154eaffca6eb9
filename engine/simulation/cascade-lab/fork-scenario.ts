/** A scenario from a market as it is now: its book, its mark, its funding; the crowd behind it is assumed. */
import type { CascadeScenario, ScenarioBracket, ScenarioPopulation } from '../cascade/cascade-scenario.ts';
import { STANDARD_RULES } from '../cascade/scenarios/scenario-parts.ts';

/** A market at a moment, as a scenario can start from it. Plain data: nothing of it leads back to the market. */
export interface MarketFork {
  readonly symbol: string;
  /** Where it came from, for people: SIMULATED with seed 2, a recording, LIVE. */
  readonly origin: string;
  readonly atMicros: number;
  /** Decimal texts. */
  readonly tickSize: string;
  readonly lotSize: string;
  readonly multiplier: string;
  readonly priceTicks: number;
  readonly fundingRate: number | null;
  /** Displayed levels, best first: ticks, lots, ticks, lots … */
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** What a fork has to be given, because no market tells it. */
export interface ForkAssumptions {
  readonly seed: number;
  readonly population: ScenarioPopulation;
  readonly brackets: readonly ScenarioBracket[];
}

/** Distances at which the cumulated depth of a book is read, basis points. */
const DISTANCES = [1, 2, 3, 5, 8, 12, 18, 25, 35, 50, 75, 100, 150, 200, 300, 500, 800];
/** Beyond what is displayed depth goes on as it ended: an assumption, to this distance. */
const FAR_BPS = 4_000;

/**
 * The scenario of a fork: within a minute makers leave for the most part, the index falls by 4 %, and a twentieth of the
 * open interest is sold.
 *
 * The makers' shape is the thinner side of the displayed book at each distance; beyond the last level displayed it goes
 * on in a straight line as it ended.
 */
export function forkScenario(fork: MarketFork, assumed: ForkAssumptions): CascadeScenario {
  const { symbol, priceTicks, tickSize, lotSize } = fork;
  const tick = Number(tickSize);
  const price = priceTicks * tick;
  const perLot = Number(lotSize) * Number(fork.multiplier) * price;
  const spacingTicks = Math.max(1, Math.round((priceTicks * 1.5) / 10_000));
  const levels = Math.min(3_000, Math.floor((priceTicks * (FAR_BPS / 10_000)) / spacingTicks));
  const { population } = assumed;
  // Large contracts have fewer lots than a crowd has accounts.
  const accounts = Math.max(
    2,
    Math.min(population.accounts, Math.floor(population.openInterest / perLot / 4)),
  );
  const decimals = tickSize.includes('.') ? tickSize.length - tickSize.indexOf('.') - 1 : 0;
  return {
    version: 1,
    id: 'fork',
    title: `${symbol} forked from ${fork.origin}`.slice(0, 200),
    kind: 'teaching',
    about:
      `Book and price of ${symbol} as they stood when the fork was taken (${fork.origin}). Depth beyond the displayed ` +
      'levels goes on in a straight line; the accounts behind the market are an assumed crowd.',
    seed: assumed.seed,
    startMicros: fork.atMicros,
    durationSeconds: 300,
    stepMillis: 100,
    markets: [
      {
        symbol,
        tickSize,
        // A contract multiplier is part of the size here: a cascade knows price and size alone.
        lotSize: plainDecimal(Number(lotSize) * Number(fork.multiplier)),
        price: price.toFixed(decimals),
        brackets: assumed.brackets,
        clearanceFeeRate: 0.0125,
        fundingRate: fork.fundingRate ?? 0,
        population: { ...population, accounts },
        book: {
          depth: depthPoints(fork, perLot),
          spacingTicks,
          levels,
          halfSpreadTicks: Math.max(
            0,
            Math.floor(((fork.asks[0] ?? priceTicks) - (fork.bids[0] ?? priceTicks)) / 2),
          ),
        },
        makers: {
          refillPerSecond: 0.2,
          permanentShare: 0.5,
          withdrawal: { moveBps: 300, floorShare: 0.05, windowSeconds: 30 },
        },
        indexFollowPerSecond: 0.02,
      },
    ],
    linkedAccounts: false,
    accounts: [],
    fund: { cash: 10_000_000, notionalLimit: 1 },
    rules: STANDARD_RULES,
    shocks: [
      { kind: 'maker-withdrawal', atSeconds: 2, market: 0, share: 0.8, forSeconds: 120 },
      { kind: 'index-move', atSeconds: 2, market: 0, bps: -400, overSeconds: 60 },
      {
        kind: 'market-order',
        atSeconds: 2,
        market: 0,
        side: 'sell',
        notional: Math.round(assumed.population.openInterest / 20),
        overSeconds: 60,
      },
    ],
    interventions: [],
    published: [],
  };
}

/** A small step as decimal text without an exponent or trailing zeros. */
function plainDecimal(value: number): string {
  const text = value.toFixed(8);
  return text.replace(/0+$/, '').replace(/\.$/, '');
}

/** Cumulated notional of the thinner side, rising. */
function depthPoints(
  fork: MarketFork,
  perLot: number,
): readonly { readonly distanceBps: number; readonly notional: number }[] {
  const within = (levels: readonly number[], bps: number): number => {
    let lots = 0;
    for (let i = 0; i + 1 < levels.length; i += 2) {
      const away = Math.abs((levels[i] as number) - fork.priceTicks) / fork.priceTicks;
      if (away * 10_000 <= bps) lots += levels[i + 1] as number;
    }
    return lots * perLot;
  };
  const reach = (levels: readonly number[]): number =>
    (Math.abs((levels.at(-2) ?? fork.priceTicks) - fork.priceTicks) / fork.priceTicks) * 10_000;
  const displayed = Math.min(reach(fork.bids), reach(fork.asks));
  const points: { distanceBps: number; notional: number }[] = [];
  for (const distanceBps of DISTANCES) {
    if (distanceBps > displayed && points.length > 0) break;
    const notional = Math.round(Math.min(within(fork.bids, distanceBps), within(fork.asks, distanceBps)));
    points.push({ distanceBps, notional: Math.max(notional, points.at(-1)?.notional ?? 1) });
  }
  const last = points.at(-1) ?? { distanceBps: 1, notional: 1 };
  const slope = last.notional / last.distanceBps;
  points.push({ distanceBps: FAR_BPS, notional: Math.round(slope * FAR_BPS) });
  return points;
}
