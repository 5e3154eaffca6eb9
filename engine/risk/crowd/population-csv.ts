/** Populations as CSV: one row for each account, written and read without loss. */
import { readCsv, writeCsv } from '../../accounting/csv.ts';
import { type ImportProblem, ProblemList } from '../../accounting/import-problem.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { formatMultiple, type Increment, increment, parseMultiple } from '../../core/units.ts';
import {
  type CrowdContract,
  emptyPopulation,
  openInterestLots,
  POPULATION_LIMIT,
  type Population,
} from './population.ts';
import { LEVERAGE_LIMIT } from './population-parameters.ts';

/** The columns, in their order. Sizes, prices and money are decimal text. */
export const POPULATION_CSV_COLUMNS = [
  'symbol',
  'side',
  'size',
  'entryPrice',
  'leverage',
  'marginMode',
  'wallet',
] as const;

type Column = (typeof POPULATION_CSV_COLUMNS)[number];

const WALLET_STEP = increment('0.000001');
const WHOLE = increment('1');

/** What an import gave: the good rows as a population, the bad ones named. */
export interface ImportedPopulation {
  readonly population: Population;
  readonly problems: readonly ImportProblem[];
}

/** Writes a population; reading it back and writing it again gives the same bytes. */
export function exportPopulation(population: Population): string {
  const { contract, side, sizeLots, entryTicks, leverage, isolated, walletUnits } = population;
  const rows: (readonly string[])[] = [POPULATION_CSV_COLUMNS];
  for (let row = 0; row < population.count; row++) {
    rows.push([
      contract.symbol,
      side[row] === 1 ? 'long' : 'short',
      formatMultiple(sizeLots[row] as number, contract.lotSize),
      formatMultiple(entryTicks[row] as number, contract.tickSize),
      `${leverage[row]}`,
      isolated[row] === 1 ? 'isolated' : 'cross',
      formatMultiple(walletUnits[row] as number, WALLET_STEP),
    ]);
  }
  return writeCsv(rows);
}

/**
 * Reads a population. Rows that read well are kept, in their order, whatever the others do. Where the rows kept hold more
 * lots on one side, a last problem says so: such a market is not closed, somebody's counterparty is missing.
 *
 * Fails: `crowd/file-malformed` without the header of {@link POPULATION_CSV_COLUMNS} or beyond a million rows.
 */
export function importPopulation(text: string, contract: CrowdContract): Result<ImportedPopulation> {
  const [header, ...body] = readCsv(text);
  const expected = POPULATION_CSV_COLUMNS.join(',');
  const found = header?.cells.map((cell) => cell.trim()).join(',') ?? '';
  if (found !== expected) {
    return fail('crowd/file-malformed', `expected the header ${expected}, found "${found.slice(0, 120)}"`, {
      line: 1,
    });
  }
  if (body.length > POPULATION_LIMIT) {
    return fail('crowd/file-malformed', `expected at most ${POPULATION_LIMIT} rows, found ${body.length}`);
  }
  const problems = new ProblemList();
  const all = emptyPopulation(contract, body.length);
  let kept = 0;
  for (const row of body) {
    if (row.problem === null && row.cells.length === 1 && row.cells[0] === '') continue;
    if (readRow(row, all, kept, problems)) kept++;
  }
  const population = firstRows(all, kept);
  const { long, short } = openInterestLots(population);
  if (long !== short) {
    const lots = (value: number): string => formatMultiple(value, contract.lotSize);
    problems.add({
      line: body.at(-1)?.line ?? 1,
      column: 'size',
      expected: 'as much held long as short in all rows kept',
      found: `${lots(long)} long, ${lots(short)} short`,
    });
  }
  return ok({ population, problems: problems.list() });
}

/** Reads one row into place `at`; what stands there counts only where the answer is true. */
function readRow(
  row: { readonly line: number; readonly cells: readonly string[]; readonly problem: string | null },
  into: Population,
  at: number,
  problems: ProblemList,
): boolean {
  const { line, cells } = row;
  const { contract } = into;
  let isGood = true;
  const refuse = (column: Column | '', expected: string, found: string): 0 => {
    isGood = false;
    problems.add({ line, column, expected, found });
    return 0;
  };
  const width = POPULATION_CSV_COLUMNS.length;
  if (row.problem !== null) refuse('', 'a row of comma-separated fields', row.problem);
  else if (cells.length !== width) refuse('', `${width} fields`, `${cells.length}`);
  if (!isGood) return false;
  const cell = (column: Column): string => cells[POPULATION_CSV_COLUMNS.indexOf(column)] ?? '';
  const oneOf = (column: Column, words: readonly string[]): number => {
    const at = words.indexOf(cell(column));
    return at === -1 ? refuse(column, words.join(' or '), `"${cell(column)}"`) : at;
  };
  const multiple = (column: Column, step: Increment, from: number, to: number): number => {
    const read = parseMultiple(cell(column), step);
    if (read.ok && read.value >= from && read.value <= to) return read.value;
    const end = to === Number.MAX_SAFE_INTEGER ? 'up' : `to ${formatMultiple(to, step)}`;
    return refuse(
      column,
      `a multiple of ${step.text} from ${formatMultiple(from, step)} ${end}`,
      `"${cell(column)}"`,
    );
  };
  const most = Number.MAX_SAFE_INTEGER;
  oneOf('symbol', [contract.symbol]);
  into.side[at] = oneOf('side', ['long', 'short']) === 0 ? 1 : -1;
  const sizeLots = multiple('size', contract.lotSize, 1, most);
  const entryTicks = multiple('entryPrice', contract.tickSize, 1, most);
  into.sizeLots[at] = sizeLots;
  into.entryTicks[at] = entryTicks;
  into.leverage[at] = multiple('leverage', WHOLE, 1, LEVERAGE_LIMIT);
  into.isolated[at] = oneOf('marginMode', ['cross', 'isolated']);
  into.walletUnits[at] = multiple('wallet', WALLET_STEP, 0, most);
  if (isGood && !Number.isSafeInteger(sizeLots * entryTicks * contract.unitsPerTickLot)) {
    refuse('size', 'size × entry price below 9 billion', `"${cell('size')}" at "${cell('entryPrice')}"`);
  }
  return isGood;
}

/** The first rows alone. */
function firstRows(population: Population, count: number): Population {
  if (count === population.count) return population;
  const { contract, side, sizeLots, entryTicks, leverage, walletUnits, isolated } = population;
  return {
    contract,
    count,
    side: side.slice(0, count),
    sizeLots: sizeLots.slice(0, count),
    entryTicks: entryTicks.slice(0, count),
    leverage: leverage.slice(0, count),
    walletUnits: walletUnits.slice(0, count),
    isolated: isolated.slice(0, count),
  };
}
