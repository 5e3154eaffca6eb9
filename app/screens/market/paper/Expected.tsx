/** What an order would cost: price and fee by a walk of the simulated book, or about its value where it cannot be walked yet. */
import { useQuery } from '@tanstack/react-query';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import { formatNumber } from '../../../format/number.ts';
import { useMarket } from '../../../state/market-slice.ts';
import { orderEstimateQuery } from '../../../state/queries.ts';
import { estimatedValue } from './estimated-value.ts';
import { expectedWords } from './expected-words.ts';
import type { ReadTicket } from './ticket-form.ts';

/** About what the order is worth, at its limit or at the best price it would meet. */
function Worth({ ticket, spec }: ExpectedProps): React.ReactElement {
  const bestBidTicks = useMarket((state) => state.bestBidTicks);
  const bestAskTicks = useMarket((state) => state.bestAskTicks);
  const worth = estimatedValue(ticket.order, spec, { bestBidTicks, bestAskTicks });
  return (
    <p className="ticket-worth muted">
      {worth === null ? 'Value: –' : `Value about ${formatNumber(worth, 2)} ${spec.currency}, before fees`}
    </p>
  );
}

interface ExpectedProps {
  readonly ticket: ReadTicket;
  readonly spec: ContractSpec;
}

export function Expected({ ticket, spec }: ExpectedProps): React.ReactElement {
  const isWhole = Object.keys(ticket.errors).length === 0;
  const { data, isPlaceholderData } = useQuery(orderEstimateQuery(isWhole ? ticket.order : null));
  if (!isWhole || data === undefined || data === null) return <Worth ticket={ticket} spec={spec} />;
  return (
    <div
      className={`ticket-worth ${isPlaceholderData ? 'muted' : ''}`}
      aria-busy={isPlaceholderData}
      data-testid="ticket-expected"
    >
      {expectedWords(data, ticket.order.sizeLots, spec).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
