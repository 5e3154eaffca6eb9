/** A recorded session as a person replays it: opened, played, stepped, sought from either side, broken in places. */

import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { MarketFacts } from '../app/charts/black-box.ts';
import type { PaintedLevel } from '../app/charts/paint-log.ts';
import { buildOracle, type Oracle } from './fake-exchange/oracle.ts';
import { readRecording } from './fake-exchange/recording.ts';
import { noRecording, RECORDING } from './live-stack.ts';
import { drop, expect, test } from './page-test.ts';

test.skip(noRecording !== false, String(noRecording));

/** About 45 seconds: long enough for keyframes, short enough to be quick. */
const LINES = 12_000;
const NAME = 'session.gz';

let lines: readonly string[] = [];
let oracle: Oracle;

test.beforeAll(() => {
  const text = gunzipSync(readFileSync(RECORDING)).toString('utf8');
  lines = text.split('\n').slice(0, LINES);
  oracle = buildOracle(readRecording(RECORDING));
});

const packed = (of: readonly string[]): Buffer => gzipSync(`${of.join('\n')}\n`, { level: 1 });
const play = (page: Page) => page.getByTestId('transport-play');
const place = (page: Page) => page.getByRole('slider', { name: /Place in the recording/ });

async function facts(page: Page): Promise<MarketFacts> {
  const market = await page.evaluate(() => window.headroomBlackBox?.market() ?? null);
  if (market === null) throw new Error('no market frame yet');
  return market;
}

/** Opens a recording through the browser's file picker. */
async function pick(page: Page, name: string, buffer: Buffer): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a recording…' }).click();
  await (await asked).setFiles({ name, mimeType: 'application/octet-stream', buffer });
}

async function replays(page: Page, name: string): Promise<void> {
  await expect(page.getByTestId('source-badge')).toHaveText('REPLAY');
  await expect(page.getByLabel('Transport')).toContainText(name);
  await expect.poll(async () => (await facts(page)).updateId).toBeGreaterThan(0);
}

async function pause(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
}

/** The run where it stands, once the ladder has painted it: position, update, counts of levels, painted rows. */
async function standing(page: Page): Promise<unknown> {
  await page.getByRole('button', { name: 'centre' }).click();
  let found: unknown = null;
  await expect
    .poll(async () => {
      const { updateId, bidLevels, askLevels, transport } = await facts(page);
      const painted = (await page.evaluate(() => window.headroomBlackBox?.read(1) ?? [])).at(-1);
      const { atMs: _, ...rows } = painted ?? { atMs: 0, updateId: 0 };
      const before = JSON.stringify(found);
      found = { position: transport.positionMicros, updateId, bidLevels, askLevels, rows };
      return rows.updateId === updateId && JSON.stringify(found) === before;
    })
    .toBe(true);
  return found;
}

const asText = (levels: readonly PaintedLevel[]): string[] =>
  levels.slice(0, 5).map(({ ticks, lots }) => `${(ticks / 10).toFixed(2)} ${(lots / 1_000).toFixed(3)}`);

/** The best painted levels equal the truth at the painted update. */
async function expectTruth(page: Page): Promise<void> {
  const painted = (await page.evaluate(() => window.headroomBlackBox?.read(1) ?? [])).at(-1);
  const truth = oracle.levelsAt(painted?.updateId ?? 0);
  expect(truth, `update ${painted?.updateId} is one of the recording`).not.toBeNull();
  for (const side of ['bids', 'asks'] as const) {
    const shown = asText(painted?.[side] ?? []);
    const real = (truth?.[side] ?? []).map(
      ([price, size]) => `${Number(price).toFixed(2)} ${Number(size).toFixed(3)}`,
    );
    expect(shown.length).toBeGreaterThan(0);
    expect(real.slice(0, shown.length)).toEqual(shown);
  }
}

test('picked, played, paused, stepped by exactly one book event, at the speed that was chosen', async ({
  desk,
}) => {
  await pick(desk, NAME, packed(lines));
  await replays(desk, NAME);
  await expect(desk.locator('.lineup')).toContainText('last');

  await test.step('speeds', async () => {
    const rate = async (speed: string): Promise<number> => {
      await desk.getByTestId('transport-speed').selectOption(speed);
      const look = async () => ({ at: (await facts(desk)).transport.positionMicros, ms: performance.now() });
      const from = await look();
      await desk.waitForTimeout(1_000);
      const to = await look();
      return (to.at - from.at) / 1_000 / (to.ms - from.ms);
    };
    const [one, ten] = [await rate('1'), await rate('10')];
    expect(one).toBeGreaterThan(0.5);
    expect(one).toBeLessThan(1.5);
    expect(ten / one).toBeGreaterThan(4);
    await desk.getByTestId('transport-speed').selectOption('1');
  });
  await test.step('pause stands still', async () => {
    await pause(desk);
    const before = await standing(desk);
    await expectTruth(desk);
    await desk.waitForTimeout(500);
    expect(await standing(desk)).toEqual(before);
  });
  await test.step('step', async () => {
    const { updateIds } = oracle;
    let at = updateIds.indexOf((await facts(desk)).updateId);
    expect(at).toBeGreaterThan(0);
    for (let step = 0; step < 4; step++) {
      at += 1;
      if (step % 2 === 0) await desk.getByRole('button', { name: 'Step one book event' }).click();
      else {
        await desk.locator('body').click({ position: { x: 700, y: 450 }, trial: true });
        await desk.keyboard.press('.');
      }
      await expect.poll(async () => (await facts(desk)).updateId).toBe(updateIds[at]);
    }
    await standing(desk);
    await expectTruth(desk);
  });
});

