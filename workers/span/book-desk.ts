/** The portfolio books of the SPAN worker: reads or draws one, margins it, and answers about the last one. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import {
  BatchHash,
  type BatchOrder,
  batchHeader,
  batchLines,
  batchSums,
  comparison,
  membersOf,
  refusalKinds,
} from '../../engine/margin/span/book/batch-summary.ts';
import { BookReader, type ReadBook } from '../../engine/margin/span/book/book-reader.ts';
import { ExampleBook } from '../../engine/margin/span/book/example-book.ts';
import { leanSet } from '../../engine/margin/span/book/lean-set.ts';
import type { PortfolioBook } from '../../engine/margin/span/book/portfolio-book.ts';
import { BATCH_FIGURES, SpanBatch } from '../../engine/margin/span/book/span-batch.ts';
import { planSpan, type SpanPlan } from '../../engine/margin/span/plan.ts';
import type {
  BookPage,
  BookPageQuestion,
  BookPortfolio,
  BookProgress,
  BookQuestion,
  BookRow,
  BookSource,
  BookSummary,
} from '../contract/span-book.ts';
import { BookRun, tell } from './book-run.ts';
import { Slices } from './slices.ts';

/** Read, drawn, hashed and written between two looks at the clock. */
const READ_BYTES = 65_536;
const DRAWN = 500;
const HASHED = 2_000;
const WRITTEN = 1_000;
/** Most rows of a page. */
const MOST_ROWS = 500;

/** A margined book with all that questions about it need. */
interface HeldBook {
  readonly plan: SpanPlan;
  readonly book: PortfolioBook;
  readonly batch: SpanBatch;
  readonly summary: BookSummary;
  /** Portfolios in order, sorted when first asked for. */
  readonly orders: Map<BatchOrder, Int32Array>;
}

/** One book on its way. */
interface Errand {
  readonly name: string;
  stopped: boolean;
  progress: () => BookProgress;
}

const cancelled = (name: string): Result<never> =>
  fail('worker/cancelled', `${name} is not margined any further`);

/** Holds one margined book; another takes its place only when it is whole. */
export class BookDesk {
  #held: HeldBook | null = null;
  #errand: Errand | null = null;

  progress(): BookProgress | null {
    return this.#errand?.progress() ?? null;
  }

