// Explanations: what stands in the way is said, bracket rows are named, None has words.
import { describe, expect, it } from 'vitest';
import { AT, markOf, portfolioOf, position } from '../testkit/build-portfolio.ts';
import { publishedBrackets } from '../testkit/published-brackets.ts';
import { explain } from './explain.ts';
import type { DerivationTerm, ExplainedFigure, MarkInput } from './margin-report.ts';

const TABLE = publishedBrackets('2021-03-01');
const MARKS = [markOf('BTCUSDT', 60_000), markOf('ETHUSDT', 3_000, { trust: 'STALE' })];

function tree(
  figure: ExplainedFigure,
  portfolio: Parameters<typeof explain>[2],
  marks: readonly MarkInput[] = MARKS,
): DerivationTerm {
  const found = explain('BTCUSDT/long', figure, portfolio, marks, TABLE, AT);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

function find(term: DerivationTerm, label: string): DerivationTerm {
  const search = (t: DerivationTerm): DerivationTerm | undefined =>
    t.label === label ? t : t.terms.map(search).find((x) => x !== undefined);
  const found = search(term);
  if (found === undefined) throw new Error(`no term ${label}`);
  return found;
}

const isolated = portfolioOf('0', [position({ size: '5', isolatedWallet: '40000' })]);

describe('explain', () => {
  it('names the bracket row at the liquidation price with floor, cap, rate, amount, table date', () => {
    const root = tree('liquidationPrice', isolated);
    // 5 BTC is 300,000 at the mark (bracket 3) and still above 250,000 at the liquidation price.
    expect(root.value).toBeCloseTo((40_000 + 1_300 - 300_000) / (5 * 0.01 - 5), 6);
    const row = find(root, 'bracket');
    expect(row.value).toBe(3);
    expect(row.source).toContain('bracket table 2021-03-01, BTCUSDT bracket 3');
    expect(row.terms.map((t) => [t.label, t.value])).toEqual([
      ['notional floor', 250_000],
      ['notional cap', 1_000_000],
      ['maintenance margin rate', 0.01],
      ['maintenance amount', 1_300],
      ['max leverage', 'not in this table'],
    ]);
    expect(find(root, 'maintenance amount').formula).toBe(
      'amount before + bracket floor × (rate here − rate before)',
    );
  });

  it('shows the other cross positions one by one, with their trust', () => {
    const cross = portfolioOf('50000', [position({}), position({ symbol: 'ETHUSDT', entryPrice: '3100' })]);
    const root = tree('liquidationPrice', cross);
    const others = find(root, 'unrealised PnL of other positions');
    expect(others.terms.map((t) => [t.label, t.value])).toEqual([['unrealised PnL of ETHUSDT long', -100]]);
    expect(find(others, 'mark price').source).toContain('STALE');
  });

  it('says why there is no price', () => {
    const covered = portfolioOf('0', [position({ isolatedWallet: '60000' })]);
    expect(tree('liquidationPrice', covered)).toMatchObject({
      value: null,
      formula: 'None: the margin covers a fall to zero',
    });
    expect(tree('distance', covered).formula).toBe('None: no liquidation price');
    expect(tree('bankruptcyPrice', covered).formula).toBe('None: the wallet covers a fall to zero');
    expect(tree('bankruptcyPrice', portfolioOf('1', [position({})])).formula).toContain(
      'no collateral of its own',
    );
    const lost = portfolioOf('0', [position({ symbol: 'BTCUSDT', side: 'long' })]);
    expect(tree('liquidationPrice', lost).value).toBeGreaterThan(60_000);
  });

  it('fails with what the report fails with', () => {
    const code = (id: string, marks: readonly MarkInput[]): string => {
      const held = portfolioOf('1', [position({}), position({ symbol: 'ETHUSDT', entryPrice: '3000' })]);
      const found = explain(id, 'marginRatio', held, marks, TABLE, AT);
      return found.ok ? 'explained' : found.failure.code;
    };
    expect(code('nobody', MARKS)).toBe('portfolio/position-unknown');
    expect(code('BTCUSDT/long', MARKS.slice(1))).toBe('margin/mark-missing');
    expect(code('BTCUSDT/long', MARKS.slice(0, 1))).toBe('margin/mark-missing');
    expect(code('BTCUSDT/long', MARKS)).toBe('explained');
  });
});
