// What every SPAN-type margin must satisfy, over random sets and portfolios.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { naiveSpan } from '../../testkit/naive-span.ts';
import {
  buildSet,
  commodity,
  deltaSpread,
  future,
  HEAD,
  leg,
  randomPositions,
  randomSet,
} from '../../testkit/span-sets.ts';
import { black76, normalDistribution } from './black-76.ts';
import { SpanCalculator } from './calculator.ts';
import type { SpanParameterSet } from './parameter-set.ts';
import { planSpan, type SpanPlan } from './plan.ts';
import { futureArray, optionArray } from './risk-array.ts';
import { roundAmount } from './rounding.ts';
import { STANDARD_DELTA_POINTS, standardScenarios } from './scenarios.ts';
import { spanMargin } from './span-margin.ts';
import { readPositions } from './span-portfolio.ts';

const planOf = (set: SpanParameterSet): SpanPlan => {
  const chosen = set.classes[0];
  if (chosen === undefined) throw new Error('no class');
  return planSpan(set, chosen, 'USD');
};
const lotsOf = (set: SpanParameterSet, positions: ReadonlyMap<string, number>): Float64Array =>
  Float64Array.from(set.contracts, (c) => positions.get(c.id) ?? 0);

/** Futures of four commodities whose amounts are whole, with calendar charges and credits of whole ratios. */
function futuresSet(rng: Rng, withSpreads: boolean): SpanParameterSet {
  const commodities = Array.from({ length: 4 }, (_, c) =>
    commodity(`C${c}`, {
      calendarSpreads: withSpreads
        ? [deltaSpread(1, 10 + rng.below(200), [leg(c, 'A'), leg(c, 'B')], { charge: 'flat' })]
        : [],
      spotRates: withSpreads
        ? [
            {
              period: '202003',
              spreadRates: [{ rateId: 1, value: rng.below(50) }],
              outrightRates: [{ rateId: 1, value: rng.below(90) }],
              place: 0,
            },
          ]
        : [],
    }),
  );
  const contracts = commodities.flatMap((_, c) => {
    const priceScan = 100 * (5 + rng.below(50));
    return ['202003', '202006', '202009'].map((period) =>
      future({ product: `P${c}`, commodity: c, period, priceScan }),
    );
  });
  const spread = (n: number) =>
    deltaSpread(n, (30 + rng.below(60)) / 100, [
      leg(rng.below(2), 'A', 1 + rng.below(3)),
      leg(2 + rng.below(2), 'B'),
    ]);
  return buildSet(commodities, contracts, withSpreads ? { inter: [spread(1), spread(2), spread(3)] } : {});
}

