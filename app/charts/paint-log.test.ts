// The black box: what goes in comes out, best first, and the oldest falls out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOGGED_LEVELS, PaintLog } from './paint-log.ts';

const head = {
  atMs: 1_700_000_000_000.5,
  source: 'REPLAY',
  trust: 'RESYNCING',
  shownAsLive: false,
  updateId: 9_007_199_254_740_991,
} as const;

describe('PaintLog', () => {
  it('returns the painted rows of each side, best first, at most ten', () => {
    const lots = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e12 })), {
      minLength: 30,
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), lots, lots, (topTicks, bids, asks) => {
        const log = new PaintLog();
        log.add(head, {
          topTicks,
          rows: 30,
          bidLots: Float64Array.from(bids),
          askLots: Float64Array.from(asks),
        });
        const painted = (sizes: number[]) =>
          sizes.map((size, row) => ({ ticks: topTicks - row, lots: size })).filter((l) => l.lots > 0);
        const [record] = log.read();
        expect(record).toEqual({
          ...head,
          lowestTicks: topTicks - 29,
          highestTicks: topTicks,
          bids: painted(bids).slice(0, LOGGED_LEVELS),
          asks: painted(asks).reverse().slice(0, LOGGED_LEVELS),
        });
      }),
    );
  });

  it('keeps every state and source apart', () => {
    const log = new PaintLog();
    const rows = { topTicks: 1, rows: 0, bidLots: new Float64Array(), askLots: new Float64Array() };
    const states = ['LIVE', 'DEGRADED', 'STALE', 'RESYNCING', 'OFFLINE'] as const;
    const sources = ['SIMULATED', 'REPLAY', 'LIVE'] as const;
    const heads = states.flatMap((trust) =>
      sources.flatMap((source) =>
        [true, false].map((shownAsLive) => ({ ...head, trust, source, shownAsLive })),
      ),
    );
    for (const each of heads) log.add(each, rows);
    expect(log.read().map(({ trust, source, shownAsLive }) => ({ trust, source, shownAsLive }))).toEqual(
      heads.map(({ trust, source, shownAsLive }) => ({ trust, source, shownAsLive })),
    );
  });

  it('is bounded: the oldest falls out', () => {
    const log = new PaintLog();
    const rows = {
      topTicks: 1,
      rows: 1,
      bidLots: new Float64Array([1]),
      askLots: new Float64Array([0]),
    };
    for (let i = 0; i < 13_234; i++) log.add({ ...head, updateId: i }, rows);
    const all = log.read();
    expect(all).toHaveLength(12_000);
    expect(all[0]?.updateId).toBe(1_234);
    expect(all.at(-1)?.updateId).toBe(13_233);
    expect(log.read(3).map((r) => r.updateId)).toEqual([13_231, 13_232, 13_233]);
    expect(log.written).toBe(13_234);
  });
});
