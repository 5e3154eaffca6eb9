/** Exact decimal amounts as text: the only file that knows the decimal library. */
import { Decimal } from 'decimal.js';
import { assert } from './assert.ts';
import { fail, ok, type Result } from './result.ts';

/** Longest decimal text accepted, in characters; two such numbers add exactly within the working precision. */
export const DECIMAL_TEXT_LIMIT = 64;

const DECIMAL_TEXT = /^-?\d+(?:\.\d+)?$/;

// A clone, so that no other user of the library can change its settings for us.
const Exact = Decimal.clone({
  precision: 200,
  rounding: Decimal.ROUND_HALF_UP,
  toExpNeg: -200,
  toExpPos: 200,
});

/**
 * Checks that `text` is a plain decimal number and returns it unchanged, so nothing is lost.
 *
 * Fails: `core/number-malformed` (signs other than a leading minus, exponents, separators, blanks, no digits),
 * `core/number-too-large` (more than {@link DECIMAL_TEXT_LIMIT} characters).
 *
 * @example '1250.50' → '1250.50'
 */
export function parseDecimalText(text: string): Result<string> {
  if (text.length > DECIMAL_TEXT_LIMIT) {
    return fail(
      'core/number-too-large',
      `expected at most ${DECIMAL_TEXT_LIMIT} characters, found ${text.length}`,
    );
  }
  if (!DECIMAL_TEXT.test(text)) {
    return fail('core/number-malformed', `expected a decimal number such as 12.5, found "${text}"`);
  }
  return ok(text);
}

/** Whether `text` is a plain decimal number of acceptable length, see {@link parseDecimalText}. */
export function isDecimalText(text: string): boolean {
  return parseDecimalText(text).ok;
}

/** Sign of decimal text: −1, 0 (also for '-0.0') or 1. */
export function decimalSign(text: string): -1 | 0 | 1 {
  assert(isDecimalText(text), `expected decimal text, found "${text}"`);
  if (!/[1-9]/.test(text)) return 0;
  return text.startsWith('-') ? -1 : 1;
}

/** Exact order of two decimal texts: −1, 0 or 1. '1.0' equals '1.00'. */
export function compareDecimals(a: string, b: string): -1 | 0 | 1 {
  const order = exact(a).comparedTo(exact(b));
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/** Exact sum of decimal texts, in plain notation; '0' for none. */
export function sumDecimals(texts: readonly string[]): string {
  return plain(texts.reduce((sum, text) => sum.plus(exact(text)), new Exact(0)));
}

/** Exact product of decimal texts, in plain notation. Each factor is within {@link DECIMAL_TEXT_LIMIT}, so nothing is lost. */
export function multiplyDecimals(a: string, b: string): string {
  return plain(exact(a).times(exact(b)));
}

/**
 * How a booked amount is cut to its last decimal: `ceiling` and `floor` toward +∞ and −∞, `down` toward zero, `half-up`
 * to the nearest with halves away from zero, `half-even` to the nearest with halves to the even digit.
 */
export type Rounding = 'ceiling' | 'floor' | 'down' | 'half-up' | 'half-even';

const ROUNDING_MODES: Readonly<Record<Rounding, Decimal.Rounding>> = {
  ceiling: Decimal.ROUND_CEIL,
  floor: Decimal.ROUND_FLOOR,
  down: Decimal.ROUND_DOWN,
  'half-up': Decimal.ROUND_HALF_UP,
  'half-even': Decimal.ROUND_HALF_EVEN,
};

/**
 * Rounds a decimal to `places` decimals in the named direction and writes it with exactly that many.
 *
 * @example ('0.00999795', 6, 'down') → '0.009997' · ('-0.0015', 3, 'ceiling') → '-0.001'
 */
export function roundDecimal(text: string, places: number, rounding: Rounding): string {
  assert(Number.isInteger(places) && places >= 0 && places <= 100, `decimal places out of range: ${places}`);
  return plain(exact(text).toDecimalPlaces(places, ROUNDING_MODES[rounding]), places);
}

/**
 * Writes a decimal with exactly `places` decimals, halves away from zero, grouping and locale left to the page.
 *
 * @example ('2.345', 2) → '2.35' · ('-0.001', 2) → '0.00'
 */
export function formatDecimal(text: string, places: number): string {
  return roundDecimal(text, places, 'half-up');
}

/** The nearest float64: the one bridge from booked amounts to estimates. */
export function decimalValue(text: string): number {
  assert(isDecimalText(text), `expected decimal text, found "${text}"`);
  const value = Number(text);
  return value === 0 ? 0 : value;
}

function exact(text: string): Decimal {
  assert(isDecimalText(text), `expected decimal text, found "${text}"`);
  return new Exact(text);
}

function plain(value: Decimal, places?: number): string {
  const unsigned = value.isZero() ? value.abs() : value;
  return places === undefined ? unsigned.toFixed() : unsigned.toFixed(places);
}
