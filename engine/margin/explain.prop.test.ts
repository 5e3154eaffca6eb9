// Every figure's derivation: its root is the reported number, and the words of its formulas work out to its values.
import { describe, expect, it } from 'vitest';
import { Rng } from '../core/rng.ts';
import { micros } from '../core/units.ts';
import { evaluateFormula } from '../testkit/evaluate-formula.ts';
import { publishedBrackets } from '../testkit/published-brackets.ts';
import { randomPortfolio } from '../testkit/random-portfolio.ts';
import { BRACKET_TABLE_DATES } from './brackets/bracket-table.ts';
import { explain } from './explain.ts';
import type { DerivationTerm, ExplainedFigure, PositionFigures } from './margin-report.ts';
import { marginReport } from './portfolio-margin.ts';

const AT = micros(1_700_000_000_000_000);
const FIGURES: Readonly<Record<ExplainedFigure, (figures: PositionFigures) => number | null>> = {
  notional: (f) => f.notional,
  unrealisedPnl: (f) => f.unrealisedPnl,
  initialMargin: (f) => f.initialMargin,
  maintenanceMargin: (f) => f.maintenanceMargin,
  marginRatio: (f) => f.marginRatio,
  liquidationPrice: (f) => f.liquidationPrice,
  bankruptcyPrice: (f) => f.bankruptcyPrice,
  distance: (f) => f.distanceRate,
};

/** Checks one node and all below it; answers how many formulas were worked out. */
function checkTree(term: DerivationTerm, path: string): number {
  const below = term.terms.reduce((n, part) => n + checkTree(part, `${path} > ${part.label}`), 0);
  if (term.formula === null) {
    if (term.source === null || term.source === '') throw new Error(`${path}: an input names its source`);
    return below;
  }
  if (term.value === null) {
    if (!term.formula.startsWith('None: ')) throw new Error(`${path}: ${term.formula}`);
    return below;
  }
  if (typeof term.value !== 'number') throw new Error(`${path}: expected a number, found ${term.value}`);
  const value = Number(term.value);
  const parts = term.terms.map((part) => (typeof part.value === 'number' ? Math.abs(part.value) : 0));
  // Sums may cancel, so the rounding allowed follows the largest part.
  const scale = Math.max(Math.abs(value), term.formula.startsWith('sum') ? Math.max(0, ...parts) : 0, 1e-300);
  const found = evaluateFormula(term);
  if (!(Math.abs(found - value) / scale < 1e-9) && !cancels(term)) {
    throw new Error(`${path}: ${term.formula} gives ${found}, shown ${value}`);
  }
  return below + 1;
}

/** Differences of nearly equal numbers are compared on the scale of what was subtracted. */
function cancels(term: DerivationTerm): boolean {
  const largest = Math.max(...term.terms.map((part) => Math.abs(Number(part.value))).filter(Number.isFinite));
  return Math.abs(evaluateFormula(term) - Number(term.value)) < largest * 1e-12;
}

describe('explain (random portfolios)', () => {
  it('every figure re-evaluates to the value in the report, down to sourced inputs', () => {
    const tables = BRACKET_TABLE_DATES.map(publishedBrackets);
    const rng = new Rng(2);
    let formulas = 0;
    let none = 0;
    for (let i = 0; i < 400; i++) {
      const table = tables[i % tables.length] ?? publishedBrackets('2026-05-01');
      const { portfolio, marks } = randomPortfolio(rng, table);
      const report = marginReport(portfolio, marks, table, AT);
      for (const row of report.positions) {
        for (const [figure, read] of Object.entries(FIGURES)) {
          const tree = explain(row.positionId, figure as ExplainedFigure, portfolio, marks, table, AT);
          if (!tree.ok || row.figures === null) throw new Error('expected figures');
          const shown = read(row.figures);
          if (tree.value.value !== shown)
            throw new Error(`portfolio ${i}, ${row.positionId}: ${figure} differs`);
          if (shown === null) none++;
          formulas += checkTree(tree.value, `portfolio ${i}: ${figure}`);
        }
      }
    }
    expect(formulas).toBeGreaterThan(20_000);
    expect(none).toBeGreaterThan(300);
  });
});
