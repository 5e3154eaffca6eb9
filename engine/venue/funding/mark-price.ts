/** Mark price of a perpetual: the median of two index-based prices and the contract's own. */
import { assert } from '../../core/assert.ts';
import { SECOND_MICROS } from '../../core/units.ts';

/** Samples in the moving basis, one second apart. Source: Binance FAQ on mark price, rule since 2025-09-18. */
export const BASIS_SAMPLES = 30;

/**
 * Price 1: the index carried to the next funding instant.
 *
 * Formula: index × (1 + last funding rate × time to funding ÷ interval).
 *
 * @example index 10,000, rate 0.03 %, half of the interval left → 10,001.5
 */
export function fundingCarriedPrice(
  index: number,
  lastFundingRate: number,
  untilFundingMicros: number,
  intervalMicros: number,
): number {
  return index * (1 + (lastFundingRate * untilFundingMicros) / intervalMicros);
}

/** Price 2 less the index: the mean of (best bid + best ask) ÷ 2 − index over the last {@link BASIS_SAMPLES} samples. */
export class MovingBasis {
  readonly #ring = new Float64Array(BASIS_SAMPLES);
  #samples = 0;

  /** Takes one sample, in quote currency; one a second. */
  add(basis: number): void {
    this.#ring[this.#samples % BASIS_SAMPLES] = basis;
    this.#samples++;
  }

  /** The mean of the samples held, oldest slot first so that the sum has one order; null before the first. */
  mean(): number | null {
    const held = Math.min(this.#samples, BASIS_SAMPLES);
    if (held === 0) return null;
    let sum = 0;
    for (let i = 0; i < held; i++) sum += this.#ring[i] as number;
    return sum / held;
  }
}

/** The middle one of three prices: the mark price of price 1, price 2 and the contract's last price. */
export function medianPrice(a: number, b: number, c: number): number {
  assert(Number.isFinite(a) && Number.isFinite(b) && Number.isFinite(c), 'mark price of finite prices only');
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/**
 * Time between two samples of the basis on a day: 1 s since 2025-09-18, 1 minute before.
 *
 * @param day - ISO day
 * Source: Binance FAQ on mark price, with the change of 2025-09-18.
 */
export function basisSpacingMicrosOn(day: string): number {
  return day >= '2025-09-18' ? SECOND_MICROS : 60 * SECOND_MICROS;
}

/**
 * What positions are valued at: the median that needs two of three prices to move, or, to show what it protects from,
 * the last trade alone.
 */
export type MarkRule = 'median' | 'last';

/** Everything a mark price is made of, in quote currency. */
export interface MarkParts {
  readonly index: number;
  /** Mean of the basis samples held, see {@link MovingBasis}; null before the first. */
  readonly basisMean: number | null;
  readonly lastFundingRate: number;
  readonly untilFundingMicros: number;
  readonly fundingIntervalMicros: number;
  /** Price of the contract's last trade. */
  readonly lastPrice: number;
}

/** A mark price and the three it was chosen from. */
export interface ComposedMark {
  readonly mark: number;
  readonly price1: number;
  readonly price2: number;
  readonly lastPrice: number;
}

/**
 * Composes the mark price under a rule.
 *
 * Formula: median of price 1 (index carried to funding), price 2 (index + mean basis) and the last price; or the last
 * price itself.
 *
 * Source: Binance FAQ on mark price.
 *
 * @example index 100, basis mean 0.2, no funding, a print at 90: median 100, last 90
 */
export function composeMark(rule: MarkRule, parts: MarkParts): ComposedMark {
  const { index, basisMean, lastFundingRate, untilFundingMicros, fundingIntervalMicros, lastPrice } = parts;
  const price1 = fundingCarriedPrice(index, lastFundingRate, untilFundingMicros, fundingIntervalMicros);
  const price2 = index + (basisMean ?? 0);
  const mark = rule === 'last' ? lastPrice : medianPrice(price1, price2, lastPrice);
  return { mark, price1, price2, lastPrice };
}
