/** Margin on screen: equal to a calculation by hand, explained to its source, the same number wherever it is shown. */

import type { Locator, Page } from '@playwright/test';
import { type Figures, figuresOf, type Held, NEWEST_TABLE } from './margin-oracle.ts';
import { chooseFromRow, expect, importFile, pausedDesk, positionRow, test } from './page-test.ts';

const CSV = [
  'account,symbol,side,size,entryPrice,marginMode,leverage,isolatedWallet,crossWalletBalance,positionMode',
  'Alone,BTCUSDT,long,8,61000.5,isolated,20,24500.25,0,one-way',
  'Alone,ETHUSDT,short,1200.5,2600.25,isolated,10,312000,0,one-way',
  'Covered,BTCUSDT,long,0.1,60000,isolated,1,100000,0,one-way',
  'Shared,BTCUSDT,long,30,61500,cross,25,,60000,one-way',
  'Shared,ETHUSDT,short,400,2650.75,cross,25,,60000,one-way',
  'Both,BTCUSDT,long,5,61800,cross,25,,9000,hedge',
  'Both,BTCUSDT,short,3,62100,cross,25,,9000,hedge',
].join('\n');

/** Number in a text that is grouped by commas and signed by a true minus. */
const numberIn = (text: string): number => Number(text.replace(/[^\d.−-]/g, '').replace('−', '-'));

const textOf = async (place: Locator): Promise<string> => (await place.textContent()) ?? '';

async function figure(row: Locator, name: string): Promise<string> {
  const text = await row.locator(`[data-figure="${name}"]`).evaluate((button) => {
    const copy = button.cloneNode(true) as HTMLElement;
    for (const hidden of copy.querySelectorAll('.visually-hidden')) hidden.remove();
    return copy.textContent ?? '';
  });
  return text.trim();
}

/** Takes the file in place of everything, and stops the run when its figures stand. */
async function pausedPortfolio(page: Page): Promise<void> {
  await importFile(page, 'margin.csv', CSV);
  await page.getByRole('button', { name: 'Replace everything' }).click();
  await expect(page.locator('[data-position]')).toHaveCount(7);
  await pausedDesk(page);
}

/** The mark of a row in full, as its explanation states it. */
async function fullMark(page: Page, row: Locator): Promise<number> {
  await row.locator('[data-figure="unrealisedPnl"]').click();
  const line = page.getByRole('dialog').locator('.term-line', { hasText: 'mark price' });
  const mark = numberIn(await textOf(line.locator('.term-value')));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  return mark;
}

