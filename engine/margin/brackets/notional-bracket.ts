/** Notional brackets of one symbol: the bands of a progressive margin schedule, and the rules they must keep. */
import { assert } from '../../core/assert.ts';
import { type Failure, failure } from '../../core/failure.ts';

/** One band of notional, above `floor` up to and including `cap`, quote currency. */
export interface NotionalBracket {
  /** Counted from 1. */
  readonly number: number;
  readonly floor: number;
  /** Null for a last bracket without a cap. */
  readonly cap: number | null;
  /** Fraction of notional, in (0, 1). */
  readonly maintenanceMarginRate: number;
  /** Most leverage allowed in the bracket; null where the table does not say. */
  readonly maxLeverage: number | null;
  /** The deduction ("cum") that makes the requirement continuous at the floor, quote currency. */
  readonly maintenanceAmount: number;
}

/** All brackets of one symbol, ascending. At least one. */
export type NotionalBrackets = readonly NotionalBracket[];

/** Rates are read as integer millionths, so that maintenance amounts come out exact. */
export const RATE_UNITS = 1_000_000;

/**
 * The maintenance amount of the bracket that starts at `floor`.
 *
 * Formula: previous amount + floor × (rate − previous rate). Exact: integers in millionths of the quote currency.
 *
 * @example previous 0, floor 50,000, rates 0.4 % → 0.5 %: 50 (BTCUSDT, 2021-03-01)
 */
export function maintenanceAmountAt(
  floor: number,
  previous: { readonly maintenanceMarginRate: number; readonly maintenanceAmount: number },
  maintenanceMarginRate: number,
): number {
  const units = (value: number): number => Math.round(value * RATE_UNITS);
  const step = floor * (units(maintenanceMarginRate) - units(previous.maintenanceMarginRate));
  const sum = units(previous.maintenanceAmount) + step;
  assert(Number.isSafeInteger(step) && Number.isSafeInteger(sum), `maintenance amount too large at ${floor}`);
  return sum / RATE_UNITS;
}

/**
 * Checks the five rules every published schedule keeps, and returns the first breach or null.
 *
 * 1. no gaps: floors start at 0 and continue the cap before; 2. maintenance amounts follow
 * {@link maintenanceAmountAt}; 3. rates strictly rise within (0, 1); 4. leverage strictly falls; 5. the initial rate
 * 1 ÷ max leverage exceeds the maintenance rate. Rules 4 and 5 do not apply where leverage is not given.
 *
 * Fails: `margin/bracket-table-malformed`.
 */
export function checkBrackets(symbol: string, brackets: NotionalBrackets): Failure | null {
  if (brackets.length === 0) return breach(symbol, 0, 'expected at least one bracket, found none');
  for (const [i, bracket] of brackets.entries()) {
    const why = breachAt(brackets, i);
    if (why !== null) return breach(symbol, bracket.number, why);
  }
  return null;
}

function breachAt(brackets: NotionalBrackets, index: number): string | null {
  const bracket = brackets[index];
  const previous = brackets[index - 1];
  assert(bracket !== undefined, `no bracket at ${index}`);
  const { floor, cap, maintenanceMarginRate: rate, maxLeverage } = bracket;
  const expectedFloor = previous === undefined ? 0 : previous.cap;
  if (floor !== expectedFloor)
    return `expected the floor ${expectedFloor ?? 'of no further bracket'}, found ${floor}`;
  if (cap === null ? index !== brackets.length - 1 : !(cap > floor)) {
    return `expected a cap above the floor ${floor}, found ${cap ?? 'none'}`;
  }
  if (!(rate > (previous?.maintenanceMarginRate ?? 0) && rate < 1)) {
    return `expected a maintenance rate above ${previous?.maintenanceMarginRate ?? 0} and below 1, found ${rate}`;
  }
  const amount = previous === undefined ? 0 : maintenanceAmountAt(floor, previous, rate);
  if (bracket.maintenanceAmount !== amount) {
    return `expected the maintenance amount ${amount}, found ${bracket.maintenanceAmount}`;
  }
  if (previous !== undefined && (maxLeverage === null) !== (previous.maxLeverage === null)) {
    return 'expected leverage in all brackets of a symbol or in none';
  }
  if (maxLeverage === null) return null;
  if (!(maxLeverage >= 1 && maxLeverage < (previous?.maxLeverage ?? Number.POSITIVE_INFINITY))) {
    return `expected a leverage below ${previous?.maxLeverage ?? 'infinity'} and at least 1, found ${maxLeverage}`;
  }
  if (!(1 / maxLeverage > rate)) {
    return `expected 1 ÷ ${maxLeverage} to exceed the maintenance rate ${rate}`;
  }
  return null;
}

function breach(symbol: string, bracket: number, why: string): Failure {
  return failure('margin/bracket-table-malformed', `${symbol} bracket ${bracket}: ${why}`, {
    symbol,
    bracket,
  });
}

/**
 * The bracket that holds a notional; a notional equal to a cap belongs below it ("50,000 < position ≤ 250,000" in the
 * exchange's announcements). Beyond the last cap the last bracket stays in force: no new position may be
 * opened there, but a price can carry one across the cap, and a requirement at the last rate is the least it can be.
 *
 * @param notional - position value at mark price, quote currency, not negative
 */
export function bracketAt(brackets: NotionalBrackets, notional: number): NotionalBracket {
  assert(notional >= 0, `notional must not be negative, found ${notional}`);
  let found = brackets[0];
  for (const bracket of brackets) {
    if (bracket.number > 1 && bracket.floor >= notional) break;
    found = bracket;
  }
  assert(found !== undefined, 'a symbol has at least one bracket');
  return found;
}
