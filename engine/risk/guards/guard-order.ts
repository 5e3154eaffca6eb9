/** The pre-trade guard as one pure function: configuration, input and order in, verdict out, whatever happens on the way. */
import { micros } from '../../core/units.ts';
import type { GuardConfiguration } from './guard-configuration.ts';
import type { GuardInput, GuardOrder } from './guard-input.ts';
import { GuardSheet } from './guard-sheet.ts';
import { type GuardVerdict, reasonsOf } from './guard-verdict.ts';
import { UnifiedGuard } from './unified-guard.ts';

/**
 * Judges one order from nothing but its arguments.
 *
 * Never throws: an input that is not what its type says, and anything that fails inside a check, is a BLOCK with the reason.
 */
export function guardOrder(
  configuration: GuardConfiguration,
  input: GuardInput,
  order: GuardOrder,
): GuardVerdict {
  try {
    return new UnifiedGuard(configuration, input).verdict(order);
  } catch (error) {
    return failedVerdict(error instanceof Error ? error.message : 'unreadable input');
  }
}

function failedVerdict(why: string): GuardVerdict {
  const sheet = new GuardSheet();
  sheet.add('guard/check', 'check-failed', 'emergency', 'halt', why, Number.NaN, Number.NaN);
  return {
    verdict: 'BLOCK',
    severity: 'emergency',
    reasons: reasonsOf(sheet, 'BLOCK'),
    allowedLots: 0,
    onlyReduces: false,
    marginRatio: { before: null, after: null },
    notChecked: [],
    // Neither the input nor the configuration can be trusted to be readable here.
    atMicros: micros(0),
    configuration: { version: 0, profile: 'unreadable' },
  };
}
