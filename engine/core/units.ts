/** Units: branded integers for prices, sizes and time, and exact conversion from and to decimal text. */
import { assert } from './assert.ts';
import { fail, ok, type Result } from './result.ts';

declare const unit: unique symbol;

/** Price as an integer count of tick sizes. May be negative. */
export type Ticks = number & { readonly [unit]: 'ticks' };
/** Size as an integer count of lot sizes. Order sizes are positive, positions signed. */
export type Lots = number & { readonly [unit]: 'lots' };
/** Instant as integer microseconds since the Unix epoch (safe to the year 2255). */
export type Micros = number & { readonly [unit]: 'micros' };

/** One second in {@link Micros}. */
export const SECOND_MICROS = 1_000_000;

/** Brands a safe integer as ticks. */
export function ticks(n: number): Ticks {
  if (!Number.isSafeInteger(n)) assert(false, `ticks must be a safe integer, found ${n}`);
  return n as Ticks;
}

/** Brands a safe integer as lots. */
export function lots(n: number): Lots {
  if (!Number.isSafeInteger(n)) assert(false, `lots must be a safe integer, found ${n}`);
  return n as Lots;
}

/** Brands a safe integer as microseconds. */
export function micros(n: number): Micros {
  if (!Number.isSafeInteger(n)) assert(false, `micros must be a safe integer, found ${n}`);
  return n as Micros;
}

/**
 * The smallest step of a decimal quantity: `mantissa × 10^-scale`, e.g. 0.25 = 25 × 10^-2.
 * Plain data so that it crosses workers.
 */
export interface Increment {
  readonly text: string;
  readonly mantissa: number;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads an increment such as `0.1`, `0.25` or `5` from decimal text.
 *
 * Throws a defect for anything that is not a positive decimal: increments come from our own tables.
 */
export function increment(text: string): Increment {
  const match = DECIMAL.exec(text);
  assert(match !== null && match[1] === '', `increment must be a positive decimal, found ${text}`);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const mantissa = Number(`${match[2]}${fraction}`);
  assert(Number.isSafeInteger(mantissa) && mantissa > 0, `increment out of range: ${text}`);
  return { text, mantissa, scale: fraction.length };
}

/**
 * Reads decimal text as an exact integer multiple of `step`.
 *
 * @param text - decimal text, optional leading minus, no exponent
 * @param step - tick size or lot size
 * @returns the multiple as a safe integer
 *
 * Fails: `core/number-malformed`, `core/number-not-a-multiple`, `core/number-too-large`.
 *
 * @example '61641.50' with step 0.1 → 616415
 */
export function parseMultiple(text: string, step: Increment): Result<number> {
  const match = DECIMAL.exec(text);
  if (match === null) {
    return fail('core/number-malformed', `expected a decimal number, found "${text.slice(0, 40)}"`);
  }
  const fraction = match[3] ?? '';
  const scale = Math.max(fraction.length, step.scale);
  const value = BigInt(`${match[2]}${fraction.padEnd(scale, '0')}`);
  const size = BigInt(step.mantissa) * 10n ** BigInt(scale - step.scale);
  if (value % size !== 0n) {
    return fail('core/number-not-a-multiple', `expected a multiple of ${step.text}, found "${text}"`);
  }
  const multiple = Number(value / size);
  if (!Number.isSafeInteger(multiple)) {
    return fail('core/number-too-large', `expected at most 2^53 steps of ${step.text}, found "${text}"`);
  }
  return ok(match[1] === '-' && multiple !== 0 ? -multiple : multiple);
}

/**
 * Writes an integer multiple of `step` as decimal text with exactly the step's own number of decimals.
 *
 * @example 616415 with step 0.1 → '61641.5'
 */
export function formatMultiple(multiple: number, step: Increment): string {
  assert(Number.isSafeInteger(multiple), `multiple must be a safe integer, found ${multiple}`);
  const negative = multiple < 0;
  const digits = (BigInt(Math.abs(multiple)) * BigInt(step.mantissa))
    .toString()
    .padStart(step.scale + 1, '0');
  const whole = digits.slice(0, digits.length - step.scale);
  const fraction = step.scale === 0 ? '' : `.${digits.slice(digits.length - step.scale)}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

/** The step as a float64, for estimates only. */
export function stepValue(step: Increment): number {
  return step.mantissa / 10 ** step.scale;
}

/** A multiple of a step as the nearest float64 (one correctly rounded division), for estimates only. */
export function multipleValue(multiple: number, step: Increment): number {
  return (multiple * step.mantissa) / 10 ** step.scale;
}
