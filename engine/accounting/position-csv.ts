/** Positions as CSV: one row for each position, with the account's own fields repeated on its rows. */
import { compareDecimals, isDecimalText } from '../core/money.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { assembleAccount, type PlacedPosition } from './account-assembly.ts';
import { type CsvRow, escapeFormula, readCsv, unescapeFormula, writeCsv } from './csv.ts';
import { IMPORT_LIMITS, type ImportedPortfolio, ProblemList } from './import-problem.ts';
import type { Account, Portfolio, Position } from './portfolio.ts';
import {
  currencyOfPositions,
  FIELD_RULES,
  type FieldRule,
  instrumentOf,
  venueOfSymbol,
} from './position-rules.ts';

/** The columns, in the order they are written. They are read in any order. */
export const CSV_COLUMNS = [
  'account',
  'symbol',
  'side',
  'size',
  'entryPrice',
  'marginMode',
  'leverage',
  'isolatedWallet',
  'crossWalletBalance',
  'positionMode',
  'markPrice',
] as const;

type Column = (typeof CSV_COLUMNS)[number];

const REQUIRED: readonly Column[] = CSV_COLUMNS.slice(0, 7);
const OF_POSITION: readonly Column[] = ['symbol', 'side', 'size', 'entryPrice', 'marginMode', 'leverage'];

/**
 * A row whose account fields read well. Its position is null where the row states an account only, and where the
 * position's own fields do not read well (`good` is false then).
 */
interface Draft {
  readonly line: number;
  readonly good: boolean;
  readonly account: string;
  readonly positionMode: string;
  readonly crossWalletBalance: string;
  readonly position: Position | null;
}

/**
 * Reads positions from CSV. Rows that read well are kept whatever the others do.
 *
 * Fails: `portfolio/file-malformed` without a usable header, `portfolio/limit-exceeded` beyond `IMPORT_LIMITS`.
 */
export function importCsv(text: string): Result<ImportedPortfolio> {
  const rows = readCsv(text).filter((row) => row.problem !== null || row.cells.some((cell) => cell !== ''));
  const [header, ...body] = rows;
  if (header === undefined)
    return fail('portfolio/file-malformed', 'expected a header row, found an empty file');
  if (body.length > IMPORT_LIMITS.rows) {
    return fail(
      'portfolio/limit-exceeded',
      `expected at most ${IMPORT_LIMITS.rows} rows, found ${body.length}`,
    );
  }
  const long = rows.find((row) => row.cells.some((cell) => cell.length > IMPORT_LIMITS.fieldCharacters));
  if (long !== undefined) {
    const why = `line ${long.line}: expected at most ${IMPORT_LIMITS.fieldCharacters} characters in a field`;
    return fail('portfolio/limit-exceeded', why, { line: long.line });
  }
  const problems = new ProblemList();
  const columns = readHeader(header, problems);
  if (!columns.ok) return columns;
  const drafts = body.flatMap((row) => readRow(row, header.cells.length, columns.value, problems) ?? []);
  const accounts = accountsOf(drafts, problems);
  const positions = accounts.reduce((sum, account) => sum + account.positions.length, 0);
  return ok({ accounts, positions, problems: problems.list() });
}

/** Where each known column stands. Names are compared without regard to case and outer blanks; they are never used as keys of an object. */
function readHeader(header: CsvRow, problems: ProblemList): Result<ReadonlyMap<Column, number>> {
  if (header.problem !== null) {
    return fail('portfolio/file-malformed', `line ${header.line}: ${header.problem}`, { line: header.line });
  }
  const known = new Map<string, Column>(CSV_COLUMNS.map((column) => [column.toLowerCase(), column]));
  const columns = new Map<Column, number>();
  for (const [index, cell] of header.cells.entries()) {
    const column = known.get(cell.trim().toLowerCase());
    if (column === undefined) {
      problems.add({
        line: header.line,
        column: cell.trim(),
        expected: `one of ${CSV_COLUMNS.join(', ')}`,
        found: cell,
      });
    } else if (columns.has(column)) {
      return fail('portfolio/file-malformed', `expected the column ${column} once, found it twice`);
    } else {
      columns.set(column, index);
    }
  }
  const missing = REQUIRED.filter((column) => !columns.has(column));
  if (missing.length > 0) {
    const hint = header.cells.length === 1 && header.cells[0]?.includes(';') ? ' (separated by commas)' : '';
    const found = header.cells.join(',').slice(0, 120);
    return fail(
      'portfolio/file-malformed',
      `expected a header row${hint} with ${missing.join(', ')}, found "${found}"`,
      { line: header.line },
    );
  }
  return ok(columns);
}

