/** The newest margin report for React, at most two and a half times a second. */
import { create } from 'zustand';
import type { MarginReport } from '../../engine/margin/margin-report.ts';
import { latestMarginReport } from '../../workers/client/streams.ts';
import { yieldFrame } from '../charts/frame-loop.ts';

const PERIOD_MS = 400;

interface MarginSlice {
  readonly report: MarginReport | null;
  /** Counts up at most once in 0.8 s while reports arrive: questions at the marks in force carry it in their key. */
  readonly epoch: number;
}

export const useMargin = create<MarginSlice>(() => ({ report: null, epoch: 0 }));

/** Starts reading the stream. Call once. */
export function startMarginSlice(): void {
  let turn = 0;
  let counted: MarginReport | null = null;
  const take = (): void => {
    const report = latestMarginReport();
    turn += 1;
    const { report: shown, epoch } = useMargin.getState();
    if (report === null || (report === shown && report === counted)) return;
    yieldFrame();
    const counts = turn % 2 === 0 && report !== counted;
    if (counts) counted = report;
    useMargin.setState({ report, epoch: counts ? epoch + 1 : epoch });
  };
  // Half a period after the market slice, so that the two never render in the same frame.
  setTimeout(() => setInterval(take, PERIOD_MS), PERIOD_MS / 2);
}
