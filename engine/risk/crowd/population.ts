/** A population: many small accounts of one contract as columns, each with one position and the wallet behind it. */
import { assert } from '../../core/assert.ts';
import { type Increment, increment } from '../../core/units.ts';
import type { ContractSpec } from '../../reference/instruments/contract-spec.ts';

/** Units of a wallet in one unit of the quote currency: money here is an integer count of millionths. */
export const WALLET_UNITS = 1_000_000;

/** Most accounts in one population. */
export const POPULATION_LIMIT = 1_000_000;

/** The facts of the contract that all accounts hold. Plain data. */
export interface CrowdContract {
  readonly symbol: string;
  readonly tickSize: Increment;
  readonly lotSize: Increment;
  /** Value of one tick on one lot, in wallet units. A positive integer, so that profit and loss are exact. */
  readonly unitsPerTickLot: number;
}

/**
 * Accounts as columns, one row each: one position of one contract, margined by `walletUnits` alone. All values are
 * integers. A row's name is its number.
 */
export interface Population {
  readonly contract: CrowdContract;
  readonly count: number;
  /** +1 long, −1 short. */
  readonly side: Int8Array;
  /** Size in lots, at least 1. */
  readonly sizeLots: Float64Array;
  readonly entryTicks: Float64Array;
  /** Leverage at which the position was opened, at least 1. */
  readonly leverage: Uint16Array;
  /** Money behind the position, in millionths of the quote currency; not negative. */
  readonly walletUnits: Float64Array;
  /** 1 isolated: the wallet is the position's own margin. 0 cross: the wallet is the account's whole balance. */
  readonly isolated: Uint8Array;
}

/**
 * The facts a population needs of a listed contract.
 *
 * Throws a defect where one tick on one lot is not a whole number of wallet units.
 *
 * @example BTCUSDT, tick 0.1, lot 0.001 → 100 units (0.0001 USDT)
 */
export function crowdContract(
  spec: Pick<ContractSpec, 'symbol' | 'tickSize' | 'lotSize' | 'multiplier'>,
): CrowdContract {
  const { symbol, tickSize, lotSize } = spec;
  const multiplier = increment(spec.multiplier);
  const mantissa = BigInt(tickSize.mantissa) * BigInt(lotSize.mantissa) * BigInt(multiplier.mantissa);
  const divisor = 10n ** BigInt(tickSize.scale + lotSize.scale + multiplier.scale);
  const units = mantissa * BigInt(WALLET_UNITS);
  const isWhole = units % divisor === 0n;
  assert(isWhole, `${symbol}: one tick on one lot is not a whole number of 1/${WALLET_UNITS}`);
  return { symbol, tickSize, lotSize, unitsPerTickLot: Number(units / divisor) };
}

/** An empty population of `count` rows, to be filled. */
export function emptyPopulation(contract: CrowdContract, count: number): Population {
  assert(
    count >= 0 && count <= POPULATION_LIMIT,
    `expected at most ${POPULATION_LIMIT} accounts, found ${count}`,
  );
  return {
    contract,
    count,
    side: new Int8Array(count),
    sizeLots: new Float64Array(count),
    entryTicks: new Float64Array(count),
    leverage: new Uint16Array(count),
    walletUnits: new Float64Array(count),
    isolated: new Uint8Array(count),
  };
}

/** Lots held long and held short; equal in a closed market. */
export function openInterestLots(population: Population): { readonly long: number; readonly short: number } {
  let long = 0;
  let short = 0;
  for (let row = 0; row < population.count; row++) {
    const size = population.sizeLots[row] as number;
    if (population.side[row] === 1) long += size;
    else short += size;
  }
  return { long, short };
}
