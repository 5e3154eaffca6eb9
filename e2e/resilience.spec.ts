/** What breaks says so at once and mends itself: workers, the page's sleep, the relay. */

import type { Page, Worker } from '@playwright/test';
import type {} from '../app/charts/black-box.ts';
import { createProxy } from '../proxy/server.ts';
import { createFakeExchange } from './fake-exchange/fake-exchange.ts';
import { goLive, judgePaints, noRecording, RECORDING, secondsToTruth } from './live-stack.ts';
import {
  chooseFromRow,
  DIST,
  expect,
  figuresShown,
  positionRow,
  test,
  vanish,
  workerOf,
} from './page-test.ts';

/** The page must say so within this time. */
const AT_ONCE_MS = 3_000;
/** And be whole again within this one; a worker that dies without a word is first given time to answer. */
const WHOLE_MS = 30_000;

const crash = (worker: Worker): Promise<void> =>
  worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('crashed by a test');
    });
  });
const trust = (page: Page) => page.getByTestId('trust-state');
const stale = (page: Page) => page.locator('[data-position].is-stale');
const seconds = (sinceMs: number): string => ((performance.now() - sinceMs) / 1_000).toFixed(1);

async function shownAsLive(page: Page): Promise<boolean> {
  return (await page.evaluate(() => window.headroomBlackBox?.read(1) ?? [])).at(-1)?.shownAsLive ?? false;
}

async function whole(page: Page): Promise<void> {
  await expect(trust(page)).toHaveText('LIVE', { timeout: WHOLE_MS });
  await expect(stale(page)).toHaveCount(0, { timeout: WHOLE_MS });
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect.poll(() => shownAsLive(page), { timeout: WHOLE_MS }).toBe(true);
}

for (const name of ['market', 'risk'] as const) {
  test(`the ${name} worker crashes: said at once, mended by itself, nothing of the reader's is lost`, async ({
    desk,
  }) => {
    await chooseFromRow(desk, positionRow(desk, 'ETHUSDT short'), 'Remove');
    const begunMs = performance.now();
    await crash(await workerOf(desk, name));
    await expect(desk.getByRole('alert')).toContainText(`The ${name} worker stopped`, {
      timeout: AT_ONCE_MS,
    });
    const said = seconds(begunMs);
    await whole(desk);
    console.log(`${name} worker crashed: said after ${said} s, whole after ${seconds(begunMs)} s`);
    await expect(desk.locator('[data-position]')).toHaveCount(3);
    await desk.keyboard.press('Control+z');
    await expect(positionRow(desk, 'ETHUSDT short').locator('[data-figure="marginRatio"]')).toBeVisible();
  });
}

test('workers that die without a word, one after the other: said within seconds, mended', async ({
  desk,
}) => {
  const market = await workerOf(desk, 'market');
  const begunMs = performance.now();
  await vanish(await workerOf(desk, 'risk'));
  await expect(stale(desk), 'no figure of the risk worker is believed').toHaveCount(4, {
    timeout: AT_ONCE_MS * 2,
  });
  const risk = seconds(begunMs);
  await expect(trust(desk)).toHaveText('LIVE');
  const marketMs = performance.now();
  await vanish(market);
  await expect(trust(desk)).toHaveText('OFFLINE', { timeout: AT_ONCE_MS });
  const said = seconds(marketMs);
  expect(await shownAsLive(desk)).toBe(false);
  await whole(desk);
  console.log(
    `risk worker vanished: said after ${risk} s; market worker: after ${said} s; both whole after ${seconds(begunMs)} s`,
  );
  await expect(desk.locator('[data-figure="marginRatio"]')).toHaveCount(4);
});

test('a page out of sight paints nothing and is present when it comes back', async ({ desk }) => {
  const facts = () => desk.evaluate(() => window.headroomBlackBox?.market() ?? null);
  const written = () => desk.evaluate(() => window.headroomBlackBox?.written() ?? 0);
  const other = await desk.context().newPage();
  await other.bringToFront();
  await expect
    .poll(async () => {
      const before = await written();
      await other.waitForTimeout(1_000);
      return (await written()) - before;
    })
    .toBeLessThan(5);
  const before = { position: (await facts())?.transport.positionMicros ?? 0, ms: performance.now() };
  await other.waitForTimeout(3_000);
  await other.close();
  await desk.bringToFront();
  const awayMs = performance.now() - before.ms;
  await whole(desk);
  const moved = ((await facts())?.transport.positionMicros ?? 0) - before.position;
  expect(moved, 'the run went on').toBeGreaterThan(awayMs * 500);
  await expect.poll(async () => (await facts())?.counters.gaps).toBe(0);
});

/** Stops every process of the browser that runs pages and workers, as a closed lid does. */
async function sleep(page: Page, ms: number): Promise<void> {
  const cdp = await page.context().browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await cdp?.send('SystemInfo.getProcessInfo')) ?? {};
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  expect(renderers.length).toBeGreaterThan(0);
  for (const id of renderers) process.kill(id, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (const id of renderers) process.kill(id, 'SIGCONT');
}

