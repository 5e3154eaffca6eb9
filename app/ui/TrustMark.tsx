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

export function TrustMark({ trust }: { readonly trust: TrustState }): React.ReactElement {
  return (
    <span className={`trust-mark trust-${trust.toLowerCase()}`}>
      <svg className="status-shape" viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[trust]}
      </svg>
      {trust}
    </span>
  );
}
