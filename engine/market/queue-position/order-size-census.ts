/** How often orders of each size arrive, counted from a feed: what stands ahead of us is taken to be such a sample. */

/** Sizes counted one by one; larger ones share a count. */
const MOST_LOTS = 1024;

/** One per instrument; feed it every order seen to arrive. Sizes never seen count as seen once. */
export class OrderSizeCensus {
  readonly #arrivals: Float64Array = new Float64Array(MOST_LOTS + 1);
  #total = 0;
  #lots = 0;

  /** Counts an arrival. */
  observe(sizeLots: number): void {
    const at = Math.min(sizeLots, MOST_LOTS);
    this.#arrivals[at] = (this.#arrivals[at] as number) + 1;
    this.#total++;
    this.#lots += at;
  }

  /** Mean size of an arrival; 1 before the first. */
  get meanLots(): number {
    return this.#total === 0 ? 1 : this.#lots / this.#total;
  }

  /** Fraction of arrivals with exactly this size. */
  share(sizeLots: number): number {
    return ((this.#arrivals[Math.min(sizeLots, MOST_LOTS)] as number) + 1) / (this.#total + 1);
  }

  /** Fraction of arrivals larger than this size. */
  shareAbove(sizeLots: number): number {
    let above = 1;
    for (let size = sizeLots + 1; size <= MOST_LOTS; size++) above += this.#arrivals[size] as number;
    return above / (this.#total + 1);
  }

  /** Arrivals by size, as plain data. */
  snapshot(): readonly number[] {
    return Array.from(this.#arrivals);
  }

  /** Puts saved counts back. */
  restore(arrivals: readonly number[]): void {
    this.#arrivals.set(arrivals);
    this.#total = arrivals.reduce((sum, n) => sum + n, 0);
    this.#lots = arrivals.reduce((sum, n, size) => sum + n * size, 0);
  }
}
