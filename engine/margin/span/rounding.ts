/** The one rounding rule of amounts: half away from zero, after float noise is taken off. */

/** A value this close to a half, in last decimals, counts as the half it was meant to be. */
const HALF_TOLERANCE = 1e-6;

/**
 * Rounds an amount to a currency's decimals, half away from zero: 1039.5 → 1040, −1039.5 → −1040.
 *
 * Time and volatility risk, net option value and each commodity's requirement are rounded so; everything between keeps
 * its float64 value. A value within 1e-6 of a half is the half.
 *
 * Source: the futures arrays in CME's file of 2019-01-02 (1039.5 → 1040, 266.67 → 267).
 */
export function roundAmount(amount: number, decimals: number): number {
  const scale = decimals === 0 ? 1 : 10 ** decimals;
  const size = Math.floor(Math.abs(amount) * scale + 0.5 + HALF_TOLERANCE) / scale;
  return amount < 0 && size !== 0 ? -size : size;
}
