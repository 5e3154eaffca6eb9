/** Sliding window: at most so many in any stretch of so many milliseconds. */

export class RateWindow {
  readonly #limit: number;
  readonly #spanMs: number;
  readonly #taken: { readonly at: number; readonly weight: number }[] = [];
  #sum = 0;

  constructor(limit: number, spanMs: number) {
    this.#limit = limit;
    this.#spanMs = spanMs;
  }

  #expire(nowMs: number): void {
    for (let first = this.#taken[0]; first !== undefined; first = this.#taken[0]) {
      if (nowMs - first.at < this.#spanMs) return;
      this.#taken.shift();
      this.#sum -= first.weight;
    }
  }

  /** Takes `weight` when it fits and says whether it did. */
  take(nowMs: number, weight = 1): boolean {
    this.#expire(nowMs);
    if (this.#sum + weight > this.#limit) return false;
    this.#taken.push({ at: nowMs, weight });
    this.#sum += weight;
    return true;
  }

  /** What is taken in the window that ends now. */
  used(nowMs: number): number {
    this.#expire(nowMs);
    return this.#sum;
  }

  /** Milliseconds until `weight` fits; 0 when it fits now, infinity when it never will. */
  waitMs(nowMs: number, weight = 1): number {
    this.#expire(nowMs);
    let excess = this.#sum + weight - this.#limit;
    if (excess <= 0) return 0;
    for (const { at, weight: freed } of this.#taken) {
      excess -= freed;
      if (excess <= 0) return Math.max(1, at + this.#spanMs - nowMs);
    }
    return Number.POSITIVE_INFINITY;
  }
}
