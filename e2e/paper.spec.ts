/** Paper trading as a person does it: nothing goes by a click, an order rests in a real queue, a refusal names its rule, an auction can be watched. */
import type { Page } from '@playwright/test';
import { expect, pausedDesk, test } from './page-test.ts';

/** Heading and rows of the ladder in CSS pixels. */
const HEADING = 22;
const ROW = 21;

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const sentence = (page: Page) => page.getByTestId('ticket-sentence');
const answer = (page: Page) => page.getByTestId('ticket-answer');
const form = (page: Page) => page.getByRole('form', { name: 'Paper order' });
const numberIn = (text: string): number => Number(text.replaceAll(',', '').replace('\u2212', '-'));

/** Best prices of the book as painted, in ticks. */
async function touch(
  page: Page,
): Promise<{ readonly bid: number; readonly ask: number; readonly top: number }> {
  const seen = await page.evaluate(() => window.headroomBlackBox?.read(1)[0] ?? null);
  const bid = seen?.bids[0]?.ticks;
  const ask = seen?.asks[0]?.ticks;
  if (seen === null || bid === undefined || ask === undefined) throw new Error('no book was painted');
  return { bid, ask, top: seen.highestTicks };
}

/** Clicks a row of the ladder in the column of a side. */
async function clickRow(page: Page, row: number, side: 'buy' | 'sell'): Promise<void> {
  const grid = page.getByRole('grid', { name: 'Price ladder' });
  const width = (await grid.boundingBox())?.width ?? 0;
  await grid.click({ position: { x: side === 'buy' ? 60 : width - 40, y: HEADING + ROW * row + 10 } });
}

