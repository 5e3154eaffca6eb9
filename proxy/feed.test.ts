// The feed between a page and a scripted venue: limits on the page, sharing towards the venue, honesty about faults.

import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Micros, micros } from '../engine/core/units.ts';
import { PROXY_PROTOCOL } from '../engine/market/wire/proxy-control.ts';
import type { ProxyLimits } from './limits.ts';
import { createProxy, type ProxyOptions, type RunningProxy } from './server.ts';
import { FeedClient, until, wait } from './test-feed-client.ts';
import { TestVenue } from './test-venue.ts';

const DEPTH = 'btcusdt@depth@100ms';
const TICKER = 'btcusdt@bookTicker';
const MARK = 'btcusdt@markPrice@1s';
const FORCED = 'btcusdt@forceOrder';
/** Quick enough for a test; each test says what else it needs. */
const QUICK: Partial<ProxyLimits> = { gatherMs: 5, reconnectFirstMs: 60, reconnectCapMs: 200, lingerMs: 200 };

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function start(
  limits: Partial<ProxyLimits> = {},
  options: Partial<ProxyOptions> = {},
): Promise<{ readonly proxy: RunningProxy; readonly venue: TestVenue }> {
  const venue = await new TestVenue().open();
  const proxy = await createProxy({
    port: 0,
    distFolder: null,
    venues: venue.venues,
    random: () => 0.5,
    limits: { ...QUICK, ...limits },
    ...options,
  });
  open.push(venue, proxy);
  return { proxy, venue };
}

async function page(proxy: RunningProxy): Promise<FeedClient> {
  const client = new FeedClient(proxy.url);
  open.push({ close: () => client.socket.terminate() });
  await client.opened;
  return client;
}

const streamsAsked = (url: string | undefined): string[] =>
  (new URL(url ?? '', 'ws://x').searchParams.get('streams') ?? '').split('/');

