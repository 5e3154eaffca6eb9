/** For everyone: no axe violation in any theme or size, the whole path by keyboard, targets that can be hit, nothing sideways. */

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type {} from '../app/charts/black-box.ts';
import {
  chooseFromRow,
  expect,
  figuresShown,
  importFile,
  pausedDesk,
  positionRow,
  readDownload,
  test,
  vanish,
  workerOf,
} from './page-test.ts';

const THEMES = ['dark', 'light', 'contrast'] as const;
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

test.use({ contextOptions: { reducedMotion: 'reduce' } });

/**
 * Violations in one line each: all rules in the dark theme, those of colour in the others, which differ in nothing else. A phone
 * shows the same colours.
 */
async function violations(page: Page, within: string): Promise<string[]> {
  const found: string[] = [];
  const isPhone = page.viewportSize()?.width === PHONE.width;
  for (const theme of isPhone ? (['dark'] as const) : THEMES) {
    await page.evaluate((name) => {
      document.documentElement.dataset['theme'] = name;
    }, theme);
    // There are no frames: without legacy mode every look would open a page of its own.
    const axe = new AxeBuilder({ page }).setLegacyMode().include(within);
    const { violations: broken } = await (theme === 'dark' ? axe : axe.withRules('color-contrast')).analyze();
    for (const { id, nodes } of broken) {
      for (const { html, failureSummary = '' } of nodes.slice(0, 3)) {
        const why = failureSummary.replace(/\s+/g, ' ').slice(0, 200);
        found.push(`${theme} ${id}: ${html.slice(0, 120)} | ${why}`);
      }
    }
  }
  return found;
}

/** What is too small to hit among what can be pressed and seen. A box in a label is hit by its label. */
async function smallTargets(page: Page, within: string): Promise<string[]> {
  return page
    .locator(within)
    .locator('button, a[href], select, summary, label, [role=tab], input:not(label input):not([type=range])')
    .evaluateAll((elements) =>
      elements
        .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        .filter((element) => element.closest('.visually-hidden, [aria-hidden=true]') === null)
        .filter((element) => element.tagName !== 'LABEL' || element.querySelector('input, select') !== null)
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        // One pixel is for screen readers alone.
        .filter(({ box: { width, height } }) => width > 1 && (width < 23.99 || height < 23.99))
        .map(({ element, box: { width, height } }) => `${width}x${height} ${element.outerHTML.slice(0, 90)}`),
    );
}

interface Surface {
  readonly name: string;
  readonly within: '.modal' | '.popover';
  readonly open: (page: Page) => Promise<void>;
  readonly onPhone: boolean;
}

const press =
  (name: string | RegExp) =>
  async (page: Page): Promise<void> => {
    await page
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .click();
  };

const SURFACES: readonly Surface[] = [
  { name: 'source', within: '.popover', open: press(/^Source:/), onPhone: true },
  {
    name: 'instrument',
    within: '.popover',
    open: async (page) => page.locator('.picker-button').click(),
    onPhone: true,
  },
  { name: 'trust', within: '.popover', open: press(/^Data trust/), onPhone: true },
  { name: 'theme', within: '.popover', open: press('Theme and colours'), onPhone: true },
  { name: 'columns', within: '.popover', open: press('Columns'), onPhone: false },
  { name: 'file', within: '.popover', open: press('File'), onPhone: true },
  { name: 'row', within: '.popover', open: press(/^More for BTCUSDT/), onPhone: true },
  { name: 'changes', within: '.popover', open: press(/\d+ changes/), onPhone: true },
  {
    name: 'explanation',
    within: '.popover',
    open: async (page) => page.locator('[data-position] [data-figure="liquidationPrice"]').first().click(),
    onPhone: true,
  },
  {
    name: 'palette',
    within: '.modal',
    open: async (page) => page.keyboard.press('Control+k'),
    onPhone: true,
  },
  { name: 'keys', within: '.modal', open: async (page) => page.keyboard.press('?'), onPhone: true },
  {
    name: 'position with every message',
    within: '.modal',
    open: async (page) => {
      await press('Add position')(page);
      await page.getByRole('radio', { name: 'Isolated' }).check();
      await page.getByRole('dialog').getByLabel('Symbol').fill('');
      await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
      await expect(page.locator('.field-error').first()).toBeVisible();
    },
    onPhone: true,
  },
  { name: 'account', within: '.modal', open: press('Add account'), onPhone: true },
  {
    name: 'import with problems',
    within: '.modal',
    open: async (page) =>
      importFile(
        page,
        'p.csv',
        'account,symbol,side,size,entryPrice,marginMode,leverage,isolatedWallet\nA,BTCUSDT,long,1,60000,isolated,10,6000\nA,ETHUSDT,up,x,1,cross,0,\n',
      ),
    onPhone: true,
  },
  {
    name: 'confirm',
    within: '.modal',
    open: async (page) => {
      await press('File')(page);
      await page.getByRole('menuitem', { name: 'Remove all accounts…' }).click();
    },
    onPhone: true,
  },
];

