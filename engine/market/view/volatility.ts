/** Volatility of a price sampled once a second, for telling a distance in standard deviations. An estimate. */

const SECONDS_PER_DAY = 86_400;
/** Weight of the newest squared return: a half-life of about 300 samples. */
const WEIGHT = 0.0023;
/** Fewer samples than this say nothing. */
const FEWEST_SAMPLES = 60;

/** A saved estimate. */
export interface VolatilitySnapshot {
  readonly last: number | null;
  readonly variance: number;
  readonly samples: number;
}

/**
 * Exponentially weighted volatility of one-second log returns, scaled to a day by the square root of time.
 *
 * Assumes: independent returns (no microstructure correction), so it overstates where the price bounces
 * between bid and ask; feed it middles or marks, not trades.
 */
export class VolatilityEstimate {
  #last: number | null = null;
  #variance = 0;
  #samples = 0;

  /** Adds the price at the end of one second (positive; others are ignored). */
  add(price: number): void {
    if (!(price > 0)) return;
    if (this.#last !== null) {
      const r = Math.log(price / this.#last);
      this.#samples++;
      // The first samples count equally, later ones by the fixed weight.
      const weight = Math.max(WEIGHT, 1 / this.#samples);
      this.#variance += weight * (r * r - this.#variance);
    }
    this.#last = price;
  }

  /** Notes that the price of a second is not known: the next one begins anew, so that no return spans the gap. */
  pause(): void {
    this.#last = null;
  }

  snapshot(): VolatilitySnapshot {
    return { last: this.#last, variance: this.#variance, samples: this.#samples };
  }

  restore(saved: VolatilitySnapshot): void {
    this.#last = saved.last;
    this.#variance = saved.variance;
    this.#samples = saved.samples;
  }

  /** One-day volatility as a fraction; null until a minute was seen or while the price never moved. */
  daily(): number | null {
    if (this.#samples < FEWEST_SAMPLES || this.#variance === 0) return null;
    return Math.sqrt(this.#variance * SECONDS_PER_DAY);
  }
}
