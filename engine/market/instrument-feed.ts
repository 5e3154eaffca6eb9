/** The market of one instrument as a machine: frames in; book, touch, trades, marks and trust out. */
import type { Failure } from '../core/failure.ts';
import type { Machine } from '../core/machine.ts';
import type { Micros } from '../core/units.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { DepthBook, type DepthBookSnapshot } from './book/depth-book.ts';
import type { TrustState } from './trust.ts';
import type { FeedFrame } from './wire/feed-frame.ts';

/** What happens to one instrument's feed. */
export type FeedInput =
  | { readonly kind: 'link'; readonly up: boolean; readonly reason: string; readonly atMicros: Micros }
  /** The stream name tells what it is: snapshot, depth, trade and so on. */
  | { readonly kind: 'frame'; readonly frame: FeedFrame }
  | {
      readonly kind: 'snapshot-failed';
      readonly reason: string;
      readonly retryAfterMs: number | null;
      readonly atMicros: Micros;
    }
  /** At least four times a second; `lateMicros` is how late the shell's own timer fired (sleep, throttling). */
  | { readonly kind: 'clock'; readonly nowMicros: Micros; readonly lateMicros: number };

/** What the feed wants or reports, in order. */
export type FeedOutput =
  /** Fetch the REST book after this delay and hand it in as a frame of `snapshotStream(symbol)`. */
  | { readonly kind: 'snapshot-needed'; readonly delayMs: number; readonly reason: string }
  /** The connection is silent or was slept through: open a new one (the jitter is the shell's). */
  | { readonly kind: 'reconnect-needed'; readonly reason: string }
  | {
      readonly kind: 'trust-changed';
      readonly from: TrustState;
      readonly to: TrustState;
      readonly reason: string;
    }
  /** One or more depth messages were applied. */
  | { readonly kind: 'book-changed' }
  | { readonly kind: 'refused'; readonly failure: Failure };

/** Counters since the feed was made. */
export interface FeedCounters {
  readonly messages: number;
  readonly depthApplied: number;
  readonly gaps: number;
  readonly resyncs: number;
  readonly refused: number;
  readonly tradesDropped: number;
  readonly lastRefusal: string | null;
}

/** Where the frames come from: only a live source is expected to have every stream and to answer requests. */
export interface FeedOptions {
  readonly expects: 'live' | 'recorded';
}

/** A saved feed. */
export interface FeedSnapshot {
  readonly book: DepthBookSnapshot;
}

/** The last trade that belongs in a price chart. */
export interface LastTrade {
  readonly priceTicks: number;
  readonly side: 'buy' | 'sell';
}

/** The market of one instrument. */
export class InstrumentFeed implements Machine<FeedInput, FeedOutput, FeedSnapshot> {
  readonly spec: ContractSpec;
  readonly book: DepthBook = new DepthBook();

  constructor(spec: ContractSpec, _options: FeedOptions) {
    this.spec = spec;
  }

  get trust(): TrustState {
    return 'OFFLINE';
  }

  get trustReason(): string {
    return 'not connected';
  }

  /** Id of the last applied book update; 0 before the first. */
  get updateId(): number {
    return 0;
  }

  get bookEventMicros(): Micros | null {
    return null;
  }

  get bookReceivedMicros(): Micros | null {
    return null;
  }

  get lastTrade(): LastTrade | null {
    return null;
  }

  get markPrice(): number | null {
    return null;
  }

  get indexPrice(): number | null {
    return null;
  }

  get fundingRate(): number | null {
    return null;
  }

  get nextFundingMicros(): Micros | null {
    return null;
  }

  get counters(): FeedCounters {
    return {
      messages: 0,
      depthApplied: 0,
      gaps: 0,
      resyncs: 0,
      refused: 0,
      tradesDropped: 0,
      lastRefusal: null,
    };
  }

  /** Touch messages with the book's own update id whose touch differs from the book's. */
  get touchMismatches(): number {
    return 0;
  }

  /** Trades since the last call, oldest first: time (micros), price (ticks), size (lots), taker side, kind. */
  takeTrades(): Float64Array {
    return new Float64Array(0);
  }

  apply(_input: FeedInput): readonly FeedOutput[] {
    return [];
  }

  snapshot(): FeedSnapshot {
    return { book: this.book.snapshot() };
  }

  /** Puts a saved state back in place. */
  restore(saved: FeedSnapshot): void {
    this.book.restore(saved.book);
  }

  stateHash(): number {
    return this.book.stateHash();
  }
}
