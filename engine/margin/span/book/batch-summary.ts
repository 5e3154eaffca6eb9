/** What a margined book comes to: sums, what was refused and why, its hash, its order, its lines as CSV. */
import { escapeFormula, writeCsv } from '../../../accounting/csv.ts';
import type { FailureCode } from '../../../core/failure.ts';
import { StateHash } from '../../../core/state-hash.ts';
import type { SpanPlan } from '../plan.ts';
import type { PortfolioBook } from './portfolio-book.ts';
import { BATCH_FIGURES, type BatchFigure, type SpanBatch } from './span-batch.ts';

/** Amounts are hashed in millionths of the base currency. */
const MICROS = 1_000_000;
const EXAMPLES = 5;

/** Portfolios that were refused for one kind of reason. */
export interface RefusalKind {
  readonly code: FailureCode;
  readonly count: number;
  /** The first few of them. */
  readonly examples: readonly { readonly portfolio: string; readonly message: string }[];
}

/** Sums over the portfolios that were margined, in the order of the book; float64. */
export function batchSums(batch: SpanBatch): Readonly<Record<BatchFigure, number>> {
  const sums: Record<string, number> = {};
  for (const figure of BATCH_FIGURES) {
    let sum = 0;
    for (const value of batch.columns[figure]) if (!Number.isNaN(value)) sum += value;
    sums[figure] = sum;
  }
  return sums as Record<BatchFigure, number>;
}

/** The refused portfolios by kind of reason, the most frequent first. */
export function refusalKinds(book: PortfolioBook, batch: SpanBatch): readonly RefusalKind[] {
  const kinds = new Map<FailureCode, { count: number; examples: { portfolio: string; message: string }[] }>();
  for (const [index, { code, message }] of [...batch.refused].sort(([a], [b]) => a - b)) {
    const kind = kinds.get(code) ?? { count: 0, examples: [] };
    kind.count++;
    if (kind.examples.length < EXAMPLES) {
      kind.examples.push({ portfolio: book.names[index] ?? '', message });
    }
    kinds.set(code, kind);
  }
  return [...kinds].map(([code, kind]) => ({ code, ...kind })).sort((a, b) => b.count - a.count);
}

/**
 * The hash of a margined book, taken in steps: set, class and base currency, then of every portfolio in the order of the book its
 * name, its rows, and its requirement or the code of its refusal. The same book margined again, by any number of workers, on any
 * machine, has the same hash.
 */
export class BatchHash {
  readonly #hash = new StateHash();
  readonly #book: PortfolioBook;
  readonly #batch: SpanBatch;

  constructor(plan: SpanPlan, book: PortfolioBook, batch: SpanBatch) {
    this.#book = book;
    this.#batch = batch;
    this.#hash.text(plan.set.hash);
    this.#hash.text(JSON.stringify(plan.class));
    this.#hash.text(plan.baseCurrency);
  }

  /** Adds the portfolios `from` up to, not including, `to`: all of them once, in order. */
  add(from: number, to: number): void {
    const { names, starts, contracts, lots } = this.#book;
    for (let p = from; p < to; p++) {
      this.#hash.text(names[p] ?? '');
      const refusal = this.#batch.refused.get(p);
      if (refusal !== undefined) {
        this.#hash.text(refusal.code);
        continue;
      }
      for (let row = starts[p] ?? 0; row < (starts[p + 1] ?? 0); row++) {
        this.#hash.integer(contracts[row] ?? 0);
        this.#hash.integer(lots[row] ?? 0);
      }
      this.#hash.integer(Math.round((this.#batch.columns.requirement[p] ?? 0) * MICROS));
    }
  }

  /** Eight hex digits. */
  digits(): string {
    return this.#hash.value().toString(16).padStart(8, '0');
  }
}

/** In which order portfolios are looked at; `refused` lists those alone. */
export type BatchOrder = 'requirement' | 'name' | 'refused';

/** Portfolios that stand in an order, not sorted yet. */
export function membersOf(batch: SpanBatch, order: BatchOrder): Int32Array {
  if (order === 'refused') return Int32Array.from(batch.refused.keys());
  return Int32Array.from({ length: batch.portfolioCount }, (_, p) => p);
}

/** Which of two portfolios comes first: the larger requirement, refused ones last; or the name; equals by their place in the book. */
export function comparison(
  book: PortfolioBook,
  batch: SpanBatch,
  order: BatchOrder,
): (a: number, b: number) => number {
  const { requirement } = batch.columns;
  const { names } = book;
  if (order === 'refused') return (a, b) => a - b;
  if (order === 'requirement') {
    const rank = (p: number): number => {
      const value = requirement[p] ?? Number.NaN;
      return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
    };
    return (a, b) => {
      const [x, y] = [rank(a), rank(b)];
      return x === y ? a - b : x > y ? -1 : 1;
    };
  }
  return (a, b) => {
    const [x, y] = [names[a] ?? '', names[b] ?? ''];
    return x === y ? a - b : x < y ? -1 : 1;
  };
}

/** The heads of {@link batchLines}, as a line. */
export function batchHeader(): string {
  return writeCsv([['portfolio', 'rows', ...BATCH_FIGURES, 'currency', 'refused']]);
}

/** The portfolios `from` up to, not including, `to` as lines of CSV; names are harmless to spreadsheets. */
export function batchLines(
  plan: SpanPlan,
  book: PortfolioBook,
  batch: SpanBatch,
  from: number,
  to: number,
): string {
  const lines: string[][] = [];
  for (let p = from; p < to; p++) {
    const refusal = batch.refused.get(p);
    const figures = BATCH_FIGURES.map((figure) =>
      refusal === undefined ? amountText(batch.columns[figure][p] ?? Number.NaN) : '',
    );
    const rowCount = (book.starts[p + 1] ?? 0) - (book.starts[p] ?? 0);
    lines.push([
      escapeFormula(book.names[p] ?? ''),
      String(rowCount),
      ...figures,
      plan.baseCurrency,
      escapeFormula(refusal?.message ?? ''),
    ]);
  }
  return writeCsv(lines);
}

/** Float dust below a millionth is not written. */
function amountText(value: number): string {
  return String(Math.round(value * MICROS) / MICROS + 0);
}
