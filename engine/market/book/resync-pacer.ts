/** Paces snapshot requests: at once at first, then ever more slowly, so that a bad source is never asked in a loop. */
import type { Micros } from '../../core/units.ts';
import { SECOND_MICROS } from '../../core/units.ts';

/** Resyncs within a minute of each other that are still answered at once; more than these are too many. */
export const FREE_RESYNCS = 3;
/** Time without a resync after which the count starts again. */
export const RESYNC_WINDOW_MICROS: number = 60 * SECOND_MICROS;
const FIRST_DELAY_MS = 1000;
/** Twenty requests a minute at the most: a sixth of the weight that the venue allows, and never long in the dark. */
const MAX_DELAY_MS = 3_000;
/** How long an asked snapshot may take before it counts as lost. */
const ANSWER_TIMEOUT_MS = 10_000;

/** A saved pacer. */
export interface ResyncPacerSnapshot {
  readonly streak: number;
  readonly failures: number;
  readonly lastResyncMicros: Micros | null;
  readonly answerDueMicros: number | null;
  readonly notBeforeMicros: number;
}

/** Counts resyncs and failures, and says how long to wait before the next request. */
export class ResyncPacer {
  #streak = 0;
  #failures = 0;
  #lastResyncMicros: Micros | null = null;
  #answerDueMicros: number | null = null;
  #notBeforeMicros = 0;

  /** True while a request has not been answered. */
  get isAsking(): boolean {
    return this.#answerDueMicros !== null;
  }

  /** True when the answer to the request is overdue. */
  isOverdue(nowMicros: Micros): boolean {
    return this.#answerDueMicros !== null && nowMicros > this.#answerDueMicros;
  }

  /** True while resyncs come too often: more than {@link FREE_RESYNCS}, none more than a minute after the last. */
  isUnstable(nowMicros: Micros): boolean {
    return (
      this.#streak > FREE_RESYNCS &&
      this.#lastResyncMicros !== null &&
      nowMicros - this.#lastResyncMicros <= RESYNC_WINDOW_MICROS
    );
  }

  /** Notes that the book was lost or that a snapshot did not fit. */
  noteResync(nowMicros: Micros): void {
    const last = this.#lastResyncMicros;
    if (last !== null && nowMicros - last > RESYNC_WINDOW_MICROS) this.#streak = 0;
    this.#streak++;
    this.#lastResyncMicros = nowMicros;
    this.#answerDueMicros = null;
  }

  /** Notes that a request failed or was not answered; until `retryAfterMs` have passed the venue wants to be left alone. */
  noteFailure(nowMicros: Micros, retryAfterMs: number): void {
    this.#failures++;
    this.#notBeforeMicros = Math.max(this.#notBeforeMicros, nowMicros + retryAfterMs * 1000);
    this.#answerDueMicros = null;
  }

  /** Notes that a snapshot came. */
  noteAnswer(): void {
    this.#failures = 0;
    this.#answerDueMicros = null;
  }

  /** Forgets an open request (its connection is gone); the counts stay. */
  noteRestart(): void {
    this.#answerDueMicros = null;
  }

  /** Opens a request and returns its delay in whole milliseconds. */
  ask(nowMicros: Micros): number {
    const steps = Math.max(this.#streak - FREE_RESYNCS, this.#failures);
    const pace = steps <= 0 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (steps - 1));
    const delayMs = Math.max(pace, Math.ceil((this.#notBeforeMicros - nowMicros) / 1000));
    this.#answerDueMicros = nowMicros + (delayMs + ANSWER_TIMEOUT_MS) * 1000;
    return delayMs;
  }

  snapshot(): ResyncPacerSnapshot {
    return {
      streak: this.#streak,
      failures: this.#failures,
      lastResyncMicros: this.#lastResyncMicros,
      answerDueMicros: this.#answerDueMicros,
      notBeforeMicros: this.#notBeforeMicros,
    };
  }

  restore(saved: ResyncPacerSnapshot): void {
    this.#streak = saved.streak;
    this.#failures = saved.failures;
    this.#lastResyncMicros = saved.lastResyncMicros;
    this.#answerDueMicros = saved.answerDueMicros;
    this.#notBeforeMicros = saved.notBeforeMicros;
  }
}
