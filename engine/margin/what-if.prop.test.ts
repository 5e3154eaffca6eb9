// What-if over random portfolios: after equals a report at the moved marks, and the listed moves are all there are.
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../accounting/portfolio.ts';
import { Rng } from '../core/rng.ts';
import { micros } from '../core/units.ts';
import { publishedBrackets } from '../testkit/published-brackets.ts';
import { randomPortfolio } from '../testkit/random-portfolio.ts';
import { BRACKET_TABLE_DATES, type BracketTable } from './brackets/bracket-table.ts';
import type { MarkInput, WhatIf, WhatIfRow } from './margin-report.ts';
import type { MarginStatus } from './margin-status.ts';
import { marginReport } from './portfolio-margin.ts';
import { WHAT_IF_SHIFT_LIMIT, whatIf } from './what-if.ts';

const AT = micros(1_700_000_000_000_000);
const TABLES = BRACKET_TABLE_DATES.map(publishedBrackets);

function moved(marks: readonly MarkInput[], question: WhatIf): readonly MarkInput[] {
  return marks.map((mark) =>
    question.instrument === null || question.instrument === mark.instrument
      ? { ...mark, price: mark.price * (1 + question.shift) }
      : mark,
  );
}

/** Ratio of a what-if row, taken from a margin report at the moved marks. */
function reported(
  row: WhatIfRow,
  portfolio: Portfolio,
  marks: readonly MarkInput[],
  table: BracketTable,
): { ratio: number; status: MarginStatus } {
  const report = marginReport(portfolio, marks, table, AT);
  const account = report.accounts.find((a) => a.accountId === row.accountId);
  const figures = report.positions.find((p) => p.positionId === row.positionId)?.figures;
  const ratio = row.positionId === null ? account?.marginRatio : figures?.marginRatio;
  const status = row.positionId === null ? account?.status : figures?.status;
  if (ratio === null || ratio === undefined || status === null || status === undefined)
    throw new Error('no ratio');
  return { ratio, status };
}

/** The status the list of changes promises for a move. */
function promised(row: WhatIfRow, shift: number): MarginStatus | undefined {
  const side = row.changes.filter((c) => (shift < 0 ? c.shift <= 0 : c.shift >= 0));
  return side.findLast((c) => Math.abs(c.shift) < Math.abs(shift))?.status ?? row.before?.status;
}

describe('what-if (random portfolios)', () => {
  it('after is the margin report at the moved marks', () => {
    const rng = new Rng(31);
    let falls = 0;
    for (let i = 0; i < 600; i++) {
      const table = TABLES[i % TABLES.length] as BracketTable;
      const { portfolio, marks } = randomPortfolio(rng, table);
      const instrument = rng.below(2) === 0 ? null : (marks[rng.below(marks.length)]?.instrument ?? null);
      const question: WhatIf = { shift: rng.fraction() - 0.5, instrument };
      const answer = whatIf(question, portfolio, marks, table, AT);
      const there = moved(marks, question);
      for (const row of answer.rows) {
        expect(row.after?.marginRatio).toBe(reported(row, portfolio, there, table).ratio);
        expect(row.before?.marginRatio).toBe(reported(row, portfolio, marks, table).ratio);
      }
      expect(answer.total).toBe(answer.rows.length);
      expect(answer.fallen).toBe(answer.rows.filter((r) => r.after?.status === 'LIQUIDATION').length);
      falls += answer.fallen;
    }
    expect(falls).toBeGreaterThan(100);
  });

  it('lists every status change of the slider and no other, each to a part in a billion', () => {
    const rng = new Rng(32);
    let changes = 0;
    for (let i = 0; i < 150; i++) {
      const table = TABLES[i % TABLES.length] as BracketTable;
      const { portfolio, marks } = randomPortfolio(rng, table);
      const instrument = rng.below(2) === 0 ? null : (marks[rng.below(marks.length)]?.instrument ?? null);
      const at = (shift: number): ReturnType<typeof whatIf> =>
        whatIf({ shift, instrument }, portfolio, marks, table, AT);
      const answer = at(0);
      for (const row of answer.rows) {
        const falls = row.changes.filter((c) => c.shift < 0).map((c) => c.shift);
        const rises = row.changes.filter((c) => c.shift > 0).map((c) => c.shift);
        expect(row.changes.map((c) => c.shift)).toEqual([
          ...falls.toSorted((a, b) => b - a),
          ...rises.toSorted((a, b) => a - b),
        ]);
        changes += row.changes.length;
      }
      const probes = Array.from({ length: 101 }, (_, n) => (n - 50) / 100);
      const beside = answer.rows.flatMap((row) =>
        row.changes.flatMap((c) => [c.shift - 1e-9, c.shift + 1e-9]),
      );
      for (const shift of [...probes, ...beside]) {
        if (Math.abs(shift) > WHAT_IF_SHIFT_LIMIT) continue;
        const there = at(shift);
        answer.rows.forEach((row, n) => {
          const status = there.rows[n]?.after?.status;
          const close = row.changes.some((c) => Math.abs(c.shift - shift) < 9e-10);
          if (close || status === promised(row, shift)) return;
          throw new Error(
            `portfolio ${i}, row ${n}, shift ${shift}: ${status}, promised ${promised(row, shift)}`,
          );
        });
      }
    }
    expect(changes).toBeGreaterThan(300);
  });

  it('gives the price at each change: of the isolated position, of the instrument asked about, else none', () => {
    const rng = new Rng(33);
    for (let i = 0; i < 200; i++) {
      const table = TABLES[i % TABLES.length] as BracketTable;
      const { portfolio, marks } = randomPortfolio(rng, table);
      const instrument = rng.below(2) === 0 ? null : (marks[0]?.instrument ?? null);
      const answer = whatIf({ shift: 0.1, instrument }, portfolio, marks, table, AT);
      const report = marginReport(portfolio, marks, table, AT);
      for (const row of answer.rows) {
        const own = report.positions.find((p) => p.positionId === row.positionId);
        const mark = marks.find((m) => m.instrument === (own?.instrument ?? instrument))?.price;
        for (const change of row.changes) {
          if (own === undefined && instrument === null) expect(change.price).toBeNull();
          else expect(change.price).toBeCloseTo((mark ?? Number.NaN) * (1 + change.shift), 6);
        }
        const liquidation = row.changes.find((c) => c.status === 'LIQUIDATION');
        if (own?.figures && liquidation && own.figures.status !== 'LIQUIDATION') {
          expect(liquidation.price).toBeCloseTo(own.figures.liquidationPrice ?? Number.NaN, 6);
        }
      }
    }
  });
});
