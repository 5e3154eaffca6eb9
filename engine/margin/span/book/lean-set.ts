/** The part of a parameter set that a book needs: a file lists far more options than anybody holds, and every one costs time. */
import { SCENARIO_COUNT, type SpanContract, type SpanParameterSet } from '../parameter-set.ts';
import type { BookRows } from './portfolio-book.ts';

/** A set without the options that a book does not hold, and the book's rows by that set's contracts. */
export interface LeanSet {
  readonly set: SpanParameterSet;
  readonly rows: BookRows;
}

/**
 * Leaves out options that no row holds; every requirement stays what it is. What is not an option stays, since nearest futures
 * give ranges, and so does one contract of every month of a commodity, since months are what spreads are formed over.
 */
export function leanSet(set: SpanParameterSet, rows: BookRows): LeanSet {
  const { contracts } = set;
  const stays = new Uint8Array(contracts.length);
  for (const contract of rows.contracts) if (contract >= 0) stays[contract] = 1;
  const months = new Set<string>();
  const monthOf = ({ commodity, period }: SpanContract): string => `${commodity}:${period}`;
  contracts.forEach((contract, i) => {
    if (contract.option === null) stays[i] = 1;
    if (stays[i] === 1) months.add(monthOf(contract));
  });
  contracts.forEach((contract, i) => {
    const month = monthOf(contract);
    if (months.has(month)) return;
    months.add(month);
    stays[i] = 1;
  });
  const kept = contracts.flatMap((_, i) => (stays[i] === 1 ? [i] : []));
  const place = new Int32Array(contracts.length).fill(-1);
  kept.forEach((contract, i) => {
    place[contract] = i;
  });
  const arrays = new Float64Array(kept.length * SCENARIO_COUNT);
  kept.forEach((contract, i) => {
    const array = set.arrays.subarray(contract * SCENARIO_COUNT, (contract + 1) * SCENARIO_COUNT);
    arrays.set(array, i * SCENARIO_COUNT);
  });
  return {
    set: { ...set, contracts: kept.flatMap((i) => contracts[i] ?? []), arrays, problems: [] },
    // A row that names no contract of the set names none here.
    rows: { ...rows, contracts: rows.contracts.map((contract) => place[contract] ?? contract) },
  };
}
