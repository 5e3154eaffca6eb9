// The same inputs give the same state: live, replayed, and from a snapshot on; and the state that they gave before.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journalHashes } from './journal-hashes.ts';

describe('journals of book and venues', () => {
  it('give the same state played, replayed and continued from a snapshot', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 2, max: 700 }), (seed, inputs) => {
        for (const hashes of Object.values(journalHashes(seed, inputs))) {
          const { trail, end } = hashes;
          expect(hashes).toEqual({ trail, replayedTrail: trail, end, replayedEnd: end, restoredEnd: end });
        }
      }),
      { numRuns: 8 },
    );
  });

  it('give other states for other seeds', () => {
    const trails = [1, 2, 3].flatMap((seed) => Object.values(journalHashes(seed, 400)).map((h) => h.trail));
    expect(new Set(trails).size).toBe(trails.length);
  });

  it('give what they gave when these numbers were noted; a change of a rule changes them, and nothing else may', () => {
    const hashes = journalHashes(20260504, 3000);
    const noted = Object.entries(hashes).map(([name, { trail, end }]) => [name, trail, end]);
    expect(noted).toEqual([
      ['book', 2129096168, 3816914504],
      ['perp', 2594876459, 3301656365],
      ['globex', 2586227377, 2979114475],
      ['spreads', 4145340454, 965400191],
    ]);
  });
});
