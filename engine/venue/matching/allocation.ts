/** How a taker is shared among the orders of one price: steps as plain functions, and the exchange's algorithms as data. */
import { assert } from '../../core/assert.ts';

/**
 * One step of an algorithm. `top`: the order that bettered the market; `market-makers`: each lead market maker its
 * percentage of the taker; `split`: the FIFO share first come, first served, the rest pro rata; `pro-rata`; `leveling`:
 * one lot to each order that pro rata gave nothing, the largest first; `fifo`: what is left, first come, first served.
 */
export type AllocationStep = 'top' | 'market-makers' | 'split' | 'pro-rata' | 'leveling' | 'fifo';

/** An algorithm of steps with its parameters; which values a product has is the exchange's to say. */
export interface AllocationRules {
  readonly code: string;
  readonly steps: readonly AllocationStep[];
  /** An order that betters the market with less than this is not the top order. */
  readonly topMinimumLots: number;
  /** Most lots that the top order is given first; null for all of it. */
  readonly topMaximumLots: number | null;
  /** Pro rata gives nothing where its result is below this. */
  readonly proRataMinimumLots: number;
  /** Share of the split step that goes first come, first served, in percent. */
  readonly fifoPercent: number;
}

const COMMON = { topMinimumLots: 1, topMaximumLots: null, proRataMinimumLots: 2, fifoPercent: 0 } as const;

/** Price-time priority: everything first come, first served. */
export const FIFO: AllocationRules = { ...COMMON, code: 'F', steps: ['fifo'] };

/**
 * The algorithms of CME Globex by their code.
 *
 * Source: CME Globex Matching Algorithm Steps, cmegroupclientsite.atlassian.net/wiki/spaces/EPICSANDBOX/pages/457218521,
 * read 2026-07. The parameters of a product come from the Globex product reference sheet, which is not part of this
 * project: the pro rata minimum of 2 is stated for A (Supported Matching Algorithms), the other values are placeholders
 * to be replaced by a product's own. Codes P, V and Y are not modelled.
 */
export const GLOBEX_ALGORITHMS: Readonly<
  Record<'A' | 'C' | 'F' | 'K' | 'O' | 'Q' | 'S' | 'T', AllocationRules>
> = {
  A: { ...COMMON, code: 'A', steps: ['top', 'pro-rata', 'fifo'] },
  C: { ...COMMON, code: 'C', steps: ['pro-rata', 'fifo'] },
  F: FIFO,
  K: {
    ...COMMON,
    code: 'K',
    steps: ['top', 'market-makers', 'split', 'pro-rata', 'leveling', 'fifo'],
    fifoPercent: 40,
  },
  O: { ...COMMON, code: 'O', steps: ['top', 'pro-rata', 'fifo'] },
  Q: { ...COMMON, code: 'Q', steps: ['top', 'market-makers', 'pro-rata', 'fifo'] },
  S: { ...COMMON, code: 'S', steps: ['top', 'market-makers', 'fifo'] },
  T: { ...COMMON, code: 'T', steps: ['market-makers', 'fifo'] },
};

/**
 * The orders of one price in time order, and what each is given. Parallel arrays that the owner reuses; only the first
 * `count` entries mean something.
 */
export interface SharedLevel {
  count: number;
  /** Lots of each order that can be matched now. */
  lots: number[];
  /** Percentage of a lead market maker's order, else 0. */
  makerPercents: number[];
  /** Position of the top order, or -1. */
  top: number;
  /** For the steps alone: orders that pro rata gave nothing. */
  passedOver: boolean[];
  /** Result: lots given to each order. */
  fills: number[];
}

/**
 * Shares a taker among the orders of one price. Each step works on what the steps before it left of taker and orders;
 * all quotients are rounded down.
 *
 * @param takerLots - at most the sum of the orders' lots
 * @example TOP 10, then 5, 20, 50, 75 against 60 under A → 10, 3, 6, 16, 25 (CME Globex notice of 7 February 2005)
 */
export function allocate(rules: AllocationRules, level: SharedLevel, takerLots: number): void {
  for (let i = 0; i < level.count; i++) {
    level.fills[i] = 0;
    level.passedOver[i] = false;
  }
  let left = takerLots;
  for (const step of rules.steps) {
    if (left === 0) return;
    left -= runStep(step, rules, level, left);
  }
  assert(left === 0, 'every algorithm ends with a step that gives the rest away');
}

function runStep(
  step: AllocationStep,
  rules: AllocationRules,
  level: SharedLevel,
  takerLots: number,
): number {
  switch (step) {
    case 'top':
      if (level.top < 0) return 0;
      return give(level, level.top, Math.min(takerLots, rules.topMaximumLots ?? takerLots));
    case 'market-makers':
      return shareAmongMakers(level, takerLots);
    case 'split':
      return firstCome(level, Math.floor((takerLots * rules.fifoPercent + 50) / 100));
    case 'pro-rata':
      return shareProRata(level, takerLots, rules.proRataMinimumLots);
    case 'leveling':
      return levelOut(level, takerLots);
    case 'fifo':
      return firstCome(level, takerLots);
  }
}

/** Gives an order up to `lots` and returns what it took. */
function give(level: SharedLevel, i: number, lots: number): number {
  const given = level.fills[i] as number;
  const taken = Math.min(lots, (level.lots[i] as number) - given);
  level.fills[i] = given + taken;
  return taken;
}

function firstCome(level: SharedLevel, takerLots: number): number {
  let left = takerLots;
  for (let i = 0; i < level.count && left > 0; i++) left -= give(level, i, left);
  return takerLots - left;
}

/** Every percentage is of the same size: what the taker brought to this step. */
function shareAmongMakers(level: SharedLevel, takerLots: number): number {
  let left = takerLots;
  for (let i = 0; i < level.count && left > 0; i++) {
    const percent = level.makerPercents[i] as number;
    if (percent > 0) left -= give(level, i, Math.min(left, Math.floor((takerLots * percent) / 100)));
  }
  return takerLots - left;
}

function shareProRata(level: SharedLevel, takerLots: number, minimumLots: number): number {
  const total = openLots(level);
  let given = 0;
  for (let i = 0; i < level.count; i++) {
    const open = (level.lots[i] as number) - (level.fills[i] as number);
    const share = multiplyDivide(open, takerLots, total);
    const enough = share > 0 && share >= minimumLots;
    if (enough) given += give(level, i, share);
    level.passedOver[i] = !enough;
  }
  return given;
}

/** One lot to each order that pro rata passed over: the largest first, at equal size the earliest. */
function levelOut(level: SharedLevel, takerLots: number): number {
  let left = takerLots;
  while (left > 0) {
    let largest = -1;
    let mostOpen = 0;
    for (let i = 0; i < level.count; i++) {
      const open = (level.lots[i] as number) - (level.fills[i] as number);
      if (level.passedOver[i] === true && open > mostOpen) {
        largest = i;
        mostOpen = open;
      }
    }
    if (largest < 0) break;
    level.passedOver[largest] = false;
    left -= give(level, largest, 1);
  }
  return takerLots - left;
}

function openLots(level: SharedLevel): number {
  let total = 0;
  for (let i = 0; i < level.count; i++) total += (level.lots[i] as number) - (level.fills[i] as number);
  return total;
}

/** floor(a × b / c) of non-negative integers up to 2^31, exact. */
function multiplyDivide(a: number, b: number, c: number): number {
  const product = a * b;
  if (!Number.isSafeInteger(product)) return Number((BigInt(a) * BigInt(b)) / BigInt(c));
  const quotient = Math.floor(product / c);
  return quotient * c > product ? quotient - 1 : quotient;
}
