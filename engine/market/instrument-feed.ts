/** The market of one instrument as a machine: frames in; book, touch, trades, marks and trust out. */
import type { Failure } from '../core/failure.ts';
import type { Machine } from '../core/machine.ts';
import { StateHash } from '../core/state-hash.ts';
import type { Micros } from '../core/units.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { BookSync, type BookSyncSnapshot } from './book/book-sync.ts';
import type { DepthBook } from './book/depth-book.ts';
import type { SyncInput } from './book/sync-input.ts';
import type { VerifiedRange } from './book/verified-depth.ts';
import type {
  BinanceMessage,
  BookTicker,
  DepthUpdate,
  MarkPriceUpdate,
} from './feed/binance/binance-message.ts';
import type { FeedInput, FeedOutput } from './feed-input.ts';
import { FeedWatch, type FeedWatchSnapshot, type Verdict } from './feed-watch.ts';
import { FrameReader } from './frame-reader.ts';
import { MarkBoard, type MarkBoardSnapshot } from './mark-board.ts';
import { SequenceWatch, type SequenceWatchSnapshot } from './sequence-watch.ts';
import { TouchCheck } from './touch-check.ts';
import { type LastTrade, TradeTape, type TradeTapeSnapshot } from './trade-tape.ts';
import type { TrustState } from './trust.ts';
import type { FeedFrame } from './wire/feed-frame.ts';

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

/** A saved feed. Plain data. */
export interface FeedSnapshot {
  readonly sync: BookSyncSnapshot;
  readonly watch: FeedWatchSnapshot;
  readonly sequences: SequenceWatchSnapshot;
  readonly touches: ReturnType<TouchCheck['snapshot']>;
  readonly tape: TradeTapeSnapshot;
  readonly marks: MarkBoardSnapshot;
  readonly messages: number;
  readonly refused: number;
  readonly lastRefusal: string | null;
  readonly verdict: Verdict;
  readonly nowMicros: Micros | null;
}

/**
 * The market of one instrument.
 *
 * Time is the inputs' time alone. Expected trouble is an output: a message that cannot be read is refused and
 * counted, a lost book is announced in the same call that found it lost.
 *
 * Assumes: one venue, Binance USDT-M wire format; the shell sends the clock and asks for snapshots when told.
 */
export class InstrumentFeed implements Machine<FeedInput, FeedOutput, FeedSnapshot> {
  readonly spec: ContractSpec;
  readonly #reader: FrameReader;
  readonly #sync: BookSync;
  readonly #watch: FeedWatch;
  readonly #sequences: SequenceWatch = new SequenceWatch();
  readonly #touches: TouchCheck = new TouchCheck();
  readonly #tape: TradeTape;
  readonly #board: MarkBoard = new MarkBoard();
  #messages = 0;
  #refused = 0;
  #lastRefusal: string | null = null;
  #verdict: Verdict = { trust: 'OFFLINE', reason: 'not connected' };
  /** Newest clock; null before the first. */
  #nowMicros: Micros | null = null;
  #out: FeedOutput[] = [];

  constructor(spec: ContractSpec, options: FeedOptions) {
    this.spec = spec;
    this.#reader = new FrameReader(spec);
    this.#tape = new TradeTape(spec.tickSize);
    this.#watch = new FeedWatch(options.expects);
    this.#sync = new BookSync({ deepens: options.expects === 'live' });
  }

  /** The book. It stays readable while it is not in step; {@link trust} says so. */
  get book(): DepthBook {
    return this.#sync.book;
  }

  /** Prices between which every level of the book is known; beyond them only what has changed since the snapshot is. */
  get verified(): VerifiedRange {
    return this.#sync.verified;
  }

  get trust(): TrustState {
    return this.#verdict.trust;
  }

  /** Why the state is not LIVE, for people; empty when it is. */
  get trustReason(): string {
    return this.#verdict.reason;
  }

  /** Id of the last applied book update; 0 before the first. */
  get updateId(): number {
    return this.#sync.updateId;
  }

  /** Venue's event time of the last applied book update. */
  get bookEventMicros(): Micros | null {
    return this.#sync.eventMicros;
  }

  /** When the last applied book update was received. */
  get bookReceivedMicros(): Micros | null {
    return this.#sync.receivedMicros;
  }

  get lastTrade(): LastTrade | null {
    return this.#tape.last;
  }

  /** Mark price in quote currency; null while the source sent none. */
  get markPrice(): number | null {
    return this.#board.marks.markPrice;
  }

  /** Index price in quote currency; null while the source sent none. */
  get indexPrice(): number | null {
    return this.#board.marks.indexPrice;
  }

