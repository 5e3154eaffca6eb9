// StateHash: equal meaning hashes equally, small differences do not, and only integers and text are taken.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateHash } from './state-hash.ts';

function hashOf(parts: readonly (number | string)[]): number {
  const hash = new StateHash();
  for (const part of parts) {
    if (typeof part === 'number') hash.integer(part);
    else hash.text(part);
  }
  return hash.value();
}

const parts = fc.array(fc.oneof(fc.maxSafeInteger(), fc.string()), { maxLength: 12 });

describe('StateHash', () => {
  it('is FNV-1a over the bytes of each 32-bit word', () => {
    expect(new StateHash().value()).toBe(0x811c9dc5);
    // Reference value of FNV-1a 32 for the eight bytes 01 00 00 00 00 00 00 00, computed step by step below.
    let h = 0x811c9dc5n;
    for (const byte of [1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]) h = ((h ^ byte) * 0x01000193n) & 0xffffffffn;
    expect(hashOf([1])).toBe(Number(h));
  });

  it('is a function of what was added, an unsigned 32-bit integer (property)', () => {
    void fc.assert(
      fc.property(parts, (list) => {
        const value = hashOf(list);
        expect(value).toBe(hashOf(list));
        expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).toBe(true);
      }),
    );
  });

  it('separates neighbours (property)', () => {
    void fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (n) => {
        expect(hashOf([n])).not.toBe(hashOf([n + 1]));
      }),
    );
    expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']));
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
    expect(hashOf([0])).not.toBe(hashOf([2 ** 32]));
    expect(hashOf([-1])).not.toBe(hashOf([1]));
  });

  it('takes no fraction and no unsafe integer', () => {
    for (const wrong of [0.5, Number.NaN, 2 ** 53]) expect(() => new StateHash().integer(wrong)).toThrow();
  });
});
