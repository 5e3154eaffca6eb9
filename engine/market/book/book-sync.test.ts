// The splice rules one by one, and a real session with each of its diffs missing in turn.
import { describe, expect, it } from 'vitest';
import { type Micros, micros } from '../../core/units.ts';
import { BTCUSDT, btcusdtSession } from '../../testkit/recorded-session.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { BinanceDecoder } from '../feed/binance/binance-decoder.ts';
import type { DepthSnapshot, DepthUpdate } from '../feed/binance/binance-message.ts';
import { LevelBuffer } from '../feed/binance/level-buffer.ts';
import { BookSync } from './book-sync.ts';
import type { SyncOutput } from './sync-input.ts';
import { MAX_HELD_UPDATES } from './update-buffer.ts';
import { SNAPSHOT_LEVELS } from './verified-depth.ts';

type Levels = readonly (readonly [number, number])[];

function buffer(levels: Levels): LevelBuffer {
  const out = new LevelBuffer();
  for (const [priceTicks, sizeLots] of levels) {
    out.priceTicks[out.count] = priceTicks;
    out.sizeLots[out.count++] = sizeLots;
  }
  return out;
}

/** A machine with inputs in few words. Events are a tenth of a second apart. */
class Bench {
  readonly sync = new BookSync();
  now: Micros = micros(1_700_000_000_000_000);

  update(
    firstId: number,
    lastId: number,
    previousId: number,
    bids: Levels = [[100, lastId]],
    asks: Levels = [],
  ) {
    this.now = micros(this.now + 100_000);
    return this.old(firstId, lastId, previousId, this.now, bids, asks);
  }

  old(firstId: number, lastId: number, previousId: number, at: Micros, bids: Levels = [], asks: Levels = []) {
    const update: DepthUpdate = {
      kind: 'depth-update',
      firstId,
      lastId,
      previousId,
      eventMicros: at,
      bids: buffer(bids),
      asks: buffer(asks),
    };
    return this.sync.apply({ kind: 'update', update, receivedAtMicros: this.now });
  }

  snapshot(lastId: number, bids: Levels = [[99, 5]], asks: Levels = [[110, 5]]): readonly SyncOutput[] {
    const snapshot: DepthSnapshot = {
      kind: 'depth-snapshot',
      lastId,
      eventMicros: null,
      bids: buffer(bids),
      asks: buffer(asks),
    };
    return this.sync.apply({ kind: 'snapshot', snapshot, receivedAtMicros: this.now });
  }
}

const isAsking = (outputs: readonly SyncOutput[]): boolean =>
  outputs.some((o) => o.kind === 'snapshot-needed');
const isApplied = (outputs: readonly SyncOutput[]): boolean => outputs.some((o) => o.kind === 'applied');

describe('the first diff after a snapshot', () => {
  const spliced = (lastId: number): boolean => {
    const bench = new Bench();
    bench.update(11, 20, 10);
    bench.update(25, 30, 20);
    bench.update(31, 40, 30);
    return isApplied(bench.snapshot(lastId)) && bench.sync.isSynced && bench.sync.updateId === 40;
  };
  it('holds the id of the snapshot, or begins right behind it', () => {
    expect([10, 11, 15, 20, 25, 28, 30, 31, 40].filter(spliced)).toEqual([
      10, 11, 15, 20, 25, 28, 30, 31, 40,
    ]);
  });
  it('is none when the snapshot is older than what was buffered', () => {
    expect([0, 5, 9].filter(spliced)).toEqual([]);
  });
  it('is none when the id of the snapshot lies between two diffs: no update had it', () => {
    expect([21, 24].filter(spliced)).toEqual([]);
  });
  it('may come after the snapshot', () => {
    const bench = new Bench();
    bench.update(11, 20, 10);
    expect(isApplied(bench.snapshot(35))).toBe(false);
    expect(isApplied(bench.update(21, 30, 20))).toBe(false);
    expect(isApplied(bench.update(31, 40, 30))).toBe(true);
    expect(bench.sync.counters).toMatchObject({ applied: 1, dropped: 2, gaps: 0, resyncs: 0 });
    expect(bench.sync.book.sizeAt('bid', 99)).toBe(5);
  });
});