/** Longest time that a book which has been overtaken may still be shown as live: three seconds, and one look. */
const OVERTAKEN_MS = 3_250;

test.describe('live', () => {
  test.skip(noRecording !== false, String(noRecording));

  test('a machine that slept wakes to the present: nothing old is shown as live', async ({ page }) => {
    test.skip(process.platform === 'win32', 'needs signals that stop a process');
    const exchange = await createFakeExchange({ recordingPath: RECORDING, mode: 'book', speed: 1 });
    const venues = new Map([[exchange.venue.id, exchange.venue]]);
    const relay = await createProxy({ distFolder: DIST, venues, port: 0 });
    const passed: { readonly atMs: number; readonly u: number }[] = [];
    const watch = setInterval(() => passed.push({ atMs: Date.now(), u: exchange.position().u }), 20);
    try {
      await page.goto(relay.url);
      await figuresShown(page);
      await goLive(page);
      expect(await secondsToTruth(page, exchange, 15)).toBeLessThan(15);
      await sleep(page, 6_000);
      const woken = await secondsToTruth(page, exchange, 15);
      const { lies } = await judgePaints(page, exchange.oracle);
      expect(lies).toEqual([]);
      // A moment more, in which something old could still be painted.
      await page.waitForTimeout(1_500);
      const records = (await page.evaluate(() => window.headroomBlackBox?.read() ?? [])).filter(
        ({ source, shownAsLive }) => source === 'LIVE' && shownAsLive,
      );
      const lateMs = records.map(({ atMs, updateId }) => {
        const overtaken = passed.find(({ u }) => u > updateId);
        return overtaken === undefined ? 0 : atMs - overtaken.atMs;
      });
      console.log(
        `slept 6 s: true book ${woken.toFixed(1)} s after waking; of ${records.length} paints shown as live the oldest was overtaken ${Math.max(...lateMs).toFixed(0)} ms before`,
      );
      expect(records.length).toBeGreaterThan(0);
      expect(Math.max(...lateMs)).toBeLessThan(OVERTAKEN_MS);
      expect(woken).toBeLessThan(5);
    } finally {
      clearInterval(watch);
      await relay.close();
      await exchange.close();
    }
  });

  test('the relay goes and comes back: OFFLINE with the reason, then LIVE by itself', async ({ page }) => {
    const exchange = await createFakeExchange({ recordingPath: RECORDING, mode: 'book', speed: 1 });
    const options = { distFolder: DIST, venues: new Map([[exchange.venue.id, exchange.venue]]) };
    const relay = await createProxy({ ...options, port: 0 });
    try {
      await page.goto(relay.url);
      await figuresShown(page);
      await goLive(page);
      expect(await secondsToTruth(page, exchange, 15)).toBeLessThan(15);
      await relay.close();
      const begunMs = performance.now();
      await expect(trust(page)).toHaveText('OFFLINE', { timeout: AT_ONCE_MS });
      const said = seconds(begunMs);
      await expect(page.locator('.chart-ladder .chart-banner, .panel-ladder .chart-banner')).toContainText(
        'OFFLINE',
      );
      await trust(page).click();
      await expect(page.getByRole('dialog', { name: 'Data trust' })).toContainText(
        /relay|proxy|feed|connection/i,
      );
      await page.keyboard.press('Escape');
      expect(await shownAsLive(page)).toBe(false);
      const again = await createProxy({ ...options, port: relay.port });
      const backMs = performance.now();
      try {
        const back = await secondsToTruth(page, exchange, 30);
        console.log(
          `relay gone: said after ${said} s; back: true book after ${back.toFixed(1)} s (${seconds(backMs)} s)`,
        );
        expect(back).toBeLessThan(15);
      } finally {
        await again.close();
      }
    } finally {
      await exchange.close();
    }
  });

  test('no exchange within reach: OFFLINE in words, nothing made up, and one click back to the simulation', async ({
    page,
  }) => {
    const exchange = await createFakeExchange({ recordingPath: RECORDING });
    const venues = new Map([[exchange.venue.id, exchange.venue]]);
    await exchange.close();
    const relay = await createProxy({ distFolder: DIST, venues, port: 0 });
    try {
      await page.goto(relay.url);
      await figuresShown(page);
      await goLive(page);
      await expect(trust(page)).toHaveText('OFFLINE');
      await expect(page.locator('.panel-ladder')).toContainText('the exchange cannot be reached from here');
      await expect(page.locator('.panel-ladder')).toContainText('No book: there is no connection');
      await expect(page.locator('.panel-price')).toContainText('No prices: there is no connection');
      await expect(page.getByTestId('mark-price')).toHaveText('–');
      await expect(page.locator('[data-position]').first()).toContainText('no mark price');
      await expect(page.locator('[data-figure="marginRatio"]')).toHaveCount(0);
      await page.getByTestId('source-badge').click();
      await page.getByRole('dialog', { name: 'Source' }).getByRole('button', { name: 'Start' }).click();
      await whole(page);
      await figuresShown(page);
    } finally {
      await relay.close();
    }
  });
});
