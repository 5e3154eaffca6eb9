// The published bracket tables, read from the folder the page is served from.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BracketTable, parseBracketTable } from '../margin/brackets/bracket-table.ts';
import type { NotionalBrackets } from '../margin/brackets/notional-bracket.ts';
import type { Band } from './margin-oracle.ts';

/** Folder of the published tables. */
export const BRACKET_FOLDER: string = join(import.meta.dirname, '../../public/brackets');

/** One published table; throws where it does not load. */
export function publishedBrackets(date: string): BracketTable {
  const table = parseBracketTable(readFileSync(join(BRACKET_FOLDER, `${date}.txt`), 'utf8'));
  if (!table.ok) throw new Error(table.failure.message);
  return table.value;
}

/** Caps and rates alone, for the oracle. */
export function bandsOf(brackets: NotionalBrackets): readonly Band[] {
  return brackets.map((b) => ({ cap: b.cap ?? Number.POSITIVE_INFINITY, rate: b.maintenanceMarginRate }));
}
