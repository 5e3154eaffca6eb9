/** What the market worker tells the risk worker, at most ten times a second. */
import type { Micros } from '../../engine/core/units.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import type { SourceKind, TrustState } from '../../engine/market/trust.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { StopCause } from '../../engine/venue/circuit-breakers/breaker-inputs.ts';
import type { VenueView } from './paper.ts';

/** Marks of all instruments of the source. An empty list means that the source was closed. */
export interface MarksFrame {
  readonly source: SourceKind;
  readonly nowMicros: Micros;
  readonly marks: readonly MarkInput[];
  /** What else a guard asks of each market; absent where the sender does not know. */
  readonly markets?: readonly MarketFacts[];
  /**
   * The whole seconds of the run since the frame before, oldest first, so that a fast run is seen as closely as a slow one.
   * Absent where the run's clock is the wall's.
   */
  readonly passed?: readonly MarksFrame[];
  /** Daily closes as the venue tells them, all that are known; absent where nothing changed since the last frame. */
  readonly closes?: readonly VenueCloses[];
}

/** Closes of one instrument with the instants at which their days ended, oldest first. */
export interface VenueCloses {
  readonly instrument: InstrumentId;
  readonly atMicros: readonly number[];
  readonly closes: readonly number[];
}

/** A stretch of a market read through: one frame at every whole second of its time, in order. One piece per credit. */
export interface MarksPiece {
  readonly frames: readonly MarksFrame[];
  /** How much of it was read, 0 to 1. */
  readonly progress: number;
  /** Nothing comes after this piece. */
  readonly isLast: boolean;
}

/** One market as a guard sees it. */
export interface MarketFacts {
  readonly instrument: InstrumentId;
  /** Trust of the book, and when it was last heard of. */
  readonly trust: TrustState;
  readonly atMicros: Micros | null;
  /** State of the venue; null where the source does not tell it. */
  readonly state: VenueView['state'] | null;
  readonly stateReason: string;
  /** What the circuit breakers say of this contract; null where there are none. */
  readonly breaker: BreakerFacts | null;
  /** Funding of one interval as the venue predicts it; null where there is none. */
  readonly fundingRate: number | null;
  readonly nextFundingMicros: Micros | null;
  /** When mark and funding were received. */
  readonly fundingAtMicros: Micros | null;
  /** The reader's paper account here; null unless the market is simulated. */
  readonly paper: PaperHolding | null;
}

/** Halts and limits of one contract. */
export interface BreakerFacts {
  /** Why it stands still; null while it trades. */
  readonly cause: StopCause | null;
  /** True while a limit is watched and a halt may follow. */
  readonly isMonitoring: boolean;
  /** Fall below the reference as a fraction; null without a reference. */
  readonly fallRate: number | null;
  /** Distance to the nearer limit as a fraction of the last price; null without limits. */
  readonly limitDistance: number | null;
}

/** Money and entry price of a future as the clearing house has them; decimal text, exact. */
export interface ClearedHolding {
  /** Variation margin and closed result less fees. */
  readonly walletChange: string;
  /** The last settlement price, or the mean price of lots traded since; null without a position. */
  readonly entryPrice: string | null;
}

/** What the paper account holds in one market. */
export interface PaperHolding {
  readonly positionLots: number;
  readonly averagePrice: number | null;
  /** Realised result less fees, in the currency of the contract (estimate). */
  readonly realised: number;
  readonly bidLots: number;
  readonly askLots: number;
  /** Where daily settlement books the money; absent for perpetuals. */
  readonly cleared?: ClearedHolding;
}
