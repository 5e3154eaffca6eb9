/** The Cascade screen with the keyboard alone: run 10 Oct 2025, find who was liquidated and why, hand it on by a link. */
import type { Locator, Page } from '@playwright/test';
import { writeRunLink } from '../app/state/cascade-link.ts';
import { CascadeRun } from '../engine/simulation/cascade/cascade-run.ts';
import { OCTOBER_2025 } from '../engine/simulation/cascade/scenarios/october-2025.ts';
import { DOMINO } from '../engine/simulation/cascade/scenarios/teaching.ts';
import { CascadeRecorder } from '../engine/simulation/cascade-lab/cascade-recorder.ts';
import { CASCADE_ENGINE_VERSION, scenarioHash } from '../engine/simulation/cascade-lab/event-trail.ts';
import { watchPageErrors } from './page-errors.ts';
import { expect, test, vanish, workerOf } from './page-test.ts';

/** Presses Tab until what has the focus is named so. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  for (let press = 0; press < most; press++) {
    const words = await page.evaluate(() => {
      const { activeElement } = document;
      return `${activeElement?.getAttribute('aria-label') ?? ''} ${activeElement?.textContent ?? ''}`.trim();
    });
    if (name.test(words)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`nothing named ${name} within ${most} presses of Tab`);
}

/** What stands there once two looks in a row see the same. */
async function atRest(words: Locator): Promise<string> {
  let last = '';
  await expect
    .poll(
      async () => {
        const before = last;
        last = (await words.textContent()) ?? '';
        return last !== '' && last === before;
      },
      { intervals: [100] },
    )
    .toBe(true);
  return last;
}

test('a stranger runs 10 Oct 2025, finds who was liquidated and why, and copies a link that gives the same run', async ({
  page,
  context,
  site,
}) => {
  test.setTimeout(90_000);
  const errors = await watchPageErrors(page, site.url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(site.url);
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible({ timeout: 30_000 });
  const { keyboard } = page;

  await test.step('the Cascade screen opens by its place in the rail', async () => {
    await tabTo(page, /^Cascade$/);
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Play a cascade, stop it, ask why' })).toBeVisible();
  });
  await test.step('10 Oct 2025 runs to its end', async () => {
    await expect(page.getByRole('button', { name: /^Run: 10 Oct 2025/ })).toBeVisible();
    await tabTo(page, /^Run: 10 Oct 2025/);
    await keyboard.press('Enter');
    await expect(page.getByTestId('cascade-hash')).toBeVisible({ timeout: 60_000 });
    await expect(page.locator('.accounts-table')).toContainText('liquidated');
  });
  await test.step('who was liquidated, and why', async () => {
    await tabTo(page, /^Which accounts/);
    await tabTo(page, /^#\d+$/);
    const name = await page.evaluate(() => document.activeElement?.textContent ?? '');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: `Why did it happen to ${name}?` })).toBeVisible();
    const chain = page.getByRole('list', { name: 'Causal chain, first cause first' });
    await expect(chain.getByRole('listitem').first()).toContainText('Shock');
    await expect(chain).toContainText(`${name} breaches its margin`);
    await expect(chain).toContainText(/Liquidated|Partly liquidated/);
    await keyboard.press('Escape');
    await expect(page.locator('.accounts-table')).toBeVisible();
  });
  await test.step('steps and incidents move the cursor, there and back', async () => {
    const event = page.locator('.transport-identity');
    await keyboard.press('[');
    await keyboard.press('[');
    const before = await atRest(event);
    await keyboard.press('.');
    await keyboard.press('.');
    await expect(event).not.toHaveText(before);
    for (const key of [',', ',', ']', '[']) await keyboard.press(key);
    await expect.poll(() => event.textContent()).toBe(before);
  });

  const hash = (await page.getByTestId('cascade-hash').textContent()) ?? '';
  await test.step('the hash is the one that Node computes', () => {
    const run = new CascadeRun(OCTOBER_2025);
    run.runUntil(Number.POSITIVE_INFINITY);
    expect(hash).toBe(run.stateHash().toString(16).padStart(8, '0'));
  });
  const place = await atRest(page.locator('.transport-identity'));
  const link = await test.step('the link is copied', async () => {
    await keyboard.press('Control+k');
    await keyboard.type('copy a link to the run');
    await keyboard.press('Enter');
    await expect(page.getByText('Link copied.')).toBeVisible();
    return page.evaluate(() => navigator.clipboard.readText());
  });
  expect(link).toContain('#cascade&run=');
  await page.close();

  await test.step('in another page it is the same run at the same event', async () => {
    const second = await context.newPage();
    await second.goto(link);
    await expect(second.getByTestId('cascade-state')).toContainText('identical: all', { timeout: 60_000 });
    await expect(second.getByTestId('cascade-hash')).toHaveText(hash);
    expect(await atRest(second.locator('.transport-identity'))).toBe(place);
    await second.close();
  });
  expect(errors.found, 'console errors, exceptions, policy violations, foreign requests').toEqual([]);
});

test('a market is forked into the lab and goes on; a lost lab says so and runs again', async ({ desk }) => {
  const mark = desk.getByTestId('mark-price');
  await desk.keyboard.press('f');
  await expect(desk.getByRole('heading', { name: /^BTCUSDT forked from SIMULATED/ })).toBeVisible();
  await expect(desk.getByTestId('cascade-hash')).toBeVisible({ timeout: 60_000 });
  const hash = (await desk.getByTestId('cascade-hash').textContent()) ?? '';
  const before = await mark.textContent();
  await expect(mark, 'the source goes on').not.toHaveText(before ?? '');
  await vanish(await workerOf(desk, 'lab'));
  await expect(desk.getByTestId('cascade-state')).toContainText('the lab worker was lost', {
    timeout: 30_000,
  });
  await desk.getByRole('button', { name: 'Run again' }).click();
  await expect(desk.getByTestId('cascade-state')).toContainText(/[1-9][\d,]* events/, { timeout: 60_000 });
  await expect(desk.getByTestId('cascade-hash')).toHaveText(hash, { timeout: 60_000 });
});

test('a link whose run was another says at which event they part', async ({ page, site }) => {
  const recorder = new CascadeRecorder(DOMINO);
  while (!recorder.done) recorder.advance();
  const trail = recorder.trail.marks();
  const third = trail[2];
  const altered = trail.map((mark, i) => (i < 2 ? mark : { ...mark, hash: mark.hash ^ 1 }));
  const identity = {
    engineVersion: CASCADE_ENGINE_VERSION,
    scenarioHash: scenarioHash(DOMINO),
    stateHash: recorder.stateHash(),
    events: recorder.events.length,
    trail: altered,
  };
  const parameters = await writeRunLink({ scenario: DOMINO, eventCount: 10, identity });
  await page.goto(`${site.url}/#cascade&${parameters}`);
  const state = page.getByTestId('cascade-state');
  await expect(state).toContainText(`differs at event ${third?.events}`, { timeout: 60_000 });
  await expect(state).toContainText(`the same through ${trail[1]?.events}`);
  await page.goto(
    `${site.url}/#cascade&${await writeRunLink({ scenario: DOMINO, eventCount: 10, identity: { ...identity, trail } })}`,
  );
  await expect(state).toContainText(
    `identical: all ${recorder.events.length.toLocaleString('en-US')} events`,
    {
      timeout: 60_000,
    },
  );
});
