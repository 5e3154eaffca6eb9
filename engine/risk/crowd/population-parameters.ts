/** What a synthetic population is made from: plain numbers with ranges, made for sliders, and the documented default. */
import { fail, ok, type Result } from '../../core/result.ts';
import { POPULATION_LIMIT } from './population.ts';

/** A leverage and its weight among accounts. Weights need not sum to 1. */
export interface LeverageShare {
  readonly leverage: number;
  readonly weight: number;
}

/** Parameters of a synthetic population. Rates are fractions. */
export interface PopulationParameters {
  readonly seed: number;
  readonly accounts: number;
  /** Lots held long; as many are held short. */
  readonly openInterestLots: number;
  readonly markTicks: number;
  /** Share of accounts that are long. The open interest of both sides stays equal, so the fewer hold more each. */
  readonly longAccountShare: number;
  readonly leverageMix: readonly LeverageShare[];
  /** Move of the market over which the positions were opened, evenly along the way: +0.1 after a rise of 10 %. */
  readonly entryMoveRate: number;
  /** Standard deviation of entries around that way. */
  readonly entrySpreadRate: number;
  /** How unequal sizes are, in eighths: the k-th largest holds in proportion to k^(−eighths ÷ 8). 0: all alike. */
  readonly sizeConcentrationEighths: number;
  /** Share of accounts with isolated margin. */
  readonly isolatedShare: number;
  /** Mean of what a cross wallet holds beyond its initial margin, as a multiple of that margin. */
  readonly crossCushionRate: number;
}

/** A parameter that is one number. */
export type PopulationSlider = Exclude<keyof PopulationParameters, 'leverageMix'>;

/** Ends (inclusive) of each slider. */
export const POPULATION_RANGES: Readonly<
  Record<PopulationSlider, { readonly from: number; readonly to: number; readonly integer: boolean }>
> = {
  seed: { from: 0, to: 0xffff_ffff, integer: true },
  accounts: { from: 2, to: POPULATION_LIMIT, integer: true },
  openInterestLots: { from: 1, to: 1e12, integer: true },
  markTicks: { from: 100, to: 1e9, integer: true },
  longAccountShare: { from: 0.05, to: 0.95, integer: false },
  entryMoveRate: { from: -0.5, to: 0.5, integer: false },
  entrySpreadRate: { from: 0, to: 0.2, integer: false },
  sizeConcentrationEighths: { from: 0, to: 12, integer: true },
  isolatedShare: { from: 0, to: 1, integer: false },
  crossCushionRate: { from: 0, to: 4, integer: false },
};

/**
 * The default: 10,000 accounts behind the BTC open interest of one venue. What is measured and what is assumed is told
 * in `docs/crowd.md`.
 *
 * Open interest and mark: Hyperliquid's own context of its BTC perpetual (27,353.176 BTC at 77,562), in contracts of
 * 0.001 BTC and ticks of 0.1. Size concentration: so that the largest 10 and 100 hold shares like those of the accounts
 * reduced on 10 Oct 2025 (45.8 % and 77.6 % of the notional). The rest is assumed.
 */
export const DEFAULT_POPULATION: PopulationParameters = {
  seed: 1,
  accounts: 10_000,
  openInterestLots: 27_353_176,
  markTicks: 775_620,
  longAccountShare: 0.6,
  leverageMix: [
    { leverage: 2, weight: 10 },
    { leverage: 3, weight: 12 },
    { leverage: 5, weight: 20 },
    { leverage: 10, weight: 26 },
    { leverage: 20, weight: 17 },
    { leverage: 25, weight: 7 },
    { leverage: 50, weight: 5 },
    { leverage: 75, weight: 2 },
    { leverage: 100, weight: 1 },
  ],
  entryMoveRate: 0.05,
  entrySpreadRate: 0.02,
  sizeConcentrationEighths: 9,
  isolatedShare: 0.5,
  crossCushionRate: 0.5,
};

/** Most leverage an account may ask for. */
export const LEVERAGE_LIMIT = 200;

/**
 * Checks parameters against their ranges and each other.
 *
 * Fails: `crowd/parameter-out-of-range`, naming the parameter, what was expected and what was found.
 */
export function checkPopulationParameters(parameters: PopulationParameters): Result<PopulationParameters> {
  for (const [name, { from, to, integer }] of Object.entries(POPULATION_RANGES)) {
    const found = parameters[name as PopulationSlider];
    if (!(found >= from && found <= to) || (integer && !Number.isInteger(found))) {
      return outOfRange(name, `${integer ? 'a whole number' : 'a number'} from ${from} to ${to}`, `${found}`);
    }
  }
  const { accounts, openInterestLots, leverageMix } = parameters;
  if (openInterestLots < accounts) {
    return outOfRange(
      'openInterestLots',
      `at least one lot for each of ${accounts} accounts`,
      `${openInterestLots}`,
    );
  }
  for (const { leverage, weight } of leverageMix) {
    if (!Number.isInteger(leverage) || leverage < 1 || leverage > LEVERAGE_LIMIT) {
      return outOfRange('leverageMix', `whole leverages from 1 to ${LEVERAGE_LIMIT}`, `${leverage}`);
    }
    if (!(weight >= 0 && weight <= 1e9)) {
      return outOfRange('leverageMix', 'weights from 0 to 1e9', `${weight}`);
    }
  }
  if (!leverageMix.some(({ weight }) => weight > 0)) {
    return outOfRange('leverageMix', 'at least one weight above 0', `${leverageMix.length} without`);
  }
  return ok(parameters);
}

function outOfRange(parameter: string, expected: string, found: string): ReturnType<typeof fail> {
  return fail('crowd/parameter-out-of-range', `${parameter}: expected ${expected}, found ${found}`, {
    parameter,
  });
}
