/** The recorded market through real sockets: fake exchange, proxy, worker, page. Nothing lost, nothing invented. */

import { expect, test } from '@playwright/test';
import type {} from '../app/charts/black-box.ts';
import { goLive, judgePaints, noRecording, startLiveStack } from './live-stack.ts';
import { watchPageErrors } from './page-errors.ts';

test.skip(noRecording !== false, String(noRecording));

// Figures of an independent replay of the same recording (the recording's own book ticker agrees at every event).
const EVENTS = 6_547;
const LAST_UPDATE = 5_123_135_475_514;
const LEVELS = { bids: 5_018, asks: 4_578 };
const FINAL_BID = { ticks: 616_597, lots: 1_486 };
const FINAL_ASK = { ticks: 616_598, lots: 981 };

test('6,547 recorded depth events arrive, in order, and the final book is exact', async ({ page }) => {
  test.setTimeout(180_000);
  const stack = await startLiveStack({ mode: 'verbatim', speed: 20 });
  const errors = await watchPageErrors(page, stack.proxy.url);
  try {
    await page.goto(stack.proxy.url);
    await goLive(page);
    await stack.exchange.ended;
    await page.waitForFunction(
      (id) => window.headroomBlackBox?.read(1).at(-1)?.updateId === id,
      LAST_UPDATE,
      { timeout: 20_000 },
    );
    const facts = await page.evaluate(() => window.headroomBlackBox?.market());
    expect(facts).toMatchObject({
      bidLevels: LEVELS.bids,
      askLevels: LEVELS.asks,
      counters: { depthApplied: EVENTS, gaps: 0, refused: 0 },
      touchMismatches: 0,
    });
    const last = (await page.evaluate(() => window.headroomBlackBox?.read(1) ?? [])).at(-1);
    expect(last?.bids[0]).toEqual(FINAL_BID);
    expect(last?.asks[0]).toEqual(FINAL_ASK);
    const judgement = await judgePaints(page, stack.exchange.oracle);
    expect(judgement.lies).toEqual([]);
    expect(judgement.framesShownAsLive).toBeGreaterThan(200);
    console.log(
      `painted as live: ${judgement.framesShownAsLive} frames, ${judgement.levelsCompared} levels equal to the truth`,
    );
    // The venue's daily candles came too: 90 with the running one, so 89 closes.
    await page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('link', { name: 'Guards' })
      .press('Enter');
    await page.getByRole('tab', { name: 'Tail risk' }).press('Enter');
    await expect(page.locator('[data-origin="venue"]')).toContainText('88 daily returns');
    await expect(page.getByTestId('tail-totals')).toContainText('of equity');
    expect(errors.found).toEqual([]);
  } finally {
    await stack.close();
  }
});
