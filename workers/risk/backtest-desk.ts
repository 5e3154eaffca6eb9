/** Runs a backtest over a market that another worker reads through: takes its pieces in slices, so that live answers go on. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { parseAlertRules } from '../../engine/risk/alerts/alert-rules.ts';
import type { AlertBacktest, BacktestProgress, SeriesQuestion } from '../contract/guard-board.ts';
import type { StreamCredit } from '../contract/market-frame.ts';
import type { MarksPiece } from '../contract/marks-frame.ts';
import { yieldTurn } from '../shared/yield-turn.ts';
import type { MarginGround } from './guard-post.ts';
import { SeriesBacktest } from './series-backtest.ts';

/** Pieces under way: while one is judged the next is read. */
const PIECES_AHEAD = 3;
/** Longest turn before others have theirs. */
const SLICE_MS = 15;

/** One for the risk worker; a newer backtest takes the place of an older one. */
export class BacktestDesk {
  #run: { readonly backtest: SeriesBacktest; readonly end: (isDone: boolean) => void } | null = null;
  #progress = 0;

  /** How far the one under way is; null while there is none. */
  get progress(): BacktestProgress | null {
    if (this.#run === null) return null;
    return { fraction: this.#progress, atMicros: this.#run.backtest.atMicros };
  }

  cancel(): void {
    this.#run?.end(false);
  }

  /** Judges every piece that comes on the port. Fails: `worker/cancelled`; as rules are read. */
  async run(
    { rules, horizonSeconds, port }: SeriesQuestion,
    ground: MarginGround,
  ): Promise<Result<AlertBacktest>> {
    const read = parseAlertRules(rules);
    if (!read.ok) return read;
    this.cancel();
    const backtest = new SeriesBacktest(read.value, ground);
    this.#progress = 0;
    const isDone = await new Promise<boolean>((resolve) => {
      this.#run = { backtest, end: resolve };
      const waiting: MarksPiece[] = [];
      port.onmessage = (event: MessageEvent<MarksPiece>) => {
        waiting.push(event.data);
        if (waiting.length === 1) void this.#work(backtest, waiting, port);
      };
      grant(port, PIECES_AHEAD);
    });
    port.close();
    if (this.#run?.backtest === backtest) this.#run = null;
    return isDone
      ? ok(backtest.answer(horizonSeconds))
      : fail('worker/cancelled', 'the backtest is no longer wanted');
  }

  async #work(backtest: SeriesBacktest, waiting: MarksPiece[], port: MessagePort): Promise<void> {
    let sliceEndMs = performance.now() + SLICE_MS;
    for (let piece = waiting[0]; piece !== undefined; piece = waiting[0]) {
      for (const frame of piece.frames) {
        if (this.#run?.backtest !== backtest) return;
        backtest.take(frame);
        if (performance.now() < sliceEndMs) continue;
        await yieldTurn();
        sliceEndMs = performance.now() + SLICE_MS;
      }
      if (this.#run?.backtest !== backtest) return;
      this.#progress = piece.progress;
      if (piece.isLast) return this.#run.end(true);
      waiting.shift();
      grant(port, 1);
    }
  }
}

function grant(port: MessagePort, credit: number): void {
  const message: StreamCredit = { credit };
  port.postMessage(message);
}
