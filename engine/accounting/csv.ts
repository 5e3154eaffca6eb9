/** Comma-separated text, read and written strictly by RFC 4180, with line numbers kept for messages. */

/** One record. `problem` says why its cells cannot be trusted; null when they can. */
export interface CsvRow {
  /** Line on which the record starts, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly problem: string | null;
}

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Splits text into records: fields are separated by commas, quoted fields may hold commas, line ends and doubled quotes,
 * lines end in LF, CRLF or CR. A leading byte order mark is dropped; an empty line is a record of one empty cell.
 *
 * Never fails as a whole: a record with a stray or missing quote carries its problem and reading goes on at the next line.
 */
export function readCsv(text: string): readonly CsvRow[] {
  const reader = new Reader(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  const rows: CsvRow[] = [];
  while (!reader.done()) rows.push(reader.row());
  return rows;
}

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  done(): boolean {
    return this.#at >= this.#text.length;
  }

  row(): CsvRow {
    const line = this.#line;
    const cells: string[] = [];
    for (;;) {
      const cell = this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
      if (cell.problem !== null) {
        this.#skipLine();
        return { line, cells, problem: cell.problem };
      }
      cells.push(cell.text);
      if (this.#text[this.#at] !== ',') break;
      this.#at++;
    }
    this.#endLine();
    return { line, cells, problem: null };
  }

  #plain(): { text: string; problem: string | null } {
    const start = this.#at;
    while (!this.#atEnd() && this.#text[this.#at] !== ',') {
      if (this.#text[this.#at] === '"') return { text: '', problem: 'a quote inside an unquoted field' };
      this.#at++;
    }
    return { text: this.#text.slice(start, this.#at), problem: null };
  }

  #quoted(): { text: string; problem: string | null } {
    const parts: string[] = [];
    for (;;) {
      const close = this.#text.indexOf('"', this.#at + 1);
      if (close === -1) return { text: '', problem: 'an opening quote without a closing one' };
      const part = this.#text.slice(this.#at + 1, close);
      this.#line += countLineEnds(part);
      parts.push(part);
      this.#at = close + 1;
      if (this.#text[this.#at] !== '"') break;
    }
    if (!this.#atEnd() && this.#text[this.#at] !== ',') {
      return { text: '', problem: 'text after a closing quote' };
    }
    return { text: parts.join('"'), problem: null };
  }

  #atEnd(): boolean {
    const char = this.#text[this.#at];
    return char === undefined || char === '\n' || char === '\r';
  }

  #skipLine(): void {
    while (!this.#atEnd()) this.#at++;
    this.#endLine();
  }

  #endLine(): void {
    if (this.done()) return;
    this.#at += this.#text[this.#at] === '\r' && this.#text[this.#at + 1] === '\n' ? 2 : 1;
    this.#line++;
  }
}

function countLineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** Writes records with CRLF line ends, quoting only where the text needs it. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(quoteWhereNeeded).join(',')}\r\n`).join('');
}

function quoteWhereNeeded(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Makes a text cell harmless to spreadsheets, which run cells that start with = + − @, tab or CR as formulas: such a
 * cell, and one that starts with an apostrophe, gets an apostrophe in front.
 */
export function escapeFormula(text: string): string {
  return /^[=+\-@\t\r']/.test(text) ? `'${text}` : text;
}

/** Undoes {@link escapeFormula}; other text stays as it is. */
export function unescapeFormula(text: string): string {
  return /^'[=+\-@\t\r']/.test(text) ? text.slice(1) : text;
}
