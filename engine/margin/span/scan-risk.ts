/** Scan risk of one commodity: the worst of 16 scenarios, split into time, volatility and price risk. */
import type { CommodityPlan } from './commodity-plan.ts';
import { type CommodityWork, DELTA_DUST } from './commodity-work.ts';
import { SCENARIO_COUNT, type SpanScenario } from './parameter-set.ts';
import { roundAmount } from './rounding.ts';

/** What one array of 16 losses says. */
export interface ScanTerms {
  /** Scenario with the largest loss, the first of equals, counted from 0. */
  active: number;
  /** Largest loss, never below 0. */
  scanRisk: number;
  /** Mean of the first two scenarios (no price move), rounded. */
  timeRisk: number;
  /** Half the difference between the active scenario and its pair, rounded. */
  volatilityRisk: number;
  /** Scan risk less time and volatility risk, never below 0. */
  priceRisk: number;
}

const terms: ScanTerms = { active: 0, scanRisk: 0, timeRisk: 0, volatilityRisk: 0, priceRisk: 0 };

/**
 * Reads the terms off `losses` (16 from `at`), each times `lots`. The answer is one object, used again by the next call.
 *
 * Source: CME "Components of SPAN"; a portfolio that gains in every scenario has the volatility risk (A₁ − A₂) ÷ 2.
 */
export function scanTerms(
  losses: Float64Array,
  at: number,
  lots: number,
  scenarios: readonly SpanScenario[],
  decimals: number,
): ScanTerms {
  let largest = (losses[at] as number) * lots;
  let active = 0;
  for (let s = 1; s < SCENARIO_COUNT; s++) {
    const loss = (losses[at + s] as number) * lots;
    if (loss > largest) {
      largest = loss;
      active = s;
    }
  }
  return split(losses, at, lots, active, scenarios, decimals);
}

function split(
  losses: Float64Array,
  at: number,
  lots: number,
  active: number,
  scenarios: readonly SpanScenario[],
  decimals: number,
): ScanTerms {
  const largest = (losses[at + active] as number) * lots;
  const first = (losses[at] as number) * lots;
  const second = (losses[at + 1] as number) * lots;
  const pair = (losses[at + (scenarios[active] as SpanScenario).paired] as number) * lots;
  const scanRisk = Math.max(largest, 0);
  terms.active = active;
  terms.scanRisk = scanRisk;
  terms.timeRisk = roundAmount((first + second) / 2, decimals);
  terms.volatilityRisk = roundAmount(largest < 0 ? (first - second) / 2 : (scanRisk - pair) / 2, decimals);
  terms.priceRisk = Math.max(0, scanRisk - terms.timeRisk - terms.volatilityRisk);
  return terms;
}

/** Adds up the 16 losses of each scan tier from net contracts by shape. */
export function fillLosses(plan: CommodityPlan, work: CommodityWork): void {
  const { losses, shapeLots } = work;
  const { shapes, shapeTier } = plan;
  losses.fill(0);
  for (let shape = 0; shape < shapeLots.length; shape++) {
    const lots = shapeLots[shape] as number;
    if (lots === 0) continue;
    const to = (shapeTier[shape] as number) * SCENARIO_COUNT;
    const from = shape * SCENARIO_COUNT;
    for (let s = 0; s < SCENARIO_COUNT; s++) {
      losses[to + s] = (losses[to + s] as number) + lots * (shapes[from + s] as number);
    }
  }
}

/** Fills scan, time, volatility, price and weighted risk from the losses of all scan tiers. */
export function scanLosses(
  plan: CommodityPlan,
  work: CommodityWork,
  scenarios: readonly SpanScenario[],
): void {
  clear(work);
  for (let tier = 0; tier < plan.scanTierCount; tier++) {
    add(work, tier, scanTerms(work.losses, tier * SCENARIO_COUNT, 1, scenarios, plan.decimals));
  }
  work.weightedRisk = weightedRisk(plan, work.priceRisk, work.netDelta);
}

/**
 * The same for one scan tier, quicker: a single shape needs only its worst scenario, and for a few shapes the largest loss
 * is found while the losses are added up.
 */
