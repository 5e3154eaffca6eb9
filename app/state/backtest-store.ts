/** The backtest of alert rules: what it runs over, how far it is, and what it found; it goes on while its dialog is closed. */
import { create } from 'zustand';
import type { Result } from '../../engine/core/result.ts';
import { backtestOver } from '../../workers/client/backtest.ts';
import { risk } from '../../workers/client/risk.ts';
import type { AlertBacktest, AlertRule, BacktestProgress } from '../../workers/contract/guard-board.ts';
import type { ReadSource } from '../../workers/contract/market-api.ts';
import { tell } from './notices.ts';

const PROGRESS_INTERVAL_MS = 250;

interface BacktestStore {
  /** The one under way; null while there is none. */
  readonly running: { readonly over: string; readonly progress: BacktestProgress | null } | null;
  /** What the last one found, and over what. */
  readonly found: {
    readonly over: string;
    readonly rules: readonly AlertRule[];
    readonly answer: AlertBacktest;
  } | null;
}

export const useBacktest = create<BacktestStore>(() => ({ running: null, found: null }));

/** Rules over another market, at full speed; one at a time. */
export async function testOver(
  from: ReadSource,
  rules: readonly AlertRule[],
  horizonSeconds: number,
): Promise<void> {
  if (useBacktest.getState().running !== null) return;
  const over =
    from.kind === 'recording'
      ? from.name
      : `the simulated market of seed ${from.seed}, ${from.hours} ${from.hours === 1 ? 'hour' : 'hours'}`;
  useBacktest.setState({ running: { over, progress: null }, found: null });
  const timer = setInterval(() => void followProgress(over), PROGRESS_INTERVAL_MS);
  const answer = await backtestOver(from, { rules: JSON.stringify(rules), horizonSeconds });
  clearInterval(timer);
  useBacktest.setState({ running: null });
  take(over, rules, answer);
}

/** Rules over what was seen of the run that is open. */
export async function testOverThisRun(rules: readonly AlertRule[], horizonSeconds: number): Promise<void> {
  take('this run', rules, await risk.backtestAlerts({ rules: JSON.stringify(rules), horizonSeconds }));
}

export async function cancelTest(): Promise<void> {
  await risk.cancelBacktest();
}

async function followProgress(over: string): Promise<void> {
  const progress = await risk.backtestProgress();
  if (!progress.ok || useBacktest.getState().running?.over !== over) return;
  useBacktest.setState({ running: { over, progress: progress.value } });
}

function take(over: string, rules: readonly AlertRule[], answer: Result<AlertBacktest>): void {
  if (answer.ok) useBacktest.setState({ found: { over, rules, answer: answer.value } });
  else if (answer.failure.code !== 'worker/cancelled') tell('trouble', answer.failure.message);
}
