/** The headroom bar: a margin ratio on a track from 1.0 to 2.5 with a notch at every edge of the status ladder. */
import type { MarginStatus } from '../../engine/margin/margin-status.ts';

/** Ends of the track. */
const FROM = 1;
const TO = 2.5;
/** Edges of the status ladder inside the track; a test holds them equal to the engine's. */
export const NOTCHES = [1.05, 1.2, 1.5] as const;

/** Where a ratio lies on the track, 0 to 1. */
export function trackPosition(ratio: number): number {
  return Math.min(1, Math.max(0, (ratio - FROM) / (TO - FROM)));
}

/** The bar alone; the ratio stands in bold beside it wherever it is used. */
export function HeadroomBar({
  ratio,
  status,
}: {
  readonly ratio: number;
  readonly status: MarginStatus;
}): React.ReactElement {
  return (
    <span className={`headroom status-${status.toLowerCase()}`} aria-hidden="true">
      <span
        className="headroom-fill"
        style={{ inlineSize: `max(${(trackPosition(ratio) * 100).toFixed(2)}%, 2px)` }}
      />
      {NOTCHES.map((edge) => (
        <span
          key={edge}
          className="headroom-notch"
          style={{ insetInlineStart: `${(trackPosition(edge) * 100).toFixed(2)}%` }}
        />
      ))}
    </span>
  );
}
