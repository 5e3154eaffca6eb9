// Book snapshots through the proxy: shared, budgeted, and silent when the venue says so.

import { afterEach, describe, expect, it } from 'vitest';
import type { ProxyLimits } from './limits.ts';
import { createProxy, type RunningProxy } from './server.ts';
import { FeedClient, until, wait } from './test-feed-client.ts';
import { TestVenue } from './test-venue.ts';

const BOOK = '{"lastUpdateId":7,"E":1,"T":1,"bids":[["1.0","2"]],"asks":[]}';
const SNAPSHOT = 'btcusdt@depth-snapshot';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function start(
  limits: Partial<ProxyLimits> = {},
): Promise<{ readonly proxy: RunningProxy; readonly venue: TestVenue; page(): Promise<FeedClient> }> {
  const venue = await new TestVenue().open();
  const proxy = await createProxy({
    port: 0,
    distFolder: null,
    venues: venue.venues,
    random: () => 1,
    limits: { controlPerSecond: 1_000, reconnectFirstMs: 500, ...limits },
  });
  open.push(venue, proxy);
  const page = async (): Promise<FeedClient> => {
    const client = new FeedClient(proxy.url);
    open.push({ close: () => client.socket.terminate() });
    await client.opened;
    return client;
  };
  return { proxy, venue, page };
}

