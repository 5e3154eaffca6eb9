/** Estimated liquidations beside the ladder: asked of the lab while the reader wants them, around the mark in force. */
import { create } from 'zustand';
import { lab } from '../../workers/client/lab.ts';
import { latestMarketFrame } from '../../workers/client/streams.ts';
import type { LadderFalls } from '../charts/ladder/ladder-falls.ts';
import { tell } from './notices.ts';
import { specInView, useSource } from './source-store.ts';

interface LiquidationColumns {
  readonly shown: boolean;
  readonly falls: LadderFalls | null;
}

export const useLiquidationColumns = create<LiquidationColumns>(() => ({ shown: false, falls: null }));

const ASK_MS = 1_000;
/** Rows on either side of the mark. */
const ROWS_PER_SIDE = 400;
let timer: ReturnType<typeof setInterval> | null = null;
let asking = false;

/** Shows or hides the columns. */
export function toggleLiquidationColumns(): void {
  const shown = !useLiquidationColumns.getState().shown;
  useLiquidationColumns.setState({ shown, falls: null });
  if (timer !== null) clearInterval(timer);
  timer = shown ? setInterval(() => void ask(), ASK_MS) : null;
  if (shown) void ask();
}

async function ask(): Promise<void> {
  const frame = latestMarketFrame();
  const spec = specInView(useSource.getState());
  if (asking || frame === null || spec === null || frame.instrument !== spec.id) return;
  const { groupTicks } = frame.ladder;
  const middle = frame.ladder.bids[0] ?? frame.lastTradeTicks;
  if (middle === null) return;
  const { mantissa, scale } = spec.tickSize;
  const mark = frame.markPrice === null ? middle : Math.round((frame.markPrice * 10 ** scale) / mantissa);
  const fromGroup = Math.max(1, Math.floor(middle / groupTicks) - ROWS_PER_SIDE);
  asking = true;
  const answer = await lab.marketCrowd({
    instrument: spec.id,
    markTicks: mark,
    fromTicks: fromGroup * groupTicks,
    ticksPerRow: groupTicks,
    rows: 2 * ROWS_PER_SIDE,
  });
  asking = false;
  if (!useLiquidationColumns.getState().shown) return;
  if (!answer.ok) {
    toggleLiquidationColumns();
    tell('trouble', answer.failure.message);
    return;
  }
  useLiquidationColumns.setState({ falls: { instrument: spec.id, groupTicks, fromGroup, ...answer.value } });
}
