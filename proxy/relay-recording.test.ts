// The proxy between a page and the fake exchange: a whole recorded session comes through unchanged, and every fault
// of the exchange ends with frames that flow again.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createFakeExchange,
  type FakeExchange,
  type FakeExchangeOptions,
} from '../e2e/fake-exchange/fake-exchange.ts';
import { FAULT_KINDS } from '../e2e/fake-exchange/fault-plan.ts';
import { readRecording } from '../e2e/fake-exchange/recording.ts';
import type { DepthSnapshot, DepthUpdate } from '../e2e/fake-exchange/true-book.ts';
import type { ProxyLimits } from './limits.ts';
import { createProxy, type RunningProxy } from './server.ts';
import { FeedClient, until, wait } from './test-feed-client.ts';

const RECORDING = join(import.meta.dirname, '../../shared/data/binance/recordings/usdm_btcusdt_20240808.gz');
const DEPTH = 'btcusdt@depth@100ms';
const STREAMS = [DEPTH, 'btcusdt@bookTicker', 'btcusdt@trade', 'btcusdt@markPrice@1s', 'btcusdt@forceOrder'];
const SNAPSHOT = 'btcusdt@depth-snapshot';

describe.skipIf(!existsSync(RECORDING))('recorded session (skipped without the recording)', () => {
  type Cleaner = (close: () => Promise<void>) => void;

  async function start(
    onTestFinished: Cleaner,
    options: Partial<FakeExchangeOptions>,
    limits: Partial<ProxyLimits> = {},
  ): Promise<{ fake: FakeExchange; proxy: RunningProxy; client: FeedClient }> {
    const fake = await createFakeExchange({ recordingPath: RECORDING, ...options });
    const venues = new Map([[fake.venue.id, fake.venue]]);
    const proxy = await createProxy({ port: 0, distFolder: null, venues, limits });
    const client = new FeedClient(proxy.url);
    onTestFinished(async () => {
      client.socket.terminate();
      await proxy.close();
      await fake.close();
    });
    await client.opened;
    return { fake, proxy, client };
  }

  it('comes through whole: 6,547 updates without a gap, every trade and ticker, byte for byte', async ({
    onTestFinished,
  }) => {
    const { fake, proxy, client } = await start(onTestFinished, { mode: 'verbatim', speed: 60 });
    client.subscribe(...STREAMS);
    client.snapshot('BTCUSDT');
    await fake.ended;
    const { lines } = readRecording(RECORDING);
    const recorded = (stream: string): string[] =>
      lines.filter((line) => line.stream === stream).map(({ data }) => data);
    const data = (stream: string): string[] =>
      client.of(stream).map(({ text }) => text.slice(`{"stream":"${stream}","data":`.length, -1));
    const total = lines.length - 1;
    const received = (): number => client.frames.filter(({ stream }) => !/snapshot|mark/.test(stream)).length;
    await until('the last frame', () => received() === total);
    expect(data(DEPTH)).toEqual(recorded('btcusdt@depth@0ms'));
    expect(data('btcusdt@trade')).toEqual(recorded('btcusdt@trade'));
    expect(data('btcusdt@bookTicker')).toEqual(recorded('btcusdt@bookTicker'));
    expect(client.of('btcusdt@markPrice@1s').length).toBeGreaterThan(300);
    for (const stream of STREAMS) {
      expect(client.of(stream).every(({ sequence }, n) => sequence === n)).toBe(true);
    }
    const stamps = client.frames.map(({ receivedAtMicros }) => receivedAtMicros);
    expect(stamps.every((stamp, n) => n === 0 || stamp >= (stamps[n - 1] ?? 0))).toBe(true);

    const snapshot = JSON.parse(client.of(SNAPSHOT)[0]?.text ?? '') as DepthSnapshot;
    let [last, dropped, applied] = [snapshot.lastUpdateId, 0, 0];
    for (const text of data(DEPTH)) {
      const update = JSON.parse(text) as DepthUpdate;
      if (update.u < snapshot.lastUpdateId) dropped += 1;
      else {
        expect(update.pu === last || (applied === 0 && update.U <= last && last <= update.u)).toBe(true);
        last = update.u;
        applied += 1;
      }
    }
    expect([dropped, applied, last]).toEqual([4, 6_547, 5_123_135_475_514]);
    expect(client.told('skipped')).toEqual([]);
    expect(proxy.stats().upstreams.map(({ connections }) => connections)).toEqual([1, 1]);
  });

  it('stays whole over 24-hour cuts, because the proxy moves before the exchange cuts', async ({
    onTestFinished,
  }) => {
    const { fake, proxy, client } = await start(
      onTestFinished,
      { speed: 20, maxConnectionAgeMs: 600 },
      { rolloverAfterMs: 250, rolloverJitterMs: 50, spliceMs: 250 },
    );
    client.subscribe(DEPTH, 'btcusdt@bookTicker');
    await until('many rollovers', () => (proxy.stats().upstreams[0]?.rollovers ?? 0) >= 10, 30_000);
    fake.pause();
    await wait(300);
    const ids = client.of(DEPTH).map(({ text }) => (JSON.parse(text) as { data: DepthUpdate }).data.u);
    const from = fake.oracle.updateIds.indexOf(ids[0] ?? 0);
    expect(ids).toEqual(fake.oracle.updateIds.slice(from, from + ids.length));
    expect(ids.at(-1)).toBe(fake.position().u);
    expect(client.told('link').filter(({ up, reason }) => !up && reason !== 'connecting')).toEqual([]);
  });

  it.concurrent.for(FAULT_KINDS)('flows again after %s', async (kind, { expect, onTestFinished }) => {
    const quick = {
      silenceMs: 600,
      reconnectFirstMs: 50,
      reconnectCapMs: 200,
      upstreamPingIntervalMs: 200,
      restTimeoutMs: 1_000,
    };
    const faultTuning = { banSeconds: 1, dayMs: 200, chance: 0.2 };
    const { fake, proxy, client } = await start(onTestFinished, { speed: 5, faultTuning }, quick);
    client.subscribe(DEPTH, 'btcusdt@bookTicker');
    await until('frames', () => client.of(DEPTH).length > 3);
    fake.faults.start(kind);
    client.snapshot('BTCUSDT');
    await wait(1_500);
    fake.faults.stop();
    expect(fake.faults.counts().get(kind) ?? 0).toBeGreaterThan(0);
    const from = client.frames.length;
    await until('frames again', () => client.frames.length > from && client.of(DEPTH).length > 3);
    await until('links up', () => {
      const last = new Map(client.told('link').map(({ stream, up }) => [stream, up]));
      return [...last.values()].every(Boolean);
    });
    const answers = (): number => client.of(SNAPSHOT).length + client.told('refused').length;
    await until('an answer to the snapshot', () => answers() > 0);
    await wait(client.told('refused')[0]?.retryAfterMs ?? 0);
    const books = client.of(SNAPSHOT).length;
    client.snapshot('BTCUSDT');
    await until('a book', () => client.of(SNAPSHOT).length > books);
    expect(fake.stats().rest.requestsWhileBanned).toBe(0);
    expect(fake.stats().streams.closedForRate).toBe(0);
    expect(proxy.stats().clients).toBe(1);
  });

  it('survives a seeded mix of all faults', async ({ onTestFinished }) => {
    const quick = { silenceMs: 600, reconnectFirstMs: 50, reconnectCapMs: 200, upstreamPingIntervalMs: 200 };
    const { fake, client } = await start(
      onTestFinished,
      { speed: 5, faultTuning: { banSeconds: 1, dayMs: 200 } },
      quick,
    );
    client.subscribe(DEPTH, 'btcusdt@bookTicker');
    await fake.faults.mix(20_240_808, 8_000);
    expect(fake.faults.counts().size).toBeGreaterThan(2);
    const from = client.of(DEPTH).length;
    await until('frames again', () => client.of(DEPTH).length > from + 5);
    const ids = client
      .of(DEPTH)
      .slice(-3)
      .map(({ text }) => (JSON.parse(text) as { data: DepthUpdate }).data);
    expect(ids[1]?.pu).toBe(ids[0]?.u);
    expect(ids[2]?.pu).toBe(ids[1]?.u);
  });
});