/** Ticket with messages, an order that rests far from the market, its dialogs, and the state of the market. */
async function lookAtPaper(
  page: Page,
  look: (where: string, within: string) => Promise<void>,
): Promise<void> {
  const onDesk = page.getByRole('tab', { name: 'Market state' });
  await page.keyboard.press('o');
  const form = page.getByRole('form', { name: 'Paper order' });
  const price = form.getByRole('textbox', { name: 'Price' });
  await form.getByText('More').click();
  await price.fill('1.23');
  await look('ticket with a message', '.panel-ticket');
  const mark = Number(((await page.getByTestId('mark-price').textContent()) ?? '').replaceAll(',', ''));
  await price.fill(String(Math.round(mark * 0.98)));
  await form.getByLabel('Size').fill('0.1');
  await price.press('Enter');
  await expect(page.getByTestId('ticket-answer')).toContainText('accepted');
  if (await onDesk.isVisible()) await page.getByRole('tab', { name: /^Orders/ }).click();
  await expect(page.locator('[data-order]').first()).toContainText('resting');
  await look('orders', (await onDesk.isVisible()) ? '.panel-positions' : '.panel-orders');
  for (const [name, button] of [
    ['order inspector', /^Why: order/],
    ['amend', /^Amend order/],
  ] as const) {
    await press(button)(page);
    await expect(page.locator('.modal')).toBeVisible();
    await look(name, '.modal');
    await page.keyboard.press('Escape');
    await expect(page.locator('.modal')).toHaveCount(0);
  }
  if (await onDesk.isVisible()) {
    await onDesk.click();
    await look('market state', '.panel-positions');
  }
}

for (const [device, viewport] of [
  ['desk', DESK],
  ['phone', PHONE],
] as const) {
  test(`${device}: no violation on the screen or any dialog, in any theme; nothing sideways; targets of 24 px`, async ({
    desk,
  }) => {
    test.setTimeout(180_000);
    await desk.setViewportSize(viewport);
    await figuresShown(desk);
    const found: Record<string, string[]> = {};
    const look = async (where: string, within: string): Promise<void> => {
      const sideways = await desk.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      const all = [...(await violations(desk, within)), ...(await smallTargets(desk, within))];
      if (sideways > 0) all.push(`${sideways} px sideways`);
      if (all.length > 0) found[where] = all;
    };
    await look('screen', 'body');
    await pausedDesk(desk);
    if (device === 'phone') {
      await desk.getByRole('tab', { name: 'Book' }).click();
      await look('book', 'body');
      await desk.getByRole('tab', { name: 'Risk' }).click();
    }
    for (const { name, within, open, onPhone } of SURFACES) {
      if (device === 'phone' && !onPhone) continue;
      await open(desk);
      await expect(desk.locator(within)).toBeVisible();
      await look(name, within);
      await desk.keyboard.press('Escape');
      await expect(desk.locator(within)).toHaveCount(0);
    }
    await lookAtPaper(desk, look);
    if (device === 'phone') await desk.getByRole('tab', { name: 'Risk' }).click();
    else await desk.getByRole('tab', { name: /^Positions/ }).click();
    await chooseFromRow(desk, positionRow(desk, 'ETHUSDT short'), 'Remove');
    await look('message', '.notices');
    await vanish(await workerOf(desk, 'market'));
    await expect(desk.getByTestId('trust-state')).toHaveText('OFFLINE');
    await look('offline', 'body');
    expect(found).toEqual({});
  });
}

