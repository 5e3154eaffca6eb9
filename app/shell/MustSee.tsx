/** Alerts of the class that must be seen: above every screen for as long as they stand, and nothing hides them. */
import { SeverityMark } from '../screens/guards/Timeline.tsx';
import { figureWords } from '../state/alert-words.ts';
import { useGuards } from '../state/guard-slice.ts';

const SHOWN = 3;

export function MustSee(): React.ReactElement {
  const raised = useGuards((state) => state.frame?.alerts.raised);
  const alerts = raised?.filter(({ mustSee }) => mustSee) ?? [];
  // One line a subject: the last of its rules in the list.
  const worst = alerts.filter(
    ({ subject }, i) => !alerts.slice(i + 1).some((other) => other.subject === subject),
  );
  return (
    <>
      {/* Spoken once a change: figures move too often to be read aloud. */}
      <p className="visually-hidden" aria-live="assertive">
        {worst.map(({ severity, subject, rule }) => `${severity}: ${subject}, ${rule}.`).join(' ')}
      </p>
      {worst.length === 0 ? null : (
        <section className="must-see" aria-label="Alerts that must be seen" data-testid="must-see">
          {worst.slice(0, SHOWN).map((alert) => (
            <p key={`${alert.rule} ${alert.subject}`}>
              <SeverityMark severity={alert.severity} /> <strong>{alert.subject}</strong> {figureWords(alert)}
            </p>
          ))}
          <span className="must-see-more">
            {worst.length > SHOWN ? `and ${worst.length - SHOWN} more · ` : ''}
            <a href="#guards">Risk board</a> · <kbd>R</kbd> reduces
          </span>
        </section>
      )}
    </>
  );
}
