// The market worker's service, called directly: credit, sources, transport, seeking, bad files.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { micros } from '../../engine/core/units.ts';
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
