/** Draws a synthetic population from its parameters: same parameters, same accounts, on every host. */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { Rng } from '../../core/rng.ts';
import { bracketAt, type NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';
import { type MaintenanceColumns, maintenanceColumns } from './maintenance-columns.ts';
import { type CrowdContract, emptyPopulation, type Population, WALLET_UNITS } from './population.ts';
import {
  checkPopulationParameters,
  type LeverageShare,
  type PopulationParameters,
} from './population-parameters.ts';
import { excessUnits } from './trigger-price.ts';

/** Draws of an entry before the mark itself is taken: nobody starts in liquidation. */
const ENTRY_TRIES = 8;

/**
 * Makes a population.
 *
 * Long and short open interest are both exactly `openInterestLots`. Nobody starts in liquidation, and nobody has more
 * leverage than the brackets allow for the size. Every step is exact arithmetic or a square root (correctly rounded by
 * IEEE 754), so the draw does not depend on the host.
 *
 * Fails: `crowd/parameter-out-of-range`.
 */
export function generatePopulation(
  contract: CrowdContract,
  brackets: NotionalBrackets,
  parameters: PopulationParameters,
): Result<Population> {
  const checked = checkPopulationParameters(parameters);
  if (!checked.ok) return checked;
  const { accounts } = parameters;
  const population = emptyPopulation(contract, accounts);
  const rng = new Rng(parameters.seed);
  const longs = Math.min(accounts - 1, Math.max(1, Math.round(accounts * parameters.longAccountShare)));
  const order = shuffledRows(accounts, rng.stream('side'));
  for (let i = 0; i < accounts; i++) population.side[order[i] as number] = i < longs ? 1 : -1;
  shareOut(population.sizeLots, order.subarray(0, longs), parameters);
  shareOut(population.sizeLots, order.subarray(longs), parameters);
  const breach = checkSizes(population, parameters);
  if (breach !== null) return breach;
  fillAccounts(population, brackets, parameters, rng.stream('accounts'));
  return ok(population);
}

/** Money stays exact below 2^53 wallet units, 9 billion: the largest wallet and notional must fit with room to move. */
function checkSizes(
  population: Population,
  parameters: PopulationParameters,
): ReturnType<typeof fail> | null {
  const { markTicks, crossCushionRate, openInterestLots } = parameters;
  const largestLots = population.sizeLots.reduce((most, size) => Math.max(most, size), 0);
  const markUnits = largestLots * markTicks * population.contract.unitsPerTickLot;
  if (markUnits * 2 * (1 + 2 * crossCushionRate) <= Number.MAX_SAFE_INTEGER) return null;
  const found = `${markUnits / WALLET_UNITS} in the largest position`;
  return fail(
    'crowd/parameter-out-of-range',
    `openInterestLots: expected positions and wallets that fit below 9 billion, found ${found}`,
    { parameter: 'openInterestLots', found: openInterestLots },
  );
}

/** Shares the open interest over the rows, the k-th row by the weight of rank k; exact to the lot, at least one each. */
function shareOut(sizeLots: Float64Array, rows: Uint32Array, parameters: PopulationParameters): void {
  const { openInterestLots, sizeConcentrationEighths } = parameters;
  const weights = new Float64Array(rows.length);
  let total = 0;
  for (let rank = 0; rank < rows.length; rank++) {
    const weight = rankWeight(rank + 1, sizeConcentrationEighths);
    weights[rank] = weight;
    total += weight;
  }
  const spare = openInterestLots - rows.length;
  let left = spare;
  for (let rank = 0; rank < rows.length; rank++) {
    const share = Math.min(left, Math.floor((spare * (weights[rank] as number)) / total));
    sizeLots[rows[rank] as number] = 1 + share;
    left -= share;
  }
  // What rounding left over goes out one lot each, from the largest down.
  for (let rank = 0; left > 0; rank = (rank + 1) % rows.length, left--) {
    const row = rows[rank] as number;
    sizeLots[row] = (sizeLots[row] as number) + 1;
  }
}

/** rank^(−eighths ÷ 8) from square roots and products alone. */
function rankWeight(rank: number, eighths: number): number {
  const half = Math.sqrt(rank);
  const quarter = Math.sqrt(half);
  const eighth = Math.sqrt(quarter);
  let power = 1;
  if (eighths & 1) power *= eighth;
  if (eighths & 2) power *= quarter;
  if (eighths & 4) power *= half;
  if (eighths & 8) power *= rank;
  return 1 / power;
}

function shuffledRows(count: number, rng: Rng): Uint32Array {
  const rows = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const j = rng.below(i + 1);
    rows[i] = rows[j] as number;
    rows[j] = i;
  }
  return rows;
}

