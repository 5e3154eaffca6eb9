/** The order ticket: everything an order says, readable in one sentence before it is sent, and the venue's answer. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { PaperReceipt, VenueView } from '../../../../workers/contract/paper.ts';
import { verdictQuery, whyNotSent } from '../../../state/guard-queries.ts';
import { guardQuestion } from '../../../state/guard-question.ts';
import { useGuardSettings } from '../../../state/guard-settings.ts';
import { useMargin } from '../../../state/margin-slice.ts';
import { tell } from '../../../state/notices.ts';
import { sendOrder } from '../../../state/paper-orders.ts';
import { openSimulated, specInView, useSource } from '../../../state/source-store.ts';
import { ticketFor, toggleTicket, useTicket } from '../../../state/ticket-store.ts';
import { useVenue, venueOf } from '../../../state/venue-slice.ts';
import { EmptyNote } from '../../../ui/EmptyNote.tsx';
import { CloseIcon } from '../../../ui/icons.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { usePhone } from '../../../ui/use-media.ts';
import { Expected } from './Expected.tsx';
import { orderSentence } from './order-words.ts';
import { STATE_LOOKS, StateMark } from './StateMark.tsx';
import { TicketBody } from './TicketBody.tsx';
import { TicketVerdict } from './TicketVerdict.tsx';
import { type ReadTicket, readTicket, type TicketErrors } from './ticket-form.ts';

/** The last wish for focus that was granted: a ticket that is shown anew for another reason takes none. */
let focusGiven = 0;

/** Puts the focus on the first price or size that is missing, or on the size, ready to be typed over. */
function giveFocus(form: HTMLFormElement): void {
  const inputs = [...form.querySelectorAll<HTMLInputElement>('.ticket-terms input')];
  const wanted = inputs.find(({ value }) => value === '') ?? inputs.at(-1);
  wanted?.focus();
  wanted?.select();
}

/** What is wrong with what was typed; that something was not typed is told only once it was tried to send. */
function shownErrors({ errors }: ReadTicket, tried: boolean): TicketErrors {
  if (tried) return errors;
  return Object.fromEntries(Object.entries(errors).filter(([, text]) => !text.endsWith('found nothing')));
}

function Answer({ receipt }: { readonly receipt: PaperReceipt | null }): React.ReactElement {
  return (
    <div className="ticket-answer" aria-live="polite" data-testid="ticket-answer">
      {receipt === null ? null : receipt.kind === 'accepted' ? (
        <p>
          <strong>Order {receipt.id} accepted.</strong>
        </p>
      ) : (
        <>
          <p className="ticket-rejected">
            <strong>Order {receipt.id} rejected.</strong> {receipt.rule}
          </p>
          <p className="ticket-source">
            {receipt.source} · {receipt.code}
          </p>
        </>
      )}
    </div>
  );
}

/** What the guards say of an order as typed, and whether that stops it. */
function useVerdict({ order, errors }: ReadTicket, heldLots: number) {
  const configuration = useGuardSettings((state) => state.configuration);
  const enforces = useGuardSettings((state) => state.enforces);
  const epoch = useMargin((state) => state.epoch);
  const question = Object.keys(errors).length > 0 ? null : guardQuestion(order, heldLots);
  const { data, error } = useQuery(verdictQuery(question, { epoch, text: JSON.stringify(configuration) }));
  const verdict = question === null ? null : (data ?? null);
  const failure = question === null ? null : (error?.failure.message ?? null);
  const stops = enforces && (failure !== null || (verdict !== null && verdict.verdict !== 'ALLOW'));
  return { verdict, failure, stops, enforces };
}

function Ticket({ spec, venue }: { readonly spec: ContractSpec; readonly venue: VenueView }) {
  const fields = useTicket((state) => state.fields);
  const focusAsked = useTicket((state) => state.focusAsked);
  const nowMicros = useVenue((state) => state.nowMicros);
  const [tried, setTried] = useState(false);
  const [sending, setSending] = useState(false);
  const [receipt, setReceipt] = useState<PaperReceipt | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const ticket = readTicket(fields, spec, nowMicros);
  const sentence = orderSentence(ticket.order, spec);
  const guards = useVerdict(ticket, venue.positionLots);

  useEffect(() => {
    if (focusAsked <= focusGiven || form.current === null) return;
    focusGiven = focusAsked;
    giveFocus(form.current);
  }, [focusAsked]);

  const submit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    if (sending) return;
    const wrong = Object.keys(ticket.errors).length > 0;
    setTried(wrong);
    if (wrong) return;
    setSending(true);
    const why = guards.enforces ? await whyNotSent(guardQuestion(ticket.order, venue.positionLots)) : null;
    if (why !== null) {
      setSending(false);
      tell('trouble', `Not sent. ${why}`);
      return;
    }
    setReceipt(await sendOrder(ticket.order, sentence));
    setSending(false);
  };
  const leave = (event: React.KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    document.querySelector<HTMLElement>('.panel-ladder [role=grid]')?.focus();
  };
  const buys = fields.side === 'buy';
  return (
    <form
      ref={form}
      className="ticket"
      aria-label="Paper order"
      noValidate
      onSubmit={(event) => void submit(event)}
      onKeyDown={leave}
    >
      <TicketBody venue={venue.venue} fields={fields} errors={shownErrors(ticket, tried)} spec={spec} />
      <div className="ticket-foot">
        <p className="ticket-sentence" data-testid="ticket-sentence">
          {sentence}
        </p>
        {venue.state === 'open' ? (
          <Expected ticket={ticket} spec={spec} />
        ) : (
          <p className="ticket-worth">
            <StateMark state={venue.state} /> <span className="muted">{STATE_LOOKS[venue.state].rule}</span>
          </p>
        )}
        <TicketVerdict
          verdict={guards.verdict}
          failure={guards.failure}
          stops={guards.enforces}
          spec={spec}
        />
        <button
          type="submit"
          className={`button ticket-send ticket-send-${fields.side}`}
          disabled={sending || guards.stops}
        >
          {buys ? 'Place paper buy order' : 'Place paper sell order'}
        </button>
        <Answer receipt={receipt} />
      </div>
    </form>
  );
}

function Unavailable(): React.ReactElement {
  const kind = useSource((state) => state.kind);
  const seed = useSource((state) => state.seed);
  if (kind === 'SIMULATED') return <EmptyNote title="The simulated venue opens …" />;
  const text =
    kind === 'LIVE'
      ? 'The live market is only watched: this page never sends an order to an exchange.'
      : 'A recording has happened already: an order could not change what it shows.';
  return (
    <EmptyNote title="Paper orders need the simulated market" text={text}>
      <button type="button" className="button" onClick={() => void openSimulated(seed)}>
        Start the simulated market
      </button>
    </EmptyNote>
  );
}

export function TicketPanel(): React.ReactElement {
  const spec = useSource(specInView);
  const instrument = useSource((state) => state.instrument);
  const venue = useVenue(venueOf(instrument));
  const phone = usePhone();
  useEffect(() => ticketFor(instrument), [instrument]);
  return (
    <Panel
      id="ticket"
      title="Ticket"
      choices={
        <span className="tag tag-demo" title="Orders go to the simulated venue in this page and nowhere else">
          PAPER
        </span>
      }
      actions={
        phone ? null : (
          <button type="button" className="icon-button" aria-label="Close the ticket" onClick={toggleTicket}>
            <CloseIcon />
          </button>
        )
      }
    >
      {spec === null || venue === null ? (
        <Unavailable />
      ) : (
        <Ticket key={instrument} spec={spec} venue={venue} />
      )}
    </Panel>
  );
}
