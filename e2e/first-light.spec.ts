/** From the README's first command to a moving book: the default market, on a fresh page, without a network. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type {} from '../app/charts/black-box.ts';
import { watchPageErrors } from './page-errors.ts';

const root = join(import.meta.dirname, '..');

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

/** Starts the product as a person does; resolves with the address it prints. */
function start(port: number): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['start.mjs', '--port', String(port)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /http:\/\/\S+?:\d+/.exec(output)?.[0];
      if (url !== undefined) resolve({ child, url });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`exit ${code}: ${output}`)));
  });
}

let product: { readonly child: ChildProcess; readonly url: string };

test.beforeAll(async () => {
  test.setTimeout(180_000);
  product = await start(await freePort());
});

test.afterAll(async () => {
  const ended = new Promise<number | null>((resolve) => product.child.once('exit', resolve));
  product.child.kill('SIGINT');
  expect(await ended, 'Ctrl-C ends the product cleanly').toBe(0);
});

test('a moving book within three seconds, isolated, with no error and no violation', async ({ page }) => {
  const errors = await watchPageErrors(page, product.url);
  const openedAtMs = Date.now();
  await page.goto(product.url);
  await page.waitForFunction(() => {
    const records = window.headroomBlackBox?.read(50) ?? [];
    const live = records.filter(
      (record) => record.shownAsLive && record.bids.length > 0 && record.asks.length > 0,
    );
    return new Set(live.map((record) => record.updateId)).size >= 2;
  });
  const seconds = (Date.now() - openedAtMs) / 1_000;
  expect(seconds).toBeLessThan(3);
  await expect(page.getByTestId('source-badge')).toContainText('SIMULATED');
  await expect(page.getByTestId('trust-state')).toContainText('LIVE');
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  await page.waitForTimeout(2_000);
  expect(errors.found).toEqual([]);
});

test('a second start on the same port says so and leaves', async () => {
  const port = new URL(product.url).port;
  const child = spawn(process.execPath, ['start.mjs', '--port', port], { cwd: root });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(code).toBe(1);
  expect(output).toContain(port);
  expect(output).toMatch(/in use|taken/i);
  expect(output).not.toMatch(/at .+\.mjs:\d+/);
});