test('figures equal a calculation by hand from the bracket file', async ({ desk }) => {
  await pausedPortfolio(desk);
  await expect(desk.locator('.panel-positions .panel-head')).toContainText(NEWEST_TABLE);
  const rows = desk.locator('[data-position]');
  const btc = await fullMark(desk, rows.nth(0));
  const eth = await fullMark(desk, rows.nth(1));
  expect(numberIn(await textOf(desk.getByTestId('mark-price')))).toBeCloseTo(btc, 2);
  const held = (symbol: string, side: 1 | -1, size: number, entry: number): Held => ({
    symbol,
    side,
    size,
    entry,
    mark: symbol === 'BTCUSDT' ? btc : eth,
  });
  const expected: readonly Figures[] = [
    ...figuresOf(24_500.25, [held('BTCUSDT', 1, 8, 61_000.5)]),
    ...figuresOf(312_000, [held('ETHUSDT', -1, 1_200.5, 2_600.25)]),
    ...figuresOf(100_000, [held('BTCUSDT', 1, 0.1, 60_000)]),
    ...figuresOf(60_000, [held('BTCUSDT', 1, 30, 61_500), held('ETHUSDT', -1, 400, 2_650.75)]),
    ...figuresOf(9_000, [held('BTCUSDT', 1, 5, 61_800), held('BTCUSDT', -1, 3, 62_100)]),
  ];
  for (const [at, wanted] of expected.entries()) {
    const row = rows.nth(at);
    const decimals = (await textOf(row)).startsWith('ETH') ? 2 : 1;
    const what = await textOf(row.locator('th'));
    expect(numberIn(await figure(row, 'unrealisedPnl')), what).toBeCloseTo(wanted.pnl, 1.99);
    expect(numberIn(await figure(row, 'maintenanceMargin')), what).toBeCloseTo(wanted.maintenance, 1.99);
    const ratio = wanted.ratio >= 100 ? '100+' : (Math.floor(wanted.ratio * 100) / 100).toFixed(2);
    expect(await figure(row, 'marginRatio'), what).toBe(ratio);
    const liquidation = await figure(row, 'liquidationPrice');
    const distance = await figure(row, 'distance');
    if (wanted.liquidation === null) {
      expect([liquidation, distance], what).toEqual(['None', 'None']);
      continue;
    }
    const half = 0.5 / 10 ** decimals + 1e-6;
    expect(Math.abs(numberIn(liquidation) - wanted.liquidation), what).toBeLessThan(half);
    const { mark } = held(what.slice(0, 7), 1, 0, 0);
    expect(numberIn(distance), what).toBeCloseTo((wanted.liquidation / mark - 1) * 100, 0.99);
  }
  await test.step('status is a word, a shape and a colour', async () => {
    for (const row of await rows.all()) {
      const ratio = numberIn(await figure(row, 'marginRatio'));
      const word = [
        ['LIQUIDATION', 1],
        ['CRITICAL', 1.05],
        ['DANGER', 1.2],
        ['WARNING', 1.5],
        ['HEALTHY', Number.POSITIVE_INFINITY],
      ].find(([, below]) => ratio < Number(below))?.[0];
      const mark = row.locator('.status-mark');
      await expect(mark).toHaveText(String(word));
      await expect(mark.locator('svg')).toBeVisible();
    }
  });
});

test('every figure explains itself by keyboard, down to the bracket row, and can be copied', async ({
  desk,
}) => {
  await desk.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await desk.getByRole('button', { name: 'Columns', exact: true }).click();
  for (const column of ['Notional', 'Initial margin'])
    await desk.getByRole('menuitemcheckbox', { name: column }).click();
  await desk.keyboard.press('Escape');
  await pausedDesk(desk);
  const explanation = desk.getByRole('dialog', { name: 'How this figure comes about' });
  const ask = async (row: Locator, name: string): Promise<string> => {
    const button = row.locator(`[data-figure="${name}"]`);
    const shown = await figure(row, name);
    await button.focus();
    await desk.keyboard.press('Enter');
    await expect(explanation.locator('.term-formula').first()).toHaveText(/^= .+/);
    const root = await textOf(explanation.locator('.term-root > .term-line .term-value'));
    const cut = name.toLowerCase().includes('ratio') ? 0.01 : name === 'distance' ? 0.05 : 0.005;
    expect(Math.abs(Math.abs(numberIn(root)) - Math.abs(numberIn(shown))), name).toBeLessThan(
      cut + (name === 'liquidationPrice' ? 0.05 : 1e-9),
    );
    const text = await textOf(explanation);
    await desk.keyboard.press('Escape');
    await expect(explanation).toHaveCount(0);
    await expect(button, 'focus goes back').toBeFocused();
    return text;
  };
  const row = positionRow(desk, 'ETHUSDT long');
  const rowOfTable = `bracket table ${NEWEST_TABLE}, ETHUSDT bracket`;
  const position = [
    'notional',
    'unrealisedPnl',
    'initialMargin',
    'maintenanceMargin',
    'marginRatio',
    'liquidationPrice',
    'distance',
  ];
  for (const name of position) {
    const text = await ask(row, name);
    if (name !== 'notional' && name !== 'unrealisedPnl') expect(text, name).toContain(rowOfTable);
    if (name !== 'liquidationPrice') expect(text, name).toContain('mark price of the venue');
  }
  for (const name of ['equity', 'marginBalance', 'accountMarginRatio']) {
    expect(await ask(desk.locator('[data-account]').first(), name), name).toContain('as entered');
  }
  await test.step('copy', async () => {
    await row.locator('[data-figure="maintenanceMargin"]').focus();
    await desk.keyboard.press('Enter');
    const copy = explanation.getByRole('button', { name: 'Copy as text' });
    await copy.focus();
    await desk.keyboard.press('Enter');
    await expect(desk.getByLabel('Messages')).toContainText('copied');
    const text = await desk.evaluate(() => navigator.clipboard.readText());
    expect(text).toMatch(
      /^maintenance margin: [\d,.]+ USDT\n {2}= notional × maintenance margin rate − maintenance amount\n/,
    );
    expect(text).toContain(`source: ${rowOfTable}`);
  });
});

