/** Tests of derivations as text. */
import { describe, expect, it } from 'vitest';
import type { DerivationTerm } from '../../../../engine/margin/margin-report.ts';
import { derivationText, sourcesOf, termValue } from './derivation-text.ts';

const input = (label: string, value: number | string | null, unit = ''): DerivationTerm => ({
  label,
  value,
  unit,
  formula: null,
  source: 'typed in',
  terms: [],
});

describe('derivation text', () => {
  it('says None where a figure is absent, and keeps exact text exact', () => {
    expect(termValue(input('liquidation price', null, 'USDT'))).toBe('None');
    expect(termValue(input('size', '12345.6700', 'BTC'))).toBe('12,345.6700 BTC');
    expect(termValue(input('rate', 0.004))).toBe('0.004');
    expect(termValue(input('notional', 1234.5, 'USDT'))).toBe('1,234.5 USDT');
    expect(termValue(input('cap', 1_200))).toBe('1,200');
    expect(termValue(input('bracket', 3))).toBe('3');
  });

  it('names every source once', () => {
    const tree = { ...input('sum', 1), terms: [input('a', 1), { ...input('b', 2), source: 'table' }] };
    expect(sourcesOf(tree)).toEqual(['typed in', 'table']);
  });

  it('indents terms below what they make up', () => {
    const tree: DerivationTerm = {
      label: 'notional',
      value: 120,
      unit: 'USDT',
      formula: 'size × mark price',
      source: null,
      terms: [input('size', '2', 'BTC'), input('mark price', 60, 'USDT')],
    };
    expect(derivationText(tree).split('\n')).toEqual([
      'notional: 120 USDT',
      '  = size × mark price',
      '  size: 2 BTC',
      '    source: typed in',
      '  mark price: 60 USDT',
      '    source: typed in',
    ]);
  });
});
