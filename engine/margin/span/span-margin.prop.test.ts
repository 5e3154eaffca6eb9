// The engine against a second evaluator, and what every SPAN-type margin must satisfy.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { naiveSpan } from '../../testkit/naive-span.ts';
import { randomPositions, randomSet } from '../../testkit/span-sets.ts';
import { SpanCalculator } from './calculator.ts';
import type { SpanParameterSet } from './parameter-set.ts';
import { planSpan, type SpanPlan } from './plan.ts';
import { spanMargin } from './span-margin.ts';

const PORTFOLIOS = Number(process.env['HEADROOM_SPAN_PORTFOLIOS'] ?? 2_000);
const PER_SET = 4;
/** A sweep of 100,000 takes about a minute of one core. */
const SWEEP_TIMEOUT_MS = 900_000;

const lotsOf = (set: SpanParameterSet, positions: ReadonlyMap<string, number>): Float64Array =>
  Float64Array.from(set.contracts, (c) => positions.get(c.id) ?? 0);
const planOf = (set: SpanParameterSet, index: number): SpanPlan => {
  const chosen = set.classes[index % set.classes.length];
  if (chosen === undefined) throw new Error('no class');
  return planSpan(set, chosen, 'USD');
};

describe('against the naive evaluator', () => {
  it(
    `agrees to one currency unit on ${PORTFOLIOS} random portfolios, whole and with one order more`,
    () => {
      const rng = new Rng(20_200_102);
      let worst = 0;
      let worstOrder = 0;
      let credited = 0;
      let charged = 0;
      for (let s = 0; s < PORTFOLIOS / PER_SET; s++) {
        const set = randomSet(rng);
        const plan = planOf(set, s);
        const calculator = new SpanCalculator(plan);
        for (let p = 0; p < PER_SET; p++) {
          const positions = randomPositions(rng, set);
          const naive = naiveSpan(set, plan.class.rateId, 'USD', positions);
          const lots = lotsOf(set, positions);
          const total = calculator.margin(lots);
          worst = Math.max(worst, Math.abs(total - naive.total));
          for (const part of naive.commodities.values()) {
            if (part.credit > 0) credited++;
            if (part.calendar > 0) charged++;
          }
          const contract = rng.below(set.contracts.length);
          const change = rng.below(21) - 10;
          const after = calculator.whatIf(contract, change);
          const id = set.contracts[contract]?.id ?? '';
          const more = new Map(positions).set(id, (positions.get(id) ?? 0) + change);
          worstOrder = Math.max(
            worstOrder,
            Math.abs(after - naiveSpan(set, plan.class.rateId, 'USD', more).total),
          );
          expect(calculator.margin(lots)).toBe(total);
        }
      }
      expect(credited).toBeGreaterThan(PORTFOLIOS / 4);
      expect(charged).toBeGreaterThan(PORTFOLIOS / 4);
      expect(worst).toBeLessThanOrEqual(1);
      expect(worstOrder).toBeLessThanOrEqual(1);
    },
    SWEEP_TIMEOUT_MS,
  );
});

describe('every commodity part', () => {
  it('agrees with the naive evaluator part by part', () => {
    const rng = new Rng(7);
    for (let s = 0; s < 100; s++) {
      const set = randomSet(rng);
      const plan = planOf(set, s);
      const positions = randomPositions(rng, set);
      const naive = naiveSpan(set, plan.class.rateId, 'USD', positions);
      const report = spanMargin(
        plan,
        [...positions].map(([contract, lots]) => ({ contract, lots })),
      );
      if (!report.ok) throw new Error(report.failure.message);
      for (const found of report.value.commodities) {
        const part = naive.commodities.get(found.commodity);
        expect(part).toBeDefined();
        expect(found.scanRisk).toBeCloseTo(part?.scan ?? Number.NaN, 4);
        expect(found.calendarCharge).toBeCloseTo(part?.calendar ?? Number.NaN, 4);
        expect(found.spotCharge).toBeCloseTo(part?.spot ?? Number.NaN, 4);
        expect(found.shortOptionMinimum).toBeCloseTo(part?.minimum ?? Number.NaN, 4);
        expect(found.risk).toBeCloseTo(part?.risk ?? Number.NaN, 4);
        expect(found.netOptionValue).toBeCloseTo(part?.value ?? Number.NaN, 4);
      }
    }
  });
});