  cancel(): void {
    if (this.#errand !== null) this.#errand.stopped = true;
  }

  /** Fails as the reader of books does; `worker/cancelled`. */
  async margin(
    plan: SpanPlan,
    question: BookQuestion,
    helper: MessagePort | null,
  ): Promise<Result<BookSummary>> {
    this.cancel();
    const { source } = question;
    const name = source.kind === 'file' ? source.name : `example book ${source.seed}`;
    const errand: Errand = { name, stopped: false, progress: () => taking(name, source, 0) };
    this.#errand = errand;
    try {
      const held = await this.#work(errand, plan, question, helper);
      if (!held.ok) return held;
      this.#held = held.value;
      return ok(held.value.summary);
    } finally {
      helper?.close();
      if (this.#errand === errand) this.#errand = null;
    }
  }

  async page(question: BookPageQuestion): Promise<Result<BookPage>> {
    const { bookHash, order, words, from, count } = question;
    const held = this.#open(bookHash);
    if (!held.ok) return held;
    const sorted = await inOrder(held.value, order);
    const found = words.trim() === '' ? sorted : await named(held.value, sorted, words.trim());
    const rows = found.slice(from, from + Math.min(count, MOST_ROWS));
    return ok({ rows: Array.from(rows, (index) => rowOf(held.value, index)), total: found.length });
  }

  portfolio({ bookHash, index }: { bookHash: string; index: number }): Result<BookPortfolio> {
    const held = this.#open(bookHash);
    if (!held.ok) return held;
    const { plan, book } = held.value;
    const lots = new Map<string, number>();
    for (let row = book.starts[index] ?? 0; row < (book.starts[index + 1] ?? 0); row++) {
      const contract = plan.set.contracts[book.contracts[row] ?? -1]?.id ?? '';
      lots.set(contract, (lots.get(contract) ?? 0) + (book.lots[row] ?? 0));
    }
    const positions = [...lots].flatMap(([contract, held]) => (held === 0 ? [] : [{ contract, lots: held }]));
    return ok({ name: book.names[index] ?? '', positions });
  }

  async csv({ bookHash }: { bookHash: string }): Promise<Result<Blob>> {
    const held = this.#open(bookHash);
    if (!held.ok) return held;
    const { plan, book, batch } = held.value;
    const parts = [batchHeader()];
    await new Slices(() => false).each(batch.portfolioCount, WRITTEN, (from, to) => {
      parts.push(batchLines(plan, book, batch, from, to));
    });
    return ok(new Blob(parts, { type: 'text/csv' }));
  }

  #open(bookHash: string): Result<HeldBook> {
    return this.#held?.summary.bookHash === bookHash
      ? ok(this.#held)
      : fail('span/book-missing', `the book ${bookHash} is not open`, { book: bookHash });
  }

  async #work(
    errand: Errand,
    plan: SpanPlan,
    question: BookQuestion,
    helper: MessagePort | null,
  ): Promise<Result<HeldBook>> {
    const slices = new Slices(() => errand.stopped);
    const read = await readSource(errand, plan, question.source, slices);
    if (!read.ok) return read;
    const { book } = read.value;
    const lean = leanSet(plan.set, book);
    const { class: chosen, baseCurrency } = plan;
    if (helper !== null) tell(helper, { kind: 'book', ...lean, chosen, baseCurrency });
    const batch = new SpanBatch(planSpan(lean.set, chosen, baseCurrency), lean.rows);
    const count = batch.portfolioCount;
    const run = new BookRun(batch, helper);
    const facts = (): Pick<BookProgress, 'name' | 'count' | 'portfoliosPerSecond' | 'workers'> => {
      return { name: errand.name, count, portfoliosPerSecond: run.portfoliosPerSecond, workers: run.workers };
    };
    errand.progress = () => ({ ...facts(), phase: 'margining', done: run.done });
    if (!(await run.run(slices))) return cancelled(errand.name);
    let hashed = 0;
    errand.progress = () => ({ ...facts(), phase: 'finishing', done: hashed });
    const hash = new BatchHash(plan, book, batch);
    const finished = await slices.each(count, HASHED, (from, to) => {
      hash.add(from, to);
      hashed = to;
    });
    const order = finished
      ? await slices.sort(membersOf(batch, 'requirement'), comparison(book, batch, 'requirement'))
      : null;
    if (order === null) return cancelled(errand.name);
    const summary: BookSummary = {
      name: errand.name,
      isExample: question.source.kind === 'example',
      setHash: question.setHash,
      classIndex: question.classIndex,
      baseCurrency: plan.baseCurrency,
      portfolioCount: count,
      rowCount: book.lots.length,
      sums: batchSums(batch),
      refusedCount: batch.refused.size,
      refusals: refusalKinds(book, batch),
      problemCount: read.value.problemCount,
      problems: read.value.problems,
      strayRowCount: read.value.strayRowCount,
      bookHash: hash.digits(),
      workers: run.workers,
      elapsedMs: run.elapsedMs,
      portfoliosPerSecond: run.portfoliosPerSecond,
    };
    return ok({ plan, book, batch, summary, orders: new Map([['requirement', order]]) });
  }
}

/** The portfolios of a held book in order. */
async function inOrder({ book, batch, orders }: HeldBook, order: BatchOrder): Promise<Int32Array> {
  const known = orders.get(order);
  if (known !== undefined) return known;
  const members = membersOf(batch, order);
  const sorted = await new Slices(() => false).sort(members, comparison(book, batch, order));
  if (sorted !== null) orders.set(order, sorted);
  return sorted ?? members;
}

/** Those whose name has `words`. */
async function named({ book }: HeldBook, sorted: Int32Array, words: string): Promise<readonly number[]> {
  const found: number[] = [];
  const wanted = words.toUpperCase();
  await new Slices(() => false).each(sorted.length, HASHED, (from, to) => {
    for (const index of sorted.subarray(from, to)) {
      if ((book.names[index] ?? '').toUpperCase().includes(wanted)) found.push(index);
    }
  });
  return found;
}

/** Progress before anything is margined. */
function taking(name: string, source: BookSource, done: number): BookProgress {
  const rest = { name, done, portfoliosPerSecond: 0, workers: 1 };
  return source.kind === 'file'
    ? { ...rest, phase: 'reading', count: source.file.size }
    : { ...rest, phase: 'drawing', count: source.count };
}

async function readSource(
  errand: Errand,
  plan: SpanPlan,
  source: BookSource,
  slices: Slices,
): Promise<Result<ReadBook>> {
  const { name } = errand;
  let done = 0;
  errand.progress = () => taking(name, source, done);
  if (source.kind === 'file') return readFile(name, plan, source.file, slices, (bytes) => (done += bytes));
  const example = new ExampleBook(plan, source.seed);
  const drawn = await slices.each(source.count, DRAWN, (from, to) => {
    example.draw(to - from);
    done = to;
  });
  if (!drawn) return cancelled(name);
  return ok({ book: example.build(), problems: [], problemCount: 0, strayRowCount: 0 });
}

async function readFile(
  name: string,
  plan: SpanPlan,
  file: Blob,
  slices: Slices,
  onRead: (bytes: number) => void,
): Promise<Result<ReadBook>> {
  const reader = new BookReader(plan.set);
  const decoder = new TextDecoder();
  const stream = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await stream.read();
      if (done) break;
      for (let at = 0; at < value.byteLength; at += READ_BYTES) {
        const piece = value.subarray(at, at + READ_BYTES);
        const pushed = reader.push(decoder.decode(piece, { stream: true }));
        if (!pushed.ok) return ofFile(name, pushed);
        onRead(piece.byteLength);
        if (await slices.breathe()) return cancelled(name);
      }
    }
  } catch (error) {
    return fail('span/position-malformed', `${name}: expected a file that can be read, ${String(error)}`);
  } finally {
    await stream.cancel().catch(() => {});
  }
  const read = reader.end();
  return read.ok ? read : ofFile(name, read);
}

function ofFile(name: string, failed: Result<never>): Result<never> {
  if (failed.ok) return failed;
  return { ok: false, failure: { ...failed.failure, message: `${name}: ${failed.failure.message}` } };
}

function rowOf({ book, batch }: HeldBook, index: number): BookRow {
  const refused = batch.refused.get(index)?.message ?? null;
  const figures = BATCH_FIGURES.map((figure) => [figure, batch.columns[figure][index] ?? 0] as const);
  return {
    index,
    name: book.names[index] ?? '',
    rowCount: (book.starts[index + 1] ?? 0) - (book.starts[index] ?? 0),
    figures: refused === null ? (Object.fromEntries(figures) as NonNullable<BookRow['figures']>) : null,
    refused,
  };
}
