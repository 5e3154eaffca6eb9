/** Judges how far a feed may be trusted, from message times, refusals and the state of the book. */
import { type Micros, SECOND_MICROS } from '../core/units.ts';
import type { TrustState } from './trust.ts';

/** Silence of the book after which its values are called old. */
export const STALE_AFTER_MICROS: number = 3 * SECOND_MICROS;
/** Silence of the book after which its connection is given up. */
export const SILENT_AFTER_MICROS: number = 10 * SECOND_MICROS;
/** Silence of the mark price after which a live feed is impaired. */
export const MARK_SILENT_AFTER_MICROS: number = 10 * SECOND_MICROS;
/** A timer later than this was throttled: what it sees is not what happened. */
export const LATE_TIMER_MICROS: number = SECOND_MICROS;
/** A timer later than this slept: the connection may be dead without saying so. */
export const SLEPT_MICROS: number = 5 * SECOND_MICROS;
/** Refused messages within a minute that make a feed impaired. */
export const REFUSALS_PER_MINUTE = 3;
/** How long an impairment is shown. */
export const IMPAIRED_MICROS: number = 60 * SECOND_MICROS;

/** A verdict: the state and, unless it is LIVE, why. */
export interface Verdict {
  readonly trust: TrustState;
  readonly reason: string;
}

/** What the judge needs to know of the book. */
export interface BookState {
  readonly isSynced: boolean;
  readonly reason: string;
  readonly isUnstable: boolean;
}

/** A saved watch. */
export interface FeedWatchSnapshot {
  readonly link: 'unknown' | 'up' | 'down';
  readonly linkReason: string;
  readonly sinceMicros: Micros | null;
  readonly progressMicros: Micros | null;
  readonly markMicros: Micros | null;
  readonly refusedMicros: readonly Micros[];
  readonly skipped: string;
  readonly skippedMicros: Micros | null;
  readonly sleptAtMicros: Micros | null;
  readonly isStale: boolean;
  readonly reconnectAskedMicros: Micros | null;
}

const START: FeedWatchSnapshot = {
  link: 'unknown',
  linkReason: 'not connected',
  sinceMicros: null,
  progressMicros: null,
  markMicros: null,
  refusedMicros: [],
  skipped: '',
  skippedMicros: null,
  sleptAtMicros: null,
  isStale: false,
  reconnectAskedMicros: null,
};

/**
 * Watches one feed. Ages are measured between message times and the clock that comes as input; a clock that was late
 * itself proves nothing about the messages, so judgement on silence waits for the next one that was on time.
 */
export class FeedWatch {
  readonly #isLive: boolean;
  #state: FeedWatchSnapshot = START;

  /** @param expects - a live source must have a mark price and can be connected again */
  constructor(expects: 'live' | 'recorded') {
    this.#isLive = expects === 'live';
  }

  /** Whether frames are to be taken: not after the link was said to be down. */
  get isDown(): boolean {
    return this.#state.link === 'down';
  }

  noteLink(up: boolean, reason: string, atMicros: Micros): void {
    this.#change({
      link: up ? 'up' : 'down',
      linkReason: reason,
      sinceMicros: atMicros,
      sleptAtMicros: null,
      isStale: false,
      reconnectAskedMicros: null,
      ...(up && this.#state.link === 'up' ? {} : { progressMicros: null, markMicros: null }),
    });
  }

  /** A frame came: a source that never spoke of its link has one. */
  noteFrame(atMicros: Micros): void {
    if (this.#state.link === 'unknown') this.#change({ link: 'up', linkReason: '', sinceMicros: atMicros });
  }

  /** A diff came that was new: applied, or kept for a snapshot. */
  noteProgress(atMicros: Micros): void {
    const { sleptAtMicros } = this.#state;
    const isAwake = sleptAtMicros === null || atMicros > sleptAtMicros;
    this.#change({
      progressMicros: atMicros,
      isStale: !isAwake,
      ...(isAwake ? { sleptAtMicros: null } : {}),
    });
  }

  noteMark(atMicros: Micros): void {
    this.#change({ markMicros: atMicros });
  }

  noteRefusal(atMicros: Micros): void {
    this.#change({ refusedMicros: [...this.#state.refusedMicros, atMicros].slice(-REFUSALS_PER_MINUTE) });
  }

  /** Frames of a side stream were not relayed. */
  noteSkip(stream: string, frames: number, atMicros: Micros): void {
    this.#change({ skipped: `${frames} frames of ${stream} were not relayed`, skippedMicros: atMicros });
  }

  /** The clock spoke. Returns why a new connection is needed, or null. */
  noteClock(nowMicros: Micros, lateMicros: number): string | null {
    const { link, sinceMicros, progressMicros, reconnectAskedMicros } = this.#state;
    if (link !== 'up') return null;
    if (lateMicros > SLEPT_MICROS && this.#isLive) {
      this.#change({ sleptAtMicros: nowMicros, isStale: true, reconnectAskedMicros: nowMicros });
      return `slept for ${seconds(lateMicros)} s`;
    }
    if (lateMicros > LATE_TIMER_MICROS) return null;
    const silence = nowMicros - (progressMicros ?? sinceMicros ?? nowMicros);
    if (silence > STALE_AFTER_MICROS) this.#change({ isStale: true });
    const asked = nowMicros - (reconnectAskedMicros ?? Number.NEGATIVE_INFINITY);
    if (!this.#isLive || silence <= SILENT_AFTER_MICROS || asked <= SILENT_AFTER_MICROS) return null;
    this.#change({ reconnectAskedMicros: nowMicros });
    return `no book update for ${seconds(silence)} s`;
  }

  /** The worst thing that holds decides. */
  judge(book: BookState, nowMicros: Micros): Verdict {
    const s = this.#state;
    if (s.link !== 'up') return { trust: 'OFFLINE', reason: s.linkReason };
    if (!book.isSynced) return { trust: 'RESYNCING', reason: book.reason };
    if (s.sleptAtMicros !== null) return { trust: 'STALE', reason: 'the machine slept' };
    if (s.isStale) {
      return { trust: 'STALE', reason: `no book update for more than ${seconds(STALE_AFTER_MICROS)} s` };
    }
    const impairment = this.#impairment(book, nowMicros);
    return impairment === null ? { trust: 'LIVE', reason: '' } : { trust: 'DEGRADED', reason: impairment };
  }

  #impairment(book: BookState, nowMicros: Micros): string | null {
    const { refusedMicros, skippedMicros, skipped, markMicros, sinceMicros } = this.#state;
    if (book.isUnstable) return 'the book had to be fetched again too often';
    const third = refusedMicros[0];
    if (
      refusedMicros.length === REFUSALS_PER_MINUTE &&
      third !== undefined &&
      nowMicros - third <= IMPAIRED_MICROS
    ) {
      return `${REFUSALS_PER_MINUTE} or more messages refused within a minute`;
    }
    if (skippedMicros !== null && nowMicros - skippedMicros <= IMPAIRED_MICROS) return skipped;
    const markSilence = nowMicros - (markMicros ?? sinceMicros ?? nowMicros);
    if (this.#isLive && markSilence > MARK_SILENT_AFTER_MICROS) return 'no mark price for more than 10 s';
    return null;
  }

  snapshot(): FeedWatchSnapshot {
    return this.#state;
  }

  restore(saved: FeedWatchSnapshot): void {
    this.#state = saved;
  }

  #change(patch: Partial<FeedWatchSnapshot>): void {
    this.#state = { ...this.#state, ...patch };
  }
}

function seconds(micros: number): number {
  return Math.round(micros / SECOND_MICROS);
}