  /** Estimated funding rate, a fraction per funding interval; null where there is none. */
  get fundingRate(): number | null {
    return this.#board.marks.fundingRate;
  }

  get nextFundingMicros(): Micros | null {
    return this.#board.marks.nextFundingMicros;
  }

  /** When the mark price was received; null before the first. */
  get markReceivedMicros(): Micros | null {
    return this.#board.receivedMicros;
  }

  /** How much later marks come than at best, in micros; only of a live feed. */
  get markLateMicros(): number {
    return this.#board.lateMicros;
  }

  /**
   * Least time from a book event to its reception in the last minutes, in micros: the way, and the difference of the
   * two clocks. Negative when the venue's events lie ahead of our clock; null before the first.
   */
  get eventLagMicros(): number | null {
    return this.#watch.eventLagMicros;
  }

  get counters(): FeedCounters {
    const { applied, gaps, resyncs } = this.#sync.counters;
    return {
      messages: this.#messages,
      depthApplied: applied,
      gaps,
      resyncs,
      refused: this.#refused,
      tradesDropped: this.#tape.dropped,
      lastRefusal: this.#lastRefusal,
    };
  }

  /** Depth messages dropped as seen before, and those that a snapshot already held. */
  get depthIgnored(): { readonly duplicates: number; readonly beforeSnapshot: number } {
    const { duplicates, dropped } = this.#sync.counters;
    return { duplicates, beforeSnapshot: dropped };
  }

  /** Touch messages with the book's own update id whose touch differs from the book's. */
  get touchMismatches(): number {
    return this.#touches.mismatches;
  }

  /** Touch messages with the book's own update id. */
  get touchesCompared(): number {
    return this.#touches.compared;
  }

  /** Trades since the last call, oldest first, five numbers each: time (micros), price (ticks), size (lots), taker side, kind. */
  takeTrades(): Float64Array {
    return this.#tape.take();
  }

  apply(input: FeedInput): readonly FeedOutput[] {
    this.#out = [];
    switch (input.kind) {
      case 'link':
        this.#link(input.up, input.reason, input.atMicros);
        this.#judge(input.atMicros);
        break;
      case 'frame':
        this.#frame(input.frame);
        this.#judge(input.frame.receivedAtMicros);
        break;
      case 'snapshot-failed':
        this.#syncWith(input);
        this.#judge(input.atMicros);
        break;
      case 'clock':
        this.#clock(input.nowMicros, input.lateMicros);
        this.#judge(input.nowMicros);
        break;
    }
    return this.#out;
  }

  #link(up: boolean, reason: string, atMicros: Micros): void {
    const wasUp = !this.#watch.isDown;
    this.#watch.noteLink(up, reason, atMicros);
    this.#sequences.restart();
    this.#board.restart();
    // A second socket that takes over from the first continues the chain of ids, or it does not: `pu` decides.
    if (up && wasUp && this.#sync.isSynced) return;
    this.#touches.forget();
    this.#syncWith({ kind: 'restart', reason: up ? 'waiting for the first snapshot' : reason, atMicros });
  }

