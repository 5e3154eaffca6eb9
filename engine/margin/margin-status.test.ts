// The status ladder: total, ordered, and each edge on its stated side.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARGIN_STATUS_LEVELS, type MarginStatus, marginStatus } from './margin-status.ts';

const ORDER: readonly MarginStatus[] = ['LIQUIDATION', 'CRITICAL', 'DANGER', 'WARNING', 'HEALTHY'];

describe('margin status', () => {
  it('closes each level at its lower edge, except CRITICAL, which is open at 1', () => {
    const below = (x: number): number => x - Number.EPSILON;
    expect(
      [1.5, below(1.5), 1.2, below(1.2), 1.05, below(1.05), 1 + Number.EPSILON, 1, 0.99, -3].map(
        marginStatus,
      ),
    ).toEqual([
      'HEALTHY',
      'WARNING',
      'WARNING',
      'DANGER',
      'DANGER',
      'CRITICAL',
      'CRITICAL',
      'LIQUIDATION',
      'LIQUIDATION',
      'LIQUIDATION',
    ]);
    expect(marginStatus(Number.POSITIVE_INFINITY)).toBe('HEALTHY');
    expect(marginStatus(Number.NEGATIVE_INFINITY)).toBe('LIQUIDATION');
    expect(MARGIN_STATUS_LEVELS.map((level) => level.from)).toEqual([1.5, 1.2, 1.05, 1]);
  });

  it('never improves when the ratio falls (property)', () => {
    void fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const [low, high] = a <= b ? [a, b] : [b, a];
        expect(ORDER.indexOf(marginStatus(low))).toBeLessThanOrEqual(ORDER.indexOf(marginStatus(high)));
      }),
    );
  });
});