describe('properties', () => {
  const RUNS = 200;

  it('no position needs nothing, and nothing is ever negative', () => {
    const rng = new Rng(1);
    for (let n = 0; n < RUNS; n++) {
      const set = randomSet(rng);
      const calculator = new SpanCalculator(planOf(set));
      expect(calculator.margin(new Float64Array(set.contracts.length))).toBe(0);
      expect(calculator.margin(lotsOf(set, randomPositions(rng, set)))).toBeGreaterThanOrEqual(0);
    }
  });

  it('twice the position needs twice the margin, to the rounding of its commodities', () => {
    const rng = new Rng(2);
    for (let n = 0; n < RUNS; n++) {
      const set = randomSet(rng);
      const calculator = new SpanCalculator(planOf(set));
      const positions = randomPositions(rng, set);
      const one = calculator.margin(lotsOf(set, positions));
      const two = calculator.margin(lotsOf(set, new Map([...positions].map(([id, lots]) => [id, 2 * lots]))));
      // Time and volatility risk are rounded before credits are taken from them, risk and option value after.
      expect(Math.abs(two - 2 * one)).toBeLessThanOrEqual(10 * set.commodities.length);
    }
  });

  it('scan risk alone is sub-additive: together never more than apart', () => {
    const rng = new Rng(3);
    for (let n = 0; n < RUNS; n++) {
      const set = futuresSet(rng, false);
      const calculator = new SpanCalculator(planOf(set));
      const [p, q] = [lotsOf(set, randomPositions(rng, set)), lotsOf(set, randomPositions(rng, set))];
      const both = p.map((lots, i) => lots + (q[i] ?? 0));
      const apart = calculator.margin(p) + calculator.margin(q);
      expect(calculator.margin(both)).toBeLessThanOrEqual(apart + 1e-6);
    }
  });

  it('credits come from opposite sides only, and never exceed the scan risk of the commodity', () => {
    const rng = new Rng(4);
    let credited = 0;
    for (let n = 0; n < RUNS; n++) {
      const set = futuresSet(rng, true);
      const plan = planOf(set);
      const positions = randomPositions(rng, set);
      const list = [...positions].map(([contract, lots]) => ({ contract, lots }));
      const report = spanMargin(plan, list);
      if (!report.ok) throw new Error(report.failure.message);
      for (const c of report.value.commodities) {
        expect(c.interCredit).toBeLessThanOrEqual(c.scanRisk + 1e-9);
        if (c.interCredit > 0) credited++;
      }
      const sameSide = list.map(({ contract, lots }) => ({ contract, lots: Math.abs(lots) }));
      const long = spanMargin(plan, sameSide);
      if (!long.ok) throw new Error(long.failure.message);
      for (const c of long.value.commodities) expect(c.interCredit).toBe(0);
    }
    expect(credited).toBeGreaterThan(RUNS / 4);
  });

  it('the requirement of futures is never below their delivery and calendar charges', () => {
    const rng = new Rng(5);
    let charged = 0;
    for (let n = 0; n < RUNS; n++) {
      const set = futuresSet(rng, true);
      const positions = randomPositions(rng, set);
      const report = spanMargin(
        planOf(set),
        [...positions].map(([contract, lots]) => ({ contract, lots })),
      );
      if (!report.ok) throw new Error(report.failure.message);
      for (const c of report.value.commodities) {
        if (c.spotCharge > 0) charged++;
        expect(c.risk).toBeGreaterThanOrEqual(roundAmount(c.spotCharge + c.calendarCharge, 0) - 1);
      }
    }
    expect(charged).toBeGreaterThan(RUNS / 4);
  });

  it('the order of positions does not matter, and parts of one position net', () => {
    const rng = new Rng(6);
    for (let n = 0; n < RUNS; n++) {
      const set = randomSet(rng);
      const plan = planOf(set);
      const list = [...randomPositions(rng, set)].map(([contract, lots]) => ({ contract, lots }));
      const parts = list.flatMap(({ contract, lots }) => [
        { contract, lots: lots - 3 },
        { contract, lots: 3 },
      ]);
      expect(spanMargin(plan, list.toReversed())).toEqual(spanMargin(plan, list));
      expect(spanMargin(plan, parts)).toEqual(spanMargin(plan, list));
    }
  });

  it('a what-if leaves the portfolio as it is, and orders undone leave no trace', () => {
    const rng = new Rng(7);
    for (let n = 0; n < RUNS; n++) {
      const set = randomSet(rng);
      const plan = planOf(set);
      const calculator = new SpanCalculator(plan);
      const lots = lotsOf(set, randomPositions(rng, set));
      const whole = calculator.margin(lots);
      for (let o = 0; o < 5; o++) {
        const [contract, change] = [rng.below(lots.length), rng.below(31) - 15];
        const after = calculator.whatIf(contract, change);
        const changed = lots.slice();
        changed[contract] = (changed[contract] ?? 0) + change;
        expect(after).toBeCloseTo(new SpanCalculator(plan).margin(changed), 6);
        expect(calculator.whatIf(contract, 0)).toBeCloseTo(whole, 6);
      }
    }
  });
});

describe('deltas that are nothing but float noise', () => {
  it('carry no price risk, so they earn no credit', () => {
    // 0.1 + 0.2 − 0.3 is 5.6e-17, by which a whole price risk would be divided; a 1:2 calendar spread leaves real deltas.
    const row = (period: string, compositeDelta: number) =>
      future({ product: 'A', commodity: 0, period, priceScan: 1000, more: { compositeDelta } });
    const calendar = deltaSpread(1, 10, [leg(0, 'A'), leg(0, 'B', 2)], { charge: 'flat' });
    const set = buildSet(
      [commodity('A', { calendarSpreads: [calendar] }), commodity('B')],
      [
        row('202003', 0.1),
        row('202006', 0.2),
        row('202009', 0.3),
        future({ product: 'B', commodity: 1, period: '202003', priceScan: 1000 }),
      ],
      { inter: [deltaSpread(1, 0.9, [leg(0, 'A'), leg(1, 'B')])] },
    );
    const calculator = new SpanCalculator(planOf(set));
    for (const side of [1, -1]) {
      calculator.margin(Float64Array.of(1, 1, -1, side));
      expect(calculator.work(0).weightedRisk).toBe(0);
      expect(calculator.work(0).credit).toBe(0);
    }
  });
});

