// Real sessions replayed through the feed: every figure known from elsewhere must come out.
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BTCUSDT, btcusdtSession, perpetual, smallPerpetualsSession } from '../testkit/recorded-session.ts';
import {
  HAS_SHARED_DATA,
  readSharedBytes,
  readSharedText,
  SHARED_DATA_NOTE,
} from '../testkit/shared-data.ts';
import { BinanceDecoder } from './feed/binance/binance-decoder.ts';
import type { BookTicker } from './feed/binance/binance-message.ts';
import { InstrumentFeed } from './instrument-feed.ts';
import type { TrustState } from './trust.ts';
import type { FeedFrame } from './wire/feed-frame.ts';
import { RecordingReader } from './wire/recording.ts';

interface SyncFigures {
  readonly file: string;
  readonly snapshotLastUpdateId: number;
  readonly depthDropped: number;
  readonly depthApplied: number;
  readonly gaps: number;
  readonly crossedStates: number;
  readonly bookTickerSameUpdateId: readonly [number, number];
  readonly topEqualsLatestTicker: readonly [number, number];
  readonly finalBid: readonly [number, number];
  readonly finalAsk: readonly [number, number];
  readonly lastU: number;
  readonly levels: readonly [number, number];
  readonly trades: number;
  readonly volume: number;
  readonly takerBuyVolume: number;
  readonly zeroQtyForUnknownLevel: number;
  readonly perSymbol: Readonly<
    Record<string, { readonly applied: number; readonly bookTicker: readonly [number, number] }>
  >;
}

const figuresOf = (file: string): SyncFigures => {
  const all = JSON.parse(readSharedText('vectors/reference-figures.json')) as {
    readonly bookSync: readonly SyncFigures[];
  };
  return all.bookSync.find((entry) => entry.file === file) as SyncFigures;
};

const isDepth = (frame: FeedFrame): boolean => /@depth(@|$)/.test(frame.stream);
const isTouch = (frame: FeedFrame): boolean => frame.stream.endsWith('@bookTicker');

/** All touches of a session, ascending by update id. */
function touchesOf(frames: readonly FeedFrame[], decoder: BinanceDecoder): readonly BookTicker[] {
  return frames.filter(isTouch).map((frame) => {
    const message = decoder.decode(frame.payload);
    if (!message.ok || message.value.kind !== 'book-ticker') throw new Error('not a touch');
    return message.value;
  });
}

/**
 * The rule that makes the two streams comparable: after the diff that ends on id u, the book's touch is that of the
 * latest touch message by update id that is not above u, whenever that message arrives (diffs overtake touches and
 * the other way round). Touches from before the snapshot say nothing about the book.
 */
function agreesWith(
  feed: InstrumentFeed,
  touches: readonly BookTicker[],
  snapshotId: number,
): boolean | null {
  const latest = touches.findLast((touch) => touch.updateId <= feed.updateId);
  if (latest === undefined || latest.updateId < snapshotId) return null;
  const { book } = feed;
  return (
    book.bestBid === latest.bidTicks &&
    book.bestAsk === latest.askTicks &&
    book.sizeAt('bid', latest.bidTicks) === latest.bidLots &&
    book.sizeAt('ask', latest.askTicks) === latest.askLots
  );
}

