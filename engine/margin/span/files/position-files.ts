/** Position files for SPAN: CSV, JSON and PC-SPAN's XML, read against the contracts of a parameter set. */
import { fail, ok, type Result } from '../../../core/result.ts';
import type { SpanContract } from '../parameter-set.ts';
import { isWholeLots, LOTS_LIMIT, type SpanPosition } from '../span-portfolio.ts';
import { XmlTokenizer } from './xml-tokenizer.ts';

/** What a position file was found to hold. */
export interface PositionFile {
  readonly format: 'csv' | 'json' | 'xml';
  /** Positions that read well, those of one contract added up, in the order of the file. */
  readonly positions: readonly SpanPosition[];
  /** What could not be used, and where. */
  readonly problems: readonly { readonly place: string; readonly message: string }[];
}

/** Most characters and positions of a file. */
export const POSITION_FILE_LIMITS = { characters: 20_000_000, positions: 100_000 } as const;

/** Fields of PC-SPAN's XML; a CSV file may have them as columns. */
export const POSITION_FIELDS = [
  'exch',
  'pfCode',
  'pfType',
  'pe',
  'undPe',
  'o',
  'k',
  'net',
  'contract',
  'lots',
] as const;
/** One of them. */
export type PositionField = (typeof POSITION_FIELDS)[number];
/** What a file says of one position, as text. */
export type PositionText = Partial<Record<PositionField, string>>;
type Row = PositionText & { readonly place: string };

const MONTH_CODES = 'FGHJKMNQUVXZ';

/**
 * Reads a file of positions. CSV and JSON name a contract by its id (`CME:ES:FUT:202006`), by product and month
 * (`ES 202006`) or by symbol (`ESM20`, `ESM0`), beside `lots`; or by the fields of PC-SPAN's XML: exch, pfCode, pfType, pe, o,
 * k, net.
 *
 * Fails: `span/position-malformed` where the file is none of the three; `span/limit-exceeded`. A row that cannot be used is a
 * problem with its place, and the rest is read.
 */
export function readPositionFile(contracts: readonly SpanContract[], text: string): Result<PositionFile> {
  if (text.length > POSITION_FILE_LIMITS.characters) {
    const most = POSITION_FILE_LIMITS.characters;
    return fail('span/limit-exceeded', `expected at most ${most} characters, found ${text.length}`);
  }
  const first = text.trimStart().charAt(0);
  const format = first === '<' ? 'xml' : first === '{' || first === '[' ? 'json' : 'csv';
  const rows = format === 'xml' ? xmlRows(text) : format === 'json' ? jsonRows(text) : csvRows(text);
  if (!rows.ok) return rows;
  if (rows.value.length > POSITION_FILE_LIMITS.positions) {
    const most = POSITION_FILE_LIMITS.positions;
    return fail('span/limit-exceeded', `expected at most ${most} positions, found ${rows.value.length}`);
  }
  return ok({ format, ...matched(contracts, rows.value) });
}

function matched(
  contracts: readonly SpanContract[],
  rows: readonly Row[],
): Pick<PositionFile, 'positions' | 'problems'> {
  const index = contractNames(contracts);
  const held = new Map<string, number>();
  const problems: { place: string; message: string }[] = [];
  for (const row of rows) {
    const position = readPosition(index, row);
    if (position.ok) {
      const { contract, lots } = position.value;
      held.set(contract, (held.get(contract) ?? 0) + lots);
    } else problems.push({ place: row.place, message: position.failure.message });
  }
  const positions = [...held].map(([contract, lots]) => ({ contract, lots }));
  return { positions: positions.filter(({ lots }) => lots !== 0), problems };
}

/**
 * The position that one row of a file names.
 *
 * Fails: `span/contract-missing` (no contract of the set, or more than one, has that name), `span/position-malformed` (not a
 * whole number of contracts, too many).
 *
 * @param names - {@link contractNames} of the set
 */
export function readPosition(
  names: ReadonlyMap<string, string | null>,
  text: PositionText,
): Result<SpanPosition> {
  const name = text.contract ?? fieldName(text);
  const contract = names.get(name.toUpperCase()) ?? null;
  if (contract === null) {
    return fail('span/contract-missing', `expected a contract of the set, found "${name}"`);
  }
  const written = (text.lots ?? text.net ?? '').trim();
  const lots = Number(written);
  if (written === '' || !isWholeLots(lots)) {
    return fail(
      'span/position-malformed',
      `expected whole contracts, at most ${LOTS_LIMIT}, found "${written}"`,
    );
  }
  return ok({ contract, lots });
}

