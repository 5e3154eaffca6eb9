// The fake exchange is only worth something if it is true to the recording and each fault does what its name says.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createFakeExchange, type FakeExchange, type FakeExchangeOptions } from './fake-exchange.ts';
import { FAULT_KINDS, planMix } from './fault-plan.ts';
import { readRecording } from './recording.ts';
import type { DepthSnapshot, DepthUpdate, TextLevel } from './true-book.ts';

const RECORDING = join(
  import.meta.dirname,
  '../../../shared/data/binance/recordings/usdm_btcusdt_20240808.gz',
);
const DEPTH = 'btcusdt@depth@100ms';
const FAST = Number.POSITIVE_INFINITY;

/** A client that only listens. */
class Listener {
  readonly socket: WebSocket;
  readonly texts: string[] = [];
  closeCode: number | null = null;
  pings = 0;
  readonly closed: Promise<number>;
  readonly opened: Promise<void>;
  onText: (text: string) => void = (text) => this.texts.push(text);

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => this.onText(data.toString()));
    this.socket.on('ping', () => {
      this.pings += 1;
    });
    this.socket.on('error', () => {});
    this.opened = new Promise((resolve) => this.socket.on('open', () => resolve()));
    this.closed = new Promise((resolve) =>
      this.socket.on('close', (code) => {
        this.closeCode = code;
        resolve(code);
      }),
    );
  }

  updates(): DepthUpdate[] {
    return this.texts.flatMap((text) => {
      try {
        const message = JSON.parse(text) as { data?: DepthUpdate & { e?: string } };
        return message.data?.e === 'depthUpdate' ? [message.data] : [];
      } catch {
        return [];
      }
    });
  }
}

/** The plainest book there is: two maps of text, sorted when looked at. */
class NaiveBook {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();
  u: number;
  applied = 0;
  dropped = 0;
  gaps = 0;

  constructor(snapshot: DepthSnapshot) {
    for (const [price, size] of snapshot.bids) this.bids.set(price, size);
    for (const [price, size] of snapshot.asks) this.asks.set(price, size);
    this.u = snapshot.lastUpdateId;
  }

  apply(update: DepthUpdate): void {
    if (update.u < this.u) {
      this.dropped += 1;
      return;
    }
    const first = this.applied === 0 && update.U <= this.u && this.u <= update.u;
    if (!first && update.pu !== this.u) this.gaps += 1;
    for (const [side, levels] of [
      [this.bids, update.b],
      [this.asks, update.a],
    ] as const) {
      for (const [price, size] of levels) {
        if (Number(size) === 0) side.delete(price);
        else side.set(price, size);
      }
    }
    this.u = update.u;
    this.applied += 1;
  }

  best(side: 'bids' | 'asks', count: number): TextLevel[] {
    const sign = side === 'bids' ? -1 : 1;
    return [...this[side]].sort((x, y) => sign * (Number(x[0]) - Number(y[0]))).slice(0, count);
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what: string, condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`did not happen in time: ${what}`);
    await wait(10);
  }
}

