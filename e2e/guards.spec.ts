/** A position decays in the simulated market: board, chart, alerts and timeline agree at every step, and the keyboard alone saves the other one. */
import type { Page } from '@playwright/test';
import { expect, figuresShown, importFile, test } from './page-test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const LADDER = ['HEALTHY', 'WARNING', 'DANGER', 'CRITICAL', 'LIQUIDATION'] as const;
type Status = (typeof LADDER)[number];

/** With this seed Bitcoin rises by half a per cent in its first twelve minutes. */
const SEED = 3;

function shortAccount(id: string, name: string, price: number, headroom: number) {
  // Maintenance is 0.4 % in the first bracket: so many times that is the ratio at this price.
  const crossWalletBalance = (price * 0.004 * headroom).toFixed(2);
  const position = {
    id: `${id}-btc`,
    symbol: 'BTCUSDT',
    side: 'short',
    size: '1',
    entryPrice: price.toFixed(1),
    marginMode: 'cross',
    leverage: 100,
  };
  return { id, name, currency: 'USDT', positionMode: 'one-way', crossWalletBalance, positions: [position] };
}

/** What the parts of the page say of one position at one moment, which must stand still. */
async function said(page: Page, position: string) {
  const row = page.locator(`[data-row="${position}"]`).first();
  const board = (await row.getAttribute('data-status')) as Status;
  const event = page
    .locator(`[data-testid="timeline"] [data-row="${position.replace(/-btc$/, '')}"]`)
    .first();
  const last = (await event.count()) === 0 ? '' : ((await event.textContent()) ?? '');
  const raised = await page.getByTestId('alerts-raised').locator('[data-alert]').allTextContents();
  const mustSee = (await page.getByTestId('must-see').allTextContents()).join(' ');
  return { board, last, raised: raised.join(' | '), mustSee };
}

async function onScreen(page: Page, screen: 'market' | 'guards'): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('link', { name: screen === 'market' ? 'Market' : 'Guards' })
    .press('Enter');
  await expect(page.getByTestId(screen === 'market' ? 'positions-table' : 'board')).toBeVisible();
}

/** Space plays and pauses on every screen, unless a control has the focus. */
async function playOrPause(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Space');
}

/** Stops the run; the figures of one that stands come to rest within a second. */
async function pause(page: Page): Promise<void> {
  await playOrPause(page);
  await page.waitForTimeout(1_000);
}

