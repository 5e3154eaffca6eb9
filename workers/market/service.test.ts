// The market worker's service, called directly: credit, sources, transport, seeking, bad files.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Rng } from '../../engine/core/rng.ts';
import { micros } from '../../engine/core/units.ts';
import { SmallVenue } from '../../engine/testkit/small-venue.ts';
import type { MarketFrame } from '../contract/market-frame.ts';
import type { MarksFrame } from '../contract/marks-frame.ts';
import { MarketService } from './service.ts';

const FILE = join(import.meta.dirname, '../../../shared/data/binance/recordings/usdm_btcusdt_20240808.gz');
const LAST_UPDATE = 5_123_135_475_514;

let service: MarketService | null = null;
let ports: MessagePort[] = [];

afterEach(() => {
  service?.dispose();
  for (const port of ports) port.close();
  ports = [];
  vi.restoreAllMocks();
});

/** A page that grants credit only when told to. */
class TestPage {
  readonly frames: MarketFrame[] = [];
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = (event: MessageEvent<MarketFrame>) => this.frames.push(event.data);
  }

  grant(): void {
    this.#port.postMessage({ credit: 1 });
  }

  /** Grants credit until a frame satisfies the condition. */
  async until(condition: (frame: MarketFrame) => boolean, limitMs = 30_000): Promise<MarketFrame> {
    const endMs = Date.now() + limitMs;
    while (Date.now() < endMs) {
      const seen = this.frames.length;
      this.grant();
      while (this.frames.length === seen && Date.now() < endMs) await new Promise((r) => setTimeout(r, 5));
      const last = this.frames.at(-1);
      if (last !== undefined && condition(last)) return last;
    }
    throw new Error(`no such frame in ${limitMs} ms; last: ${JSON.stringify(this.frames.at(-1)?.transport)}`);
  }
}

async function start(): Promise<{ service: MarketService; page: TestPage }> {
  const channel = new MessageChannel();
  ports.push(channel.port1, channel.port2);
  service = new MarketService();
  await service.connectPage(channel.port2);
  return { service, page: new TestPage(channel.port1) };
}

const T = 1_700_000_000_000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes a recording of a small venue, line by line. */
class Tape {
  readonly venue = new SmallVenue(new Rng(5));
  readonly lines: string[] = [];

  diff(ms: number): this {
    return this.line(ms, `{"stream":"btcusdt@depth@100ms","data":${this.venue.nextDiff(T + ms).json}}`);
  }

  snapshot(ms: number, behind = 0): this {
    return this.line(ms, this.venue.restBook(T + ms, behind));
  }

  mark(ms: number, price: string): this {
    return this.line(
      ms,
      `{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":${T + ms},"s":"BTCUSDT","p":"${price}","i":"${price}","r":"0.0001","T":${T + 3_600_000}}}`,
    );
  }

  line(ms: number, json: string): this {
    this.lines.push(`${T + ms}000000 ${json}`);
    return this;
  }

  /** A diff every 100 ms from one time to before another. */
  diffs(fromMs: number, toMs: number): this {
    for (let ms = fromMs; ms < toMs; ms += 100) this.diff(ms);
    return this;
  }

  get file(): Blob {
    return new Blob([this.lines.join('\n')]);
  }
}

/** In step from the start: a diff, the book, diffs. */
const soundTape = (toMs: number): Tape => new Tape().diff(0).snapshot(10).diffs(100, toMs);

