/** The rule builder: what is watched, when it counts, how loud it is; and what the rules would have done over this run. */
import { useState } from 'react';
import { risk } from '../../../workers/client/risk.ts';
import type { AlertBacktest, AlertMetric, AlertRule } from '../../../workers/contract/guard-board.ts';
import { formatAge, formatClock } from '../../format/time.ts';
import { changeRules, SEVERITIES, useAlerts } from '../../state/alert-store.ts';
import { METRICS } from '../../state/alert-words.ts';
import { tell } from '../../state/notices.ts';
import { usePreferences } from '../../state/preferences.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { SeverityMark } from './Timeline.tsx';

const HORIZON_SECONDS = 3_600;
const METRIC_CHOICES = (Object.keys(METRICS) as AlertMetric[]).map((value) => ({
  value,
  label: METRICS[value].label,
}));

interface Draft extends Pick<AlertRule, 'metric' | 'when' | 'severity' | 'mustSee'> {
  readonly subject: string;
  readonly threshold: string;
  readonly hysteresis: string;
  readonly forSeconds: string;
}

const FIRST: Draft = {
  metric: 'margin-ratio',
  subject: '*',
  when: 'below',
  threshold: '1.3',
  hysteresis: '0.05',
  forSeconds: '0',
  severity: 'warning',
  mustSee: false,
};
const COOLDOWN_SECONDS = 300;

/** The rule of a draft; its name says what it does and is made new where it is taken. */
function ruleOf(draft: Draft, taken: readonly AlertRule[]): AlertRule {
  const { metric, subject, when, severity, mustSee } = draft;
  const wanted = `${metric}-${when}-${draft.threshold}`;
  let id = wanted;
  for (let n = 2; taken.some((rule) => rule.id === id); n++) id = `${wanted}-${n}`;
  const numbers = {
    threshold: Number(draft.threshold),
    hysteresis: Number(draft.hysteresis),
    forSeconds: Number(draft.forSeconds),
  };
  return { id, metric, subject, when, ...numbers, cooldownSeconds: COOLDOWN_SECONDS, severity, mustSee };
}

function wrongNumber(text: string): string | undefined {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? undefined : `expected a number, found "${text}"`;
}

function Builder(): React.ReactElement {
  const rules = useAlerts((state) => state.rules);
  const [draft, setDraft] = useState(FIRST);
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const errors = [draft.threshold, draft.hysteresis, draft.forSeconds].map(wrongNumber);
  const add = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    if (errors.some((error) => error !== undefined)) return;
    const rule = ruleOf(draft, rules);
    if (await changeRules([...rules, rule])) tell('news', `Alert rule ${rule.id} is in force`);
  };
  return (
    <form className="rule-form" aria-label="New alert rule" noValidate onSubmit={(event) => void add(event)}>
      <SelectField
        label="Watch"
        value={draft.metric}
        choices={METRIC_CHOICES}
        error={undefined}
        onChange={(metric) => change({ metric })}
      />
      <TextField
        label="Of (* for all)"
        value={draft.subject}
        error={undefined}
        onChange={(subject) => change({ subject })}
      />
      <SelectField
        label="When"
        value={draft.when}
        choices={[
          { value: 'below', label: 'at or below' },
          { value: 'above', label: 'at or above' },
        ]}
        error={undefined}
        onChange={(when) => change({ when })}
      />
      <TextField
        label={`Threshold (${METRICS[draft.metric].unit})`}
        value={draft.threshold}
        error={errors[0]}
        numeric
        onChange={(threshold) => change({ threshold })}
      />
      <TextField
        label="Over once back by"
        value={draft.hysteresis}
        error={errors[1]}
        numeric
        onChange={(hysteresis) => change({ hysteresis })}
      />
      <TextField
        label="Must last"
        value={draft.forSeconds}
        error={errors[2]}
        unit="s"
        numeric
        onChange={(forSeconds) => change({ forSeconds })}
      />
      <SelectField
        label="Severity"
        value={draft.severity}
        choices={SEVERITIES.map((value) => ({ value, label: value }))}
        error={undefined}
        onChange={(severity) => change({ severity })}
      />
      <label className="ticket-check" title="Cannot be silenced, and stands above every screen">
        <input
          type="checkbox"
          checked={draft.mustSee}
          onChange={(event) => change({ mustSee: event.target.checked })}
        />
        must see
      </label>
      <button type="submit" className="button button-main">
        Add the rule
      </button>
    </form>
  );
}

function Backtest({ result }: { readonly result: AlertBacktest }): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  const { scores, samples, incidents, fromMicros, untilMicros } = result;
  return (
    <div data-testid="backtest">
      <p className="muted">
        {samples} figures
        {fromMicros === null || untilMicros === null
          ? ''
          : ` from ${formatClock(fromMicros, zone)} to ${formatClock(untilMicros, zone)}`}
        ; {incidents} liquidations to be told of within an hour before.
      </p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Fired</th>
            <th scope="col">Caught</th>
            <th scope="col">Lead</th>
            <th scope="col">For nothing</th>
          </tr>
        </thead>
        <tbody>
          {scores.map(({ rule, fires, caught, missed, falseAlarms, medianLeadSeconds }) => (
            <tr key={rule}>
              <th scope="row">{rule}</th>
              <td className="number">{fires}</td>
              <td className="number">
                {caught === null || missed === null ? '–' : `${caught} of ${caught + missed}`}
              </td>
              <td className="number">
                {medianLeadSeconds === null ? '–' : formatAge(medianLeadSeconds * 1000)}
              </td>
              <td className="number">{falseAlarms ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function RulesPanel(): React.ReactElement {
  const { rules, failure } = useAlerts();
  const [result, setResult] = useState<AlertBacktest | null>(null);
  const test = async (): Promise<void> => {
    const answer = await risk.backtestAlerts({
      rules: JSON.stringify(rules),
      horizonSeconds: HORIZON_SECONDS,
    });
    if (answer.ok) setResult(answer.value);
    else tell('trouble', answer.failure.message);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="alerts" aria-label="Alert rules" tabIndex={0}>
      <ul data-testid="alert-rules">
        {rules.map((rule) => (
          <li key={rule.id} className="alert">
            <SeverityMark severity={rule.severity} /> <strong>{rule.id}</strong>: {METRICS[rule.metric].label}{' '}
            {rule.when} {METRICS[rule.metric].show(rule.threshold)}
            {rule.subject === '*' ? '' : ` of ${rule.subject}`}
            {rule.forSeconds > 0 ? ` for ${rule.forSeconds} s` : ''}
            {rule.mustSee ? ', must see' : ''}
            <span className="alert-actions">
              <button
                type="button"
                className="link-button"
                aria-label={`Remove the rule ${rule.id}`}
                onClick={() => void changeRules(rules.filter(({ id }) => id !== rule.id))}
              >
                Remove
              </button>
            </span>
          </li>
        ))}
      </ul>
      <div aria-live="polite">
        {failure === null ? null : <p className="field-error">{failure.message}</p>}
      </div>
      <p className="alert-actions">
        <button type="button" className="button" onClick={() => void test()}>
          Test over this run
        </button>
        <button type="button" className="button" onClick={() => void changeRules(null)}>
          Rules to begin with
        </button>
      </p>
      {result === null ? null : <Backtest result={result} />}
      <h3>New rule</h3>
      <Builder />
    </section>
  );
}
