/** The trades since they were last taken: bounded, oldest first, packed as numbers. */

/** Numbers per trade: time (micros), price (ticks), size (lots), taker side (0 buy, 1 sell), kind (0 market, 1 insurance fund, 2 ADL, 3 not available, 4 liquidation order). */
export const TRADE_NUMBERS = 5;
/** Most trades kept between two takes; beyond it the oldest are given up and counted. */
export const MAX_TRADES = 2048;

/** A ring of packed trades. */
export class TradeRing {
  readonly #numbers: Float64Array = new Float64Array(MAX_TRADES * TRADE_NUMBERS);
  #first = 0;
  #count = 0;
  #dropped = 0;

  /** Trades given up because nobody took them. */
  get dropped(): number {
    return this.#dropped;
  }

  add(atMicros: number, priceTicks: number, sizeLots: number, takerSide: 'buy' | 'sell', kind: number): void {
    if (this.#count === MAX_TRADES) {
      this.#first = (this.#first + 1) % MAX_TRADES;
      this.#count--;
      this.#dropped++;
    }
    const at = ((this.#first + this.#count) % MAX_TRADES) * TRADE_NUMBERS;
    this.#count++;
    this.#numbers[at] = atMicros;
    this.#numbers[at + 1] = priceTicks;
    this.#numbers[at + 2] = sizeLots;
    this.#numbers[at + 3] = takerSide === 'sell' ? 1 : 0;
    this.#numbers[at + 4] = kind;
  }

  /** The trades, oldest first, as an array of its own. They stay. */
  copy(): Float64Array {
    const out = new Float64Array(this.#count * TRADE_NUMBERS);
    const untilEnd = Math.min(this.#count, MAX_TRADES - this.#first);
    const first = this.#first * TRADE_NUMBERS;
    out.set(this.#numbers.subarray(first, first + untilEnd * TRADE_NUMBERS));
    out.set(this.#numbers.subarray(0, (this.#count - untilEnd) * TRADE_NUMBERS), untilEnd * TRADE_NUMBERS);
    return out;
  }

  /** The trades, oldest first; the ring is empty afterwards. */
  take(): Float64Array {
    const out = this.copy();
    this.#first = 0;
    this.#count = 0;
    return out;
  }

  /** Replaces everything by saved trades. */
  restore(trades: Float64Array, dropped: number): void {
    this.#numbers.set(trades);
    this.#first = 0;
    this.#count = trades.length / TRADE_NUMBERS;
    this.#dropped = dropped;
  }
}
