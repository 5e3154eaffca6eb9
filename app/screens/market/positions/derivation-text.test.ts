/** Tests of derivations as text. */
import { describe, expect, it } from 'vitest';
import type { DerivationTerm } from '../../../../engine/margin/margin-report.ts';
import { derivationText, sourcesOf, sourceWords, termValue } from './derivation-text.ts';

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

  it('shows an input in full, so that its formula can be worked out by hand, and a result without noise', () => {
    expect(termValue(input('mark price', 62_023.53532, 'price'))).toBe('62,023.53532 price');
    expect(termValue({ ...input('notional', 62_023.53532), formula: 'size × mark price' })).toBe('62,023.54');
    expect(termValue({ ...input('ratio', 0.1 + 0.2), formula: 'a ÷ b' })).toBe('0.3');
  });

  it('names every source once', () => {
    const tree = { ...input('sum', 1), terms: [input('a', 1), { ...input('b', 2), source: 'table' }] };
    expect(sourcesOf(tree)).toEqual(['typed in', 'table']);
  });

  it('tells instants as date and time', () => {
    expect(sourceWords('mark price of the venue, LIVE, at 1777903500000000 µs', 'utc')).toBe(
      'mark price of the venue, LIVE, at 2026-05-04 14:05:00 UTC',
    );
    expect(sourceWords('bracket table 2026-05-01, BTCUSDT bracket 1', 'utc')).toContain('2026-05-01, BTC');
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
    expect(derivationText(tree, 'utc').split('\n')).toEqual([
      'notional: 120 USDT',
      '  = size × mark price',
      '  size: 2 BTC',
      '    source: typed in',
      '  mark price: 60 USDT',
      '    source: typed in',
    ]);
  });
});
