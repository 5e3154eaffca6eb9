/** Tables by date: which one was in force on a day. */
import { assert } from './assert.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The newest table not after a day, or null where all are newer.
 *
 * @param tables - in any order, each with the ISO day it is in force from
 * @param day - ISO day; anything else is a defect
 *
 * @example tables of 2021-03-01 and 2022-02-12, day 2022-02-11 → the one of 2021-03-01
 */
export function tableInForce<T extends { readonly date: string }>(
  tables: readonly T[],
  day: string,
): T | null {
  assert(DAY.test(day), `expected an ISO day, found "${day}"`);
  let found: T | null = null;
  for (const table of tables) {
    if (table.date <= day && (found === null || table.date > found.date)) found = table;
  }
  return found;
}