describe('opening', () => {
  it('leaves the newest wish in force, whichever is ready first', async () => {
    const { service, page } = await start();
    const slow = service.openReplay({ name: 'slow', file: soundTape(60_000).file });
    const quick = service.openSimulated({ seed: 3 });
    expect(await slow).toMatchObject({ ok: false, failure: { code: 'worker/cancelled' } });
    expect(await quick).toMatchObject({ ok: true, value: { kind: 'SIMULATED' } });
    await wait(200);
    expect((await page.until(() => true)).source).toBe('SIMULATED');
  });

  it('gives up what is being opened when told to, and goes on with what was open', async () => {
    const { service, page } = await start();
    await service.openSimulated({ seed: 3 });
    const opening = service.openReplay({ name: 'slow', file: soundTape(60_000).file });
    await service.cancelOpening();
    expect(await opening).toMatchObject({ ok: false, failure: { code: 'worker/cancelled' } });
    await wait(200);
    expect((await page.until(() => true)).source).toBe('SIMULATED');
  });

  it('changes from source to source and back without a trace of the one before', async () => {
    const { service, page } = await start();
    const tape = soundTape(3_000);
    for (const round of [1, 2]) {
      await service.openSimulated({ seed: 3 });
      expect((await page.until((frame) => frame.updateId > 0)).source, `round ${round}`).toBe('SIMULATED');
      await service.openReplay({ name: 'tape', file: tape.file });
      const last = await page.until((frame) => frame.transport.ended);
      expect(last).toMatchObject({ source: 'REPLAY', counters: { depthApplied: 30, gaps: 0, resyncs: 0 } });
    }
  });

  it('obeys a pause that comes while the simulation is being made', async () => {
    const { service, page } = await start();
    const opening = service.openSimulated({ seed: 3 });
    await wait(50);
    await service.transport({ kind: 'pause' });
    await opening;
    const before = await page.until(() => true);
    await wait(300);
    const after = await page.until(() => true);
    expect(after.transport).toMatchObject({
      playing: false,
      positionMicros: before.transport.positionMicros,
    });
  });
});