describe('what a page may do', () => {
  it('gets a pong with the time of both', async () => {
    const { proxy } = await start();
    const client = await page(proxy);
    client.ask({ op: 'ping', sentAtMicros: 42 });
    await until('pong', () => client.told('pong').length === 1);
    expect(client.told('pong')[0]?.sentAtMicros).toBe(42);
    expect(Math.abs((client.told('pong')[0]?.serverAtMicros ?? 0) / 1000 - Date.now())).toBeLessThan(1_000);
  });

  it('cannot name anything but a stream of the table', async () => {
    const { proxy, venue } = await start({ controlPerSecond: 1_000 });
    const client = await page(proxy);
    const streams = [
      'wss://evil.example/stream',
      'http://169.254.169.254/latest/meta-data',
      '//evil.example',
      '../private/stream',
      'btcusdt',
      'btcusdt@',
      'btcusdt@depth',
      'btcusdt@depth@1ms',
      'btcusdt@depth@100ms/ethusdt@trade',
      'btcusdt@trade?x=1',
      'btcusdt@trade#x',
      'btcusdt@trade&streams=ethusdt@trade',
      'btcusdt%40trade',
      'BTCUSDT@trade',
      'btcusdt@trade\n',
      'btcusdt@trade\u0000',
      ' btcusdt@trade',
      'btcusdt@userData',
      '!ticker@arr',
      'btcusdt@depth-snapshot',
      '__proto__',
      'constructor',
    ];
    for (const stream of streams) client.ask({ op: 'subscribe', venue: 'binance-usdm', stream });
    for (const name of ['binance', 'BINANCE-USDM', 'https://evil.example', '__proto__', 'constructor']) {
      client.ask({ op: 'subscribe', venue: name, stream: DEPTH });
      client.ask({ op: 'snapshot', venue: name, symbol: 'BTCUSDT' });
    }
    for (const symbol of [
      'btcusdt',
      'BTCUSDT&limit=5',
      'BTCUSDT#',
      '../x',
      'BTC USDT',
      '%42TCUSDT',
      'A',
      'ÄÖÜ',
    ]) {
      client.snapshot(symbol);
    }
    await until('refusals', () => client.told('refused').length === streams.length + 10 + 8);
    await wait(100);
    expect(venue.connections).toHaveLength(0);
    expect(venue.restRequests).toHaveLength(0);
    expect(client.told('channel')).toHaveLength(0);
  });

  it.each([
    ['malformed JSON', 'nonsense'],
    ['an unknown operation', '{"op":"connect","url":"wss://evil.example"}'],
    ['a wrong type', '{"op":"subscribe","venue":1,"stream":2}'],
    ['deep nesting', '['.repeat(8_000)],
  ])('is closed for %s', async (_what, text) => {
    const { proxy } = await start();
    const client = await page(proxy);
    client.socket.send(text);
    expect(await client.closed).toEqual({ code: 1008, reason: 'malformed control message' });
  });

  it('is closed for a binary message', async () => {
    const { proxy } = await start();
    const client = await page(proxy);
    client.socket.send(Buffer.from('{"op":"ping","sentAtMicros":1}'));
    expect((await client.closed).code).toBe(1003);
  });

  it('is closed for a message over 16 KiB, and not for one just under', async () => {
    const { proxy } = await start();
    const client = await page(proxy);
    const pad = (bytes: number): string => {
      const text = '{"op":"ping","sentAtMicros":1,"x":""}';
      return text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
    };
    client.socket.send(pad(16 * 1024));
    await until('pong', () => client.told('pong').length === 1);
    client.socket.send(pad(16 * 1024 + 1));
    expect((await client.closed).code).toBe(1009);
  });

  it('is served at most ten control messages a second, in order, and is cut off when it floods', async () => {
    const { proxy } = await start();
    const client = await page(proxy);
    const from = performance.now();
    for (let n = 0; n < 25; n++) client.ask({ op: 'ping', sentAtMicros: n });
    await wait(500);
    expect(client.told('pong')).toHaveLength(10);
    await until('all pongs', () => client.told('pong').length === 25);
    expect(performance.now() - from).toBeGreaterThan(1_900);
    expect(client.told('pong').map(({ sentAtMicros }) => sentAtMicros)).toEqual(
      Array.from({ length: 25 }, (_, n) => n),
    );
    for (let n = 0; n < 300; n++) client.ask({ op: 'ping', sentAtMicros: n });
    expect(await client.closed).toEqual({ code: 1008, reason: 'too many control messages' });
  });

  it('is cut off for a flood of pings', async () => {
    const { proxy } = await start();
    const client = await page(proxy);
    for (let n = 0; n < 11; n++) client.socket.ping();
    expect((await client.closed).code).toBe(1006);
    await until('the count', () => proxy.stats().ended.get('too many pings') === 1);
  });

  it('has at most 64 streams, and may trade one for another', async () => {
    const { proxy } = await start({ controlPerSecond: 1_000 });
    const client = await page(proxy);
    const names = Array.from({ length: 65 }, (_, n) => `a${n}usdt@trade`);
    client.subscribe(...names);
    await until('the refusal', () => client.told('refused').length === 1);
    expect(client.told('refused')[0]).toMatchObject({ stream: names[64], retryAfterMs: null });
    expect(client.told('channel')).toHaveLength(64);
    client.ask({ op: 'unsubscribe', venue: 'binance-usdm', stream: names[0] ?? '' });
    client.subscribe(names[64] ?? '');
    await until('the channel', () => client.told('channel').length === 65);
    // Asking again for what it has tells the same channel again and costs nothing.
    client.subscribe(names[1] ?? '');
    await until('the same channel', () => client.told('channel').length === 66);
    expect(client.told('channel')[65]).toEqual(client.told('channel')[1]);
  });

  it('cannot name more streams than one upstream may carry', async () => {
    const { proxy } = await start({ controlPerSecond: 1_000, streamsPerUpstream: 3 });
    const client = await page(proxy);
    client.subscribe('a1usdt@trade', 'a2usdt@trade', 'a3usdt@trade', 'a4usdt@trade');
    await until('the refusal', () => client.told('refused').length === 1);
    expect(client.told('refused')[0]?.stream).toBe('a4usdt@trade');
  });

  /** Opens the feed by hand and gives the raw socket. */
  function rawFeed(proxy: RunningProxy): Promise<{ send(bytes: Uint8Array): void; ended: Promise<void> }> {
    return new Promise((resolve) => {
      const socket = connect(proxy.port, '127.0.0.1', () =>
        socket.write(
          `GET /feed HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nOrigin: ${proxy.url}\r\nConnection: Upgrade\r\n` +
            `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n` +
            `Sec-WebSocket-Protocol: ${PROXY_PROTOCOL}\r\n\r\n`,
        ),
      );
      open.push({ close: () => socket.destroy() });
      socket.on('error', () => {});
      const ended = new Promise<void>((done) => socket.on('close', () => done()));
      socket.once('data', () => resolve({ send: (bytes) => socket.write(bytes), ended }));
      socket.resume();
    });
  }

  const header = (first: number, length: number): Uint8Array =>
    Uint8Array.from([first, 0x80 | length, 0, 0, 0, 0]);
  const part = (first: number, text: string): Uint8Array =>
    Buffer.concat([header(first, text.length), Buffer.from(text)]);

  it.each([
    ['a fragment without end', [part(0x01, '{"op"')]],
    ['a header without payload', [header(0x81, 30)]],
    ['half a header', [Uint8Array.from([0x81])]],
  ])('is cut off when it begins a message and does not end it: %s', async (_what, pieces) => {
    const { proxy } = await start({ messageDeadlineMs: 300 });
    const { send, ended } = await rawFeed(proxy);
    for (const piece of pieces) send(piece);
    // Pings in between do not count as an end; they stand between fragments only.
    if (pieces[0] !== undefined && pieces[0].length > 6) send(part(0x89, 'x'));
    const from = performance.now();
    await ended;
    expect(performance.now() - from).toBeLessThan(1_500);
    expect(proxy.stats().ended.get('message not completed in time')).toBe(1);
  });

  it('is cut off for too many fragments, for a bad mask, reserved bits and bad text', async () => {
    const { proxy } = await start();
    const attacks: readonly Uint8Array[][] = [
      [part(0x01, 'x'), ...Array.from({ length: 17 }, () => part(0x00, 'x'))],
      [Uint8Array.from([0x81, 2, 120, 120])],
      [part(0xc1, 'xx')],
      [part(0xf1, 'xx')],
      [part(0x83, 'xx')],
      [part(0x80, 'xx')],
      [part(0x09, 'xx')],
      [Buffer.concat([header(0x81, 2), Uint8Array.from([0xc0, 0xaf])])],
      [Uint8Array.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
      [Buffer.concat([Uint8Array.from([0x89, 0x80 | 126, 0, 200, 0, 0, 0, 0]), Buffer.alloc(200)])],
    ];
    for (const attack of attacks) {
      const { send, ended } = await rawFeed(proxy);
      for (const piece of attack) send(piece);
      await ended;
    }
    expect(proxy.stats().clients).toBe(0);
    const client = await page(proxy);
    client.ask({ op: 'ping', sentAtMicros: 1 });
    await until('pong', () => client.told('pong').length === 1);
  });

  it('is pinged, and cut off after two pings without a byte', async () => {
    const { proxy } = await start({ pingIntervalMs: 200 });
    const good = await page(proxy);
    const dead = await page(proxy);
    let pings = 0;
    good.socket.on('ping', () => {
      pings += 1;
    });
    dead.socket.pong = () => {};
    await dead.closed;
    await until('more pings', () => pings >= 5);
    expect(proxy.stats().ended.get('no answer to pings')).toBe(1);
    expect(good.socket.readyState).toBe(good.socket.OPEN);
  });

  it('is not blamed when this process stood still', async () => {
    const { proxy } = await start({ pingIntervalMs: 100 });
    const client = await page(proxy);
    await wait(150);
    const until2 = performance.now() + 900;
    while (performance.now() < until2);
    await wait(300);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

describe('relay', () => {
  it('passes the bytes on as they are, numbered and stamped', async () => {
    let now = 1_000;
    const clock = (): Micros => {
      now += 7;
      return micros(now);
    };
    const { proxy, venue } = await start({}, { now: clock });
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up));
    const odd = '{"e":"depthUpdate", "u" :1,"x":"\\u00e9é漢","n":1.50}';
    venue.send(DEPTH, odd);
    venue.send(DEPTH, '{"u":2}');
    await until('frames', () => client.frames.length === 2);
    expect(client.frames.map(({ stream, sequence }) => [stream, sequence])).toEqual([
      [DEPTH, 0],
      [DEPTH, 1],
    ]);
    expect(client.frames[0]?.text).toBe(`{"stream":"${DEPTH}","data":${odd}}`);
    expect(client.frames[1]?.receivedAtMicros).toBe((client.frames[0]?.receivedAtMicros ?? 0) + 7);
  });

  it('shares one upstream of each class among all pages, and counts who still listens', async () => {
    const { proxy, venue } = await start();
    const pages = await Promise.all([page(proxy), page(proxy), page(proxy)]);
    for (const client of pages) client.subscribe(DEPTH, MARK);
    await until('links', () =>
      pages.every((client) => client.told('link').filter(({ up }) => up).length === 2),
    );
    expect(venue.live).toHaveLength(2);
    expect(venue.connections.map(({ request }) => request.url?.split('?')[0]).sort()).toEqual([
      '/market/stream',
      '/public/stream',
    ]);
    venue.send(
      DEPTH,
      '{"u":1}',
      venue.live.filter(({ request }) => request.url?.startsWith('/public')),
    );
    await until('a frame each', () => pages.every((client) => client.frames.length === 1));
    for (const client of pages.slice(0, 2)) client.socket.close();
    await wait(400);
    expect(venue.live).toHaveLength(2);
    expect(venue.live.every(({ received }) => received.length === 0)).toBe(true);
    pages[2]?.ask({ op: 'unsubscribe', venue: 'binance-usdm', stream: DEPTH });
    await until('the public one closed', () => venue.live.length === 1);
    pages[2]?.socket.close();
    await until('the market one closed', () => venue.live.length === 0);
  });

  it('adds and drops streams on the open upstream, few messages for many', async () => {
    const { proxy, venue } = await start({ controlPerSecond: 1_000 });
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up));
    const many = Array.from({ length: 40 }, (_, n) => `a${n}usdt@trade`);
    client.subscribe(...many);
    await until('all up', () => client.told('link').filter(({ up }) => up).length === 41);
    for (const stream of many) client.ask({ op: 'unsubscribe', venue: 'binance-usdm', stream });
    await until(
      'unsubscribed',
      () => venue.connections[0]?.received.some((text) => text.includes('UNSUBSCRIBE')) === true,
    );
    const messages = (venue.connections[0]?.received ?? []).map(
      (text) => JSON.parse(text) as { method: string; params: string[] },
    );
    expect(venue.connections).toHaveLength(1);
    expect(messages.length).toBeLessThanOrEqual(6);
    const subscribed = messages
      .filter(({ method }) => method === 'SUBSCRIBE')
      .flatMap(({ params }) => params);
    expect(subscribed.sort()).toEqual([...many].sort());
  });

  it('keeps a stream for a page that comes right back', async () => {
    const { proxy, venue } = await start({ lingerMs: 600 });
    const first = await page(proxy);
    first.subscribe(DEPTH);
    await until('link up', () => first.told('link').some(({ up }) => up));
    first.socket.close();
    await wait(200);
    const again = await page(proxy);
    again.subscribe(DEPTH);
    await until('link up at once', () => again.told('link').some(({ up }) => up));
    await wait(800);
    expect(venue.connections).toHaveLength(1);
  });

  it('sends nothing of the page to the venue', async () => {
    const { proxy, venue } = await start();
    const client = new FeedClient(proxy.url, {
      headers: { Cookie: 'canary=1', 'X-Canary': 'canary', 'User-Agent': 'canary' },
    });
    open.push({ close: () => client.socket.terminate() });
    await client.opened;
    client.subscribe(DEPTH);
    client.snapshot('BTCUSDT');
    await until('both', () => venue.connections.length === 1 && venue.restRequests.length === 1);
    for (const request of [venue.connections[0]?.request, venue.restRequests[0]]) {
      expect(JSON.stringify([request?.rawHeaders, request?.url])).not.toMatch(/canary|origin/i);
      expect(request?.headers['sec-websocket-extensions']).toBeUndefined();
    }
    expect(streamsAsked(venue.connections[0]?.request.url)).toEqual([DEPTH]);
    expect(venue.restRequests[0]?.url).toBe('/fapi/v1/depth?limit=1000&symbol=BTCUSDT');
  });

  it('counts and drops messages that name no stream, and those of streams nobody asked for', async () => {
    const { proxy, venue } = await start();
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up));
    for (const text of ['{}', 'x', '[]', '{"stream":1}', '{"result":null,"id":99}'])
      venue.live[0]?.socket.send(text);
    venue.live[0]?.socket.send(Buffer.from(`{"stream":"${DEPTH}","data":{}}`));
    venue.send('ethusdt@trade', '{"t":1}');
    venue.send(DEPTH, '{"u":1}');
    await until('the good one', () => client.frames.length === 1);
    expect(client.frames[0]?.text).toContain('"u":1');
    expect(proxy.stats().upstreams[0]).toMatchObject({ malformed: 6, frames: 1 });
  });
});

