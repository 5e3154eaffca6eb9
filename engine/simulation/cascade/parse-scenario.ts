/** Reads a scenario from JSON: every fault is named by its path, what was expected there and what was found. */
import * as z from 'zod/mini';
import { fail, ok, type Result } from '../../core/result.ts';
import { checkBrackets } from '../../margin/brackets/notional-bracket.ts';
import { ADL_RULES, type AdlRuleName } from '../../venue/liquidation/adl-rules.ts';
import { drawPopulation } from './cascade-accounts.ts';
import { marketUnits, PRICE_MEMORY_SECONDS, scheduleOf } from './cascade-market.ts';
import { CASCADE_MEASURES, type CascadeScenario } from './cascade-scenario.ts';

// A strict content policy forbids compiled code, and even asking whether it is allowed counts as a violation.
z.config({ jitless: true });

/** Limits of one run, so that every run ends and fits into memory. */
export const SCENARIO_LIMITS = {
  markets: 4,
  accountsGiven: 100,
  accountsDrawn: 20_000,
  shocks: 100,
  steps: 200_000,
  levels: 5000,
  bookTicks: 900_000,
  openInterest: 5e9,
} as const;

const number = (from: number, to: number, what = 'a number') =>
  z
    .number(`${what} from ${from} to ${to}`)
    .check(z.refine((n) => n >= from && n <= to, `${what} from ${from} to ${to}`));
const integer = (from: number, to: number) =>
  z
    .number(`a whole number from ${from} to ${to}`)
    .check(
      z.refine((n) => Number.isInteger(n) && n >= from && n <= to, `a whole number from ${from} to ${to}`),
    );
const text = (limit: number) =>
  z
    .string(`text of at most ${limit} characters`)
    .check(z.refine((s) => s.length <= limit, `text of at most ${limit} characters`));
const step = z
  .string('a decimal step such as "0.1"')
  .check(z.refine((s) => /^\d{1,6}(\.\d{1,8})?$/.test(s) && /[1-9]/.test(s), 'a decimal step such as "0.1"'));
const truth = z.boolean('true or false');
const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, `one of ${words.join(', ')}`);
const rate = number(0, 1);
const lots = integer(1, 1_000_000_000);
const ticks = integer(1, 300_000_000);
const marketNumber = integer(0, SCENARIO_LIMITS.markets - 1);
const seconds = number(0, 86_400);
const ADL_NAMES = ADL_RULES.map((rule) => rule.name) as [AdlRuleName, ...AdlRuleName[]];

const POPULATION = z.strictObject({
  accounts: integer(2, SCENARIO_LIMITS.accountsDrawn),
  openInterest: number(1, SCENARIO_LIMITS.openInterest),
  longAccountShare: number(0.05, 0.95),
  leverageMix: z.array(
    z.strictObject({ leverage: integer(1, 200), weight: number(0, 1e9) }),
    'an array of { leverage, weight }',
  ),
  entryMoveRate: number(-0.5, 0.5),
  entrySpreadRate: number(0, 0.2),
  sizeConcentrationEighths: integer(0, 12),
  isolatedShare: rate,
  crossCushionRate: number(0, 10),
});

const MARKET = z.strictObject({
  symbol: text(40),
  tickSize: step,
  lotSize: step,
  price: step,
  brackets: z.array(
    z.strictObject({
      cap: z.nullable(number(1, 1e13)),
      maintenanceMarginRate: rate,
      maxLeverage: z.nullable(number(1, 1000)),
    }),
    'an array of brackets',
  ),
  clearanceFeeRate: number(0, 0.1),
  fundingRate: number(-0.05, 0.05),
  population: z.nullable(POPULATION),
  book: z.strictObject({
    depth: z.array(
      z.strictObject({ distanceBps: number(0.01, 20_000), notional: number(0, 1e12) }),
      'an array of { distanceBps, notional }',
    ),
    spacingTicks: integer(1, 100_000),
    levels: integer(1, SCENARIO_LIMITS.levels),
    halfSpreadTicks: integer(0, 1_000_000),
  }),
  makers: z.strictObject({
    refillPerSecond: rate,
    permanentShare: rate,
    withdrawal: z.nullable(
      z.strictObject({
        moveBps: number(1, 10_000),
        floorShare: rate,
        windowSeconds: integer(1, PRICE_MEMORY_SECONDS),
      }),
    ),
  }),
  indexFollowPerSecond: rate,
});

