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

test('two pages of one seed, one at 10x and one at 100x with a pause and steps, show what Node computes; another seed does not', async ({
  page,
  context,
  site,
}) => {
  const [fast, other] = [await context.newPage(), await context.newPage()];
  await open(page, site.url, 4242, '10');
  await open(fast, site.url, 4242, '100');
  await open(other, site.url, 4243, '10');

  const slowly = await shownHashes(page, 3);
  const quickly = new Map(await shownHashes(fast, 3));
  await fast.getByRole('button', { name: 'Pause', exact: true }).click();
  for (let step = 0; step < 3; step++)
    await fast.getByRole('button', { name: 'Step one book event' }).click();
  await fast.getByRole('button', { name: 'Play', exact: true }).click();
  for (const [second, hash] of await shownHashes(fast, 3)) quickly.set(second, hash);
  const otherwise = await shownHashes(other, 2);

  const reference = new Reference(4242);
  const expected = new Map(
    [...new Set([...slowly.keys(), ...quickly.keys(), ...otherwise.keys()])]
      .sort((a, b) => a - b)
      .map((second) => [second, reference.hashAt(micros(second))] as const),
  );
  const truth = (of: Shown): Shown =>
    new Map([...of.keys()].map((second) => [second, expected.get(second) ?? '']));
  expect(slowly).toEqual(truth(slowly));
  expect(quickly).toEqual(truth(quickly));
  for (const second of expected.keys()) expect((second - START) % SECOND).toBe(0);

  const otherReference = new Reference(4243);
  for (const second of [...otherwise.keys()].sort((a, b) => a - b)) {
    expect(otherwise.get(second)).toBe(otherReference.hashAt(micros(second)));
    expect(otherwise.get(second)).not.toBe(expected.get(second));
  }
  const latest = (of: Shown): number => (Math.max(...of.keys()) - START) / SECOND;
  console.log(
    `hashes equal to Node's: ${slowly.size} at 10x (to ${latest(slowly)} s), ${quickly.size} at 100x (to ${latest(quickly)} s), ${otherwise.size} of the other seed`,
  );
});

test('a seed typed into the source menu starts that market, and the address names it', async ({
  desk,
  site,
}) => {
  await desk.getByTestId('source-badge').click();
  const menu = desk.getByRole('dialog', { name: 'Source' });
  await menu.getByLabel('Seed').fill('-3');
  await expect(menu).toContainText('expected a whole number of at most 9 digits, found "-3"');
  await expect(menu.getByRole('button', { name: 'Start' })).toBeDisabled();
  await menu.getByLabel('Seed').fill('4242');
  await menu.getByRole('button', { name: 'Start' }).click();
  await expect(desk.getByLabel('Transport')).toContainText('seed 4242', { timeout: 30_000 });
  await expect.poll(() => new URL(desk.url()).hash).toContain('seed=4242');
  expect(desk.url().startsWith(site.url)).toBe(true);
  const [[second = 0, hash = ''] = []] = [...(await shownHashes(desk, 1))];
  expect(hash).toBe(new Reference(4242).hashAt(micros(second)));
});
