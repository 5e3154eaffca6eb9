/** Closes from a CSV file: a row a close, or a row an instant with a column an instrument. Bad rows are named, good ones kept. */
import { type CsvRow, readCsv } from '../../accounting/csv.ts';
import { type ImportProblem, ProblemList } from '../../accounting/import-problem.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type CivilDay, civilDay, dateOf } from '../../reference/calendar/civil-day.ts';
import type { PriceHistory, PriceSeries } from './price-history.ts';

/** Most of everything that is read; beyond it the file is refused. */
export const PRICE_FILE_LIMITS = { characters: 32_000_000, rows: 300_000, instruments: 200 } as const;

/** A file that was read. */
export interface PriceFile {
  readonly history: PriceHistory;
  /** Closes that were taken. */
  readonly closes: number;
  readonly problems: readonly ImportProblem[];
}

const TIME_NAMES: readonly string[] = ['time', 'date', 'timestamp'];
const INSTRUMENT_NAMES: readonly string[] = ['instrument', 'symbol', 'pair'];
const NAME = /^[A-Z0-9][A-Z0-9:/._-]{0,39}$/;
const CLOSE = /^\d+(\.\d+)?([eE][+-]?\d{1,3})?$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|\+00:?00)?)?$/;
const EPOCH_MS = /^\d{12,14}$/;

/** Where each thing stands in a row. */
interface Layout {
  readonly time: number;
  /** Columns of closes: of the instrument that the row names where `name` is null, else of this one. */
  readonly closes: readonly { readonly at: number; readonly name: string | null }[];
  /** Column of the instrument's name; −1 in a wide file. */
  readonly instrument: number;
}

/**
 * Reads closes: `time,instrument,close` in any order and among other columns, or wide, `date,BTCUSDT,ES`. Times are ISO dates or
 * date-times in UTC, or milliseconds since 1970. An empty cell of a wide file is no close and no problem.
 *
 * Fails: `portfolio/history-malformed` without a usable header or a single close, `portfolio/limit-exceeded` beyond
 * {@link PRICE_FILE_LIMITS}.
 */
export function readPriceFile(text: string): Result<PriceFile> {
  const { characters, rows: mostRows } = PRICE_FILE_LIMITS;
  if (text.length > characters) {
    const why = `expected at most ${characters} characters, found ${text.length}`;
    return fail('portfolio/limit-exceeded', why);
  }
  const rows = readCsv(text).filter((row) => row.problem !== null || row.cells.some((cell) => cell !== ''));
  const [header, ...body] = rows;
  if (header === undefined)
    return fail('portfolio/history-malformed', 'expected a header row, found an empty file');
  if (body.length > mostRows) {
    return fail('portfolio/limit-exceeded', `expected at most ${mostRows} rows, found ${body.length}`);
  }
  const layout = readLayout(header);
  if (!layout.ok) return layout;
  const problems = new ProblemList();
  const closes = new Map<string, Map<number, number>>();
  for (const row of body) readRow(row, header.cells.length, layout.value, closes, problems);
  let count = 0;
  const series = new Map<string, PriceSeries>();
  for (const [name, byTime] of closes) {
    const sorted = [...byTime].sort(([a], [b]) => a - b);
    count += sorted.length;
    series.set(name, { atMicros: sorted.map(([at]) => at), closes: sorted.map(([, close]) => close) });
  }
  const found = problems.list();
  if (count === 0) {
    const [first] = found;
    const where =
      first === undefined ? '' : `; line ${first.line}: expected ${first.expected}, found "${first.found}"`;
    return fail('portfolio/history-malformed', `expected closes, found none${where}`);
  }
  return ok({ history: { origin: 'file', series }, closes: count, problems: found });
}

