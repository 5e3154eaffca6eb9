/** What the venue's mark stream said last: mark, index and funding, each with when. */
import type { StateHash } from '../core/state-hash.ts';
import type { Micros } from '../core/units.ts';
import { EventLag, type EventLagSnapshot } from './event-lag.ts';
import type { MarkPriceUpdate } from './feed/binance/binance-message.ts';

/** Figures of the mark stream. Prices in quote currency, the rate a fraction per funding interval. */
export interface Marks {
  readonly markPrice: number | null;
  readonly indexPrice: number | null;
  readonly fundingRate: number | null;
  readonly nextFundingMicros: Micros | null;
}

/** A saved board. */
export interface MarkBoardSnapshot {
  readonly marks: Marks;
  readonly eventMicros: Micros | null;
  readonly receivedMicros: Micros | null;
  readonly lag: EventLagSnapshot;
}

const NO_MARKS: Marks = { markPrice: null, indexPrice: null, fundingRate: null, nextFundingMicros: null };

/** Keeps the newest mark by the venue's own time: one that is older than what is known changes nothing. */
export class MarkBoard {
  readonly #lag: EventLag = new EventLag();
  #marks: Marks = NO_MARKS;
  #eventMicros: Micros | null = null;
  #receivedMicros: Micros | null = null;

  get marks(): Marks {
    return this.#marks;
  }

  /** When the mark in force was received; null before the first. */
  get receivedMicros(): Micros | null {
    return this.#receivedMicros;
  }

  /** How much later marks come than at best, in micros. */
  get lateMicros(): number {
    return this.#lag.lateMicros;
  }

  /** Takes a mark; false when it is older than the one in force. */
  take(update: MarkPriceUpdate, receivedAtMicros: Micros): boolean {
    const { markPrice, indexPrice, fundingRate, nextFundingMicros, eventMicros } = update;
    this.#lag.add(eventMicros, receivedAtMicros);
    if (this.#eventMicros !== null && eventMicros < this.#eventMicros) return false;
    this.#marks = { markPrice, indexPrice, fundingRate, nextFundingMicros };
    this.#eventMicros = eventMicros;
    this.#receivedMicros = receivedAtMicros;
    return true;
  }

  /** The connection is new: whatever time its messages tell is the venue's. The last figures stay, with their age. */
  restart(): void {
    this.#eventMicros = null;
    this.#lag.forget();
  }

  snapshot(): MarkBoardSnapshot {
    return {
      marks: this.#marks,
      eventMicros: this.#eventMicros,
      receivedMicros: this.#receivedMicros,
      lag: this.#lag.snapshot(),
    };
  }

  restore(saved: MarkBoardSnapshot): void {
    this.#marks = saved.marks;
    this.#eventMicros = saved.eventMicros;
    this.#receivedMicros = saved.receivedMicros;
    this.#lag.restore(saved.lag);
  }

  /** Adds the figures to a hash: the venue's decimals as the shortest text that reads back to them. */
  addTo(hash: StateHash): void {
    const { markPrice, indexPrice, fundingRate, nextFundingMicros } = this.#marks;
    for (const estimate of [markPrice, indexPrice, fundingRate])
      hash.text(estimate === null ? '' : `${estimate}`);
    hash.integer(nextFundingMicros ?? 0);
  }
}
