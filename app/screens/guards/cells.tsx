/** Cells of the risk board, the same in the table and on the cards of a phone. */
import type { BoardRow } from '../../../workers/contract/guard-board.ts';
import { ABSENT, formatNumber, formatPercent, formatRatio, formatSigned } from '../../format/number.ts';
import { formatAge, formatCountdown } from '../../format/time.ts';
import { HeadroomBar } from '../../ui/HeadroomBar.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { TrustMark } from '../../ui/TrustMark.tsx';

interface CellProps {
  readonly row: BoardRow;
}

export function StatusCell({ row }: CellProps): React.ReactElement {
  if (row.status === null) return <span className="status-mark muted">NOT KNOWN</span>;
  return <StatusMark status={row.status} />;
}

export function RatioCell({ row }: CellProps): React.ReactElement {
  const { status, marginRatio, failure } = row;
  if (status === null || marginRatio === null) {
    return (
      <span className="row-failure" title={failure?.message}>
        {failure?.message ?? ABSENT}
      </span>
    );
  }
  return (
    <span className="figure-headroom">
      <HeadroomBar ratio={marginRatio} status={status} />
      <strong>{formatRatio(marginRatio)}</strong>
    </span>
  );
}

export function DistanceCell({ row: { distanceRate, distanceSigma, status, kind } }: CellProps) {
  if (kind === 'account') return <span className="muted">{ABSENT}</span>;
  if (distanceRate === null) return <span className="muted">{status === null ? ABSENT : 'None'}</span>;
  return (
    <>
      {formatPercent(distanceRate, 2)}
      {distanceSigma === null ? null : <span className="muted"> {formatNumber(distanceSigma, 1)} σ</span>}
    </>
  );
}

export function FundingCell({ row: { funding } }: CellProps): React.ReactElement {
  if (funding === null) return <span className="muted">{ABSENT}</span>;
  const { rate, dayCost } = funding;
  return (
    <span title={`rate ${formatPercent(rate, 4)}; what is paid in 24 hours at this rate, − is received`}>
      {formatSigned(dayCost, 2)} <span className="muted">{formatPercent(rate, 4)}</span>
    </span>
  );
}

export function MarketCell({ row: { market } }: CellProps): React.ReactElement {
  if (market === null) return <span className="muted">{ABSENT}</span>;
  const { state, trust, reason, breaker } = market;
  const stopped = breaker?.cause ?? null;
  return (
    <span className="board-market" title={reason}>
      {state === null ? 'trades' : state.replaceAll('-', ' ')}
      {stopped === null ? null : <strong className="loss">breaker: {stopped}</strong>}
      {stopped === null && breaker?.isMonitoring === true ? (
        <strong className="loss">limit watched</strong>
      ) : null}
      {breaker === null || breaker.limitDistance === null ? null : (
        <span className="muted" title="Distance to the nearer price limit">
          {formatPercent(breaker.limitDistance, 1)} to limit
        </span>
      )}
      {trust === 'LIVE' ? null : <TrustMark trust={trust} />}
    </span>
  );
}

/** Settlement and end of a dated contract, or the next funding of a perpetual. */
export function DueCell({ row, nowMicros }: CellProps & { readonly nowMicros: number }) {
  const { contract, funding } = row;
  if (contract !== null) {
    const { settlementMicros, businessDaysLeft, deadline } = contract;
    return (
      <span title={`${businessDaysLeft} business days to the ${deadline.replaceAll('-', ' ')}`}>
        {settlementMicros === null
          ? ABSENT
          : `settles ${formatCountdown((settlementMicros - nowMicros) / 1000)}`}{' '}
        <span className="muted">roll {businessDaysLeft} d</span>
      </span>
    );
  }
  const next = funding?.nextMicros ?? null;
  if (next === null) return <span className="muted">{ABSENT}</span>;
  return <span>funding {formatCountdown((next - nowMicros) / 1000)}</span>;
}

export function AgeCell({ row: { ageMs, trust } }: CellProps): React.ReactElement {
  if (ageMs === null) return <TrustMark trust={trust} />;
  return (
    <span className="board-age">
      {formatAge(ageMs)} <TrustMark trust={trust} />
    </span>
  );
}
