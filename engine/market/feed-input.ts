/** What goes into the feed of one instrument and what comes out of it. */
import type { Failure } from '../core/failure.ts';
import type { Micros } from '../core/units.ts';
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
