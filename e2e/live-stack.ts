/** The live path on one machine: fake exchange, real proxy, built page. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type {} from '../app/charts/black-box.ts';
import type { PaintRecord } from '../app/charts/paint-log.ts';
import { createProxy, type RunningProxy } from '../proxy/server.ts';
import {
  createFakeExchange,
  type FakeExchange,
  type FakeExchangeOptions,
} from './fake-exchange/fake-exchange.ts';
import type { Oracle } from './fake-exchange/oracle.ts';
import { DIST } from './page-test.ts';

const root = join(import.meta.dirname, '..');

/** The real recording that the fake exchange plays; not part of the project. */
export const RECORDING: string = join(root, '../shared/data/binance/recordings/usdm_btcusdt_20240808.gz');
/** Why a spec is skipped, or false. */
export const noRecording: string | false = existsSync(RECORDING) ? false : `needs ${RECORDING}`;

/** Everything between the recorded exchange and the page. */
export interface LiveStack {
  readonly exchange: FakeExchange;
  readonly proxy: RunningProxy;
  close(): Promise<void>;
}

/** Starts exchange and proxy on free ports. */
export async function startLiveStack(options: Partial<FakeExchangeOptions>): Promise<LiveStack> {
  const exchange = await createFakeExchange({ recordingPath: RECORDING, ...options });
  const proxy = await createProxy({
    port: 0,
    distFolder: DIST,
    venues: new Map([[exchange.venue.id, exchange.venue]]),
  });
  return {
    exchange,
    proxy,
    close: async () => {
      await proxy.close();
      await exchange.close();
    },
  };
}

/** Goes live as a person does. */
export async function goLive(page: Page): Promise<void> {
  await page.getByTestId('source-badge').click();
  await page.getByRole('button', { name: 'Go live' }).click();
  await expect(page.getByTestId('source-badge')).toContainText('LIVE', { timeout: 15_000 });
}

/** A painted frame that was shown as live and does not equal the truth at its update id. */
export interface Lie {
  readonly updateId: number;
  readonly painted: string;
  readonly truth: string;
}

/** What the oracle says of what was painted. */
export interface Judgement {
  readonly framesPainted: number;
  readonly framesShownAsLive: number;
  readonly levelsCompared: number;
  readonly lies: readonly Lie[];
}

const TICK = 0.1;
const LOT = 0.001;
const KEPT_BY_ORACLE = 20;

function rows(levels: readonly (readonly [string, string])[], lowest: number, highest: number): string[] {
  return levels
    .map(([price, size]) => [Math.round(Number(price) / TICK), Math.round(Number(size) / LOT)] as const)
    .filter(([ticks]) => ticks >= lowest && ticks <= highest)
    .map(([ticks, lots]) => `${ticks}x${lots}`);
}

/** Where a painted frame differs from the true book at its update id, or null; counts what was compared. */
function differenceFromTruth(
  record: PaintRecord,
  oracle: Oracle,
): { readonly lie: Lie | null; readonly compared: number } {
  const truth = oracle.levelsAt(record.updateId);
  const { updateId, lowestTicks, highestTicks } = record;
  if (truth === null) return { lie: { updateId, painted: '', truth: 'no such update' }, compared: 0 };
  let compared = 0;
  for (const side of ['bids', 'asks'] as const) {
    const seen = record[side].map(({ ticks, lots }) => `${ticks}x${lots}`);
    const real = rows(truth[side], lowestTicks, highestTicks);
    // The log keeps the ten best in sight and the oracle the twenty best of all: compare what both must know.
    const known = Math.min(seen.length, real.length);
    compared += known;
    const complete =
      seen.length >= Math.min(10, real.length) &&
      (known === seen.length || truth[side].length === KEPT_BY_ORACLE);
    if (!complete || seen.slice(0, known).join() !== real.slice(0, known).join()) {
      return { lie: { updateId, painted: `${side} ${seen.join(' ')}`, truth: real.join(' ') }, compared };
    }
  }
  return { lie: null, compared };
}

/** Compares every frame the page painted as live with the true book at that frame's update id. */
export async function judgePaints(page: Page, oracle: Oracle): Promise<Judgement> {
  const records = await page.evaluate(() => window.headroomBlackBox?.read() ?? []);
  const painted = records.filter((record) => record.source === 'LIVE');
  const live = painted.filter((record) => record.shownAsLive);
  const differences = live.map((record) => differenceFromTruth(record, oracle));
  return {
    framesPainted: painted.length,
    framesShownAsLive: live.length,
    levelsCompared: differences.reduce((sum, { compared }) => sum + compared, 0),
    lies: differences.flatMap(({ lie }) => (lie === null ? [] : [lie])),
  };
}

/** A live book may be this many updates behind the exchange (about one and a half seconds): the way takes time. */
const NEAR_UPDATES = 30;

/**
 * Waits until the painted book is in sequence, near the present and equal to the truth, and returns the seconds it took.
 * DEGRADED counts: it says that the way was troubled within the last minute, of a book that is in sequence.
 */
export async function secondsToTruth(
  page: Page,
  exchange: FakeExchange,
  limitSeconds: number,
): Promise<number> {
  const begunMs = Date.now();
  const { updateIds } = exchange.oracle;
  while (Date.now() - begunMs < limitSeconds * 1_000) {
    const last = (await page.evaluate(() => window.headroomBlackBox?.read(1) ?? [])).at(-1);
    if (
      last?.source === 'LIVE' &&
      (last.trust === 'LIVE' || last.trust === 'DEGRADED') &&
      last.atMs > begunMs
    ) {
      const behind = updateIds.indexOf(exchange.position().u) - updateIds.indexOf(last.updateId);
      const { lie, compared } = differenceFromTruth(last, exchange.oracle);
      if (lie === null && compared > 0 && behind <= NEAR_UPDATES) return (Date.now() - begunMs) / 1_000;
    }
    await page.waitForTimeout(50);
  }
  return Number.POSITIVE_INFINITY;
}