describe('snapshot relay', () => {
  it('passes the answer on as it came, on a channel of its own', async () => {
    const { venue, page } = await start();
    venue.onRest = (_request, response) => response.end(BOOK);
    const client = await page();
    client.snapshot('BTCUSDT');
    client.snapshot('BTCUSDT');
    await until('two answers', () => client.of(SNAPSHOT).length === 2);
    expect(client.of(SNAPSHOT).map(({ text, sequence }) => [text, sequence])).toEqual([
      [BOOK, 0],
      [BOOK, 1],
    ]);
    expect(client.told('channel')).toHaveLength(1);
  });

  it('passes daily candles on by name alone, from the address in the table and on a channel of their own', async () => {
    const { proxy, venue, page } = await start();
    venue.onRest = (request, response) =>
      response.end(request.url?.includes('klines') === true ? '[[1,2,3]]' : BOOK);
    const client = await page();
    client.ask({ op: 'closes', venue: 'binance-usdm', symbol: 'ETHUSDT' });
    client.snapshot('ETHUSDT');
    await until(
      'both',
      () =>
        client.of('ethusdt@daily-closes').length === 1 && client.of('ethusdt@depth-snapshot').length === 1,
    );
    expect(client.of('ethusdt@daily-closes')[0]?.text).toBe('[[1,2,3]]');
    expect(venue.restRequests.map(({ url }) => url).sort()).toEqual([
      '/fapi/v1/depth?limit=1000&symbol=ETHUSDT',
      '/fapi/v1/klines?interval=1d&limit=90&symbol=ETHUSDT',
    ]);
    expect(proxy.stats().snapshots.weightUsed).toBe(21);
    client.ask({ op: 'closes', venue: 'binance-usdm', symbol: 'ETHUSDT&limit=1500' });
    client.ask({ op: 'closes', venue: 'elsewhere', symbol: 'ETHUSDT' });
    venue.onRest = (_request, response) => response.end(BOOK);
    client.ask({ op: 'closes', venue: 'binance-usdm', symbol: 'BTCUSDT' });
    await until('three refusals', () => client.told('refused').length === 3);
    expect(client.told('refused').map(({ reason }) => reason)).toEqual([
      'unknown symbol',
      'unknown venue',
      'the venue sent no candles',
    ]);
    expect(venue.restRequests).toHaveLength(3);
  });

  it('has one request in flight for a symbol, and gives its answer to all who asked', async () => {
    const { proxy, venue, page } = await start();
    const waiting: (() => void)[] = [];
    venue.onRest = (_request, response) => waiting.push(() => response.end(BOOK));
    const pages = await Promise.all([page(), page(), page()]);
    for (const client of pages) {
      client.snapshot('BTCUSDT');
      client.snapshot('BTCUSDT');
    }
    pages[0]?.snapshot('ETHUSDT');
    await until('two requests', () => waiting.length === 2);
    await wait(100);
    expect(venue.restRequests).toHaveLength(2);
    for (const answer of waiting.splice(0)) answer();
    await until('all answered', () => pages.every((client) => client.of(SNAPSHOT).length === 2));
    expect(proxy.stats().snapshots).toMatchObject({ requests: 2, shared: 5, weightUsed: 40 });
    // The next one is a new request: an answer is shared, not kept.
    pages[0]?.snapshot('BTCUSDT');
    await until('a third request', () => venue.restRequests.length === 3);
  });

  it('uses at most half of the allowance and says when to come back', async () => {
    const { venue, page } = await start();
    venue.onRest = (_request, response) => response.end(BOOK);
    const client = await page();
    let refused = 0;
    for (let n = 0; n < 62; n++) {
      client.snapshot('BTCUSDT');
      await until('an answer', () => client.frames.length + client.told('refused').length === n + 1);
      refused = client.told('refused').length;
    }
    expect([client.frames.length, refused, venue.restRequests.length]).toEqual([60, 2, 60]);
    expect(client.told('refused')[0]?.retryAfterMs).toBeGreaterThan(50_000);
    expect(client.told('refused')[0]?.reason).toContain('allowance');
  });

  it('believes the venue when that counted more', async () => {
    const { venue, page } = await start();
    venue.onRest = (_request, response) => {
      response.setHeader('X-MBX-USED-WEIGHT-1M', '1195');
      response.end(BOOK);
    };
    const client = await page();
    client.snapshot('BTCUSDT');
    await until('a book', () => client.frames.length === 1);
    client.snapshot('BTCUSDT');
    await until('a refusal', () => client.told('refused').length === 1);
    expect(venue.restRequests).toHaveLength(1);
  });

  it.each([
    [418, '1', 1_000],
    [429, '1', 1_000],
    [418, null, 120_000],
    [429, null, 60_000],
    [418, 'Wed, 21 Oct 2026 07:28:00 GMT', 120_000],
  ] as const)(
    'after %i with Retry-After %s sends nothing for %i ms, for any page or symbol',
    async (status, retryAfter, ms) => {
      const { venue, page } = await start();
      venue.onRest = (_request, response) => {
        response.writeHead(status, retryAfter === null ? {} : { 'Retry-After': retryAfter });
        response.end('{"code":-1003,"msg":"<b>banned</b>"}');
      };
      const [first, second] = [await page(), await page()];
      first.snapshot('BTCUSDT');
      await until('the refusal', () => first.told('refused').length === 1);
      const told = first.told('refused')[0];
      expect(told?.reason).toContain(String(status));
      expect(told?.reason).not.toContain('<b>');
      expect(told?.retryAfterMs).toBe(ms);
      for (let n = 0; n < 20; n++) second.snapshot(`A${n}USDT`);
      await until('refusals', () => second.told('refused').length === 20);
      expect(venue.restRequests).toHaveLength(1);
      if (ms > 1_000) return;
      await wait(1_050);
      venue.onRest = (_request, response) => response.end(BOOK);
      first.snapshot('BTCUSDT');
      await until('a book', () => first.frames.length === 1);
    },
  );

  it.each([
    ['an error status', 500, BOOK, /answered 500/],
    ['a redirect', 302, BOOK, /answered 302/],
    ['no JSON', 200, '<html>', /no book/],
    ['another object', 200, '{"code":1}', /no book/],
    [
      'an id that is no safe integer',
      200,
      '{"lastUpdateId":9007199254740993,"bids":[],"asks":[]}',
      /no book/,
    ],
    ['half a book', 200, BOOK.slice(0, 30), /no book/],
    [
      'more than 4 MiB',
      200,
      `{"lastUpdateId":1,"bids":[],"asks":[],"x":"${'x'.repeat(4 * 1024 * 1024)}"}`,
      /too large/,
    ],
  ])('refuses %s, waiting longer each time', async (_what, status, body, reason) => {
    const { venue, page } = await start();
    venue.onRest = (_request, response) => {
      response.writeHead(status, status === 302 ? { Location: 'http://127.0.0.1:1/' } : {});
      response.end(body);
    };
    const client = await page();
    for (let n = 0; n < 3; n++) {
      client.snapshot('BTCUSDT');
      await until('a refusal', () => client.told('refused').length === n + 1);
    }
    expect(client.told('refused')[0]?.reason).toMatch(reason);
    expect(client.told('refused').map(({ retryAfterMs }) => retryAfterMs)).toEqual([500, 1_000, 2_000]);
    expect(client.frames).toHaveLength(0);
  });

  it('does not wait for ever, and a page that left is not answered', async () => {
    const { proxy, venue, page } = await start({ restTimeoutMs: 200 });
    venue.onRest = () => {};
    const [client, leaver] = [await page(), await page()];
    client.snapshot('BTCUSDT');
    leaver.snapshot('BTCUSDT');
    await until('a request', () => venue.restRequests.length === 1);
    leaver.socket.terminate();
    await until('a refusal', () => client.told('refused').length === 1);
    expect(client.told('refused')[0]?.reason).toContain('no answer in time');
    expect(proxy.stats().clients).toBe(1);
  });
});
