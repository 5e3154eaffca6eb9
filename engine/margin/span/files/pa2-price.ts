/** Prices as .pa2 files write them: digits, a number of decimals, and fractions of a tick cut to one digit. */

/** Eighths of a 32nd by their last digit, which is cut: 5 is a half, 2 a quarter, 7 three quarters, 1 3 6 8 the odd eighths. */
const EIGHTHS: readonly (number | null)[] = [0, 0.125, 0.25, 0.375, null, 0.5, 0.625, 0.75, 0.875, null];
/** Quarters of a cent by their last digit. */
const QUARTERS: readonly (number | null)[] = [0, null, 0.25, null, null, 0.5, null, 0.75, null, null];

/**
 * Decodes a price.
 *
 * @param digits - the digits as a number, without sign
 * @param decimals - decimals its product record gives
 * @param align - alignment code of the product: 'C' 32nds and eighths of them, '0' quarters in the last digit, else plain
 * @returns the price, or null where the last digit means nothing in its alignment
 *
 * @example (122060, 3, 'C') → 122.1875 · (3757, 3, '0') → 3.7575 · (4654, 2, '') → 46.54
 */
export function decodePrice(digits: number, decimals: number, align: string): number | null {
  if (align === 'C') {
    const points = Math.floor(digits / 1000);
    const ticks = Math.floor((digits % 1000) / 10);
    const eighths = EIGHTHS[digits % 10] ?? null;
    return eighths === null || ticks > 31 ? null : points + (ticks + eighths) / 32;
  }
  if (align === '0') {
    const quarters = QUARTERS[digits % 10] ?? null;
    if (quarters === null) return null;
    // Four times the price in the unit before the last digit is whole, so one division keeps it exact.
    return (Math.floor(digits / 10) * 4 + quarters * 4) / (4 * 10 ** (decimals - 1));
  }
  return digits / 10 ** decimals;
}
