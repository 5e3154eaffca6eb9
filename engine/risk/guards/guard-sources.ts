/** The tables behind the limits of one instrument, named in its reasons. */
import type { Dated } from '../../reference/instruments/cme-product.ts';
import type { CryptoInstrument, GuardInput } from './guard-input.ts';
import type { GuardRuleId } from './guard-vocabulary.ts';
import type { PositionLimit } from './position-limits.ts';

/** Where the limits of single rules were read. */
export type GuardSources = Partial<Readonly<Record<GuardRuleId, string>>>;

/** The bracket table of a crypto contract. */
export function cryptoSources({ bracketSource }: CryptoInstrument): GuardSources {
  return {
    'input/table': bracketSource,
    'leverage/bracket': bracketSource,
    'leverage/cap': bracketSource,
    'margin/funds': bracketSource,
  };
}

/** The parameter set and the position limits of a CME contract. */
export function cmeSources(span: GuardInput['span'], limit: Dated<PositionLimit> | null): GuardSources {
  const set = span?.maintenance.set;
  return {
    ...(set === undefined ? {} : { 'span/funds': `${set.id}: ${set.source}`, 'input/table': set.id }),
    ...(limit === null ? {} : { 'position/limit': limit.source, 'position/accountability': limit.source }),
  };
}