describe('a recording', () => {
  it('is STALE in the very first frame after a seek into a silence', async () => {
    const { service, page } = await start();
    const tape = soundTape(5_000).diffs(30_000, 31_000);
    await service.openReplay({ name: 'silence', file: tape.file });
    await service.transport({ kind: 'pause' });
    for (const [ms, trust] of [
      [20_000, 'STALE'],
      [3_000, 'LIVE'],
      [29_000, 'STALE'],
      [30_500, 'LIVE'],
    ] as const) {
      const seen = page.frames.length;
      await service.transport({ kind: 'seek', toMicros: micros((T + ms) * 1_000) });
      await page.until((frame) => frame.transport.positionMicros === (T + ms) * 1_000);
      const there = page.frames.slice(seen).filter((f) => f.transport.positionMicros === (T + ms) * 1_000);
      expect(
        there.map((frame) => frame.trust),
        `at ${ms} ms`,
      ).toEqual(there.map(() => trust));
    }
  });

  it('is STALE within a silence at any speed', async () => {
    const { service, page } = await start();
    await service.openReplay({ name: 'silence', file: soundTape(2_000).diffs(602_000, 603_000).file });
    await service.transport({ kind: 'speed', speed: 500 });
    await page.until((frame) => frame.transport.ended);
    const within = page.frames.filter((frame) => {
      const ms = frame.transport.positionMicros / 1_000 - T;
      return ms > 6_000 && ms < 601_000;
    });
    expect(within.length).toBeGreaterThan(5);
    expect(new Set(within.map((frame) => frame.trust))).toEqual(new Set(['STALE']));
  });

  it('may begin with its book, before any stream tells whose it is', async () => {
    const { service, page } = await start();
    const tape = new Tape();
    tape.snapshot(0).diffs(100, 2_000);
    const opened = await service.openReplay({ name: 'book first', file: tape.file });
    expect(opened).toMatchObject({ ok: true, value: { brokenLines: 0 } });
    const last = await page.until((frame) => frame.transport.ended);
    expect(last).toMatchObject({ trust: 'LIVE', counters: { depthApplied: 19, refused: 0 } });
  });

  it('without any book plays its trades and never calls the book live', async () => {
    const { service, page } = await start();
    await service.openReplay({ name: 'no book', file: new Tape().diffs(0, 3_000).file });
    await page.until((frame) => frame.transport.ended);
    expect(new Set(page.frames.map((frame) => frame.trust))).toEqual(new Set(['RESYNCING']));
  });

  it('steps one book event after a seek, in the order of the commands', async () => {
    const { service, page } = await start();
    await service.openReplay({ name: 'steps', file: soundTape(60_000).file });
    await service.transport({ kind: 'pause' });
    await service.transport({ kind: 'seek', toMicros: micros((T + 40_050) * 1_000) });
    await service.transport({ kind: 'step' });
    await service.transport({ kind: 'step' });
    const stepped = await page.until((frame) => frame.transport.positionMicros >= (T + 40_200) * 1_000);
    expect(stepped.counters.depthApplied).toBe(403);
    expect(stepped.transport.playing).toBe(false);
    await wait(200);
    expect((await page.until(() => true)).counters.depthApplied).toBe(403);
  });

  it('steps over any number of frames that do not change the book in view', async () => {
    const { service, page } = await start();
    const tape = soundTape(1_000);
    for (let i = 0; i < 30_000; i++) tape.mark(1_000 + i, '60000.1');
    tape.diff(40_000);
    await service.openReplay({ name: 'far', file: tape.file });
    await service.transport({ kind: 'pause' });
    await service.transport({ kind: 'seek', toMicros: micros((T + 1_000) * 1_000) });
    await service.transport({ kind: 'step' });
    const stepped = await page.until((frame) => frame.counters.depthApplied === 11, 5_000);
    expect(stepped.transport.positionMicros).toBe((T + 40_000) * 1_000);
  });

  it('tells the same volatility at a moment, wherever it was reached from', async () => {
    const { service, page } = await start();
    const channel = new MessageChannel();
    ports.push(channel.port1, channel.port2);
    const marks: MarksFrame[] = [];
    channel.port1.onmessage = (event: MessageEvent<MarksFrame>) => marks.push(event.data);
    await service.connectRisk(channel.port2);
    const tape = new Tape().diff(0).snapshot(10);
    for (let ms = 100; ms < 200_000; ms += 500) {
      // A market that trebles its price in the end must leave no trace before.
      tape.diff(ms).mark(ms + 1, `${ms > 150_000 ? 180_000 : 60_000 + ((ms / 500) % 7)}.5`);
    }
    await service.openReplay({ name: 'trebled', file: tape.file });
    await service.transport({ kind: 'pause' });
    const volatilityAt = async (ms: number): Promise<number | null | undefined> => {
      const toMicros = micros((T + ms) * 1_000);
      await service.transport({ kind: 'seek', toMicros });
      await page.until((frame) => frame.transport.positionMicros === toMicros);
      marks.length = 0;
      while (marks.length < 2) await wait(20);
      return marks.at(-1)?.marks[0]?.dailyVolatility;
    };
    const fromBefore = await volatilityAt(100_000);
    await volatilityAt(199_000);
    const fromAfter = await volatilityAt(100_000);
    expect(fromBefore).toBeGreaterThan(0);
    expect(fromBefore).toBeLessThan(0.2);
    expect(fromAfter).toBe(fromBefore);
  });

  it('counts the trades that a page without credit is not shown', async () => {
    const { service, page } = await start();
    await service.openSimulated({ seed: 3 });
    await service.transport({ kind: 'speed', speed: 200 });
    await wait(2_500);
    page.grant();
    await wait(300);
    const [frame] = page.frames;
    expect(frame?.counters.tradesDropped).toBeGreaterThan(0);
  });

  it('says that it cannot be read on, instead of standing still as if the market were silent', async () => {
    const { service, page } = await start();
    await service.openReplay({ name: 'gone', file: soundTape(30_000).file });
    await page.until((frame) => frame.trust === 'LIVE');
    vi.spyOn(Blob.prototype, 'arrayBuffer').mockRejectedValue(new DOMException('gone', 'NotReadableError'));
    await service.transport({ kind: 'seek', toMicros: micros((T + 20_000) * 1_000) });
    const failed = await page.until((frame) => frame.trust === 'OFFLINE', 5_000);
    expect(failed.trustReason).toContain('gone');
  });
});

