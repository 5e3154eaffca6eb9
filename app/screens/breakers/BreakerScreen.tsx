/** The Breakers screen: the future in view as its venue has it, and every product group under a supposed move. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { span } from '../../../workers/client/span.ts';
import type { BreakerRow } from '../../../workers/contract/breaker-board.ts';
import { formatSignedPercent } from '../../format/number.ts';
import { LAST_MINUTE, useSupposition } from '../../state/breaker-store.ts';
import { type FailureError, unwrap } from '../../state/queries.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { BreakerCard, type CardHistory } from './BreakerCard.tsx';
import { spanWords, stateLook } from './breaker-words.ts';
import { InView } from './InView.tsx';
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
                  {...row}
                  history={historyOf(row)}
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

/** The states since the reference was traded. */
function historyOf({ history, nowMicros }: BreakerRow): readonly CardHistory[] {
  return history.map(({ state, fromMicros }, i) => {
    const { tone, word, cause } = stateLook(state, null);
    const untilMicros = history[i + 1]?.fromMicros ?? nowMicros;
    return { tone, words: cause === '' ? word : `${word}, ${cause}`, fromMicros, untilMicros };
  });
}

export function BreakerScreen(): React.ReactElement {
  return (
    <div className="screen breaker-screen">
      <main className="breaker-desk" aria-label="Breakers">
        <Panel id="seen" title="In view">
          <InView />
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
