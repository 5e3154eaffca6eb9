/** Events and accounts of a cascade as CSV and JSON: what is written comes back byte for byte. */
import { fail, ok, type Result } from '../../core/result.ts';
import type { CascadeEvent, CascadeEventKind } from '../cascade/cascade-events.ts';
import type { AccountColumns } from '../cascade/cascade-view.ts';
import { EVENT_KINDS } from './cascade-recorder.ts';

/** Forms of a file. */
export type FileFormat = 'csv' | 'json';

/** One account as a file tells it; figures as in {@link AccountColumns}. */
export interface AccountRecord {
  readonly account: number;
  readonly sizeLots: number;
  readonly entryTicks: number;
  readonly liquidationTicks: number;
  readonly marginRatio: number;
  readonly equity: number;
  readonly fates: number;
  readonly liquidationLoss: number;
  readonly adlLoss: number;
}

const EVENT_HEADER = 'id,atMicros,causeId,wave,market,kind,detail';
const ACCOUNT_FIELDS = [
  'account',
  'sizeLots',
  'entryTicks',
  'liquidationTicks',
  'marginRatio',
  'equity',
  'fates',
  'liquidationLoss',
  'adlLoss',
] as const satisfies readonly (keyof AccountRecord)[];
const EVENTS_OPENING = '{"headroom":"cascade-events","version":1,"events":[';
const ACCOUNTS_OPENING = '{"headroom":"cascade-accounts","version":1,"accounts":[';
const CLOSING = ']}\n';

/** Writes events. */
export function exportEvents(events: readonly CascadeEvent[], format: FileFormat): string {
  if (format === 'json') return inJson(EVENTS_OPENING, events);
  const lines = events.map(({ id, atMicros, causeId, wave, market, kind, ...detail }) => {
    const text = JSON.stringify(detail).replaceAll('"', '""');
    return `${id},${atMicros},${causeId ?? ''},${wave},${market},${kind},"${text}"\n`;
  });
  return `${EVENT_HEADER}\n${lines.join('')}`;
}

/** Writes accounts. */
export function exportAccounts(accounts: readonly AccountRecord[], format: FileFormat): string {
  if (format === 'json') return inJson(ACCOUNTS_OPENING, accounts);
  const lines = accounts.map((row) => `${ACCOUNT_FIELDS.map((field) => row[field]).join(',')}\n`);
  return `${ACCOUNT_FIELDS.join(',')}\n${lines.join('')}`;
}

function inJson(opening: string, rows: readonly unknown[]): string {
  return `${opening}${rows.map((row) => `\n${JSON.stringify(row)}`).join(',')}\n${CLOSING}`;
}

/**
 * Reads events, CSV or JSON by its first sign.
 *
 * Fails: `scenario/file-malformed`, naming the line, what was expected and what was found.
 */
export function importEvents(text: string): Result<readonly CascadeEvent[]> {
  const events: CascadeEvent[] = [];
  const isJson = text.startsWith('{');
  const lines = readLines(text, isJson ? EVENTS_OPENING : EVENT_HEADER, isJson);
  if (!lines.ok) return lines;
  for (const [i, line] of lines.value.entries()) {
    const event = isJson ? readJson(line) : eventOfCsv(line);
    if (!isEvent(event, i)) return malformed(i + 2, `event ${i} of a cascade`, line);
    events.push(event);
  }
  return ok(events);
}

/**
 * Reads accounts, CSV or JSON by its first sign.
 *
 * Fails: `scenario/file-malformed`, naming the line, what was expected and what was found.
 */
export function importAccounts(text: string): Result<readonly AccountRecord[]> {
  const accounts: AccountRecord[] = [];
  const isJson = text.startsWith('{');
  const lines = readLines(text, isJson ? ACCOUNTS_OPENING : ACCOUNT_FIELDS.join(','), isJson);
  if (!lines.ok) return lines;
  for (const [i, line] of lines.value.entries()) {
    const account = isJson ? readJson(line) : accountOfCsv(line);
    if (!isAccount(account)) return malformed(i + 2, 'the numbers of an account', line);
    accounts.push(account);
  }
  return ok(accounts);
}

function readLines(text: string, opening: string, isJson: boolean): Result<readonly string[]> {
  const lines = text.split('\n');
  if (lines[0] !== opening) return malformed(1, opening, lines[0] ?? '');
  const end = isJson ? lines.lastIndexOf(']}') : lines.length - 1;
  if (end < 0 || lines.slice(end).join('\n') !== (isJson ? CLOSING : '')) {
    return malformed(
      lines.length,
      isJson ? 'the closing "]}"' : 'a line end after the last row',
      lines.at(-1) ?? '',
    );
  }
  const rows = lines.slice(1, end);
  return ok(isJson ? rows.map((row, i) => (i < rows.length - 1 ? row.replace(/,$/, '') : row)) : rows);
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function eventOfCsv(line: string): unknown {
  const match = /^(\d+),(\d+),(\d*),(\d+),(\d+),([a-z-]+),"(.*)"$/.exec(line);
  if (match === null) return null;
  const [, id, atMicros, causeId, wave, market, kind, detail = ''] = match;
  const rest = readJson(detail.replaceAll('""', '"'));
  if (typeof rest !== 'object' || rest === null) return null;
  return {
    id: Number(id),
    atMicros: Number(atMicros),
    causeId: causeId === '' ? null : Number(causeId),
    wave: Number(wave),
    market: Number(market),
    kind,
    ...rest,
  };
}

function accountOfCsv(line: string): unknown {
  const cells = line.split(',');
  if (cells.length !== ACCOUNT_FIELDS.length || cells.includes('')) return null;
  return Object.fromEntries(ACCOUNT_FIELDS.map((field, i) => [field, Number(cells[i])]));
}

/** Only the head is looked at: what an event of its kind says is compared with a run, not believed. */
function isEvent(value: unknown, id: number): value is CascadeEvent {
  if (typeof value !== 'object' || value === null) return false;
  const head = new Map(Object.entries(value));
  const { causeId } = value as { readonly causeId?: unknown };
  return (
    head.get('id') === id &&
    Number.isSafeInteger(head.get('atMicros')) &&
    Number.isSafeInteger(head.get('wave')) &&
    Number.isSafeInteger(head.get('market')) &&
    (causeId === null || (typeof causeId === 'number' && causeId < id)) &&
    EVENT_KINDS.includes(head.get('kind') as CascadeEventKind)
  );
}

function isAccount(value: unknown): value is AccountRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map(Object.entries(value));
  return (
    fields.size === ACCOUNT_FIELDS.length &&
    ACCOUNT_FIELDS.every((field) => Number.isFinite(fields.get(field)))
  );
}

function malformed(line: number, expected: string, found: string): ReturnType<typeof fail> {
  return fail('scenario/file-malformed', `line ${line}: expected ${expected}, found ${found.slice(0, 80)}`, {
    line,
  });
}

/** Columns as records, in the order of the accounts. */
export function accountRecords(columns: AccountColumns): readonly AccountRecord[] {
  return Array.from(columns.sizeLots, (sizeLots, account) => ({
    account,
    sizeLots,
    entryTicks: columns.entryTicks[account] as number,
    liquidationTicks: columns.liquidationTicks[account] as number,
    marginRatio: columns.marginRatio[account] as number,
    equity: columns.equity[account] as number,
    fates: columns.fates[account] as number,
    liquidationLoss: columns.liquidationLoss[account] as number,
    adlLoss: columns.adlLoss[account] as number,
  }));
}
