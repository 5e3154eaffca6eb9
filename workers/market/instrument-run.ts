/** One instrument within a run: its feed, its chart so far, and what the page has not seen yet. */
import type { Micros } from '../../engine/core/units.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import { InstrumentFeed } from '../../engine/market/instrument-feed.ts';
import { type TrustState, worstTrust } from '../../engine/market/trust.ts';
import { type DepthColumn, TRADE_STRIDE } from '../../engine/market/view/depth-columns.ts';
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';
import { InstrumentChart, MARK_STALE_MICROS, middle } from './instrument-chart.ts';
import type { InstrumentMoment } from './source.ts';

/** Columns kept for a page that comes or changes its view. */
const COLUMN_HISTORY = 1_800;
/** Chunks of trades kept for the tape between two published frames. */
const TRADE_CHUNKS = 64;
/** Marks that come this much later than at best have piled up on the way. */
const MARK_LATE_MICROS = 1_000_000;

/** One instrument within a run. */
export class InstrumentRun {
  readonly spec: ContractSpec;
  readonly #expects: 'live' | 'recorded';
  chart: InstrumentChart = new InstrumentChart();
  feed: InstrumentFeed;
  /** Columns so far, oldest first. */
  history: DepthColumn[] = [];
  /** Columns and trades since the last published frame. */
  freshColumns: DepthColumn[] = [];
  freshTrades: Float64Array[] = [];
  /** Trades given up because no frame was asked for in time. */
  tradesGivenUp = 0;
  /** The page must be given the whole history again. */
  restarted = true;
  /** Something to paint has changed since the last published frame. */
  dirty = true;

  constructor(spec: ContractSpec, expects: 'live' | 'recorded') {
    this.spec = spec;
    this.#expects = expects;
    this.feed = new InstrumentFeed(spec, { expects });
  }

  /** Closes the seconds before `nowMicros` with the book as it stands. */
  advanceColumns(nowMicros: Micros): void {
    this.collectTrades();
    for (const column of this.chart.advance(nowMicros, this.feed)) {
      this.history.push(column);
      this.freshColumns.push(column);
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
    this.chart.addTrades(trades);
    this.freshTrades.push(trades);
    if (this.freshTrades.length > TRADE_CHUNKS)
      this.tradesGivenUp += (this.freshTrades.shift()?.length ?? 0) / TRADE_STRIDE;
  }

  /** Puts the instrument to another time of its run, with the columns that were closed before it and none after. */
  rewind(moment: InstrumentMoment | null, columns: readonly DepthColumn[]): void {
    this.feed = new InstrumentFeed(this.spec, { expects: this.#expects });
    if (moment !== null) this.feed.restore(moment.feed);
    this.history = columns.slice(-COLUMN_HISTORY);
    this.chart = new InstrumentChart(
      moment === null ? undefined : { column: columns.at(-1), volatility: moment.volatility },
    );
    this.freshColumns = [];
    this.freshTrades = [];
    this.tradesGivenUp = 0;
    this.restarted = true;
    this.dirty = true;
  }

  /**
   * How far the venue's mark may be believed, apart from the book: OFFLINE without a connection, STALE when silent,
   * DEGRADED when late; null where the source never sent one.
   */
  markTrust(nowMicros: Micros): TrustState | null {
    const { markReceivedMicros: received, markLateMicros, trust } = this.feed;
    if (received === null) return null;
    if (trust === 'OFFLINE') return 'OFFLINE';
    if (nowMicros - received > MARK_STALE_MICROS) return 'STALE';
    return this.#expects === 'live' && markLateMicros > MARK_LATE_MICROS ? 'DEGRADED' : 'LIVE';
  }

  /** The mark as an input of the risk engine; null while nothing can stand for it. */
  mark(nowMicros: Micros): MarkInput | null {
    const { feed } = this;
    const instrument = this.spec.id;
    const { dailyVolatility } = this.chart;
    const trust = this.markTrust(nowMicros);
    if (feed.markPrice !== null && trust !== null) {
      const atMicros = feed.markReceivedMicros ?? nowMicros;
      return { instrument, price: feed.markPrice, origin: 'mark', trust, atMicros, dailyVolatility };
    }
    const price = middle(feed);
    if (price === null) return null;
    // The middle of the book stands in for a mark the source does not have: usable, and said to be a substitute.
    return {
      instrument,
      price,
      origin: 'mid',
      trust: worstTrust(feed.trust, 'DEGRADED'),
      atMicros: feed.bookReceivedMicros ?? nowMicros,
      dailyVolatility,
    };
  }
}
