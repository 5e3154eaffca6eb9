// The live source against a relay that can be told to misbehave: what is asked, what is asked again, what is believed.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Rng } from '../../engine/core/rng.ts';
import { micros } from '../../engine/core/units.ts';
import { encodeRelayFrame } from '../../engine/market/wire/feed-frame.ts';
import type { ProxyNotice, ProxyRequest } from '../../engine/market/wire/proxy-control.ts';
import { SmallVenue } from '../../engine/testkit/small-venue.ts';
import type { MarketFrame } from '../contract/market-frame.ts';
import type { MarksFrame } from '../contract/marks-frame.ts';
import { MarketService } from './service.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const utf8 = new TextEncoder();

/** Three days that are over and the one that runs. */
function dailyCandles(): string {
  const day = 86_400_000;
  const today = Math.floor(Date.now() / day) * day;
  return JSON.stringify(
    [3, 2, 1, 0].map((back) => [
      today - back * day,
      '1',
      '1',
      '1',
      `${100 + back}`,
      '1',
      today - (back - 1) * day - 1,
    ]),
  );
}

/** A relay with a small venue behind it. It keeps its ids over restarts, as a venue does. */
class FakeRelay {
  readonly venue = new SmallVenue(new Rng(11));
  readonly requests: ProxyRequest[] = [];
  /** Refusals and lost acknowledgements by stream: how many are still to come. */
  readonly refusals = new Map<string, number>();
  readonly lostAcks = new Map<string, number>();
  answersPings = true;
  isPlaying = true;
  port = 0;
  #server: WebSocketServer | null = null;
  #channels = new Map<WebSocket, Map<string, { readonly number: number; sequence: number }>>();
  readonly #timer = setInterval(() => this.#play(), 100);
  #beat = 0;

  async start(): Promise<void> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: this.port });
    await new Promise((resolve) => server.once('listening', resolve));
    this.port = (server.address() as { port: number }).port;
    this.#server = server;
    server.on('connection', (client) => {
      this.#channels.set(client, new Map());
      client.on('message', (data) => this.#hear(client, JSON.parse(String(data)) as ProxyRequest));
      client.on('close', () => this.#channels.delete(client));
      this.#tell(client, { op: 'hello', serverAtMicros: Date.now() * 1_000 });
    });
  }

  async stop(): Promise<void> {
    for (const client of this.#channels.keys()) client.terminate();
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  async dispose(): Promise<void> {
    clearInterval(this.#timer);
    await this.stop();
  }

  sayToAll(text: string): void {
    for (const client of this.#channels.keys()) client.send(text);
  }

  get clients(): number {
    return this.#channels.size;
  }

  asked(op: ProxyRequest['op'], stream = ''): number {
    return this.requests.filter(
      (r) => r.op === op && (stream === '' || ('stream' in r && r.stream === stream)),
    ).length;
  }

  #tell(client: WebSocket, notice: ProxyNotice): void {
    client.send(JSON.stringify(notice));
  }

  #take(counts: Map<string, number>, stream: string): boolean {
    const left = counts.get(stream) ?? 0;
    counts.set(stream, left - 1);
    return left > 0;
  }

  #hear(client: WebSocket, request: ProxyRequest): void {
    this.requests.push(request);
    const venue = 'binance-usdm';
    if (request.op === 'ping') {
      const { sentAtMicros } = request;
      if (this.answersPings)
        this.#tell(client, { op: 'pong', sentAtMicros, serverAtMicros: Date.now() * 1_000 });
    } else if (request.op === 'snapshot') {
      const stream = `${request.symbol.toLowerCase()}@depth-snapshot`;
      this.#open(client, stream);
      if (stream.startsWith('btc')) this.#send(client, stream, this.venue.restBook(Date.now(), 0));
    } else if (request.op === 'closes') {
      const stream = `${request.symbol.toLowerCase()}@daily-closes`;
      this.#open(client, stream);
      this.#send(client, stream, dailyCandles());
    } else if (request.op === 'unsubscribe') this.#channels.get(client)?.delete(request.stream);
    else if (this.#take(this.refusals, request.stream)) {
      const { stream } = request;
      this.#tell(client, { op: 'refused', venue, stream, reason: 'no room', retryAfterMs: 300 });
    } else if (!this.#take(this.lostAcks, request.stream)) {
      const { stream } = request;
      this.#open(client, stream);
      this.#tell(client, { op: 'link', venue, stream, up: true, reason: 'connected' });
    }
  }

  #open(client: WebSocket, stream: string): void {
    const channels = this.#channels.get(client);
    if (channels === undefined || channels.has(stream)) return;
    const number = this.requests.length + 1;
    channels.set(stream, { number, sequence: 0 });
    this.#tell(client, { op: 'channel', venue: 'binance-usdm', stream, channel: number });
  }

  #send(client: WebSocket, stream: string, json: string): void {
    const channel = this.#channels.get(client)?.get(stream);
    if (channel === undefined) return;
    const stamp = micros(Date.now() * 1_000);
    client.send(encodeRelayFrame(channel.number, channel.sequence++, stamp, utf8.encode(json)));
  }

  #play(): void {
    this.#beat++;
    const { json } = this.venue.nextDiff(Date.now());
    const mark = `{"e":"markPriceUpdate","E":${Date.now()},"s":"BTCUSDT","p":"60000.5","i":"1","r":"0","T":0}`;
    if (!this.isPlaying) return;
    for (const client of this.#channels.keys()) {
      this.#send(client, 'btcusdt@depth@100ms', json);
      if (this.#beat % 10 === 0) this.#send(client, 'btcusdt@markPrice@1s', mark);
    }
  }
}