function readLayout(header: CsvRow): Result<Layout> {
  const malformed = (why: string): Result<never> =>
    fail('portfolio/history-malformed', `line ${header.line}: ${why}`, { line: header.line });
  if (header.problem !== null) return malformed(header.problem);
  const names = header.cells.map((cell) => cell.trim());
  const small = names.map((name) => name.toLowerCase());
  const time = small.findIndex((name) => TIME_NAMES.includes(name));
  if (time < 0) return malformed(`expected a column ${TIME_NAMES.join(' or ')}, found "${cut(names)}"`);
  const close = small.indexOf('close');
  const instrument = small.findIndex((name) => INSTRUMENT_NAMES.includes(name));
  if (close >= 0 && instrument >= 0) {
    return ok({ time, instrument, closes: [{ at: close, name: null }] });
  }
  if (close >= 0 || instrument >= 0) {
    const lacks = close >= 0 ? INSTRUMENT_NAMES.join(' or ') : 'close';
    return malformed(`expected a column ${lacks} too, found "${cut(names)}"`);
  }
  const wide = names
    .map((name, at) => ({ at, name: name.toUpperCase() }))
    .filter(({ at, name }) => at !== time && name !== '');
  const odd = wide.find(({ name }, i) => !NAME.test(name) || wide.findIndex((w) => w.name === name) !== i);
  if (odd !== undefined) return malformed(`expected instruments as columns, each once, found "${odd.name}"`);
  if (wide.length === 0) return malformed('expected a column of closes beside the time');
  if (wide.length > PRICE_FILE_LIMITS.instruments) {
    return malformed(`expected at most ${PRICE_FILE_LIMITS.instruments} instruments, found ${wide.length}`);
  }
  return ok({ time, instrument: -1, closes: wide });
}

function cut(names: readonly string[]): string {
  return names.join(',').slice(0, 120);
}

function readRow(
  row: CsvRow,
  width: number,
  layout: Layout,
  closes: Map<string, Map<number, number>>,
  problems: ProblemList,
): void {
  const { line, cells } = row;
  const atMicros = readTime((cells[layout.time] ?? '').trim());
  const fault = rowFault(row, width, layout, atMicros);
  if (fault !== null) problems.add({ line, ...fault });
  if (fault !== null || atMicros === null) return;
  for (const { at, name } of layout.closes) {
    const text = (cells[at] ?? '').trim();
    if (text === '' && name !== null) continue;
    const instrument = name ?? (cells[layout.instrument] ?? '').trim().toUpperCase();
    const expected = closeFault(text, instrument, atMicros, closes);
    if (expected === null) take(closes, instrument, atMicros, Number(text));
    else problems.add({ line, column: name ?? 'close', expected, found: `${instrument} ${text}` });
  }
}

function rowFault(
  { cells, problem }: CsvRow,
  width: number,
  { time }: Layout,
  atMicros: number | null,
): Pick<ImportProblem, 'column' | 'expected' | 'found'> | null {
  if (problem !== null) {
    return { column: '', expected: 'fields separated by commas, quoted where needed', found: problem };
  }
  if (cells.length !== width) {
    return { column: '', expected: `${width} fields, as in the header`, found: `${cells.length} fields` };
  }
  if (atMicros !== null) return null;
  const expected = 'a date or date-time in UTC, or milliseconds since 1970';
  return { column: 'time', expected, found: cells[time] ?? '' };
}

/** What was expected of a close that cannot be taken; null for one that can. */
function closeFault(
  text: string,
  instrument: string,
  atMicros: number,
  closes: ReadonlyMap<string, ReadonlyMap<number, number>>,
): string | null {
  if (!NAME.test(instrument)) return 'the name of an instrument';
  if (!(CLOSE.test(text) && isPrice(Number(text)))) return 'a price above 0';
  const known = closes.get(instrument);
  if (known?.has(atMicros) === true) return 'one close of an instrument at a time';
  if (known === undefined && closes.size >= PRICE_FILE_LIMITS.instruments) {
    return `at most ${PRICE_FILE_LIMITS.instruments} instruments`;
  }
  return null;
}

/** A price beyond these is a slip; their ratios stay finite. */
function isPrice(value: number): boolean {
  return value >= 1e-12 && value <= 1e12;
}

function take(closes: Map<string, Map<number, number>>, name: string, atMicros: number, close: number): void {
  const known = closes.get(name);
  if (known === undefined) closes.set(name, new Map([[atMicros, close]]));
  else known.set(atMicros, close);
}

/** Microseconds since 1970 of a time in a file; null for what is none, as 31 February. */
function readTime(text: string): number | null {
  if (EPOCH_MS.test(text)) return Number(text) * 1_000;
  const match = ISO.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  const civil: CivilDay = civilDay(year, month, day);
  const back = dateOf(civil);
  if (back.month !== month || back.day !== day) return null;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return null;
  return (civil * 86_400 + (hour ?? 0) * 3_600 + (minute ?? 0) * 60 + (second ?? 0)) * 1e6;
}
