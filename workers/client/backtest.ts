/** A backtest over another market: a market worker of its own reads it through, the risk worker judges; it ends with the answer. */
import { transfer, wrap } from 'comlink';
import { fail, type Result } from '../../engine/core/result.ts';
import type { AlertBacktest, SeriesQuestion } from '../contract/guard-board.ts';
import type { MarketApi, ReadSource } from '../contract/market-api.ts';
import marketWorkerUrl from '../market/worker.ts?worker&url';
import { risk, riskSupervisor } from './risk.ts';
import { trustedWorkerUrl } from './trusted-url.ts';

/** A day of the simulated market takes minutes, a long recording as well. */
const DEADLINE_MS = 3_600_000;

/**
 * Holds rules against a market; the source that is open goes on undisturbed. Ends early, with `worker/cancelled`, by
 * `risk.cancelBacktest`. Never hangs.
 */
export async function backtestOver(
  from: ReadSource,
  question: Omit<SeriesQuestion, 'port'>,
): Promise<Result<AlertBacktest>> {
  const reader = new Worker(trustedWorkerUrl(marketWorkerUrl), { type: 'module', name: 'reading' });
  const { port1, port2 } = new MessageChannel();
  const judged = riskSupervisor.call(
    (remote) => remote.backtestSeries(transfer({ ...question, port: port2 }, [port2])),
    DEADLINE_MS,
  );
  const answer = await Promise.race([judged, failureOf(reader, from, port1)]);
  reader.terminate();
  if (!answer.ok) void risk.cancelBacktest();
  return answer;
}

/** Lets the worker read; resolves only where it cannot. */
function failureOf(reader: Worker, from: ReadSource, port: MessagePort): Promise<Result<never>> {
  return new Promise((resolve) => {
    const lost = (why: string): void => resolve(fail('worker/lost', `the reading worker was lost: ${why}`));
    reader.addEventListener('error', (event) => {
      event.preventDefault();
      lost(event.message || 'script error');
    });
    // Comlink closes a call for good when its proxy is collected mid-await: the listener holds it.
    const remote = wrap<MarketApi>(reader);
    remote.readMarks(transfer({ from, port }, [port])).then(
      (done) => {
        if (!done.ok) resolve(done);
      },
      (error: unknown) => lost(String(error)),
    );
  });
}
