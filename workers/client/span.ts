/** The SPAN worker, for the page: started when it is first asked; a lost one forgets its sets, which callers open anew. */
import { type Remote, transfer, wrap } from 'comlink';
import type { Result } from '../../engine/core/result.ts';
import type { SpanApi } from '../contract/span-api.ts';
import type { BookQuestion, BookSummary } from '../contract/span-book.ts';
import spanWorkerUrl from '../span/worker.ts?worker&url';
import { Supervisor } from './supervisor.ts';
import { trustedWorkerUrl } from './trusted-url.ts';

/** Large files take their time on a slow disk. */
const READING_DEADLINE_MS = 900_000;
/** A million portfolios under a large set. */
const BOOK_DEADLINE_MS = 3_600_000;

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

interface Helper {
  readonly port: MessagePort;
  end(): void;
}

/**
 * A second SPAN worker that helps with one book, where the machine has a core for it. It is not supervised: the first does without it
 * when it is lost.
 */
function startHelper(): Helper | null {
  if (navigator.hardwareConcurrency < 2) return null;
  const worker = new Worker(trustedWorkerUrl(spanWorkerUrl), { type: 'module', name: 'span-helper' });
  worker.addEventListener('error', (event) => event.preventDefault());
  const { port1, port2 } = new MessageChannel();
  void wrap<SpanApi>(worker).help(transfer(port2, [port2]));
  return { port: port1, end: () => worker.terminate() };
}

async function marginBook(question: BookQuestion): Promise<Result<BookSummary>> {
  const helper = startHelper();
  try {
    return await call(
      (remote) => remote.marginBook(question, helper === null ? null : transfer(helper.port, [helper.port])),
      BOOK_DEADLINE_MS,
    );
  } finally {
    helper?.end();
  }
}

/** What the page asks; helping is between workers. */
interface SpanDoor extends Omit<SpanApi, 'ping' | 'help' | 'marginBook'> {
  /** As in {@link SpanApi}; the door decides about the helper. */
  marginBook(question: BookQuestion): Promise<Result<BookSummary>>;
}

/** Every method resolves to a Result and never hangs. */
export const span: SpanDoor = {
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
  marginBook,
  bookProgress: () => call((remote) => remote.bookProgress()),
  cancelBook: () => call((remote) => remote.cancelBook()),
  bookPage: (question) => call((remote) => remote.bookPage(question)),
  bookPortfolio: (question) => call((remote) => remote.bookPortfolio(question)),
  exportBook: (question) => call((remote) => remote.exportBook(question)),
  supposedBreakers: (question) => call((remote) => remote.supposedBreakers(question)),
};
