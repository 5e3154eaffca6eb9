/** What page and SPAN worker say to each other about a portfolio book: where it comes from, how far it is, what it comes to. */
import type { BatchOrder, RefusalKind } from '../../engine/margin/span/book/batch-summary.ts';
import type { BookProblem } from '../../engine/margin/span/book/book-reader.ts';
import type { BatchFigure } from '../../engine/margin/span/book/span-batch.ts';
import type { SpanPosition } from '../../engine/margin/span/span-portfolio.ts';

/** Where a book comes from. */
export type BookSource =
  | { readonly kind: 'file'; readonly name: string; readonly file: Blob }
  /** Made up over the contracts of the set; the same seed gives the same book. */
  | { readonly kind: 'example'; readonly count: number; readonly seed: number };

/** A book to be margined under one class of one set. */
export interface BookQuestion {
  readonly setHash: string;
  /** Index into the set's classes. */
  readonly classIndex: number;
  readonly source: BookSource;
}

/** How far a book is. */
export interface BookProgress {
  readonly name: string;
  /** Reading counts bytes, everything else portfolios; examples are drawn instead of read. */
  readonly phase: 'reading' | 'drawing' | 'margining' | 'finishing';
  readonly done: number;
  readonly count: number;
  /** Since margining began; 0 before. */
  readonly portfoliosPerSecond: number;
  /** Workers that margin now. */
  readonly workers: number;
}

/** A margined book. Amounts in the base currency, float64. */
export interface BookSummary {
  readonly name: string;
  readonly isExample: boolean;
  readonly setHash: string;
  readonly classIndex: number;
  readonly baseCurrency: string;
  readonly portfolioCount: number;
  readonly rowCount: number;
  /** Over the portfolios that were margined; a portfolio does not offset another. */
  readonly sums: Readonly<Record<BatchFigure, number>>;
  readonly refusedCount: number;
  readonly refusals: readonly RefusalKind[];
  /** Rows of the file that could not be used; the first of them. */
  readonly problemCount: number;
  readonly problems: readonly BookProblem[];
  /** Rows that name no portfolio: they are in nobody's requirement. */
  readonly strayRowCount: number;
  /** Eight hex digits over set, class, portfolios and requirements, whatever the number of workers. */
  readonly bookHash: string;
  /** Workers that margined some of it. */
  readonly workers: number;
  /** Of the margining alone. */
  readonly elapsedMs: number;
  readonly portfoliosPerSecond: number;
}

/** One portfolio of a margined book. */
export interface BookRow {
  /** Place in the book, from 0. */
  readonly index: number;
  readonly name: string;
  readonly rowCount: number;
  /** Null where it is refused. */
  readonly figures: Readonly<Record<BatchFigure, number>> | null;
  /** Why; null where it is margined. */
  readonly refused: string | null;
}

/** A stretch of a margined book in some order. */
export interface BookPageQuestion {
  /** The book that is meant. */
  readonly bookHash: string;
  readonly order: BatchOrder;
  /** Only portfolios whose name has these letters, large or small; empty: all. */
  readonly words: string;
  readonly from: number;
  readonly count: number;
}

/** Its rows, and how many there are in that order. */
export interface BookPage {
  readonly rows: readonly BookRow[];
  readonly total: number;
}

/** One portfolio to be opened as a case. */
export interface BookPortfolio {
  readonly name: string;
  /** Netted by contract, those that come to nothing left out. */
  readonly positions: readonly SpanPosition[];
}
