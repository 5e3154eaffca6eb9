/** The breakers of the future in view, as its venue has them; not live is said, and shown without colour. */
import { Button } from 'react-aria-components/Button';
import type { BreakerView } from '../../../engine/venue/circuit-breakers/breaker-view.ts';
import type { VenueView } from '../../../workers/contract/paper.ts';
import { useMarket } from '../../state/market-slice.ts';
import { useSource, viewInstrument } from '../../state/source-store.ts';
import { useVenue, venueOf } from '../../state/venue-slice.ts';
import { TrustMark } from '../../ui/TrustMark.tsx';
import { BreakerCard, type CardHistory } from './BreakerCard.tsx';

export function InView(): React.ReactElement {
  const instrument = useSource((state) => state.instrument);
  const spec = useSource((state) => state.opened?.instruments.find(({ id }) => id === instrument) ?? null);
  const venue = useVenue(venueOf(instrument));
  const nowMicros = useVenue((state) => state.nowMicros);
  const { source, trust, trustReason, transport, lastTradeTicks } = useMarket();
  const breakers = venue?.breakers ?? null;
  if (venue === null || breakers === null || spec === null || source === null) {
    return <NoneInView />;
  }
  const standing = source === 'LIVE' || transport?.playing !== false ? null : 'PAUSED';
  const live = trust === 'LIVE' && standing === null;
  const { mantissa, scale } = spec.tickSize;
  return (
    <div className={live ? 'breaker-seen' : 'breaker-seen breaker-stale'} data-testid="breaker-in-view">
      <BreakerCard
        view={atMoment(breakers, nowMicros, lastTradeTicks)}
        product={breakers.product}
        name={spec.symbol}
        tickSize={mantissa / 10 ** scale}
        decimals={scale}
        history={historyOf(venue, nowMicros)}
        nowMicros={nowMicros}
        nextClock={null}
        reference={null}
      />
      <div className="breaker-seen-words">
        <p>
          <span className={`tag source-${source.toLowerCase()}`}>{source}</span>{' '}
          <strong>{spec.symbol}</strong> <TrustMark trust={trust} standing={standing} />
        </p>
        {live ? null : (
          <p>
            {trustReason === '' ? 'The run stands still' : trustReason}. These are figures of its last moment.
          </p>
        )}
        <p>
          The venue's state: <strong>{venue.state.toUpperCase()}</strong>
          {venue.reason === '' ? '' : `, ${venue.reason}`}
        </p>
        <p className="muted">
          Limits, levels and halts of the embedded market, which acts on them. Its first day is measured from
          the price the future begins with; later days from the fixing before stocks close.
        </p>
      </div>
    </div>
  );
}

function NoneInView(): React.ReactElement {
  const instruments = useSource((state) => state.opened?.instruments);
  const futures = (instruments ?? []).filter(({ kind }) => kind === 'dated-future');
  return (
    <div className="breaker-none">
      <p>
        <strong>No CME future is in view.</strong>{' '}
        {futures.length === 0
          ? 'This source has none: the simulated market does. What stands below is supposed.'
          : 'Look at one, and its breakers are followed here. What stands below is supposed.'}
      </p>
      {futures.map(({ id, symbol }) => (
        <Button key={id} className="button" onPress={() => viewInstrument(id)}>
          {symbol}
        </Button>
      ))}
    </div>
  );
}

/** The board is of the last trade or change; time has gone on since. */
function atMoment(view: BreakerView, nowMicros: number, lastTicks: number | null): BreakerView {
  const { next, contracts } = view;
  return {
    ...view,
    timeInStateMicros: nowMicros - view.sinceMicros,
    next: next === null ? null : { ...next, inMicros: Math.max(0, next.atMicros - nowMicros) },
    contracts: contracts.map((one) => ({ ...one, lastTicks: one.lastTicks ?? lastTicks })),
  };
}

/** The venue's states as stretches: what stands still is stopped, whatever stopped it. */
function historyOf({ timeline }: VenueView, nowMicros: number): readonly CardHistory[] {
  return timeline.map(({ state, fromMicros, untilMicros, reason }) => ({
    tone:
      state === 'open'
        ? 'healthy'
        : state.startsWith('close') || state === 'post-close'
          ? 'quiet'
          : 'critical',
    words: `${state}, ${reason}`,
    fromMicros,
    untilMicros: untilMicros ?? nowMicros,
  }));
}
