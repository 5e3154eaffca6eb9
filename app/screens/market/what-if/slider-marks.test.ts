/** Tests of the marks on the what-if slider. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WhatIfReport } from '../../../../engine/margin/margin-report.ts';
import { placeMarks, shortName, statusChanges } from './slider-marks.ts';

const report: WhatIfReport = {
  trust: 'LIVE',
  fallen: 0,
  total: 2,
  rows: [
    {
      accountId: 'a',
      positionId: null,
      label: 'Demo account',
      before: null,
      after: null,
      changes: [
        { shift: -0.12, price: 50000, status: 'WARNING' },
        { shift: -0.18, price: 47000, status: 'LIQUIDATION' },
      ],
    },
    {
      accountId: 'a',
      positionId: 'p',
      label: 'BTCUSDT short',
      before: null,
      after: null,
      changes: [{ shift: 0.05, price: 63000, status: 'DANGER' }],
    },
  ],
};

describe('slider marks', () => {
  it('lists changes nearest first', () => {
    expect(statusChanges(report).map(({ shift }) => shift)).toEqual([0.05, -0.12, -0.18]);
  });

  it('leaves out what the slider does not reach', () => {
    expect(placeMarks(statusChanges(report), 0.1, 800).map(({ status }) => status)).toEqual(['DANGER']);
  });

  it('puts a mark where its shift is', () => {
    const [first] = placeMarks(statusChanges(report), 0.2, 800);
    expect(first?.at).toBeCloseTo((0.2 - 0.18) / 0.4, 12);
  });

  it('keeps the worst of two in one place', () => {
    const changes = statusChanges(report).map((change) => ({ ...change, shift: -0.1 }));
    expect(placeMarks(changes, 0.2, 800).map(({ status }) => status)).toEqual(['LIQUIDATION']);
  });

  it('never draws two marks over each other', () => {
    const change = fc.record({
      key: fc.string(),
      shift: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      price: fc.constant(null),
      status: fc.constantFrom('WARNING' as const, 'DANGER' as const, 'LIQUIDATION' as const),
      label: fc.constant(''),
      name: fc.constantFrom('BTC', 'Demo account', '1000PEPE'),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), fc.integer({ min: 100, max: 1500 }), (all, px) => {
        const spans = placeMarks(all, 0.2, px).map(({ at, labelled, name }) => {
          const from = at * px - 12;
          return [from, from + 24 + (labelled ? 4 + name.length * 6.6 : 0)] as const;
        });
        for (const [i, [, to]] of spans.entries()) {
          expect(to).toBeLessThanOrEqual((spans[i + 1]?.[0] ?? Number.POSITIVE_INFINITY) + 1e-6);
        }
      }),
    );
  });

  it('shortens labels to what names them', () => {
    expect(shortName('BTCUSDT long isolated', true)).toBe('BTC');
    expect(shortName('USDT', true)).toBe('USDT');
    expect(shortName('Demo account', false)).toBe('Demo account');
    expect(shortName('The account of my grandmother', false)).toBe('The account o…');
  });
});