describe('asking for a snapshot', () => {
  it('begins with the first diff, so that the answer can be spliced', () => {
    const bench = new Bench();
    expect(bench.sync.apply({ kind: 'restart', reason: 'up', atMicros: bench.now })).toEqual([]);
    expect(bench.update(11, 20, 10)).toEqual([{ kind: 'snapshot-needed', delayMs: 0, reason: 'up' }]);
    expect(isAsking(bench.update(21, 30, 20))).toBe(false);
  });

  it('is repeated when the answer is too old, and slows down', () => {
    const bench = new Bench();
    bench.update(11, 20, 10);
    const delays: number[] = [];
    for (let i = 0; i < 12; i++) {
      for (const o of bench.snapshot(5)) if (o.kind === 'snapshot-needed') delays.push(o.delayMs);
    }
    expect(delays).toEqual([0, 0, 0, 1000, 2000, 3000, 3000, 3000, 3000, 3000, 3000, 3000]);
    expect(bench.sync.isUnstable(bench.now)).toBe(true);
    expect(isApplied(bench.snapshot(15))).toBe(true);
    expect(bench.sync.isUnstable(micros(bench.now + 59_000_000))).toBe(true);
    expect(bench.sync.isUnstable(micros(bench.now + 61_000_000))).toBe(false);
  });
});

describe('in step', () => {
  const synced = (): Bench => {
    const bench = new Bench();
    bench.update(11, 20, 10, [[100, 7]], [[105, 3]]);
    bench.snapshot(15);
    return bench;
  };

  it('drops what it has seen', () => {
    const bench = synced();
    const { now } = bench;
    bench.update(21, 30, 20, [[101, 4]]);
    const hash = bench.sync.stateHash();
    expect(bench.old(21, 30, 20, bench.now, [[101, 9]])).toEqual([]);
    expect(bench.old(11, 20, 10, now, [[101, 9]])).toEqual([]);
    expect(bench.sync.stateHash()).toBe(hash);
    expect(bench.sync.counters.duplicates).toBe(2);
  });

  it('loses the book when a diff is missing, keeps it readable, and splices the next in one input', () => {
    const bench = synced();
    const lost = bench.update(41, 50, 40, [[100, 0]]);
    expect(lost).toMatchObject([{ kind: 'snapshot-needed', delayMs: 0 }]);
    expect(bench.sync.isSynced).toBe(false);
    expect(bench.sync.reason).toMatch(/gap: expected the update after 20, found the one after 40/);
    expect([
      bench.sync.book.bestBid,
      bench.sync.book.sizeAt('bid', 100),
      bench.sync.book.sizeAt('bid', 99),
    ]).toEqual([100, 7, 5]);
    bench.update(51, 60, 50, [[98, 6]]);
    expect(bench.sync.book.sizeAt('bid', 98)).toBe(0);
    expect(
      isApplied(
        bench.snapshot(
          45,
          [
            [97, 1],
            [100, 2],
          ],
          [[120, 1]],
        ),
      ),
    ).toBe(true);
    expect([bench.sync.book.bidLevels, bench.sync.book.sizeAt('bid', 98), bench.sync.book.bestAsk]).toEqual([
      2, 6, 120,
    ]);
    expect(bench.sync.counters).toMatchObject({ gaps: 1, resyncs: 1 });
  });

  it('loses the book when it is crossed or locked after a message', () => {
    for (const bid of [105, 106]) {
      const bench = synced();
      expect(isAsking(bench.update(21, 30, 20, [[bid, 1]]))).toBe(true);
      expect(bench.sync.reason).toBe(`crossed: bid ${bid} at or above ask 105`);
    }
  });

  it('takes lower ids with a newer time for a new count', () => {
    const bench = synced();
    expect(isAsking(bench.update(3, 4, 2))).toBe(true);
    expect(bench.sync.reason).toBe('update ids start again: 4 after 20');
    bench.update(5, 6, 4, [[90, 1]]);
    expect(isApplied(bench.snapshot(5))).toBe(true);
    expect(bench.sync.updateId).toBe(6);
  });

  it('takes ids beyond 2^32 in its stride', () => {
    const bench = new Bench();
    const big = 2 ** 32;
    bench.update(big - 5, big, big - 6);
    bench.snapshot(big - 2);
    expect(isApplied(bench.update(big + 1, big + 3, big))).toBe(true);
    expect(bench.sync.updateId).toBe(big + 3);
  });

  it('ignores a snapshot that comes late, and a doubt only costs a snapshot', () => {
    const bench = synced();
    expect(bench.snapshot(15, [[1, 1]])).toEqual([]);
    expect(bench.sync.book.sizeAt('bid', 100)).toBe(7);
    expect(isAsking(bench.sync.apply({ kind: 'doubt', reason: 'why', atMicros: bench.now }))).toBe(true);
    expect(bench.sync.isSynced).toBe(false);
  });
});

