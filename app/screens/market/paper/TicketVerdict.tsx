/** What the guards say of the order while it is typed: the verdict, the ratio before and after, and every reason. */
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { GuardVerdict } from '../../../../workers/contract/guard-board.ts';
import { tickText } from '../../../charts/tick-text.ts';
import { formatRatio } from '../../../format/number.ts';
import { changeTicket } from '../../../state/ticket-store.ts';
import { ReasonList, VerdictChip } from '../../guards/VerdictChip.tsx';

interface TicketVerdictProps {
  readonly verdict: GuardVerdict | null;
  /** Why there is no verdict; the guards not answering stops an order, too. */
  readonly failure: string | null;
  readonly stops: boolean;
  readonly spec: ContractSpec;
}

function Ratios({ verdict: { marginRatio } }: { readonly verdict: GuardVerdict }) {
  const { before, after } = marginRatio;
  if (after === null) return null;
  return (
    <span className="muted">
      ratio {before === null ? 'none' : formatRatio(before)} → {formatRatio(after)}
    </span>
  );
}

export function TicketVerdict({ verdict, failure, stops, spec }: TicketVerdictProps): React.ReactElement {
  return (
    <div className="ticket-verdict" aria-live="polite" data-testid="ticket-verdict">
      {failure !== null ? (
        <p className="ticket-rejected">
          <strong>BLOCK.</strong> The guards do not answer: {failure}
        </p>
      ) : verdict === null ? (
        <p className="muted">The guards judge the order as it is typed.</p>
      ) : (
        <>
          <p className="ticket-verdict-line">
            <VerdictChip verdict={verdict.verdict} /> <Ratios verdict={verdict} />
            {verdict.verdict === 'REDUCE' ? (
              <button
                type="button"
                className="link-button"
                onClick={() => changeTicket({ size: tickText(verdict.allowedLots, spec.lotSize) })}
              >
                Take {tickText(verdict.allowedLots, spec.lotSize)}
              </button>
            ) : null}
            {stops || verdict.verdict === 'ALLOW' ? null : <span className="muted">only warned</span>}
          </p>
          <ReasonList reasons={verdict.reasons.slice(0, 1)} />
          {verdict.reasons.length > 1 ? (
            <details className="ticket-more">
              <summary>{verdict.reasons.length - 1} more</summary>
              <ReasonList reasons={verdict.reasons.slice(1)} />
            </details>
          ) : null}
        </>
      )}
    </div>
  );
}
