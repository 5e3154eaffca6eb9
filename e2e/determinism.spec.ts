/** The same seed is the same market anywhere: every hash a page shows is the one that Node computes for that second. */

import type { Page } from '@playwright/test';
import { type Micros, micros } from '../engine/core/units.ts';
import { EmbeddedMarket } from '../engine/simulation/embedded-market.ts';
import { expect, figuresShown, test } from './page-test.ts';

/** 2026-05-04 14:00:00 UTC, where every simulated run of the page begins. */
const START = Date.UTC(2026, 4, 4, 14) * 1_000;
const SECOND = 1_000_000;

/** Hashes that a page showed, by the whole second they are of. */
type Shown = ReadonlyMap<number, string>;

/** Node's own run of a seed. */
class Reference {
  readonly #market: EmbeddedMarket;

  constructor(seed: number) {
    this.#market = new EmbeddedMarket({ seed, startMicros: micros(START) });
  }

  /** Hash at an instant; instants must ascend. */
  hashAt(atMicros: Micros): string {
    while (!this.#market.advance(atMicros, 100_000));
    this.#market.takeFrames();
    return (this.#market.stateHash() >>> 0).toString(16).padStart(8, '0');
  }
}

/** Reads the hash as it stands on screen, with the second in its title, until so many were seen. */
async function shownHashes(page: Page, wanted: number): Promise<Shown> {
  const shown = new Map<number, string>();
  const place = page.getByTitle(/^State hash of the market at /);
  await expect
    .poll(
      async () => {
        const [title, text] = await place.evaluate((element) => [
          element.getAttribute('title'),
          element.textContent,
        ]);
        const time = /at (\S+) (\S+) UTC/.exec(title ?? '');
        const second = Date.parse(`${time?.[1]}T${time?.[2]}Z`) * 1_000;
        shown.set(second, text?.replace('state', '').trim() ?? '');
        return shown.size;
      },
      { timeout: 30_000, intervals: [100] },
    )
    // The first may be of the history that is made before the run plays.
    .toBeGreaterThan(wanted);
  return shown;
}

async function open(page: Page, url: string, seed: number, speed: string): Promise<void> {
  await page.goto(`${url}/#seed=${seed}`);
  await figuresShown(page);
  await expect(page.getByLabel('Transport')).toContainText(`seed ${seed}`);
  await page.getByTestId('transport-speed').selectOption(speed);
}

/** Expects what was shown of a seed to be what Node computes. */
function expectNodes(seed: number, shown: Shown): void {
  const reference = new Reference(seed);
  const seconds = [...shown.keys()].sort((a, b) => a - b);
  for (const second of seconds) expect((second - START) % SECOND, 'a whole second').toBe(0);
  const computed = new Map(seconds.map((second) => [second, reference.hashAt(micros(second))] as const));
  expect(new Map(seconds.map((second) => [second, shown.get(second)] as const))).toEqual(computed);
}

test('a page at 10x and a page at 100x, paused and stepped on the way, show what Node computes', async ({
  page,
  context,
  site,
}) => {
  await open(page, site.url, 4242, '10');
  const slowly = await shownHashes(page, 2);
  await page.close();
  const fast = await context.newPage();
  await open(fast, site.url, 4242, '100');
  const quickly = new Map(await shownHashes(fast, 2));
  await fast.getByRole('button', { name: 'Pause', exact: true }).click();
  for (let step = 0; step < 3; step++)
    await fast.getByRole('button', { name: 'Step one book event' }).click();
  await fast.getByRole('button', { name: 'Play', exact: true }).click();
  for (const [second, hash] of await shownHashes(fast, 2)) quickly.set(second, hash);
  await fast.close();
  expectNodes(4242, slowly);
  expectNodes(4242, quickly);
  const latest = (of: Shown): number => (Math.max(...of.keys()) - START) / SECOND;
  console.log(
    `hashes equal to Node's: ${slowly.size} at 10x (to ${latest(slowly)} s), ${quickly.size} at 100x (to ${latest(quickly)} s)`,
  );
});

test('a seed typed into the source menu starts another market, and the address names it', async ({
  desk,
  site,
}) => {
  const words = (await desk.getByLabel('Transport').textContent()) ?? '';
  const firstSeed = Number(/seed (\d+)/.exec(words)?.[1]);
  const first = await shownHashes(desk, 1);
  await desk.getByTestId('source-badge').click();
  const menu = desk.getByRole('dialog', { name: 'Source' });
  await menu.getByLabel('Seed').fill('-3');
  await expect(menu).toContainText('expected a whole number of at most 9 digits, found "-3"');
  await expect(menu.getByRole('button', { name: 'Start' })).toBeDisabled();
  await menu.getByLabel('Seed').fill('4242');
  await menu.getByRole('button', { name: 'Start' }).click();
  await expect(desk.getByLabel('Transport')).toContainText('seed 4242', { timeout: 30_000 });
  await expect.poll(() => new URL(desk.url()).hash).toContain('seed=4242');
  const second = await shownHashes(desk, 1);
  expectNodes(firstSeed, first);
  expectNodes(4242, second);
  const [[at = 0, hash = ''] = []] = [...first];
  expect(new Reference(4242).hashAt(micros(at)), 'another seed is another market').not.toBe(hash);

  await test.step('a link pasted into the open page is followed; one of the page itself changes nothing', async () => {
    await desk.goto(`${site.url}/#market&seed=${firstSeed}&instrument=binance-usdm:ETHUSDT`);
    await expect(desk.getByLabel('Transport')).toContainText(`seed ${firstSeed}`, { timeout: 30_000 });
    await expect(desk.locator('.picker-value')).toHaveText('ETHUSDT');
    await desk.getByRole('link', { name: 'Headroom, Market screen' }).click();
    await expect
      .poll(() => new URL(desk.url()).hash)
      .toContain(`seed=${firstSeed}&instrument=binance-usdm:ETHUSDT`);
    await expect(desk.getByLabel('Transport')).toContainText(`seed ${firstSeed}`);
  });
});