describe('upstream faults', () => {
  it.each([
    ['a close with 1000', (venue: TestVenue) => venue.live[0]?.socket.close(1000), /1000/],
    ['a close with 1008', (venue: TestVenue) => venue.live[0]?.socket.close(1008), /1008/],
    ['a cut', (venue: TestVenue) => venue.live[0]?.socket.terminate(), /1006/],
    [
      'a message over 4 MiB',
      (venue: TestVenue) => venue.live[0]?.socket.send('x'.repeat(4 * 1024 * 1024 + 1)),
      /payload/i,
    ],
  ])('says why it went down and comes back with every stream after %s', async (_what, act, reason) => {
    const { proxy, venue } = await start();
    const client = await page(proxy);
    client.subscribe(DEPTH, TICKER);
    await until('links up', () => client.told('link').filter(({ up }) => up).length === 2);
    act(venue);
    await until('down and up again', () => client.told('link').filter(({ up }) => up).length === 4);
    const downs = client.told('link').filter(({ up, reason: why }) => !up && why !== 'connecting');
    expect(downs.map(({ stream }) => stream).sort()).toEqual([TICKER, DEPTH].sort());
    expect(downs[0]?.reason).toMatch(reason);
    expect(streamsAsked(venue.live[0]?.request.url).sort()).toEqual([TICKER, DEPTH].sort());
    venue.send(DEPTH, '{"u":9}');
    await until('frames again', () => client.of(DEPTH).length === 1);
  });

  it('never stops trying, and stays away as long as the venue says', async () => {
    const { proxy, venue } = await start({ reconnectFirstMs: 20, reconnectCapMs: 60 });
    let refusals = 0;
    const answers = [
      '503 No\r\n',
      '301 Moved\r\nLocation: ws://127.0.0.1:1/\r\n',
      '403 No\r\n',
      '200 OK\r\n',
    ];
    venue.onUpgrade = (_request, raw) => {
      if (refusals >= 15) return false;
      raw.end(`HTTP/1.1 ${answers[refusals % answers.length]}Connection: close\r\nContent-Length: 0\r\n\r\n`);
      refusals += 1;
      return true;
    };
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up), 15_000);
    expect(refusals).toBe(15);
    expect(client.told('link').map(({ reason }) => reason)).toContain('the venue answered 301');

    let last = 0;
    venue.onUpgrade = (_request, raw) => {
      if (last !== 0) return false;
      last = performance.now();
      raw.end('HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return true;
    };
    venue.live[0]?.socket.terminate();
    const before = client.told('link').filter(({ up }) => up).length;
    await until('link up again', () => client.told('link').filter(({ up }) => up).length > before);
    expect(performance.now() - last).toBeGreaterThan(950);
  });

  it('names the silent class when nothing comes on a busy stream, and reconnects', async () => {
    const { proxy, venue } = await start({ silenceMs: 400 });
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('a second connection', () => venue.connections.length === 2);
    expect(client.told('link').map(({ reason }) => reason)).toContain(
      'no message in 0.4 s on the public streams',
    );
  });

  it('gives up a lively connection early, also one that died within half a second of its birth', async () => {
    const { proxy, venue } = await start({ silenceMs: 5_000, livelySilenceMs: 400 });
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up));
    for (let update = 1; update <= 3; update++) venue.send(DEPTH, `{"u":${update}}`);
    const begun = performance.now();
    await until('a second connection', () => venue.connections.length === 2);
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it('does not take a stream for silent that has nothing to say', async () => {
    const { proxy, venue } = await start({ silenceMs: 200 });
    const client = await page(proxy);
    client.subscribe(FORCED);
    await until('link up', () => client.told('link').some(({ up }) => up));
    await wait(1_000);
    expect(venue.connections).toHaveLength(1);
    expect(client.told('link').at(-1)?.up).toBe(true);
  });

  it('asks again for the one stream that is silent while others speak', async () => {
    const { proxy, venue } = await start({ silenceMs: 400 });
    const client = await page(proxy);
    client.subscribe(DEPTH, TICKER);
    await until('links up', () => client.told('link').filter(({ up }) => up).length === 2);
    const speak = setInterval(() => venue.send(TICKER, '{"u":1}'), 50);
    open.push({ close: () => clearInterval(speak) });
    await until(
      'asked again',
      () => venue.connections[0]?.received.some((text) => text.includes(DEPTH)) === true,
    );
    // The venue's acknowledgement is no proof that the stream lives.
    await wait(150);
    expect(client.told('link').at(-1)).toMatchObject({
      stream: DEPTH,
      up: false,
      reason: 'no message in 0.4 s',
    });
    venue.send(DEPTH, '{"u":1}');
    await until('up again', () => client.told('link').at(-1)?.up === true);
    expect(client.told('link').at(-1)?.stream).toBe(DEPTH);
    expect(venue.connections).toHaveLength(1);
  });

  it('notices a half-open connection by its unanswered pings', async () => {
    const { proxy, venue } = await start({ upstreamPingIntervalMs: 150 });
    const client = await page(proxy);
    client.subscribe(FORCED);
    await until('link up', () => client.told('link').some(({ up }) => up));
    if (venue.live[0] !== undefined) venue.live[0].socket.pong = () => {};
    await wait(50);
    venue.connections[0]?.socket.pause();
    await until('a second connection', () => venue.connections.length === 2);
    expect(client.told('link').map(({ reason }) => reason)).toContain('no answer to pings');
  });

  it('passes on that the venue refuses a stream', async () => {
    const { proxy, venue } = await start();
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up));
    venue.acknowledges = false;
    client.subscribe('nopeusdt@trade');
    await until('asked', () => venue.connections[0]?.received.length === 1);
    const { id } = JSON.parse(venue.connections[0]?.received[0] ?? '') as { id: number };
    venue.live[0]?.socket.send(JSON.stringify({ error: { code: 2, msg: 'Invalid request' }, id }));
    await until('refused', () => client.told('refused').length === 1);
    expect(client.told('refused')[0]).toMatchObject({
      stream: 'nopeusdt@trade',
      reason: 'the venue refused the stream',
    });
  });
});

