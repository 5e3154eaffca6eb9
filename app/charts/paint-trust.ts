/** Whether figures may be painted as live: the frame's own word, and how long ago it came. */
import type { TrustState } from '../../engine/market/trust.ts';
import type { MarketFrame } from '../../workers/contract/market-frame.ts';

/** Without a new frame for this long, the last one is no longer shown as live, whatever it said. */
const SILENCE_MS = 2_000;

/** What a painter shows. */
export interface PaintTrust {
  readonly live: boolean;
  readonly state: TrustState;
  /** For people; empty when live. */
  readonly reason: string;
  /** Age of the book; null before the first. */
  readonly ageMs: number | null;
}

/**
 * Judges a frame at the moment of painting. The age goes on growing between frames, so a page that slept shows
 * the truth on its first paint. The clock of a run that stands still does not move, and neither does the age.
 */
export function paintTrust(frame: MarketFrame, receivedAtMs: number, nowMs: number): PaintTrust {
  const waitedMs = Math.max(0, nowMs - receivedAtMs);
  const bookAtMicros = frame.bookReceivedMicros ?? frame.bookEventMicros;
  const frameAgeMs = bookAtMicros === null ? null : Math.max(0, (frame.nowMicros - bookAtMicros) / 1_000);
  const runs = frame.source === 'LIVE' || (frame.transport.playing && !frame.transport.ended);
  const ageMs = frameAgeMs === null ? null : frameAgeMs + (runs ? waitedMs : 0);
  if (frame.trust !== 'LIVE') {
    return { live: false, state: frame.trust, reason: frame.trustReason, ageMs };
  }
  if (waitedMs > SILENCE_MS) {
    return { live: false, state: 'STALE', reason: 'no answer from the market worker', ageMs };
  }
  return { live: true, state: 'LIVE', reason: '', ageMs };
}
