// Units: decimal text and integer multiples convert without a float in between.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatMultiple,
  increment,
  lots,
  micros,
  multipleValue,
  parseMultiple,
  stepValue,
  ticks,
} from './units.ts';

const step = fc.constantFrom('0.1', '0.25', '0.01', '5', '0.0000005', '0.001', '0.005').map(increment);

describe('increment', () => {
  it('reads mantissa and scale, trailing zeros dropped', () => {
    expect(increment('0.25')).toEqual({ text: '0.25', mantissa: 25, scale: 2 });
    expect(increment('5')).toEqual({ text: '5', mantissa: 5, scale: 0 });
    expect(increment('0.10')).toEqual({ text: '0.10', mantissa: 1, scale: 1 });
  });

  it('holds anything else to be a defect', () => {
    for (const text of ['0', '-0.1', '', '1e-3', 'abc', '99999999999999999999']) {
      expect(() => increment(text), text).toThrow();
    }
  });
});

describe('parseMultiple', () => {
  it('reads exact multiples, whatever the number of trailing zeros', () => {
    expect(parseMultiple('61641.50', increment('0.1'))).toEqual({ ok: true, value: 616415 });
    expect(parseMultiple('4.35', increment('0.01'))).toEqual({ ok: true, value: 435 });
    expect(parseMultiple('-37.63', increment('0.01'))).toEqual({ ok: true, value: -3763 });
    const zero = parseMultiple('-0.0', increment('0.1'));
    expect(zero.ok && Object.is(zero.value, 0)).toBe(true);
  });

  it('fails by code', () => {
    const code = (text: string, by: string): string => {
      const parsed = parseMultiple(text, increment(by));
      return parsed.ok ? 'ok' : parsed.failure.code;
    };
    expect(code('61641.55', '0.1')).toBe('core/number-not-a-multiple');
    expect(code('0.3', '0.25')).toBe('core/number-not-a-multiple');
    expect(code('90071992547409.92', '0.01')).toBe('core/number-too-large');
    expect(code('90071992547409.91', '0.01')).toBe('ok');
    for (const text of ['', '1e3', 'NaN', '+1', ' 1', '1.', '.1', '1,0'])
      expect(code(text, '0.1'), text).toBe('core/number-malformed');
  });

  it('parses what formatMultiple writes, for every step (property)', () => {
    void fc.assert(
      fc.property(fc.maxSafeInteger(), step, (multiple, by) => {
        const text = formatMultiple(multiple, by);
        expect(parseMultiple(text, by)).toEqual({ ok: true, value: multiple === 0 ? 0 : multiple });
        expect(text.includes('e')).toBe(false);
      }),
    );
  });

  it('estimates are the nearest float64 of the decimal text (property)', () => {
    void fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), step, (multiple, by) => {
        expect(multipleValue(multiple, by) - Number(formatMultiple(multiple, by))).toBeCloseTo(0, 20);
      }),
    );
    expect(stepValue(increment('0.0000005'))).toBe(5e-7);
  });
});

describe('branded integers', () => {
  it('refuse fractions, NaN and unsafe integers', () => {
    for (const brand of [ticks, lots, micros]) {
      expect(brand(-7)).toBe(-7);
      for (const wrong of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
        expect(() => brand(wrong)).toThrow();
      }
    }
  });
});
