/** Judges how far a feed may be trusted, from message times, refusals and the state of the book. */
import { type Micros, SECOND_MICROS } from '../core/units.ts';
import { EventLag, type EventLagSnapshot } from './event-lag.ts';
import type { TrustState } from './trust.ts';

/** Silence of a lively book after which its values are called old; of a thin one {@link STALE_GAPS} of its gaps. */
export const STALE_AFTER_MICROS: number = 3 * SECOND_MICROS;
const STALE_GAPS = 8;
const STALE_AFTER_AT_MOST_MICROS = 30 * SECOND_MICROS;
/** Silence of a lively book after which its connection is given up; of a thin one {@link SILENT_GAPS} of its gaps. */
export const SILENT_AFTER_MICROS: number = 10 * SECOND_MICROS;
const SILENT_GAPS = 20;
const SILENT_AFTER_AT_MOST_MICROS = 60 * SECOND_MICROS;
/** One gap counts as at most this, so that an outage does not pass for the book's own pace. */
const LONGEST_GAP_MICROS = 10 * SECOND_MICROS;
/** Weight of the newest gap: the pace is that of the last twenty or so. */
const GAP_WEIGHT = 0.05;
/** Events that come this much later than at best have piled up on the way. */
export const LATE_EVENTS_MICROS: number = SECOND_MICROS;
/** An instant this far in the future says that our clock was set back. */
const CLOCK_STEP_MICROS = SECOND_MICROS;
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

/** Instants and counts of a watch. */
interface WatchState {
  readonly link: 'unknown' | 'up' | 'down';
  readonly linkReason: string;
  readonly sinceMicros: Micros | null;
  readonly progressMicros: Micros | null;
  /** Mean time between diffs, and how many gaps it is of. */
  readonly gapMicros: number;
  readonly gaps: number;
  readonly markMicros: Micros | null;
  readonly refusedMicros: readonly Micros[];
  /** Why the last message was refused. */
  readonly refusedWhy: string;
  readonly skipped: string;
  readonly skippedMicros: Micros | null;
  readonly sleptAtMicros: Micros | null;
  readonly isStale: boolean;
  readonly reconnectAskedMicros: Micros | null;
}

/** A saved watch. */
export interface FeedWatchSnapshot extends WatchState {
  readonly lag: EventLagSnapshot;
}

