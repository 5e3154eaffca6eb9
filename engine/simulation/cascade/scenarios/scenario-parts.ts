/** Parts that the scenarios of the library share, each with its source. */
import { DEFAULT_POPULATION } from '../../../risk/crowd/population-parameters.ts';
import type {
  ScenarioBook,
  ScenarioBracket,
  ScenarioPopulation,
  ScenarioRules,
} from '../cascade-scenario.ts';

/** How most runs are played: the median mark, accounts as they are, partial liquidation, deleveraging by the rule of Binance. */
export const STANDARD_RULES: ScenarioRules = {
  mark: 'median',
  adlRule: 'binance',
  adlPrice: 'bankruptcy',
  marginMode: 'as-given',
  partialLiquidation: true,
  liquidationsPerSecond: 50,
  breaker: null,
};

/** BTCUSDT maintenance schedule of 2026-05-01, as published in `public/brackets/2026-05-01.txt`. */
export const BTC_BRACKETS_2026: readonly ScenarioBracket[] = [
  { cap: 300_000, maintenanceMarginRate: 0.004, maxLeverage: 150 },
  { cap: 800_000, maintenanceMarginRate: 0.005, maxLeverage: 100 },
  { cap: 3_000_000, maintenanceMarginRate: 0.0065, maxLeverage: 75 },
  { cap: 12_000_000, maintenanceMarginRate: 0.01, maxLeverage: 50 },
  { cap: 70_000_000, maintenanceMarginRate: 0.02, maxLeverage: 25 },
  { cap: 100_000_000, maintenanceMarginRate: 0.025, maxLeverage: 20 },
  { cap: 230_000_000, maintenanceMarginRate: 0.05, maxLeverage: 10 },
  { cap: 480_000_000, maintenanceMarginRate: 0.1, maxLeverage: 5 },
  { cap: 600_000_000, maintenanceMarginRate: 0.125, maxLeverage: 4 },
  { cap: 800_000_000, maintenanceMarginRate: 0.15, maxLeverage: 3 },
  { cap: 1_200_000_000, maintenanceMarginRate: 0.25, maxLeverage: 2 },
  { cap: 1_800_000_000, maintenanceMarginRate: 0.5, maxLeverage: 1 },
];

/**
 * Depth of BTCUSDT on 2024-08-08, medians of the thinner side within 2, 5, 10, 25, 50 and 100 bps, measured from a
 * recording of a calm market; beyond 100 bps carried on in a straight line, which is an assumption.
 */
export function btcBook(share: number): ScenarioBook {
  const points: readonly (readonly [number, number])[] = [
    [2, 0.8],
    [5, 2.9],
    [10, 8.3],
    [25, 24.7],
    [50, 44.9],
    [100, 80.8],
    [4000, 400],
  ];
  return {
    depth: points.map(([distanceBps, millions]) => ({ distanceBps, notional: millions * 1e6 * share })),
    spacingTicks: 100,
    levels: 2000,
    halfSpreadTicks: 1,
  };
}

/** A crowd with the assumed leverage mix of the default population. */
export function crowd(accounts: number, openInterest: number): ScenarioPopulation {
  const { longAccountShare, leverageMix, entryMoveRate, entrySpreadRate } = DEFAULT_POPULATION;
  const { sizeConcentrationEighths, isolatedShare, crossCushionRate } = DEFAULT_POPULATION;
  return {
    accounts,
    openInterest,
    longAccountShare,
    leverageMix,
    entryMoveRate,
    entrySpreadRate,
    sizeConcentrationEighths,
    isolatedShare,
    crossCushionRate,
  };
}

/** BTCUSDT maintenance schedule of 2021-03-01, as published in `public/brackets/2021-03-01.txt`, which has no leverage. */
export const MARCH_2021_BRACKETS: readonly ScenarioBracket[] = [
  { cap: 50_000, maintenanceMarginRate: 0.004, maxLeverage: null },
  { cap: 250_000, maintenanceMarginRate: 0.005, maxLeverage: null },
  { cap: 1_000_000, maintenanceMarginRate: 0.01, maxLeverage: null },
  { cap: 10_000_000, maintenanceMarginRate: 0.025, maxLeverage: null },
  { cap: 20_000_000, maintenanceMarginRate: 0.05, maxLeverage: null },
  { cap: 50_000_000, maintenanceMarginRate: 0.1, maxLeverage: null },
  { cap: 100_000_000, maintenanceMarginRate: 0.125, maxLeverage: null },
  { cap: 200_000_000, maintenanceMarginRate: 0.15, maxLeverage: null },
  { cap: 300_000_000, maintenanceMarginRate: 0.25, maxLeverage: null },
  { cap: 500_000_000, maintenanceMarginRate: 0.5, maxLeverage: null },
];
