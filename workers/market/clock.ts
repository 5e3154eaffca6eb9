/** The worker's one reading of wall time, and the pace of runs that have a time of their own. */
import type { Micros } from '../../engine/core/units.ts';
import { createWallClock } from '../../engine/market/wire/wall-clock.ts';

/**
 * Wall time in whole microseconds: the system's, as the relay stamps its frames by. Not the time since this worker
 * began, which stands still while the machine sleeps and knows nothing of a system clock that is set.
 */
export const wallMicros: () => Micros = createWallClock(
  () => Date.now(),
  () => performance.now(),
);

/** Paces a run against wall time: run time = anchor + speed × wall time since, re-anchored when the run falls behind. */
export class RunPace {
  #speed = 1;
  #playing = true;
  #anchorRun: number;
  #anchorWallMs = performance.now();
  #window: { wallMs: number; run: number }[] = [];

  constructor(startMicros: number) {
    this.#anchorRun = startMicros;
  }

  get speed(): number {
    return this.#speed;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Where the run should stand now. */
  target(): number {
    if (!this.#playing) return this.#anchorRun;
    return this.#anchorRun + (performance.now() - this.#anchorWallMs) * 1_000 * this.#speed;
  }

  /** Says where the run really stands. A run that cannot keep up is re-anchored: it slows down, it never piles up debt. */
  reached(runMicros: number, behind: boolean): void {
    if (behind || !this.#playing) this.jump(runMicros);
    const nowMs = performance.now();
    this.#window.push({ wallMs: nowMs, run: runMicros });
    while (this.#window.length > 2 && nowMs - (this.#window[0]?.wallMs ?? nowMs) > 1_000)
      this.#window.shift();
  }

  /** Speed reached over the last second. */
  reachedSpeed(): number {
    const first = this.#window[0];
    const last = this.#window.at(-1);
    if (first === undefined || last === undefined || last.wallMs - first.wallMs < 100)
      return this.#playing ? this.#speed : 0;
    return (last.run - first.run) / 1_000 / (last.wallMs - first.wallMs);
  }

  play(runMicros: number): void {
    this.#playing = true;
    this.jump(runMicros);
  }

  pause(runMicros: number): void {
    this.#playing = false;
    this.jump(runMicros);
  }

  setSpeed(speed: number, runMicros: number): void {
    this.#speed = speed;
    this.jump(runMicros);
    this.#window = [];
  }

  /** Anchors the run at a time, from which it goes on at its speed. */
  jump(runMicros: number): void {
    this.#anchorRun = runMicros;
    this.#anchorWallMs = performance.now();
  }
}
