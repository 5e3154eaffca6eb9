/** Highest and lowest price of a sliding window of time. */

/** A price and when it was traded. */
export interface TimedExtreme {
  readonly atMicros: number;
  readonly priceTicks: number;
}

/** The window as plain data: the prices that are still, or may yet become, an extreme. */
export interface ExtremesSnapshot {
  readonly highs: readonly TimedExtreme[];
  readonly lows: readonly TimedExtreme[];
}

/** Extremes of the trades of the last `windowMicros`; a trade leaves the window when it is exactly that old. */
export class RollingExtremes {
  readonly #windowMicros: number;
  #highs: TimedExtreme[];
  #lows: TimedExtreme[];

  constructor(windowMicros: number, snapshot?: ExtremesSnapshot) {
    this.#windowMicros = windowMicros;
    this.#highs = [...(snapshot?.highs ?? [])];
    this.#lows = [...(snapshot?.lows ?? [])];
  }

  /** Adds a trade; its time is not before that of the last. */
  add(atMicros: number, priceTicks: number): void {
    // A price that a later one surpasses can no longer be an extreme.
    while ((this.#highs.at(-1)?.priceTicks ?? Number.POSITIVE_INFINITY) <= priceTicks) this.#highs.pop();
    while ((this.#lows.at(-1)?.priceTicks ?? Number.NEGATIVE_INFINITY) >= priceTicks) this.#lows.pop();
    this.#highs.push({ atMicros, priceTicks });
    this.#lows.push({ atMicros, priceTicks });
  }

  /** Forgets what has left the window. */
  forget(nowMicros: number): void {
    this.#highs = since(this.#highs, nowMicros - this.#windowMicros);
    this.#lows = since(this.#lows, nowMicros - this.#windowMicros);
  }

  /** Begins anew. */
  restart(): void {
    this.#highs = [];
    this.#lows = [];
  }

  get highTicks(): number | null {
    return this.#highs[0]?.priceTicks ?? null;
  }

  get lowTicks(): number | null {
    return this.#lows[0]?.priceTicks ?? null;
  }

  /** When an extreme leaves the window next; null while it is empty. */
  get changesAtMicros(): number | null {
    const high = this.#highs[0];
    const low = this.#lows[0];
    return high === undefined || low === undefined
      ? null
      : Math.min(high.atMicros, low.atMicros) + this.#windowMicros;
  }

  snapshot(): ExtremesSnapshot {
    return { highs: [...this.#highs], lows: [...this.#lows] };
  }
}

function since(prices: TimedExtreme[], begin: number): TimedExtreme[] {
  const first = prices.findIndex((price) => price.atMicros > begin);
  if (first === 0) return prices;
  return first < 0 ? [] : prices.slice(first);
}