describe.skipIf(!existsSync(RECORDING))('fake exchange (skipped without the recording)', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const thing of open.splice(0)) await thing.close();
  });

  async function exchange(options: Partial<FakeExchangeOptions> = {}): Promise<FakeExchange> {
    const fake = await createFakeExchange({ recordingPath: RECORDING, ...options });
    open.push(fake);
    return fake;
  }

  async function listen(
    fake: FakeExchange,
    streams: string,
    path = 'public/stream',
    onText: ((text: string) => void) | null = null,
  ): Promise<Listener> {
    const listener = new Listener(`ws://127.0.0.1:${fake.wsPort}/${path}?streams=${streams}`);
    // From the first message on: on a busy machine it comes together with the opening.
    if (onText !== null) listener.onText = onText;
    open.push({ close: () => listener.socket.terminate() });
    await listener.opened;
    return listener;
  }

  const rest = (fake: FakeExchange, query = 'limit=1000&symbol=BTCUSDT'): Promise<Response> =>
    fetch(`http://127.0.0.1:${fake.restPort}/fapi/v1/depth?${query}`);

  it('keeps an oracle whose top agrees with every recorded best bid and ask', async () => {
    const fake = await exchange();
    const { lines } = readRecording(RECORDING);
    const tickers = lines
      .filter((line) => line.stream === 'btcusdt@bookTicker')
      .map((line) => JSON.parse(line.data) as { u: number; b: string; B: string; a: string; A: string });
    let next = 0;
    let compared = 0;
    for (const u of fake.oracle.updateIds) {
      while ((tickers[next + 1]?.u ?? Number.POSITIVE_INFINITY) <= u) next += 1;
      const ticker = tickers[next]!;
      if (ticker.u > u) continue;
      const levels = fake.oracle.levelsAt(u)!;
      expect([levels.bids[0], levels.asks[0]]).toEqual([
        [ticker.b, ticker.B],
        [ticker.a, ticker.A],
      ]);
      compared += 1;
    }
    expect(compared).toBe(6_548);
    expect(fake.oracle.updateIds).toHaveLength(6_548);
    expect(fake.oracle.finalLevels).toEqual([5_018, 4_578]);
    expect(fake.oracle.levelsAt(1)).toBeNull();
  });

  it('verbatim: the stream put together naively is the oracle, 4 dropped, 6,547 applied, no gap', async () => {
    const fake = await exchange({ mode: 'verbatim', speed: FAST });
    const buffer: DepthUpdate[] = [];
    let book: NaiveBook | null = null;
    let checked = 0;
    const apply = (update: DepthUpdate): void => {
      book?.apply(update);
      if (book === null || book.applied % 40 !== 1) return;
      const truth = fake.oracle.levelsAt(book.u)!;
      expect(book.best('bids', 20)).toEqual(truth.bids);
      expect(book.best('asks', 20)).toEqual(truth.asks);
      checked += 1;
    };
    await listen(fake, DEPTH, 'public/stream', (text) => {
      const update = (JSON.parse(text) as { data: DepthUpdate }).data;
      if (book === null) buffer.push(update);
      else apply(update);
    });
    book = new NaiveBook((await (await rest(fake)).json()) as DepthSnapshot);
    for (const update of buffer) apply(update);
    await fake.ended;
    await until('the last update', () => book?.u === 5_123_135_475_514);
    expect([book.dropped, book.applied, book.gaps]).toEqual([4, 6_547, 0]);
    expect([book.bids.size, book.asks.size]).toEqual([5_018, 4_578]);
    expect(book.best('bids', 20)).toEqual(fake.oracle.levelsAt(book.u)!.bids);
    expect(book.best('asks', 20)).toEqual(fake.oracle.levelsAt(book.u)!.asks);
    expect(checked).toBeGreaterThan(150);
  });

  it('book: a snapshot taken in the middle of the run continues without a gap and to the same end', async () => {
    const fake = await exchange({ speed: 400 });
    const listener = await listen(fake, DEPTH);
    await until('some updates', () => listener.texts.length > 500);
    const snapshot = (await (await rest(fake)).json()) as DepthSnapshot;
    expect(snapshot.bids).toHaveLength(1_000);
    expect(snapshot.lastUpdateId).toBeGreaterThan(5_123_107_852_948);
    const book = new NaiveBook(snapshot);
    await fake.ended;
    await until('the last update', () => listener.texts.length >= 6_547);
    for (const update of listener.updates()) book.apply(update);
    expect(book.gaps).toBe(0);
    expect(book.u).toBe(5_123_135_475_514);
    expect(book.best('bids', 20)).toEqual(fake.oracle.levelsAt(book.u)!.bids);
    expect(book.best('asks', 20)).toEqual(fake.oracle.levelsAt(book.u)!.asks);
  });

  it('starts in the middle with a book of that moment, at the pace of the recording', async () => {
    const fake = await exchange({ startSeconds: 100, speed: 20 });
    const before = fake.position();
    expect(before.playbackSeconds).toBeCloseTo(100, 0);
    const snapshot = JSON.parse(fake.snapshot()) as DepthSnapshot;
    expect(snapshot.bids.slice(0, 20)).toEqual(fake.oracle.levelsAt(snapshot.lastUpdateId)!.bids);
    await listen(fake, DEPTH);
    await wait(1_000);
    const passed = fake.position().playbackSeconds - before.playbackSeconds;
    expect(passed).toBeGreaterThan(12);
    expect(passed).toBeLessThan(26);
    fake.pause();
    const at = fake.position().line;
    await wait(100);
    expect(fake.position().line).toBe(at);
  });

  it('waits for the first depth subscription', async () => {
    const fake = await exchange({ speed: FAST });
    await listen(fake, 'btcusdt@trade');
    const line = fake.position().line;
    await wait(100);
    expect(fake.position().line).toBe(line);
  });

  it('routes: market streams are silent on the public path, public ones on the market path and the old root works', async () => {
    const fake = await exchange({ speed: 50 });
    const all = `${DEPTH}/btcusdt@bookTicker/btcusdt@trade/btcusdt@markPrice@1s`;
    const publicPath = await listen(fake, all);
    const marketPath = await listen(fake, all, 'market/stream');
    const oldRoot = await listen(fake, all, 'stream');
    await until('marks', () => marketPath.texts.length > 20);
    const names = (listener: Listener): string[] =>
      [...new Set(listener.texts.map((text) => (JSON.parse(text) as { stream: string }).stream))].sort();
    expect(names(publicPath)).toEqual(['btcusdt@bookTicker', DEPTH, 'btcusdt@trade']);
    expect(names(marketPath)).toEqual(['btcusdt@markPrice@1s']);
    expect(names(oldRoot)).toEqual(names(publicPath));
    const mark = (JSON.parse(marketPath.texts[0]!) as { data: { p: string; i: string; T: number } }).data;
    expect(Number(mark.p)).toBeGreaterThan(61_000);
    expect(mark.T % 28_800_000).toBe(0);
  });

  it('answers SUBSCRIBE, UNSUBSCRIBE and LIST_SUBSCRIPTIONS and refuses the rest', async () => {
    const fake = await exchange({ speed: 1 });
    const listener = await listen(fake, DEPTH);
    const ask = async (text: string): Promise<string> => {
      const replies: string[] = [];
      listener.onText = (reply) => {
        if (!reply.startsWith('{"stream"')) replies.push(reply);
      };
      listener.socket.send(text);
      await until('a reply', () => replies.length > 0);
      return replies[0]!;
    };
    expect(await ask('{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}')).toBe(
      '{"result":null,"id":1}',
    );
    expect(await ask('{"method":"LIST_SUBSCRIPTIONS","id":2}')).toBe(
      `{"result":["${DEPTH}","btcusdt@trade"],"id":2}`,
    );
    await ask(`{"method":"UNSUBSCRIBE","params":["${DEPTH}"],"id":3}`);
    expect(await ask('{"method":"LIST_SUBSCRIPTIONS","id":4}')).toBe('{"result":["btcusdt@trade"],"id":4}');
    expect(await ask('{"method":"NONSENSE","id":5}')).toContain('"code":2');
    expect(await ask('nonsense')).toContain('"code":3');
  });

  it('closes a connection that sends more than ten messages in a second', async () => {
    const fake = await exchange();
    const listener = await listen(fake, DEPTH);
    for (let id = 0; id < 11; id++)
      listener.socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id }));
    expect(await listener.closed).toBe(1008);
    expect(fake.stats().streams.closedForRate).toBe(1);
  });

  it('pings, and cuts a client that does not answer', async () => {
    const fake = await exchange({ pingIntervalMs: 100, pongTimeoutMs: 400 });
    const good = await listen(fake, DEPTH);
    const bad = new Listener(`ws://127.0.0.1:${fake.wsPort}/public/stream?streams=${DEPTH}`);
    open.push({ close: () => bad.socket.terminate() });
    await bad.opened;
    bad.socket.pong = () => {};
    expect(await bad.closed).toBe(1008);
    await until('pings', () => good.pings > 4);
    expect(good.closeCode).toBeNull();
  });

  it('counts request weights and refuses above the allowance', async () => {
    const fake = await exchange();
    expect((await rest(fake)).headers.get('x-mbx-used-weight-1m')).toBe('20');
    expect((await rest(fake, 'limit=7&symbol=BTCUSDT')).status).toBe(400);
    expect((await rest(fake, 'limit=5&symbol=NOPEUSDT')).status).toBe(400);
    const statuses: number[] = [];
    for (let i = 0; i < 130; i++) statuses.push((await rest(fake)).status);
    // The weight minute may turn during the loop, so the count of refusals is bounded and not fixed.
    const minuteTurned = Date.now() % 60_000 < 5_000;
    if (!minuteTurned) expect(statuses.filter((status) => status === 429)).not.toHaveLength(0);
    expect(statuses[0]).toBe(200);
  });

  it('restamps E and T with the present time when asked', async () => {
    const fake = await exchange({ speed: 20, restamp: true });
    const listener = await listen(fake, DEPTH);
    await until('an update', () => listener.texts.length > 0);
    expect(Math.abs(Date.now() - listener.updates()[0]!.E)).toBeLessThan(5_000);
  });

  describe('faults', () => {
    const tuning = { chance: 0.2, delayMinMs: 200, delayMaxMs: 400, dayMs: 200, banSeconds: 1 };

    /** Runs a fault for some updates and gives the update ids that arrived, with all that is known. */
    async function run(kind: (typeof FAULT_KINDS)[number], count = 300) {
      const fake = await exchange({ speed: 100, faultTuning: tuning });
      const listener = await listen(fake, `${DEPTH}/btcusdt@bookTicker`);
      await until('the first update', () => listener.updates().length > 0);
      fake.faults.start(kind);
      const before = listener.texts.length;
      await until('messages under the fault', () => listener.texts.length > before + count);
      fake.faults.stop(kind);
      fake.pause();
      await wait(500);
      const ids = listener.updates().map((update) => update.u);
      const acted = fake.faults.counts().get(kind) ?? 0;
      const truth = fake.oracle.updateIds.slice(
        1,
        1 + Math.max(0, ...ids.map((u) => fake.oracle.updateIds.indexOf(u))),
      );
      return { fake, listener, ids, acted, truth };
    }

    it('drop: some are missing, none is new', async () => {
      const { ids, acted, truth } = await run('drop');
      expect(acted).toBeGreaterThan(0);
      expect(ids.length).toBeLessThan(truth.length);
      expect(ids.every((u) => truth.includes(u))).toBe(true);
    });

    it('duplicate: every one arrives, some twice', async () => {
      const { ids, truth } = await run('duplicate', 2_000);
      expect([...new Set(ids)]).toEqual(truth);
      expect(ids.length).toBeGreaterThan(truth.length);
    });

    it('reorder: neighbours change places, none is lost', async () => {
      const { ids, truth } = await run('reorder', 2_000);
      expect(ids).not.toEqual(truth);
      expect(truth.filter((u) => !ids.includes(u)).length).toBeLessThanOrEqual(1);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('delay: late, but in order and complete', async () => {
      const { ids, acted, truth } = await run('delay', 1_000);
      expect(acted).toBeGreaterThan(0);
      expect(ids).toEqual(truth);
    });

    it('silence: depth stops, the rest goes on', async () => {
      const { fake, ids, acted } = await run('silence', 500);
      expect(acted).toBeGreaterThan(0);
      expect(fake.oracle.updateIds.indexOf(fake.position().u)).toBeGreaterThan(ids.length);
    });

    it('silence-all: the connection stays open and says nothing', async () => {
      const fake = await exchange({ speed: 100 });
      const listener = await listen(fake, DEPTH);
      await until('updates', () => listener.texts.length > 5);
      fake.faults.start('silence-all');
      await wait(50);
      const before = listener.texts.length;
      await wait(300);
      expect(listener.texts.length).toBe(before);
      expect(listener.closeCode).toBeNull();
      fake.faults.stop();
      await until('updates again', () => listener.texts.length > before);
    });

    it.each([
      ['cut-abrupt', 1006],
      ['cut-clean', 1000],
      ['day-cut', 1001],
    ] as const)('%s: closes with %i and takes new connections', async (kind, code) => {
      const fake = await exchange({ speed: 10, faultTuning: tuning });
      const listener = await listen(fake, DEPTH);
      fake.faults.start(kind);
      expect(await listener.closed).toBe(code);
      fake.faults.stop(kind);
      const again = await listen(fake, DEPTH);
      await until('updates', () => again.texts.length > 0);
    });

    it('outage: nothing answers until it is over', async () => {
      const fake = await exchange({ speed: 10 });
      const listener = await listen(fake, DEPTH);
      fake.faults.start('outage');
      await listener.closed;
      const refused = new Listener(`ws://127.0.0.1:${fake.wsPort}/public/stream?streams=${DEPTH}`);
      expect(await refused.closed).toBe(1006);
      await expect(rest(fake)).rejects.toThrow();
      fake.faults.stop('outage');
      expect((await rest(fake)).status).toBe(200);
    });

    it('half-open: no data, no pong, no close; new connections live', async () => {
      const fake = await exchange({ speed: 10 });
      const listener = await listen(fake, DEPTH);
      await until('updates', () => listener.texts.length > 0);
      fake.faults.start('half-open');
      await wait(50);
      const before = listener.texts.length;
      let pongs = 0;
      listener.socket.on('pong', () => {
        pongs += 1;
      });
      listener.socket.ping();
      const again = await listen(fake, DEPTH);
      await until('updates on the new one', () => again.texts.length > 3);
      expect([listener.texts.length, pongs, listener.closeCode]).toEqual([before, 0, null]);
    });

    it.each(['bad-json', 'truncated'] as const)('%s: some messages cannot be parsed', async (kind) => {
      const { listener, acted } = await run(kind, 2_000);
      const broken = listener.texts.filter((text) => {
        try {
          JSON.parse(text);
          return false;
        } catch {
          return true;
        }
      });
      expect(broken).toHaveLength(acted);
      expect(acted).toBeGreaterThan(0);
    });

    it('off-tick: some prices are no multiple of 0.10', async () => {
      const { listener, acted } = await run('off-tick', 2_000);
      const off = listener.updates().filter((update) => update.b.some(([price]) => !price.endsWith('0')));
      expect(off).toHaveLength(acted);
      expect(acted).toBeGreaterThan(0);
    });

    it('snapshot-late and snapshot-stale', async () => {
      const fake = await exchange({ speed: 50, faultTuning: tuning });
      await listen(fake, DEPTH);
      fake.faults.start('snapshot-late');
      const from = performance.now();
      await rest(fake);
      expect(performance.now() - from).toBeGreaterThan(180);
      fake.faults.stop();
      fake.faults.start('snapshot-stale');
      await wait(500);
      const stale = (await (await rest(fake)).json()) as DepthSnapshot;
      expect(stale.lastUpdateId).toBeLessThan(fake.position().u);
      const again = (await (await rest(fake)).json()) as DepthSnapshot;
      expect(again.lastUpdateId).toBe(stale.lastUpdateId);
    });

    it('ban: 418 with the seconds left, for as long as it said', async () => {
      const fake = await exchange({ faultTuning: tuning });
      fake.faults.start('ban');
      const banned = await rest(fake);
      expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '1']);
      fake.faults.stop('ban');
      expect((await rest(fake)).status).toBe(418);
      expect(fake.stats().rest.requestsWhileBanned).toBe(1);
      await wait(1_050);
      expect((await rest(fake)).status).toBe(200);
    });

    it('a mix is decided by its seed and ends with nothing on', async () => {
      expect(planMix(7, 20_000)).toEqual(planMix(7, 20_000));
      expect(planMix(7, 20_000)).not.toEqual(planMix(8, 20_000));
      for (let seed = 0; seed < 200; seed++) {
        const on = new Map<string, number>();
        for (const step of planMix(seed, 20_000))
          on.set(step.kind, (on.get(step.kind) ?? 0) + (step.on ? 1 : -1));
        expect([...on.values()].every((count) => count === 0)).toBe(true);
      }
      const planned = new Set(
        Array.from({ length: 200 }, (_, seed) => planMix(seed, 20_000))
          .flat()
          .map((s) => s.kind),
      );
      expect([...planned].sort()).toEqual([...FAULT_KINDS].sort());
      const fake = await exchange({ speed: 50 });
      await listen(fake, DEPTH);
      await fake.faults.mix(3, 1_000);
      expect(fake.faults.active()).toEqual([]);
      expect([...fake.faults.counts().values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
    });
  });

  it('schedule: faults begin and end at their times', async () => {
    const fake = await exchange();
    const over = fake.faults.schedule([
      { atMs: 50, kind: 'drop', on: true },
      { atMs: 150, kind: 'silence', on: true },
      { atMs: 250, kind: 'drop', on: false },
      { atMs: 350, kind: 'silence', on: false },
    ]);
    expect(fake.faults.active()).toEqual([]);
    await until('the first', () => fake.faults.active().join() === 'drop');
    await until('both', () => fake.faults.active().join() === 'drop,silence');
    await until('the second alone', () => fake.faults.active().join() === 'silence');
    await over;
    expect(fake.faults.active()).toEqual([]);
  });

  it('control door: position, levels and faults for another process', async () => {
    const fake = await exchange({ speed: 10 });
    const get = async (path: string, method = 'GET'): Promise<unknown> =>
      (await fetch(`${fake.controlUrl}/${path}`, { method })).json();
    expect(await get('position')).toMatchObject({ u: 5_123_107_852_948, hasEnded: false });
    expect(await get('levels?u=5123107852948')).toEqual(fake.oracle.levelsAt(5_123_107_852_948));
    expect(await get('faults/start?kind=drop', 'POST')).toEqual({ active: ['drop'] });
    expect(await get('faults/stop', 'POST')).toEqual({ active: [] });
    expect((await fetch(`${fake.controlUrl}/faults/start?kind=nonsense`, { method: 'POST' })).status).toBe(
      404,
    );
    expect((await fetch(`${fake.controlUrl}/levels?u=1`)).status).toBe(404);
  });
});