let relay: FakeRelay;
let service: MarketService;
let ports: MessagePort[] = [];

interface Seen {
  readonly frames: MarketFrame[];
  readonly marks: MarksFrame[];
  until(condition: (frame: MarketFrame) => boolean, limitMs?: number): Promise<MarketFrame>;
}

/** A page that always has credit, and the marks that go to the risk worker. */
async function live(): Promise<Seen> {
  vi.stubGlobal('WebSocket', WebSocket);
  await relay.start();
  service = new MarketService();
  const page = new MessageChannel();
  const risk = new MessageChannel();
  ports.push(page.port1, page.port2, risk.port1, risk.port2);
  const frames: MarketFrame[] = [];
  const marks: MarksFrame[] = [];
  page.port1.onmessage = (event: MessageEvent<MarketFrame>) => {
    frames.push(event.data);
    page.port1.postMessage({ credit: 1 });
  };
  risk.port1.onmessage = (event: MessageEvent<MarksFrame>) => marks.push(event.data);
  await service.connectPage(page.port2);
  await service.connectRisk(risk.port2);
  page.port1.postMessage({ credit: 1 });
  const until: Seen['until'] = async (condition, limitMs = 8_000) => {
    for (let waited = 0; waited < limitMs; waited += 10) {
      const last = frames.at(-1);
      if (last !== undefined && condition(last)) return last;
      await wait(10);
    }
    throw new Error(`not seen; last: ${frames.at(-1)?.trust} ${frames.at(-1)?.trustReason}`);
  };
  const opened = await service.openLive({
    feedUrl: `ws://127.0.0.1:${relay.port}/feed`,
    instrument: 'binance-usdm:BTCUSDT',
  });
  expect(opened.ok).toBe(true);
  return { frames, marks, until };
}

const isLive = (frame: MarketFrame): boolean => frame.trust === 'LIVE';

