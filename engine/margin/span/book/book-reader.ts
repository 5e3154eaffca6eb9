/** Reads a portfolio book from CSV in chunks of any size: `portfolio`, and the columns of a position file. */
import { readCsv, unescapeFormula } from '../../../accounting/csv.ts';
import { failure } from '../../../core/failure.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import {
  contractNames,
  POSITION_FIELDS,
  type PositionField,
  type PositionText,
  readPosition,
} from '../files/position-files.ts';
import type { SpanParameterSet } from '../parameter-set.ts';
import { BookDraft, type PortfolioBook } from './portfolio-book.ts';

/** Most rows and portfolios of a book, and most characters of a row and of a portfolio's name. */
export const BOOK_LIMITS = {
  rows: 5_000_000,
  portfolios: 1_000_000,
  rowCharacters: 4_000,
  name: 120,
} as const;

/** Problems that are listed one by one; the rest is counted. */
const PROBLEMS_LISTED = 200;

/** A row that could not be used. */
export interface BookProblem {
  readonly line: number;
  /** Empty where the row names none. */
  readonly portfolio: string;
  readonly message: string;
}

/** A book with what of its file could not be used. */
export interface ReadBook {
  readonly book: PortfolioBook;
  /** The first {@link PROBLEMS_LISTED}. */
  readonly problems: readonly BookProblem[];
  readonly problemCount: number;
  /** Rows that name no portfolio: nobody's requirement has them. */
  readonly strayRowCount: number;
}

type Column = PositionField | 'portfolio' | null;

/**
 * Takes the text of a file piece by piece with {@link push} and makes the book with {@link end}. Cells are parted by commas or
 * semicolons as the header is; contracts are named as in a position file. Rows of a portfolio may stand anywhere in the file.
 *
 * A row that cannot be used is a problem with its line, and leaves its portfolio unread: it is refused whole, and the others are
 * margined.
 */
export class BookReader {
  readonly #names: ReadonlyMap<string, string | null>;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #draft = new BookDraft();
  readonly #problems: BookProblem[] = [];
  #problemCount = 0;
  #strayRowCount = 0;
  #columns: readonly Column[] | null = null;
  #separator = ',';
  #line = 0;
  #rest = '';

  /** @param set - parameter set whose contracts the rows name */
  constructor(set: SpanParameterSet) {
    this.#names = contractNames(set.contracts);
    this.#indexOf = new Map(set.contracts.map(({ id }, i) => [id, i]));
  }

  /** Fails: `span/position-malformed` where the header lacks a column; `span/limit-exceeded`. Nothing can be pushed after that. */
  push(text: string): Result<null> {
    const all = this.#rest + text;
    let at = 0;
    for (;;) {
      const end = all.indexOf('\n', at);
      if (end === -1) break;
      const taken = this.#take(all.slice(at, end));
      if (!taken.ok) return taken;
      at = end + 1;
    }
    this.#rest = all.slice(at);
    return this.#rest.length > BOOK_LIMITS.rowCharacters
      ? tooMuch('characters in a row', BOOK_LIMITS.rowCharacters, this.#line + 1)
      : ok(null);
  }

  /** Fails as {@link push}, and where there was no header. */
  end(): Result<ReadBook> {
    const taken = this.#take(this.#rest);
    if (!taken.ok) return taken;
    this.#rest = '';
    if (this.#columns === null) {
      return fail('span/position-malformed', 'expected a header with portfolio,contract,lots, found no text');
    }
    return ok({
      book: this.#draft.build(),
      problems: this.#problems,
      problemCount: this.#problemCount,
      strayRowCount: this.#strayRowCount,
    });
  }

  #take(raw: string): Result<null> {
    this.#line++;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') return ok(null);
    if (this.#columns === null) return this.#takeHeader(line.replace(/^\ufeff/, ''));
    if (line.length > BOOK_LIMITS.rowCharacters) {
      return tooMuch('characters in a row', BOOK_LIMITS.rowCharacters, this.#line);
    }
    this.#takeRow(line, this.#columns);
    if (this.#draft.rowCount > BOOK_LIMITS.rows) return tooMuch('rows', BOOK_LIMITS.rows, this.#line);
    return this.#draft.portfolioCount > BOOK_LIMITS.portfolios
      ? tooMuch('portfolios', BOOK_LIMITS.portfolios, this.#line)
      : ok(null);
  }

  #takeHeader(line: string): Result<null> {
    this.#separator = line.includes(';') ? ';' : ',';
    const names = this.#cells(line) ?? [];
    const columns = names.map((name): Column => columnOf(name.trim().toLowerCase()));
    const has = (column: Column): boolean => columns.includes(column);
    const named = has('contract') || (has('pfCode') && has('pe'));
    if (!has('portfolio') || !named || !(has('lots') || has('net'))) {
      const expected = 'columns portfolio,contract,lots or portfolio,exch,pfCode,pfType,pe,o,k,net';
      return fail(
        'span/position-malformed',
        `line ${this.#line}: expected ${expected}, found "${line.slice(0, 60)}"`,
        { line: this.#line },
      );
    }
    this.#columns = columns;
    return ok(null);
  }

  #takeRow(line: string, columns: readonly Column[]): void {
    const cells = this.#cells(line);
    const text: Partial<Record<PositionField, string>> = {};
    let portfolio = '';
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c];
      const cell = (cells?.[c] ?? '').trim();
      if (column === 'portfolio') portfolio = unescapeFormula(cell);
      else if (column !== null && column !== undefined) text[column] = cell;
    }
    if (cells === null) this.#problem('', 'expected quotes around a whole cell and closed in its line');
    else if (portfolio === '' || portfolio.length > BOOK_LIMITS.name) {
      const found = portfolio === '' ? 'none' : `${portfolio.length} characters`;
      this.#problem('', `expected a portfolio of at most ${BOOK_LIMITS.name} characters, found ${found}`);
    } else this.#takePosition(portfolio, text);
  }

  #takePosition(portfolio: string, text: PositionText): void {
    const index = this.#draft.portfolio(portfolio);
    const position = readPosition(this.#names, text);
    if (position.ok) {
      const { contract, lots } = position.value;
      this.#draft.add(index, this.#indexOf.get(contract) ?? -1, lots);
    } else {
      const { code, message } = position.failure;
      this.#problem(portfolio, message);
      this.#draft.miss(index, failure(code, `line ${this.#line}: ${message}`, { line: this.#line }));
    }
  }

  #problem(portfolio: string, message: string): void {
    this.#problemCount++;
    if (portfolio === '') this.#strayRowCount++;
    if (this.#problems.length < PROBLEMS_LISTED)
      this.#problems.push({ line: this.#line, portfolio, message });
  }

  /** Null where quotes do not close. */
  #cells(line: string): readonly string[] | null {
    if (!line.includes('"')) return line.split(this.#separator);
    if (this.#separator === ';') return line.split(';').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const [row] = readCsv(line);
    return row === undefined || row.problem !== null ? null : row.cells;
  }
}

function columnOf(name: string): Column {
  if (name === 'portfolio' || name === 'account') return 'portfolio';
  return POSITION_FIELDS.find((field) => field.toLowerCase() === name) ?? null;
}

function tooMuch(what: string, most: number, line: number): Result<never> {
  return fail('span/limit-exceeded', `line ${line}: expected at most ${most} ${what}, found more`, { line });
}