describe('simulated source', () => {
  it('sends one frame for one credit and none without', async () => {
    const { service, page } = await start();
    const opened = await service.openSimulated({ seed: 3 });
    expect(opened.ok && opened.value.kind).toBe('SIMULATED');
    await new Promise((r) => setTimeout(r, 400));
    expect(page.frames.length).toBe(0);
    page.grant();
    await new Promise((r) => setTimeout(r, 400));
    expect(page.frames.length).toBe(1);
    const [frame] = page.frames;
    expect(frame).toMatchObject({ source: 'SIMULATED', trust: 'LIVE', columnsRestart: true });
    expect(frame?.columns.length).toBeGreaterThan(150);
    expect(frame?.ladder.bids.length).toBe(60 * 3);
  });

  it('tells the risk worker of every second of the run, however fast it plays', async () => {
    const { service } = await start();
    const channel = new MessageChannel();
    ports.push(channel.port1, channel.port2);
    const seconds: number[] = [];
    channel.port1.onmessage = ({ data }: MessageEvent<MarksFrame>) => {
      for (const { nowMicros, passed = [] } of [...(data.passed ?? []), data]) {
        expect(passed.every((second) => second.nowMicros <= nowMicros)).toBe(true);
        if (nowMicros % 1e6 === 0) seconds.push(nowMicros / 1e6);
      }
    };
    await service.connectRisk(channel.port2);
    await service.openReplay({ name: 'minute', file: soundTape(60_000).file });
    await service.transport({ kind: 'speed', speed: 50 });
    await expect.poll(() => seconds.at(-1), { timeout: 10_000 }).toBeGreaterThanOrEqual(T / 1000 + 59);
    const told = [...new Set(seconds)];
    expect(told).toEqual(Array.from({ length: told.length }, (_, i) => (told[0] ?? 0) + i));
    expect(told.length).toBeGreaterThan(55);
  });

  it('sends marks of every instrument to the risk worker, none of them better than its feed', async () => {
    const { service } = await start();
    const channel = new MessageChannel();
    ports.push(channel.port1, channel.port2);
    const marks: MarksFrame[] = [];
    channel.port1.onmessage = (event: MessageEvent<MarksFrame>) => marks.push(event.data);
    await service.connectRisk(channel.port2);
    await service.openSimulated({ seed: 3 });
    await new Promise((r) => setTimeout(r, 500));
    const last = marks.at(-1);
    expect(last?.marks.map((m) => m.instrument)).toEqual([
      'binance-usdm:BTCUSDT',
      'binance-usdm:ETHUSDT',
      'cme-globex:ESZ6',
      'cme-globex:NQZ6',
    ]);
    for (const mark of last?.marks ?? []) {
      expect(mark.price).toBeGreaterThan(0);
      expect(mark).toMatchObject({ trust: 'LIVE', origin: 'mark' });
      expect(mark.dailyVolatility).toBeGreaterThan(0);
    }
  });

  it('steps exactly one book event of the instrument in view, and pauses', async () => {
    const { service, page } = await start();
    await service.openSimulated({ seed: 3 });
    await service.transport({ kind: 'pause' });
    const before = await page.until((frame) => !frame.transport.playing);
    await service.transport({ kind: 'step' });
    const after = await page.until((frame) => frame.updateId !== before.updateId);
    expect(after.counters.depthApplied).toBe(before.counters.depthApplied + 1);
    await new Promise((r) => setTimeout(r, 300));
    expect((await page.until(() => true)).updateId).toBe(after.updateId);
  });

  it('refuses what it cannot understand', async () => {
    const { service } = await start();
    expect(await service.transport({ kind: 'play' })).toMatchObject({
      ok: false,
      failure: { code: 'source/not-open' },
    });
    expect(await service.openSimulated({ seed: 1.5 })).toMatchObject({ ok: false });
    await service.openSimulated({ seed: 3 });
    expect(await service.transport({ kind: 'speed', speed: -1 })).toMatchObject({ ok: false });
    expect(
      await service.setView({ instrument: 'binance-usdm:XRPUSDT', groupTicks: 1, rowsPerSide: 10 }),
    ).toMatchObject({
      ok: false,
      failure: { code: 'reference/instrument-unknown' },
    });
    expect(
      await service.setView({ instrument: 'binance-usdm:BTCUSDT', groupTicks: 0, rowsPerSide: 10 }),
    ).toMatchObject({ ok: false });
  });
});