function readRow(
  row: CsvRow,
  width: number,
  columns: ReadonlyMap<Column, number>,
  problems: ProblemList,
): Draft | null {
  const { line, cells } = row;
  if (row.problem !== null) {
    problems.add({
      line,
      column: '',
      expected: 'fields separated by commas, quoted where needed',
      found: row.problem,
    });
    return null;
  }
  if (cells.length !== width) {
    problems.add({
      line,
      column: '',
      expected: `${width} fields, as in the header`,
      found: `${cells.length} fields`,
    });
    return null;
  }
  let wrong = 0;
  const raw = (column: Column): string => cells[columns.get(column) ?? -1] ?? '';
  const cell = (column: Column): string => raw(column).trim();
  const check: Check = (column, text, rule) => {
    if (!rule.accepts(text)) {
      problems.add({ line, column, expected: rule.expected, found: text });
      wrong++;
    }
    return text;
  };
  const account = check('account', unescapeFormula(raw('account')), FIELD_RULES.name);
  const crossWalletBalance = optional(check, cell, 'crossWalletBalance');
  const positionMode = optional(check, cell, 'positionMode');
  if (wrong > 0) return null;
  const ofAccountOnly = OF_POSITION.every((column) => cell(column) === '');
  const position = ofAccountOnly ? null : readPosition(account, cell, check);
  const good = wrong === 0;
  return { line, good, account, crossWalletBalance, positionMode, position: good ? position : null };
}

/** Text of a column without outer blanks; empty where the file has no such column. */
type Cell = (column: Column) => string;

/** Reports a text that breaks its rule, and gives it back. */
type Check = (column: Column, text: string, rule: FieldRule) => string;

function optional(
  check: Check,
  cell: Cell,
  column: 'crossWalletBalance' | 'positionMode' | 'markPrice',
): string {
  const text = cell(column).toLowerCase();
  return text === '' ? '' : check(column, text, FIELD_RULES[column]);
}

function readPosition(account: string, cell: Cell, check: Check): Position {
  const [venueText, symbolText] = splitInstrument(cell('symbol'));
  const symbol = check('symbol', symbolText, FIELD_RULES.symbol);
  const venue = venueText === null ? venueOfSymbol(symbol) : check('symbol', venueText, FIELD_RULES.venue);
  const side = check('side', cell('side').toLowerCase(), FIELD_RULES.side);
  const marginMode = check('marginMode', cell('marginMode').toLowerCase(), FIELD_RULES.marginMode);
  const size = check('size', cell('size'), FIELD_RULES.size);
  const entryPrice = check('entryPrice', cell('entryPrice'), FIELD_RULES.entryPrice);
  const leverage = Number(check('leverage', cell('leverage'), FIELD_RULES.leverage));
  const wallet = cell('isolatedWallet');
  if (marginMode === 'isolated') check('isolatedWallet', wallet, FIELD_RULES.isolatedWallet);
  else if (wallet !== '') check('isolatedWallet', wallet, NOTHING_FOR_CROSS);
  const markPrice = optional(check, cell, 'markPrice');
  return {
    id: `${account}/${venueText === null ? symbol : `${venue}:${symbol}`}/${side}`,
    venue: venue === 'cme-globex' ? 'cme-globex' : 'binance-usdm',
    symbol,
    side: side === 'short' ? 'short' : 'long',
    size,
    entryPrice,
    marginMode: marginMode === 'isolated' ? 'isolated' : 'cross',
    leverage,
    isolatedWallet: wallet === '' ? null : wallet,
    givenMarkPrice: markPrice === '' ? null : markPrice,
  };
}

const NOTHING_FOR_CROSS: FieldRule = { expected: 'nothing for a cross position', accepts: () => false };