describe.skipIf(!HAS_SHARED_DATA)(`the 344 s of BTCUSDT of 2024-08-08${SHARED_DATA_NOTE}`, () => {
  it('gives every known figure', () => {
    const known = figuresOf('binance/recordings/usdm_btcusdt_20240808.gz');
    const recorded = btcusdtSession();
    // The REST book came when two diffs that continue it had been seen, and these are then applied as one change.
    // Handed in first, it is the same book, and every diff can be looked at by itself.
    const isBook = (frame: FeedFrame): boolean => frame.stream.endsWith('@depth-snapshot');
    const frames = [...recorded.filter(isBook), ...recorded.filter((frame) => !isBook(frame))];
    const touches = touchesOf(frames, new BinanceDecoder(BTCUSDT));
    const feed = new InstrumentFeed(BTCUSDT, { expects: 'recorded' });
    const trust: TrustState[] = [];
    const trades: number[] = [];
    let changes = 0;
    let agreed = 0;
    let crossed = 0;
    // Touches ascend by id, so only the ones near the book's id need be looked at.
    let near = 0;
    for (const frame of frames) {
      for (const output of feed.apply({ kind: 'frame', frame })) {
        if (output.kind === 'trust-changed') trust.push(output.to);
        if (output.kind !== 'book-changed') continue;
        changes++;
        while ((touches[near]?.updateId ?? Number.POSITIVE_INFINITY) <= feed.updateId) near++;
        if (agreesWith(feed, touches.slice(Math.max(0, near - 1), near), 0) === true) agreed++;
        if (feed.book.isCrossed) crossed++;
      }
      for (const number of feed.takeTrades()) trades.push(number);
    }

    expect(frames).toHaveLength(93_954);
    expect([agreed, changes]).toEqual(known.topEqualsLatestTicker);
    expect(feed.counters).toMatchObject({
      messages: 93_954,
      depthApplied: known.depthApplied,
      gaps: known.gaps,
      resyncs: 0,
      refused: 0,
      tradesDropped: 0,
    });
    expect(feed.depthIgnored).toEqual({ duplicates: 0, beforeSnapshot: known.depthDropped });
    expect(crossed).toBe(known.crossedStates);
    expect([feed.touchesCompared - feed.touchMismatches, feed.touchesCompared]).toEqual(
      known.bookTickerSameUpdateId,
    );
    expect(feed.updateId).toBe(known.lastU);
    expect(feed.book.unknownDeletes).toBe(known.zeroQtyForUnknownLevel);
    expect([feed.book.bidLevels, feed.book.askLevels]).toEqual(known.levels);
    expect([feed.book.bestBid, feed.book.bestAsk]).toEqual([
      Math.round(known.finalBid[0] * 10),
      Math.round(known.finalAsk[0] * 10),
    ]);
    expect(feed.book.sizeAt('bid', feed.book.bestBid ?? 0)).toBe(Math.round(known.finalBid[1] * 1000));
    expect(feed.book.sizeAt('ask', feed.book.bestAsk ?? 0)).toBe(Math.round(known.finalAsk[1] * 1000));
    expect(trust).toEqual(['RESYNCING', 'LIVE']);

    const asRecorded = new InstrumentFeed(BTCUSDT, { expects: 'recorded' });
    for (const frame of recorded) asRecorded.apply({ kind: 'frame', frame });
    expect(asRecorded.counters).toEqual({ ...feed.counters, tradesDropped: known.trades - 2048 });
    expect(asRecorded.stateHash()).toBe(feed.stateHash());

    const rows = Array.from({ length: trades.length / 5 }, (_, i) => trades.slice(i * 5, i * 5 + 5));
    expect(rows).toHaveLength(known.trades);
    const volume = (side: number) =>
      rows.reduce((sum, row) => sum + (row[3] === side ? (row[2] ?? 0) : 0), 0);
    expect(volume(0) / 1000).toBe(known.takerBuyVolume);
    expect((volume(0) + volume(1)) / 1000).toBe(known.volume);
    expect(rows.every((row, i) => i === 0 || (row[0] ?? 0) >= (rows[i - 1]?.[0] ?? 0))).toBe(true);
  });

  it('is the same when the file is read in pieces of any size', () => {
    const bytes = gunzipSync(readSharedBytes('binance/recordings/usdm_btcusdt_20240808.gz')).subarray(
      0,
      6_000_000,
    );
    const hashOf = (pieceBytes: (i: number) => number): readonly [number, number, number] => {
      const reader = new RecordingReader();
      const feed = new InstrumentFeed(BTCUSDT, { expects: 'recorded' });
      const replay = (): void => {
        for (const { frame } of reader.take()) feed.apply({ kind: 'frame', frame });
      };
      for (let at = 0, i = 0; at < bytes.length; at += pieceBytes(i++)) {
        reader.push(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes(i))));
        replay();
      }
      reader.end();
      replay();
      return [feed.stateHash(), feed.counters.depthApplied, reader.brokenLines];
    };
    const whole = hashOf(() => bytes.length);
    expect(whole[1]).toBeGreaterThan(1000);
    // The cut goes through the last line.
    expect(whole[2]).toBe(1);
    expect(hashOf((i) => 1 + ((i * 7919) % 70_001))).toEqual(whole);
    expect(hashOf(() => 1009)).toEqual(whole);
  });

  it('is the same from any saved state on', () => {
    const frames = btcusdtSession().slice(0, 24_000);
    const straight = new InstrumentFeed(BTCUSDT, { expects: 'recorded' });
    const saved: { readonly at: number; readonly state: ReturnType<InstrumentFeed['snapshot']> }[] = [];
    const hashes: number[] = [];
    for (const [i, frame] of frames.entries()) {
      // Also inside the stretch before the first book, where diffs wait for their snapshot.
      if (i === 3 || i === 40 || i % 5000 === 60)
        saved.push({ at: i, state: structuredClone(straight.snapshot()) });
      straight.apply({ kind: 'frame', frame });
      if (i % 1000 === 999) hashes.push(straight.stateHash());
    }
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const { at, state } of saved) {
      const resumed = new InstrumentFeed(BTCUSDT, { expects: 'recorded' });
      resumed.restore(state);
      for (const frame of frames.slice(at)) resumed.apply({ kind: 'frame', frame });
      expect(resumed.stateHash()).toBe(straight.stateHash());
      if (at === 40) expect(resumed.snapshot()).toEqual(straight.snapshot());
    }
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`four small perpetuals of 2021-07-22${SHARED_DATA_NOTE}`, () => {
  const specs = [
    perpetual('SUSHIUSDT', '0.0010', '1'),
    perpetual('AKROUSDT', '0.00001', '1'),
    perpetual('KEEPUSDT', '0.0001', '1'),
    // Its tick had been raised to 0.001 by then; orders placed before, on 0.00001, still rest in the REST book.
    perpetual('CTKUSDT', '0.00001', '1'),
  ];
  for (const spec of specs) {
    it(`gives the known figures of ${spec.symbol}`, () => {
      const known = figuresOf('venues/BINANCE_FUTURES.*');
      const frames = smallPerpetualsSession().filter((f) =>
        f.stream.startsWith(`${spec.symbol.toLowerCase()}@`),
      );
      const touches = touchesOf(frames, new BinanceDecoder(spec));
      const snapshot = frames.find((f) => f.stream.endsWith('@depth-snapshot'));
      const snapshotId = Number(
        /"lastUpdateId":(\d+)/.exec(new TextDecoder().decode(snapshot?.payload))?.[1],
      );
      const feed = new InstrumentFeed(spec, { expects: 'recorded' });
      let compared = 0;
      let agreed = 0;
      for (const frame of frames) {
        for (const output of feed.apply({ kind: 'frame', frame })) {
          if (output.kind !== 'book-changed') continue;
          const verdict = agreesWith(feed, touches, snapshotId);
          if (verdict === null) continue;
          compared++;
          if (verdict) agreed++;
        }
      }
      expect(frames.filter(isDepth).length).toBeGreaterThan(130);
      expect(feed.counters).toMatchObject({
        depthApplied: known.perSymbol[spec.symbol]?.applied,
        gaps: 0,
        refused: 0,
      });
      expect(feed.touchMismatches).toBe(0);
      expect([agreed, compared]).toEqual(known.perSymbol[spec.symbol]?.bookTicker);
      expect(feed.takeTrades().length).toBeGreaterThan(0);
    });
  }
});