describe('sleep and refusals', () => {
  it('renews its connections when the machine slept, without waiting for them to fail', async () => {
    let slept = 0;
    const { proxy, venue } = await start({}, { now: () => micros((Date.now() + slept) * 1_000) });
    const client = await page(proxy);
    client.subscribe(DEPTH, MARK);
    await until('links up', () => client.told('link').filter(({ up }) => up).length === 2);
    await wait(1_200);
    expect(venue.connections).toHaveLength(2);
    slept = 8 * 3_600_000;
    await until('both renewed', () => venue.connections.length === 4);
    expect(client.told('link').map(({ reason }) => reason)).toContain('this machine slept');
    await until('links up again', () => client.told('link').filter(({ up }) => up).length === 4);
    // A clock that is set back, or by little, is no sleep.
    slept -= 3_600_000;
    await wait(1_200);
    slept += 2_000;
    await wait(1_200);
    expect(venue.connections).toHaveLength(4);
  });

  it('keeps no connection to a venue that refused every stream', async () => {
    const { proxy, venue } = await start();
    const client = await page(proxy);
    venue.acknowledges = false;
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up));
    client.subscribe(TICKER);
    await until('asked', () => venue.connections[0]?.received.length === 1);
    client.ask({ op: 'unsubscribe', venue: 'binance-usdm', stream: DEPTH });
    const { id } = JSON.parse(venue.connections[0]?.received[0] ?? '') as { id: number };
    await wait(1_300);
    venue.live[0]?.socket.send(JSON.stringify({ error: { code: 2, msg: 'Invalid request' }, id }));
    await until('refused', () => client.told('refused').length === 1);
    await until('left', () => venue.live.length === 0, 5_000);
    // And it is there again for the next who asks.
    venue.acknowledges = true;
    client.subscribe(DEPTH);
    await until('up again', () => client.told('link').at(-1)?.up === true);
  });
});