const START: WatchState = {
  link: 'unknown',
  linkReason: 'not connected',
  sinceMicros: null,
  progressMicros: null,
  gapMicros: 0,
  gaps: 0,
  markMicros: null,
  refusedMicros: [],
  refusedWhy: '',
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
  readonly #lag: EventLag = new EventLag();
  #state: WatchState = START;

  /** @param expects - a live source must have a mark price and can be connected again */
  constructor(expects: 'live' | 'recorded') {
    this.#isLive = expects === 'live';
  }

  /** Whether frames are to be taken: not after the link was said to be down. */
  get isDown(): boolean {
    return this.#state.link === 'down';
  }

  /** Least time from event to reception in the last minutes, in micros; null before the first. */
  get eventLagMicros(): number | null {
    return this.#lag.leastMicros;
  }

  noteLink(up: boolean, reason: string, atMicros: Micros): void {
    this.#lag.forget();
    // A stream that is subscribed anew is no proof of a present book: what was slept through or silent stays so until a diff comes.
    const stays = up && this.#state.link === 'up';
    this.#change({
      link: up ? 'up' : 'down',
      linkReason: reason,
      sinceMicros: atMicros,
      reconnectAskedMicros: null,
      ...(stays ? {} : { sleptAtMicros: null, isStale: false, progressMicros: null, markMicros: null }),
    });
  }

  /** A frame came: a source that never spoke of its link has one. */
  noteFrame(atMicros: Micros): void {
    if (this.#state.link === 'unknown') this.#change({ link: 'up', linkReason: '', sinceMicros: atMicros });
  }

  /** A diff came that was new: applied, or kept for a snapshot. */
  noteProgress(atMicros: Micros, eventMicros: Micros): void {
    this.#lag.add(eventMicros, atMicros);
    const { sleptAtMicros, progressMicros } = this.#state;
    // A gap that was slept through says nothing of the book's pace.
    const gap = progressMicros === null || sleptAtMicros !== null ? -1 : atMicros - progressMicros;
    const isAwake = sleptAtMicros === null || atMicros > sleptAtMicros;
    this.#change({
      progressMicros: atMicros,
      ...(gap < 0 ? {} : this.#paceWith(gap)),
      isStale: !isAwake,
      ...(isAwake ? { sleptAtMicros: null } : {}),
    });
  }

  /** The mean with another gap in it; the first ones count equally. */
  #paceWith(gap: number): Pick<WatchState, 'gapMicros' | 'gaps'> {
    const { gapMicros, gaps } = this.#state;
    const weight = Math.max(GAP_WEIGHT, 1 / (gaps + 1));
    return {
      gapMicros: gapMicros + weight * (Math.min(gap, LONGEST_GAP_MICROS) - gapMicros),
      gaps: gaps + 1,
    };
  }

  noteMark(atMicros: Micros): void {
    this.#change({ markMicros: atMicros });
  }

  noteRefusal(atMicros: Micros, why: string): void {
    const refusedMicros = [...this.#state.refusedMicros, atMicros].slice(-REFUSALS_PER_MINUTE);
    this.#change({ refusedMicros, refusedWhy: why });
  }

  /** Frames of a side stream were not relayed. */
  noteSkip(stream: string, frames: number, atMicros: Micros): void {
    this.#change({ skipped: `${frames} frames of ${stream} were not relayed`, skippedMicros: atMicros });
  }

  /** The clock spoke. Returns why a new connection is needed, or null. */
  noteClock(nowMicros: Micros, lateMicros: number): string | null {
    this.#followClockBack(nowMicros);
    const { link, sinceMicros, progressMicros, reconnectAskedMicros } = this.#state;
    if (link !== 'up') return null;
    if (lateMicros > SLEPT_MICROS && this.#isLive) {
      // After a sleep either clock may have been set: what was usual before says nothing.
      this.#lag.forget();
      this.#change({ sleptAtMicros: nowMicros, isStale: true, reconnectAskedMicros: nowMicros });
      return `slept for ${seconds(lateMicros)} s`;
    }
    if (lateMicros > LATE_TIMER_MICROS) return null;
    const silence = nowMicros - (progressMicros ?? sinceMicros ?? nowMicros);
    if (silence > this.#staleAfterMicros) this.#change({ isStale: true });
    const asked = nowMicros - (reconnectAskedMicros ?? Number.NEGATIVE_INFINITY);
    const patience = ofGaps(
      this.#state.gapMicros,
      SILENT_GAPS,
      SILENT_AFTER_MICROS,
      SILENT_AFTER_AT_MOST_MICROS,
    );
    if (!this.#isLive || silence <= patience || asked <= patience) return null;
    this.#change({ reconnectAskedMicros: nowMicros });
    return `no book update for ${seconds(silence)} s`;
  }

  get #staleAfterMicros(): number {
    return ofGaps(this.#state.gapMicros, STALE_GAPS, STALE_AFTER_MICROS, STALE_AFTER_AT_MOST_MICROS);
  }

  /** Instants that lie in the future belong to a clock that was since set back: they count as now. */
  #followClockBack(nowMicros: Micros): void {
    const s = this.#state;
    const back = (at: Micros | null): Micros | null => (at !== null && at > nowMicros ? nowMicros : at);
    const newest = Math.max(
      s.progressMicros ?? 0,
      s.markMicros ?? 0,
      s.sleptAtMicros ?? 0,
      s.sinceMicros ?? 0,
    );
    if (newest <= nowMicros + CLOCK_STEP_MICROS) return;
    this.#change({
      sinceMicros: back(s.sinceMicros),
      progressMicros: back(s.progressMicros),
      markMicros: back(s.markMicros),
      refusedMicros: s.refusedMicros.map((at) => (at > nowMicros ? nowMicros : at)),
      skippedMicros: back(s.skippedMicros),
      sleptAtMicros: back(s.sleptAtMicros),
      reconnectAskedMicros: back(s.reconnectAskedMicros),
    });
  }

  /** The worst thing that holds decides. */
  judge(book: BookState, nowMicros: Micros): Verdict {
    const s = this.#state;
    if (s.link !== 'up') return { trust: 'OFFLINE', reason: s.linkReason };
    if (!book.isSynced) return { trust: 'RESYNCING', reason: book.reason };
    if (s.sleptAtMicros !== null) return { trust: 'STALE', reason: 'the machine slept' };
    if (s.isStale) {
      return { trust: 'STALE', reason: `no book update for more than ${seconds(this.#staleAfterMicros)} s` };
    }
    const impairment = this.#impairment(book, nowMicros);
    return impairment === null ? { trust: 'LIVE', reason: '' } : { trust: 'DEGRADED', reason: impairment };
  }

  #impairment(book: BookState, nowMicros: Micros): string | null {
    const { refusedMicros, refusedWhy, skippedMicros, skipped, markMicros, sinceMicros } = this.#state;
    const { lateMicros } = this.#lag;
    if (this.#isLive && lateMicros > LATE_EVENTS_MICROS) {
      return `book events come ${seconds(lateMicros)} s later than at best`;
    }
    if (book.isUnstable) return 'the book had to be fetched again too often';
    const third = refusedMicros[0];
    if (
      refusedMicros.length === REFUSALS_PER_MINUTE &&
      third !== undefined &&
      nowMicros - third <= IMPAIRED_MICROS
    ) {
      return `${REFUSALS_PER_MINUTE} or more messages refused within a minute, the last: ${refusedWhy}`;
    }
    if (skippedMicros !== null && nowMicros - skippedMicros <= IMPAIRED_MICROS) return skipped;
    const markSilence = nowMicros - (markMicros ?? sinceMicros ?? nowMicros);
    if (this.#isLive && markSilence > MARK_SILENT_AFTER_MICROS) return 'no mark price for more than 10 s';
    return null;
  }

  snapshot(): FeedWatchSnapshot {
    return { ...this.#state, lag: this.#lag.snapshot() };
  }

  restore({ lag, ...state }: FeedWatchSnapshot): void {
    this.#state = state;
    this.#lag.restore(lag);
  }

  #change(patch: Partial<WatchState>): void {
    this.#state = { ...this.#state, ...patch };
  }
}

function ofGaps(mean: number, gaps: number, atLeast: number, atMost: number): number {
  return Math.min(atMost, Math.max(atLeast, mean * gaps));
}

function seconds(micros: number): number {
  return Math.round(micros / SECOND_MICROS);
}
