/** The SPAN worker, for the page: started when it is first asked; a lost one forgets its sets, which callers open anew. */
import type { Remote } from 'comlink';
import type { Result } from '../../engine/core/result.ts';
import type { SpanApi } from '../contract/span-api.ts';
import spanWorkerUrl from '../span/worker.ts?worker&url';
import { Supervisor } from './supervisor.ts';
import { trustedWorkerUrl } from './trusted-url.ts';

/** Large files take their time on a slow disk. */
const READING_DEADLINE_MS = 900_000;

const supervisor = new Supervisor<SpanApi>({
  name: 'span',
  create: () => new Worker(trustedWorkerUrl(spanWorkerUrl), { type: 'module', name: 'span' }),
  onStarted: async () => {},
});

let started = false;

function call<T>(
  question: (remote: Remote<SpanApi>) => Promise<Result<T>>,
  deadlineMs?: number,
): Promise<Result<T>> {
  if (!started) supervisor.start();
  started = true;
  return supervisor.call(question, deadlineMs);
}

/** Every method resolves to a Result and never hangs. */
export const span: Omit<SpanApi, 'ping'> = {
  builtInDates: () => call((remote) => remote.builtInDates()),
  openBuiltIn: (question) => call((remote) => remote.openBuiltIn(question)),
  readSet: (question) => call((remote) => remote.readSet(question), READING_DEADLINE_MS),
  readProgress: () => call((remote) => remote.readProgress()),
  cancelReading: () => call((remote) => remote.cancelReading()),
  findContracts: (question) => call((remote) => remote.findContracts(question)),
  calculate: (spanCase) => call((remote) => remote.calculate(spanCase)),
  explain: (spanCase) => call((remote) => remote.explain(spanCase)),
  history: (question) => call((remote) => remote.history(question)),
  readPositions: (question) => call((remote) => remote.readPositions(question)),
  supposedBreakers: (question) => call((remote) => remote.supposedBreakers(question)),
};