describe('what is missing is an error, never 0', () => {
  const row = future({ product: 'A', commodity: 0, period: '202003', priceScan: 1000 });
  const without = { contract: { ...row.contract, id: 'HALF', hasArray: false }, losses: null };
  const euro = { ...row, contract: { ...row.contract, id: 'EURO', commodity: 1 } };
  const option = { right: 'call', strike: 1, period: '202003', premiumStyle: true } as const;
  const unpriced = { ...row, contract: { ...row.contract, id: 'UNPRICED', option, price: null } };
  const set = buildSet([commodity('A'), commodity('E', { currency: 'EUR' })], [row, without, euro, unpriced]);
  const plan = planOf(set);
  const code = (contract: string, lots: number): string => {
    const found = readPositions(plan, [{ contract, lots }]);
    return found.ok ? 'accepted' : found.failure.code;
  };

  it('unknown contract, missing array or price, unknown currency, broken size', () => {
    expect(code(row.contract.id, 1)).toBe('accepted');
    expect(code('CME:A:FUT:209912', 500)).toBe('span/contract-missing');
    expect(code('HALF', 1)).toBe('span/array-missing');
    expect(code('UNPRICED', 1)).toBe('span/array-missing');
    expect(code('EURO', 1)).toBe('span/conversion-missing');
    for (const lots of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9]) {
      expect(code(row.contract.id, lots)).toBe('span/position-malformed');
    }
  });
});

describe('generated arrays', () => {
  it('normal distribution to 14 digits, symmetric, at published points', () => {
    // Abramowitz and Stegun, table 26.1.
    expect(normalDistribution(1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalDistribution(2)).toBeCloseTo(0.977249868051821, 14);
    expect(normalDistribution(3)).toBeCloseTo(0.99865010196837, 14);
    for (const x of [0, 0.3, 1.7, 2.999, 3.001, 6, 37, 50]) {
      expect(normalDistribution(x) + normalDistribution(-x)).toBeCloseTo(1, 14);
    }
  });

  it('call less put is the discounted distance to the strike, and delta is the slope', () => {
    const rng = new Rng(8);
    for (let n = 0; n < 200; n++) {
      const common = {
        futurePrice: 50 + rng.below(100),
        strike: 50 + rng.below(100),
        volatility: rng.fraction(),
        years: rng.fraction() * 2,
        interestRate: 0.05 * rng.fraction(),
      };
      const call = black76({ ...common, right: 'call' });
      const put = black76({ ...common, right: 'put' });
      const discount = Math.exp(-common.interestRate * common.years);
      expect(call.price - put.price).toBeCloseTo(discount * (common.futurePrice - common.strike), 9);
      expect(call.delta - put.delta).toBeCloseTo(discount, 9);
      const step = 1e-4;
      const up = black76({ ...common, right: 'call', futurePrice: common.futurePrice + step });
      const down = black76({ ...common, right: 'call', futurePrice: common.futurePrice - step });
      expect((up.price - down.price) / (2 * step)).toBeCloseTo(call.delta, 4);
    }
  });

  it('a call struck far below moves like its future; a long option loses at most its value', () => {
    const scenarios = standardScenarios(3, 0.33);
    const generation = {
      priceScan: 6000,
      volatilityScan: 0.35,
      volatilityScanRelative: true,
      volatility: 0.16,
      years: 0.2,
      lookAheadYears: 1 / 365,
      interestRate: 0,
      underlyingPrice: 2511,
    };
    const deep = { right: 'call', strike: 100, multiplier: 50 } as const;
    const made = optionArray(deep, generation, scenarios, STANDARD_DELTA_POINTS, 0);
    expect(made.losses).toEqual(futureArray(6000, scenarios, 0).losses);
    expect(made.compositeDelta).toBe(1);
    const near = { right: 'put', strike: 2500, multiplier: 50 } as const;
    const put = optionArray(near, generation, scenarios, STANDARD_DELTA_POINTS, 0);
    const value = black76({ ...near, futurePrice: 2511, volatility: 0.16, years: 0.2, interestRate: 0 });
    expect(Math.max(...put.losses)).toBeLessThanOrEqual(value.price * 50 + 1);
    expect(put.compositeDelta).toBeGreaterThan(-1);
    expect(put.compositeDelta).toBeLessThan(0);
    // Volatility up is worth more to a holder than volatility down, at every price.
    for (let s = 0; s < 14; s += 2) {
      expect(put.losses[s] ?? 0).toBeLessThanOrEqual(put.losses[s + 1] ?? 0);
    }
  });

  it('the weights of composite delta sum to 1', () => {
    expect(STANDARD_DELTA_POINTS.reduce((sum, p) => sum + p.weight, 0)).toBeCloseTo(1, 12);
  });

  it('scenarios come in pairs with the same price, the extremes alone', () => {
    const scenarios = HEAD.scenarios;
    scenarios.forEach((scenario, s) => {
      const pair = scenarios[scenario.paired];
      expect(pair?.priceMove).toBe(scenario.priceMove);
      expect(pair?.paired).toBe(s);
    });
    expect(naiveSpan(buildSet([commodity('A')], []), 1, 'USD', new Map()).total).toBe(0);
  });
});
