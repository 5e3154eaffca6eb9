/** The state of the market in view: word, time in it, what ends it and why it was entered; its past; its auction. */
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { StateSpan, VenueView } from '../../../../workers/contract/paper.ts';
import { formatAge, formatClock, formatCountdown } from '../../../format/time.ts';
import { showMarketState } from '../../../state/dock.ts';
import { INTERRUPTION_SECONDS, interruptMarket } from '../../../state/paper-orders.ts';
import { usePreferences } from '../../../state/preferences.ts';
import { specInView, useSource } from '../../../state/source-store.ts';
import { useVenue, venueOf } from '../../../state/venue-slice.ts';
import { EmptyNote } from '../../../ui/EmptyNote.tsx';
import { AuctionPart } from './AuctionPart.tsx';
import { priceWords } from './order-words.ts';
import { STATE_LOOKS, StateMark } from './StateMark.tsx';

/** Spans in the strip: more would be slivers. */
const STRIP_SPANS = 12;

function seconds(micros: number): string {
  return formatAge(Math.max(0, Math.floor(micros / 1e6)) * 1_000);
}

function limitsWords({ lowLimitTicks, highLimitTicks }: VenueView, spec: ContractSpec): string | null {
  if (lowLimitTicks === null && highLimitTicks === null) return null;
  return `${priceWords(lowLimitTicks, spec)} to ${priceWords(highLimitTicks, spec)}`;
}

/** The last spans as a bar whose parts are as long as they lasted, within reason; words in the list beside it. */
function SpanStrip({
  spans,
  nowMicros,
}: {
  readonly spans: readonly StateSpan[];
  readonly nowMicros: number;
}) {
  return (
    <span className="span-strip" aria-hidden="true">
      {spans.slice(-STRIP_SPANS).map((span) => (
        <span
          key={span.fromMicros}
          className={`span-part market-state-${STATE_LOOKS[span.state].tone}`}
          title={`${STATE_LOOKS[span.state].word} ${seconds((span.untilMicros ?? nowMicros) - span.fromMicros)}`}
          style={{ flexGrow: Math.sqrt(Math.max(1, (span.untilMicros ?? nowMicros) - span.fromMicros)) }}
        />
      ))}
    </span>
  );
}

/** One line of state; the panel below says more. */
export function StateStrip(): React.ReactElement | null {
  const spec = useSource(specInView);
  const instrument = useSource((state) => state.instrument);
  const venue = useVenue(venueOf(instrument));
  const nowMicros = useVenue((slice) => slice.nowMicros);
  // A perpetual trades round the clock: its state is news only when it is another one.
  if (spec === null || venue === null || (venue.venue !== 'globex' && venue.state === 'open')) return null;
  const limits = limitsWords(venue, spec);
  return (
    <div className="state-strip" data-testid="state-strip">
      <StateMark state={venue.state} />
      <span className="muted">for {seconds(nowMicros - venue.sinceMicros)}</span>
      {venue.untilMicros === null ? null : (
        <span>
          ends in <strong>{formatCountdown((venue.untilMicros - nowMicros) / 1_000)}</strong>
        </span>
      )}
      <span className="state-reason muted">{venue.reason}</span>
      <SpanStrip spans={venue.timeline} nowMicros={nowMicros} />
      {limits === null ? null : <span className="state-limits muted">limits {limits}</span>}
      <button type="button" className="link-button" onClick={showMarketState}>
        {venue.auction === null ? 'State' : 'Auction'}
      </button>
    </div>
  );
}

function Facts({ venue, spec }: { readonly venue: VenueView; readonly spec: ContractSpec }) {
  const nowMicros = useVenue((slice) => slice.nowMicros);
  return (
    <dl className="state-facts">
      <div>
        <dt>State</dt>
        <dd>
          <StateMark state={venue.state} />
        </dd>
      </div>
      <div>
        <dt>Means</dt>
        <dd>{STATE_LOOKS[venue.state].rule}</dd>
      </div>
      <div>
        <dt>For</dt>
        <dd>{seconds(nowMicros - venue.sinceMicros)}</dd>
      </div>
      <div>
        <dt>Ends in</dt>
        <dd>
          {venue.untilMicros === null
            ? 'nothing is due'
            : formatCountdown((venue.untilMicros - nowMicros) / 1_000)}
        </dd>
      </div>
      <div>
        <dt>Because</dt>
        <dd>{venue.reason}</dd>
      </div>
      <div>
        <dt>Price limits</dt>
        <dd>{limitsWords(venue, spec) ?? 'none in force'}</dd>
      </div>
    </dl>
  );
}

function Timeline({ venue }: { readonly venue: VenueView }): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  const nowMicros = useVenue((slice) => slice.nowMicros);
  return (
    <ol className="state-timeline" aria-label="States, newest first">
      {venue.timeline.toReversed().map((span) => (
        <li key={span.fromMicros}>
          <span className="muted">{formatClock(span.fromMicros, zone)}</span> <StateMark state={span.state} />{' '}
          <span className="muted">
            {seconds((span.untilMicros ?? nowMicros) - span.fromMicros)} · {span.reason}
          </span>
        </li>
      ))}
    </ol>
  );
}

export function StateActions(): React.ReactElement | null {
  const instrument = useSource((state) => state.instrument);
  const venue = useVenue(venueOf(instrument));
  if (venue === null || venue.venue !== 'globex') return null;
  return (
    <button
      type="button"
      className="panel-action panel-action-main"
      disabled={venue.state !== 'open'}
      title="Sends the market to Pre-Open, so that its auction can be watched"
      onClick={() => void interruptMarket()}
    >
      Interrupt for {INTERRUPTION_SECONDS} s
    </button>
  );
}

export function StateBody(): React.ReactElement {
  const spec = useSource(specInView);
  const instrument = useSource((state) => state.instrument);
  const venue = useVenue(venueOf(instrument));
  if (spec === null || venue === null) {
    return <EmptyNote title="No venue" text="Only the simulated market shows its venue's states." />;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="state-body" aria-label="State of the market" tabIndex={0}>
      <div className="state-side">
        <Facts venue={venue} spec={spec} />
        <Timeline venue={venue} />
      </div>
      {venue.auction === null ? (
        <p className="muted state-open">
          {venue.state === 'open'
            ? 'Orders meet as they come; there is no auction now.'
            : 'No order is collected in this state.'}
        </p>
      ) : (
        <AuctionPart auction={venue.auction} spec={spec} />
      )}
    </section>
  );
}
