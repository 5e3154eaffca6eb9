/** Sizes a reader can filter the tape by. */
import { type Increment, parseMultiple } from '../../../engine/core/units.ts';

/** In the contract's unit. */
const SIZES = ['0', '0.01', '0.05', '0.1', '0.5', '1', '5', '10', '50', '100', '1000', '10000'] as const;
/** More rows than this are no choice but a search. */
const MOST = 8;

/** The sizes that are whole lots of a contract, in lots, smallest first. */
export function filterChoices(lotSize: Increment): readonly number[] {
  return SIZES.flatMap((text) => {
    const lots = parseMultiple(text, lotSize);
    return lots.ok ? [lots.value] : [];
  }).slice(0, MOST);
}
