// The tape's ring and its filter, against a plain array.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRADE_KINDS } from '../../../workers/contract/market-frame.ts';
import { isForced, TapeMemory } from './tape-memory.ts';

const anyTrade = fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.nat(1), fc.nat(TRADE_KINDS.length - 1));
const pack = (batch: [number, number, number][], from: number): Float64Array =>
  new Float64Array(batch.flatMap(([size, side, kind], i) => [from + i, 61_000 + i, size, side, kind]));

describe('TapeMemory', () => {
  it('shows the newest that pass, newest first, and never hides a forced trade', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyTrade, { maxLength: 900 }), { maxLength: 6 }),
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 60 }),
        (batches, minLots, limit) => {
          const tape = new TapeMemory();
          const all: { at: number; size: number; kind: number }[] = [];
          for (const batch of batches) {
            const from = all.length;
            all.push(...batch.map(([size, , kind], i) => ({ at: from + i, size, kind })));
            tape.add(pack(batch, from));
          }
          const expected = all
            .slice(-2_000)
            .filter((t) => t.size >= minLots || isForced(TRADE_KINDS[t.kind]!))
            .reverse()
            .slice(0, limit)
            .map((t) => t.at);
          expect(tape.newest(limit, minLots).map((t) => t.atMicros)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('stands still at a chosen moment', () => {
    const tape = new TapeMemory();
    tape.add(
      pack(
        [
          [1, 0, 0],
          [2, 0, 0],
        ],
        0,
      ),
    );
    const held = tape.written;
    tape.add(pack([[3, 0, 0]], 2));
    expect(tape.newest(9, 0, held).map((t) => t.sizeLots)).toEqual([2, 1]);
  });

  it('knows no future after a jump back', () => {
    const tape = new TapeMemory();
    tape.add(
      pack(
        Array.from({ length: 10 }, () => [1, 0, 0]),
        100,
      ),
    );
    const revision = tape.revision;
    tape.forgetAfter(104);
    expect(tape.newest(99, 0).map((t) => t.atMicros)).toEqual([104, 103, 102, 101, 100]);
    expect(tape.revision).toBeGreaterThan(revision);
  });
});
