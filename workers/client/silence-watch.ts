/** Notices that something stopped which should keep coming, as far as this page could have heard it. */

/** A look that comes this much later than the one before stood still itself. */
const LATE_LOOK_MS = 1_000;

/** Measures silence by regular looks. A page that was hidden, frozen or asleep starts to measure when it is back. */
export class SilenceWatch {
  readonly #silenceMs: number;
  #sinceMs = 0;
  #lookedMs: number | null = null;

  /** @param silenceMs - how long nothing may come */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  /** Something came. */
  heard(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  /** Looks; to be called several times a second. `listens` is false while nothing can be expected to come. */
  isSilent(nowMs: number, listens: boolean): boolean {
    const isLate = this.#lookedMs === null || nowMs - this.#lookedMs > LATE_LOOK_MS;
    this.#lookedMs = nowMs;
    if (!listens || isLate) this.#sinceMs = Math.max(this.#sinceMs, nowMs);
    return nowMs - this.#sinceMs >= this.#silenceMs;
  }
}
