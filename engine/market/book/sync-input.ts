/** What goes into the machine that keeps a book in step, and what comes out of it. */
import type { Micros } from '../../core/units.ts';
import type { DepthSnapshot, DepthUpdate } from '../feed/binance/binance-message.ts';

/** What happens to the book. Levels of messages are read at once and not kept. */
export type SyncInput =
  | { readonly kind: 'update'; readonly update: DepthUpdate; readonly receivedAtMicros: Micros }
  | { readonly kind: 'snapshot'; readonly snapshot: DepthSnapshot; readonly receivedAtMicros: Micros }
  | {
      readonly kind: 'snapshot-failed';
      readonly reason: string;
      readonly retryAfterMs: number | null;
      readonly atMicros: Micros;
    }
  /** The connection is new or gone: what was buffered leads nowhere. */
  | { readonly kind: 'restart'; readonly reason: string; readonly atMicros: Micros }
  /** Another stream contradicts the book. */
  | { readonly kind: 'doubt'; readonly reason: string; readonly atMicros: Micros }
  | { readonly kind: 'clock'; readonly nowMicros: Micros };

/** What came of it. */
export type SyncOutput =
  /** The book moved on to a newer update. */
  | { readonly kind: 'applied' }
  | { readonly kind: 'snapshot-needed'; readonly delayMs: number; readonly reason: string };

/** Counts since the machine was made. */
export interface SyncCounters {
  /** Diffs applied to the book. */
  readonly applied: number;
  /** Diffs dropped because a snapshot already held them. */
  readonly dropped: number;
  /** Diffs dropped because they, or later ones, had been seen. */
  readonly duplicates: number;
  /** Breaks in the chain of `pu`. */
  readonly gaps: number;
  /** Snapshots needed again: the book was lost, or a snapshot did not fit. */
  readonly resyncs: number;
}