/** Every name a contract may have in a file, in capitals; a name that two contracts share names neither. */
export function contractNames(contracts: readonly SpanContract[]): ReadonlyMap<string, string | null> {
  const index = new Map<string, string | null>();
  const add = (name: string, id: string): void => {
    const key = name.toUpperCase();
    const known = index.get(key);
    index.set(key, known === undefined || known === id ? id : null);
  };
  for (const contract of contracts) {
    const { id, exchange, product, type, period, option } = contract;
    const named = option?.period ?? period;
    const tail =
      option === null
        ? ''
        : `:${option.right === 'call' ? 'C' : 'P'}:${Number(option.strike.toPrecision(12))}`;
    add(`${exchange}:${product}:${type}:${named}${tail}`, id);
    if (option !== null || type !== 'FUT') continue;
    add(`${product} ${period}`, id);
    const letter = MONTH_CODES.charAt(Number(period.slice(4, 6)) - 1);
    if (letter === '' || period.length !== 6) continue;
    add(`${product}${letter}${period.slice(2, 4)}`, id);
    add(`${product}${letter}${period.slice(3, 4)}`, id);
  }
  // An id always names its own contract.
  for (const { id } of contracts) index.set(id.toUpperCase(), id);
  return index;
}

function fieldName(row: PositionText): string {
  const { exch = '', pfCode = '', pfType = '', pe = '', o = '', k = '' } = row;
  const right = o.trim().toUpperCase();
  const tail = right === '' ? '' : `:${right}:${Number(k)}`;
  return `${exch.trim()}:${pfCode.trim()}:${pfType.trim()}:${pe.trim()}${tail}`;
}

function csvRows(text: string): Result<readonly Row[]> {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const cells = (line: string): string[] =>
    line.split(line.includes(';') ? ';' : ',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const [header = ''] = lines;
  const columns = cells(header).map(
    (name) => POSITION_FIELDS.find((field) => field.toLowerCase() === name.toLowerCase()) ?? null,
  );
  const has = (field: PositionField): boolean => columns.includes(field);
  if (!(has('contract') || (has('pfCode') && has('pe'))) || !(has('lots') || has('net'))) {
    const expected = 'columns contract,lots or exch,pfCode,pfType,pe,o,k,net';
    const fixedWidth = /^1 {2}\d{8}/.test(header)
      ? '; this looks like a fixed-width position file: save it as XML'
      : '';
    return fail(
      'span/position-malformed',
      `line 1: expected ${expected}, found "${header.slice(0, 60)}"${fixedWidth}`,
      { line: 1 },
    );
  }
  return ok(
    lines.slice(1).flatMap((line, i): Row[] => {
      if (line.trim() === '') return [];
      const found = cells(line);
      const fields = columns.flatMap((field, c) =>
        field === null ? [] : [[field, found[c] ?? ''] as const],
      );
      return [{ ...Object.fromEntries(fields), place: `line ${i + 2}` }];
    }),
  );
}

function jsonRows(text: string): Result<readonly Row[]> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return fail('span/position-malformed', `expected JSON, found ${String(error)}`);
  }
  const list = isRecord(data) ? data['positions'] : data;
  if (!Array.isArray(list)) {
    return fail('span/position-malformed', 'expected a list of positions, or an object with "positions"');
  }
  return ok(
    list.map((entry: unknown, i): Row => {
      const fields = isRecord(entry) ? entry : {};
      const known = POSITION_FIELDS.flatMap((field) => {
        const value = fields[field];
        return typeof value === 'string' || typeof value === 'number'
          ? [[field, String(value)] as const]
          : [];
      });
      return { ...Object.fromEntries(known), place: `position ${i + 1}` };
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Net positions (`np`) of all portfolios; gross ones are their longs less their shorts. */
function xmlRows(text: string): Result<readonly Row[]> {
  const rows: Row[] = [];
  let row: Record<string, string> | null = null;
  const tokenizer: XmlTokenizer = new XmlTokenizer({
    open: (name) => {
      if (name === 'np' || name === 'gp') row = {};
    },
    leaf: (name, value) => {
      if (row !== null) row[name] = value;
    },
    close: (name) => {
      if ((name !== 'np' && name !== 'gp') || row === null) return;
      const fields: Record<string, string> = row;
      const net =
        fields['net'] ??
        ('long' in fields ? String(Number(fields['long']) - Number(fields['short'] ?? 0)) : '');
      const known = POSITION_FIELDS.flatMap((field) => {
        const value = fields[field];
        return value === undefined ? [] : [[field, value] as const];
      });
      rows.push({ ...Object.fromEntries(known), net, place: `character ${tokenizer.position}` });
      row = null;
    },
  });
  const pushed = tokenizer.push(text);
  if (!pushed.ok) return pushed;
  const ended = tokenizer.end();
  return ended.ok ? ok(rows) : ended;
}
