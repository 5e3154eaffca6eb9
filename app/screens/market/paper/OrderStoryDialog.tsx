/** The order inspector: why an order filled or not, with every event, the queue ahead of it step by step, and a verdict. */
import { useQuery } from '@tanstack/react-query';
import type { ContractSpec, InstrumentId } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { OrderStory, OrderStoryEvent, PaperOrderId } from '../../../../workers/contract/paper.ts';
import { tickText } from '../../../charts/tick-text.ts';
import { tell } from '../../../state/notices.ts';
import { orderStoryQuery } from '../../../state/queries.ts';
import { useSource } from '../../../state/source-store.ts';
import { AppDialog } from '../../../ui/AppDialog.tsx';
import { FailureNote } from '../../../ui/FailureNote.tsx';
import { EVENT_WORDS, orderSentence } from './order-words.ts';
import { eventClock, queueSteps, storyText } from './story-text.ts';

const WIDTH = 560;
const HEIGHT = 84;

/** The queue ahead over time, as a step line that falls as the order moves up. */
function QueueChart({
  events,
  spec,
}: {
  readonly events: readonly OrderStoryEvent[];
  readonly spec: ContractSpec;
}) {
  const steps = queueSteps(events);
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined || steps.length < 2) return null;
  const most = Math.max(1, ...steps.map(({ aheadLots }) => aheadLots ?? 0));
  const span = Math.max(1, last.atMicros - first.atMicros);
  const x = (at: number): number => Math.round(((at - first.atMicros) / span) * WIDTH * 10) / 10;
  const y = (lots: number): number => Math.round((HEIGHT - (lots / most) * (HEIGHT - 4)) * 10) / 10;
  const line = steps
    .map(
      ({ atMicros, aheadLots }, i) =>
        `${i === 0 ? 'M' : 'H'}${x(atMicros)}${i === 0 ? ',' : 'V'}${y(aheadLots ?? 0)}`,
    )
    .join('');
  const words = `Queue ahead: from ${tickText(first.aheadLots ?? 0, spec.lotSize)} to ${tickText(last.aheadLots ?? 0, spec.lotSize)} in ${(span / 1e6).toFixed(1)} s`;
  return (
    <figure className="story-figure">
      <svg
        className="story-chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
      >
        <path className="story-area" d={`${line}V${HEIGHT}H0Z`} />
        <path className="story-line" d={line} />
      </svg>
      <figcaption className="muted">{words}</figcaption>
    </figure>
  );
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell('news', 'Story of the order copied');
  } catch {
    tell('trouble', 'The browser did not let the text be copied');
  }
}

/** The list only grows at its end, so a place names an event. */
function numbered(events: readonly OrderStoryEvent[]): readonly { key: number; event: OrderStoryEvent }[] {
  return events.map((event, key) => ({ key, event }));
}

function Events({ story, spec }: { readonly story: OrderStory; readonly spec: ContractSpec }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="story-scroll" aria-label="Events of the order" tabIndex={0}>
      <table className="plain-table story-events">
        <thead>
          <tr>
            <th scope="col">Time UTC</th>
            <th scope="col">What happened</th>
            <th scope="col" className="number">
              Ahead
            </th>
          </tr>
        </thead>
        <tbody>
          {numbered(story.events).map(({ key, event }) => (
            <tr key={key}>
              <td className="muted number">{eventClock(event.atMicros)}</td>
              <td>
                <span className="tag">{EVENT_WORDS[event.kind]}</span> {event.text}
              </td>
              <td className="number">
                {event.aheadLots === null ? '' : tickText(event.aheadLots, spec.lotSize)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function OrderStoryDialog(props: {
  readonly instrument: InstrumentId;
  readonly id: PaperOrderId;
}): React.ReactElement {
  const { instrument, id } = props;
  const spec = useSource((state) => state.opened?.instruments.find((one) => one.id === instrument));
  const { data: story, error } = useQuery(orderStoryQuery(instrument, id));
  return (
    <AppDialog title={`Why: order ${id}`} width="wide">
      <div className="dialog-form story">
        {story === undefined || spec === undefined ? (
          error === null ? (
            <p className="muted">Reading the order's life …</p>
          ) : (
            <FailureNote title="The order cannot be read" failure={error.failure} />
          )
        ) : (
          <>
            <p>{orderSentence(story.order, spec)}</p>
            <p className="story-verdict" data-testid="story-verdict">
              {story.verdict}
            </p>
            <QueueChart events={story.events} spec={spec} />
            <Events story={story} spec={spec} />
            <footer className="dialog-foot">
              <button type="button" className="button" onClick={() => void copy(storyText(story, spec))}>
                Copy as text
              </button>
            </footer>
          </>
        )}
      </div>
    </AppDialog>
  );
}
