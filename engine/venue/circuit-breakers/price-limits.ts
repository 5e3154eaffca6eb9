/** The arithmetic of price limits, exact to the tick. */
import { assert } from '../../core/assert.ts';
import { compareDecimals, multiplyDecimals, roundDecimal } from '../../core/money.ts';
import type { Increment } from '../../core/units.ts';

/** Lowest and highest price at which a contract may trade, in ticks; null where a side has no limit. */
export interface PriceLimits {
  readonly lowTicks: number | null;
  readonly highTicks: number | null;
}

/** A contract without limits. */
export const NO_LIMITS: PriceLimits = { lowTicks: null, highTicks: null };

/**
 * The width of a limit in ticks: a fraction of the cash index, cut to the step below. It is a fraction of the index, not of
 * the future, and the same for every expiry.
 *
 * Source: CME FAQ on U.S. equity index price limits ("the width of the 7% limit is based on 7% of the index value at 3:00
 * p.m."); the direction of the rounding from published limits of 2014 and 2023 to 2026.
 *
 * @param step - what the width is a multiple of, at least the tick size and itself a multiple of it
 *
 * @example ('0.07', '16461.32', 1, 1) → 1152
 */
export function limitWidthTicks(
  rate: string,
  indexClose: string,
  step: Increment,
  tickSize: Increment,
): number {
  const steps = wholeSteps(multiplyDecimals(rate, indexClose), step);
  const ticksPerStep = wholeSteps(step.text, tickSize);
  assert(ticksPerStep >= 1 && wholeSteps(tickSize.text, tickSize) === 1, 'a step is at least one tick');
  return steps * ticksPerStep;
}

/**
 * The variant of a dynamic circuit breaker in ticks: a fraction of the previous settlement, cut to the tick below, and at
 * least one tick. A settlement below zero counts by its size, which the exchange does not say.
 *
 * Source: CME FAQ on dynamic circuit breakers ("previous day's settle × percentage, rounded down to nearest tradable tick").
 */
export function dynamicVariantTicks(rate: string, settlementTicks: number): number {
  const product = multiplyDecimals(rate, String(Math.abs(settlementTicks)));
  return Math.max(1, Number(roundDecimal(product, 0, 'floor')));
}

/** The level of an index that a fall by this fraction reaches, as exact decimal text. */
export function fallenLevel(rate: string, indexClose: string): string {
  const kept = wholeSteps(rate, { text: '0.0001', mantissa: 1, scale: 4 });
  return multiplyDecimals(indexClose, String((10_000 - kept) / 10_000));
}

/** Whether an index stands at this level or below. */
export function isAtOrBelow(level: string, bound: string): boolean {
  return compareDecimals(level, bound) <= 0;
}

/** The limits that hold where two sets of them do: of each side the nearer one. */
export function nearerLimits(a: PriceLimits, b: PriceLimits): PriceLimits {
  return {
    lowTicks: pick(a.lowTicks, b.lowTicks, Math.max),
    highTicks: pick(a.highTicks, b.highTicks, Math.min),
  };
}

function pick(a: number | null, b: number | null, nearer: (x: number, y: number) => number): number | null {
  if (a === null || b === null) return a ?? b;
  return nearer(a, b);
}

/** Whole steps in a decimal that is not negative. */
function wholeSteps(text: string, step: Increment): number {
  const [whole = '0', fraction = ''] = text.split('.');
  const scale = Math.max(fraction.length, step.scale);
  const value = BigInt(`${whole}${fraction.padEnd(scale, '0')}`);
  const steps = Number(value / (BigInt(step.mantissa) * 10n ** BigInt(scale - step.scale)));
  assert(Number.isSafeInteger(steps) && steps >= 0, `not a width of a limit: ${text}`);
  return steps;
}
