/** The notification centre: what stands raised, what was said, who is silent; sound and browser notifications by choice. */
import type { AlertView, RaisedAlert } from '../../../workers/contract/guard-board.ts';
import { formatClock, formatCountdown } from '../../format/time.ts';
import {
  acknowledge,
  allowNotifications,
  allowSound,
  SEVERITIES,
  snooze,
  useAlerts,
} from '../../state/alert-store.ts';
import { alertWords, figureWords } from '../../state/alert-words.ts';
import { usePreferences } from '../../state/preferences.ts';
import { SeverityMark } from './Timeline.tsx';

const SHOWN = 60;
const SNOOZE_MINUTES = 15;

function Raised({ alert }: { readonly alert: RaisedAlert }): React.ReactElement {
  const { rule, subject, severity, mustSee, isAcknowledged } = alert;
  return (
    <li className="alert" data-alert={rule} data-subject={subject}>
      <SeverityMark severity={severity} /> <strong>{subject}</strong> {figureWords(alert)}
      <span className="alert-actions">
        {isAcknowledged ? (
          <span className="muted">seen</span>
        ) : (
          <button type="button" className="link-button" onClick={() => void acknowledge(rule, subject)}>
            Seen
          </button>
        )}
        {mustSee ? (
          <span className="muted" title="This rule cannot be silenced or hidden">
            must see
          </span>
        ) : (
          <button type="button" className="link-button" onClick={() => void snooze(rule, SNOOZE_MINUTES)}>
            Snooze {SNOOZE_MINUTES} min
          </button>
        )}
      </span>
    </li>
  );
}

function Sounds(): React.ReactElement {
  const sounds = useAlerts((state) => state.sounds);
  const notifies = useAlerts((state) => state.notifies);
  return (
    <fieldset className="alert-sounds">
      <legend>Sound for</legend>
      {SEVERITIES.map((severity) => (
        <label key={severity} className="ticket-check">
          <input
            type="checkbox"
            checked={sounds.includes(severity)}
            onChange={(event) => allowSound(severity, event.target.checked)}
          />
          {severity}
        </label>
      ))}
      <label className="ticket-check">
        <input
          type="checkbox"
          checked={notifies}
          onChange={(event) => void allowNotifications(event.target.checked)}
        />
        browser notification
      </label>
    </fieldset>
  );
}

/** What was told last, for the ear that was not sure. */
function LastTold(): React.ReactElement | null {
  const lastTold = useAlerts((state) => state.lastTold);
  if (lastTold === null) return null;
  const { alert, sounded } = lastTold;
  return (
    <p className="muted" data-testid="last-told">
      Told last: {alert.rule} {alert.phase}, {sounded ? 'with sound' : 'without sound'}
    </p>
  );
}

export function AlertsPanel({
  alerts,
  nowMicros,
}: {
  readonly alerts: AlertView;
  readonly nowMicros: number;
}): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  const { said, raised, snoozes } = alerts;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="alerts" aria-label="Notification centre" tabIndex={0}>
      <Sounds />
      <h3>Raised now</h3>
      {raised.length === 0 ? <p className="muted">Nothing stands raised.</p> : null}
      <ul data-testid="alerts-raised">
        {raised.map((alert) => (
          <Raised key={`${alert.rule} ${alert.subject}`} alert={alert} />
        ))}
      </ul>
      {snoozes.map(({ rule, untilMicros }) => (
        <p key={rule} className="muted">
          {rule} is silent for {formatCountdown((untilMicros - nowMicros) / 1000)}{' '}
          <button type="button" className="link-button" onClick={() => void snooze(rule, 0)}>
            Wake
          </button>
        </p>
      ))}
      <LastTold />
      <h3>Said</h3>
      <ol data-testid="alerts-said">
        {said
          .slice(-SHOWN)
          .toReversed()
          .map((alert) => (
            <li key={alert.id}>
              <span className="muted">{formatClock(alert.atMicros, zone)}</span>{' '}
              <SeverityMark
                severity={alert.phase === 'cleared' || alert.phase === 'gone' ? 'info' : alert.severity}
              />{' '}
              <strong>{alert.subject}</strong> {alertWords(alert)}
            </li>
          ))}
      </ol>
    </section>
  );
}
