// The splice rules one by one, and a real session with each of its diffs missing in turn.
import { describe, expect, it } from 'vitest';
import { type Micros, micros } from '../../core/units.ts';
import { BTCUSDT, btcusdtSession } from '../../testkit/recorded-session.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { BinanceDecoder } from '../feed/binance/binance-decoder.ts';
import type { DepthSnapshot, DepthUpdate } from '../feed/binance/binance-message.ts';
import { LevelBuffer } from '../feed/binance/level-buffer.ts';
import { BookSync, type SyncOutput } from './book-sync.ts';
import { MAX_HELD_UPDATES } from './update-buffer.ts';

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
    const straight = new BookSync();
    const broken = new BookSync();
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
      const later = new BookSync();
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
