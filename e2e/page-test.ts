/** The page as a person meets it: built app, real proxy, the embedded market; a page that complains fails its test. */

import { join } from 'node:path';
import {
  test as base,
  expect as baseExpect,
  type Download,
  type Locator,
  type Page,
  type Worker,
} from '@playwright/test';
import { createProxy, type RunningProxy } from '../proxy/server.ts';
import { watchPageErrors } from './page-errors.ts';

/** The built app; another build can be named to test it beside this one. */
export const DIST: string = process.env['HEADROOM_DIST'] ?? join(import.meta.dirname, '..', 'dist');

/** Patient: a busy machine is slow, and a page that never gets there still fails. */
export const expect = baseExpect.configure({ timeout: 15_000 });

interface Given {
  /** The page on the Market screen, with figures in the table. */
  readonly desk: Page;
}

interface GivenOnce {
  /** The proxy, for all tests of a file. */
  readonly site: RunningProxy;
}

/** Tests of a page that is open, filled, and free of errors to the end. */
export const test = base.extend<Given, GivenOnce>({
  site: [
    async ({ browser: _browser }, provide) => {
      const site = await createProxy({ port: 0, distFolder: DIST });
      await provide(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  desk: async ({ page, site }, provide) => {
    const errors = await watchPageErrors(page, site.url);
    await page.goto(site.url);
    await figuresShown(page);
    await provide(page);
    expect(errors.found, 'console errors, exceptions, policy violations, foreign requests').toEqual([]);
  },
});

/** Waits until the run plays and the risk engine has answered for the first position. */
export async function figuresShown(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('[data-figure="marginRatio"]').first()).toBeVisible({ timeout: 20_000 });
}

/** The row or card of a position, by its words: `BTCUSDT long`. */
export function positionRow(page: Page, words: string): Locator {
  const [symbol = '', side = ''] = words.split(' ');
  return page.locator('[data-position]').filter({ hasText: symbol }).filter({ hasText: side });
}

/** Opens the menu of a row and chooses from it. */
export async function chooseFromRow(page: Page, row: Locator, action: string): Promise<void> {
  await row.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** Chooses from the positions panel's File menu. */
export async function chooseFromFile(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'File', exact: true }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** Chooses from the File menu and hands over a file where the browser asks for one. */
export async function importFile(page: Page, name: string, text: string): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await chooseFromFile(page, 'Import CSV or JSON…');
  const chooser = await asked;
  await chooser.setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
}

/** A file that the page saved. */
interface SavedFile {
  readonly name: string;
  readonly text: string;
}

/** Chooses from the File menu and reads what was saved. */
export async function savedFile(page: Page, action: string): Promise<SavedFile> {
  const asked = page.waitForEvent('download');
  await chooseFromFile(page, action);
  return readDownload(await asked);
}

/** Name and text of a download. */
export async function readDownload(download: Download): Promise<SavedFile> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return { name: download.suggestedFilename(), text: Buffer.concat(chunks).toString('utf8') };
}

/** Stops the run, and waits until the figures of the table stand at the mark of the head line. */
export async function pausedDesk(page: Page): Promise<void> {
  await page.getByTestId('transport-play').click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const figures = (): Promise<string> =>
    page.locator('[data-testid="positions-table"], .lineup').allInnerTexts().then(String);
  // Marks come ten times a second and figures are read four times a second: two equal looks a second apart stand.
  await expect
    .poll(
      async () => {
        const before = await figures();
        await page.waitForTimeout(1_000);
        return before === (await figures());
      },
      { timeout: 20_000, intervals: [0] },
    )
    .toBe(true);
}

/** A worker of the page by the name in its address. */
export async function workerOf(page: Page, name: 'market' | 'risk' | 'lab' | 'span'): Promise<Worker> {
  for (const worker of page.workers()) {
    if ((await worker.evaluate(() => self.name).catch(() => '')) === name) return worker;
  }
  throw new Error(`no ${name} worker among ${page.workers().length}`);
}

/** Dies without an error event, as a worker does that the system ends. */
export async function vanish(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    setTimeout(() => self.close());
  });
}

/** Drops a file on the window. */
export async function drop(page: Page, name: string, buffer: Buffer): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ({ fileName, base64 }) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], fileName));
      return transfer;
    },
    { fileName: name, base64: buffer.toString('base64') },
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  await expect(page.getByText('Drop to open')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}
