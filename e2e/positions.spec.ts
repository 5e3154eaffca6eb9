/** Positions as a person keeps them: typed, edited, taken back, imported, exported, stored, and never lost silently. */

import type { Page } from '@playwright/test';
import {
  chooseFromFile,
  chooseFromRow,
  drop,
  expect,
  figuresShown,
  importFile,
  positionRow,
  readDownload,
  savedFile,
  test,
} from './page-test.ts';

const dialog = (page: Page) => page.getByRole('dialog');
const field = (page: Page, label: string) => dialog(page).getByLabel(label, { exact: true });
/** What the form says under a field. */
const note = (page: Page, label: string) =>
  dialog(page)
    .locator('.field')
    .filter({ has: page.getByLabel(label, { exact: true }) })
    .locator('.field-error');
const rows = (page: Page) => page.locator('[data-position]');

test('first start shows the demo accounts and says DEMO', async ({ desk }) => {
  const accounts = desk.locator('[data-account]');
  await expect(accounts).toHaveCount(2);
  for (const account of await accounts.all()) await expect(account).toContainText('DEMO');
  await expect(rows(desk)).toHaveCount(4);
  await expect(desk.locator('.panel-positions .panel-head')).toContainText('brackets of 20');
});

test('a position is typed wrong, then right, edited, removed, brought back, and survives a reload', async ({
  desk,
}) => {
  await test.step('bad values are refused with what was expected and found', async () => {
    await desk.getByRole('button', { name: 'Add position' }).click();
    await expect(field(desk, 'Symbol')).toBeFocused();
    await field(desk, 'Symbol').fill('BTC USDT');
    await field(desk, 'Size').fill('1.00005');
    await field(desk, 'Entry price').fill('61,000');
    await field(desk, 'Leverage').fill('500');
    await dialog(desk).getByRole('radio', { name: 'Isolated' }).check();
    await dialog(desk).getByRole('button', { name: 'Add' }).click();
    await expect(note(desk, 'Symbol')).toHaveText(
      'expected a symbol of letters, digits and _, found "BTC USDT"',
    );
    await expect(note(desk, 'Entry price')).toContainText('found "61,000"');
    await expect(note(desk, 'Leverage')).toHaveText('expected a leverage from 1 to 150, found 500');
    await expect(note(desk, 'Isolated wallet')).toHaveText('expected an isolated wallet, found nothing');
    await expect(rows(desk)).toHaveCount(4);
  });
  await test.step('each message goes as its field is put right; size keeps to the lot', async () => {
    await field(desk, 'Symbol').fill('btcusdt');
    await expect(note(desk, 'Symbol')).toHaveCount(0);
    await expect(note(desk, 'Size')).toContainText('1.00005');
    await field(desk, 'Size').fill('1.500');
    await field(desk, 'Entry price').fill('61000.50');
    await field(desk, 'Leverage').fill('20');
    await field(desk, 'Isolated wallet').fill('4575.0375');
    await expect(dialog(desk).locator('.field-error')).toHaveText([
      /already holds BTCUSDT long; edit that position/,
    ]);
    await field(desk, 'Account').selectOption({ label: 'Demo fund' });
    await expect(dialog(desk).locator('.field-error')).toHaveText([/already holds BTCUSDT short/]);
    await field(desk, 'Symbol').fill('ETHUSDT');
    await field(desk, 'Account').selectOption({ label: 'Demo account' });
    await field(desk, 'Symbol').fill('SOLUSDT');
    await field(desk, 'Mark price by hand (optional)').fill('59000');
    await dialog(desk).getByRole('button', { name: 'Add' }).click();
    await expect(dialog(desk)).toHaveCount(0);
  });
  const row = positionRow(desk, 'SOLUSDT long');
  await test.step('it stands in the table, digits as typed, with figures that say what they stand on', async () => {
    await expect(rows(desk)).toHaveCount(5);
    await expect(row).toContainText('1.500');
    await expect(row).toContainText('61,000.50');
    await expect(row.locator('[data-figure="unrealisedPnl"]')).toContainText('−3,000.75');
    await expect(row).toContainText('given');
  });
  await test.step('edit', async () => {
    await chooseFromRow(desk, row, 'Edit…');
    await expect(field(desk, 'Size')).toHaveValue('1.500');
    await field(desk, 'Size').fill('3');
    await dialog(desk).getByRole('button', { name: 'Save' }).click();
    await expect(row.locator('[data-figure="unrealisedPnl"]')).toContainText('−6,001.50');
  });
  await test.step('remove, and Ctrl-Z brings it back', async () => {
    await chooseFromRow(desk, row, 'Remove');
    await expect(row).toHaveCount(0);
    await desk.keyboard.press('Control+z');
    await expect(row.locator('[data-figure="unrealisedPnl"]')).toContainText('−6,001.50');
    await desk.keyboard.press('Control+Shift+z');
    await expect(row).toHaveCount(0);
    await desk.keyboard.press('Control+z');
    await expect(row).toHaveCount(1);
  });
  await test.step('reload', async () => {
    await desk.reload();
    await figuresShown(desk);
    await expect(rows(desk)).toHaveCount(5);
    await expect(row).toContainText('61,000.50');
    await expect(row.locator('[data-figure="unrealisedPnl"]')).toContainText('−6,001.50');
  });
});