test('what if: number and slider agree, before and after, marks, falls, and a price off the ladder', async ({
  desk,
}) => {
  await pausedDesk(desk);
  const box = desk.getByTestId('what-if-input');
  const slider = desk.getByRole('slider', { name: 'Move of the mark' });
  const summary = desk.getByTestId('what-if-summary');
  const mark = numberIn(await textOf(desk.getByTestId('mark-price')));
  const price = async (): Promise<number> => numberIn(await textOf(desk.locator('.what-if-price')));

  await test.step('number box', async () => {
    await box.fill('-6.4');
    await expect(slider).toHaveValue('-6.4');
    await expect(summary).toContainText(/(HEALTHY|WARNING|DANGER)\s?[\d.]+.*LIQUIDATION/);
    await expect(summary).toContainText(/\d of 3 falls?/);
    expect(await price()).toBeCloseTo(mark * (1 - 0.064), 0);
    await box.fill('six');
    await expect(box).toHaveAttribute('aria-invalid', 'true');
    await expect(slider).toHaveValue('-6.4');
    await box.blur();
    await expect(box).toHaveValue('−6.4');
  });
  await test.step('slider', async () => {
    await slider.focus();
    await desk.keyboard.press('ArrowRight');
    await expect(box).toHaveValue('−6.3');
    await desk.keyboard.press('End');
    await expect(box).toHaveValue('+20.0');
    await expect(summary).toContainText(/of 3 falls?/);
  });
  await test.step('a mark on the slider moves there, and beyond it the status has changed', async () => {
    const changeMark = desk.getByRole('button', { name: /^Move to −.*Demo account becomes LIQUIDATION/ });
    await changeMark.click();
    await expect(summary).toContainText('2 of 3 fall');
    const at = numberIn(await box.inputValue());
    await box.fill(String(at + 0.05));
    await expect(summary).toContainText('1 of 3 falls');
    await box.fill(String(at - 0.05));
    await expect(summary).toContainText('2 of 3 fall');
  });
  await test.step('reset', async () => {
    await desk.getByRole('button', { name: 'Reset', exact: true }).click();
    await expect(box).toHaveValue('0.0');
    await expect(slider).toHaveValue('0');
    await expect(summary).toContainText('First to change, at');
  });
  await test.step('a click on the ladder takes its price', async () => {
    const grid = desk.getByRole('grid', { name: 'Price ladder' });
    const seen = (await desk.evaluate(() => window.headroomBlackBox?.read(1) ?? [])).at(-1);
    // Heading 22 px, rows of 21 px: the middle of the fourth row.
    await grid.click({ position: { x: 100, y: 22 + 21 * 3 + 10 } });
    expect(await price()).toBeCloseTo(((seen?.highestTicks ?? 0) - 3) / 10, 6);
    await expect(desk.getByLabel('What if').getByRole('combobox')).toHaveValue('binance-usdm:BTCUSDT');
    const moved = numberIn(await box.inputValue());
    expect(moved).toBeCloseTo(((await price()) / mark - 1) * 100, 1.99);
  });
});

/** Collects what is written on canvases from now on. */
async function watchPaintedText(page: Page): Promise<() => Promise<string>> {
  const texts = await page.evaluateHandle(() => {
    const seen: string[] = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      seen.push(text);
      fillText.call(this, text, ...place);
    };
    return seen;
  });
  return () => texts.evaluate((seen) => seen.join('\n'));
}

