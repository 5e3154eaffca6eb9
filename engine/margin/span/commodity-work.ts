/** Figures of one commodity while a portfolio is margined: made once, filled again for each portfolio. */
import type { CommodityPlan } from './commodity-plan.ts';
import { SCENARIO_COUNT } from './parameter-set.ts';

/** Deltas below this are what float arithmetic leaves of none. */
export const DELTA_DUST = 1e-9;

/** Scratch and results of one commodity. Amounts in its currency, losses positive. */
export class CommodityWork {
  /** Whether no contract of the commodity is held; all other figures are then out of date. */
  empty = true;
  /** Net contracts by shape. */
  readonly shapeLots: Float64Array;
  /** Net delta by month, from positions. */
  readonly monthDeltas: Float64Array;
  /** What calendar spreads (and super-spreads before them) have left of it. */
  readonly left: Float64Array;
  /** What spreads between commodities have left of it. */
  readonly open: Float64Array;
  netDelta = 0;
  /** Sum of {@link left}. */
  leftDelta = 0;
  /** Net delta that spreads between commodities have left, where months do not matter. */
  openDelta = 0;
  optionValue = 0;
  shortOptionMinimum = 0;
  /** 16 losses a scan tier; filled where the scan cannot be read off one shape, and for reports. */
  readonly losses: Float64Array;
  /** Scenario of the largest loss, of each scan tier. */
  readonly active: Int32Array;
  scanRisk = 0;
  timeRisk = 0;
  volatilityRisk = 0;
  priceRisk = 0;
  weightedRisk = 0;
  calendarCharge = 0;
  spotCharge = 0;
  credit = 0;
  /** The commodity's requirement before option value, rounded. */
  risk = 0;
  readonly shortCalls: Float64Array;
  readonly shortPuts: Float64Array;

  constructor(plan: CommodityPlan) {
    this.shapeLots = new Float64Array(plan.shapeCount);
    this.monthDeltas = new Float64Array(plan.months.length);
    this.left = new Float64Array(plan.months.length);
    this.open = new Float64Array(plan.months.length);
    this.losses = new Float64Array(plan.scanTierCount * SCENARIO_COUNT);
    this.active = new Int32Array(plan.scanTierCount);
    this.shortCalls = new Float64Array(plan.shortOptionRates.length);
    this.shortPuts = new Float64Array(plan.shortOptionRates.length);
  }
}

/**
 * Fills what follows from positions alone: net contracts by shape, net deltas by month, option value, short options.
 *
 * @param lots - signed contracts held, by index into the set's contracts
 */
export function measurePositions(plan: CommodityPlan, work: CommodityWork, lots: Float64Array): void {
  const { contracts, shapeOf, monthOf, deltas } = plan;
  const { shapeLots, monthDeltas } = work;
  // Loops, because filling a handful of numbers through the library costs more than the numbers.
  for (let s = 0; s < shapeLots.length; s++) shapeLots[s] = 0;
  for (let m = 0; m < monthDeltas.length; m++) monthDeltas[m] = 0;
  let held = 0;
  let netDelta = 0;
  for (let k = 0; k < contracts.length; k++) {
    const quantity = lots[contracts[k] as number] as number;
    if (quantity === 0) continue;
    held++;
    const shape = shapeOf[k] as number;
    shapeLots[shape] = (shapeLots[shape] as number) + quantity;
    const delta = quantity * (deltas[k] as number);
    const month = monthOf[k] as number;
    monthDeltas[month] = (monthDeltas[month] as number) + delta;
    netDelta += delta;
  }
  work.empty = held === 0;
  work.netDelta = netDelta;
  work.optionValue = 0;
  work.shortOptionMinimum = 0;
  if (plan.hasOptions && held > 0) measureOptions(plan, work, lots);
}

function measureOptions(plan: CommodityPlan, work: CommodityWork, lots: Float64Array): void {
  const { contracts, optionRight, optionScaling, optionTier, optionValues, shortOptionRates } = plan;
  const { shortCalls, shortPuts } = work;
  shortCalls.fill(0);
  shortPuts.fill(0);
  let value = 0;
  for (let k = 0; k < contracts.length; k++) {
    const right = optionRight[k] as number;
    if (right === 0) continue;
    const quantity = lots[contracts[k] as number] as number;
    value += quantity * (optionValues[k] as number);
    if (quantity >= 0) continue;
    const shorts = right === 1 ? shortCalls : shortPuts;
    const tier = optionTier[k] as number;
    shorts[tier] = (shorts[tier] as number) - quantity * (optionScaling[k] as number);
  }
  work.optionValue = value;
  let minimum = 0;
  for (let t = 0; t < shortOptionRates.length; t++) {
    const calls = shortCalls[t] as number;
    const puts = shortPuts[t] as number;
    const count = plan.shortOptionMaximum ? Math.max(calls, puts) : calls + puts;
    minimum += count * (shortOptionRates[t] as number);
  }
  work.shortOptionMinimum = minimum;
}

/** Copies deltas by month; answers their sum. */
export function copyDeltas(from: Float64Array, to: Float64Array): number {
  let sum = 0;
  for (let m = 0; m < from.length; m++) {
    const delta = from[m] as number;
    to[m] = delta;
    sum += delta;
  }
  return sum;
}

/** Sum of deltas by month. */
export function sumDeltas(deltas: Float64Array): number {
  let sum = 0;
  for (let m = 0; m < deltas.length; m++) sum += deltas[m] as number;
  return sum;
}
