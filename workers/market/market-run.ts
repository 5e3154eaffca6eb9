/** A run: one source, one instrument run for each of its contracts, and the way between them. */
import type { Micros } from '../../engine/core/units.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import type { FeedInput } from '../../engine/market/feed-input.ts';
import type { DepthColumn } from '../../engine/market/view/depth-columns.ts';
import type { FeedFrame } from '../../engine/market/wire/feed-frame.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { MarketFacts, MarksFrame, VenueCloses } from '../contract/marks-frame.ts';
import { InstrumentRun } from './instrument-run.ts';
import { marketFacts } from './market-facts.ts';
import type { InstrumentMoment, MarketSource, SourceSink } from './source.ts';

/** Feeds are told the time at least this often, in the time of the run. */
const CLOCK_MICROS = 250_000;

/** Routes frames from the source to the feeds and the feeds' wishes back to the source. */
export class MarketRun implements SourceSink {
  readonly source: MarketSource;
  viewed: InstrumentRun;
  clockOffsetMs: number | null = null;
  /** Daily closes that the venue told; another list when there is news. */
  venueCloses: readonly VenueCloses[] = [];
  readonly #runs = new Map<InstrumentId, InstrumentRun>();
  readonly #bySymbol = new Map<string, InstrumentRun>();
  readonly #expects: 'live' | 'recorded';
  #clockMicros: Micros | null = null;

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
    this.#advance(run, frame.receivedAtMicros);
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

  rewind(instrument: InstrumentId, moment: InstrumentMoment | null, columns: readonly DepthColumn[]): void {
    this.#runs.get(instrument)?.rewind(moment, columns);
  }

  clockOffset(milliseconds: number): void {
    this.clockOffsetMs = milliseconds;
  }

  closes(closes: VenueCloses): void {
    this.venueCloses = [...this.venueCloses.filter((c) => c.instrument !== closes.instrument), closes];
  }

  /** True when the run moved on since the feeds were last told the time: what is shown must be judged at its own time. */
  get isClockDue(): boolean {
    const last = this.#clockMicros;
    return last === null || Math.abs(this.source.nowMicros() - last) >= CLOCK_MICROS;
  }

  /** Tells the feeds what time it is, so that silence is noticed; and closes columns of silent seconds. */
  clock(lateMicros: number): void {
    const nowMicros = this.source.nowMicros();
    this.#clockMicros = nowMicros;
    for (const run of this.#runs.values()) {
      this.#advance(run, nowMicros);
      this.#apply(run, { kind: 'clock', nowMicros, lateMicros });
      run.advanceColumns(nowMicros);
    }
  }

  /** Marks of all instruments for the risk worker. */
  marks(): readonly MarkInput[] {
    const nowMicros = this.source.nowMicros();
    return [...this.#runs.values()].flatMap((run) => run.mark(nowMicros) ?? []);
  }

  /** What else the guards ask of all instruments. */
  markets(): readonly MarketFacts[] {
    const { paper } = this.source;
    return [...this.#runs.values()].map((run) => marketFacts(run, paper?.venueView(run.spec.id) ?? null));
  }

  /** What the risk worker is told of this moment. */
  marksFrame(): MarksFrame {
    const { source } = this;
    return {
      source: source.kind,
      nowMicros: source.nowMicros(),
      marks: this.marks(),
      markets: this.markets(),
    };
  }

  /**
   * Closes the seconds before an instant. A run on its own clock passes a silence second by second, so that it looks
   * the same at any speed; in a live one the shell's clock tells of silence as it happens.
   */
  #advance(run: InstrumentRun, nowMicros: Micros): void {
    if (!run.chart.isDue(nowMicros)) return;
    if (this.#expects === 'recorded') {
      for (const atMicros of run.chart.secondsUntil(nowMicros)) {
        this.#apply(run, { kind: 'clock', nowMicros: atMicros, lateMicros: 0 });
        run.advanceColumns(atMicros);
      }
    } else run.advanceColumns(nowMicros);
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
