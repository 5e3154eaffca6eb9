/** What the market worker sends to the page: one frame per credit, newest state, nothing queued but trades and columns. */
import type { Micros } from '../../engine/core/units.ts';
import type { FeedCounters } from '../../engine/market/instrument-feed.ts';
import type { SourceKind, TrustState } from '../../engine/market/trust.ts';
import type { DepthColumn } from '../../engine/market/view/depth-columns.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { VenueView } from './paper.ts';

/** Layout constants of packed trades (time, price ticks, lots, taker side 0 buy 1 sell, {@link TRADE_KINDS}) and columns. */
export {
  DEPTH_COLUMN_MICROS,
  TRADE_STRIDE,
} from '../../engine/market/view/depth-columns.ts';

/** Numbers per ladder row in {@link LadderRows}: price in ticks, size in lots, cumulative size from the touch in lots. */
export const LADDER_STRIDE = 3;
/** Meaning of a trade's kind number. */
export const TRADE_KINDS = ['MARKET', 'INSURANCE_FUND', 'ADL', 'NA', 'LIQUIDATION'] as const;
/** Aggregated price levels, best first, packed with {@link LADDER_STRIDE}. */
export interface LadderRows {
  readonly bids: Float64Array;
  readonly asks: Float64Array;
  /** Ticks per row; bids are grouped by floor, asks by ceil. */
  readonly groupTicks: number;
  /** True total levels of the book, each side. */
  readonly bidLevels: number;
  readonly askLevels: number;
  /** Beyond these prices the book is not known whole: the snapshot ended there. Null where the whole side is known. */
  readonly lowestBidTicks: number | null;
  readonly highestAskTicks: number | null;
}

/** Everything a page paints of one instrument. */
export interface MarketFrame {
  readonly instrument: InstrumentId;
  readonly source: SourceKind;
  readonly trust: TrustState;
  /** Why the state is not LIVE, for people; empty when it is. */
  readonly trustReason: string;
  /** The run's clock: wall time when live, the recording's or simulator's time otherwise. */
  readonly nowMicros: Micros;
  /** Id of the last applied book update; 0 before the first. */
  readonly updateId: number;
  /** Venue's event time of the last applied book update. */
  readonly bookEventMicros: Micros | null;
  /** When it was received here (run clock), to tell age and latency. */
  readonly bookReceivedMicros: Micros | null;
  /** `performance.timeOrigin + performance.now()` in the worker when published, for paint latency. */
  readonly publishedAtMs: number;
  readonly ladder: LadderRows;
  readonly lastTradeTicks: number | null;
  readonly lastTradeSide: 'buy' | 'sell' | null;
  /** Trust of mark, index and funding, which come on a stream of their own; null where the source has none. */
  readonly markTrust: TrustState | null;
  /** Mark and index price; null where the source has none. */
  readonly markPrice: number | null;
  readonly indexPrice: number | null;
  readonly fundingRate: number | null;
  readonly nextFundingMicros: Micros | null;
  /** Round-trip based offset of the venue's or proxy's clock to ours; null when unknown. */
  readonly clockOffsetMs: number | null;
  /** Least time from a book event to its reception lately; beyond a second, or negative, the clocks differ. */
  readonly eventLagMs: number | null;
  readonly counters: FeedCounters;
  /** Touch messages whose prices or sizes differ from the book at the same update id. */
  readonly touchMismatches: number;
  /** New trades since the last frame, oldest first, packed with {@link TRADE_STRIDE}. */
  readonly trades: Float64Array;
  /** Columns closed since the last frame, oldest first; with `columnsRestart` the whole history. */
  readonly columns: readonly DepthColumn[];
  readonly columnsRestart: boolean;
  readonly transport: TransportState;
  /** The venue, the reader's orders and its states; null unless the market is simulated. */
  readonly venue: VenueView | null;
}

/** State of the run's clock, for a transport bar. */
export interface TransportState {
  readonly playing: boolean;
  /** Chosen speed, run time over wall time; 1 when live. */
  readonly speed: number;
  /** Speed reached over the last second; less than `speed` when the machine cannot keep up. */
  readonly reachedSpeed: number;
  /** Range of the run; null where it is open (live, simulated). */
  readonly startMicros: Micros | null;
  readonly endMicros: Micros | null;
  readonly positionMicros: Micros;
  readonly ended: boolean;
  /** Seed of a simulated run. */
  readonly seed: number | null;
  /** State hash of the simulated market at its last whole second. */
  readonly stateHash: number | null;
  /** The run's time at which `stateHash` was taken. */
  readonly stateHashMicros: Micros | null;
}

/** Page → worker on the stream port: room for this many more frames. */
export interface StreamCredit {
  readonly credit: number;
}