for (const [device, viewport] of [
  ['desk', DESK],
  ['phone', PHONE],
] as const) {
  test(`${device}: no violation on the Cascade screen, its story and its dialogs; targets of 24 px`, async ({
    desk,
  }) => {
    test.setTimeout(120_000);
    await desk.setViewportSize(viewport);
    const found: Record<string, string[]> = {};
    const look = async (where: string, within: string): Promise<void> => {
      const sideways = await desk.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      const all = [...(await violations(desk, within)), ...(await smallTargets(desk, within))];
      if (sideways > 0) all.push(`${sideways} px sideways`);
      if (all.length > 0) found[where] = all;
    };
    await desk.getByRole('link', { name: 'Cascade', exact: true }).click();
    await expect(desk.getByRole('button', { name: /^Run: Who pays/ })).toBeVisible();
    await look('library', 'body');
    await desk.getByRole('button', { name: /^Run: Who pays/ }).click();
    await expect(desk.getByTestId('cascade-hash')).toBeVisible({ timeout: 60_000 });
    await expect(desk.locator('[data-account]').first()).toBeVisible();
    await look('run', 'body');
    await desk.locator('[data-account]').first().click();
    await expect(desk.getByRole('heading', { name: /^Why did it happen/ })).toBeVisible();
    await look('story', '.cascade-people');
    await press('Change…')(desk);
    await expect(desk.locator('.modal')).toBeVisible();
    for (const tab of ['Crowd', 'Rules and shocks', 'JSON']) {
      await desk.getByRole('tab', { name: tab, exact: true }).click();
      await look(tab, '.modal');
    }
    expect(found).toEqual({});
  });
}

