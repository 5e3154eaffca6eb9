/** The reader's orders, fills and position on the simulated venue of the instrument in view. */
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { EndedOrder, OwnOrder, VenueView } from '../../../../workers/contract/paper.ts';
import { tickText } from '../../../charts/tick-text.ts';
import { ABSENT, formatCount, formatNumber, formatSigned } from '../../../format/number.ts';
import { formatClock } from '../../../format/time.ts';
import { showDialog } from '../../../state/dialogs.ts';
import {
  cancelAllOrders,
  cancelOrder,
  inspectOrder,
  type SentOrder,
  usePaperOrders,
} from '../../../state/paper-orders.ts';
import { usePreferences } from '../../../state/preferences.ts';
import { specInView, useSource } from '../../../state/source-store.ts';
import { openTicket } from '../../../state/ticket-store.ts';
import { useVenue, venueOf } from '../../../state/venue-slice.ts';
import { EmptyNote } from '../../../ui/EmptyNote.tsx';
import { endWords, filledWords, ownSizeWords, priceWords, queueWords, typeWords } from './order-words.ts';
import { QueueBar } from './QueueBar.tsx';
import { Statement } from './Statement.tsx';

/** Fills in the list; the newest are read. */
const SHOWN_FILLS = 40;

function Side({ side }: { readonly side: 'buy' | 'sell' }): React.ReactElement {
  return <span className={side === 'buy' ? 'gain' : 'loss'}>{side === 'buy' ? '▲ Buy' : '▼ Sell'}</span>;
}

interface OrderProps {
  readonly own: OwnOrder;
  readonly spec: ContractSpec;
  readonly venue: VenueView['venue'];
}

function OrderActions({ own, spec }: OrderProps): React.ReactElement {
  return (
    <span className="order-actions">
      {own.state === 'resting' ? (
        <button
          type="button"
          className="link-button"
          aria-label={`Amend order ${own.id}`}
          onClick={() => showDialog({ kind: 'amend-order', instrument: spec.id, order: own })}
        >
          Amend
        </button>
      ) : null}
      <button
        type="button"
        className="link-button"
        aria-label={`Cancel order ${own.id}`}
        onClick={() => void cancelOrder(spec.id, own.id)}
      >
        Cancel
      </button>
      <button
        type="button"
        className="link-button"
        aria-label={`Why: order ${own.id}`}
        onClick={() => inspectOrder(spec.id, own.id)}
      >
        Why
      </button>
    </span>
  );
}

function OpenOrder(props: OrderProps): React.ReactElement {
  const { own, spec, venue } = props;
  const waits = own.state === 'waiting';
  return (
    <li className="order" data-order={own.id}>
      <span className="order-name">
        <span className="muted">{own.id}</span> <Side side={own.side} />{' '}
        <strong>{ownSizeWords(own, spec)}</strong> <span className="muted">{typeWords(venue, own.type)}</span>{' '}
        {own.priceTicks === null ? null : <strong>{priceWords(own.priceTicks, spec)}</strong>}
        {own.triggerTicks === null ? null : (
          <span className="muted"> trigger {priceWords(own.triggerTicks, spec)}</span>
        )}{' '}
        <span className="muted">{own.timeInForce}</span>
      </span>
      <span className="order-queue">
        <span className="order-state">{waits ? '◌ waiting' : '● resting'}</span>
        {waits || own.aheadLots === null ? null : (
          <QueueBar
            aheadLots={own.aheadLots}
            ownLots={own.sizeLots - own.filledLots}
            behindLots={own.behindLots ?? 0}
          />
        )}
        <span>{queueWords(own, spec)}</span>
        <span className="muted">{filledWords(own, spec)}</span>
      </span>
      <OrderActions {...props} />
    </li>
  );
}

function SentOrderRow(props: {
  readonly sent: SentOrder;
  readonly end: EndedOrder | undefined;
  readonly spec: ContractSpec;
}): React.ReactElement {
  const { sent, end, spec } = props;
  return (
    <li className="order order-ended" data-order={sent.id}>
      <span className="order-name">
        <span className="muted">{sent.id}</span> {sent.sentence}
      </span>
      <span className="order-end muted">{endWords(sent.rejection, end, spec)}</span>
      <span className="order-actions">
        <button
          type="button"
          className="link-button"
          aria-label={`Why: order ${sent.id}`}
          onClick={() => inspectOrder(sent.instrument, sent.id)}
        >
          Why
        </button>
      </span>
    </li>
  );
}