test('the same liquidation price in table, card, chart label, ladder, menu and what-if', async ({ desk }) => {
  await pausedDesk(desk);
  const row = positionRow(desk, 'BTCUSDT short');
  const shown = await figure(row, 'liquidationPrice');
  expect(shown).toMatch(/^\d\d,\d{3}\.\d$/);

  await chooseFromRow(desk, row, 'What if the mark reaches its liquidation price');
  await expect(desk.locator('.what-if-price')).toHaveText(shown);
  await expect(desk.getByTestId('what-if-summary')).toContainText(/becomesLIQUIDATION0\.99.*1 of 3 falls/);

  await test.step('painted on the chart', async () => {
    const painted = await watchPaintedText(desk);
    // A change of the lines paints their labels again.
    await desk.getByTestId('what-if-input').fill('1');
    await expect.poll(painted).toContain(`liquidation ${shown}`);
  });
  await test.step('spoken on the ladder', async () => {
    await desk.getByRole('combobox', { name: 'Ticks per row' }).selectOption('1000');
    const grid = desk.getByRole('grid', { name: 'Price ladder' });
    await grid.focus();
    await expect(async () => {
      await desk.keyboard.press('ArrowUp');
      await expect(grid).toContainText(`liq. ${shown}`, { timeout: 200 });
    }).toPass({ intervals: [20], timeout: 15_000 });
  });
  await test.step('on the phone', async () => {
    await desk.setViewportSize({ width: 390, height: 844 });
    await expect(row).toHaveClass(/card/);
    expect(await figure(row, 'liquidationPrice')).toBe(shown);
  });
});

test('futures stand in an account of their own: SPAN-type requirement, excess and derivation; elsewhere an error', async ({
  desk,
}) => {
  await importFile(
    desk,
    'futures.csv',
    [
      'account,symbol,side,size,entryPrice,marginMode,leverage,isolatedWallet,crossWalletBalance,positionMode',
      'Futures,ESZ6,long,2,7000,cross,1,,40000,one-way',
      'Mixed,NQZ6,long,1,20000,cross,1,,5000,one-way',
      'Mixed,BTCUSDT,long,0.01,60000,cross,10,,5000,one-way',
    ].join('\n'),
  );
  await desk.getByRole('button', { name: 'Replace everything' }).click();
  const row = positionRow(desk, 'ESZ6 long');
  await expect(row.locator('[data-figure="unrealisedPnl"]')).toBeVisible();
  await pausedDesk(desk);
  // The newest margin of ES is 10,800 a contract; a point is 50 dollars.
  const mark = await fullMark(desk, row);
  const balance = 40_000 + 2 * 50 * (mark - 7_000);
  const account = desk.locator('[data-account]').filter({ hasText: 'Futures' });
  expect(numberIn(await figure(row, 'maintenanceMargin'))).toBe(21_600);
  await expect(account).toContainText('SPAN-type 2022-02-11');
  await expect(account).toContainText('independent SPAN-type calculation, not an official CME figure');
  await expect(account).toContainText('USD');
  const sums = await textOf(account.locator('.account-sums'));
  const excess = /excess\s*([−+\d.,]+)/.exec(sums)?.[1] ?? '';
  expect(numberIn(excess)).toBeCloseTo(balance - 21_600, 1);
  const wanted = mark - (balance - 21_600) / 100;
  expect(numberIn(await figure(row, 'liquidationPrice'))).toBeCloseTo(wanted, 1);
  await account.locator('[data-figure="accountMarginRatio"]').click();
  const dialog = desk.getByRole('dialog');
  await expect(dialog).toContainText('array value');
  await expect(dialog).toContainText('independent SPAN-type calculation');
  await expect(dialog).toContainText('2022-02-11');
  await desk.keyboard.press('Escape');
  const mixed = desk.getByTestId('position-row-Mixed/NQZ6/long');
  await expect(mixed).toContainText('expected it in an account in USD');
  const shift = ((wanted / mark - 1) * 100 - 0.5).toFixed(2);
  await desk.getByTestId('what-if-input').fill(shift);
  await expect(desk.getByTestId('what-if-summary')).toContainText('LIQUIDATION');
});