describe('rollover', () => {
  it('takes over by a new connection with no frame lost or repeated', async () => {
    const { proxy, venue } = await start({ rolloverAfterMs: 150, rolloverJitterMs: 0, spliceMs: 2_000 });
    const client = await page(proxy);
    client.subscribe(DEPTH, TICKER);
    await until('links up', () => client.told('link').filter(({ up }) => up).length === 2);
    let sent = 0;
    const speak = setInterval(() => {
      sent += 1;
      venue.send(DEPTH, `{"u":${sent}}`);
      venue.send(TICKER, `{"u":${sent}}`);
    }, 3);
    open.push({ close: () => clearInterval(speak) });
    await until('twenty rollovers', () => (proxy.stats().upstreams[0]?.rollovers ?? 0) >= 20, 30_000);
    clearInterval(speak);
    await wait(100);
    for (const stream of [DEPTH, TICKER]) {
      const frames = client.of(stream);
      expect(frames.map(({ sequence }) => sequence)).toEqual(frames.map((_, n) => n));
      expect(frames.map(({ text }) => Number(/"u":(\d+)/.exec(text)?.[1]))).toEqual(
        Array.from({ length: sent }, (_, n) => n + 1),
      );
    }
    // The page saw no interruption.
    expect(client.told('link').filter(({ up, reason }) => !up && reason !== 'connecting')).toEqual([]);
    expect(venue.live.length).toBeLessThanOrEqual(2);
  });

  it('takes its time with the next try when the new connection cannot be had, as long as the venue says', async () => {
    // The earliest end of every jitter.
    const { proxy, venue } = await start(
      { rolloverAfterMs: 400, rolloverJitterMs: 300, reconnectCapMs: 300 },
      { random: () => 0 },
    );
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up));
    const tries: number[] = [];
    venue.onUpgrade = (_request, raw) => {
      tries.push(performance.now());
      const head = tries.length < 3 ? '503 No' : '429 Slow\r\nRetry-After: 1';
      raw.end(`HTTP/1.1 ${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return true;
    };
    await until('tries', () => tries.length >= 4, 10_000);
    const waits = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(Math.min(...waits)).toBeGreaterThan(280);
    expect(waits[2]).toBeGreaterThan(980);
    expect(client.told('link').filter(({ up, reason }) => !up && reason !== 'connecting')).toEqual([]);
  });

  it('stays on the old connection when the new one cannot be had', async () => {
    const { proxy, venue } = await start({ rolloverAfterMs: 150, rolloverJitterMs: 0 });
    const client = await page(proxy);
    client.subscribe(DEPTH);
    await until('link up', () => client.told('link').some(({ up }) => up));
    let refused = 0;
    venue.onUpgrade = (_request, raw) => {
      refused += 1;
      raw.destroy();
      return true;
    };
    await until('tries', () => refused >= 2);
    venue.send(DEPTH, '{"u":1}');
    await until('a frame', () => client.frames.length === 1);
    expect(client.told('link').filter(({ up, reason }) => !up && reason !== 'connecting')).toEqual([]);
  });
});