test('a price fills the ticket and sends nothing; post-only rests in its queue; a refusal names its rule; market fills', async ({
  desk,
}) => {
  await pausedDesk(desk);
  await desk.getByRole('tab', { name: /^Orders/ }).click();

  await test.step('a click fills the ticket and sends nothing', async () => {
    await desk.keyboard.press('o');
    await expect(form(desk).getByRole('textbox', { name: 'Price' })).toBeFocused();
    await form(desk).getByLabel('Size').fill('0.5');
    const { bid, top } = await touch(desk);
    await clickRow(desk, top - bid + 2, 'buy');
    const price = form(desk).getByRole('textbox', { name: 'Price' });
    await expect.poll(async () => numberIn(await price.inputValue())).toBeCloseTo((bid - 2) / 10, 6);
    await expect(sentence(desk)).toHaveText(/^Buy 0\.500 BTC limit \d\d,\d{3}\.\d, until cancelled$/);
    await clickRow(desk, top - bid + 2, 'sell');
    await expect(sentence(desk)).toHaveText(/^Sell /);
    await form(desk).getByLabel('Size').focus();
    const grid = desk.getByRole('grid', { name: 'Price ladder' });
    await desk.keyboard.press('Escape');
    await expect(grid).toBeFocused();
    await desk.keyboard.press('ArrowUp');
    await desk.keyboard.press('s');
    await expect(form(desk).getByLabel('Size')).toBeFocused();
    await expect(sentence(desk)).toHaveText(/^Sell 0\.500 BTC limit/);
    await clickRow(desk, top - bid + 2, 'buy');
    await expect(desk.locator('[data-order]')).toHaveCount(0);
    await expect(answer(desk)).toBeEmpty();
  });

  await test.step('a wrong price is said in words and not sent', async () => {
    const price = form(desk).getByRole('textbox', { name: 'Price' });
    const good = await price.inputValue();
    await price.fill(`${good}7`);
    await expect(form(desk)).toContainText('off tick: prices move by 0.1');
    await price.press('Enter');
    await expect(answer(desk)).toBeEmpty();
    await price.fill(good);
  });

  await test.step('a post-only order rests with its place in the queue', async () => {
    await form(desk).getByLabel('Time in force').selectOption('GTX');
    await expect(sentence(desk)).toHaveText(/post-only$/);
    await form(desk).getByLabel('Size').press('Enter');
    await expect(answer(desk)).toContainText('accepted');
    const row = desk.locator('[data-order]').first();
    await expect(row).toContainText('resting');
    await expect(row).toContainText(/(\d+\.\d{3} ahead|first in the queue), (none|\d+\.\d{3}) behind/);
    const words = (await row.textContent()) ?? '';
    await desk.getByRole('button', { name: 'Show as table' }).press('Enter');
    const book = desk.getByRole('region', { name: 'Book as a table' });
    await expect(book).toContainText(/0\.500, \d+\.\d{3} ahead, \d+\.\d{3} behind/);
    const ahead = /(\d+\.\d{3}) ahead/.exec(words)?.[1] ?? '0.000';
    await expect(book).toContainText(`0.500, ${ahead} ahead`);
    await desk.getByRole('button', { name: 'Show as table' }).press('Enter');
  });

  await test.step('a post-only order that would take is refused with rule and source', async () => {
    const { ask, top } = await touch(desk);
    await clickRow(desk, top - ask - 1, 'buy');
    await form(desk).getByLabel('Size').press('Enter');
    await expect(answer(desk)).toContainText(/rejected\. A post-only \(GTX\) order may not take\./);
    await expect(answer(desk)).toContainText(/Binance.*GTX.*order\/post-only-would-take/);
  });

  await test.step('its life ends there, and the inspector says so', async () => {
    await desk.getByRole('button', { name: 'Why: order 2' }).click();
    await expect(desk.getByRole('dialog', { name: 'Why: order 2' })).toContainText('rejected');
    await desk.keyboard.press('Escape');
  });

  await test.step('a resting order moves to another price', async () => {
    await desk.getByRole('button', { name: 'Amend order 1' }).click();
    const dialog = desk.getByRole('dialog', { name: 'Amend order 1' });
    const price = dialog.getByLabel('Price');
    await expect(price).toHaveValue(/^\d\d,\d{3}\.\d$/);
    const lower = (numberIn(await price.inputValue()) - 1).toFixed(1);
    await price.fill(lower);
    await price.press('Enter');
    await expect(dialog).toHaveCount(0);
    const row = desk.locator('[data-order="1"]');
    await expect.poll(async () => ((await row.textContent()) ?? '').replaceAll(',', '')).toContain(lower);
  });

  await test.step('a market order fills', async () => {
    await form(desk).getByLabel('Type').selectOption('market');
    await expect(sentence(desk)).toHaveText('Buy 0.500 BTC at market');
    await form(desk).getByRole('button', { name: 'Place paper buy order' }).click();
    const fills = desk.getByRole('region', { name: 'Fills' });
    await expect(fills).toContainText('taker');
    await expect(desk.getByTestId('paper-position')).toContainText('position +0.500 at');
  });

  await test.step('the guards judge as it is typed: too much cannot be sent, and the largest size that passes can be taken', async () => {
    const verdict = desk.getByTestId('ticket-verdict');
    const send = form(desk).getByRole('button', { name: 'Place paper buy order' });
    await form(desk).getByLabel('Size').fill('300');
    await expect(verdict).toContainText('REDUCE');
    await expect(verdict).toContainText('Leverage of the account');
    await expect(send).toBeDisabled();
    // The largest size that passes moves with the mark: what is taken now may be a little too much a moment later.
    await expect(async () => {
      const take = verdict.getByRole('button', { name: /^Take \d+\.\d{3}$/ });
      if (await take.isVisible()) await take.click();
      await expect(verdict).toContainText('ALLOW', { timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
    await expect(send).toBeEnabled();
    await form(desk).getByLabel('Size').fill('0.5');
  });

  await test.step('the inspector tells why', async () => {
    await desk.getByRole('button', { name: 'Why: order 1' }).click();
    const dialog = desk.getByRole('dialog', { name: 'Why: order 1' });
    await expect(dialog.getByTestId('story-verdict')).not.toBeEmpty();
    await expect(dialog).toContainText('rested');
    await expect(dialog.getByRole('button', { name: 'Copy as text' })).toBeVisible();
    await desk.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });

  await test.step('X cancels all, at once and aloud', async () => {
    await desk.getByRole('tab', { name: /^Orders/ }).focus();
    await desk.keyboard.press('x');
    await expect(desk.getByRole('region', { name: 'Messages' })).toContainText(/All paper orders cancelled/);
    await expect(desk.getByRole('button', { name: /^Cancel order/ })).toHaveCount(0);
  });
});

test('an interrupted market collects orders, shows its auction and opens again', async ({ desk, site }) => {
  await desk.goto(`${site.url}#market&instrument=cme-globex:ESZ6`);
  await expect(desk.getByTestId('state-strip')).toContainText('OPEN');
  await desk.getByRole('tab', { name: /^Orders/ }).click();
  await expect(desk.getByTestId('statement')).toHaveText(
    /^Settlement \d,\d{3}\.\d\d · next 2026-05-04 20:00:00$/,
  );
  await desk.getByRole('tab', { name: 'Market state' }).click();
  await desk.getByRole('button', { name: /^Interrupt for 30 s/ }).click();
  await expect(desk.getByTestId('state-strip')).toContainText('PRE-OPEN');
  await expect(desk.getByTestId('state-strip')).toContainText(/ends in 00:00:[0-3]\d/);
  await expect(desk.getByTestId('auction-price')).toHaveText(/^\d,\d{3}\.\d\d$|^None/);
  await expect(desk.getByTestId('auction')).toContainText('Decided by');
  await desk.getByTestId('auction').getByRole('button', { name: 'Show as table' }).click();
  await expect(desk.getByRole('region', { name: 'Auction as a table' })).toContainText('Would trade');
  await desk.getByTestId('transport-speed').selectOption('10');
  await expect(desk.getByTestId('state-strip')).toContainText('OPEN', { timeout: 20_000 });
  await expect(desk.getByTestId('state-strip')).not.toContainText('PRE-OPEN', { timeout: 20_000 });
  await expect(desk.getByTestId('auction')).toHaveCount(0);
  await expect(desk.getByRole('list', { name: 'States, newest first' })).toContainText('PRE-OPEN');
});

test('on a phone the ticket is a page of its own, and nothing runs sideways', async ({ desk }) => {
  await desk.setViewportSize({ width: 390, height: 844 });
  await desk.getByRole('tab', { name: 'Book' }).click();
  await desk.getByRole('button', { name: 'ticket', exact: true }).click();
  await clickRow(desk, 2, 'sell');
  await expect(desk.getByRole('tab', { name: 'Trade' })).toHaveAttribute('aria-selected', 'true');
  await expect(sentence(desk)).toHaveText(/^Sell \? BTC limit \d\d,\d{3}\.\d/);
  expect(await desk.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
});
