/** One combined commodity made ready: its contracts by index, months, tiers as month lists, and calendar spreads. */
import {
  SCENARIO_COUNT,
  type SpanCommodity,
  type SpanContract,
  type SpanParameterSet,
  type SpanTier,
  type SpreadCharge,
  type SpreadLeg,
  type WeightedRiskMethod,
} from './parameter-set.ts';
import type { RateOf } from './rate-finder.ts';

/** A calendar spread with its legs as month lists. */
export interface CalendarPlan {
  /** Index into the commodity's spreads, for explanations. */
  readonly index: number;
  readonly charge: SpreadCharge;
  readonly rate: number;
  readonly perSpread: number;
  readonly legs: readonly CalendarLeg[];
  /** Whether it is one month against another at a flat rate: the usual spread, formed without looking at tiers. */
  readonly isPair: boolean;
}

/** One leg: where its deltas come from. */
export interface CalendarLeg {
  readonly sign: 1 | -1;
  readonly ratio: number;
  /** Months from which deltas are taken, nearest first. */
  readonly months: Int32Array;
}

/** What the calculation knows of one commodity. Arrays over contracts are in the order of {@link CommodityPlan.contracts}. */
export interface CommodityPlan {
  readonly index: number;
  readonly decimals: number;
  readonly pool: number;
  /** Indices into the set's contracts. */
  readonly contracts: Int32Array;
  /** Net periods in order. */
  readonly months: readonly string[];
  readonly monthOf: Int32Array;
  /** Contracts with the same array share a shape; positions are netted within it. */
  readonly shapeOf: Int32Array;
  /** 16 losses a shape. */
  readonly shapes: Float64Array;
  readonly shapeCount: number;
  /** Scenario of each shape's largest and of its smallest loss, the first of equals: the worst when long, when short. */
  readonly shapeWorst: Int32Array;
  readonly shapeBest: Int32Array;
  /** Scan tier of each shape; one tier where all months scan together. */
  readonly shapeTier: Int32Array;
  readonly scanTierCount: number;
  /** Composite delta × delta scaling. */
  readonly deltas: Float64Array;
  /** Option value of one long contract in currency; 0 without premium. */
  readonly optionValues: Float64Array;
  readonly hasOptions: boolean;
  /** Weight in the short option count and its sort: 0 none, 1 call, 2 put. */
  readonly optionRight: Uint8Array;
  readonly optionScaling: Float64Array;
  readonly optionTier: Int32Array;
  readonly shortOptionRates: Float64Array;
  readonly shortOptionMaximum: boolean;
  readonly weightedRiskMethod: WeightedRiskMethod;
  /** Price scan range of one delta in the nearest month; 0 where unknown. */
  readonly deltaScanRange: number;
  readonly calendars: readonly CalendarPlan[];
  /** Delivery rates by month: per delta used by spreads, per delta left. */
  readonly spotSpread: Float64Array;
  readonly spotOutright: Float64Array;
  readonly hasSpot: boolean;
  /** Months of each inter-commodity tier by its number. */
  readonly interTiers: ReadonlyMap<number, Int32Array>;
  /** Months between the first two legs of `per-month` spreads are counted on these. */
  readonly monthNumbers: Int32Array;
  readonly factor: number;
  readonly optionValueCapped: boolean;
}

interface PlanContext {
  readonly rateOf: RateOf;
  readonly rateId: number;
  readonly decimals: number;
  readonly pool: number;
}

/** Prepares one commodity from its `members`, indices into the set's contracts. */
export function planCommodity(
  set: SpanParameterSet,
  index: number,
  members: readonly number[],
  context: PlanContext,
): CommodityPlan {
  const commodity = set.commodities[index] as SpanCommodity;
  const contracts = members.map((m) => set.contracts[m] as SpanContract);
  const months = [...new Set(contracts.map((c) => c.period))].sort();
  const monthAt = new Map(months.map((m, i) => [m, i]));
  const shapes = shapesOf(set, commodity, members);
  const spot = (pick: 'spreadRates' | 'outrightRates'): Float64Array =>
    Float64Array.from(months, (month) =>
      commodity.spotRates
        .filter((s) => s.period === month)
        .reduce((sum, s) => sum + context.rateOf(s[pick]), 0),
    );
  const tiers = commodity.shortOptionTiers;
  const { rateOf } = context;
  return {
    index,
    decimals: context.decimals,
    pool: context.pool,
    contracts: Int32Array.from(members),
    months,
    monthOf: Int32Array.from(contracts, (c) => monthAt.get(c.period) ?? 0),
    ...shapes,
    scanTierCount: Math.max(1, commodity.scanTiers.length),
    deltas: Float64Array.from(contracts, (c) => c.compositeDelta * c.deltaScaling),
    optionValues: Float64Array.from(contracts, (c) =>
      c.option?.premiumStyle === true ? (c.price ?? 0) * c.multiplier : 0,
    ),
    hasOptions: contracts.some((c) => c.option !== null),
    optionRight: Uint8Array.from(contracts, (c) =>
      c.option === null ? 0 : c.option.right === 'call' ? 1 : 2,
    ),
    optionScaling: Float64Array.from(contracts, (c) => c.deltaScaling),
    optionTier: Int32Array.from(contracts, (c) => Math.max(0, tierAt(tiers, c.period))),
    shortOptionRates:
      tiers.length === 0
        ? Float64Array.of(rateOf(commodity.shortOptionRates))
        : Float64Array.from(tiers, (t) => rateOf(t.rates)),
    shortOptionMaximum: commodity.shortOptionMethod === 'maximum',
    weightedRiskMethod: commodity.weightedRiskMethod,
    deltaScanRange: deltaScanRange(contracts),
    calendars: planCalendars(commodity, months, rateOf),
    spotSpread: spot('spreadRates'),
    spotOutright: spot('outrightRates'),
    hasSpot: commodity.spotRates.length > 0,
    interTiers: new Map(commodity.interTiers.map((t) => [t.number, monthsOf(months, t)])),
    monthNumbers: Int32Array.from(months, monthNumber),
    factor: classFactor(commodity, context.rateId),
    optionValueCapped: commodity.optionValueCapped,
  };
}

