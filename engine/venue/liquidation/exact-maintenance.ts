/** Maintenance margin in exact units, so that whether an account is liquidated never hangs on a rounding of float64. */

import { ceilDivide, UNITS_PER_CURRENCY, unitsOf } from '../../accounting/ledger/money-units.ts';
import { assert } from '../../core/assert.ts';
import { type NotionalBrackets, RATE_UNITS } from '../../margin/brackets/notional-bracket.ts';

/** One bracket in units of 1e-8. */
export interface ExactBracket {
  readonly floor: bigint;
  /** Null for a last bracket without a cap. */
  readonly cap: bigint | null;
  /** Maintenance margin rate in millionths. */
  readonly rate: bigint;
  /** Maintenance amount. */
  readonly amount: bigint;
}

/** The brackets of a schedule in exact units. */
export function exactBrackets(brackets: NotionalBrackets): readonly ExactBracket[] {
  return brackets.map((bracket) => ({
    floor: unitsOf(bracket.floor),
    cap: bracket.cap === null ? null : unitsOf(bracket.cap),
    rate: BigInt(Math.round(bracket.maintenanceMarginRate * RATE_UNITS)),
    // Amounts are whole millionths by the rule that makes them.
    amount: (BigInt(Math.round(bracket.maintenanceAmount * RATE_UNITS)) * UNITS_PER_CURRENCY) / 1_000_000n,
  }));
}

/** Position in the list of the bracket that holds a notional; a notional equal to a cap belongs below it. */
export function exactBracketAt(brackets: readonly ExactBracket[], notional: bigint): number {
  let found = 0;
  for (let i = 1; i < brackets.length; i++) {
    if ((brackets[i] as ExactBracket).floor >= notional) break;
    found = i;
  }
  return found;
}

/**
 * Maintenance margin of a notional in units, rounded up to a unit.
 *
 * Formula: notional × rate − amount of the bracket that holds it, as in `margin/brackets/maintenance-margin.ts`.
 *
 * @example 300,000 USDT of BTCUSDT in the table of 2021-03-01: 1,700 USDT
 */
export function exactMaintenance(brackets: readonly ExactBracket[], notional: bigint): bigint {
  if (notional === 0n) return 0n;
  const bracket = brackets[exactBracketAt(brackets, notional)];
  assert(bracket !== undefined, 'a market has at least one bracket');
  return ceilDivide(notional * bracket.rate, 1_000_000n) - bracket.amount;
}