describe('time of events', () => {
  it('goes by the ids and shows the newest', () => {
    const bench = new Bench();
    bench.update(11, 20, 10, [[100, 7]], [[105, 3]]);
    bench.snapshot(15);
    const newest = bench.sync.eventMicros;
    bench.old(21, 25, 20, micros(bench.now - 3_000_000), [[99, 9]]);
    expect(bench.sync.updateId).toBe(25);
    expect(bench.sync.book.sizeAt('bid', 99)).toBe(9);
    expect(bench.sync.eventMicros).toBe(newest);
    bench.update(26, 30, 25);
    expect(bench.sync.eventMicros).toBe(bench.now);
    expect(bench.sync.counters).toMatchObject({ gaps: 0, resyncs: 0 });
  });
});

describe('depth of the snapshot', () => {
  /** A side of the venue's deepest REST book, a level every tick away from the touch. */
  const deep = (touch: number, away: 1 | -1, lots: number): Levels =>
    Array.from({ length: SNAPSHOT_LEVELS }, (_, i) => [touch + away * i, lots]);
  const book = (bid: number, lots = 5): [Levels, Levels] => [deep(bid, -1, lots), deep(bid + 1, 1, lots)];

  /** In step with bids from 10,000 down to 9,001 and asks from 10,001 up to 11,000. */
  const synced = (): Bench => {
    const bench = new Bench();
    bench.update(11, 20, 10, [], []);
    bench.snapshot(15, ...book(10_000));
    expect(bench.sync.isSynced).toBe(true);
    return bench;
  };
  /** Takes away all bids from the touch down to above a price, in one diff. */
  const fall = (bench: Bench, id: number, toTicks: number) => {
    const gone: Levels = Array.from({ length: 10_000 - toTicks }, (_, i) => [10_000 - i, 0]);
    return bench.update(id + 1, id + 5, id, gone);
  };

  it('is where a full side ends; a side that is not full is known whole', () => {
    const { sync } = synced();
    expect(sync.verified).toEqual({ lowestBidTicks: 9_001, highestAskTicks: 11_000 });
    const bench = new Bench();
    bench.update(11, 20, 10, [], []);
    bench.snapshot(15, deep(10_000, -1, 5).slice(1), deep(10_001, 1, 5));
    expect(bench.sync.verified).toEqual({ lowestBidTicks: null, highestAskTicks: 11_000 });
  });

  it('has another snapshot fetched before the price reaches its edge, and stays in step meanwhile', () => {
    const bench = synced();
    expect(isAsking(fall(bench, 20, 9_300))).toBe(false);
    const asked = fall(bench, 25, 9_200);
    expect(asked).toContainEqual({
      kind: 'snapshot-needed',
      delayMs: 0,
      reason: 'the price nears the edge of the snapshot',
    });
    expect(isAsking(bench.update(31, 35, 30, [[9_190, 77]]))).toBe(false);
    // What the old snapshot knew beyond the edge of the new one is known still; diffs after the new one hold.
    expect(isApplied(bench.snapshot(28, deep(9_200, -1, 6), deep(10_001, 1, 6)))).toBe(true);
    expect(bench.sync.isSynced).toBe(true);
    expect(bench.sync.verified).toEqual({ lowestBidTicks: 8_201, highestAskTicks: 11_000 });
    const { book: known } = bench.sync;
    expect([9_200, 9_190, 8_201, 8_200].map((ticks) => known.sizeAt('bid', ticks))).toEqual([6, 77, 6, 0]);
    expect(bench.sync.updateId).toBe(35);
    expect(bench.sync.counters).toMatchObject({ applied: 4, dropped: 0, gaps: 0, resyncs: 0 });
    expect(bench.update(36, 40, 35, [[9_190, 1]])).toEqual([{ kind: 'applied' }]);
    expect(bench.sync.isUnstable(bench.now)).toBe(false);
  });

  it('keeps what it knew on the side that the market moved away from', () => {
    const bench = synced();
    fall(bench, 20, 9_200);
    bench.snapshot(
      25,
      deep(9_200, -1, 6),
      deep(10_001, 1, 6).map(([ticks, lots]) => [ticks - 500, lots]),
    );
    expect(bench.sync.verified).toEqual({ lowestBidTicks: 8_201, highestAskTicks: 11_000 });
    expect([9_501, 10_500, 10_501, 11_000].map((ticks) => bench.sync.book.sizeAt('ask', ticks))).toEqual([
      6, 6, 5, 5,
    ]);
  });

  it('waits for the diffs that a newer snapshot needs, and gives up one that fits nothing', () => {
    const ahead = synced();
    fall(ahead, 20, 9_200);
    expect(ahead.snapshot(33, deep(9_200, -1, 6), deep(10_001, 1, 6))).toEqual([]);
    ahead.update(26, 30, 25);
    expect(ahead.sync.verified.lowestBidTicks).toBe(9_001);
    ahead.update(31, 35, 30);
    expect(ahead.sync.verified.lowestBidTicks).toBe(8_201);
    const old = synced();
    fall(old, 20, 9_200);
    old.snapshot(3, deep(9_200, -1, 6), deep(10_001, 1, 6));
    expect(old.sync).toMatchObject({ isSynced: true, verified: { lowestBidTicks: 9_001 } });
    expect(old.sync.book.sizeAt('bid', 9_200)).toBe(5);
    // Not asked again at once, but asked again.
    let asked = 0;
    for (let id = 25; id < 2_500; id += 5) {
      if (isAsking(old.update(id + 1, id + 5, id))) asked++;
      old.sync.apply({ kind: 'clock', nowMicros: old.now });
    }
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(6);
  });

  it('costs nothing when it fails, and is no longer wanted when the book is lost meanwhile', () => {
    const failing = synced();
    fall(failing, 20, 9_200);
    const failed = {
      kind: 'snapshot-failed',
      reason: 'busy',
      retryAfterMs: 500,
      atMicros: failing.now,
    } as const;
    expect(failing.sync.apply(failed)).toEqual([]);
    expect(failing.sync.isSynced).toBe(true);
    const lost = synced();
    fall(lost, 20, 9_200);
    expect(isAsking(lost.update(100, 105, 99))).toBe(true);
    expect(lost.sync.isSynced).toBe(false);
    lost.snapshot(102, ...book(9_000, 8));
    expect(lost.sync).toMatchObject({
      isSynced: true,
      verified: { lowestBidTicks: 8_001, highestAskTicks: 10_000 },
    });
  });

  it('is never asked to be deeper of a recording', () => {
    const sync = new BookSync({ deepens: false });
    sync.restore(synced().sync.snapshot());
    const bench = Object.assign(new Bench(), { sync });
    expect(isAsking(fall(bench, 20, 9_100))).toBe(false);
  });

  it('survives a saved state', () => {
    const bench = synced();
    fall(bench, 20, 9_200);
    const again = new BookSync();
    again.restore(bench.sync.snapshot());
    const other = Object.assign(new Bench(), { sync: again, now: bench.now });
    for (const each of [bench, other]) each.snapshot(25, deep(9_200, -1, 6), deep(10_001, 1, 6));
    expect(again.snapshot()).toEqual(bench.sync.snapshot());
    expect(again.verified.lowestBidTicks).toBe(8_201);
  });
});

