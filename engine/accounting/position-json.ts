/** Positions as JSON: `{ "accounts": [ { …, "positions": [ … ] } ] }`, every amount as decimal text. */
import * as z from 'zod/mini';
import { fail, ok, type Result } from '../core/result.ts';
import { assembleAccount, type PlacedPosition } from './account-assembly.ts';
import { IMPORT_LIMITS, type ImportedPortfolio, ProblemList } from './import-problem.ts';
import { jsonDepth, jsonLines } from './json-places.ts';
import type { Account, Portfolio, Position } from './portfolio.ts';
import { currencyOfPositions, FIELD_RULES, type RuledField, venueOfSymbol } from './position-rules.ts';

// A strict content policy forbids compiled code, and even asking whether it is allowed counts as a violation.
z.config({ jitless: true });

const ruled = (field: RuledField) => z.string().check(z.refine((text) => FIELD_RULES[field].accepts(text)));

const POSITION = z.object({
  id: z.optional(ruled('id')),
  venue: z.optional(z.enum(['binance-usdm', 'cme-globex'])),
  symbol: ruled('symbol'),
  side: z.enum(['long', 'short']),
  size: ruled('size'),
  entryPrice: ruled('entryPrice'),
  marginMode: z.enum(['cross', 'isolated']),
  leverage: z.number().check(z.refine((leverage) => FIELD_RULES.leverage.accepts(String(leverage)))),
  isolatedWallet: z.optional(z.nullable(ruled('isolatedWallet'))),
  markPrice: z.optional(z.nullable(ruled('markPrice'))),
});

const ACCOUNT = z.object({
  id: ruled('id'),
  name: z.optional(ruled('name')),
  demo: z.optional(z.boolean()),
  currency: z.optional(z.enum(['USDT', 'USD'])),
  positionMode: z.enum(['one-way', 'hedge']),
  crossWalletBalance: ruled('crossWalletBalance'),
  positions: z.array(z.unknown()),
});

const FILE = z.object({ accounts: z.array(z.unknown()) });

const AMOUNTS: readonly string[] = [
  'size',
  'entryPrice',
  'markPrice',
  'isolatedWallet',
  'crossWalletBalance',
];

/** What each key should hold, for messages. */
const EXPECTED: ReadonlyMap<string, string> = new Map<string, string>([
  ...Object.entries(FIELD_RULES).map(([field, rule]): [string, string] => [
    field,
    quoted(field, rule.expected),
  ]),
  ['demo', 'true or false'],
  ['accounts', 'an array of accounts'],
  ['positions', 'an array of positions'],
]);

/** Amounts are text: a JSON number has already lost what a float64 cannot hold. */
function quoted(field: string, expected: string): string {
  return AMOUNTS.includes(field) ? `${expected}, in quotes` : expected;
}

/** Reports problems by path; the lines are only looked up once there is one. */
class Places {
  readonly #text: string;
  readonly #problems: ProblemList;
  #lines: ReadonlyMap<string, number> | null = null;

  constructor(text: string, problems: ProblemList) {
    this.#text = text;
    this.#problems = problems;
  }

  /** Line of a path, or of what holds it where it is missing. */
  lineOf(path: string, holder: string): number {
    this.#lines ??= jsonLines(this.#text);
    return this.#lines.get(path) ?? this.#lines.get(holder) ?? 1;
  }

  report(holder: string, key: string, expected: string, found: unknown): void {
    const path = key === '' ? holder : `${holder}.${key}`;
    const text = found === undefined ? 'nothing' : JSON.stringify(found);
    this.#problems.add({ line: this.lineOf(path, holder), column: path, expected, found: text });
  }

