/** A run: one source, one feed machine per instrument, and the views that charts and the risk worker need. */
import { type Micros, multipleValue } from '../../engine/core/units.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import type { FeedInput } from '../../engine/market/feed-input.ts';
import { type FeedSnapshot, InstrumentFeed } from '../../engine/market/instrument-feed.ts';
import { type TrustState, worstTrust } from '../../engine/market/trust.ts';
import { type DepthColumn, DepthColumnRecorder } from '../../engine/market/view/depth-columns.ts';
import { VolatilityEstimate } from '../../engine/market/view/volatility.ts';
import type { FeedFrame } from '../../engine/market/wire/feed-frame.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { MarketSource, SourceSink } from './source.ts';

/** Columns kept for a page that comes or changes its view. */
const COLUMN_HISTORY = 1_800;
/** A mark is published once a second; silent for longer than this it is stale. */
const MARK_STALE_MICROS = 3_500_000;
/** Chunks of trades kept for the tape between two published frames. */
const TRADE_CHUNKS = 64;

/** One instrument within a run. */
export class InstrumentRun {
  readonly spec: ContractSpec;
  readonly volatility: VolatilityEstimate = new VolatilityEstimate();
  recorder: DepthColumnRecorder = new DepthColumnRecorder();
  feed: InstrumentFeed;
  /** Columns so far, oldest first. */
  history: DepthColumn[] = [];
  /** Columns and trades since the last published frame. */
  freshColumns: DepthColumn[] = [];
  freshTrades: Float64Array[] = [];
  /** The page must be given the whole history again. */
  restarted = true;
  /** Something to paint has changed since the last published frame. */
  dirty = true;
  markReceivedMicros: Micros | null = null;

  constructor(spec: ContractSpec, expects: 'live' | 'recorded') {
    this.spec = spec;
    this.feed = new InstrumentFeed(spec, { expects });
  }

  /** Middle of the book in quote currency; null without two sides. */
  mid(): number | null {
    const { bestBid: bid, bestAsk: ask } = this.feed.book;
    return bid === null || ask === null ? null : multipleValue(bid + ask, this.spec.tickSize) / 2;
  }

  /** Closes the seconds before `nowMicros` with the book as it stands. */
  advanceColumns(nowMicros: Micros): void {
    this.collectTrades();
    for (const column of this.recorder.advance(nowMicros, this.feed.book)) {
      this.history.push(column);
      this.freshColumns.push(column);
      this.volatility.add(this.feed.markPrice ?? this.mid() ?? 0);
    }
    if (this.history.length > COLUMN_HISTORY) this.history.splice(0, this.history.length - COLUMN_HISTORY);
    if (this.freshColumns.length > COLUMN_HISTORY) {
      this.freshColumns = [];
      this.restarted = true;
    }
  }

  /** Moves waiting trades from the feed to the column being built and to the tape. */
  collectTrades(): void {
    const trades = this.feed.takeTrades();
    if (trades.length === 0) return;
    this.recorder.addTrades(trades);
    this.freshTrades.push(trades);
    if (this.freshTrades.length > TRADE_CHUNKS) this.freshTrades.shift();
  }

  /** Puts the instrument to another time of its run, with the columns that were closed before it and none after. */
  rewind(snapshot: FeedSnapshot | null, columns: readonly DepthColumn[], expects: 'live' | 'recorded'): void {
    this.feed = new InstrumentFeed(this.spec, { expects });
    if (snapshot !== null) this.feed.restore(snapshot);
    this.history = columns.slice(-COLUMN_HISTORY);
    this.recorder = new DepthColumnRecorder();
    this.freshColumns = [];
    this.freshTrades = [];
    this.restarted = true;
    this.dirty = true;
    this.markReceivedMicros = null;
  }
}

/** Routes frames from the source to the feeds and the feeds' wishes back to the source. */
export class MarketRun implements SourceSink {
  readonly source: MarketSource;
  viewed: InstrumentRun;
  clockOffsetMs: number | null = null;
  lastRefusal: string | null = null;
  readonly #runs = new Map<InstrumentId, InstrumentRun>();
  readonly #bySymbol = new Map<string, InstrumentRun>();
  readonly #expects: 'live' | 'recorded';

