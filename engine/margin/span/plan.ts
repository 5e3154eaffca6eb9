/** A parameter set made ready for one performance-bond class: indices, tiers as month lists, rates resolved to numbers. */
import { type CommodityPlan, planCommodity } from './commodity-plan.ts';
import type { SpanClass, SpanParameterSet } from './parameter-set.ts';
import { rateFinder } from './rate-finder.ts';
import { planSpreads, type SpreadGroup } from './spread-plan.ts';

/** Everything the calculation reads. Built once a set and class. */
export interface SpanPlan {
  readonly set: SpanParameterSet;
  readonly class: SpanClass;
  readonly baseCurrency: string;
  readonly commodities: readonly CommodityPlan[];
  /** Commodities joined by spreads; each is margined without the others. */
  readonly groups: readonly SpreadGroup[];
  /** Group of each commodity. */
  readonly groupOf: Int32Array;
  /** Index of each contract by its id. */
  readonly contractIndex: ReadonlyMap<string, number>;
  /** Commodity of each contract. */
  readonly commodityOf: Int32Array;
  /** Pools of option value: commodities of one margin group and currency. */
  readonly pools: readonly SpanPool[];
}

/** Commodities whose net option values offset each other's risk. */
export interface SpanPool {
  readonly group: string;
  readonly currency: string;
  /** Units of the base currency per unit of this one; null where the set has no conversion. */
  readonly toBase: number | null;
}

/** Prepares `set` for `chosen`, one of its classes; totals are in `baseCurrency` where the set can convert. */
export function planSpan(set: SpanParameterSet, chosen: SpanClass, baseCurrency: string): SpanPlan {
  const { contracts } = set;
  const commodityOf = Int32Array.from(contracts, (c) => c.commodity);
  const members: number[][] = set.commodities.map(() => []);
  contracts.forEach((contract, i) => {
    members[contract.commodity]?.push(i);
  });
  const contractIndex = new Map(contracts.map((contract, i) => [contract.id, i]));
  const decimalsOf = new Map(set.currencies.map((c) => [c.code, c.decimals]));
  const pools: SpanPool[] = [];
  const poolIndex = new Map<string, number>();
  const commodities = set.commodities.map((commodity, i) => {
    const { group, currency } = commodity;
    const key = `${group}\n${currency}`;
    let pool = poolIndex.get(key);
    if (pool === undefined) {
      pool = pools.push({ group, currency, toBase: conversion(set, currency, baseCurrency) }) - 1;
      poolIndex.set(key, pool);
    }
    const rateOf = rateFinder(set, i, chosen.rateId);
    const decimals = decimalsOf.get(currency) ?? 0;
    return planCommodity(set, i, members[i] ?? [], { rateOf, decimals, pool, rateId: chosen.rateId });
  });
  const groups = planSpreads(set, commodities, (commodity) => rateFinder(set, commodity, chosen.rateId));
  const groupOf = new Int32Array(commodities.length);
  groups.forEach((group, g) => {
    for (const commodity of group.commodities) groupOf[commodity] = g;
  });
  return {
    set,
    class: chosen,
    baseCurrency,
    commodities,
    groups,
    groupOf,
    contractIndex,
    commodityOf,
    pools,
  };
}

function conversion(set: SpanParameterSet, from: string, to: string): number | null {
  if (from === to) return 1;
  const direct = set.conversions.find((c) => c.from === from && c.to === to);
  if (direct !== undefined) return direct.factor;
  const inverse = set.conversions.find((c) => c.from === to && c.to === from);
  return inverse === undefined || inverse.factor === 0 ? null : 1 / inverse.factor;
}
