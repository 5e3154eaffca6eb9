/** Spreads between commodities: delta-based credits, and scan-based ones that add risk arrays together. */
import { takeDeltas } from './calendar-charge.ts';
import type { CommodityPlan } from './commodity-plan.ts';
import { type CommodityWork, DELTA_DUST } from './commodity-work.ts';
import { SCENARIO_COUNT, type SpanParameterSet, type SpanScenario } from './parameter-set.ts';
import { scanLosses, weightedRiskOfMonths } from './scan-risk.ts';
import type { SpreadLog } from './spread-log.ts';
import type { DeltaSpreadPlan, InterLeg, ScanSpreadPlan, SpreadPlan } from './spread-plan.ts';

/** What forming spreads needs besides the spreads. */
export interface SpreadContext {
  readonly plans: readonly CommodityPlan[];
  readonly works: readonly CommodityWork[];
  readonly scenarios: readonly SpanScenario[];
  readonly lots: Float64Array;
  readonly isSuper: boolean;
  readonly set: SpanParameterSet;
  readonly log: SpreadLog | null;
}

/** Forms spreads in order and adds their credits to the commodities' work. */
export function formSpreads(spreads: readonly SpreadPlan[], context: SpreadContext): void {
  for (let i = 0; i < spreads.length; i++) {
    const plan = spreads[i] as SpreadPlan;
    if (plan.kind === 'delta') formDeltaSpread(plan, context);
    else formScanSpread(plan, context);
  }
}

/**
 * One delta-based spread. It forms only when every leg has deltas and their signs are opposite as the sides say:
 * min over legs (|deltas| ÷ ratio) spreads. Credit of a leg: weighted price risk × deltas used × rate.
 */
function formDeltaSpread(plan: DeltaSpreadPlan, context: SpreadContext): void {
  const { legs } = plan;
  const { works } = context;
  let count = Number.POSITIVE_INFINITY;
  let direction = 0;
  for (let l = 0; l < legs.length; l++) {
    const leg = legs[l] as InterLeg;
    const work = works[leg.commodity] as CommodityWork;
    if (work.empty) return;
    const deltas = leg.months === null ? work.openDelta : sumOf(work.open, leg.months);
    const size = deltas < 0 ? -deltas : deltas;
    if (size <= DELTA_DUST) return;
    const sign = deltas < 0 ? -leg.sign : leg.sign;
    if (direction === 0) direction = sign;
    else if (direction !== sign) return;
    const possible = size / leg.ratio;
    if (possible < count) count = possible;
  }
  for (let l = 0; l < legs.length; l++) {
    const leg = legs[l] as InterLeg;
    const work = works[leg.commodity] as CommodityWork;
    const deltas = count * leg.ratio;
    const weighted = leg.tiered ? tierWeightedRisk(leg, context) : work.weightedRisk;
    const credit = plan.isFlat ? count * leg.rate : weighted * deltas * leg.rate;
    work.credit += credit;
    const sign = direction * leg.sign;
    if (leg.months === null) {
      const rest = work.openDelta - sign * deltas;
      work.openDelta = Math.abs(rest) <= DELTA_DUST ? 0 : rest;
    } else takeDeltas(work.open, leg.months, sign, deltas);
    if (context.log !== null) logCredit(plan, context, leg, count, weighted, credit);
  }
}

function logCredit(
  plan: SpreadPlan,
  context: SpreadContext,
  leg: { readonly commodity: number; readonly ratio: number; readonly rate: number },
  count: number,
  weighted: number,
  credit: number,
): void {
  const { isSuper, set, log } = context;
  const spread = (isSuper ? set.superSpreads : set.interSpreads).indexOf(plan.spread);
  const deltas = count * leg.ratio;
  log?.credit(leg.commodity, {
    spread,
    isSuper,
    count,
    deltas,
    weightedRisk: weighted,
    rate: leg.rate,
    credit,
  });
}

function sumOf(deltas: Float64Array, months: Int32Array): number {
  let sum = 0;
  for (let m = 0; m < months.length; m++) sum += deltas[months[m] as number] as number;
  return sum;
}

function tierWeightedRisk(leg: InterLeg, context: SpreadContext): number {
  const plan = context.plans[leg.commodity] as CommodityPlan;
  return weightedRiskOfMonths(plan, leg.months ?? new Int32Array(0), context.lots, context.scenarios);
}

/**
 * One scan-based spread: the arrays of the legs are added to the target's, losses in full, gains times the credit rate,
 * and the target is scanned again; the legs keep no risk of their own. Deltas move along, times target ratio ÷ leg ratio.
 *
 * The whole gain is booked as credits: each leg is credited its scan risk, the target is debited what it takes on.
 */
function formScanSpread(plan: ScanSpreadPlan, context: SpreadContext): void {
  const { works, plans } = context;
  const target = works[plan.target] as CommodityWork;
  const present = plan.legs.filter((leg) => works[leg.commodity]?.empty === false);
  if (plan.spread.targetRequired && target.empty) return;
  if (plan.legs.some((leg) => leg.required && works[leg.commodity]?.empty !== false)) return;
  if (present.length + (target.empty ? 0 : 1) < plan.spread.minimumLegs || present.length === 0) return;
  const before = target.empty ? 0 : target.scanRisk;
  if (target.empty) openEmpty(target);
  for (const leg of present) {
    const work = works[leg.commodity] as CommodityWork;
    work.losses.forEach((loss, i) => {
      const s = i % SCENARIO_COUNT;
      target.losses[s] = (target.losses[s] ?? 0) + (loss > 0 ? loss : loss * leg.gainRate);
    });
    leg.targetMonths.forEach((to, from) => {
      target.open[to] = (target.open[to] ?? 0) + (work.open[from] ?? 0) * leg.deltaFactor;
    });
    target.netDelta += work.netDelta * leg.deltaFactor;
    work.credit += work.scanRisk;
    const moved = { commodity: leg.commodity, ratio: 0, rate: leg.gainRate };
    logCredit(plan, context, moved, 1, 0, work.scanRisk);
    work.open.fill(0);
    work.losses.fill(0);
    work.netDelta = 0;
    work.weightedRisk = 0;
  }
  const targetPlan = plans[plan.target] as CommodityPlan;
  scanLosses(targetPlan, target, context.scenarios);
  const taken = before - target.scanRisk;
  target.credit += taken;
  // The scan shown stays that of the target's own positions; what was taken on is in the credit.
  target.scanRisk = before;
  logCredit(plan, context, { commodity: plan.target, ratio: 0, rate: 1 }, 1, 0, taken);
}

function openEmpty(work: CommodityWork): void {
  work.empty = false;
  work.losses.fill(0);
  work.open.fill(0);
  work.scanRisk = 0;
  work.calendarCharge = 0;
  work.spotCharge = 0;
  work.credit = 0;
}
