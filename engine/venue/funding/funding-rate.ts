/** Funding rate of a perpetual from its average premium. */

/** Terms of a perpetual's funding. All rates are fractions. */
export interface FundingTerms {
  /** Hours between funding instants (8, 4 or 1). */
  readonly intervalHours: number;
  /** Interest rate per 8 hours. */
  readonly interestRate: number;
  /** Largest rate of one interval; the smallest is its negative. */
  readonly capRate: number;
}

/** Half-width of the band in which the interest rate alone decides. Source: Binance FAQ on funding rates. */
const DAMPER_RATE = 0.0005;
const BASE_HOURS = 8;

/**
 * Funding cap of the majors: 0.75 × maintenance margin rate of the first bracket.
 *
 * Source: Binance funding information of 2026 for BTC and ETH (±0.3 % at a rate of 0.4 %).
 */
export function fundingCapRate(firstBracketMaintenanceRate: number): number {
  return 0.75 * firstBracketMaintenanceRate;
}

/**
 * Funding rate of one interval as a fraction; positive means that longs pay.
 *
 * Formula in force since 2025-09-18: [P̄ + clamp(I − P̄, −0.05 %, +0.05 %)] ÷ (8 ÷ N), then held within ± the cap.
 *
 * @param averagePremium - weighted average of the premium index over the interval, a fraction
 *
 * Source: Binance FAQ "Introduction to Binance Futures Funding Rates".
 *
 * @example P̄ 0.1 %, I 0.01 %, N 4 → (0.1 % − 0.05 %) ÷ 2 = 0.025 %
 */
export function fundingRate(averagePremium: number, terms: FundingTerms): number {
  const damped = Math.max(-DAMPER_RATE, Math.min(DAMPER_RATE, terms.interestRate - averagePremium));
  const rate = ((averagePremium + damped) * terms.intervalHours) / BASE_HOURS;
  return Math.max(-terms.capRate, Math.min(terms.capRate, rate));
}
