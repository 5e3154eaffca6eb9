/** Tail risk on the Guards screen: no number before there are returns, a file brings them, and the figures are those of its days. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './page-test.ts';

/** The simulated run begins on this day. */
const TODAY = Date.UTC(2026, 4, 4);
const DAY_MS = 86_400_000;

/** Both coins rise and fall together by ±1 … ±100 hundredths of a per cent: profit is a multiple of it, whatever is held. */
function closesFile(): string {
  const rows = ['date,BTCUSDT,ETHUSDT', '2026-02-31,1,1'];
  let level = 1;
  for (let day = -200; day <= 0; day++) {
    rows.push(
      `${new Date(TODAY + day * DAY_MS).toISOString().slice(0, 10)},${60_000 * level},${3_000 * level}`,
    );
    // 201 closes, 200 returns: each size once up and once down, in an order that repeats no earlier one.
    const k = ((day + 200) * 37) % 200;
    level *= 1 + (k < 100 ? k + 1 : 99 - k) / 10_000;
  }
  return rows.join('\n');
}

async function figures(page: Page): Promise<readonly number[]> {
  const texts = await page.getByTestId('tail-totals').locator('strong').allTextContents();
  return texts.map((text) => Number(text.replaceAll(',', '')));
}

test('tail risk waits for returns, takes a file of closes, and agrees with its sorted days', async ({
  desk,
}) => {
  await desk.getByTestId('transport-play').click();
  await desk
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('link', { name: 'Guards' })
    .press('Enter');
  await desk.getByRole('tab', { name: 'Tail risk' }).press('Enter');
  const tail = desk.getByTestId('tail-risk');
  await expect(tail).toContainText(/Not known yet \(\d+ of 30 returns\)/);
  await expect(desk.getByTestId('tail-totals')).toHaveCount(0);

  const chosen = desk.waitForEvent('filechooser');
  await desk.getByRole('button', { name: 'Load closes (CSV)' }).press('Enter');
  await (await chosen).setFiles({
    name: 'closes.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(closesFile()),
  });
  await expect(tail).toContainText('closes.csv: 1 problem');
  await expect(tail).toContainText('from daily returns');
  await expect(tail.locator('[data-origin="file"]')).toContainText('200 daily returns');

  // The worst 1 % of 200 days are two: 1.00 and 0.99 %. The worst 5 % are ten, down to 0.91 %.
  const [var99 = 0, es99 = 0] = await figures(desk);
  expect(es99 / var99).toBeCloseTo(0.995 / 0.99, 3);
  await desk.getByRole('radio', { name: '95 %' }).check();
  await expect.poll(async () => (await figures(desk))[0]).not.toBe(var99);
  const [var95 = 0, es95 = 0] = await figures(desk);
  expect(var95 / var99).toBeCloseTo(0.91 / 0.99, 3);
  expect(es95 / var95).toBeCloseTo(0.955 / 0.91, 3);
  await expect(desk.getByTestId('tail-backtest')).toContainText('historical');
  await expect(desk.getByTestId('tail-correlation')).toContainText('1.00');
  await expect(desk.getByTestId('tail-guarded')).toContainText('The guards are told');
  await expect(desk.getByTestId('tail-stress')).toContainText(/ETHUSDT −(9\.9|10\.0)/);

  const axe = new AxeBuilder({ page: desk }).setLegacyMode().include('.panel-portfolio');
  expect((await axe.analyze()).violations.map(({ id }) => id)).toEqual([]);

  await tail.locator('[data-origin="run"] input').check();
  await expect(tail).toContainText(/Not known yet \(\d+ of 30 returns\)/);
  await expect(desk.getByTestId('tail-totals')).toHaveCount(0);
});
