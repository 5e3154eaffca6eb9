/** The SPAN and Breakers screens as a committee meets them: files, positions, scenarios, a leg dropped, the pack on paper. */
import { AxeBuilder } from '@axe-core/playwright';
import { SpnReader } from '../engine/margin/span/files/spn-reader.ts';
import { SCENARIO_COUNT, SPAN_LABEL, type SpanParameterSet } from '../engine/margin/span/parameter-set.ts';
import { planSpan } from '../engine/margin/span/plan.ts';
import { runHash } from '../engine/margin/span/run-hash.ts';
import { type SpanReport, spanMargin } from '../engine/margin/span/span-margin.ts';
import type { SpanPosition } from '../engine/margin/span/span-portfolio.ts';
import { buildSet, commodity, deltaSpread, future, leg } from '../engine/testkit/span-sets.ts';
import { spnText } from '../engine/testkit/spn-text.ts';
import { watchPageErrors } from './page-errors.ts';
import { drop, expect, readDownload, test } from './page-test.ts';
import { pdfPages } from './pdf-text.ts';
import { chooseFile, grouped, numberIn, openSpan } from './span-page.ts';

const packed = (text: string): string => text.replace(/\s/g, '');

/** What Node makes of the same file and positions. */
function marginOf(set: SpanParameterSet, positions: readonly SpanPosition[]): SpanReport {
  const [chosen] = set.classes;
  const report = chosen === undefined ? null : spanMargin(planSpan(set, chosen, 'USD'), positions);
  if (report?.ok !== true) throw new Error('the set cannot margin its own contracts');
  return report.value;
}

/** Two commodities that offset each other at half, with a calendar charge, written as a .spn file. */
const FILE = Buffer.from(
  [
    ...spnText(
      buildSet(
        [
          commodity('AA', {
            calendarSpreads: [deltaSpread(1, 100, [leg(0, 'A'), leg(0, 'B')], { charge: 'flat' })],
          }),
          commodity('BB'),
        ],
        [
          future({ product: 'AA', commodity: 0, period: '202003', priceScan: 3_000 }),
          future({ product: 'AA', commodity: 0, period: '202006', priceScan: 2_700 }),
          future({ product: 'BB', commodity: 1, period: '202003', priceScan: 1_201 }),
        ],
        { inter: [deltaSpread(1, 0.5, [leg(0, 'A'), leg(1, 'B', 2)])] },
      ),
    ),
  ].join(''),
  'latin1',
);
const POSITIONS: readonly SpanPosition[] = [
  { contract: 'CME:AA:FUT:202003', lots: 10 },
  { contract: 'CME:AA:FUT:202006', lots: -4 },
  { contract: 'CME:BB:FUT:202003', lots: -7 },
];
const CSV = ['contract,lots', 'AAH20,10', 'AA 202006,-4', 'CME:BB:FUT:202003,-7', 'ZZH20,1'].join('\n');

function readInNode(): SpanParameterSet {
  const reader = new SpnReader('pack.spn');
  reader.push(FILE.toString('latin1'));
  const set = reader.end();
  if (!set.ok) throw new Error(set.failure.message);
  return set.value;
}

