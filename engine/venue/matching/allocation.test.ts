// The allocation steps against worked examples of the exchange, and against exact fractions for random levels.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveAllocate } from '../../testkit/naive-allocation.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { type AllocationRules, allocate, GLOBEX_ALGORITHMS, type SharedLevel } from './allocation.ts';

const ALGORITHMS = Object.values(GLOBEX_ALGORITHMS);

function share(
  rules: AllocationRules,
  lots: readonly number[],
  takerLots: number,
  top = -1,
  percents: readonly number[] = [],
): number[] {
  const level: SharedLevel = {
    count: lots.length,
    lots: [...lots],
    makerPercents: lots.map((_, i) => percents[i] ?? 0),
    top,
    passedOver: [],
    fills: [],
  };
  allocate(rules, level, takerLots);
  return level.fills.slice(0, lots.length);
}

interface MatchingVector {
  readonly id: string;
  readonly aggr: number;
  readonly orders: readonly { readonly qty: number; readonly top?: boolean }[];
  readonly fills: readonly number[];
}

describe.skipIf(!HAS_SHARED_DATA)(`published allocations${SHARED_DATA_NOTE}`, () => {
  it('gives the fills of the notice of 2005: top order, pro rata from 2, the rest first come', () => {
    const { matching } = JSON.parse(readSharedText('vectors/cme.json')) as { matching: MatchingVector[] };
    const vectors = matching.filter((v) => v.id.startsWith('prorata'));
    expect(vectors.length).toBeGreaterThan(0);
    for (const v of vectors) {
      const lots = v.orders.map((o) => o.qty);
      const top = v.orders.findIndex((o) => o.top === true);
      expect(share(GLOBEX_ALGORITHMS.A, lots, v.aggr, top), v.id).toEqual(v.fills);
    }
  });
});

describe('allocation', () => {
  it('gives nothing below the pro rata minimum and the rest first come', () => {
    // CME Globex Matching Algorithm Steps, pro rata example: a 50 lot against six orders with a minimum of 2.
    const fills = share(GLOBEX_ALGORITHMS.C, [5, 9, 57, 4, 28, 300], 50);
    // 0, 0, 7, 0, 3, 37 by quotas; the 3 lots left go to the first order.
    expect(fills).toEqual([3, 0, 7, 0, 3, 37]);
  });

  it('shares among sources as the complex match example does', () => {
    // CME Globex, Complex Match Example: 401 over 900, 200, 300, 400 and 100; 2 lots are left to the first source.
    expect(share(GLOBEX_ALGORITHMS.C, [900, 200, 300, 400, 100], 401)).toEqual([189 + 2, 42, 63, 84, 21]);
  });

  it('gives the top order no more than its maximum first', () => {
    // Corn options: top order of at least 10 and at most 100 lots, pro rata minimum 1; 200 against 150, 8 and 160.
    const rules = { ...GLOBEX_ALGORITHMS.O, topMinimumLots: 10, topMaximumLots: 100, proRataMinimumLots: 1 };
    // 100 first; then 22, 3 and 73 of the other 100; the 2 lots left to the earliest.
    expect(share(rules, [150, 8, 160], 200, 0)).toEqual([124, 3, 73]);
  });

  it('gives lead market makers their share of what the top order left', () => {
    // 10 to the top order, 10 % and 20 % of the other 30 to the makers, the rest first come.
    expect(share(GLOBEX_ALGORITHMS.S, [10, 10, 10, 10], 40, 0, [0, 10, 20, 0])).toEqual([10, 10, 10, 10]);
    expect(share(GLOBEX_ALGORITHMS.S, [10, 10, 10, 10], 30, 0, [0, 10, 20, 0])).toEqual([10, 10, 10, 0]);
    expect(share(GLOBEX_ALGORITHMS.T, [100, 100, 100], 30, -1, [0, 20, 80])).toEqual([0, 6, 24]);
  });

  it('splits, levels and ends with time under K', () => {
    // By hand, 40 % first come: 202 = 2 top, 20 and 40 to the makers of the 200 left, 56 first come (31, 7, 18) of the
    // 140 left, 84 pro rata over 82 and four single lots (80), one lot each to the four that got nothing.
    const fills = share(GLOBEX_ALGORITHMS.K, [2, 51, 47, 100, 1, 1, 1, 1], 202, 0, [0, 10, 20]);
    expect(fills).toEqual([2, 51, 47, 98, 1, 1, 1, 1]);
    // Leveling serves the largest first: 7 left after the top order, 3 first come, then nobody has 2 of the 4 left.
    expect(share(GLOBEX_ALGORITHMS.K, [1, 100, 30, 80, 30, 60], 8, 0)).toEqual([1, 4, 1, 1, 0, 1]);
  });

  it('is exact where the products are beyond 2^53', () => {
    const lots = [999_999_937, 1_000_000_000, 999_999_893];
    const taker = 2_999_999_000;
    const fills = share(GLOBEX_ALGORITHMS.C, lots, taker);
    const quotas = lots.map((n) =>
      Number((BigInt(n) * BigInt(taker)) / BigInt(lots.reduce((a, b) => a + b))),
    );
    const rest = taker - quotas.reduce((a, b) => a + b);
    expect(fills).toEqual([quotas[0]! + rest, quotas[1], quotas[2]]);
  });

  it('agrees with exact fractions for every algorithm', () => {
    const level = fc.array(fc.record({ lots: fc.integer({ min: 1, max: 400 }), makerPercent: fc.nat(80) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        level,
        fc.nat(),
        fc.nat(),
        fc.nat(7),
        fc.nat(4),
        fc.nat(100),
        (orders, part, topPick, which, minimum, fifo) => {
          const total = orders.reduce((sum, o) => sum + o.lots, 0);
          const takerLots = 1 + (part % total);
          const top = topPick % (orders.length + 1) === orders.length ? -1 : topPick % orders.length;
          const rules: AllocationRules = {
            ...ALGORITHMS[which]!,
            proRataMinimumLots: minimum,
            topMaximumLots: minimum === 0 ? null : 20,
            fifoPercent: fifo,
          };
          const lots = orders.map((o) => o.lots);
          const fills = share(
            rules,
            lots,
            takerLots,
            top,
            orders.map((o) => o.makerPercent),
          );
          const expected = naiveAllocate(
            rules,
            orders.map((o, i) => ({ ...o, top: i === top })),
            takerLots,
          );
          expect(fills).toEqual(expected);
          expect(fills.reduce((a, b) => a + b)).toBe(takerLots);
          expect(fills.every((fill, i) => fill <= lots[i]!)).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
