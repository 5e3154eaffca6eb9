/** The REST allowance of one venue: half of it at most, and nothing at all while the venue says stop. */

import { RateWindow } from './rate-window.ts';

const MINUTE_MS = 60_000;
/** Part of the venue's allowance that this proxy uses. The rest is left to the user's other programs. */
const SHARE = 0.5;
/** How long to stop when the venue says stop without saying for how long. Bans begin at two minutes. */
const HOLD_429_MS = 60_000;
const HOLD_418_MS = 120_000;
/** A venue that says stop and "for 0 seconds" is not asked in the same breath. */
const HOLD_LEAST_MS = 1_000;

export class WeightBudget {
  readonly #window: RateWindow;
  readonly #allowance: number;
  #holdUntilMs = 0;
  #holdReason = '';

  constructor(weightPerMinute: number) {
    this.#allowance = weightPerMinute * SHARE;
    this.#window = new RateWindow(this.#allowance, MINUTE_MS);
  }

  /** Takes the weight of one request, or says why and for how long not. */
  take(nowMs: number, weight: number): { readonly reason: string; readonly retryAfterMs: number } | null {
    if (nowMs < this.#holdUntilMs) {
      return { reason: this.#holdReason, retryAfterMs: Math.ceil(this.#holdUntilMs - nowMs) };
    }
    if (this.#window.take(nowMs, weight)) return null;
    const waitMs = Math.ceil(this.#window.waitMs(nowMs, weight));
    return { reason: 'half of the request allowance of this minute is used', retryAfterMs: waitMs };
  }

  /** Takes note of the weight that the venue itself counted for this address in this minute. */
  venueCounted(nowMs: number, weight: number): void {
    // Other programs on this address count too: take the difference, so that the sum stays under our share.
    const extra = Math.min(weight, this.#allowance) - this.#window.used(nowMs);
    if (extra > 0) this.#window.take(nowMs, extra);
  }

  /** Takes note of a 429 or 418. Returns how long nothing will be sent. */
  stop(nowMs: number, status: 429 | 418, retryAfterSeconds: number | null): number {
    const silentMs = status === 418 ? HOLD_418_MS : HOLD_429_MS;
    const holdMs = retryAfterSeconds === null ? silentMs : Math.max(HOLD_LEAST_MS, retryAfterSeconds * 1000);
    this.#holdUntilMs = Math.max(this.#holdUntilMs, nowMs + holdMs);
    this.#holdReason =
      status === 418
        ? 'the venue has banned this address for a time (418)'
        : 'the venue asks to slow down (429)';
    return Math.max(holdMs, Math.round(this.#holdUntilMs - nowMs));
  }

  /** Weight used in the last minute, as far as known. */
  used(nowMs: number): number {
    return this.#window.used(nowMs);
  }
}