test('file, positions, 16 scenarios, a leg dropped, a broken file, the pack on paper', async ({
  page,
  site,
}) => {
  const errors = await watchPageErrors(page, site.url);
  const set = readInNode();
  const report = marginOf(set, POSITIONS);
  await openSpan(page, `${site.url}/#span`);
  await expect(page.getByText(SPAN_LABEL).first()).toBeVisible();

  await test.step('a parameter file and a file of positions', async () => {
    await chooseFile(page, 'Load file…', 'pack.spn', FILE);
    await expect(page.getByTestId('span-set')).toHaveText(set.hash);
    await expect(page.getByText('This portfolio cannot be margined under this set')).toBeVisible();
    await chooseFile(page, 'Import…', 'positions.csv', Buffer.from(CSV));
    await expect(page.getByLabel('Messages')).toContainText(
      'line 5: expected a contract of the set, found "ZZH20"',
    );
    await expect(page.getByTestId('span-requirement')).toHaveText(`${grouped(report.requirement)} USD`);
    await expect(page.getByTestId('span-run')).toHaveText(runHash(POSITIONS, report));
  });

  await test.step('every scenario: legs add up to what the set says', async () => {
    const legs = page.getByTestId('span-legs').locator('tbody tr');
    await page.getByRole('button', { name: /^Scenario 1:/ }).click();
    for (let s = 0; s < SCENARIO_COUNT; s++) {
      await expect(page.getByTestId('span-scenario')).toContainText(new RegExp(`^${s + 1}: `));
      const losses = report.commodities.map((c) => (c.losses[s] ?? 0) + 0);
      const results = await legs.locator('td:nth-child(5)').allInnerTexts();
      expect(results.map(numberIn).reduce((sum, x) => sum + x, 0)).toBe(
        0 - losses.reduce((sum, x) => sum + x, 0),
      );
      const row = page.getByTestId('span-matrix').locator('tbody tr').nth(s);
      const cells = await row.locator('button.span-cell').allInnerTexts();
      expect(cells.map(numberIn)).toEqual(losses);
      if (s < SCENARIO_COUNT - 1) await page.getByRole('button', { name: 'Next', exact: true }).click();
    }
    await expect(page.getByRole('button', { name: 'Next', exact: true })).toBeDisabled();
  });

  await test.step('a cell opens down to its place in the file', async () => {
    await page
      .getByTestId('span-matrix')
      .locator('tbody tr')
      .nth(12)
      .locator('button.span-cell')
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('.span-asked summary').first().click();
    await dialog.locator('.span-asked summary').first().click();
    await dialog.locator('.span-asked details summary').nth(1).click();
    await expect(dialog.locator('.span-asked')).toContainText(/character \d+, value 13/);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });

  await test.step('a leg dropped, and taken back', async () => {
    await page.getByRole('button', { name: 'Drop BB Mar 2020' }).click();
    const without = marginOf(set, POSITIONS.slice(0, 2));
    await expect(page.getByTestId('span-requirement')).toHaveText(`${grouped(without.requirement)} USD`);
    const total = page.getByTestId('span-compare').locator('.span-row-total td');
    await expect(total).toHaveText([
      grouped(report.requirement),
      grouped(without.requirement),
      new RegExp(`^\\+?${grouped(without.requirement - report.requirement)}$`),
    ]);
    await page.getByRole('button', { name: 'Take back' }).first().click();
    await expect(page.getByTestId('span-run')).toHaveText(runHash(POSITIONS, report));
  });

  await test.step('a broken file is named, and the set before stays', async () => {
    await drop(page, 'cut.spn', FILE.subarray(0, FILE.length / 2));
    await expect(page.locator('.span-note-trouble')).toContainText(/cut\.spn: character \d+.*expected/);
    await expect(page.getByTestId('span-run')).toHaveText(runHash(POSITIONS, report));
  });

  await test.step('the pack on A4 and Letter', async () => {
    const sizes = [
      ['a4', 595, 842],
      ['letter', 612, 792],
    ] as const;
    for (const [paper, width, height] of sizes) {
      await page.getByLabel('Paper', { exact: true }).selectOption(paper);
      const pages = pdfPages(await page.pdf({ preferCSSPageSize: true }));
      expect(pages.map(({ size }) => size.map(Math.round))).toEqual(pages.map(() => [width, height]));
      expect(pages).toHaveLength(6);
      for (const { text } of pages) {
        expect(text).toContain(packed(SPAN_LABEL));
        expect(text).toContain(runHash(POSITIONS, report));
      }
      const [cover, inputs, scenarios, waterfall, , signOff] = pages.map(({ text }) => text);
      expect(cover).toContain(`${grouped(report.requirement)}USD`);
      expect(inputs).toContain(`CME:AA:FUT:202006−4`);
      expect(inputs).toContain(set.hash);
      expect(scenarios).toContain('16:price−3,33%ofitcounts');
      for (const c of report.commodities) expect(scenarios).toContain(`▶${grouped(c.scanRisk)}`);
      expect(waterfall).toContain(`Requirement${grouped(report.requirement)}`);
      expect(signOff).toContain('RoleNameDateSignaturePreparedReviewedApproved');
    }
  });
  expect(errors.found).toEqual([]);
});

test('a printed run comes out again from its link and its file; a changed one says so', async ({
  page,
  site,
}) => {
  await openSpan(page, `${site.url}/#span`);
  const run = (await page.getByTestId('span-run').textContent()) ?? '';
  await expect.poll(() => page.url()).toContain(`run=${run}`);
  const link = page.url();
  const asked = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Case file' }).click();
  const { text } = await readDownload(await asked);

  await page.goto('about:blank');
  await openSpan(page, link);
  await expect(page.getByTestId('span-claim')).toHaveText(`✔ Run again: the same figures as run ${run}`);
  await page.getByRole('button', { name: /^Drop GC/ }).click();
  await expect(page.getByTestId('span-run')).not.toHaveText(run);
  await chooseFile(page, 'Import…', 'case.json', Buffer.from(text));
  await expect(page.getByTestId('span-claim')).toContainText(`✔ Run again: the same figures as run ${run}`);

  // Pasted into the page that is open.
  await openSpan(page, link.replace('ES:FUT:202006*20', 'ES:FUT:202006*21').replace('%2A20', '%2A21'));
  await expect(page.getByTestId('span-claim')).toContainText(`not ${run}`);
});

test('breakers: a supposed fall halts, time passes, the future in view is followed; nothing in the way of anyone', async ({
  page,
  site,
}) => {
  await page.goto(`${site.url}/#breakers`);
  const state = page.getByTestId('breaker-state-ES').last();
  await expect(state).toContainText('OPEN');
  await expect(page.getByText('No CME future is in view.')).toBeVisible();
  await page.getByTestId('breaker-move').fill('-0.07');
  await expect(state).toContainText('STOPPED');
  await expect(page.locator('[data-product="ES"]').last()).toContainText('market level 1');
  await page.getByTestId('breaker-later').fill('905');
  await expect(state).toContainText('OPEN');

  await page.getByRole('button', { name: 'ESZ6' }).click();
  await expect(page.getByTestId('breaker-in-view').locator('[data-product="ES"]')).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.getByTestId('breaker-in-view')).toContainText('SIMULATED');

  for (const screen of ['#breakers', '#span']) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, screen);
    if (screen === '#span') await expect(page.getByTestId('span-run')).toHaveText(/^[0-9a-f]{8}$/);
    for (const theme of ['dark', 'light']) {
      await page.evaluate((name) => {
        document.documentElement.dataset['theme'] = name;
      }, theme);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('.screen').analyze();
      expect(violations.map(({ id, nodes }) => `${screen} ${theme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  }
});