const CSV = [
  'account,symbol,side,size,entryPrice,marginMode,leverage,isolatedWallet,crossWalletBalance,positionMode,markPrice',
  'Desk A,BTCUSDT,long,0.250,60000.10,isolated,10,1500.0250,1000,one-way,',
  'Desk A,ETHUSDT,sideways,2,2600,cross,10,,1000,one-way,',
  'Desk A,ETHUSDT,short,two,2600,cross,10,,1000,one-way,',
  'Desk A,ETHUSDT,short,2,2600,cross,10,,1000,one-way,',
  'Desk B,BTCUSDT,long,1,60000,cross,,,9000,hedge,',
  '"Desk, B",BTCUSDT,short,1.10,61000,cross,5,,9000,hedge,',
  '',
].join('\r\n');

test('import names every bad row, keeps the good ones, and export is byte for byte', async ({ desk }) => {
  await test.step('CSV with good and bad rows', async () => {
    await importFile(desk, 'book.csv', CSV);
    await expect(dialog(desk)).toContainText('3 positions in 2 accounts');
    await expect(dialog(desk)).toContainText('3 problems');
    const problems = dialog(desk).locator('table').filter({ hasText: 'Expected' }).locator('tbody tr');
    const said = await Promise.all((await problems.all()).map((row) => row.locator('td').allTextContents()));
    expect(said).toEqual([
      ['3', 'side', 'long or short', 'sideways'],
      ['4', 'size', 'a positive decimal number such as 0.25', 'two'],
      ['6', 'leverage', expect.stringContaining('leverage'), 'nothing'],
    ]);
    await expect(rows(desk)).toHaveCount(4);
    await dialog(desk).getByRole('button', { name: 'Replace everything' }).click();
    await expect(rows(desk)).toHaveCount(3);
    await expect(desk.locator('[data-account]').filter({ hasText: 'Desk, B' })).toContainText('hedge');
  });
  await test.step('export, import, export: the same bytes', async () => {
    for (const [format, action] of [
      ['csv', 'Export CSV'],
      ['json', 'Export JSON'],
    ] as const) {
      const first = await savedFile(desk, action);
      expect(first.name).toBe(`headroom-positions.${format}`);
      expect(first.text).toContain('1500.0250');
      await importFile(desk, first.name, first.text);
      await expect(dialog(desk)).not.toContainText('problem');
      await dialog(desk).getByRole('button', { name: 'Replace everything' }).click();
      await expect(rows(desk)).toHaveCount(3);
      expect((await savedFile(desk, action)).text).toBe(first.text);
    }
  });
  await test.step('templates can be imported as they are', async () => {
    for (const [format, action] of [
      ['csv', 'Empty template, CSV'],
      ['json', 'Empty template, JSON'],
    ] as const) {
      const template = await savedFile(desk, action);
      expect(template.name).toBe(`headroom-template.${format}`);
      await importFile(desk, template.name, template.text);
      await expect(dialog(desk)).toContainText('1 position in 1 account');
      await expect(dialog(desk)).not.toContainText('problem');
      await dialog(desk).getByRole('button', { name: 'Cancel' }).click();
    }
    await expect(rows(desk)).toHaveCount(3);
  });
  await test.step('a file dropped on the page is shown before it is taken in', async () => {
    await drop(desk, 'book.csv', Buffer.from(CSV));
    await expect(dialog(desk)).toContainText('3 positions in 2 accounts');
    await dialog(desk).getByRole('button', { name: 'Add', exact: true }).click();
    await expect(rows(desk)).toHaveCount(6);
    await desk.keyboard.press('Control+z');
    await expect(rows(desk)).toHaveCount(3);
  });
  await test.step('a file that is no positions file is refused in words, and nothing changes', async () => {
    for (const [name, text] of [
      ['notes.csv', 'hello\nworld\n'],
      ['broken.json', '{"accounts": [{'],
    ] as const) {
      await importFile(desk, name, text);
      await expect(desk.getByLabel('Messages').getByText(new RegExp(`^${name}: .*expected`))).toBeVisible();
    }
    await expect(rows(desk)).toHaveCount(3);
  });
});