describe('waiting', () => {
  it('keeps a bounded, unbroken run of diffs', () => {
    const bench = new Bench();
    for (let i = 1; i <= MAX_HELD_UPDATES + 10; i++) bench.update(i * 10 + 1, i * 10 + 10, i * 10);
    expect(bench.sync.snapshot().held).toHaveLength(MAX_HELD_UPDATES);
    // The first ten were given up, so a snapshot among them is too old, and one behind them is not.
    expect(isApplied(bench.snapshot(95))).toBe(false);
    expect(isApplied(bench.snapshot(111))).toBe(true);
  });

  it('gives up a snapshot that stays ahead of the ids, as after a new count', () => {
    const bench = new Bench();
    bench.update(11, 20, 10);
    bench.snapshot(1_000_000);
    const asked = Array.from({ length: 60 }, (_, i) =>
      bench.update(i * 10 + 21, i * 10 + 30, i * 10 + 20),
    ).filter(isAsking);
    expect(asked).toHaveLength(1);
    expect(isApplied(bench.snapshot(bench.sync.snapshot().held[0]?.lastId ?? 0))).toBe(true);
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`a real session${SHARED_DATA_NOTE}`, () => {
  it('loses the book at once whichever diff is missing, and finds it again with a snapshot', () => {
    const decoder = new BinanceDecoder(BTCUSDT);
    const frames = btcusdtSession().filter((f) => /@depth[@-]/.test(f.stream));
    const feed = (sync: BookSync, i: number): readonly SyncOutput[] => {
      const frame = frames[i] as (typeof frames)[number];
      const { receivedAtMicros } = frame;
      const message = decoder.decode(frame.payload);
      if (!message.ok) throw new Error(message.failure.message);
      if (message.value.kind === 'depth-snapshot') {
        return sync.apply({ kind: 'snapshot', snapshot: message.value, receivedAtMicros });
      }
      return sync.apply({ kind: 'update', update: message.value as DepthUpdate, receivedAtMicros });
    };
    const straight = new BookSync({ deepens: false });
    const broken = new BookSync({ deepens: false });
    let missed = 0;
    let recovered = 0;
    for (let i = 0; i + 12 < frames.length; i++) {
      const missing = i > 10 && (i < 400 || i % 5 === 0);
      const before = missing ? straight.snapshot() : null;
      feed(straight, i);
      if (before === null) continue;
      missed++;
      broken.restore(before);
      const outputs = feed(broken, i + 1);
      if (broken.isSynced || !isAsking(outputs) || isApplied(outputs))
        expect.fail(`diff ${i} was not missed`);
      if (i % 100 !== 0) continue;
      // The REST book as of diff i + 5, once diffs beyond it are there.
      const later = new BookSync({ deepens: false });
      later.restore(before);
      for (let k = i; k <= i + 5; k++) feed(later, k);
      for (let k = i + 2; k <= i + 8; k++) feed(broken, k);
      const { book, updateId } = later.snapshot();
      const levels = (side: typeof book.bids): LevelBuffer =>
        Object.assign(new LevelBuffer(), { ...side, count: side.priceTicks.length });
      broken.apply({
        kind: 'snapshot',
        snapshot: {
          kind: 'depth-snapshot',
          lastId: updateId,
          eventMicros: null,
          bids: levels(book.bids),
          asks: levels(book.asks),
        },
        receivedAtMicros: micros((frames[i + 8]?.receivedAtMicros ?? 0) + 1),
      });
      for (let k = i + 6; k <= i + 8; k++) feed(later, k);
      if (broken.isSynced && broken.stateHash() === later.stateHash()) recovered++;
      else expect.fail(`not recovered after diff ${i} was missing`);
    }
    expect(missed).toBeGreaterThan(1500);
    expect(recovered).toBeGreaterThan(60);
  });
});