  constructor(source: MarketSource) {
    this.source = source;
    this.#expects = source.kind === 'LIVE' ? 'live' : 'recorded';
    let first: InstrumentRun | null = null;
    for (const spec of source.instruments) {
      const run = new InstrumentRun(spec, this.#expects);
      first ??= run;
      this.#runs.set(spec.id, run);
      this.#bySymbol.set(spec.symbol.toLowerCase(), run);
    }
    if (first === null) throw new Error('a source must have an instrument');
    this.viewed = first;
  }

  /** Chooses the instrument to paint; false when the source does not have it. */
  view(instrument: InstrumentId): boolean {
    const run = this.#runs.get(instrument);
    if (run === undefined) return false;
    if (run !== this.viewed) {
      run.restarted = true;
      run.dirty = true;
      this.viewed = run;
    }
    return true;
  }

  frame(frame: FeedFrame): boolean {
    const run = this.#bySymbol.get(frame.stream.slice(0, frame.stream.indexOf('@')));
    if (run === undefined) return false;
    if (run.recorder.isDue(frame.receivedAtMicros)) run.advanceColumns(frame.receivedAtMicros);
    if (frame.stream.includes('@markPrice')) run.markReceivedMicros = frame.receivedAtMicros;
    return this.#apply(run, { kind: 'frame', frame }) && run === this.viewed;
  }

  link(instrument: InstrumentId | null, up: boolean, reason: string, atMicros: Micros): void {
    for (const run of this.#runs.values()) {
      if (instrument === null || instrument === run.spec.id)
        this.#apply(run, { kind: 'link', up, reason, atMicros });
    }
  }

  snapshotFailed(instrument: InstrumentId, reason: string, retryAfterMs: number | null): void {
    const run = this.#runs.get(instrument);
    const atMicros = this.source.nowMicros();
    if (run !== undefined) this.#apply(run, { kind: 'snapshot-failed', reason, retryAfterMs, atMicros });
  }

  rewind(instrument: InstrumentId, snapshot: FeedSnapshot | null, columns: readonly DepthColumn[]): void {
    this.#runs.get(instrument)?.rewind(snapshot, columns, this.#expects);
  }

  clockOffset(milliseconds: number): void {
    this.clockOffsetMs = milliseconds;
  }

  /** Tells the feeds what time it is, so that silence is noticed; and closes columns of silent seconds. */
  clock(lateMicros: number): void {
    const nowMicros = this.source.nowMicros();
    for (const run of this.#runs.values()) {
      this.#apply(run, { kind: 'clock', nowMicros, lateMicros });
      run.advanceColumns(nowMicros);
    }
  }

  /** Marks of all instruments for the risk worker. */
  marks(): readonly MarkInput[] {
    return [...this.#runs.values()].flatMap((run) => {
      const mark = this.#mark(run);
      return mark === null ? [] : [mark];
    });
  }

  #mark(run: InstrumentRun): MarkInput | null {
    const nowMicros = this.source.nowMicros();
    const dailyVolatility = run.volatility.daily();
    if (run.feed.markPrice !== null && run.markReceivedMicros !== null) {
      const offline: TrustState = run.feed.trust === 'OFFLINE' ? 'OFFLINE' : 'LIVE';
      const silent = nowMicros - run.markReceivedMicros > MARK_STALE_MICROS;
      return {
        instrument: run.spec.id,
        price: run.feed.markPrice,
        origin: 'mark',
        trust: worstTrust(offline, silent ? 'STALE' : 'LIVE'),
        atMicros: run.markReceivedMicros,
        dailyVolatility,
      };
    }
    const mid = run.mid();
    if (mid === null) return null;
    // The middle of the book stands in for a mark the source does not have: usable, and said to be a substitute.
    return {
      instrument: run.spec.id,
      price: mid,
      origin: 'mid',
      trust: worstTrust(run.feed.trust, 'DEGRADED'),
      atMicros: run.feed.bookEventMicros ?? nowMicros,
      dailyVolatility,
    };
  }

  /** Applies one input and acts on what came of it. Returns true when the book changed. */
  #apply(run: InstrumentRun, input: FeedInput): boolean {
    let bookChanged = false;
    for (const output of run.feed.apply(input)) {
      switch (output.kind) {
        case 'book-changed':
          bookChanged = true;
          run.dirty = true;
          break;
        case 'trust-changed':
          run.dirty = true;
          break;
        case 'refused':
          this.lastRefusal = output.failure.message;
          break;
        case 'snapshot-needed':
          this.source.requestSnapshot(run.spec.id, output.delayMs);
          break;
        case 'reconnect-needed':
          this.source.reconnect(run.spec.id, output.reason);
          break;
      }
    }
    return bookChanged;
  }
}
