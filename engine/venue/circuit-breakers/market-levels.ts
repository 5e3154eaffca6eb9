/** The falls of the whole market that halt stock index futures with it. */
import type { LimitBasis } from './contract-limits.ts';
import { fallenLevel, isAtOrBelow } from './price-limits.ts';

/**
 * The level, 1 to 3, for which the market halts at this level of the S&P 500; null for none. Levels 1 and 2 halt from 08:30
 * to 14:25 CT, level 3 until stocks close; whether a level has halted today already is for the caller to know.
 *
 * Source: NYSE rule 7.12 (Rule 80B); CME FAQ on U.S. equity index price limits.
 */
export function haltingLevel({ regime, phase, references }: LimitBasis, level: string): 1 | 2 | 3 | null {
  const close = references?.marketClose ?? null;
  if (regime.kind !== 'equity-index' || close === null) return null;
  const [first, second, third] = regime.levels;
  const hasFallen = (rate: string): boolean => isAtOrBelow(level, fallenLevel(rate, close));
  if (phase !== 'all-levels' && phase !== 'level-3-only') return null;
  if (hasFallen(third)) return 3;
  if (phase === 'level-3-only' || !hasFallen(first)) return null;
  return hasFallen(second) ? 2 : 1;
}