test('no violation on the Guards screen on desk and phone; targets of 24 px', async ({ desk }) => {
  test.setTimeout(120_000);
  const found: string[] = [];
  const look = async (where: string, within: string): Promise<void> => {
    const all = [...(await violations(desk, within)), ...(await smallTargets(desk, within))];
    found.push(...all.map((one) => `${where} ${one}`));
  };
  await desk.getByRole('link', { name: 'Guards', exact: true }).click();
  await desk.locator('.verdict-button').first().click();
  await look('board', 'main');
  const queue = async (where: string): Promise<void> => {
    await desk.locator('.adl-button').first().click();
    await look(`${where}: place in the queue`, '.modal');
    await desk.keyboard.press('Escape');
  };
  await queue('desk');
  await desk.getByRole('tab', { name: 'Limits' }).click();
  await look('limits', '.guards-desk');
  await desk.getByRole('tab', { name: 'Two regimes' }).click();
  await expect(desk.getByTestId('regime-totals')).toBeVisible();
  await look('two regimes', '.panel-portfolio');
  await desk.setViewportSize(PHONE);
  await expect(desk.locator('.board-card').first()).toBeVisible();
  await desk.getByRole('tab', { name: 'Rules' }).click();
  await look('phone', 'main');
  await queue('phone');
  expect(await desk.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  expect(found).toEqual([]);
});

test('the whole path by keyboard: load, add a position, what if, explain, export', async ({ desk }) => {
  const focused = () => desk.locator(':focus');
  await test.step('add a position', async () => {
    await desk.keyboard.press('n');
    await expect(desk.getByRole('dialog').getByLabel('Symbol')).toBeFocused();
    await desk.keyboard.press('Control+a');
    await desk.keyboard.type('SOLUSDT');
    await desk.keyboard.press('Tab');
    await desk.keyboard.press('ArrowRight');
    await expect(desk.getByRole('radio', { name: 'Short' })).toBeChecked();
    for (const [label, text] of [
      ['Size', '12.5'],
      ['Entry price', '150.25'],
      ['Cross', ''],
      ['Leverage', '5'],
      ['Mark price by hand (optional)', '151'],
    ] as const) {
      await desk.keyboard.press('Tab');
      await expect(desk.getByRole('dialog').getByLabel(label, { exact: true })).toBeFocused();
      if (text !== '') await desk.keyboard.press('Control+a');
      await desk.keyboard.type(text);
    }
    await desk.keyboard.press('Enter');
    await expect(positionRow(desk, 'SOLUSDT short')).toContainText('12.5');
  });
  await test.step('what if', async () => {
    await desk.keyboard.press('w');
    await expect(desk.getByTestId('what-if-input')).toBeFocused();
    await desk.keyboard.type('-6.4');
    await desk.keyboard.press('Enter');
    await expect(desk.getByTestId('what-if-summary')).toContainText(/of \d falls?/);
  });
  await test.step('explain: the figures are on the way of the Tab key, and the focus is seen', async () => {
    await desk.keyboard.press('w');
    await expect(async () => {
      await desk.keyboard.press('Shift+Tab');
      await expect(focused()).toHaveAttribute('data-figure', 'liquidationPrice', { timeout: 50 });
    }).toPass({ intervals: [0] });
    expect(await focused().evaluate((button) => getComputedStyle(button).outlineWidth)).toBe('2px');
    await desk.keyboard.press('Enter');
    const explanation = desk.getByRole('dialog', { name: 'How this figure comes about' });
    await expect(explanation).toContainText('liquidation price');
    await desk.keyboard.press('Escape');
    await expect(focused()).toHaveAttribute('data-figure', 'liquidationPrice');
  });
  await test.step('export', async () => {
    await desk.keyboard.press('Control+k');
    await desk.keyboard.type('export csv');
    const saving = desk.waitForEvent('download');
    await desk.keyboard.press('Enter');
    expect((await readDownload(await saving)).text).toContain('SOLUSDT,short,12.5,150.25,cross,5');
  });
});

test('the ladder by keyboard, and its rows stand still under the pointer', async ({ desk }) => {
  await pausedDesk(desk);
  const grid = desk.getByRole('grid', { name: 'Price ladder' });
  const cells = grid.locator('td');
  const price = async (): Promise<number> =>
    Number(((await cells.first().textContent()) ?? '').replaceAll(',', ''));
  const away = desk.getByRole('button', { name: /market at/ });
  await grid.focus();
  await desk.keyboard.press('ArrowUp');
  await expect(cells.first()).toHaveText(/^\d\d,\d{3}\.\d$/);
  const first = await price();
  await desk.keyboard.press('ArrowUp');
  await expect.poll(price).toBeCloseTo(first + 0.1, 6);
  await desk.keyboard.press('ArrowDown');
  await expect.poll(price).toBe(first);
  await expect(cells.nth(1)).toHaveText(/bid/);
  await desk.keyboard.press('Enter');
  await expect(desk.locator('.what-if-price')).toHaveText((await cells.first().textContent()) ?? '');

  for (const back of ['Space', 'Home']) {
    for (let i = 0; i < 6; i++) await desk.keyboard.press('PageUp');
    await expect(away).toBeVisible();
    await desk.keyboard.press(back);
    await expect(away).toBeHidden();
  }
  await expect(
    desk.getByRole('button', { name: 'Play', exact: true }),
    'Space stayed in the ladder',
  ).toBeVisible();

  await test.step('under the pointer', async () => {
    await grid.blur();
    await grid.hover();
    const begun = await desk.evaluate(() => window.headroomBlackBox?.written() ?? 0);
    await desk.getByTestId('transport-speed').evaluate((select: HTMLSelectElement) => {
      select.value = '50';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await desk.keyboard.press('Space');
    const seen = () =>
      desk.evaluate((from) => {
        const box = window.headroomBlackBox;
        const records = box?.read(box.written() - from) ?? [];
        return {
          tops: [...new Set(records.map(({ highestTicks }) => highestTicks))],
          updates: new Set(records.map(({ updateId }) => updateId)).size,
          bids: new Set(records.map(({ bids }) => bids[0]?.ticks)).size,
        };
      }, begun);
    await expect.poll(async () => (await seen()).updates).toBeGreaterThan(20);
    await expect.poll(async () => (await seen()).bids).toBeGreaterThan(2);
    expect((await seen()).tops).toHaveLength(1);
  });
});
