// Numbers as bytes against the slow and obvious way to write them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMultiple, increment } from '../core/units.ts';
import { asciiBytes, ByteWriter, DecimalFormat } from './byte-writer.ts';

const written = (write: (out: ByteWriter) => void): string => {
  const out = new ByteWriter();
  write(out);
  return new TextDecoder().decode(out.take());
};

describe('byte writer', () => {
  it('writes integers up to 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        expect(written((out) => out.integer(n))).toBe(String(n));
      }),
    );
    for (const n of [0, 9, 10, 999_999_999, 1_000_000_000, 10 ** 15, Number.MAX_SAFE_INTEGER]) {
      expect(written((out) => out.integer(n))).toBe(String(n));
    }
  });

  it('writes multiples as the units module does', () => {
    const steps = ['0.1', '0.01', '0.25', '0.001', '1', '5', '0.00001'].map(increment);
    fc.assert(
      fc.property(fc.constantFrom(...steps), fc.integer({ min: -2e9, max: 2e9 }), (step, multiple) => {
        expect(written((out) => out.decimal(multiple, new DecimalFormat(step)))).toBe(
          formatMultiple(multiple, step),
        );
      }),
    );
  });

  it('writes floats with eight decimals', () => {
    fc.assert(
      fc.property(fc.double({ min: -80_000, max: 80_000, noNaN: true }), (value) => {
        const text = written((out) => out.float(value));
        expect(text).toMatch(/^-?\d+\.\d{8}$/);
        expect(Math.abs(Number(text) - value)).toBeLessThan(6e-9);
      }),
    );
    expect(written((out) => out.float(-1e-9))).toBe('0.00000000');
    expect(written((out) => out.float(-0.0001))).toBe('-0.00010000');
  });

  it('grows, hands out its own bytes, and starts anew', () => {
    const out = new ByteWriter();
    const long = 'x'.repeat(10_000);
    out.raw(asciiBytes(long));
    const first = out.take();
    out.raw(asciiBytes('y'));
    expect(new TextDecoder().decode(first)).toBe(long);
    expect(new TextDecoder().decode(out.take())).toBe('y');
    expect(() => asciiBytes('é')).toThrow();
  });
});
