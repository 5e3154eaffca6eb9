/** The few functions of statistics that risk needs: moments, the normal distribution, tails of chi-squared. */
import { assert } from '../../core/assert.ts';

/** Arithmetic mean; of at least one number. */
export function mean(values: ArrayLike<number>): number {
  assert(values.length > 0, 'a mean needs a number');
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Standard deviation with the divisor n − 1. */
export function standardDeviation(values: ArrayLike<number>): number {
  assert(values.length > 1, 'a deviation needs two numbers');
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] as number) - middle) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/**
 * Complementary error function, relative error below 1.2e-7.
 *
 * Source: Press et al., Numerical Recipes, 2nd edition, 6.2 (erfcc).
 */
export function erfc(x: number): number {
  const z = Math.abs(x);
  const t = 1 / (1 + 0.5 * z);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * t + (coefficients[i] ?? 0);
  const tail = t * Math.exp(-z * z + sum);
  return x >= 0 ? tail : 2 - tail;
}

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** Distribution function of the standard normal. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / Math.SQRT2);
}

/**
 * Quantile of the standard normal, absolute error below 1e-8 within 1e-10 … 1 − 1e-10.
 *
 * Source: P. J. Acklam's rational approximation (relative error 1.15e-9).
 */
export function normalQuantile(p: number): number {
  assert(p > 0 && p < 1, `a probability lies between 0 and 1, found ${p}`);
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  const edge = 0.02425;
  if (p > 1 - edge) return -normalQuantile(1 - p);
  if (p < edge) {
    const q = Math.sqrt(-2 * Math.log(p));
    return horner(c, q) / horner(d, q);
  }
  const q = p - 0.5;
  return (horner(a, q * q) * q) / horner(b, q * q);
}

/** Probability that a chi-squared variable with 1 or 2 degrees of freedom exceeds `x`. */
export function chiSquaredTail(x: number, degrees: 1 | 2): number {
  if (!(x > 0)) return 1;
  return degrees === 1 ? erfc(Math.sqrt(x / 2)) : Math.exp(-x / 2);
}

function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
