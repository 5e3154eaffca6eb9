/** How far prices moved lately: the trades of a sliding time window and what they still allow. */
import type { OrderSide } from '../matching/order-terms.ts';

/** A move of more than `ticks` within `windowMicros` interrupts the market. */
export interface VelocityLimit {
  readonly ticks: number;
  readonly windowMicros: number;
}

/** One remembered price. */
export interface TimedPrice {
  readonly atMicros: number;
  readonly priceTicks: number;
}

/**
 * Trade prices of the window, and the one before it: that is the price from which the window's moves began.
 *
 * Source: CME Globex Velocity Logic (wiki page 46730074): "market movement of a predefined number of ticks either up or
 * down within a predefined time". The numbers of each product are the exchange's and not public; that the price before the
 * window counts, and that the limit itself is still allowed, are choices of ours.
 */
export class VelocityWindow {
  readonly #limit: VelocityLimit;
  #prices: TimedPrice[] = [];

  constructor(limit: VelocityLimit) {
    this.#limit = limit;
  }

  /** Remembers a trade. */
  add(atMicros: number, priceTicks: number): void {
    const last = this.#prices[this.#prices.length - 1];
    // A price that repeats the last one within the same instant says nothing new.
    if (last?.atMicros === atMicros && last.priceTicks === priceTicks) return;
    this.#prices.push({ atMicros, priceTicks });
    this.#forget(atMicros);
  }

  /** Begins anew, as after an interruption. */
  restart(): void {
    this.#prices = [];
  }

  /**
   * The worst price at which a taker of this side may trade now, or null where it may not trade at all.
   *
   * @param bestTicks - the best price of the other side, at which it would trade first
   */
  worstAllowed(side: OrderSide, bestTicks: number, atMicros: number): number | null {
    const { ticks } = this.#limit;
    let low = bestTicks;
    let high = bestTicks;
    for (const { priceTicks } of this.#prices.slice(this.#firstOf(atMicros))) {
      low = Math.min(low, priceTicks);
      high = Math.max(high, priceTicks);
    }
    if (bestTicks > low + ticks || bestTicks < high - ticks) return null;
    return side === 'buy' ? low + ticks : high - ticks;
  }

  /** The remembered prices, oldest first. */
  prices(): readonly TimedPrice[] {
    return this.#prices;
  }

  restore(prices: readonly TimedPrice[]): void {
    this.#prices = [...prices];
  }

  #forget(nowMicros: number): void {
    const first = this.#firstOf(nowMicros);
    if (first > 0) this.#prices = this.#prices.slice(first);
  }

  /** Index of the price from which the moves of the window began. */
  #firstOf(nowMicros: number): number {
    const begin = nowMicros - this.#limit.windowMicros;
    let first = 0;
    while (first + 1 < this.#prices.length && (this.#prices[first + 1] as TimedPrice).atMicros <= begin)
      first++;
    return first;
  }
}
