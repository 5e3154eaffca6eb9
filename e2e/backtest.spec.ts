/** Alert rules tested over another market than the one in view: a recording, hours of the simulated one; by keyboard. */
import type { Page } from '@playwright/test';
import { noRecording, RECORDING } from './live-stack.ts';
import { expect, importFile, test } from './page-test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

/** Falls at 61,697: the recorded market stands at 61,800 in the beginning and comes there after two and a half minutes. */
const ACCOUNT = {
  id: 'thin',
  name: 'Thin',
  currency: 'USDT',
  positionMode: 'one-way',
  crossWalletBalance: '350',
  positions: [
    {
      id: 'thin-btc',
      symbol: 'BTCUSDT',
      side: 'long',
      size: '1',
      entryPrice: '61800',
      marginMode: 'cross',
      leverage: 125,
    },
  ],
};

async function openDialog(page: Page) {
  await page.getByRole('button', { name: 'Test over a recording…' }).press('Enter');
  return page.getByRole('dialog', { name: 'Test alert rules over a market' });
}

test('rules are held against a recording and a simulated market, the run in view goes on', async ({
  desk,
}) => {
  test.skip(noRecording !== false, String(noRecording));
  await importFile(desk, 'thin.json', JSON.stringify({ accounts: [ACCOUNT] }));
  await desk
    .getByRole('dialog')
    .getByRole('button', { name: /^(Add|Import)/ })
    .click();
  await desk.getByRole('link', { name: 'Guards' }).press('Enter');
  await desk.getByRole('tab', { name: 'Rules' }).press('Enter');
  const dialog = await openDialog(desk);

  await test.step('the recording: what would have fired when, and what it told of', async () => {
    await dialog.getByRole('radio', { name: 'A recording' }).press('Space');
    const asked = desk.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose a recording…' }).press('Enter');
    await (await asked).setFiles(RECORDING);
    await dialog.getByRole('button', { name: 'Test', exact: true }).press('Enter');
    await expect(dialog.getByTestId('backtest')).toContainText('usdm_btcusdt_20240808.gz');
    const rows = dialog.getByTestId('backtest').getByRole('row');
    await expect(rows.filter({ hasText: 'margin-ratio-critical' })).toContainText(/critical\d+23:5\d:/);
    await expect(dialog.getByTestId('backtest-liquidations').getByRole('listitem').first()).toContainText(
      /Thin: .*margin-ratio-critical .* before/,
    );
    await expect(dialog.getByTestId('backtest-fires')).toContainText('liquidation-reached');
    // The source in view is the one it was.
    await expect(desk.getByTestId('source-badge')).toHaveText('SIMULATED');
  });

  await test.step('hours of the simulated market: progress, and an end before the end', async () => {
    await dialog.getByRole('radio', { name: 'Simulated' }).press('Space');
    await dialog.getByLabel('Hours').fill('24');
    await dialog.getByLabel('Hours').press('Enter');
    await expect(dialog.getByRole('progressbar')).toBeVisible();
    await expect(dialog.getByText(/% the simulated market of seed/)).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel the test' }).press('Enter');
    await expect(dialog.getByRole('progressbar')).toHaveCount(0);
    await expect(dialog.getByRole('button', { name: 'Cancel the test' })).toBeFocused();
    await expect(dialog.getByTestId('backtest')).toHaveCount(0);
  });

  await test.step('a new rule is tested before it is added', async () => {
    await desk.keyboard.press('Escape');
    await desk.getByRole('form', { name: 'New alert rule' }).getByLabel('Threshold').fill('1.4');
    await openDialog(desk);
    await dialog.getByLabel('Rules').selectOption('draft');
    await dialog.getByRole('radio', { name: 'This run so far' }).press('Space');
    await dialog.getByRole('button', { name: 'Test', exact: true }).press('Enter');
    await expect(dialog.getByTestId('backtest').getByRole('row')).toHaveCount(2);
    await expect(dialog.getByTestId('backtest')).toContainText('margin-ratio-below-1.4');
    await desk.keyboard.press('Escape');
    await expect(desk.getByTestId('alert-rules')).not.toContainText('margin-ratio-below-1.4');
  });
});