function Fills({ venue, spec }: { readonly venue: VenueView; readonly spec: ContractSpec }) {
  const zone = usePreferences((state) => state.zone);
  // One order may fill several times in one microsecond: only its place in the list tells fills apart.
  const newest = venue.fills
    .map((fill, key) => ({ key, fill }))
    .slice(-SHOWN_FILLS)
    .reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="fills" aria-label="Fills" tabIndex={0}>
      {venue.clearing === null ? null : <Statement clearing={venue.clearing} spec={spec} />}
      <table className="fills-table">
        <caption className="visually-hidden">Fills, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Fill</th>
            <th scope="col">Price</th>
            <th scope="col">Size</th>
            <th scope="col">Fee</th>
          </tr>
        </thead>
        <tbody>
          {newest.map(({ key, fill }) => (
            <tr key={key}>
              <td className="muted">{formatClock(fill.atMicros, zone)}</td>
              <td>
                <Side side={fill.side} /> <span className="muted">{fill.role}</span>
              </td>
              <td>{priceWords(fill.priceTicks, spec)}</td>
              <td>{tickText(fill.sizeLots, spec.lotSize)}</td>
              <td className="muted">{formatNumber(fill.fee, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {newest.length === 0 ? <p className="muted fills-none">No fill yet</p> : null}
    </section>
  );
}

/** Position and result in one line. */
export function OrdersSummary(): React.ReactElement | null {
  const spec = useSource(specInView);
  const instrument = useSource((state) => state.instrument);
  const venue = useVenue(venueOf(instrument));
  if (spec === null || venue === null) return null;
  const { positionLots, averagePrice, realised, orders } = venue;
  const sign = positionLots > 0 ? '+' : '';
  const size = `${sign}${tickText(positionLots, spec.lotSize)}`;
  const average = averagePrice === null ? ABSENT : formatNumber(averagePrice, spec.tickSize.scale + 1);
  return (
    <span className="panel-choice orders-summary" data-testid="paper-position">
      {formatCount(orders.length)} open · position{' '}
      <strong className={positionLots > 0 ? 'gain' : positionLots < 0 ? 'loss' : ''}>{size}</strong>
      {positionLots === 0 ? null : ` at ${average}`} · realised <strong>{formatSigned(realised, 2)}</strong>{' '}
      {spec.currency}
    </span>
  );
}

export function OrdersActions(): React.ReactElement {
  const instrument = useSource((state) => state.instrument);
  const open = useVenue((slice) => venueOf(instrument)(slice)?.orders.length ?? 0);
  return (
    <>
      <button
        type="button"
        className="panel-action"
        disabled={open === 0}
        title="Cancels every open paper order of this instrument at once: X"
        onClick={() => void cancelAllOrders()}
      >
        Cancel all
      </button>
      <button type="button" className="panel-action panel-action-main" title="O" onClick={openTicket}>
        New order
      </button>
    </>
  );
}

export function OrdersBody(): React.ReactElement {
  const spec = useSource(specInView);
  const instrument = useSource((state) => state.instrument);
  const venue = useVenue(venueOf(instrument));
  const sent = usePaperOrders((state) => state.sent);
  if (spec === null || venue === null) {
    return <EmptyNote title="No paper venue" text="Paper orders need the simulated market." />;
  }
  const open = new Set(venue.orders.map(({ id }) => id));
  const ends = new Map(venue.ended.map((end) => [end.id, end]));
  const ended = sent.filter((order) => order.instrument === instrument && !open.has(order.id));
  return (
    <div className="orders">
      <ul className="order-list">
        {venue.orders.map((own) => (
          <OpenOrder key={own.id} own={own} spec={spec} venue={venue.venue} />
        ))}
        {ended.map((order) => (
          <SentOrderRow key={order.id} sent={order} end={ends.get(order.id)} spec={spec} />
        ))}
        {open.size + ended.length === 0 ? (
          <li>
            <EmptyNote
              title="No paper order"
              text="Open the ticket with O, or press B or S on a row of the ladder."
            />
          </li>
        ) : null}
      </ul>
      <Fills venue={venue} spec={spec} />
    </div>
  );
}
