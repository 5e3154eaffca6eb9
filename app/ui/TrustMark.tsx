/** State of a feed: a shape and a word, never colour alone. */
import type { TrustState } from '../../engine/market/trust.ts';

const SHAPES: Readonly<Record<TrustState, React.ReactElement>> = {
  LIVE: <circle cx="5" cy="5" r="3.8" />,
  DEGRADED: (
    <>
      <circle cx="5" cy="5" r="3.8" className="shape-open" />
      <path d="M5 1.2a3.8 3.8 0 0 1 0 7.6Z" />
    </>
  ),
  STALE: <path d="M5 1.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6M5 3v2.2l1.5 1" className="shape-open" />,
  RESYNCING: <path d="M8.6 5A3.6 3.6 0 1 1 7 2M7.4.4v2.2H5.2" className="shape-open" />,
  OFFLINE: <path d="m1.6 1.6 6.8 6.8M8.4 1.6 1.6 8.4" className="shape-open" />,
};

/** A run that stands still: in sequence, but not going on. */
export type Standing = 'PAUSED' | 'ENDED';

const STANDING_SHAPE = <path d="M3.2 1.8v6.4M6.8 1.8v6.4" className="shape-open" />;

/** @param standing - said in place of LIVE of a run that stands still: nothing that stands is live */
export function TrustMark({
  trust,
  standing = null,
}: {
  readonly trust: TrustState;
  readonly standing?: Standing | null;
}): React.ReactElement {
  if (trust === 'LIVE' && standing !== null) {
    return (
      <span className="trust-mark">
        <svg className="status-shape" viewBox="0 0 10 10" aria-hidden="true">
          {STANDING_SHAPE}
        </svg>
        {standing}
      </span>
    );
  }
  return (
    <span className={`trust-mark trust-${trust.toLowerCase()}`}>
      <svg className="status-shape" viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[trust]}
      </svg>
      {trust}
    </span>
  );
}