const ACCOUNT = z.strictObject({
  name: text(80),
  wallet: number(0, 1e9),
  collateral: number(0, 1e9),
  isolated: truth,
  hedge: truth,
  positions: z.array(
    z.strictObject({
      market: marketNumber,
      side: oneOf(['long', 'short']),
      sizeLots: lots,
      entryTicks: ticks,
      margin: number(0, 1e9),
    }),
    'an array of positions',
  ),
  orders: z.array(
    z.strictObject({
      market: marketNumber,
      side: oneOf(['buy', 'sell']),
      priceTicks: ticks,
      sizeLots: lots,
    }),
    'an array of orders',
  ),
});

const SHOCK = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('market-order'),
      atSeconds: seconds,
      market: marketNumber,
      side: oneOf(['buy', 'sell']),
      notional: number(0, SCENARIO_LIMITS.openInterest),
      overSeconds: seconds,
    }),
    z.strictObject({
      kind: z.literal('index-move'),
      atSeconds: seconds,
      market: marketNumber,
      bps: number(-9_900, 20_000),
      overSeconds: seconds,
    }),
    z.strictObject({
      kind: z.literal('maker-withdrawal'),
      atSeconds: seconds,
      market: marketNumber,
      share: rate,
      forSeconds: seconds,
    }),
    z.strictObject({ kind: z.literal('collateral-haircut'), atSeconds: seconds, haircut: rate }),
    z.strictObject({
      kind: z.literal('funding'),
      atSeconds: seconds,
      market: marketNumber,
      rate: number(-0.05, 0.05),
    }),
  ],
  'a shock of kind market-order, index-move, maker-withdrawal, collateral-haircut or funding',
);

const RULES = z.strictObject({
  mark: oneOf(['median', 'last']),
  adlRule: z.enum(ADL_NAMES, `one of ${ADL_NAMES.join(', ')}`),
  adlPrice: oneOf(['bankruptcy', 'mark']),
  marginMode: oneOf(['as-given', 'isolated', 'cross']),
  partialLiquidation: truth,
  liquidationsPerSecond: z.nullable(number(0.1, 1_000_000)),
  breaker: z.nullable(
    z.strictObject({
      moveBps: number(1, 10_000),
      windowSeconds: integer(1, PRICE_MEMORY_SECONDS),
      haltSeconds: number(1, 86_400),
    }),
  ),
});

const SCENARIO = z.strictObject({
  version: z.literal(1, '1'),
  id: text(80),
  title: text(200),
  kind: oneOf(['calibrated', 'teaching']),
  about: text(4000),
  seed: integer(0, 0xffff_ffff),
  startMicros: integer(0, 8e15),
  durationSeconds: number(1, 86_400),
  stepMillis: integer(10, 1000).check(z.refine((n) => 1000 % n === 0, 'a divisor of 1000 from 10 to 1000')),
  markets: z.array(MARKET, 'an array of markets'),
  linkedAccounts: truth,
  accounts: z.array(ACCOUNT, 'an array of accounts'),
  fund: z.strictObject({ cash: number(0, 1e9), notionalLimit: number(0, 100) }),
  rules: RULES,
  shocks: z.array(SHOCK, 'an array of shocks'),
  interventions: z.array(
    z.strictObject({
      account: integer(0, SCENARIO_LIMITS.accountsDrawn * SCENARIO_LIMITS.markets),
      market: marketNumber,
      extraMargin: number(0, 1e9),
      cutLots: integer(0, 1_000_000_000),
    }),
    'an array of interventions',
  ),
  published: z.array(
    z.strictObject({
      what: text(200),
      measure: z.nullable(oneOf(CASCADE_MEASURES)),
      value: z.number('a number'),
      unit: text(40),
      source: text(400),
    }),
    'an array of published figures',
  ),
});

/**
 * Reads and checks a scenario.
 *
 * @param json - a parsed JSON value, or its text
 *
 * Fails: `scenario/malformed` with the path, what was expected and what was found; also where parts do not fit
 * together (a market that does not exist, brackets that break their rules, too many steps, a population that cannot be
 * drawn).
 */
export function parseScenario(json: unknown): Result<CascadeScenario> {
  let value = json;
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json);
    } catch (error) {
      return malformed('', 'JSON', error instanceof Error ? error.message : 'text that is no JSON');
    }
  }
  const parsed = SCENARIO.safeParse(value);
  if (parsed.success) return checkTogether(parsed.data);
  const issue = parsed.error.issues[0];
  if (issue === undefined) return malformed('', 'a scenario', 'something else');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return malformed(pathText([...issue.path, key]), 'no such key', found(value, [...issue.path, key]));
  }
  const expected = issue.code === 'invalid_type' && issue.expected === 'object' ? 'an object' : issue.message;
  return malformed(pathText(issue.path), expected, found(value, issue.path));
}

