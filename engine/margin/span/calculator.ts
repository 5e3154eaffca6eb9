/** The SPAN calculation over one plan: a whole portfolio, or one order more, without making garbage. */
import { chargeCalendars, chargeSpot } from './calendar-charge.ts';
import type { CommodityPlan } from './commodity-plan.ts';
import { formSpreads, type SpreadContext } from './commodity-spreads.ts';
import { CommodityWork, copyDeltas, measurePositions, sumDeltas } from './commodity-work.ts';
import type { SpanPlan } from './plan.ts';
import { roundAmount } from './rounding.ts';
import { fillLosses, scanLosses, scanShapes } from './scan-risk.ts';
import type { SpreadLog } from './spread-log.ts';
import type { SpreadGroup } from './spread-plan.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Margins portfolios under one plan. Holds the last portfolio given to {@link margin}, so that {@link whatIf} computes
 * only the commodity an order touches and the spreads of its group.
 *
 * Order of the steps: scan, super-spreads, calendar charges, delivery charge, credits, short option minimum, totals.
 */
export class SpanCalculator {
  readonly #plan: SpanPlan;
  readonly #works: CommodityWork[];
  /** Figures of a what-if, so that those of the portfolio stay. */
  readonly #trials: CommodityWork[];
  /** The works a pass looks at: the portfolio's own, or trials in their place. */
  readonly #seen: CommodityWork[];
  readonly #risks: Float64Array;
  readonly #values: Float64Array;
  readonly #poolRisks: Float64Array;
  readonly #poolValues: Float64Array;
  /** The same for a what-if. */
  readonly #freshRisks: Float64Array;
  readonly #freshValues: Float64Array;
  /** One object for all passes: making one costs as much as a small group. */
  readonly #context: Mutable<SpreadContext>;
  #lots: Float64Array;
  /** Groups whose works are those of a portfolio; the others hold nothing. */
  readonly #groupsHeld: Int32Array;
  #groupsHeldCount = 0;
  readonly #answer = new Float64Array(1);

