/** Much at once on the SPAN screen: books of portfolios, large parameter files, and a worker that is lost. */

import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Result } from '../engine/core/result.ts';
import { Rng } from '../engine/core/rng.ts';
import { BatchHash, batchSums } from '../engine/margin/span/book/batch-summary.ts';
import { ExampleBook } from '../engine/margin/span/book/example-book.ts';
import { SpanBatch } from '../engine/margin/span/book/span-batch.ts';
import { builtInSet } from '../engine/margin/span/files/built-in-set.ts';
import { parseAssumedSpreads, parseOutrightMargins } from '../engine/margin/span/files/outright-margins.ts';
import { planSpan, type SpanPlan } from '../engine/margin/span/plan.ts';
import { runHash } from '../engine/margin/span/run-hash.ts';
import { spanMargin } from '../engine/margin/span/span-margin.ts';
import { randomSet } from '../engine/testkit/span-sets.ts';
import { spnText } from '../engine/testkit/spn-text.ts';
import { watchPageErrors } from './page-errors.ts';
import { DIST, expect, readDownload, test, workerOf } from './page-test.ts';
import { chooseFile, grouped, numberIn, openSpan } from './span-page.ts';

function answered<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** The plan of the built-in set of a day (the page's first is the default), made in Node from the same tables. */
function planOf(date = '2020-03-13'): SpanPlan {
  const table = (name: string): string => readFileSync(join(DIST, 'span', `${name}.txt`), 'utf8');
  const margins = answered(parseOutrightMargins(table('outright-margins')));
  const spreads = answered(parseAssumedSpreads(table('assumed-spreads')));
  const set = answered(builtInSet(margins, date, spreads));
  const [chosen] = set.classes;
  if (chosen === undefined) throw new Error('no class');
  return planSpan(set, chosen, 'USD');
}

const EXAMPLES = 100_000;

/** What Node makes of the example book. */
function exampleInNode(plan: SpanPlan): { readonly hash: string; readonly requirement: number } {
  const example = new ExampleBook(plan, 1);
  example.draw(EXAMPLES);
  const book = example.build();
  const batch = new SpanBatch(plan, book);
  batch.run(0, EXAMPLES);
  const hash = new BatchHash(plan, book, batch);
  hash.add(0, EXAMPLES);
  return { hash: hash.digits(), requirement: batchSums(batch).requirement };
}

async function crash(page: Page): Promise<void> {
  const worker = await workerOf(page, 'span');
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('crashed by a test');
    });
  });
}

const running = (page: Page) => page.getByTestId('book-running');
const portfolios = (page: Page) => page.getByTestId('book-table').locator('tbody tr');