describe('live source', () => {
  relay = new FakeRelay();

  afterEach(async () => {
    vi.restoreAllMocks();
    service.dispose();
    for (const port of ports) port.close();
    ports = [];
    await relay.dispose();
    vi.unstubAllGlobals();
    relay = new FakeRelay();
  });

  it('asks for every stream once, one by one, the instrument in view first, and is live', async () => {
    const seen = await live();
    await seen.until(isLive);
    await wait(1_600);
    const asked = relay.requests.flatMap((r) => (r.op === 'subscribe' ? [r.stream] : []));
    expect(asked).toEqual(
      ['btcusdt', 'ethusdt'].flatMap((s) =>
        ['depth@100ms', 'bookTicker', 'trade', 'markPrice@1s', 'forceOrder'].map((name) => `${s}@${name}`),
      ),
    );
    expect(seen.marks.at(-1)?.marks[0]).toMatchObject({ origin: 'mark', trust: 'LIVE' });
    // Daily closes are asked for after all streams, once an instrument, and told to the risk worker when they come.
    const told = () => seen.marks.flatMap(({ closes }) => (closes === undefined ? [] : [closes]));
    for (let waited = 0; waited < 5_000 && told().at(-1)?.length !== 2; waited += 50) await wait(50);
    expect(relay.asked('closes')).toBe(2);
    expect(
      told()
        .at(-1)
        ?.map(({ instrument, closes }) => [instrument, closes]),
    ).toEqual([
      ['binance-usdm:BTCUSDT', [103, 102, 101]],
      ['binance-usdm:ETHUSDT', [103, 102, 101]],
    ]);
    expect(told().length).toBeLessThanOrEqual(3);
    // The run's clock is the wall's: no second passes between two frames.
    expect(seen.marks.every((frame) => !('passed' in frame))).toBe(true);
    expect(Math.abs(seen.frames.at(-1)?.clockOffsetMs ?? 9e9)).toBeLessThan(50);
  });

  it('is offline with the reason while its stream is refused, and asks again when it may', async () => {
    relay.refusals.set('btcusdt@depth@100ms', 2);
    relay.refusals.set('btcusdt@markPrice@1s', 1);
    const seen = await live();
    await seen.until((frame) => frame.trust === 'OFFLINE' && frame.trustReason.includes('no room'));
    await seen.until(isLive);
    expect(relay.asked('subscribe', 'btcusdt@depth@100ms')).toBe(3);
    await seen.until((frame) => frame.markPrice !== null);
    expect(relay.asked('subscribe', 'btcusdt@markPrice@1s')).toBe(2);
  });

  it('asks again for what was not acknowledged', async () => {
    relay.lostAcks.set('btcusdt@depth@100ms', 1);
    const seen = await live();
    await seen.until(isLive, 10_000);
    expect(relay.asked('subscribe', 'btcusdt@depth@100ms')).toBe(2);
  });

  it('is STALE, book and mark, while the relay answers pings and its venue is dead', async () => {
    const seen = await live();
    await seen.until((frame) => isLive(frame) && frame.markPrice !== null);
    relay.isPlaying = false;
    await seen.until((frame) => frame.trust === 'STALE', 5_000);
    const [frame] = seen.frames.slice(-1);
    expect(frame?.markTrust).not.toBe(null);
    await wait(1_500);
    expect(seen.frames.at(-1)).toMatchObject({ trust: 'STALE', markTrust: 'STALE' });
    expect(seen.marks.at(-1)?.marks[0]).toMatchObject({ origin: 'mark', trust: 'STALE' });
    relay.isPlaying = true;
    await seen.until(isLive);
  });

  it('comes back by itself when the relay was restarted', async () => {
    const seen = await live();
    await seen.until(isLive);
    await relay.stop();
    await seen.until((frame) => frame.trust === 'OFFLINE', 2_000);
    expect(seen.marks.at(-1)?.marks.every(({ trust }) => trust !== 'LIVE')).toBe(true);
    await wait(1_000);
    await relay.start();
    await seen.until(isLive, 15_000);
    expect(seen.frames.at(-1)?.counters.gaps).toBe(0);
  });

  it('gives up a relay that neither speaks nor answers, and connects anew', async () => {
    const seen = await live();
    await seen.until(isLive);
    relay.isPlaying = false;
    relay.answersPings = false;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 11_000);
    await seen.until((frame) => frame.trust === 'OFFLINE' && frame.trustReason.includes('silent'), 3_000);
    relay.isPlaying = true;
    relay.answersPings = true;
    await seen.until(isLive);
    expect(relay.clients).toBe(1);
  });

  it('notices a sleep in which its own smooth clock stood still', async () => {
    const seen = await live();
    await seen.until(isLive);
    relay.isPlaying = false;
    await wait(250);
    const wall = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => wall() + 8 * 3_600_000);
    const slept = await seen.until((frame) => frame.trust === 'STALE', 1_000);
    expect(slept.trustReason).toBe('the machine slept');
    await seen.until((frame) => frame.trust === 'STALE' && frame.markTrust !== 'LIVE', 1_000);
    relay.isPlaying = true;
    // Diffs were missed meanwhile, so the chain is broken: a new book is fetched.
    await seen.until(isLive);
    // The watch goes on at the new time.
    relay.isPlaying = false;
    await seen.until(
      (frame) => frame.trust === 'STALE' && frame.trustReason.startsWith('no book update'),
      // On a busy machine the watch forgives what its own lateness may have caused.
      15_000,
    );
  });

  it.each([600_000, -600_000])('stays right when the clocks are set by %i ms in mid-run', async (step) => {
    const seen = await live();
    await seen.until(isLive);
    const wall = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => wall() + step);
    await wait(500);
    await seen.until((frame) => isLive(frame) && frame.markTrust === 'LIVE', 3_000);
    const columns = seen.frames.length;
    await wait(2_200);
    const added = seen.frames.slice(columns).flatMap((frame) => frame.columns.map((c) => c.startMicros));
    expect(new Set(added).size).toBe(added.length);
    expect(added.length).toBeGreaterThan(0);
    relay.isPlaying = false;
    await seen.until((frame) => frame.trust === 'STALE', 5_000);
  });

  it('leaves no connection behind when another source is opened, and is live again after it', async () => {
    const seen = await live();
    await seen.until(isLive);
    await service.openSimulated({ seed: 3 });
    await seen.until((frame) => frame.source === 'SIMULATED' && isLive(frame));
    await wait(300);
    expect(relay.clients).toBe(0);
    const reopened = await service.openLive({
      feedUrl: `ws://127.0.0.1:${relay.port}/feed`,
      instrument: 'binance-usdm:BTCUSDT',
    });
    expect(reopened.ok).toBe(true);
    const first = seen.frames.length;
    await seen.until((frame) => frame.source === 'LIVE' && isLive(frame));
    expect(
      seen.frames
        .slice(first)
        .every((f) => f.source === 'SIMULATED' || f.trust !== 'LIVE' || f.updateId > 1_000),
    ).toBe(true);
    expect(relay.clients).toBe(1);
  });

  it('drops a connection that says what no relay says, and connects anew', async () => {
    const seen = await live();
    await seen.until(isLive);
    relay.sayToAll('{"op":');
    await seen.until((frame) => frame.trust === 'OFFLINE', 2_000);
    await seen.until(isLive);
  });
});
