// Explanations: every computed term follows from the terms under it, the root is the requirement; attribution adds up.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import {
  buildSet,
  commodity,
  deltaSpread,
  future,
  leg,
  randomPositions,
  randomSet,
} from '../../testkit/span-sets.ts';
import type { DerivationTerm } from '../margin-report.ts';
import { attributePositions } from './attribution.ts';
import { SpanCalculator } from './calculator.ts';
import { explainSpan } from './explain-span.ts';
import type { SpanParameterSet } from './parameter-set.ts';
import { planSpan, type SpanPlan } from './plan.ts';

const planOf = (set: SpanParameterSet): SpanPlan => {
  const chosen = set.classes[0];
  if (chosen === undefined) throw new Error('no class');
  return planSpan(set, chosen, 'USD');
};
const number = (term: DerivationTerm | undefined): number =>
  typeof term?.value === 'number' ? term.value : Number.NaN;
const under = (term: DerivationTerm, label: string): number =>
  number(term.terms.find((t) => t.label === label));
const total = (terms: readonly DerivationTerm[]): number => terms.reduce((sum, t) => sum + number(t), 0);

/** What the words of a formula come to; null for words that only describe. */
function evaluate(term: DerivationTerm): number | null {
  const { formula, terms } = term;
  if (formula === null) return null;
  if (formula === 'sum of the terms below') return total(terms);
  if (formula.startsWith('largest of the 16')) return Math.max(0, ...terms.map(number));
  if (formula === 'sum of the scans below') return total(terms.filter((t) => t.label.startsWith('scan')));
  if (formula.includes(' × ') && !formula.startsWith('max')) {
    return formula
      .split(' + ')
      .map((product) => product.split(' × ').reduce((value, label) => value * under(term, label), 1))
      .reduce((a, b) => a + b, 0);
  }
  if (formula.startsWith('max(0, risk'))
    return Math.max(0, under(term, 'risk') - under(term, 'net option value'));
  if (formula.startsWith('max(scan')) {
    const own =
      under(term, 'scan risk') +
      under(term, 'calendar charge') +
      under(term, 'delivery charge') -
      under(term, 'credit');
    return Math.max(own, under(term, 'short option minimum')) * under(term, 'class factor');
  }
  if (formula.startsWith('sum of the terms below, at most the scan risk')) return null;
  return null;
}

function walk(term: DerivationTerm, visit: (term: DerivationTerm) => void): void {
  visit(term);
  for (const child of term.terms) walk(child, visit);
}

describe('explainSpan', () => {
  it('every figure follows from the figures under it, over random portfolios', () => {
    const rng = new Rng(23);
    let checked = 0;
    for (let n = 0; n < 60; n++) {
      const set = randomSet(rng);
      const plan = planOf(set);
      const calculator = new SpanCalculator(plan);
      const positions = randomPositions(rng, set);
      const lots = Float64Array.from(set.contracts, (c) => positions.get(c.id) ?? 0);
      const requirement = calculator.margin(lots);
      const tree = explainSpan(plan, calculator, lots);
      expect(tree.value).toBe(requirement);
      // Spreads that add arrays move risk between commodities, so a scan is then not that of the own positions alone.
      const moves = [...set.superSpreads, ...set.interSpreads].some((s) => s.kind === 'scan');
      walk(tree, (term) => {
        const value = evaluate(term);
        if (value === null || (moves && term.label.startsWith('scan'))) return;
        checked++;
        const tolerance = /rounded/.test(term.formula ?? '') ? 0.51 : 1e-6 * Math.max(1, Math.abs(value));
        expect(Math.abs(value - number(term)), `${term.label}: ${term.formula}`).toBeLessThanOrEqual(
          tolerance,
        );
      });
    }
    expect(checked).toBeGreaterThan(2_000);
  });

  it('goes down to the array cell and its place in the file', () => {
    const rows = [{ product: 'ES', commodity: 0, period: '202003', priceScan: 6000, more: { place: 6 } }];
    const set = buildSet([commodity('ES')], rows.map(future), {}, { format: 'pa2', id: 'CME 2019-01-02' });
    const plan = planOf(set);
    const tree = explainSpan(plan, new SpanCalculator(plan), Float64Array.of(2));
    const sources: string[] = [];
    walk(tree, (term) => {
      if (term.label === 'array value') sources.push(`${term.value} ${term.source}`);
    });
    expect(sources).toHaveLength(16);
    expect(sources[12]).toBe('6000 CME 2019-01-02, record 6, value 13');
    const labels: string[] = [];
    walk(tree, (term) => labels.push(term.label));
    expect(labels).toContain('13: price −1, volatility up');
    expect(labels).toContain('15: price +3, 33 % of it counts');
  });
});

describe('attributePositions', () => {
  const set = buildSet(
    [commodity('A'), commodity('B')],
    [
      future({ product: 'A', commodity: 0, period: '202003', priceScan: 1000 }),
      future({ product: 'B', commodity: 1, period: '202003', priceScan: 1000 }),
    ],
    { inter: [deltaSpread(1, 0.5, [leg(0, 'A'), leg(1, 'B')])] },
  );
  const plan = planOf(set);

  it('marginal, incremental and the offset lost when a leg goes', () => {
    const calculator = new SpanCalculator(plan);
    const lots = Float64Array.of(3, -2);
    const found = attributePositions(plan, calculator, lots);
    // 3,000 + 2,000 less 50 % of 2,000 on both sides.
    expect(calculator.margin(lots)).toBe(3_000);
    expect(found.positions).toEqual([
      { contract: 'CME:A:FUT:202003', lots: 3, marginal: 1_000, incremental: 1_000, offsetLost: 2_000 },
      { contract: 'CME:B:FUT:202003', lots: -2, marginal: 0, incremental: 0, offsetLost: 2_000 },
    ]);
    expect(found.largestOffset?.offsetLost).toBe(2_000);
  });

  it('nothing offsets on the same side', () => {
    const found = attributePositions(plan, new SpanCalculator(plan), Float64Array.of(3, 2));
    expect(found.largestOffset).toBeNull();
    expect(found.positions.map((p) => p.incremental)).toEqual([3_000, 2_000]);
  });
});
