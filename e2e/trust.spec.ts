/** What stands or cannot be kept says so: a paused run, a recording at its end, a browser without room. */

import type { Page } from '@playwright/test';
import { Rng } from '../engine/core/rng.ts';
import { SmallVenue } from '../engine/testkit/small-venue.ts';
import { chooseFromRow, drop, expect, figuresShown, positionRow, test } from './page-test.ts';

const trust = (page: Page) => page.getByTestId('trust-state');

/** Ten seconds of a small market. */
function recording(): string {
  const venue = new SmallVenue(new Rng(9));
  const lines: string[] = [];
  for (let ms = 0; ms < 10_000; ms += 100) {
    const at = 1_700_000_000_000 + ms;
    lines.push(`${at}000000 {"stream":"btcusdt@depth@100ms","data":${venue.nextDiff(at).json}}`);
    if (ms === 0) lines.push(`${at}000001 ${venue.restBook(at, 0)}`);
  }
  return lines.join('\n');
}

test('a run that stands is never called live: paused, and at its end', async ({ desk }) => {
  await expect(trust(desk)).toHaveText('LIVE');
  await desk.getByTestId('transport-play').click();
  await expect(trust(desk)).toHaveText('PAUSED');
  await expect(desk.getByRole('button', { name: /^Data trust: PAUSED/ })).toBeVisible();
  await desk.getByTestId('transport-play').click();
  await expect(trust(desk)).toHaveText('LIVE');
  await drop(desk, 'small.jsonl', Buffer.from(recording()));
  await expect(desk.getByTestId('source-badge')).toHaveText('REPLAY');
  await expect(trust(desk)).toHaveText('LIVE');
  await expect(trust(desk)).toHaveText('ENDED', { timeout: 20_000 });
});

test('a change that cannot be stored says so, is tried again, and is kept in the end', async ({ desk }) => {
  await desk.evaluate(() => {
    const scope = globalThis as unknown as { full: boolean };
    scope.full = true;
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...rest: Parameters<typeof put>) {
      if (scope.full) throw new DOMException('no room', 'QuotaExceededError');
      return put.apply(this, rest);
    };
  });
  await chooseFromRow(desk, positionRow(desk, 'ETHUSDT short'), 'Remove');
  const rows = desk.locator('[data-position]');
  await expect(rows).toHaveCount(3);
  await expect(desk.getByLabel('Messages').locator('.notice-trouble')).toContainText(
    'the browser has no room left for this site',
  );
  await expect(desk.getByText('not kept')).toBeVisible();
  await desk.evaluate(() => {
    (globalThis as unknown as { full: boolean }).full = false;
  });
  await expect(desk.getByText('not kept')).toHaveCount(0);
  await desk.reload();
  await figuresShown(desk);
  await expect(rows).toHaveCount(3);
});
