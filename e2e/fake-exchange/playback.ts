/** Plays the recording: gives out each message at its time and keeps the true book at the same place. */

import { firstApplicable, isDepth, recordedSnapshot } from './oracle.ts';
import type { Recording } from './recording.ts';
import { type DepthUpdate, TrueBook } from './true-book.ts';

const LINES_AT_ONCE = 500;
const TICK_MS = 5;
const MARK_PERIOD_MICROS = 1_000_000;
const FUNDING_PERIOD_MS = 8 * 3_600_000;

export interface PlaybackOptions {
  /** `verbatim` begins at the first line; `book` where the recorded snapshot applies. */
  readonly mode: 'verbatim' | 'book';
  /** 1 is the pace of the recording; infinity is as fast as it goes. */
  readonly speed: number;
  /** Skips this many seconds of the recording (mode `book` only); the book is carried along. */
  readonly startSeconds: number;
  /** Writes the present time into E and T in place of the recorded one. */
  readonly restamp: boolean;
  /** Sends one message to everyone: the recorded stream name and the text inside `"data":`. */
  readonly emit: (stream: string, data: string) => void;
  /** Whether the readers are behind; playback then waits (it never drops). */
  readonly isBehind: () => boolean;
}

export interface PlaybackPosition {
  readonly line: number;
  readonly lines: number;
  /** Update id up to which the true book stands. */
  readonly u: number;
  readonly playbackSeconds: number;
  readonly hasEnded: boolean;
}

export class Playback {
  readonly #recording: Recording;
  readonly #options: PlaybackOptions;
  readonly #firstKnown: number;
  readonly book: TrueBook;
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => {};
  #line: number;
  #startedMs: number | null = null;
  #originMicros: number;
  #pausedMs: number | null = null;
  #nextMarkMicros: number;
  #timer: NodeJS.Timeout | null = null;
  #hasEnded = false;

  constructor(recording: Recording, options: PlaybackOptions) {
    this.#recording = recording;
    this.#options = options;
    this.book = new TrueBook(recordedSnapshot(recording));
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#firstKnown = firstApplicable(recording);
    this.#line = options.mode === 'verbatim' ? 0 : this.#firstKnown;
    if (options.mode === 'book' && options.startSeconds > 0) this.#skip(options.startSeconds * 1_000_000);
    this.#originMicros = this.#at(this.#line);
    this.#nextMarkMicros = this.#originMicros;
  }

  #at(line: number): number {
    return this.#recording.lines[line]?.atMicros ?? 0;
  }

  #skip(micros: number): void {
    while (this.#line < this.#recording.lines.length && this.#at(this.#line) < micros) {
      this.#advanceBook(this.#line);
      this.#line += 1;
    }
  }

  #advanceBook(line: number): void {
    const recorded = this.#recording.lines[line];
    if (line < this.#firstKnown || recorded === undefined || !isDepth(recorded.stream)) return;
    this.book.apply(JSON.parse(recorded.data) as DepthUpdate);
  }

  get hasStarted(): boolean {
    return this.#startedMs !== null;
  }

  position(): PlaybackPosition {
    return {
      line: this.#line,
      lines: this.#recording.lines.length,
      u: this.book.lastUpdateId,
      playbackSeconds: this.#at(Math.min(this.#line, this.#recording.lines.length - 1)) / 1_000_000,
      hasEnded: this.#hasEnded,
    };
  }

  start(): void {
    if (this.hasStarted) return;
    this.#startedMs = performance.now();
    this.#schedule();
  }

  pause(): void {
    this.#pausedMs ??= performance.now();
  }

  resume(): void {
    if (this.#pausedMs === null || this.#startedMs === null) return;
    this.#startedMs += performance.now() - this.#pausedMs;
    this.#pausedMs = null;
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#hasEnded = true;
    this.#resolveEnded();
  }

  #schedule(): void {
    if (this.#hasEnded) return;
    this.#timer = setTimeout(
      () => this.#run(),
      this.#options.speed === Number.POSITIVE_INFINITY ? 0 : TICK_MS,
    );
  }

  #dueMicros(): number {
    const elapsedMs = performance.now() - (this.#startedMs ?? 0);
    return this.#originMicros + elapsedMs * 1000 * this.#options.speed;
  }

  #run(): void {
    if (this.#pausedMs === null && !this.#options.isBehind()) {
      const due = this.#dueMicros();
      for (let n = 0; n < LINES_AT_ONCE && this.#line < this.#recording.lines.length; n++) {
        if (this.#at(this.#line) > due) break;
        this.#play(this.#line);
        this.#line += 1;
      }
    }
    if (this.#line >= this.#recording.lines.length) this.close();
    else this.#schedule();
  }

  #play(line: number): void {
    const recorded = this.#recording.lines[line];
    if (recorded === undefined) return;
    this.#advanceBook(line);
    if (recorded.stream !== null) {
      this.#options.emit(
        recorded.stream,
        this.#options.restamp ? this.#restamped(recorded.data) : recorded.data,
      );
    }
    if (line < this.#firstKnown || recorded.atMicros < this.#nextMarkMicros) return;
    this.#nextMarkMicros = recorded.atMicros + MARK_PERIOD_MICROS;
    this.#options.emit('btcusdt@markPrice@1s', this.#markPrice());
  }

  #restamped(data: string): string {
    const now = Date.now();
    return data.replace(/"([ET])":\d{13}/g, `"$1":${now}`);
  }

  /**
   * The recording has no mark price, so this message is made here: the middle of the true book stands for mark, index
   * and estimated settlement, and the funding rate is the fixed 0.01 % of a flat premium. It is no recorded figure.
   */
  #markPrice(): string {
    const eventMs = this.#options.restamp ? Date.now() : this.book.eventMs;
    const middle = this.book.middle.toFixed(8);
    const nextFundingMs = (Math.floor(eventMs / FUNDING_PERIOD_MS) + 1) * FUNDING_PERIOD_MS;
    return (
      `{"e":"markPriceUpdate","E":${eventMs},"s":"BTCUSDT","p":"${middle}","ap":"${middle}","P":"${middle}",` +
      `"i":"${middle}","r":"0.00010000","T":${nextFundingMs},"st":1}`
    );
  }
}