export function scanShapes(
  plan: CommodityPlan,
  work: CommodityWork,
  scenarios: readonly SpanScenario[],
): void {
  clear(work);
  const { shapes, shapeCount } = plan;
  const { shapeLots } = work;
  if (shapeCount === 1) {
    const lots = shapeLots[0] as number;
    const active = (lots > 0 ? plan.shapeWorst[0] : plan.shapeBest[0]) as number;
    if (lots === 0) work.active[0] = 0;
    else add(work, 0, split(shapes, 0, lots, active, scenarios, plan.decimals));
    work.weightedRisk = weightedRisk(plan, work.priceRisk, work.netDelta);
    return;
  }
  if (shapeCount > 4) {
    fillLosses(plan, work);
    scanLosses(plan, work, scenarios);
    return;
  }
  // Four at most, written out: products of lots and array value then stay in registers. Shapes that are not there weigh 0.
  const a = shapeLots[0] as number;
  const b = shapeLots[1] as number;
  const c = shapeCount > 2 ? (shapeLots[2] as number) : 0;
  const d = shapeCount > 3 ? (shapeLots[3] as number) : 0;
  const atC = shapeCount > 2 ? 2 * SCENARIO_COUNT : 0;
  const atD = shapeCount > 3 ? 3 * SCENARIO_COUNT : 0;
  const { losses } = work;
  let largest = Number.NEGATIVE_INFINITY;
  let active = 0;
  for (let s = 0; s < SCENARIO_COUNT; s++) {
    const loss =
      a * (shapes[s] as number) +
      b * (shapes[SCENARIO_COUNT + s] as number) +
      c * (shapes[atC + s] as number) +
      d * (shapes[atD + s] as number);
    losses[s] = loss;
    if (loss > largest) {
      largest = loss;
      active = s;
    }
  }
  add(work, 0, split(losses, 0, 1, active, scenarios, plan.decimals));
  work.weightedRisk = weightedRisk(plan, work.priceRisk, work.netDelta);
}

function clear(work: CommodityWork): void {
  work.scanRisk = 0;
  work.timeRisk = 0;
  work.volatilityRisk = 0;
  work.priceRisk = 0;
}

function add(work: CommodityWork, tier: number, found: ScanTerms): void {
  work.active[tier] = found.active;
  work.scanRisk += found.scanRisk;
  work.timeRisk += found.timeRisk;
  work.volatilityRisk += found.volatilityRisk;
  work.priceRisk += found.priceRisk;
}

/**
 * Weighted price risk: what one delta carries.
 *
 * Formula: price risk ÷ |net delta|; 0 without delta. `capped`: at most the price scan range of one delta;
 * `scan-range`: that range itself. Where the range is unknown the method is `normal`.
 */
export function weightedRisk(plan: CommodityPlan, priceRisk: number, netDelta: number): number {
  if (Math.abs(netDelta) <= DELTA_DUST) return 0;
  const normal = priceRisk / Math.abs(netDelta);
  const range = plan.deltaScanRange;
  if (plan.weightedRiskMethod === 'normal' || range === 0) return normal;
  return plan.weightedRiskMethod === 'capped' ? Math.min(normal, range) : range;
}

/** Weighted price risk of some months alone, for spreads that take deltas of a tier. */
export function weightedRiskOfMonths(
  plan: CommodityPlan,
  months: Int32Array,
  lots: Float64Array,
  scenarios: readonly SpanScenario[],
): number {
  const losses = new Float64Array(SCENARIO_COUNT);
  let delta = 0;
  plan.contracts.forEach((contract, k) => {
    const quantity = lots[contract] ?? 0;
    if (quantity === 0 || !months.includes(plan.monthOf[k] ?? -1)) return;
    delta += quantity * (plan.deltas[k] ?? 0);
    const from = (plan.shapeOf[k] ?? 0) * SCENARIO_COUNT;
    for (let s = 0; s < SCENARIO_COUNT; s++) {
      losses[s] = (losses[s] ?? 0) + quantity * (plan.shapes[from + s] ?? 0);
    }
  });
  return weightedRisk(plan, scanTerms(losses, 0, 1, scenarios, plan.decimals).priceRisk, delta);
}
