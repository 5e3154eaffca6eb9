/** Building blocks of SPAN derivations: terms that were read, with their place in the file, and terms that were computed. */
import type { DerivationTerm } from '../margin-report.ts';
import type { SpanParameterSet } from './parameter-set.ts';

/** Where in its file a contract, spread or rate stands. */
export function placeIn(set: SpanParameterSet, place: number): string {
  const where = { spn: 'character', pa2: 'record', 'built-in': 'table' }[set.format];
  return set.format === 'built-in' ? `${set.id}: ${set.source}` : `${set.id}, ${where} ${place}`;
}

/** A term that was read. */
export function input(label: string, value: number | string, unit: string, source: string): DerivationTerm {
  return { label, value, unit, formula: null, source, terms: [] };
}

/** A term that was computed. */
export function computed(
  label: string,
  value: number,
  unit: string,
  formula: string,
  terms: readonly DerivationTerm[],
): DerivationTerm {
  return { label, value, unit, formula, source: null, terms };
}