/** What no single field can say. */
function checkTogether(scenario: CascadeScenario): Result<CascadeScenario> {
  const { markets, accounts, shocks, interventions } = scenario;
  const limits: readonly (readonly [string, number, number])[] = [
    ['markets', markets.length, SCENARIO_LIMITS.markets],
    ['accounts', accounts.length, SCENARIO_LIMITS.accountsGiven],
    ['shocks', shocks.length, SCENARIO_LIMITS.shocks],
    [
      'durationSeconds',
      Math.ceil((scenario.durationSeconds * 1000) / scenario.stepMillis),
      SCENARIO_LIMITS.steps,
    ],
  ];
  for (const [path, size, limit] of limits) {
    const what = path === 'durationSeconds' ? 'steps of stepMillis' : 'entries';
    if (size > limit) return malformed(path, `at most ${limit} ${what}`, `${size}`);
  }
  if (markets.length === 0) return malformed('markets', 'at least one market', 'none');
  for (const [i, market] of markets.entries()) {
    const fault = checkMarket(scenario, i);
    if (fault !== null) return malformed(`markets[${i}].${fault.path}`, fault.expected, fault.found);
    const drawn = drawPopulation(market, scenario.seed, i);
    if (!drawn.ok) return malformed(`markets[${i}].population`, 'parameters in range', drawn.failure.message);
  }
  const named: readonly (readonly [string, number])[] = [
    ...shocks.flatMap((s, i): [string, number][] =>
      s.kind === 'collateral-haircut' ? [] : [[`shocks[${i}].market`, s.market]],
    ),
    ...interventions.map((s, i): [string, number] => [`interventions[${i}].market`, s.market]),
    ...accounts.flatMap((account, a) =>
      [...account.positions, ...account.orders].map((p): [string, number] => [`accounts[${a}]`, p.market]),
    ),
  ];
  for (const [path, market] of named) {
    if (market >= markets.length) return malformed(path, `a market below ${markets.length}`, `${market}`);
  }
  const isolatedOrders = accounts.findIndex((a) => a.isolated && (a.orders.length > 0 || a.collateral > 0));
  if (isolatedOrders >= 0) {
    return malformed(
      `accounts[${isolatedOrders}]`,
      'open orders and collateral with cross margin only',
      'isolated',
    );
  }
  return ok(scenario);
}

interface Fault {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

function checkMarket(scenario: CascadeScenario, index: number): Fault | null {
  const market = scenario.markets[index];
  if (market === undefined) return null;
  const { book, brackets, symbol } = market;
  const units = marketUnits(market);
  if (units === null || units.startTicks < 100 || units.startTicks > 300_000_000) {
    return {
      path: 'price',
      expected: 'a multiple of tickSize, 100 to 300,000,000 ticks, a tick on a lot worth whole 1e-6',
      found: market.price,
    };
  }
  if (units.unitsPerTickLot % 100n !== 0n) {
    return { path: 'lotSize', expected: 'a tick on a lot worth whole 1e-6', found: market.lotSize };
  }
  const breach = checkBrackets(symbol, scheduleOf(brackets));
  if (breach !== null)
    return { path: 'brackets', expected: 'a schedule by the rules', found: breach.message };
  let before = { distanceBps: 0, notional: 0 };
  for (const [i, point] of book.depth.entries()) {
    if (point.distanceBps <= before.distanceBps || point.notional < before.notional) {
      const where = `book.depth[${i}]`;
      return { path: where, expected: 'rising distance and notional', found: JSON.stringify(point) };
    }
    before = point;
  }
  if (book.levels * book.spacingTicks > SCENARIO_LIMITS.bookTicks) {
    const found = `${book.levels * book.spacingTicks}`;
    return {
      path: 'book.levels',
      expected: `levels × spacing up to ${SCENARIO_LIMITS.bookTicks} ticks`,
      found,
    };
  }
  return null;
}

function malformed(path: string, expected: string, foundText: string): ReturnType<typeof fail> {
  const where = path === '' ? 'scenario' : path;
  return fail('scenario/malformed', `${where}: expected ${expected}, found ${foundText}`, { path: where });
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

/** The value at a path as short JSON. */
function found(value: unknown, path: readonly PropertyKey[]): string {
  let at: unknown = value;
  for (const key of path) {
    const entries: ReadonlyMap<string, unknown> =
      typeof at === 'object' && at !== null ? new Map(Object.entries(at)) : new Map();
    at = entries.get(String(key));
  }
  return at === undefined ? 'nothing' : JSON.stringify(at).slice(0, 80);
}