/** `venue:SYMBOL` or `SYMBOL`; symbols are written in capitals. */
function splitInstrument(text: string): [string | null, string] {
  const colon = text.indexOf(':');
  return colon === -1
    ? [null, text.toUpperCase()]
    : [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).toUpperCase()];
}

function accountsOf(drafts: readonly Draft[], problems: ProblemList): readonly Account[] {
  const byAccount = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const group = byAccount.get(draft.account);
    if (group === undefined) byAccount.set(draft.account, [draft]);
    else group.push(draft);
  }
  const used = new Set<string>();
  return [...byAccount].flatMap(([name, group]) => accountOf(name, group, used, problems) ?? []);
}

/** One account from its rows. Its own fields come from the first row that states them; a row that says otherwise is left out. */
function accountOf(
  name: string,
  group: readonly Draft[],
  used: Set<string>,
  problems: ProblemList,
): Account | null {
  if (!group.some((draft) => draft.good)) return null;
  const mode = group.find((draft) => draft.positionMode !== '');
  const balance = group.find((draft) => draft.crossWalletBalance !== '');
  const agreeing = group.filter((draft) => {
    if (draft.positionMode !== '' && draft.positionMode !== mode?.positionMode) {
      const expected = `${mode?.positionMode}, as on line ${mode?.line}`;
      problems.add({ line: draft.line, column: 'positionMode', expected, found: draft.positionMode });
      return false;
    }
    const { crossWalletBalance: stated } = draft;
    if (stated !== '' && compareDecimals(stated, balance?.crossWalletBalance ?? stated) !== 0) {
      const expected = `${balance?.crossWalletBalance}, as on line ${balance?.line}`;
      problems.add({ line: draft.line, column: 'crossWalletBalance', expected, found: stated });
      return false;
    }
    return true;
  });
  const placed = agreeing.flatMap((draft): PlacedPosition[] => {
    if (draft.position === null) return [];
    if (draft.position.marginMode === 'cross' && balance === undefined) {
      const expected = `${FIELD_RULES.crossWalletBalance.expected}, on one row of the account`;
      problems.add({ line: draft.line, column: 'crossWalletBalance', expected, found: '' });
      return [];
    }
    return [{ position: draft.position, line: draft.line, columnOf: csvColumn }];
  });
  const head = {
    id: name,
    name,
    demo: false,
    currency: currencyOfPositions(placed.map(({ position }) => position)),
    positionMode: mode?.positionMode === 'hedge' ? 'hedge' : 'one-way',
    crossWalletBalance: balance?.crossWalletBalance ?? '0',
  } as const;
  return assembleAccount(head, placed, used, problems);
}

function csvColumn(field: string): string {
  return field === 'givenMarkPrice' ? 'markPrice' : field === 'id' ? 'symbol' : field;
}

/**
 * Writes positions as CSV: columns in {@link CSV_COLUMNS} order, CRLF line ends, accounts and positions in their own
 * order, an account without positions as a row of its own. Ids, and whether an account is the demo one, are not kept.
 */
export function exportCsv(portfolio: Portfolio): string {
  const { accounts } = portfolio;
  const names = new Set(accounts.map(({ name }) => name).filter((name) => FIELD_RULES.name.accepts(name)));
  const named = names.size === accounts.length;
  const rows = accounts.flatMap((account) => {
    const name = named ? account.name : account.id;
    return account.positions.length === 0
      ? [rowOf(name, account, null)]
      : account.positions.map((position) => rowOf(name, account, position));
  });
  return writeCsv([CSV_COLUMNS, ...rows]);
}

function rowOf(name: string, account: Account, position: Position | null): readonly string[] {
  const ofPosition =
    position === null
      ? ['', '', '', '', '', '', '']
      : [
          venueOfSymbol(position.symbol) === position.venue ? position.symbol : instrumentOf(position),
          position.side,
          position.size,
          position.entryPrice,
          position.marginMode,
          String(position.leverage),
          position.isolatedWallet ?? '',
        ];
  const row = [
    name,
    ...ofPosition,
    account.crossWalletBalance,
    account.positionMode,
    position?.givenMarkPrice ?? '',
  ];
  return row.map((text) => (isDecimalText(text) ? text : escapeFormula(text)));
}
