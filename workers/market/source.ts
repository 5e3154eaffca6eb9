/** A source of market inputs: live sockets, a recording, or the embedded market. Below it, one path. */
import type { Result } from '../../engine/core/result.ts';
import type { Micros } from '../../engine/core/units.ts';
import type { FeedSnapshot } from '../../engine/market/instrument-feed.ts';
import type { SourceKind } from '../../engine/market/trust.ts';
import type { DepthColumn } from '../../engine/market/view/depth-columns.ts';
import type { VolatilitySnapshot } from '../../engine/market/view/volatility.ts';
import type { FeedFrame } from '../../engine/market/wire/feed-frame.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type {
  OrderEstimate,
  OrderStory,
  PaperCommand,
  PaperOrder,
  PaperOrderId,
  PaperReceipt,
  VenueView,
} from '../../engine/simulation/paper/paper-orders.ts';
import type { TransportCommand } from '../contract/market-api.ts';
import type { TransportState } from '../contract/market-frame.ts';
import type { VenueCloses } from '../contract/marks-frame.ts';

/** One instrument at a moment of a run. */
export interface InstrumentMoment {
  readonly feed: FeedSnapshot;
  readonly volatility: VolatilitySnapshot;
}

/** Where a source puts what it has. */
export interface SourceSink {
  /** One frame in order of the run's time. Returns true when it changed a book. */
  frame(frame: FeedFrame): boolean;
  /** The way to one instrument's streams opened or closed; null for all of the source. */
  link(instrument: InstrumentId | null, up: boolean, reason: string, atMicros: Micros): void;
  snapshotFailed(instrument: InstrumentId, reason: string, retryAfterMs: number | null): void;
  /** Puts an instrument to another time of the run; a null moment means the beginning, `columns` its chart so far. */
  rewind(instrument: InstrumentId, moment: InstrumentMoment | null, columns: readonly DepthColumn[]): void;
  clockOffset(milliseconds: number): void;
  /** Daily closes of an instrument, as its venue tells them. */
  closes(closes: VenueCloses): void;
}

/** The reader's side of a simulated market. */
export interface PaperMarket {
  submit(command: PaperCommand): Result<PaperReceipt | null>;
  estimate(order: PaperOrder): Result<OrderEstimate | null>;
  story(instrument: InstrumentId, id: PaperOrderId): Result<OrderStory>;
  venueView(instrument: InstrumentId): VenueView | null;
}

/** A source that can be read through, whatever the pace. */
export interface ReadableSource extends MarketSource {
  /** Delivers everything up to an instant, and stands there. Fails `source/not-open` where it cannot be read on. */
  passUntil(toMicros: Micros): Promise<Result<null>>;
}

/** Drives a run. `pump` is called by the worker's loop; everything else is a command. */
export interface MarketSource {
  readonly kind: SourceKind;
  readonly label: string;
  readonly instruments: readonly ContractSpec[];
  /** True while what is being delivered must not be shown (a seek under way). */
  readonly busy: boolean;
  /** Orders of the reader; null where nothing is simulated. */
  readonly paper: PaperMarket | null;
  /** Begins to deliver. Called once, before anything else. */
  start(sink: SourceSink): Promise<void>;
  /** The run's clock. */
  nowMicros(): Micros;
  /**
   * Delivers what is due, for at most about `budgetMs` of work and, on a clock of its own, not beyond an instant; a seek
   * goes where it goes.
   */
  pump(budgetMs: number, untilMicros: number): void;
  requestSnapshot(instrument: InstrumentId, delayMs: number): void;
  /** An instrument fell silent or was slept through: mend the way to it. */
  reconnect(instrument: InstrumentId, reason: string): void;
  transport(command: TransportCommand): Promise<void>;
  transportState(): TransportState;
  close(): void;
}
