/** What happened: every change of rung, reminder, halt and missing input, newest first. */
import './verdict.css';
import type { BoardEvent, GuardSeverity } from '../../../workers/contract/guard-board.ts';
import { formatClock } from '../../format/time.ts';
import { usePreferences } from '../../state/preferences.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';

const SHOWN = 200;

const SHAPES: Readonly<Record<GuardSeverity, React.ReactElement>> = {
  info: <circle cx="5" cy="5" r="3.6" />,
  warning: <path d="M5 1.4 9 8.6H1Z" className="shape-open" />,
  danger: <path d="M5 0.9 9.5 9H0.5Z" />,
  critical: <path d="M5 0.2 9.8 5 5 9.8 0.2 5Z" />,
  emergency: <path d="M1 1h8v8H1Z" />,
};

/** Severity as shape and word. */
export function SeverityMark({ severity }: { readonly severity: GuardSeverity }): React.ReactElement {
  return (
    <span className={`status-mark severity-${severity}`}>
      <svg className="status-shape" viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[severity]}
      </svg>
      {severity}
    </span>
  );
}

export function Timeline({ events }: { readonly events: readonly BoardEvent[] }): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  if (events.length === 0) {
    return <EmptyNote title="Nothing happened yet" text="Every change of status will stand here." />;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="timeline-scroll" aria-label="Timeline, newest first" tabIndex={0}>
      <ol className="timeline" data-testid="timeline">
        {events
          .slice(-SHOWN)
          .toReversed()
          .map(({ id, atMicros, severity, subject, text, rowId, event }) => (
            <li key={id} data-row={rowId} data-event={event}>
              <span className="muted">{formatClock(atMicros, zone)}</span>{' '}
              <SeverityMark severity={severity} /> <strong>{subject}</strong> {text}
            </li>
          ))}
      </ol>
    </section>
  );
}
