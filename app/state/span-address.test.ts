/** Tests of the case in the address. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NamedCase, readSpanAddress, writeSpanAddress } from './span-address.ts';

const hash = fc.option(fc.stringMatching(/^[0-9a-f]{8}$/));
const named: fc.Arbitrary<NamedCase> = fc.record({
  origin: fc.oneof(
    fc.record({
      kind: fc.constant('built-in' as const),
      date: fc.constantFrom('2020-03-13', '2012-01-31'),
      spreads: fc.constantFrom('assumed' as const, 'none' as const),
    }),
    fc.record({ kind: fc.constant('file' as const), name: fc.stringMatching(/^[\w &=#%+.-]{1,30}$/) }),
  ),
  setHash: hash,
  classIndex: fc.nat({ max: 9 }),
  positions: fc.array(
    fc.record({
      contract: fc.constantFrom('CME:ES:FUT:202006', 'CME:ES:OOF:202003:C:2825.5'),
      lots: fc.integer({ min: -9_999_999, max: 9_999_999 }),
    }),
    { maxLength: 50 },
  ),
  runHash: hash,
});

describe('the case in the address', () => {
  it('is read as it was written', () => {
    void fc.assert(
      fc.property(named, (one) => {
        expect(readSpanAddress(writeSpanAddress(one))).toEqual(one);
      }),
      { numRuns: 200 },
    );
  });

  it('is none where no set is named, and leaves out what makes no sense', () => {
    expect(readSpanAddress('')).toBeNull();
    expect(readSpanAddress('date=yesterday&p=CME:ES:FUT:202006*1')).toBeNull();
    expect(readSpanAddress('date=2020-03-13&p=a*1,b*x,*3&set=zz&class=-1')).toEqual({
      origin: { kind: 'built-in', date: '2020-03-13', spreads: 'assumed' },
      setHash: null,
      classIndex: 0,
      positions: [{ contract: 'a', lots: 1 }],
      runHash: null,
    });
  });
});
