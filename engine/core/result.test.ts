// Result and failure: plain data whose kind follows from its registered code.
import { describe, expect, it } from 'vitest';
import { assert, Defect, unreachable } from './assert.ts';
import { FAILURE_CODES, failure } from './failure.ts';
import { fail, ok } from './result.ts';

describe('Result', () => {
  it('wraps a value or a failure as plain data that survives cloning', () => {
    expect(ok(5)).toEqual({ ok: true, value: 5 });
    const failed = fail('margin/bracket-missing', 'no bracket for X', { symbol: 'X' });
    expect(structuredClone(failed)).toEqual({
      ok: false,
      failure: {
        kind: 'unavailable',
        code: 'margin/bracket-missing',
        message: 'no bracket for X',
        context: { symbol: 'X' },
      },
    });
  });

  it('takes the kind from the code, for every code, and codes are room/reason', () => {
    const codes = Object.keys(FAILURE_CODES) as (keyof typeof FAILURE_CODES)[];
    expect(codes.length).toBeGreaterThan(20);
    for (const code of codes) {
      expect(code).toMatch(/^[a-z]+\/[a-z-]+$/);
      expect(failure(code, 'why').kind).toBe(FAILURE_CODES[code]);
    }
  });
});

describe('assert', () => {
  it('throws a defect only when the condition fails', () => {
    expect(() => assert(true, 'fine')).not.toThrow();
    expect(() => assert(false, 'expected 1, found 2')).toThrow(Defect);
    expect(() => unreachable('x' as never)).toThrow(/unreachable/);
  });
});