  constructor(plan: SpanPlan) {
    const { commodities } = plan;
    this.#plan = plan;
    this.#works = commodities.map((c) => new CommodityWork(c));
    this.#trials = commodities.map((c) => new CommodityWork(c));
    this.#seen = [...this.#works];
    this.#risks = new Float64Array(commodities.length);
    this.#values = new Float64Array(commodities.length);
    this.#poolRisks = new Float64Array(plan.pools.length);
    this.#poolValues = new Float64Array(plan.pools.length);
    this.#freshRisks = new Float64Array(plan.pools.length);
    this.#freshValues = new Float64Array(plan.pools.length);
    this.#lots = new Float64Array(plan.set.contracts.length);
    this.#groupsHeld = new Int32Array(plan.groups.length);
    this.#context = {
      plans: commodities,
      works: this.#seen,
      scenarios: plan.set.scenarios,
      set: plan.set,
      lots: this.#lots,
      isSuper: false,
      log: null,
    };
  }

  /**
   * Requirement of a whole portfolio in the base currency. Currencies the set cannot convert count as 0: check the
   * positions first (`readPositions`).
   *
   * @param lots - signed contracts held, by index into the set's contracts; kept, not copied
   * @param log - told of every spread formed; null when nobody asks
   */
  margin(lots: Float64Array, log: SpreadLog | null = null): number {
    const { groups } = this.#plan;
    this.#lots = lots;
    for (let g = 0; g < groups.length; g++) {
      this.#groupsHeld[g] = g;
      this.#marginGroup(groups[g] as SpreadGroup, log);
    }
    this.#groupsHeldCount = groups.length;
    return this.#total();
  }

  /**
   * As {@link margin}, to the same figures, for a portfolio that holds nothing outside the first `count` of `groups`: only these
   * are computed, which pays where a portfolio holds little of a large set.
   *
   * @param groups - indices into the plan's groups, each once
   */
  marginWithin(lots: Float64Array, groups: Int32Array, count: number): number {
    this.#lots = lots;
    for (let i = 0; i < this.#groupsHeldCount; i++) this.#forget(this.#groupsHeld[i] as number);
    for (let i = 0; i < count; i++) {
      const g = groups[i] as number;
      this.#groupsHeld[i] = g;
      this.#marginGroup(this.#plan.groups[g] as SpreadGroup, null);
    }
    this.#groupsHeldCount = count;
    return this.#total();
  }

  /**
   * Requirement with one order more; the portfolio stays as it is.
   *
   * @param contract - index into the set's contracts
   * @param change - signed contracts bought (+) or sold (−)
   */
  whatIf(contract: number, change: number): number {
    this.whatIfInto(contract, change, this.#answer, 0);
    return this.#answer[0] as number;
  }

  /** As {@link whatIf}, with the requirement written into `into[at]`: a number that is returned may cost a little garbage. */
  whatIfInto(contract: number, change: number, into: Float64Array, at: number): void {
    const plan = this.#plan;
    const c = plan.commodityOf[contract] as number;
    const group = plan.groups[plan.groupOf[c] as number] as SpreadGroup;
    const { commodities } = group;
    const held = this.#lots[contract] as number;
    this.#lots[contract] = held + change;
    if (group.coupled) {
      for (const other of commodities) {
        this.#seen[other] = this.#trials[other] as CommodityWork;
        measurePositions(this.#commodity(other), this.#trials[other] as CommodityWork, this.#lots);
      }
    } else {
      this.#seen[c] = this.#trials[c] as CommodityWork;
      measurePositions(this.#commodity(c), this.#trials[c] as CommodityWork, this.#lots);
      this.#prepare(c, null);
    }
    this.#closeGroup(group, null);
    this.#totalWith(group, into, at);
    this.#lots[contract] = held;
    for (let i = 0; i < commodities.length; i++) {
      const other = commodities[i] as number;
      this.#seen[other] = this.#works[other] as CommodityWork;
    }
  }

  /** Figures of one commodity after {@link margin}; valid until the next call of {@link margin} or {@link whatIf}. */
  work(commodity: number): CommodityWork {
    return this.#works[commodity] as CommodityWork;
  }

  #marginGroup(group: SpreadGroup, log: SpreadLog | null): void {
    const { commodities } = group;
    for (let i = 0; i < commodities.length; i++) {
      const c = commodities[i] as number;
      measurePositions(this.#commodity(c), this.#works[c] as CommodityWork, this.#lots);
      if (!group.coupled) this.#prepare(c, log);
    }
    this.#closeGroup(group, log);
    for (let i = 0; i < commodities.length; i++) this.#keep(commodities[i] as number);
  }

  /** Leaves a group without positions. */
  #forget(group: number): void {
    const { commodities } = this.#plan.groups[group] as SpreadGroup;
    for (let i = 0; i < commodities.length; i++) {
      const c = commodities[i] as number;
      (this.#works[c] as CommodityWork).empty = true;
      this.#keep(c);
    }
  }

  #commodity(c: number): CommodityPlan {
    return this.#plan.commodities[c] as CommodityPlan;
  }

  /** What one commodity can do without its group: scan, calendar charges, delivery charge. */
  #prepare(c: number, log: SpreadLog | null): void {
    const plan = this.#commodity(c);
    const work = this.#seen[c] as CommodityWork;
    if (work.empty) return;
    const { scenarios } = this.#plan.set;
    if (plan.scanTierCount === 1 && log === null) scanShapes(plan, work, scenarios);
    else {
      fillLosses(plan, work);
      scanLosses(plan, work, scenarios);
    }
    copyDeltas(work.monthDeltas, work.left);
    chargeCalendars(plan, work, log);
    chargeSpot(plan, work, log);
    work.leftDelta = sumDeltas(work.left);
  }

  /** Everything that needs the whole group: super-spreads, credits, and each commodity's risk. */
  #closeGroup(group: SpreadGroup, log: SpreadLog | null): void {
    const { commodities } = group;
    const works = this.#seen;
    if (group.coupled) this.#closeCoupled(group, log);
    else if (group.inters.length > 0) {
      for (let i = 0; i < commodities.length; i++) {
        const work = works[commodities[i] as number] as CommodityWork;
        work.credit = 0;
        work.openDelta = work.leftDelta;
        if (group.byMonth && !work.empty) copyDeltas(work.left, work.open);
      }
      formSpreads(group.inters, this.#spreadContext(false, log));
    }
    for (let i = 0; i < commodities.length; i++) {
      const c = commodities[i] as number;
      settle(this.#commodity(c), works[c] as CommodityWork);
    }
  }

  #closeCoupled(group: SpreadGroup, log: SpreadLog | null): void {
    const { scenarios } = this.#plan.set;
    for (const c of group.commodities) {
      const work = this.#seen[c] as CommodityWork;
      work.credit = 0;
      if (work.empty) continue;
      fillLosses(this.#commodity(c), work);
      scanLosses(this.#commodity(c), work, scenarios);
      copyDeltas(work.monthDeltas, work.open);
    }
    formSpreads(group.supers, this.#spreadContext(true, log));
    for (const c of group.commodities) {
      const work = this.#seen[c] as CommodityWork;
      if (work.empty) continue;
      copyDeltas(work.open, work.left);
      chargeCalendars(this.#commodity(c), work, log);
      chargeSpot(this.#commodity(c), work, log);
      work.openDelta = copyDeltas(work.left, work.open);
    }
    formSpreads(group.inters, this.#spreadContext(false, log));
  }

  #spreadContext(isSuper: boolean, log: SpreadLog | null): SpreadContext {
    const context = this.#context;
    context.lots = this.#lots;
    context.isSuper = isSuper;
    context.log = log;
    return context;
  }

  #keep(c: number): void {
    const work = this.#works[c] as CommodityWork;
    this.#risks[c] = work.empty ? 0 : work.risk;
    this.#values[c] = work.empty ? 0 : optionValueOf(this.#commodity(c), work);
  }

  /** Adds up the pools of the portfolio and answers the requirement. */
  #total(): number {
    const { commodities, pools } = this.#plan;
    const poolRisks = this.#poolRisks;
    const poolValues = this.#poolValues;
    poolRisks.fill(0);
    poolValues.fill(0);
    for (let c = 0; c < commodities.length; c++) {
      const pool = (commodities[c] as CommodityPlan).pool;
      poolRisks[pool] = (poolRisks[pool] as number) + (this.#risks[c] as number);
      poolValues[pool] = (poolValues[pool] as number) + (this.#values[c] as number);
    }
    let total = 0;
    for (let p = 0; p < pools.length; p++) {
      const required = (poolRisks[p] as number) - (poolValues[p] as number);
      if (required > 0) total += required * (pools[p]?.toBase ?? 0);
    }
    return total;
  }

  /** The requirement with the members of one group as the pass at hand left them. */
  #totalWith(group: SpreadGroup, into: Float64Array, at: number): void {
    const { pools } = this.#plan;
    const { commodities } = group;
    const risks = this.#freshRisks;
    const values = this.#freshValues;
    for (let p = 0; p < pools.length; p++) {
      risks[p] = this.#poolRisks[p] as number;
      values[p] = this.#poolValues[p] as number;
    }
    for (let i = 0; i < commodities.length; i++) {
      const c = commodities[i] as number;
      const plan = this.#commodity(c);
      const work = this.#seen[c] as CommodityWork;
      const risk = work.empty ? 0 : work.risk;
      const value = work.empty || !plan.hasOptions ? 0 : optionValueOf(plan, work);
      risks[plan.pool] = (risks[plan.pool] as number) + risk - (this.#risks[c] as number);
      values[plan.pool] = (values[plan.pool] as number) + value - (this.#values[c] as number);
    }
    let total = 0;
    for (let p = 0; p < pools.length; p++) {
      const required = (risks[p] as number) - (values[p] as number);
      if (required > 0) total += required * (pools[p]?.toBase ?? 0);
    }
    into[at] = total;
  }
}

/** Risk of one commodity: scan + charges − credits, at least the short option minimum, times the class factor, rounded. */
function settle(plan: CommodityPlan, work: CommodityWork): void {
  if (work.empty) return;
  // Credits relieve scan risk only: charges are always paid.
  const credit = Math.min(work.credit, work.scanRisk);
  const risk = work.scanRisk + work.calendarCharge + work.spotCharge - credit;
  work.risk = roundAmount(Math.max(risk, work.shortOptionMinimum) * plan.factor, plan.decimals);
}

/** Net option value that counts: rounded, and at most the commodity's own risk where it is capped. */
export function optionValueOf(plan: CommodityPlan, work: CommodityWork): number {
  const value = roundAmount(work.optionValue, plan.decimals);
  return plan.optionValueCapped ? Math.min(value, work.risk) : value;
}
