/** Bracket tables by date: the compact text they are published in, read and checked, and the choice of the one in force. */
import { tableInForce } from '../../core/dated.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { increment, parseMultiple } from '../../core/units.ts';
import {
  checkBrackets,
  maintenanceAmountAt,
  type NotionalBracket,
  type NotionalBrackets,
  RATE_UNITS,
} from './notional-bracket.ts';

/** The brackets of every symbol of a venue as they stood on one day. */
export interface BracketTable {
  /** ISO day the table was in force on, e.g. '2026-05-01'. */
  readonly date: string;
  /** Where the facts were read. */
  readonly source: string;
  readonly symbols: ReadonlyMap<string, NotionalBrackets>;
}

/** Days of the tables published under `public/brackets/<date>.txt`, oldest first. */
export const BRACKET_TABLE_DATES: readonly string[] = [
  '2021-03-01',
  '2022-02-12',
  '2024-10-24',
  '2026-05-01',
];

const RATE_STEP = increment('0.000001');
const CAP_STEP = increment('1');
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads one table.
 *
 * Format: header lines `# name: value` (`date` and `source` are required, others are notes), then one line for each
 * group of symbols with equal brackets: `SYMBOL[,SYMBOL…] cap:rate@leverage cap:rate@leverage …`. Caps are whole quote units,
 * `none` for a last bracket without one; rates are fractions; `@leverage` is left out where the venue's table had
 * none. Floors and maintenance amounts are not written: they follow from the rules.
 *
 * Fails: `margin/bracket-table-malformed` with the line, for anything unreadable and for any breach of the five
 * rules of {@link checkBrackets}.
 *
 * @example 'BTCUSDT 50000:0.004@125 250000:0.005@100'
 */
export function parseBracketTable(text: string): Result<BracketTable> {
  const header = new Map<string, string>();
  const symbols = new Map<string, NotionalBrackets>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const note = /^# ([a-z]+): (.+)$/.exec(line);
    if (note?.[1] !== undefined && note[2] !== undefined) {
      header.set(note[1], note[2]);
      continue;
    }
    if (line.startsWith('#')) continue;
    const read = readLine(line, symbols);
    if (read !== null) return malformed(index + 1, read);
  }
  const date = header.get('date') ?? '';
  const source = header.get('source') ?? '';
  if (!DAY.test(date)) return malformed(1, `expected a header "# date: YYYY-MM-DD", found "${date}"`);
  if (source === '') return malformed(1, 'expected a header "# source: …", found none');
  if (symbols.size === 0) return malformed(1, 'expected at least one symbol, found none');
  return ok({ date, source, symbols });
}

/** Reads one line of symbols into the map; answers what is wrong with it, or null. */
function readLine(line: string, symbols: Map<string, NotionalBrackets>): string | null {
  const [names = '', ...bands] = line.split(' ');
  const brackets: NotionalBracket[] = [];
  for (const band of bands) {
    const next = readBand(band, brackets.at(-1));
    if (typeof next === 'string') return next;
    brackets.push(next);
  }
  for (const symbol of names.split(',')) {
    if (symbol === '' || symbols.has(symbol)) return `expected a new symbol, found "${symbol}"`;
    const breach = checkBrackets(symbol, brackets);
    if (breach !== null) return breach.message;
    symbols.set(symbol, brackets);
  }
  return null;
}

function readBand(band: string, previous: NotionalBracket | undefined): NotionalBracket | string {
  const match = /^(none|\d+):([\d.]+)(?:@(\d+))?$/.exec(band);
  const capText = match?.[1];
  const rateText = match?.[2];
  if (capText === undefined || rateText === undefined) {
    return `expected cap:rate or cap:rate@leverage, found "${band.slice(0, 40)}"`;
  }
  if (previous !== undefined && previous.cap === null) return 'expected no bracket after one without a cap';
  const cap = capText === 'none' ? ok(null) : parseMultiple(capText, CAP_STEP);
  const rate = parseMultiple(rateText, RATE_STEP);
  if (!cap.ok) return cap.failure.message;
  if (!rate.ok) return rate.failure.message;
  const floor = previous?.cap ?? 0;
  const maintenanceMarginRate = rate.value / RATE_UNITS;
  return {
    number: (previous?.number ?? 0) + 1,
    floor,
    cap: cap.value,
    maintenanceMarginRate,
    maxLeverage: match?.[3] === undefined ? null : Number(match[3]),
    maintenanceAmount:
      previous === undefined ? 0 : maintenanceAmountAt(floor, previous, maintenanceMarginRate),
  };
}

function malformed(line: number, why: string): ReturnType<typeof fail> {
  return fail('margin/bracket-table-malformed', `line ${line}: ${why}`, { line });
}

/**
 * The table in force on a day: the newest one not after it.
 *
 * @param day - ISO day
 *
 * Fails: `margin/table-missing` when all tables are newer, or none is given.
 */
export function bracketTableOn(tables: readonly BracketTable[], day: string): Result<BracketTable> {
  const found = tableInForce(tables, day);
  return found === null ? missing(day) : ok(found);
}

/**
 * The day of the published table in force on a day, so that a replay or a scenario of that day can ask for it.
 *
 * @param day - ISO day
 *
 * Fails: `margin/table-missing` before the first table.
 *
 * @example '2024-08-08' → '2022-02-12', the newest of {@link BRACKET_TABLE_DATES} not after it
 */
export function bracketTableDateOn(day: string): Result<string> {
  const found = tableInForce(
    BRACKET_TABLE_DATES.map((date) => ({ date })),
    day,
  );
  return found === null ? missing(day) : ok(found.date);
}

function missing(day: string): ReturnType<typeof fail> {
  return fail('margin/table-missing', `no bracket table was in force on ${day}`, { day });
}

/**
 * The brackets of one symbol.
 *
 * Fails: `margin/bracket-missing` when the table has no such symbol; never an empty schedule or a zero rate.
 */
export function bracketsOf(table: BracketTable, symbol: string): Result<NotionalBrackets> {
  const brackets = table.symbols.get(symbol);
  if (brackets === undefined) {
    return fail(
      'margin/bracket-missing',
      `no notional brackets for ${symbol} in the table of ${table.date}`,
      {
        symbol,
        tableDate: table.date,
      },
    );
  }
  return ok(brackets);
}
