/** Status of a margin ratio: always a word, a shape and a colour together. */
import type { MarginStatus } from '../../engine/margin/margin-status.ts';
import { formatRatio } from '../format/number.ts';

const SHAPES: Readonly<Record<MarginStatus, React.ReactElement>> = {
  HEALTHY: <circle cx="5" cy="5" r="3.6" />,
  WARNING: <path d="M5 1.4 9 8.6H1Z" className="shape-open" />,
  DANGER: <path d="M5 0.9 9.5 9H0.5Z" />,
  CRITICAL: <path d="M5 0.2 9.8 5 5 9.8 0.2 5Z" />,
  LIQUIDATION: <path d="M1 1h8v8H1Z" />,
};

/** The shape alone, for places where the word stands beside it. */
export function StatusShape({ status }: { readonly status: MarginStatus }): React.ReactElement {
  return (
    <svg className={`status-shape status-${status.toLowerCase()}`} viewBox="0 0 10 10" aria-hidden="true">
      {SHAPES[status]}
    </svg>
  );
}

/** Shape and word; with a ratio, the number too. */
export function StatusMark({
  status,
  ratio,
}: {
  readonly status: MarginStatus;
  readonly ratio?: number;
}): React.ReactElement {
  return (
    <span className={`status-mark status-${status.toLowerCase()}`}>
      <StatusShape status={status} />
      {status}
      {ratio === undefined ? null : <span className="status-ratio">{formatRatio(ratio)}</span>}
    </span>
  );
}