  #clock(nowMicros: Micros, lateMicros: number): void {
    this.#nowMicros = nowMicros;
    this.#syncWith({ kind: 'clock', nowMicros });
    const reason = this.#watch.noteClock(nowMicros, lateMicros);
    if (reason !== null) this.#out.push({ kind: 'reconnect-needed', reason });
  }

  #frame(frame: FeedFrame): void {
    // What a closed connection still had in its pockets belongs to no session.
    if (this.#watch.isDown) return;
    this.#messages++;
    this.#watch.noteFrame(frame.receivedAtMicros);
    const missing = this.#sequences.missingBefore(frame.stream, frame.sequence);
    if (missing > 0 && this.#isSideStream(frame.stream)) {
      this.#watch.noteSkip(frame.stream, missing, frame.receivedAtMicros);
    }
    const read = this.#reader.read(frame);
    if (!read.ok) this.#refuse(frame, read.failure);
    else if (read.value !== null) this.#message(read.value, frame.receivedAtMicros);
  }

  /** Of the book's own stream, and of snapshots, the ids tell what is missing. */
  #isSideStream(stream: string): boolean {
    const kind = this.#reader.kindOf(stream);
    return kind !== null && kind !== 'depth-update' && kind !== 'depth-snapshot';
  }

  #message(message: BinanceMessage, receivedAtMicros: Micros): void {
    switch (message.kind) {
      case 'depth-update':
        this.#depth(message, receivedAtMicros);
        break;
      case 'depth-snapshot':
        this.#syncWith({ kind: 'snapshot', snapshot: message, receivedAtMicros });
        break;
      case 'book-ticker':
        this.#touch(message, receivedAtMicros);
        break;
      case 'trade':
        this.#tape.trade(message);
        break;
      case 'aggregate-trade':
        this.#tape.aggregateTrade(message);
        break;
      case 'mark-price':
        this.#mark(message, receivedAtMicros);
        break;
      case 'force-order':
        this.#tape.liquidation(message);
        break;
    }
  }

  #depth(update: DepthUpdate, receivedAtMicros: Micros): void {
    const before = this.#sync.duplicates;
    this.#syncWith({ kind: 'update', update, receivedAtMicros });
    if (this.#sync.duplicates === before) this.#watch.noteProgress(receivedAtMicros, update.eventMicros);
  }

  #touch(touch: BookTicker, receivedAtMicros: Micros): void {
    // Before the first book no id is known that a touch could be compared at.
    const difference = this.#touches.take(touch, this.book, this.#sync.isSynced ? this.#sync.updateId : 0);
    if (difference !== null)
      this.#syncWith({ kind: 'doubt', reason: difference, atMicros: receivedAtMicros });
  }

  #syncWith(input: SyncInput): void {
    for (const output of this.#sync.apply(input)) {
      if (output.kind === 'snapshot-needed') this.#out.push(output);
      else {
        this.#out.push({ kind: 'book-changed' });
        this.#compareTouch(input);
      }
    }
  }

  #compareTouch(input: SyncInput): void {
    if (!this.#sync.isSynced) return;
    const difference = this.#touches.compare(this.book, this.#sync.updateId);
    const atMicros = 'receivedAtMicros' in input ? input.receivedAtMicros : this.#nowMicros;
    if (difference === null || atMicros === null) return;
    this.#syncWith({ kind: 'doubt', reason: difference, atMicros });
  }

  #mark(update: MarkPriceUpdate, receivedAtMicros: Micros): void {
    if (this.#board.take(update, receivedAtMicros)) this.#watch.noteMark(receivedAtMicros);
  }

  #refuse(frame: FeedFrame, reason: Failure): void {
    const { stream, receivedAtMicros } = frame;
    this.#refused++;
    this.#lastRefusal = `${stream.slice(0, 60)}: ${reason.message}`;
    this.#watch.noteRefusal(receivedAtMicros, reason.message);
    this.#out.push({ kind: 'refused', failure: reason });
    // A book that cannot be read will not come any more: it is asked for again, at the pace of failures.
    if (this.#reader.kindOf(stream) !== 'depth-snapshot') return;
    this.#syncWith({
      kind: 'snapshot-failed',
      reason: reason.message,
      retryAfterMs: null,
      atMicros: receivedAtMicros,
    });
  }

  #judge(atMicros: Micros): void {
    const now = this.#nowMicros !== null && this.#nowMicros > atMicros ? this.#nowMicros : atMicros;
    const { isSynced, reason } = this.#sync;
    const before = this.#verdict;
    this.#verdict = this.#watch.judge({ isSynced, reason, isUnstable: this.#sync.isUnstable(now) }, now);
    if (before.trust === this.#verdict.trust) return;
    this.#out.push({
      kind: 'trust-changed',
      from: before.trust,
      to: this.#verdict.trust,
      reason: this.#verdict.reason,
    });
  }

  snapshot(): FeedSnapshot {
    return {
      sync: this.#sync.snapshot(),
      watch: this.#watch.snapshot(),
      sequences: this.#sequences.snapshot(),
      touches: this.#touches.snapshot(),
      tape: this.#tape.snapshot(),
      marks: this.#board.snapshot(),
      messages: this.#messages,
      refused: this.#refused,
      lastRefusal: this.#lastRefusal,
      verdict: this.#verdict,
      nowMicros: this.#nowMicros,
    };
  }

  /** Puts a saved state back in place. */
  restore(saved: FeedSnapshot): void {
    this.#sync.restore(saved.sync);
    this.#watch.restore(saved.watch);
    this.#sequences.restore(saved.sequences);
    this.#touches.restore(saved.touches);
    this.#tape.restore(saved.tape);
    this.#board.restore(saved.marks);
    this.#messages = saved.messages;
    this.#refused = saved.refused;
    this.#lastRefusal = saved.lastRefusal;
    this.#verdict = saved.verdict;
    this.#nowMicros = saved.nowMicros;
  }

  /** Hash over the book, its ids, the last trade and the marks. */
  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.#sync.stateHash());
    hash.text(this.#verdict.trust);
    hash.integer(this.#tape.lastTradeId);
    hash.integer(this.lastTrade?.priceTicks ?? 0);
    hash.text(this.lastTrade?.side ?? '');
    this.#board.addTo(hash);
    return hash.value();
  }
}
