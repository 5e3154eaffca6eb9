/** Premium index: how far the contract's impact prices stand from the index, and its time-weighted average. */
import type { Micros } from '../../core/units.ts';

/** Time between two samples of the premium index. Source: Binance FAQ on funding rates (5,760 samples in 8 hours). */
export const PREMIUM_SAMPLE_MICROS = 5_000_000;

/**
 * Premium index as a fraction.
 *
 * Formula: [max(0, impactBid − index) − max(0, index − impactAsk)] ÷ index.
 */
export function premiumIndex(impactBid: number, impactAsk: number, index: number): number {
  return (Math.max(0, impactBid - index) - Math.max(0, index - impactAsk)) / index;
}

/**
 * Premium of the perpetuals that builders deploy on Hyperliquid, as a fraction: middle of the impact prices ÷ oracle − 1.
 *
 * Source: recorded contexts of their markets, all of which follow it, while the main exchange follows {@link premiumIndex}.
 */
export function impactMidPremium(impactBid: number, impactAsk: number, oracle: number): number {
  return (impactBid + impactAsk) / 2 / oracle - 1;
}

/**
 * Average of the premium index over one funding interval, weighted by sample number: Σ i·Pᵢ ÷ Σ i, so that late samples
 * count more. Source: Binance FAQ on funding rates.
 */
export class PremiumAverage {
  #samples = 0;
  #weighted = 0;

  /** Number of samples since the last reset. */
  get samples(): number {
    return this.#samples;
  }

  /** Takes the next sample of the interval, a fraction. */
  add(premium: number): void {
    this.#samples++;
    this.#weighted += this.#samples * premium;
  }

  /** The average so far as a fraction; null before the first sample. */
  average(): number | null {
    return this.#samples === 0 ? null : this.#weighted / ((this.#samples * (this.#samples + 1)) / 2);
  }

  /** Starts the next interval. */
  reset(): void {
    this.#samples = 0;
    this.#weighted = 0;
  }
}

/** The next funding instant strictly after `now`: multiples of the interval since midnight UTC. */
export function nextFundingMicros(now: Micros, intervalHours: number): Micros {
  const interval = intervalHours * 3_600_000_000;
  return ((Math.floor(now / interval) + 1) * interval) as Micros;
}