test('dropped; sought from either side to the same book; ends, says so, and begins again', async ({
  desk,
}) => {
  await drop(desk, NAME, packed(lines));
  await replays(desk, NAME);
  await pause(desk);
  const track = desk.getByTestId('seek');
  const seekTo = async (part: number): Promise<void> => {
    const box = await track.boundingBox();
    await track.click({ position: { x: (box?.width ?? 0) * part, y: (box?.height ?? 0) / 2 } });
  };
  const { startMicros, endMicros } = (await facts(desk)).transport;

  for (const part of [0.31, 0.74]) {
    await seekTo(0.02);
    await standing(desk);
    await seekTo(part);
    const fromLeft = await standing(desk);
    await expectTruth(desk);
    await seekTo(0.97);
    await standing(desk);
    await seekTo(part);
    expect(await standing(desk), `sought to ${part} from either side`).toEqual(fromLeft);
  }
  await test.step('by keyboard', async () => {
    const before = (await facts(desk)).transport.positionMicros;
    await place(desk).focus();
    await desk.keyboard.press('ArrowRight');
    await expect.poll(async () => (await facts(desk)).transport.positionMicros).toBeGreaterThan(before);
    await desk.keyboard.press('Home');
    await expect.poll(async () => (await facts(desk)).transport.positionMicros).toBe(startMicros);
    await desk.keyboard.press('End');
    await expect.poll(async () => (await facts(desk)).transport.positionMicros).toBe(endMicros);
    await expect(desk.getByLabel('Transport')).toContainText('ended');
  });
  await test.step('the end', async () => {
    await seekTo(0.97);
    await expect(desk.getByLabel('Transport')).not.toContainText('ended');
    await play(desk).click();
    await expect.poll(async () => (await facts(desk)).transport.ended).toBe(true);
    await expect(desk.getByLabel('Transport')).toContainText('ended');
    await expectTruth(desk);
    await play(desk).click();
    await expect
      .poll(async () => (await facts(desk)).transport)
      .toMatchObject({ ended: false, playing: true });
    expect((await facts(desk)).transport.positionMicros).toBeLessThan(Number(startMicros) + 20e6);
  });
});

test('broken lines are counted and named, and the rest plays to the same book', async ({ desk }) => {
  const isDepth = (line: string): boolean => line.includes('@depth@') || line.includes('lastUpdateId');
  const cut = lines.findIndex((line, at) => at > 2_000 && !isDepth(line));
  const broken = [...lines];
  broken[cut] = (lines[cut] ?? '').slice(0, 60);
  broken.splice(
    3_000,
    0,
    'no recording line at all',
    `${(lines[3_000] ?? '').split(' ')[0]} {"stream":"btcusdt@depth@0ms"`,
  );
  await pick(desk, NAME, packed(broken));
  await replays(desk, NAME);
  const list = desk.locator('details.broken');
  await expect(list).toContainText('3 of 12,002 lines broken');
  await list.locator('summary').click();
  for (const line of [cut + 1, 3_001, 3_002]) {
    await expect(list.locator('li').filter({ hasText: `line ${line}` })).toHaveText(/expected .*found/);
  }
  await desk.keyboard.press('Escape');
  await place(desk).focus();
  await desk.keyboard.press('End');
  const last = lines.findLast((line) => line.includes('@depth@')) ?? '';
  const lastId = Number(/"u":(\d+)/.exec(last)?.[1]);
  await expect.poll(async () => (await facts(desk)).updateId).toBe(lastId);
  expect((await facts(desk)).counters.gaps).toBe(0);
  await standing(desk);
  await expectTruth(desk);
});

test('a file that is no recording is refused in words, and what was open goes on', async ({ desk }) => {
  for (const [name, bytes] of [
    ['holiday.jpg', Buffer.from('ÿØÿà not a recording\n'.repeat(50))],
    ['torn.gz', packed(lines.slice(0, 200)).subarray(0, 900)],
    ['empty.jsonl', Buffer.from('')],
  ] as const) {
    await drop(desk, name, bytes);
    const message = desk.getByLabel('Messages').locator('.notice-trouble').filter({ hasText: name });
    await expect(message).toContainText(/expected|cannot be unpacked/);
    await expect(desk.getByTestId('source-badge')).toHaveText('SIMULATED');
    await expect(desk.getByTestId('trust-state')).toHaveText('LIVE');
    const { positionMicros } = (await facts(desk)).transport;
    await expect
      .poll(async () => (await facts(desk)).transport.positionMicros)
      .toBeGreaterThan(positionMicros);
  }
});
