// A page that does not read must cost little, be told what it missed, and not hold up the others.

import { afterEach, describe, expect, it } from 'vitest';
import { createProxy, type RunningProxy } from './server.ts';
import { FeedClient, until, wait } from './test-feed-client.ts';
import { TestVenue } from './test-venue.ts';

const DEPTH = 'btcusdt@depth@100ms';
const TRADE = 'btcusdt@trade';
const MIB = 1024 * 1024;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function start(
  bufferedCeilingMs: number,
): Promise<{ readonly proxy: RunningProxy; readonly venue: TestVenue }> {
  const venue = await new TestVenue().open();
  const limits = { gatherMs: 5, bufferedCeilingMs };
  const proxy = await createProxy({ port: 0, distFolder: null, venues: venue.venues, limits });
  open.push(venue, proxy);
  return { proxy, venue };
}

async function page(proxy: RunningProxy): Promise<FeedClient> {
  const client = new FeedClient(proxy.url);
  open.push({ close: () => client.socket.terminate() });
  await client.opened;
  client.subscribe(DEPTH, TRADE);
  await until('links up', () => client.told('link').filter(({ up }) => up).length === 2);
  return client;
}

/** Sends both streams until `enough`, at a rate that a reading page can follow. */
async function speak(venue: TestVenue, enough: (sent: number) => boolean): Promise<number> {
  const filler = 'x'.repeat(20_000);
  let sent = 0;
  while (!enough(sent)) {
    sent += 1;
    venue.send(DEPTH, `{"u":${sent},"x":"${filler}"}`);
    venue.send(TRADE, `{"t":${sent},"x":"${filler}"}`);
    await wait(2);
    if (sent > 5_000) throw new Error('sent very much and nothing happened');
  }
  return sent;
}

const ids = (client: FeedClient, stream: string): number[] =>
  client.of(stream).map(({ text }) => Number(/"[ut]":(\d+)/.exec(text)?.[1]));

describe('slow reader', () => {
  it('loses trades first, then depth, is told how many, and sees it by the sequence', async () => {
    const { proxy, venue } = await start(60_000);
    const slow = await page(proxy);
    const good = await page(proxy);
    slow.socket.pause();
    let most = 0;
    let depthKept = false;
    const sent = await speak(venue, () => {
      const stats = proxy.stats();
      most = Math.max(most, stats.bufferedBytesMost);
      // Between the two limits only trades are left out, so more waits than the lower limit would allow.
      if (stats.framesSkipped > 0 && stats.bufferedBytesMost > 0.5 * MIB) depthKept = true;
      return stats.framesSkipped > 400;
    });
    expect(depthKept).toBe(true);
    expect(most).toBeGreaterThan(0.9 * MIB);
    expect(most).toBeLessThanOrEqual(MIB + 4_096);
    await until(
      'the good page has all',
      () => good.of(DEPTH).length === sent && good.of(TRADE).length === sent,
    );
    expect(good.told('skipped')).toEqual([]);

    slow.socket.resume();
    await until('told', () => slow.told('skipped').length >= 2);
    for (const stream of [DEPTH, TRADE]) {
      const frames = slow.of(stream);
      const skipped = slow.told('skipped').filter((notice) => notice.stream === stream);
      const count = skipped.reduce((sum, { frames: n }) => sum + n, 0);
      expect(count).toBeGreaterThan(0);
      expect(frames.length + count).toBe(sent);
      // Every frame has the number that it would have had without skipping.
      expect(frames.map(({ sequence }) => sequence + 1)).toEqual(ids(slow, stream));
    }
    expect(slow.of(DEPTH).length).toBeGreaterThan(slow.of(TRADE).length);
    venue.send(DEPTH, '{"u":999999}');
    await until('live again', () => ids(slow, DEPTH).at(-1) === 999_999);
    expect(slow.of(DEPTH).at(-1)?.sequence).toBe(sent);
  });

  it('is cut off when it stays at the ceiling', async () => {
    const { proxy, venue } = await start(400);
    const slow = await page(proxy);
    const good = await page(proxy);
    slow.socket.pause();
    const sent = await speak(venue, () => proxy.stats().ended.get('reads too slowly') === 1);
    expect(proxy.stats().clients).toBe(1);
    await until(
      'the good page has all',
      () => good.of(DEPTH).length === sent && good.of(TRADE).length === sent,
    );
  });
});
