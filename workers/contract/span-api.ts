/** Contract of the SPAN worker: named parameter sets, the margin of a case, its derivation, its path over dated sets. */
import type { Result } from '../../engine/core/result.ts';
import type { DerivationTerm } from '../../engine/margin/margin-report.ts';
import type { SpanAttribution } from '../../engine/margin/span/attribution.ts';
import type { PositionFile } from '../../engine/margin/span/files/position-files.ts';
import type {
  SpanClass,
  SpanFormat,
  SpanParameterSet,
  SpanScenario,
} from '../../engine/margin/span/parameter-set.ts';
import type { SpanReport } from '../../engine/margin/span/span-margin.ts';
import type { SpanPosition } from '../../engine/margin/span/span-portfolio.ts';
import type { BreakerRow, SupposedMove } from './breaker-board.ts';
import type {
  BookPage,
  BookPageQuestion,
  BookPortfolio,
  BookProgress,
  BookQuestion,
  BookSummary,
} from './span-book.ts';

export { SCENARIO_COUNT, SPAN_LABEL } from '../../engine/margin/span/parameter-set.ts';

/** How a set came to be open, so that it can be opened again. */
export type SetOrigin =
  /** Made from published outright margins; spreads by assumed rates, or not at all. */
  | { readonly kind: 'built-in'; readonly date: string; readonly spreads: 'assumed' | 'none' }
  | { readonly kind: 'file'; readonly name: string };

/** A parameter set that is open, without its contracts. */
export interface SetCard {
  readonly hash: string;
  readonly id: string;
  readonly date: string;
  readonly format: SpanFormat;
  readonly source: string;
  readonly origin: SetOrigin;
  readonly baseCurrency: string;
  readonly classes: readonly SpanClass[];
  readonly scenarios: readonly (SpanScenario & { readonly words: string })[];
  readonly commodityCount: number;
  readonly contractCount: number;
  readonly problemCount: number;
  /** The first of them. */
  readonly problems: SpanParameterSet['problems'];
  readonly notModelled: readonly string[];
}

/** What is margined: positions under one class of one set. */
export interface SpanCase {
  readonly setHash: string;
  /** Index into the set's classes. */
  readonly classIndex: number;
  readonly positions: readonly SpanPosition[];
}

/** Facts of a contract that a reader needs beside its figures. */
export interface ContractCard {
  readonly contract: string;
  readonly product: string;
  readonly name: string;
  readonly commodity: string;
  readonly currency: string;
  readonly type: string;
  readonly period: string;
  readonly option: {
    readonly right: 'call' | 'put';
    readonly strike: number;
    readonly period: string;
  } | null;
  /** Settlement price; null where the set has none. */
  readonly price: number | null;
  readonly multiplier: number;
  /** Price scan range, currency per contract; null where unknown. */
  readonly priceScan: number | null;
  readonly compositeDelta: number;
}

/** The margin of a case with what a screen shows beside it. */
export interface SpanAnswer {
  readonly report: SpanReport;
  /** Eight hex digits over case and result: the same case gives the same hash on every machine. */
  readonly runHash: string;
  readonly attribution: SpanAttribution;
  /** One for each contract held, in the order of the report. */
  readonly contracts: readonly ContractCard[];
}

/** A built-in date on which some margin changed. */
export interface HistoryPoint {
  readonly date: string;
  readonly setHash: string;
  /** Base currency; null where a position cannot be margined that day. */
  readonly requirement: number | null;
  /** Why not; empty where it can. */
  readonly reason: string;
}

/** Reading of a parameter file in progress. */
export interface ReadProgress {
  readonly name: string;
  readonly readBytes: number;
  readonly bytes: number;
}

/** Methods of the SPAN worker. */
export interface SpanApi {
  /** Heartbeat. */
  ping(): Promise<Result<null>>;
  /** The days the built-in sets cover, and those on which a margin changed. */
  builtInDates(): Promise<
    Result<{ readonly from: string; readonly to: string; readonly dates: readonly string[] }>
  >;
  openBuiltIn(question: {
    readonly date: string;
    readonly spreads: 'assumed' | 'none';
  }): Promise<Result<SetCard>>;
  /**
   * Reads .spn, .pa2 or a zip with one of them. Fails as the readers do, with `span/parameters-malformed` for other files,
   * `worker/cancelled`; sets that are open stay open.
   */
  readSet(question: { readonly name: string; readonly file: Blob }): Promise<Result<SetCard>>;
  readProgress(): Promise<Result<ReadProgress | null>>;
  cancelReading(): Promise<Result<null>>;
  /** Contracts that can be margined and whose id, product or month has all the words; in the order of the set. */
  findContracts(question: {
    readonly setHash: string;
    readonly words: string;
    readonly most: number;
  }): Promise<Result<readonly ContractCard[]>>;
  /** Fails with `span/set-missing` where the set is not open (any more), and as `spanMargin` does. */
  calculate(spanCase: SpanCase): Promise<Result<SpanAnswer>>;
  /** Built when it is asked for; fails as `calculate`. */
  explain(spanCase: SpanCase): Promise<Result<DerivationTerm>>;
  /** The requirement of the same contracts under the built-in set of each day on which a margin changed. */
  history(question: {
    readonly positions: SpanCase['positions'];
    readonly isMaintenance: boolean;
    readonly spreads: 'assumed' | 'none';
    readonly from: string;
    readonly to: string;
  }): Promise<Result<readonly HistoryPoint[]>>;
  /** Reads CSV, JSON or a PC-SPAN XML position file against the contracts of a set. */
  readPositions(question: { readonly setHash: string; readonly text: string }): Promise<Result<PositionFile>>;
  /**
   * Margins a book of portfolios; resolves at its end, and the book before it is forgotten then. A book that is begun ends the one in
   * progress.
   *
   * @param helper - port to a second SPAN worker that {@link help}s; null: this worker does it all
   *
   * Fails with `span/set-missing`, as the reader of books does, `worker/cancelled`; the book before stays.
   */
  marginBook(question: BookQuestion, helper: MessagePort | null): Promise<Result<BookSummary>>;
  /** Null while none is in progress. */
  bookProgress(): Promise<Result<BookProgress | null>>;
  cancelBook(): Promise<Result<null>>;
  /** Fails with `span/book-missing` where that book is not the one that was margined last. */
  bookPage(question: BookPageQuestion): Promise<Result<BookPage>>;
  bookPortfolio(question: {
    readonly bookHash: string;
    readonly index: number;
  }): Promise<Result<BookPortfolio>>;
  /** Every portfolio, in the order of the book, as CSV. */
  exportBook(question: { readonly bookHash: string }): Promise<Result<Blob>>;
  /** Margins parts of a book that comes by this port, until the worker is ended. */
  help(port: MessagePort): Promise<Result<null>>;
  /** The circuit breakers of several products after a supposed move. */
  supposedBreakers(question: SupposedMove): Promise<Result<readonly BreakerRow[]>>;
}