  /** Checks a value against a schema and reports what does not fit, and keys nobody knows. */
  read<S extends z.ZodMiniObject>(schema: S, path: string, value: unknown): z.infer<S> | null {
    const parsed = schema.safeParse(value);
    const entries: ReadonlyMap<string, unknown> = new Map(isRecord(value) ? Object.entries(value) : []);
    for (const [key, found] of entries) {
      if (Object.hasOwn(schema.shape, key)) continue;
      this.report(path, key, `one of ${Object.keys(schema.shape).join(', ')}`, found);
    }
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      const key = String(issue.path[0] ?? '');
      this.report(path, key, EXPECTED.get(key) ?? 'an object', key === '' ? value : entries.get(key));
    }
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads positions from JSON. Accounts and positions that read well are kept whatever the others do.
 *
 * Fails: `portfolio/file-malformed` when the text is not JSON or has no array `accounts`, `portfolio/limit-exceeded`
 * beyond `IMPORT_LIMITS`.
 */
export function importJson(text: string): Result<ImportedPortfolio> {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const depth = jsonDepth(body);
  if (depth > IMPORT_LIMITS.jsonDepth) {
    return fail(
      'portfolio/limit-exceeded',
      `expected at most ${IMPORT_LIMITS.jsonDepth} levels, found ${depth}`,
    );
  }
  const parsed = parse(body);
  if (!parsed.ok) return parsed;
  const file = FILE.safeParse(parsed.value);
  if (!file.success) {
    return fail('portfolio/file-malformed', 'expected an object with an array "accounts"');
  }
  const { accounts: raw } = file.data;
  const rows = raw.reduce<number>((sum, account) => sum + 1 + countPositions(account), 0);
  if (rows > IMPORT_LIMITS.rows) {
    return fail('portfolio/limit-exceeded', `expected at most ${IMPORT_LIMITS.rows} entries, found ${rows}`);
  }
  const problems = new ProblemList();
  const places = new Places(body, problems);
  const used = new Set<string>();
  const accountIds = new Set<string>();
  const accounts: Account[] = [];
  for (const [i, value] of raw.entries()) {
    const path = `accounts[${i}]`;
    const head = places.read(ACCOUNT, path, value);
    if (head === null) continue;
    if (accountIds.has(head.id)) {
      places.report(path, 'id', 'an account id used once', head.id);
      continue;
    }
    accountIds.add(head.id);
    const placed = head.positions.flatMap((position, n) =>
      placedPosition(places, `${path}.positions[${n}]`, head.id, position),
    );
    const currency = head.currency ?? currencyOfPositions(placed.map(({ position }) => position));
    accounts.push(assembleAccount({ ...headOf(head), currency }, placed, used, problems));
  }
  const positions = accounts.reduce((sum, account) => sum + account.positions.length, 0);
  return ok({ accounts, positions, problems: problems.list() });
}

function headOf(head: z.infer<typeof ACCOUNT>): Omit<Account, 'positions' | 'currency'> {
  return {
    id: head.id,
    name: head.name ?? head.id.slice(0, 64),
    demo: head.demo ?? false,
    positionMode: head.positionMode,
    crossWalletBalance: head.crossWalletBalance,
  };
}

function parse(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : String(error);
    return fail('portfolio/file-malformed', `expected JSON: ${why}`.slice(0, 200));
  }
}

function countPositions(account: unknown): number {
  const positions = isRecord(account) ? new Map(Object.entries(account)).get('positions') : null;
  return Array.isArray(positions) ? positions.length : 0;
}

function placedPosition(
  places: Places,
  path: string,
  accountId: string,
  value: unknown,
): readonly PlacedPosition[] {
  const read = places.read(POSITION, path, value);
  if (read === null) return [];
  const position: Position = {
    id: read.id ?? `${accountId}/${read.symbol}/${read.side}`,
    venue: read.venue ?? venueOfSymbol(read.symbol),
    symbol: read.symbol,
    side: read.side,
    size: read.size,
    entryPrice: read.entryPrice,
    marginMode: read.marginMode,
    leverage: read.leverage,
    isolatedWallet: read.isolatedWallet ?? null,
    givenMarkPrice: read.markPrice ?? null,
  };
  const columnOf = (field: string): string => `${path}.${field === 'givenMarkPrice' ? 'markPrice' : field}`;
  return [{ position, line: places.lineOf(path, ''), columnOf }];
}

/** Writes positions as JSON: two spaces of indent, keys and entries in a fixed order, a line end at the end. */
export function exportJson(portfolio: Portfolio): string {
  const accounts = portfolio.accounts.map((account) => ({
    id: account.id,
    name: account.name,
    demo: account.demo,
    currency: account.currency,
    positionMode: account.positionMode,
    crossWalletBalance: account.crossWalletBalance,
    positions: account.positions.map((position) => ({
      id: position.id,
      venue: position.venue,
      symbol: position.symbol,
      side: position.side,
      size: position.size,
      entryPrice: position.entryPrice,
      marginMode: position.marginMode,
      leverage: position.leverage,
      isolatedWallet: position.isolatedWallet,
      markPrice: position.givenMarkPrice,
    })),
  }));
  return `${JSON.stringify({ accounts }, null, 2)}\n`;
}
