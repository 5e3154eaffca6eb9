/** Tests of the what-if in words. */
import { describe, expect, it } from 'vitest';
import type { WhatIfRow } from '../../../../engine/margin/margin-report.ts';
import { fallenWords, nearestChange, shiftDecimals, spokenAnswer, worstRow } from './what-if-words.ts';

const row = (label: string, after: number | null): WhatIfRow => ({
  accountId: 'a',
  positionId: label,
  label,
  before: { marginRatio: 2, status: 'HEALTHY' },
  after: after === null ? null : { marginRatio: after, status: 'HEALTHY' },
  changes: [],
});

describe('what-if words', () => {
  it('names the row that stands worst, and none without figures', () => {
    const report = { trust: 'LIVE', fallen: 0, total: 2 } as const;
    expect(worstRow({ ...report, rows: [row('a', 1.4), row('b', null), row('c', 1.1)] })?.label).toBe('c');
    expect(worstRow({ ...report, rows: [row('b', null)] })).toBeNull();
  });

  it('speaks of a move, and not of none', () => {
    const report = { trust: 'LIVE', fallen: 1, total: 2, rows: [row('ETHUSDT long', 1.38)] } as const;
    expect(spokenAnswer(report, -0.064)).toBe(
      'At −6.4\u202f%: ETHUSDT long goes from HEALTHY 2.00 to HEALTHY 1.38; 1 of 2 falls.',
    );
    expect(spokenAnswer(report, 0)).toBe('');
  });

  it('shows a move between two steps of the slider as what it is', () => {
    expect([-0.064, 0, 0.2, 0.1 * 3, -0.0645, -0.0963859].map(shiftDecimals)).toEqual([1, 1, 1, 1, 2, 2]);
  });

  it('counts in the right number', () => {
    expect(fallenWords({ fallen: 1, total: 5 })).toBe('1 of 5 falls');
    expect(fallenWords({ fallen: 3, total: 5 })).toBe('3 of 5 fall');
    expect(fallenWords({ fallen: 0, total: 5 })).toBe('none of 5 fall');
    expect(fallenWords({ fallen: 0, total: 0 })).toBe('nothing to move');
  });

  it('finds the nearest change for the worse', () => {
    const change = { key: '', price: null, label: '', name: '' };
    const healthy = { ...change, shift: 0.01, status: 'HEALTHY' } as const;
    const danger = { ...change, shift: -0.02, status: 'DANGER' } as const;
    expect(nearestChange([healthy, danger])).toBe(danger);
    expect(nearestChange([healthy])).toBeNull();
  });
});
