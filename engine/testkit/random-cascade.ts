// Random small cascades: every mix of rules, shocks, modes and faults that a scenario allows, from one seed.
import { Rng } from '../core/rng.ts';
import type {
  CascadeScenario,
  ScenarioAccount,
  ScenarioMarket,
  ScenarioShock,
} from '../simulation/cascade/cascade-scenario.ts';
import { BTC_BRACKETS_2026 } from '../simulation/cascade/scenarios/scenario-parts.ts';
import { ADL_RULES } from '../venue/liquidation/adl-rules.ts';

class Dice {
  readonly #rng: Rng;
  constructor(rng: Rng) {
    this.#rng = rng;
  }
  between(from: number, to: number): number {
    return from + this.#rng.fraction() * (to - from);
  }
  whole(from: number, to: number): number {
    return from + this.#rng.below(to - from + 1);
  }
  chance(p: number): boolean {
    return this.#rng.fraction() < p;
  }
  pick<T>(of: readonly T[]): T {
    return of[this.#rng.below(of.length)] as T;
  }
}

const TICKS = 100_000;

function market(dice: Dice, index: number, accounts: number): ScenarioMarket {
  const openInterest = dice.pick([2e5, 2e6, 4e7]);
  return {
    symbol: `M${index}`,
    tickSize: '0.1',
    lotSize: '0.001',
    price: '10000.0',
    brackets: BTC_BRACKETS_2026,
    clearanceFeeRate: dice.pick([0, 0.005, 0.0125]),
    fundingRate: dice.pick([0, 0.0001, -0.003]),
    population: {
      accounts,
      openInterest,
      longAccountShare: dice.between(0.2, 0.8),
      leverageMix: [
        { leverage: 2, weight: 1 },
        { leverage: 10, weight: 2 },
        { leverage: 25, weight: 2 },
        { leverage: 75, weight: 1 },
        { leverage: 125, weight: 1 },
      ],
      entryMoveRate: dice.between(-0.1, 0.1),
      entrySpreadRate: dice.between(0, 0.05),
      sizeConcentrationEighths: dice.whole(0, 12),
      isolatedShare: dice.pick([0, 0.5, 1]),
      crossCushionRate: dice.between(0, 1),
    },
    book: {
      depth: [{ distanceBps: 5000, notional: openInterest * dice.pick([0.02, 0.3, 2]) }],
      spacingTicks: dice.pick([50, 250]),
      levels: dice.whole(20, 60),
      halfSpreadTicks: 1,
    },
    makers: {
      refillPerSecond: dice.pick([0, 0.05, 1]),
      permanentShare: dice.pick([0, 0.7, 1]),
      withdrawal: dice.chance(0.5) ? null : { moveBps: 200, floorShare: 0.1, windowSeconds: 5 },
    },
    indexFollowPerSecond: dice.pick([0, 0.3, 1]),
  };
}

function given(dice: Dice, markets: number, name: string): ScenarioAccount {
  const isolated = dice.chance(0.3);
  const hedge = dice.chance(0.5);
  const positions = Array.from({ length: markets }, (_, i) => ({
    market: i,
    side: dice.pick(['long', 'short'] as const),
    sizeLots: dice.whole(1, 4000),
    entryTicks: TICKS + dice.whole(-300, 300),
    margin: isolated ? dice.between(100, 4000) : 0,
  }));
  if (hedge) positions.push({ ...positions[0]!, side: positions[0]!.side === 'long' ? 'short' : 'long' });
  return {
    name,
    wallet: dice.pick([300, 900, 5000]),
    collateral: isolated ? 0 : dice.pick([0, 400, 2000]),
    isolated,
    hedge,
    positions,
    orders: isolated
      ? []
      : [
          { market: 0, side: 'buy', priceTicks: TICKS - dice.whole(100, 3000), sizeLots: dice.whole(1, 500) },
          {
            market: 0,
            side: 'sell',
            priceTicks: TICKS + dice.whole(100, 3000),
            sizeLots: dice.whole(1, 500),
          },
        ],
  };
}

function shock(dice: Dice, markets: number): ScenarioShock {
  const atSeconds = dice.whole(0, 6);
  const at = dice.whole(0, markets - 1);
  switch (dice.whole(0, 5)) {
    case 0:
      return {
        kind: 'index-move',
        atSeconds,
        market: at,
        bps: dice.between(-2500, 2500),
        overSeconds: dice.pick([0, 3]),
      };
    case 1:
      return {
        kind: 'maker-withdrawal',
        atSeconds,
        market: at,
        share: dice.between(0.2, 1),
        forSeconds: dice.whole(1, 10),
      };
    case 2:
      return { kind: 'collateral-haircut', atSeconds, haircut: dice.between(0, 1) };
    case 3:
      return { kind: 'funding', atSeconds, market: at, rate: dice.between(-0.03, 0.03) };
    default:
      return {
        kind: 'market-order',
        atSeconds,
        market: at,
        side: dice.pick(['buy', 'sell'] as const),
        notional: dice.pick([1e4, 3e5, 5e6]),
        overSeconds: dice.pick([0, 4]),
      };
  }
}

/** A scenario of about a hundred accounts and fifteen seconds, by seed. */
export function randomCascade(seed: number): CascadeScenario {
  const dice = new Dice(new Rng(seed).stream('random-cascade'));
  const markets = dice.pick([1, 1, 2]);
  const shocks = Array.from({ length: dice.whole(1, 5) }, () => shock(dice, markets));
  return {
    version: 1,
    id: `random-${seed}`,
    title: 'random',
    kind: 'teaching',
    about: '',
    seed,
    startMicros: 1_000_000_000,
    durationSeconds: 15,
    stepMillis: dice.pick([250, 500, 1000]),
    markets: Array.from({ length: markets }, (_, i) => market(dice, i, dice.whole(4, 40))),
    linkedAccounts: dice.chance(0.5),
    accounts: Array.from({ length: dice.whole(0, 3) }, (_, i) => given(dice, markets, `given ${i}`)),
    fund: { cash: dice.pick([0, 500, 1e5]), notionalLimit: dice.pick([0, 1, 20]) },
    rules: {
      mark: dice.pick(['median', 'last'] as const),
      adlRule: dice.pick(ADL_RULES).name,
      adlPrice: dice.pick(['bankruptcy', 'mark'] as const),
      marginMode: dice.pick(['as-given', 'isolated', 'cross'] as const),
      partialLiquidation: dice.chance(0.7),
      liquidationsPerSecond: dice.pick([null, 10, 1]),
      breaker: dice.chance(0.3) ? { moveBps: 300, windowSeconds: 3, haltSeconds: 2 } : null,
    },
    shocks,
    interventions: [],
    published: [],
  };
}
