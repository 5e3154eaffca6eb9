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
  for (let tier = 0; tier < plan.scanTierCount; tier++) fillTier(plan, work, tier);
}

/** Four shapes at a time: each loss is then written once for four products of lots and array value. */
function fillTier(plan: CommodityPlan, work: CommodityWork, tier: number): void {
  const { losses, shapeLots } = work;
  const { shapes, shapeTier } = plan;
  const to = tier * SCENARIO_COUNT;
  const count = shapeLots.length;
  for (let s = 0; s < SCENARIO_COUNT; s++) losses[to + s] = 0;
  let shape = 0;
  while (shape < count) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let fromA = 0;
    let fromB = 0;
    let fromC = 0;
    let fromD = 0;
    let found = 0;
    for (; shape < count && found < 4; shape++) {
      const lots = shapeLots[shape] as number;
      if (lots === 0 || shapeTier[shape] !== tier) continue;
      const from = shape * SCENARIO_COUNT;
      if (found === 0) {
        a = lots;
        fromA = from;
      } else if (found === 1) {
        b = lots;
        fromB = from;
      } else if (found === 2) {
        c = lots;
        fromC = from;
      } else {
        d = lots;
        fromD = from;
      }
      found++;
    }
    if (found === 0) return;
    for (let s = 0; s < SCENARIO_COUNT; s++) {
      losses[to + s] =
        (losses[to + s] as number) +
        a * (shapes[fromA + s] as number) +
        b * (shapes[fromB + s] as number) +
        c * (shapes[fromC + s] as number) +
        d * (shapes[fromD + s] as number);
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

/** The same where one shape is held in one scan tier: nothing needs to be added up. */
export function scanOneShape(
  plan: CommodityPlan,
  work: CommodityWork,
  scenarios: readonly SpanScenario[],
): void {
  clear(work);
  const lots = work.shapeLots[0] as number;
  if (lots !== 0) {
    const active = (lots > 0 ? plan.shapeWorst[0] : plan.shapeBest[0]) as number;
    add(work, 0, split(plan.shapes, 0, lots, active, scenarios, plan.decimals));
  } else work.active[0] = 0;
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
