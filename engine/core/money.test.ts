// Money: decimal text in, the same decimal text out, and sums that floats would get wrong.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareDecimals,
  DECIMAL_TEXT_LIMIT,
  decimalSign,
  decimalValue,
  formatDecimal,
  isDecimalText,
  multiplyDecimals,
  parseDecimalText,
  type Rounding,
  roundDecimal,
  sumDecimals,
} from './money.ts';

/** Decimal text from an integer and a scale: the oracle works on the integers alone. */
const scaled = fc.record({
  units: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
  scale: fc.integer({ min: 0, max: 12 }),
});

function textOf({ units, scale }: { units: bigint; scale: number }): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const body =
    scale === 0 ? digits : `${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
  return units < 0n ? `-${body}` : body;
}

describe('decimal text', () => {
  it('accepts plain decimals and nothing else', () => {
    for (const text of ['0', '-0', '12', '12.50', '-0.00000001', '0012.5']) {
      expect(parseDecimalText(text)).toEqual({ ok: true, value: text });
    }
    const refused = [
      '',
      ' 1',
      '1 ',
      '+1',
      '.5',
      '5.',
      '1e3',
      '1,000',
      '1_0',
      'NaN',
      'Infinity',
      '--1',
      '0x10',
    ];
    for (const text of [...refused, '１', '1\n', '−1']) {
      const parsed = parseDecimalText(text);
      expect(parsed.ok ? 'accepted' : parsed.failure.code, JSON.stringify(text)).toBe(
        'core/number-malformed',
      );
    }
  });

  it('refuses text longer than the limit', () => {
    expect(isDecimalText('9'.repeat(DECIMAL_TEXT_LIMIT))).toBe(true);
    const long = parseDecimalText('9'.repeat(DECIMAL_TEXT_LIMIT + 1));
    expect(long.ok ? null : long.failure.code).toBe('core/number-too-large');
  });

  it('sums exactly where floats do not', () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(sumDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(sumDecimals(['10000000000000000', '1', '-10000000000000000'])).toBe('1');
    expect(sumDecimals(['-0.5', '0.5'])).toBe('0');
    expect(sumDecimals([])).toBe('0');
  });

  it('writes a fixed number of decimals', () => {
    expect(formatDecimal('2.345', 2)).toBe('2.35');
    expect(formatDecimal('-2.345', 2)).toBe('-2.35');
    expect(formatDecimal('-0.001', 2)).toBe('0.00');
    expect(formatDecimal('7', 3)).toBe('7.000');
  });

  it('has a sign, and no negative zero', () => {
    expect([decimalSign('-0.0'), decimalSign('0.0001'), decimalSign('-3')]).toEqual([0, 1, -1]);
    expect(Object.is(decimalValue('-0'), 0)).toBe(true);
    expect(() => decimalValue('abc')).toThrow(/decimal text/);
  });

  it('agrees with integer arithmetic on sums and order (property)', () => {
    void fc.assert(
      fc.property(fc.array(scaled, { maxLength: 8 }), (parts) => {
        const total = parts.reduce((sum, p) => sum + p.units * 10n ** BigInt(12 - p.scale), 0n);
        const expected = textOf({ units: total, scale: 12 })
          .replace(/\.?0+$/, '')
          .replace(/^-0?$/, '0');
        expect(sumDecimals(parts.map(textOf))).toBe(expected === '' ? '0' : expected);
      }),
    );
    void fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const left = a.units * 10n ** BigInt(12 - a.scale);
        const right = b.units * 10n ** BigInt(12 - b.scale);
        expect(compareDecimals(textOf(a), textOf(b))).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });
});

describe('products and rounding', () => {
  it('multiplies exactly, as integers do', () => {
    void fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const product = textOf({ units: a.units * b.units, scale: a.scale + b.scale });
        expect(compareDecimals(multiplyDecimals(textOf(a), textOf(b)), product)).toBe(0);
      }),
    );
    expect(multiplyDecimals('-0.1', '0')).toBe('0');
  });

  it('rounds in the named direction, as integer division does', () => {
    void fc.assert(
      fc.property(scaled, fc.integer({ min: 0, max: 12 }), (value, places) => {
        if (places > value.scale) return;
        const step = 10n ** BigInt(value.scale - places);
        const floor = (value.units - (((value.units % step) + step) % step)) / step;
        const rest = value.units - floor * step;
        const up = rest === 0n ? floor : floor + 1n;
        const nearer = 2n * rest < step ? floor : up;
        const isHalf = 2n * rest === step;
        const expected: Record<Rounding, bigint> = {
          ceiling: up,
          floor,
          down: value.units < 0n ? up : floor,
          'half-up': isHalf ? (value.units < 0n ? floor : up) : nearer,
          'half-even': isHalf ? (floor % 2n === 0n ? floor : up) : nearer,
        };
        for (const [rounding, units] of Object.entries(expected) as [Rounding, bigint][]) {
          const rounded = roundDecimal(textOf(value), places, rounding);
          expect(compareDecimals(rounded, textOf({ units, scale: places })), rounding).toBe(0);
          expect(rounded.split('.')[1]?.length ?? 0).toBe(places);
        }
      }),
    );
  });
});
