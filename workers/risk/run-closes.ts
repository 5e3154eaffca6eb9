/** Minute closes of every mark of this run, heard from its frames; another run, or an earlier time, begins anew. */

import { isUsable, type SourceKind } from '../../engine/market/trust.ts';
import type { PriceHistory, PriceSeries } from '../../engine/risk/portfolio/price-history.ts';
import type { MarksFrame } from '../contract/marks-frame.ts';

const MINUTE_MICROS = 60_000_000;
/** A day of minutes for each instrument; the oldest go first. */
const MOST_CLOSES = 1_440;

interface Kept {
  readonly atMicros: number[];
  readonly closes: number[];
  /** The minute that is not over yet, and the last mark heard in it. */
  minute: number;
  price: number;
}

/** One for the risk worker. */
export class RunCloses {
  #source: SourceKind | null = null;
  #nowMicros = Number.NEGATIVE_INFINITY;
  #kept = new Map<string, Kept>();
  #version = 0;

  /** Changes whenever a close is added or all are dropped. */
  get version(): number {
    return this.#version;
  }

  /**
   * Takes the marks of a frame. Where it carries the seconds that passed, those alone count: so a minute closes the same
   * however fast the run plays.
   */
  hear(frame: MarksFrame): void {
    const { source, nowMicros, marks, passed = [frame] } = frame;
    // No marks at all: the source was closed.
    if (source !== this.#source || nowMicros < this.#nowMicros || marks.length === 0) this.#restart();
    this.#source = source;
    this.#nowMicros = nowMicros;
    // What is heard of has a history from now on, empty until its first minute is over.
    for (const { instrument } of marks) this.#keptOf(instrument);
    for (const moment of passed) this.#take(moment);
  }

  /** A mark counts for the minute it is of, if it is believed. */
  #take({ nowMicros, marks }: MarksFrame): void {
    const minute = Math.floor(nowMicros / MINUTE_MICROS);
    for (const mark of marks) {
      const kept = this.#keptOf(mark.instrument);
      if (kept.minute < minute) this.#close(kept);
      // A mark that stopped coming closes no minute: nothing is known of its return.
      if (!isUsable(mark.trust) || Math.floor(mark.atMicros / MINUTE_MICROS) !== minute) continue;
      kept.minute = minute;
      kept.price = mark.price;
    }
  }

  /** The closes of minutes that are over. */
  history(): PriceHistory {
    const series = new Map<string, PriceSeries>();
    for (const [instrument, { atMicros, closes }] of this.#kept) {
      series.set(instrument.toUpperCase(), { atMicros, closes });
    }
    return { origin: 'run', series };
  }

  #keptOf(instrument: string): Kept {
    let kept = this.#kept.get(instrument);
    if (kept === undefined) {
      kept = { atMicros: [], closes: [], minute: Number.POSITIVE_INFINITY, price: 0 };
      this.#kept.set(instrument, kept);
    }
    return kept;
  }

  #close(kept: Kept): void {
    kept.atMicros.push((kept.minute + 1) * MINUTE_MICROS);
    kept.closes.push(kept.price);
    if (kept.closes.length > MOST_CLOSES) {
      kept.atMicros.shift();
      kept.closes.shift();
    }
    kept.minute = Number.POSITIVE_INFINITY;
    this.#version += 1;
  }

  #restart(): void {
    if (this.#kept.size === 0) return;
    this.#kept = new Map();
    this.#version += 1;
  }
}