test('a book: watched, cancelled, margined whole, one of it opened; then one from a file', async ({
  page,
  site,
}) => {
  const errors = await watchPageErrors(page, site.url);
  await openSpan(page, `${site.url}/#span`);
  const plan = planOf();

  await test.step('a million are watched, and given up by Escape', async () => {
    await page.getByRole('tab', { name: 'Before → after' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByLabel('Size of the example book').selectOption('1000000');
    await page.getByRole('button', { name: 'Try 1,000,000 example portfolios' }).click();
    const seen = new Set<number>();
    await expect
      .poll(
        async () => {
          const bar = running(page).getByRole('progressbar', { name: /(Making up|Margining) the book/ });
          seen.add(Number(await bar.getAttribute('value', { timeout: 50 }).catch(() => Number.NaN)));
          return [...seen].filter((share) => share > 0 && share < 1).length;
        },
        { intervals: [30] },
      )
      .toBeGreaterThan(1);
    await expect(running(page)).toContainText(/\d+,000 portfolios\/s · [12] workers?/);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('book-attempt')).toContainText('Cancelled: nothing of it was kept.', {
      timeout: 2_000,
    });
  });

  await test.step('a hundred thousand come to what Node makes of them', async () => {
    await page.getByLabel('Size of the example book').selectOption(String(EXAMPLES));
    await page.getByRole('button', { name: 'Try 100,000 example portfolios' }).click();
    await expect(page.getByTestId('book-hash')).toHaveText(/^[0-9a-f]{8}$/);
    const expected = exampleInNode(plan);
    await expect(page.getByTestId('book-hash')).toHaveText(expected.hash);
    await expect(page.getByTestId('book-sum')).toContainText(`EXAMPLE${grouped(expected.requirement)} USD`);
    await expect(page.getByTestId('book-facts')).toContainText(/[12] workers? · \d+,000 portfolios\/s/);
    expect(page.workers()).toHaveLength(3);
    console.log(`100,000 portfolios: ${await page.getByTestId('book-facts').textContent()}`);
  });

  await test.step('one is found, and opens as the case with the figure of its row', async () => {
    await expect(portfolios(page)).toHaveCount(100);
    await page.getByRole('button', { name: 'Next portfolios' }).click();
    await expect(page.getByText('101 to 200 of 100,000')).toBeVisible();
    await page.getByLabel('Find portfolios by name').fill('example-00421');
    await expect(portfolios(page)).toHaveCount(10);
    const row = portfolios(page).nth(3);
    const requirement = numberIn((await row.locator('td').first().textContent()) ?? '');
    const name = await row.getByRole('button').textContent();
    await row.getByRole('button').press('Enter');
    await expect(page.getByTestId('span-requirement')).toHaveText(`${grouped(requirement)} USD`);
    await expect(page.getByLabel('Title of the pack')).toHaveValue(`Margin requirement of ${name}`);
    await expect(row).toHaveAttribute('aria-current', 'true');
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('.panel-compare').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  await test.step('a file: bad rows are named, their portfolios refused, the rest is margined and saved', async () => {
    const rows = ['A,ESM20,3', 'A,NQ 202006,-2', 'B,ESM20,1', 'B,ZZM20,1', 'C,GC 202006,1.5', 'D,ESM20,-1'];
    await chooseFile(
      page,
      'Load book…',
      'clients.csv',
      Buffer.from(`portfolio,contract,lots\n${rows.join('\n')}`),
    );
    await expect(page.getByTestId('book-sum')).toContainText('for 2 portfolios, each on its own');
    const refusals = page.getByTestId('book-refusals');
    await expect(refusals).toContainText('2 portfolios refused');
    await refusals.locator('summary').click();
    await expect(refusals).toContainText('line 5: expected a contract of the set, found "ZZM20"');
    const of = (on: SpanPlan, ...positions: readonly (readonly [string, number])[]): number =>
      answered(
        spanMargin(
          on,
          positions.map(([contract, lots]) => ({ contract, lots })),
        ),
      ).requirement;
    const a = of(plan, ['CME:ES:FUT:202006', 3], ['CME:NQ:FUT:202006', -2]);
    const d = of(plan, ['CME:ES:FUT:202006', -1]);
    await expect(portfolios(page).locator('td:nth-child(2)')).toHaveText([
      grouped(a),
      grouped(d),
      /refused: line 5/,
      /refused: line 6: expected whole contracts/,
    ]);
    const asked = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Book CSV' }).click();
    const { text } = await readDownload(await asked);
    const lines = text.trim().split('\r\n');
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 3).join())).toEqual([
      `A,2,${a}`,
      'B,1,',
      'C,0,',
      `D,1,${d}`,
    ]);

    await page.getByLabel('Built-in day').fill('2020-03-18');
    await page.getByRole('button', { name: 'Margin it under the set in force' }).click();
    const later = planOf('2020-03-18');
    const after =
      of(later, ['CME:ES:FUT:202006', 3], ['CME:NQ:FUT:202006', -2]) + of(later, ['CME:ES:FUT:202006', -1]);
    await expect(page.getByTestId('book-sum')).toContainText(`${grouped(after)} USD`);
    await expect(page.getByTestId('book-before')).toContainText(
      `Before: ${grouped(a + d)} USD under Built-in 2020-03-13`,
    );
    await expect(page.getByTestId('book-before')).toContainText(`+${grouped(after - a - d)}`);
  });
  expect(errors.found).toEqual([]);
});

