/** Tests of number formatting: what a reader sees must never say more or less than the number. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARGIN_STATUS_LEVELS } from '../../engine/margin/margin-status.ts';
import {
  formatDecimalText,
  formatHash,
  formatNumber,
  formatPercent,
  formatRatio,
  formatSigned,
  formatSignedPercent,
  parsePercent,
} from './number.ts';

describe('numbers', () => {
  it('groups thousands and keeps the decimals of the tick', () => {
    expect(formatNumber(61642.1, 1)).toBe('61,642.1');
    expect(formatNumber(61642, 1)).toBe('61,642.0');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatSigned(-421.3, 1)).toBe('−421.3');
    expect(formatSigned(1483.6, 1)).toBe('+1,483.6');
    expect(formatSigned(0.0001, 2)).toBe('0.00');
  });

  it('changes no digit of exact decimal text', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        fc.integer({ min: 0, max: 12 }),
        (whole, decimals) => {
          const text = decimals === 0 ? `${whole}` : `${whole}.${'7'.repeat(decimals)}`;
          expect(formatDecimalText(text).replaceAll(',', '')).toBe(text);
        },
      ),
    );
    expect(formatDecimalText('-1234567.500')).toBe('−1,234,567.500');
    expect(formatDecimalText('not a number')).toBe('not a number');
  });

  it('never rounds a ratio up over an edge of the status ladder', () => {
    for (const { from } of MARGIN_STATUS_LEVELS) {
      expect(Number(formatRatio(from - 1e-6))).toBeLessThan(from);
      expect(Number(formatRatio(from))).toBe(from);
    }
    expect(formatRatio(250)).toBe('100+');
  });

  it('writes percent from fractions, and reads it back', () => {
    expect(formatPercent(0.0001, 4)).toBe('0.0100\u202f%');
    expect(formatSignedPercent(-0.064, 1)).toBe('−6.4\u202f%');
    expect(parsePercent('−6.4 %')).toBeCloseTo(-0.064, 12);
    expect(parsePercent('+12')).toBe(0.12);
    expect(parsePercent('1,5')).toBeNull();
    expect(parsePercent('')).toBeNull();
  });

  it('writes a hash as eight digits', () => {
    expect(formatHash(-1)).toBe('ffffffff');
    expect(formatHash(255)).toBe('000000ff');
  });
});
