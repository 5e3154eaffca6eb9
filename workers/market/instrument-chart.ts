/** Columns and volatility of one instrument: made the same way when a recording is indexed and when a run is played. */
import { type Micros, micros, multipleValue } from '../../engine/core/units.ts';
import type { InstrumentFeed } from '../../engine/market/instrument-feed.ts';
import { isUsable } from '../../engine/market/trust.ts';
import {
  DEPTH_COLUMN_MICROS,
  type DepthColumn,
  DepthColumnRecorder,
  type DepthSource,
} from '../../engine/market/view/depth-columns.ts';
import { VolatilityEstimate, type VolatilitySnapshot } from '../../engine/market/view/volatility.ts';

/** A mark is published once a second; silent for longer than this it is stale. */
export const MARK_STALE_MICROS = 3_500_000;
/** Seconds of a silence that are passed one by one; by then the book is stale and its seconds are gaps. */
const MOST_SECONDS = 8;
/** A book that is not to be believed leaves a gap in the chart. */
const NO_BOOK: DepthSource = { bestBid: null, bestAsk: null, sumRows: () => {} };

/** Middle of the book in quote currency; null without two sides. */
export function middle(feed: InstrumentFeed): number | null {
  const { bestBid: bid, bestAsk: ask } = feed.book;
  return bid === null || ask === null ? null : multipleValue(bid + ask, feed.spec.tickSize) / 2;
}

/** Folds one instrument as the run's clock passes whole seconds. */
export class InstrumentChart {
  readonly #recorder: DepthColumnRecorder;
  readonly #volatility = new VolatilityEstimate();

  /** @param before - the last column and the volatility of a chart that is gone on with */
  constructor(before?: {
    readonly column: DepthColumn | undefined;
    readonly volatility: VolatilitySnapshot;
  }) {
    this.#recorder = new DepthColumnRecorder(before?.column?.rowTicks);
    if (before !== undefined) this.#volatility.restore(before.volatility);
  }

  /** One-day volatility as a fraction; null until enough was seen. */
  get dailyVolatility(): number | null {
    return this.#volatility.daily();
  }

  get volatility(): VolatilitySnapshot {
    return this.#volatility.snapshot();
  }

  isDue(nowMicros: number): boolean {
    return this.#recorder.isDue(nowMicros);
  }

  /** Ends of the seconds that pass until an instant: all of a short silence, the first few and the last of a long one. */
  secondsUntil(nowMicros: Micros): readonly Micros[] {
    const start = this.#recorder.startMicros;
    if (start === null || nowMicros < start) return [nowMicros];
    const last = Math.floor(nowMicros / DEPTH_COLUMN_MICROS) * DEPTH_COLUMN_MICROS;
    const ends: Micros[] = [];
    for (
      let at = start + DEPTH_COLUMN_MICROS;
      at <= last && ends.length < MOST_SECONDS;
      at += DEPTH_COLUMN_MICROS
    ) {
      ends.push(micros(at));
    }
    if (ends.length > 0 && ends.at(-1) !== last) ends.push(micros(last));
    return ends;
  }

  addTrades(trades: Float64Array): void {
    this.#recorder.addTrades(trades);
  }

  /** Closes the seconds before `nowMicros` with the book as it stands. */
  advance(nowMicros: Micros, feed: InstrumentFeed): readonly DepthColumn[] {
    if (!this.#recorder.isDue(nowMicros)) return this.#recorder.advance(nowMicros, NO_BOOK);
    const columns = this.#recorder.advance(nowMicros, isUsable(feed.trust) ? feed.book : NO_BOOK);
    const price = priceNow(feed, nowMicros);
    if (columns.length === 0 || price === null) this.#volatility.pause();
    else for (const _ of columns) this.#volatility.add(price);
    return columns;
  }
}

/** The mark while it is young, the middle of the book where the source has no mark at all; null otherwise. */
function priceNow(feed: InstrumentFeed, nowMicros: Micros): number | null {
  const { markPrice, markReceivedMicros } = feed;
  if (markPrice === null || markReceivedMicros === null) return middle(feed);
  return nowMicros - markReceivedMicros > MARK_STALE_MICROS ? null : markPrice;
}