describe.skipIf(!existsSync(FILE))('replay source (needs the shared recording)', () => {
  const recording = (): Blob => new Blob([readFileSync(FILE)]);

  it('plays a gzip recording to its exact end', async () => {
    const { service, page } = await start();
    const opened = await service.openReplay({ name: 'r.gz', file: recording() });
    expect(opened.ok && opened.value).toMatchObject({ kind: 'REPLAY', lines: 93_954, brokenLines: 0 });
    await service.transport({ kind: 'speed', speed: 1_000 });
    const last = await page.until((frame) => frame.transport.ended, 60_000);
    expect(last).toMatchObject({ updateId: LAST_UPDATE, ladder: { bidLevels: 5_018, askLevels: 4_578 } });
    expect(last.counters).toMatchObject({ depthApplied: 6_547, gaps: 0, refused: 0 });
    expect(last.touchMismatches).toBe(0);
    expect([...last.ladder.bids.slice(0, 2), ...last.ladder.asks.slice(0, 2)]).toEqual([
      616_597, 1_486, 616_598, 981,
    ]);
  });

  it('reaches the same state from either side of a moment, and shows no second after it', async () => {
    const { service, page } = await start();
    const opened = await service.openReplay({ name: 'r.gz', file: recording() });
    if (!opened.ok) throw new Error(opened.failure.message);
    await service.transport({ kind: 'pause' });
    const { startMicros, endMicros } = opened.value;
    const at = micros(startMicros + 187_654_321);
    const seek = async (toMicros: number): Promise<MarketFrame> => {
      await service?.transport({ kind: 'seek', toMicros: micros(toMicros) });
      return page.until((frame) => frame.transport.positionMicros === toMicros);
    };
    const fromBefore = await seek(at);
    await seek(endMicros);
    const fromAfter = await seek(at);
    for (const key of ['updateId', 'bookEventMicros', 'lastTradeTicks', 'trust', 'nowMicros'] as const) {
      expect(fromAfter[key]).toBe(fromBefore[key]);
    }
    expect(fromAfter.ladder).toEqual(fromBefore.ladder);
    const newest = fromAfter.columns.at(-1);
    expect(fromAfter.columnsRestart).toBe(true);
    expect(newest?.startMicros ?? 0).toBeLessThanOrEqual(at - 1_000_000);
    expect(fromAfter.columns.length).toBeGreaterThan(150);
  });

  it('counts and names broken lines, and plays the rest', async () => {
    const { service, page } = await start();
    const lines = gunzipSync(readFileSync(FILE)).toString().split('\n').slice(0, 3_000);
    lines[100] = 'rubbish';
    lines[200] = (lines[200] ?? '').slice(0, -20);
    lines[300] = (lines[300] ?? '').replace('"e":"', '"e":"x');
    const opened = await service.openReplay({ name: 'broken', file: new Blob([lines.join('\n')]) });
    if (!opened.ok) throw new Error(opened.failure.message);
    expect(opened.value.brokenLines).toBe(3);
    expect(opened.value.brokenSamples.map((sample) => sample.slice(0, 9))).toEqual([
      'line 101:',
      'line 201:',
      'line 301:',
    ]);
    await service.transport({ kind: 'speed', speed: 1_000 });
    await page.until((frame) => frame.transport.ended, 60_000);
  });

  it('says what it expected of a file that is no recording', async () => {
    const { service } = await start();
    const opened = await service.openReplay({
      name: 'photo.jpg',
      file: new Blob(['not a recording\n\n\u0000\u0001']),
    });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'tape/empty' } });
    expect(!opened.ok && opened.failure.message).toContain('photo.jpg');
    const torn = await service.openReplay({
      name: 'torn.gz',
      file: new Blob([readFileSync(FILE).subarray(0, 10_000)]),
    });
    expect(torn).toMatchObject({ ok: false });
  });
});