test('nothing is wiped without asking, and wiping can be undone', async ({ desk }) => {
  const ask = desk.getByRole('alertdialog');
  await chooseFromFile(desk, 'Remove all accounts…');
  await expect(ask).toContainText('Every account and position is taken away');
  await desk.keyboard.press('Escape');
  await expect(ask).toHaveCount(0);
  await expect(rows(desk)).toHaveCount(4);

  await chooseFromRow(desk, desk.locator('[data-account]').first(), 'Remove the account');
  await expect(ask).toContainText('2 positions go with it');
  await ask.getByRole('button', { name: 'Remove' }).click();
  await expect(rows(desk)).toHaveCount(2);

  await chooseFromFile(desk, 'Remove all accounts…');
  await ask.getByRole('button', { name: 'Remove all' }).click();
  await expect(desk.getByText('No positions')).toBeVisible();
  await expect(desk.getByRole('button', { name: 'Load the demo account' })).toBeVisible();
  await desk.keyboard.press('Control+z');
  await expect(rows(desk)).toHaveCount(2);
  await desk.keyboard.press('Control+z');
  await expect(rows(desk)).toHaveCount(4);
});

/** Overwrites what the page stored. */
async function store(page: Page, value: unknown): Promise<void> {
  await page.evaluate(
    (wanted) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('headroom');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const change = opening.result.transaction('portfolio', 'readwrite');
          change.objectStore('portfolio').put(wanted, 'current');
          change.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    value,
  );
}

test('damaged storage never loses the page nor what was stored', async ({ desk }) => {
  const damaged = {
    version: 1,
    portfolio: { accounts: [{ id: 'mine', name: 'Mine', positions: 'all of them' }] },
  };
  await store(desk, damaged);
  await desk.reload();
  await figuresShown(desk);
  const message = desk.getByLabel('Messages').locator('.notice-trouble');
  await expect(message).toContainText('The stored portfolio cannot be read (portfolio.accounts.0');
  await expect(desk.locator('[data-account]').first()).toContainText('DEMO');
  const saving = desk.waitForEvent('download');
  await message.getByRole('button', { name: 'Save what was stored' }).click();
  expect(JSON.parse((await readDownload(await saving)).text)).toEqual(damaged);

  await test.step('stored data that reads but breaks a rule: its own row says so, the others stand', async () => {
    const position = {
      id: 'p1',
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      side: 'long',
      size: '1',
      entryPrice: '60000',
      marginMode: 'cross',
      leverage: 10,
      isolatedWallet: null,
      givenMarkPrice: null,
    };
    const account = {
      name: 'Mine',
      demo: false,
      currency: 'USDT',
      positionMode: 'one-way',
      crossWalletBalance: '20000',
    };
    await store(desk, {
      version: 1,
      portfolio: { accounts: [{ ...account, id: 'a', positions: [position, { ...position, id: 'p2' }] }] },
    });
    await desk.reload();
    await expect(desk.getByRole('alert')).toContainText('not in force');
    await expect(desk.getByRole('alert')).toContainText('p2');
    await chooseFromRow(desk, rows(desk).nth(1), 'Remove');
    await expect(desk.getByRole('alert')).toHaveCount(0);
    await figuresShown(desk);
  });
});

test('a change in one tab shows in the other', async ({ desk, site }) => {
  const other = await desk.context().newPage();
  await other.goto(site.url);
  await figuresShown(other);
  await chooseFromRow(desk, positionRow(desk, 'ETHUSDT short'), 'Remove');
  await expect(rows(other)).toHaveCount(3);
  await other.close();
});
