/** Spreads between commodities made ready, and the groups of commodities they join. */
import { type CommodityPlan, monthsOf } from './commodity-plan.ts';
import type {
  CommoditySpread,
  DeltaSpread,
  ScanSpread,
  SpanParameterSet,
  SpreadLeg,
} from './parameter-set.ts';
import type { RateOf } from './rate-finder.ts';

/** One leg of a delta-based spread between commodities. */
export interface InterLeg {
  readonly commodity: number;
  readonly sign: 1 | -1;
  readonly ratio: number;
  readonly rate: number;
  /** Months from which deltas are taken, nearest first; null: the commodity's net delta as one number. */
  readonly months: Int32Array | null;
  /** Whether the credit stands on the risk of the leg's own months instead of the whole commodity's. */
  readonly tiered: boolean;
}

/** A delta-based spread. */
export interface DeltaSpreadPlan {
  readonly kind: 'delta';
  readonly spread: DeltaSpread;
  readonly isFlat: boolean;
  readonly legs: readonly InterLeg[];
}

/** A scan-based spread. */
export interface ScanSpreadPlan {
  readonly kind: 'scan';
  readonly spread: ScanSpread;
  readonly target: number;
  readonly legs: readonly {
    readonly commodity: number;
    readonly required: boolean;
    readonly gainRate: number;
    /** Deltas of the target for one of the leg. */
    readonly deltaFactor: number;
    /** Month of the target for each month of the leg. */
    readonly targetMonths: Int32Array;
  }[];
}

/** Either. */
export type SpreadPlan = DeltaSpreadPlan | ScanSpreadPlan;

/** Commodities joined by spreads, with those spreads in order of priority. */
export interface SpreadGroup {
  readonly commodities: readonly number[];
  readonly supers: readonly SpreadPlan[];
  readonly inters: readonly SpreadPlan[];
  /** Whether some leg takes its deltas month by month. */
  readonly byMonth: boolean;
  /** Whether spreads change what calendar charges or scans see, so that no member can be prepared alone. */
  readonly coupled: boolean;
}

/** Prepares all spreads and finds which commodities they join. */
export function planSpreads(
  set: SpanParameterSet,
  plans: readonly CommodityPlan[],
  rateOf: (commodity: number) => RateOf,
): readonly SpreadGroup[] {
  const all = [...set.superSpreads, ...set.interSpreads];
  const roots = plans.map((_, i) => i);
  const rootOf = (i: number): number => {
    let at = i;
    while (roots[at] !== at) at = roots[at] ?? at;
    return at;
  };
  for (const spread of all) {
    const [first, ...rest] = commoditiesOf(spread);
    for (const other of rest) roots[rootOf(other)] = rootOf(first ?? other);
  }
  const members = new Map<number, number[]>();
  for (const [i] of plans.entries()) {
    const root = rootOf(i);
    members.set(root, [...(members.get(root) ?? []), i]);
  }
  return [...members.entries()].map(([root, commodities]) => {
    const own = (spreads: readonly CommoditySpread[]): readonly CommoditySpread[] =>
      spreads
        .map((spread, order) => ({ spread, order }))
        .filter(({ spread }) => rootOf(commoditiesOf(spread)[0] ?? -1) === root)
        .toSorted((a, b) => a.spread.priority - b.spread.priority || a.order - b.order)
        .map(({ spread }) => spread);
    const [supers, inters] = [own(set.superSpreads), own(set.interSpreads)];
    const coupled = supers.length > 0 || inters.some((s) => s.kind === 'scan');
    const byMonth = new Set<number>();
    for (const spread of [...supers, ...inters]) {
      if (spread.kind === 'scan') continue;
      for (const leg of spread.legs) if (coupled || !takesAll(leg)) byMonth.add(leg.commodity);
    }
    const ready = (spread: CommoditySpread): SpreadPlan =>
      spread.kind === 'scan' ? planScan(spread, plans, rateOf) : planDelta(spread, plans, rateOf, byMonth);
    const months = coupled || byMonth.size > 0;
    return { commodities, coupled, byMonth: months, supers: supers.map(ready), inters: inters.map(ready) };
  });
}

function commoditiesOf(spread: CommoditySpread): readonly number[] {
  const legs = spread.legs.map((leg) => leg.commodity);
  return spread.kind === 'scan' ? [spread.target, ...legs] : legs;
}

function takesAll(leg: SpreadLeg): boolean {
  return leg.tier === 0 && leg.period === null;
}

function planDelta(
  spread: DeltaSpread,
  plans: readonly CommodityPlan[],
  rateOf: (commodity: number) => RateOf,
  byMonth: ReadonlySet<number>,
): DeltaSpreadPlan {
  const legs = spread.legs.map((leg): InterLeg => {
    const { commodity, ratio, side } = leg;
    const months = plans[commodity]?.months ?? [];
    const rate = rateOf(commodity)(leg.rates.length > 0 ? leg.rates : spread.rates);
    return {
      commodity,
      ratio,
      rate,
      sign: side === 'A' ? 1 : -1,
      months: byMonth.has(commodity) ? legMonths(leg, plans[commodity], months) : null,
      tiered: !takesAll(leg),
    };
  });
  return { kind: 'delta', spread, isFlat: spread.charge === 'flat', legs };
}

function legMonths(leg: SpreadLeg, plan: CommodityPlan | undefined, months: readonly string[]): Int32Array {
  const { period } = leg;
  if (period !== null) {
    return monthsOf(months, { number: 0, startPeriod: period, endPeriod: period, rates: [] });
  }
  if (leg.tier === 0) return Int32Array.from(months.keys());
  // A tier the commodity does not have holds no deltas: without them no credit is given.
  return plan?.interTiers.get(leg.tier) ?? new Int32Array(0);
}

function planScan(
  spread: ScanSpread,
  plans: readonly CommodityPlan[],
  rateOf: (commodity: number) => RateOf,
): ScanSpreadPlan {
  const targetMonths = plans[spread.target]?.months ?? [];
  const legs = spread.legs
    .filter((leg) => leg.commodity !== spread.target)
    .map((leg) => ({
      commodity: leg.commodity,
      required: leg.required,
      gainRate: rateOf(leg.commodity)(leg.rates),
      deltaFactor: spread.targetRatio / leg.ratio,
      targetMonths: Int32Array.from(plans[leg.commodity]?.months ?? [], (month) =>
        Math.max(
          0,
          targetMonths.findLastIndex((m) => m <= month),
        ),
      ),
    }));
  return { kind: 'scan', spread, target: spread.target, legs };
}
