/** Booked money as exact integers: hundred-millionths of a currency in BigInt, and the roundings between them and text. */
import { assert } from '../../core/assert.ts';

/** Units in one unit of currency: all booked money is an integer count of 1e-8. */
export const UNITS_PER_CURRENCY: bigint = 100_000_000n;

const SCALE = 8;
const TEXT = /^(-?)(\d+)(?:\.(\d{1,8}))?$/;

/**
 * Reads decimal text as units; null where it is no decimal number or finer than one unit.
 *
 * @example '12.5' → 1_250_000_000n
 */
export function parseUnits(text: string): bigint | null {
  const match = TEXT.exec(text);
  if (match === null) return null;
  const units = BigInt(`${match[2]}${(match[3] ?? '').padEnd(SCALE, '0')}`);
  return match[1] === '-' ? -units : units;
}

/** Writes units as decimal text with eight decimals. */
export function unitsText(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(SCALE + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
}

/** The nearest float64 in units of the currency: for display and estimates, never booked again. */
export function unitsValue(units: bigint): number {
  return Number(units) / 1e8;
}

/** Units of an estimate, rounded down to a whole unit; the value must be finite. The bridge from scenarios to bookings. */
export function unitsOf(value: number): bigint {
  assert(Number.isFinite(value), `money must be finite, found ${value}`);
  const whole = Math.floor(value);
  return BigInt(whole) * UNITS_PER_CURRENCY + BigInt(Math.floor((value - whole) * 1e8));
}

/** Quotient rounded towards minus infinity; the divisor is positive. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}

/** Quotient rounded towards plus infinity; the divisor is positive. */
export function ceilDivide(a: bigint, b: bigint): bigint {
  return -floorDivide(-a, b);
}

/** The smaller of two amounts. */
export function leastUnits(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger of two amounts. */
export function mostUnits(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