test('from HEALTHY to LIQUIDATION every part agrees, and one position is reduced in time by keyboard', async ({
  desk,
  site,
}) => {
  test.setTimeout(90_000);
  await desk.goto(`${site.url}#market&seed=${SEED}`);
  await desk.reload();
  await figuresShown(desk);
  await playOrPause(desk);
  await expect(desk.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const mark = Number(((await desk.getByTestId('mark-price').textContent()) ?? '').replaceAll(',', ''));
  const accounts = [
    shortAccount('left', 'Left alone', mark, 1.54),
    shortAccount('saved', 'Saved', mark, 1.52),
  ];
  await importFile(desk, 'shorts.json', JSON.stringify({ accounts }));
  await desk
    .getByRole('dialog')
    .getByRole('button', { name: /^(Add|Import)/ })
    .click();
  await desk.getByTestId('transport-speed').selectOption('20');
  await onScreen(desk, 'guards');
  await desk.getByRole('checkbox', { name: 'emergency' }).check();
  const row = (id: string) => desk.locator(`[data-row="${id}-btc"]`).first();
  await expect(row('left')).toHaveAttribute('data-status', 'HEALTHY');
  await test.step('its place in the deleveraging queue is an estimate and says so', async () => {
    const place = row('left').getByRole('button', { name: /estimated against the modelled crowd/ });
    await expect(place).toHaveText(/^\s*[\d,]+ of 4,001$/);
    await place.press('Enter');
    await expect(desk.getByTestId('adl-detail')).toContainText('Its turn comes when');
    await desk.keyboard.press('Escape');
    await expect(desk.getByTestId('adl-detail')).toBeHidden();
  });

  const seen: Status[] = ['HEALTHY'];
  let isSaved = false;
  await playOrPause(desk);
  while (seen.at(-1) !== 'LIQUIDATION') {
    const worst = seen.at(-1) as Status;
    // Play until the position stands on a lower rung than ever before, then stop and ask everyone.
    await expect
      .poll(async () => LADDER.indexOf((await row('left').getAttribute('data-status')) as Status), {
        timeout: 40_000,
        intervals: [40],
      })
      .toBeGreaterThan(LADDER.indexOf(worst));
    await pause(desk);
    const { board, last, raised, mustSee } = await said(desk, 'left-btc');
    if (LADDER.indexOf(board) > LADDER.indexOf(worst)) {
      seen.push(board);
      await test.step(`at ${board}`, async () => {
        // A fall is told at once and a rise only when it lasts: the timeline is never better than the board.
        expect(LADDER.findLastIndex((status) => last.includes(status))).toBeGreaterThanOrEqual(
          LADDER.indexOf(board),
        );
        const must = raised.includes('Left alone Margin ratio');
        expect(mustSee.includes('Left alone')).toBe(must);
        if (board === 'CRITICAL' || board === 'LIQUIDATION') expect(must).toBe(true);
        if (board === 'WARNING') expect(must).toBe(false);
        await onScreen(desk, 'market');
        await expect(
          desk.locator('[data-position]').filter({ hasText: 'BTCUSDT' }).filter({ hasText: board }).first(),
        ).toBeVisible();
        await expect(desk.locator('[data-line="left-btc/liquidation"]')).toHaveAttribute(
          'data-status',
          board,
        );
        await onScreen(desk, 'guards');
      });
    }
    if (!isSaved && LADDER.indexOf(board) >= LADDER.indexOf('DANGER')) {
      isSaved = true;
      await test.step('R, Enter: the other one stands at its target', async () => {
        expect(await row('saved').getAttribute('data-status')).not.toBe('LIQUIDATION');
        await desk.keyboard.press('r');
        await expect(desk.getByRole('dialog')).toContainText('with the');
        await desk.keyboard.press('Enter');
        await expect(row('saved')).toHaveAttribute('data-status', 'HEALTHY');
        await expect(row('saved')).toContainText('2.00');
      });
    }
    if (board !== 'LIQUIDATION') await playOrPause(desk);
  }
  expect(seen).toContain('DANGER');
  expect(isSaved).toBe(true);
  await expect(row('saved')).toHaveAttribute('data-status', /HEALTHY|WARNING/);
  await expect(desk.getByTestId('last-told')).toContainText('liquidation-reached raised, with sound');
  await test.step('a backtest over what was seen finds the liquidation', async () => {
    await desk.getByRole('tab', { name: 'Rules' }).press('Enter');
    await desk.getByRole('button', { name: 'Test over this run' }).press('Enter');
    await expect(desk.getByTestId('backtest')).toContainText('1 liquidations');
  });
  await test.step('two regimes: read steps lead from one requirement to the other; one account by keyboard', async () => {
    await desk.getByRole('tab', { name: 'Two regimes' }).press('Enter');
    const amounts = desk.getByTestId('regime-gap').locator('.regime-amount');
    const sumsUp = async (count: number): Promise<void> => {
      await expect(amounts).toHaveCount(count);
      const shown = (await amounts.allTextContents()).map((text) =>
        Number(text.replaceAll(',', '').replace('\u2212', '-')),
      );
      const last = shown.pop();
      expect(shown.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(last ?? Number.NaN, 6);
    };
    await sumsUp(6);
    await desk.getByRole('checkbox', { name: 'SPAN as one account' }).press('Space');
    await sumsUp(7);
    await desk.getByLabel('Scan range of BTC').fill('20');
    await expect(desk.getByTestId('regime-positions')).toContainText('assumed');
    await expect(desk.getByText('20.00\u202f% of the price: entered by hand')).toBeVisible();
  });
});
