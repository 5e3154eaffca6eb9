/** The Breakers screen: the future in view as it was seen, and every product group under a supposed move. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { span } from '../../../workers/client/span.ts';
import type { BreakerRow } from '../../../workers/contract/breaker-board.ts';
import { formatSignedPercent } from '../../format/number.ts';
import { LAST_MINUTE, startSeenMarket, useSeenMarket, useSupposition } from '../../state/breaker-store.ts';
import { useMarket } from '../../state/market-slice.ts';
import { type FailureError, unwrap } from '../../state/queries.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TrustMark } from '../../ui/TrustMark.tsx';
import { BreakerCard } from './BreakerCard.tsx';
import { spanWords } from './breaker-words.ts';
import { ReferenceInput } from './ReferenceInput.tsx';
import './breakers.css';

const GROUPS: readonly (readonly [BreakerRow['group'], string])[] = [
  ['equity-index', 'Stock indices'],
  ['energy', 'Energy'],
  ['metal', 'Metals'],
  ['fx', 'Currencies'],
  ['interest-rate', 'Interest rates'],
];
/** Farthest move that can be supposed. */
const FARTHEST = 0.25;
const MOST_LATER = 1_200;

/** The future in view: a live answer only while what it stands on is. */
function Seen(): React.ReactElement {
  const { seen, source } = useSeenMarket();
  // The slice knows, too, when frames stop coming.
  const trust = useMarket((state) => state.trust);
  const trustReason = useMarket((state) => state.trustReason);
  const playing = useMarket((state) => state.transport?.playing ?? true);
  const standing = source === 'LIVE' || playing ? null : 'PAUSED';
  const { data, error } = useQuery<BreakerRow, FailureError>({
    queryKey: ['breakers-seen', seen],
    queryFn: () =>
      unwrap(
        span.seenBreakers(
          seen ?? { symbol: '', referenceTicks: 1, startMicros: 1, nowMicros: 1, prices: [] },
        ),
      ),
    enabled: seen !== null,
    placeholderData: keepPreviousData,
    gcTime: 1_000,
  });
  if (seen === null || source === null) {
    return (
      <p className="breaker-none">
        <strong>No CME future is in view.</strong> Choose ES or NQ of the simulated market in the head line,
        and its breakers are followed here. What stands below is supposed.
      </p>
    );
  }
  if (error !== null)
    return <FailureNote title="The breakers of this contract are not known" failure={error.failure} />;
  if (data === undefined) return <p className="breaker-none">Asking for the breakers of {seen.symbol}…</p>;
  const live = trust === 'LIVE' && standing === null;
  return (
    <div className={live ? 'breaker-seen' : 'breaker-seen breaker-stale'}>
      <div className="breaker-seen-words">
        <p>
          <span className={`tag source-${source.toLowerCase()}`}>{source}</span>{' '}
          <strong>{seen.symbol}</strong> <TrustMark trust={trust} standing={standing} />
        </p>
        {live ? null : (
          <p>
            {trustReason === '' ? 'The run stands still' : trustReason}. The figures are those of the last
            moment that was live.
          </p>
        )}
        <p className="muted">
          Watched for {spanWords(seen.nowMicros - seen.startMicros)}. The source tells no settlement and no
          index close: the first price seen stands in for both.
        </p>
      </div>
      <BreakerCard row={data} reference={null} />
    </div>
  );
}

function Controls(): React.ReactElement {
  const { day, minutes, laterSeconds, move } = useSupposition();
  const set = useSupposition.setState;
  return (
    <div className="breaker-controls">
      <label className="breaker-control">
        <span>
          All prices move by <strong>{formatSignedPercent(move, 1)}</strong>
        </span>
        <input
          type="range"
          min={-FARTHEST}
          max={FARTHEST}
          step={0.005}
          value={move}
          data-testid="breaker-move"
          onChange={(event) => set({ move: Number(event.target.value) })}
        />
      </label>
      <label className="breaker-control">
        <span>
          at <strong>{clockOf(minutes)}</strong> Chicago
        </span>
        <input
          type="range"
          min={5}
          max={LAST_MINUTE}
          step={5}
          value={minutes}
          data-testid="breaker-time"
          onChange={(event) => set({ minutes: Number(event.target.value) })}
        />
      </label>
      <label className="breaker-control">
        <span>
          seen <strong>{laterSeconds === 0 ? 'at once' : `${spanWords(laterSeconds * 1e6)} later`}</strong>
        </span>
        <input
          type="range"
          min={0}
          max={MOST_LATER}
          step={5}
          value={laterSeconds}
          data-testid="breaker-later"
          onChange={(event) => set({ laterSeconds: Number(event.target.value) })}
        />
      </label>
      <label className="breaker-control">
        <span>on trading day</span>
        <input
          type="date"
          className="input"
          value={day}
          min="2009-01-01"
          max="2028-12-31"
          onChange={(event) => {
            if (event.target.value.length === 10) set({ day: event.target.value });
          }}
        />
      </label>
    </div>
  );
}

/** Minutes since 17:00 as a clock. */
function clockOf(minutes: number): string {
  const shown = (minutes + 17 * 60) % 1_440;
  return `${String(Math.floor(shown / 60)).padStart(2, '0')}:${String(shown % 60).padStart(2, '0')}`;
}

function Supposed(): React.ReactElement {
  const { entered, ...question } = useSupposition();
  const { data, error } = useQuery<readonly BreakerRow[], FailureError>({
    queryKey: ['breakers-supposed', question],
    queryFn: () => unwrap(span.supposedBreakers(question)),
    placeholderData: keepPreviousData,
    gcTime: 5_000,
  });
  if (error !== null) return <FailureNote title="This move cannot be supposed" failure={error.failure} />;
  return (
    <div className="breaker-groups">
      {GROUPS.map(([group, name]) => (
        <section key={group} className="breaker-group" aria-label={name}>
          <h3>{name}</h3>
          <div className="breaker-cards">
            {data
              ?.filter((row) => row.group === group)
              .map((row) => (
                <BreakerCard
                  key={row.product}
                  row={row}
                  reference={
                    <ReferenceInput
                      key={question.references.find((one) => one.product === row.product)?.price}
                      product={row.product}
                      price={question.references.find((one) => one.product === row.product)?.price ?? ''}
                      isExample={!entered.includes(row.product)}
                    />
                  }
                />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}

export function BreakerScreen(): React.ReactElement {
  useEffect(startSeenMarket, []);
  return (
    <div className="screen breaker-screen">
      <main className="breaker-desk" aria-label="Breakers">
        <Panel id="seen" title="In view">
          <Seen />
        </Panel>
        <Panel
          id="supposed"
          title="Supposed"
          choices={<span className="tag tag-stale">WHAT IF, no live input</span>}
        >
          <Controls />
          <p className="breaker-note">
            Each price goes from its reference to the move at that moment; the S&P 500 moves by the same from
            its close. The reference stands for settlement, fixing and index close.
          </p>
          <Supposed />
        </Panel>
      </main>
    </div>
  );
}