/** Months of a tier, nearest first. */
export function monthsOf(months: readonly string[], tier: SpanTier): Int32Array {
  return Int32Array.from(months.flatMap((month, i) => (isWithin(tier, month) ? [i] : [])));
}

function isWithin(tier: SpanTier, period: string): boolean {
  const { startPeriod, endPeriod } = tier;
  // A tier that ends with a month holds every day of it.
  return (
    (startPeriod === '' || period >= startPeriod) &&
    (endPeriod === '' || period.slice(0, endPeriod.length) <= endPeriod)
  );
}

function tierAt(tiers: readonly SpanTier[], period: string): number {
  return tiers.findIndex((tier) => isWithin(tier, period));
}

function monthNumber(period: string): number {
  return Number(period.slice(0, 4)) * 12 + Number(period.slice(4, 6));
}

/** Contracts of one scan tier with one and the same array are one shape. */
function shapesOf(
  set: SpanParameterSet,
  commodity: SpanCommodity,
  members: readonly number[],
): Pick<CommodityPlan, 'shapeOf' | 'shapes' | 'shapeCount' | 'shapeTier' | 'shapeWorst' | 'shapeBest'> {
  const found = new Map<string, number>();
  const shapeTier: number[] = [];
  const worst: number[] = [];
  const best: number[] = [];
  const losses: number[] = [];
  const shapeOf = members.map((member) => {
    const array = set.arrays.subarray(member * SCENARIO_COUNT, (member + 1) * SCENARIO_COUNT);
    const period = set.contracts[member]?.period ?? '';
    const tier = Math.max(0, tierAt(commodity.scanTiers, period));
    const key = `${tier}:${array.join()}`;
    const shape = found.get(key) ?? found.size;
    if (shape === found.size) {
      found.set(key, shape);
      shapeTier.push(tier);
      worst.push(array.indexOf(Math.max(...array)));
      best.push(array.indexOf(Math.min(...array)));
      losses.push(...array);
    }
    return shape;
  });
  return {
    shapeOf: Int32Array.from(shapeOf),
    shapes: Float64Array.from(losses),
    shapeCount: found.size,
    shapeTier: Int32Array.from(shapeTier),
    shapeWorst: Int32Array.from(worst),
    shapeBest: Int32Array.from(best),
  };
}

function deltaScanRange(contracts: readonly SpanContract[]): number {
  const nearest = contracts
    .filter((c) => c.option === null && c.priceScan !== null)
    .toSorted((a, b) => (a.period < b.period ? -1 : a.period > b.period ? 1 : 0))[0];
  return nearest === undefined ? 0 : (nearest.priceScan ?? 0) / (nearest.deltaScaling || 1);
}

function planCalendars(
  commodity: SpanCommodity,
  months: readonly string[],
  rateOf: RateOf,
): readonly CalendarPlan[] {
  return commodity.calendarSpreads
    .map((spread, index) => ({ spread, index }))
    .toSorted((a, b) => a.spread.priority - b.spread.priority || a.index - b.index)
    .map(({ spread, index }) => {
      const legs = spread.legs.map((leg) => calendarLeg(commodity, months, leg));
      return {
        index,
        charge: spread.charge,
        rate: rateOf(spread.rates),
        perSpread: rateOf(spread.perSpreadRates),
        legs,
        isPair: spread.charge === 'flat' && isPair(legs),
      };
    });
}

function calendarLeg(commodity: SpanCommodity, months: readonly string[], leg: SpreadLeg): CalendarLeg {
  const tier = commodity.intraTiers.find((t) => t.number === leg.tier);
  const only = leg.period;
  const list =
    only !== null
      ? Int32Array.from(months.flatMap((m, i) => (m === only ? [i] : [])))
      : tier === undefined
        ? Int32Array.from(months.keys())
        : monthsOf(months, tier);
  return { sign: leg.side === 'A' ? 1 : -1, ratio: leg.ratio, months: list };
}

function isPair(legs: readonly CalendarLeg[]): boolean {
  const [first, second] = legs;
  return (
    legs.length === 2 &&
    first?.months.length === 1 &&
    second?.months.length === 1 &&
    first.months[0] !== second.months[0] &&
    first.sign !== second.sign
  );
}

/** Product of the adjustments from the base class up to the chosen one. */
function classFactor(commodity: SpanCommodity, rateId: number): number {
  let factor = 1;
  let id = rateId;
  for (let step = 0; step < 8; step++) {
    const adjustment = commodity.adjustments.find((a) => a.rateId === id);
    if (adjustment === undefined) return factor;
    factor *= adjustment.factor;
    if (adjustment.baseRateId === id) return factor;
    id = adjustment.baseRateId;
  }
  return factor;
}
