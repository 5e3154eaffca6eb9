/** The margin of a portfolio by SPAN, as a report of plain data: every commodity with its scenarios, charges and credits. */
import { ok, type Result } from '../../core/result.ts';
import { optionValueOf, SpanCalculator } from './calculator.ts';
import type { CommodityPlan } from './commodity-plan.ts';
import type { CommodityWork } from './commodity-work.ts';
import { SCENARIO_COUNT, SPAN_LABEL, type SpanClass, type SpanCommodity } from './parameter-set.ts';
import type { SpanPlan } from './plan.ts';
import { roundAmount } from './rounding.ts';
import { readPositions, type SpanPosition } from './span-portfolio.ts';

/** One combined commodity of a report. Amounts in its currency; estimates in float64, `risk` rounded. */
export interface CommodityMargin {
  readonly commodity: string;
  readonly name: string;
  readonly currency: string;
  /** Loss of the commodity's positions in each of the 16 scenarios, gains negative; all scan tiers added. */
  readonly losses: Float64Array;
  /** Worst scenario counted from 1; of the first scan tier where there are several. */
  readonly activeScenario: number;
  readonly netDelta: number;
  readonly scanRisk: number;
  readonly timeRisk: number;
  readonly volatilityRisk: number;
  readonly priceRisk: number;
  /** Price risk of one delta. */
  readonly weightedRisk: number;
  readonly calendarCharge: number;
  readonly spotCharge: number;
  /** What spreads with other commodities take off, at most the scan risk. */
  readonly interCredit: number;
  readonly shortOptionMinimum: number;
  /** Whether the short option minimum is above all the rest and stands in its place. */
  readonly isMinimum: boolean;
  readonly netOptionValue: number;
  /** Requirement before option value, rounded. */
  readonly risk: number;
  readonly positions: readonly {
    readonly contract: string;
    readonly lots: number;
    /** Loss of the position in each scenario. */
    readonly losses: Float64Array;
  }[];
}

/** Commodities of one margin group and currency, in which option value offsets risk. */
export interface PoolMargin {
  readonly group: string;
  readonly currency: string;
  readonly risk: number;
  readonly netOptionValue: number;
  /** max(0, risk − net option value). */
  readonly requirement: number;
  /** Option value beyond the risk, which offsets nothing here. */
  readonly excessOptionValue: number;
}

/** The margin of one portfolio. */
export interface SpanReport {
  readonly label: string;
  readonly setId: string;
  readonly setDate: string;
  readonly setHash: string;
  readonly setSource: string;
  readonly class: SpanClass;
  readonly baseCurrency: string;
  /** Sum over the pools in the base currency. */
  readonly requirement: number;
  readonly pools: readonly PoolMargin[];
  /** Commodities with positions, or with risk moved to them by a spread, in the order of the set. */
  readonly commodities: readonly CommodityMargin[];
  /** Rates in force here that are not published ones. */
  readonly assumptions: readonly string[];
  readonly notModelled: readonly string[];
}

/**
 * Margins `positions` under `plan`.
 *
 * Fails as `readPositions` does; there is no partial answer.
 */
export function spanMargin(plan: SpanPlan, positions: readonly SpanPosition[]): Result<SpanReport> {
  const lots = readPositions(plan, positions);
  if (!lots.ok) return lots;
  return ok(spanReport(plan, new SpanCalculator(plan), lots.value));
}

/** The report of checked positions, by a calculator of `plan`. */
export function spanReport(plan: SpanPlan, calculator: SpanCalculator, lots: Float64Array): SpanReport {
  const { set } = plan;
  const requirement = calculator.margin(lots);
  const commodities: CommodityMargin[] = [];
  const pools = plan.pools.map(() => ({ risk: 0, value: 0, held: false }));
  for (const commodity of plan.commodities) {
    const work = calculator.work(commodity.index);
    const pool = pools[commodity.pool];
    if (work.empty || pool === undefined) continue;
    commodities.push(commodityMargin(plan, commodity, work, lots));
    pool.risk += work.risk;
    pool.value += optionValueOf(commodity, work);
    pool.held = true;
  }
  return {
    label: SPAN_LABEL,
    setId: set.id,
    setDate: set.date,
    setHash: set.hash,
    setSource: set.source,
    class: plan.class,
    baseCurrency: plan.baseCurrency,
    requirement,
    commodities,
    pools: pools.flatMap(({ risk, value, held }, p): PoolMargin[] => {
      const { group, currency } = plan.pools[p] ?? { group: '', currency: '' };
      const decimals = set.currencies.find((c) => c.code === currency)?.decimals ?? 0;
      const rest = roundAmount(risk - value, decimals);
      return held
        ? [
            {
              group,
              currency,
              risk,
              netOptionValue: value,
              requirement: Math.max(0, rest),
              excessOptionValue: Math.max(0, -rest),
            },
          ]
        : [];
    }),
    assumptions: assumptionsOf(plan, commodities),
    notModelled: set.notModelled,
  };
}

function commodityMargin(
  plan: SpanPlan,
  commodity: CommodityPlan,
  work: CommodityWork,
  lots: Float64Array,
): CommodityMargin {
  const { set } = plan;
  const { code, name, currency } = set.commodities[commodity.index] as SpanCommodity;
  const losses = new Float64Array(SCENARIO_COUNT);
  const positions = [...commodity.contracts].flatMap((contract) => {
    const held = lots[contract] ?? 0;
    if (held === 0) return [];
    const own = set.arrays
      .subarray(contract * SCENARIO_COUNT, (contract + 1) * SCENARIO_COUNT)
      .map((loss) => loss * held);
    own.forEach((loss, s) => {
      losses[s] = (losses[s] ?? 0) + loss;
    });
    return [{ contract: set.contracts[contract]?.id ?? '', lots: held, losses: own }];
  });
  const interCredit = Math.min(work.credit, work.scanRisk);
  const margin = work.scanRisk + work.calendarCharge + work.spotCharge - interCredit;
  return {
    commodity: code,
    name,
    currency,
    losses,
    positions,
    activeScenario: (work.active[0] ?? 0) + 1,
    netDelta: work.netDelta,
    scanRisk: work.scanRisk,
    timeRisk: work.timeRisk,
    volatilityRisk: work.volatilityRisk,
    priceRisk: work.priceRisk,
    weightedRisk: work.weightedRisk,
    calendarCharge: work.calendarCharge,
    spotCharge: work.spotCharge,
    interCredit,
    shortOptionMinimum: work.shortOptionMinimum,
    isMinimum: work.shortOptionMinimum > margin,
    netOptionValue: optionValueOf(commodity, work),
    risk: work.risk,
  };
}

function assumptionsOf(plan: SpanPlan, commodities: readonly CommodityMargin[]): readonly string[] {
  const held = new Set(commodities.map((c) => c.commodity));
  const { set } = plan;
  const calendars = set.commodities.filter((c) => held.has(c.code)).flatMap((c) => c.calendarSpreads);
  const between = [...set.superSpreads, ...set.interSpreads].filter((s) =>
    s.legs.every((leg) => held.has(set.commodities[leg.commodity]?.code ?? '')),
  );
  return [...new Set([...calendars, ...between].flatMap((s) => s.assumption ?? []))];
}
