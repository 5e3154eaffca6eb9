/** Prices and sizes as text, fast enough for a painter: integer arithmetic only, digits grouped, decimals of the step. */
import type { Increment } from '../../engine/core/units.ts';

const MINUS = '\u2212';

function group(digits: string): string {
  let text = digits;
  for (let at = digits.length - 3; at > 0; at -= 3) text = `${text.slice(0, at)},${text.slice(at)}`;
  return text;
}

/**
 * Writes a whole multiple of `step` with the step's own decimals, e.g. 616415 with step 0.1 → `61,641.5`.
 * Exact while the digits fit a safe integer, which every price and book size does.
 */
export function tickText(multiple: number, step: Increment): string {
  const value = Math.abs(multiple) * step.mantissa;
  const digits = String(value).padStart(step.scale + 1, '0');
  const whole = group(digits.slice(0, digits.length - step.scale));
  const fraction = step.scale === 0 ? '' : `.${digits.slice(digits.length - step.scale)}`;
  return `${multiple < 0 ? MINUS : ''}${whole}${fraction}`;
}

/** The nearest whole multiple of `step`, as text: for estimates such as a mark price between two ticks. */
export function nearestTickText(price: number, step: Increment): string {
  return tickText(priceToTicks(price, step), step);
}

/** A price as ticks, rounded to the nearest one. */
export function priceToTicks(price: number, step: Increment): number {
  return Math.round((price * 10 ** step.scale) / step.mantissa);
}
