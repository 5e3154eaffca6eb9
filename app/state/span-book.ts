/** The portfolio book of the SPAN screen: which one is margined, how far it is, what it came to, and what of it is looked at. */
import { create } from 'zustand';
import type { Failure } from '../../engine/core/failure.ts';
import type { BatchOrder } from '../../engine/margin/span/book/batch-summary.ts';
import { span } from '../../workers/client/span.ts';
import type { BookProgress, BookRow, BookSource, BookSummary } from '../../workers/contract/span-book.ts';
import { tell } from './notices.ts';
import { queryClient } from './queries.ts';
import { askForFile, saveBlob } from './save-file.ts';
import { reopenSet, takeCase, useSpan } from './span-store.ts';

/** Tabs of the panel that the book shares with the comparison. */
export type SpanTab = 'change' | 'book';

/** Rows of a page of the table. */
export const PAGE_ROWS = 100;
/** Sizes of the example book that are offered; its seed. */
export const EXAMPLE_COUNTS = [10_000, 100_000, 1_000_000] as const;
const EXAMPLE_SEED = 1;
/** Between two looks at the progress. */
const LOOK_MS = 100;
const BOOK_FILES = '.csv,.txt';
/** The first line of a file is looked for in so many bytes. */
const HEAD_BYTES = 4_096;

interface BookState {
  readonly tab: SpanTab;
  /** What is margined, or was last: it can be margined again. */
  readonly source: BookSource | null;
  /** Null while none is on its way. */
  readonly progress: BookProgress | null;
  /** The last book that was margined whole. */
  readonly summary: BookSummary | null;
  /** The same book under another set or class, margined before it; null where there is none. */
  readonly before: BookSummary | null;
  /** Why the last attempt brought none. */
  readonly failure: Failure | null;
  readonly order: BatchOrder;
  /** Letters of the names that are looked for. */
  readonly words: string;
  readonly from: number;
  /** Portfolio whose positions were opened as the case. */
  readonly opened: number | null;
}

export const useBook = create<BookState>(() => ({
  tab: 'change',
  source: null,
  progress: null,
  summary: null,
  before: null,
  failure: null,
  order: 'requirement',
  words: '',
  from: 0,
  opened: null,
}));

export function showTab(tab: SpanTab): void {
  useBook.setState({ tab });
}

/** Number of the attempt: answers to an earlier one say nothing any more. */
let attempt = 0;

/** Margins a book under the set and class in force; the one before stays until this one is whole. */
export async function marginBook(source: BookSource): Promise<void> {
  const { now } = useSpan.getState();
  if (now === null) return;
  const mine = ++attempt;
  const { setHash, classIndex } = now;
  const isSame = isSameBook(useBook.getState().source, source);
  useBook.setState({ tab: 'book', source, failure: null, progress: beginning(source) });
  const watch = setInterval(() => {
    void span.bookProgress().then((answer) => {
      if (mine === attempt && answer.ok && answer.value !== null) {
        useBook.setState(({ progress }) => (progress === null ? {} : { progress: answer.value }));
      }
    });
  }, LOOK_MS);
  const question = { setHash, classIndex, source };
  let answer = await span.marginBook(question);
  // A worker that was lost since has forgotten its sets.
  if (!answer.ok && answer.failure.code === 'span/set-missing' && (await reopenSet(setHash))) {
    answer = await span.marginBook(question);
  }
  clearInterval(watch);
  if (mine !== attempt) return;
  if (answer.ok) {
    const table = { order: 'requirement', words: '', from: 0, opened: null } as const;
    useBook.setState(({ summary: last, before }) => ({
      progress: null,
      summary: answer.value,
      before: !isSame ? null : last === null || last.bookHash === answer.value.bookHash ? before : last,
      ...table,
    }));
    await queryClient.invalidateQueries({ queryKey: ['span-book'] });
  } else useBook.setState({ progress: null, failure: answer.failure });
}

/** Whether two sources are one book: the same file, or an example of the same size and seed. */
function isSameBook(a: BookSource | null, b: BookSource): boolean {
  if (a?.kind === 'file' && b.kind === 'file') return a.file === b.file;
  return a?.kind === 'example' && b.kind === 'example' && a.count === b.count && a.seed === b.seed;
}

function beginning(source: BookSource): BookProgress {
  const rest = { done: 0, portfoliosPerSecond: 0, workers: 1 };
  return source.kind === 'file'
    ? { ...rest, name: source.name, phase: 'reading', count: source.file.size }
    : { ...rest, name: `example book ${source.seed}`, phase: 'drawing', count: source.count };
}

/** The last book once more, under the set and class in force now. */
export function marginAgain(): void {
  const { source } = useBook.getState();
  if (source !== null) void marginBook(source);
}

export function marginExample(count: number): void {
  void marginBook({ kind: 'example', count, seed: EXAMPLE_SEED });
}

export function cancelBook(): void {
  void span.cancelBook();
}

/** Leaves the table, so that another book can be begun. */
export function closeBook(): void {
  useBook.setState({ summary: null, before: null, failure: null, opened: null });
}

export function askForBook(): void {
  askForFile(BOOK_FILES, (file) => void marginBook({ kind: 'file', name: file.name, file }));
}

/** Whether a CSV file has a column that names portfolios: then it is a book, not the positions of one. */
export async function isBookFile(file: File): Promise<boolean> {
  const head = await file.slice(0, HEAD_BYTES).text();
  const [first = ''] = head.replace(/^\ufeff/, '').split(/\r?\n/);
  const cells = first.split(/[,;]/).map((cell) => cell.trim().replaceAll('"', '').toLowerCase());
  return cells.includes('portfolio') || (cells.includes('account') && cells.includes('contract'));
}

export function orderBook(order: BatchOrder): void {
  useBook.setState({ order, from: 0 });
}

export function findPortfolios(words: string): void {
  useBook.setState({ words, from: 0 });
}

export function turnTo(from: number): void {
  useBook.setState({ from });
}

/** Opens a portfolio as the case, under the set and class of its book. */
export async function openPortfolio({ index }: BookRow): Promise<void> {
  const { summary } = useBook.getState();
  if (summary === null) return;
  const { bookHash, setHash, classIndex, isExample } = summary;
  const answer = await span.bookPortfolio({ bookHash, index });
  if (!answer.ok) {
    tell('trouble', answer.failure.message);
    return;
  }
  const { name, positions } = answer.value;
  takeCase({ setHash, classIndex, positions }, name, isExample);
  useBook.setState({ opened: index });
}

/** Saves every portfolio with its figures, or why it has none. */
export async function saveBook(): Promise<void> {
  const { summary } = useBook.getState();
  if (summary === null) return;
  const answer = await span.exportBook({ bookHash: summary.bookHash });
  if (answer.ok) saveBlob(`span-type-book-${summary.bookHash}.csv`, answer.value);
  else tell('trouble', answer.failure.message);
}
