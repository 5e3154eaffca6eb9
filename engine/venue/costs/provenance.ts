/** Where a number of the cost tables comes from and how far it may be believed. */

/**
 * How sure a number is.
 *
 * - `measured`: read from, or fitted to, recorded exchange data.
 * - `documented`: stated by the exchange's own documentation.
 * - `reported`: stated by third parties only.
 * - `unconfirmed`: a parameter in common use without a source that could be checked.
 */
export type Confidence = 'measured' | 'documented' | 'reported' | 'unconfirmed';

/** The origin of a number or a table. */
export interface Provenance {
  readonly source: string;
  readonly confidence: Confidence;
}

/** A configured value with its origin. */
export interface Sourced<T> extends Provenance {
  readonly value: T;
}

/** A table as it was known to be in force on a day. */
export interface Dated extends Provenance {
  /** ISO day, e.g. '2024-10-16'. The table may be older than that day: the day is when it was seen in force. */
  readonly asOf: string;
}

/**
 * The newest table seen in force on or before a day; null when the day is before all of them.
 *
 * Tables change without notice to us, so the answer is the best that is known, and its `asOf` says how old that is.
 *
 * @param date - ISO day
 */
export function tableOn<T extends Dated>(tables: readonly T[], date: string): T | null {
  let newest: T | null = null;
  for (const table of tables) {
    if (table.asOf <= date && (newest === null || table.asOf > newest.asOf)) newest = table;
  }
  return newest;
}