function fillAccounts(
  population: Population,
  brackets: NotionalBrackets,
  parameters: PopulationParameters,
  rng: Rng,
): void {
  const { contract, side, sizeLots, entryTicks, leverage, walletUnits, isolated } = population;
  const { markTicks, entryMoveRate, entrySpreadRate, isolatedShare, crossCushionRate } = parameters;
  const columns = maintenanceColumns(brackets);
  const mix = cumulative(parameters.leverageMix);
  for (let row = 0; row < population.count; row++) {
    const tickUnits = (sizeLots[row] as number) * contract.unitsPerTickLot;
    const asked = drawLeverage(mix, rng);
    isolated[row] = rng.fraction() < isolatedShare ? 1 : 0;
    const cushion = isolated[row] === 1 ? 0 : 2 * crossCushionRate * rng.fraction();
    for (let tries = 0; ; tries++) {
      const away = entrySpreadRate * normal(rng) - entryMoveRate * rng.fraction();
      const drawn = Math.max(1, Math.round(markTicks * (1 + away)));
      const entry = tries === ENTRY_TRIES ? markTicks : drawn;
      const allowed = allowedLeverage(brackets, tickUnits * entry, asked);
      const wallet = Math.ceil(((tickUnits * entry) / allowed) * (1 + cushion));
      const isAlive = isHealthy(columns, side[row] as number, tickUnits, entry, wallet, markTicks);
      if (!isAlive && tries < ENTRY_TRIES) continue;
      assert(isAlive && Number.isSafeInteger(wallet), `account ${row} cannot be opened at the mark`);
      entryTicks[row] = entry;
      leverage[row] = allowed;
      walletUnits[row] = wallet;
      break;
    }
  }
}

function isHealthy(
  columns: MaintenanceColumns,
  side: number,
  tickUnits: number,
  entryTicks: number,
  walletUnits: number,
  markTicks: number,
): boolean {
  return excessUnits(columns, side, tickUnits, entryTicks, walletUnits, markTicks) > 0;
}

/**
 * The leverage asked for, or the most its bracket allows. Where a table names none, it is the most whose initial margin
 * still exceeds the maintenance rate.
 */
function allowedLeverage(brackets: NotionalBrackets, notionalUnits: number, asked: number): number {
  const { maxLeverage, maintenanceMarginRate } = bracketAt(brackets, notionalUnits / WALLET_UNITS);
  return Math.min(asked, maxLeverage ?? Math.max(1, Math.ceil(1 / maintenanceMarginRate) - 1));
}

function cumulative(mix: readonly LeverageShare[]): readonly { upTo: number; leverage: number }[] {
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  let upTo = 0;
  return mix.map(({ leverage, weight }) => {
    upTo += weight / total;
    return { upTo, leverage };
  });
}

function drawLeverage(mix: readonly { upTo: number; leverage: number }[], rng: Rng): number {
  const at = rng.fraction();
  const found = mix.find(({ upTo }) => at < upTo) ?? mix.at(-1);
  assert(found !== undefined, 'a checked mix has a leverage');
  return found.leverage;
}

/** Mean 0, variance 1, near normal: the sum of twelve uniforms less six. */
function normal(rng: Rng): number {
  let sum = 0;
  for (let i = 0; i < 6; i++) {
    const word = rng.uint32();
    sum += (word & 0xffff) + (word >>> 16);
  }
  return (sum + 6) / 0x1_0000 - 6;
}