test('a lost SPAN worker: said at once, started again, its set opened anew, the same run', async ({
  page,
  site,
}) => {
  await openSpan(page, `${site.url}/#span`);
  const plan = planOf();
  const set = randomSet(new Rng(7));
  await chooseFile(page, 'Load file…', 'own.spn', Buffer.from([...spnText(set)].join(''), 'latin1'));
  await expect(page.getByTestId('span-set')).not.toHaveText(plan.set.hash);
  const ownHash = (await page.getByTestId('span-set').textContent()) ?? '';
  await page.getByRole('combobox', { name: 'Set', exact: true }).selectOption({ index: 0 });
  await expect(page.getByTestId('span-set')).toHaveText(plan.set.hash);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('Contract to add').fill('CME:ES:FUT:202006');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByTestId('span-requirement')).toHaveText('9,000 USD');
  const run = (await page.getByTestId('span-run').textContent()) ?? '';

  await crash(page);
  await expect(page.getByRole('alert')).toContainText('The SPAN worker stopped', { timeout: 3_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);

  // Never asked before: only the new worker, with its set open, can answer.
  const lots = page.getByLabel('Contracts of ES Jun 2020');
  await lots.fill('7');
  await lots.press('Enter');
  await expect(page.getByTestId('span-requirement')).toHaveText('63,000 USD');
  const positions = [{ contract: 'CME:ES:FUT:202006', lots: 7 }];
  const seven = runHash(positions, answered(spanMargin(plan, positions)));
  await expect(page.getByTestId('span-run')).toHaveText(seven);
  await page.getByRole('button', { name: 'Take back' }).first().click();
  await expect(page.getByTestId('span-run')).toHaveText(run);
  // The file is read again from what the page kept of it.
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('combobox', { name: 'Set', exact: true }).selectOption({ index: 1 });
  await expect(page.getByTestId('span-set')).toHaveText(ownHash);
  await expect(page.getByTestId('span-requirement')).toHaveText('0 USD');

  await page.getByRole('tab', { name: 'Book' }).click();
  await page.getByLabel('Size of the example book').selectOption('1000000');
  await page.getByRole('button', { name: 'Try 1,000,000 example portfolios' }).click();
  await expect(running(page)).toBeVisible();
  await crash(page);
  await expect(page.getByTestId('book-attempt')).toContainText('the span worker was lost');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('book-done')).toHaveText(/^[1-9][\d,]* of 1,000,000 portfolios$/);
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await expect(page.getByTestId('book-attempt')).toContainText('Cancelled');
});

/** Megabytes of the file, about. */
const LARGE_MB = 60;

test('a large parameter file: progress, cancel, a page that answers meanwhile; a wrong file keeps the set', async ({
  page,
  site,
}, info) => {
  const path = info.outputPath('large.spn');
  const set = randomSet(new Rng(41));
  const lengthOf = (copies: number): number =>
    [...spnText(set, copies)].reduce((sum, piece) => sum + piece.length, 0);
  const copies = Math.round((LARGE_MB * 1e6) / ((lengthOf(60) - lengthOf(20)) / 40));
  const file = createWriteStream(path, 'latin1');
  let rest = '';
  for (const piece of spnText(set, copies)) {
    rest += piece;
    if (rest.length < 1_000_000) continue;
    if (!file.write(rest)) await once(file, 'drain');
    rest = '';
  }
  await new Promise<void>((resolve) => {
    file.end(rest, () => resolve());
  });

  await openSpan(page, `${site.url}/#span`);
  const before = (await page.getByTestId('span-set').textContent()) ?? '';
  const reading = page.getByRole('progressbar', { name: 'Reading' });
  const share = async (): Promise<number> =>
    Number((await reading.getAttribute('value', { timeout: 100 }).catch(() => null)) ?? Number.NaN);

  await chooseFile(page, 'Load file…', 'large.spn', path);
  await expect.poll(share, { intervals: [50] }).toBeGreaterThan(0);
  await page.locator('.span-reading').getByRole('button', { name: 'Cancel' }).click();
  await expect(reading).toHaveCount(0, { timeout: 2_000 });
  await expect(page.getByTestId('span-set')).toHaveText(before);

  await page.evaluate(() => {
    const seen = { worstMs: 0, lastMs: performance.now() };
    Object.assign(window, { frames: seen });
    const look = (): void => {
      const now = performance.now();
      seen.worstMs = Math.max(seen.worstMs, now - seen.lastMs);
      seen.lastMs = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const begunMs = performance.now();
  await chooseFile(page, 'Load file…', 'large.spn', path);
  const seen = new Set<number>();
  await expect
    .poll(
      async () => {
        seen.add(await share());
        return [...seen].filter((part) => part > 0 && part < 1).length;
      },
      { intervals: [50] },
    )
    .toBeGreaterThan(2);
  await page.getByRole('button', { name: /^Scenario 1:/ }).click();
  await expect(page.getByTestId('span-scenario')).toContainText(/^1: /);
  await expect(page.getByTestId('span-set')).not.toHaveText(before, { timeout: 30_000 });
  const worstMs = await page.evaluate(
    () => (window as unknown as { frames: { worstMs: number } }).frames.worstMs,
  );
  console.log(
    `${LARGE_MB} MB: in force after ${((performance.now() - begunMs) / 1_000).toFixed(1)} s, ${seen.size} steps of progress seen, longest frame ${worstMs.toFixed(0)} ms`,
  );
  expect(worstMs).toBeLessThan(1_000);

  const large = (await page.getByTestId('span-set').textContent()) ?? '';
  await chooseFile(page, 'Load file…', 'wrong.spn', Buffer.from('<spanFile><wrong>'));
  await expect(page.locator('.span-note-trouble')).toContainText('wrong.spn: character');
  await expect(page.getByTestId('span-set')).toHaveText(large);
});
