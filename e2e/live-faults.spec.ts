/** Every fault of the fake exchange alone and in seeded mixes: never a wrong book shown as live, and back to the truth in time. */
import { expect, type Page, test } from '@playwright/test';
import { FAULT_KINDS } from './fake-exchange/fault-plan.ts';
import {
  goLive,
  judgePaints,
  type LiveStack,
  noRecording,
  secondsToTruth,
  startLiveStack,
} from './live-stack.ts';

test.skip(noRecording !== false, String(noRecording));

/** After the faults end, the book must equal the true book within this time. */
const LIMIT_SECONDS = 5;
/** Silence must outlast the time after which a book is called stale. */
const SILENT_KINDS: readonly string[] = ['silence', 'silence-all', 'half-open'];
const SILENCE_MS = 4_500;
const MIXES = Number(process.env['HEADROOM_FAULT_MIXES'] ?? 1);
/** The sweep, with its many mixes, lets each last longer. */
const FAULT_MS = MIXES > 1 ? 2_000 : 1_200;
/** Faults of the snapshot show only when a snapshot is needed, so the connection is cut as well. */
const SNAPSHOT_KINDS: readonly string[] = ['snapshot-late', 'snapshot-stale', 'ban'];
const MIX_MS = 6_000;

async function live(page: Page): Promise<LiveStack> {
  const stack = await startLiveStack({ mode: 'book', speed: 1, restamp: true });
  await page.goto(stack.proxy.url);
  await goLive(page);
  expect(await secondsToTruth(page, stack.exchange, 15)).toBeLessThan(15);
  return stack;
}

async function judge(page: Page, stack: LiveStack, what: string): Promise<void> {
  const seconds = await secondsToTruth(page, stack.exchange, LIMIT_SECONDS * 3);
  const judgement = await judgePaints(page, stack.exchange.oracle);
  console.log(
    `${what}: truth again after ${seconds.toFixed(2)} s; ${judgement.framesShownAsLive} of ${judgement.framesPainted} frames shown as live, ${judgement.lies.length} false`,
  );
  expect(judgement.lies).toEqual([]);
  expect(judgement.levelsCompared).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(LIMIT_SECONDS);
}

for (const kind of FAULT_KINDS) {
  test(`fault: ${kind}`, async ({ page }) => {
    const stack = await live(page);
    try {
      stack.exchange.faults.start(kind);
      if (SNAPSHOT_KINDS.includes(kind)) {
        stack.exchange.faults.start('cut-abrupt');
        stack.exchange.faults.stop('cut-abrupt');
      }
      await page.waitForTimeout(SILENT_KINDS.includes(kind) ? SILENCE_MS : FAULT_MS);
      stack.exchange.faults.stop();
      await judge(page, stack, kind);
    } finally {
      await stack.close();
    }
  });
}

for (let seed = 1; seed <= MIXES; seed++) {
  test(`seeded mix of faults ${seed}`, async ({ page }) => {
    const stack = await live(page);
    try {
      await stack.exchange.faults.mix(seed, MIX_MS);
      stack.exchange.faults.stop();
      await judge(page, stack, `mix ${seed}`);
    } finally {
      await stack.close();
    }
  });
}
