/** The rule builder: what is watched, when it counts, how loud it is; and what the rules would have done over this run. */
import { useState } from 'react';
import type { AlertMetric } from '../../../workers/contract/guard-board.ts';
import { changeRules, SEVERITIES, useAlerts } from '../../state/alert-store.ts';
import { METRICS, metricLabel } from '../../state/alert-words.ts';
import { testOverThisRun, useBacktest } from '../../state/backtest-store.ts';
import { showDialog, useDialog } from '../../state/dialogs.ts';
import { tell } from '../../state/notices.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { BacktestDialog } from './BacktestDialog.tsx';
import { BacktestScores } from './BacktestFindings.tsx';
import { draftErrors, FIRST_DRAFT, type RuleDraft, ruleOf } from './rule-draft.ts';
import { SeverityMark } from './Timeline.tsx';

const HORIZON_SECONDS = 3_600;
const METRIC_CHOICES = (Object.keys(METRICS) as AlertMetric[]).map((value) => ({
  value,
  label: metricLabel(value),
}));

function Builder({
  draft,
  onDraft,
}: {
  readonly draft: RuleDraft;
  readonly onDraft: (draft: RuleDraft) => void;
}): React.ReactElement {
  const rules = useAlerts((state) => state.rules);
  const change = (part: Partial<RuleDraft>): void => onDraft({ ...draft, ...part });
  const errors = draftErrors(draft);
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

export function RulesPanel(): React.ReactElement {
  const { rules, failure } = useAlerts();
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const found = useBacktest((state) => state.found);
  const isTesting = useDialog(({ open }) => open?.kind === 'backtest');
  const isSound = draftErrors(draft).every((error) => error === undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="alerts" aria-label="Alert rules" tabIndex={0}>
      <ul data-testid="alert-rules">
        {rules.map((rule) => (
          <li key={rule.id} className="alert">
            <SeverityMark severity={rule.severity} /> <strong>{rule.id}</strong>: {metricLabel(rule.metric)}{' '}
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
        <button type="button" className="button" onClick={() => void testOverThisRun(rules, HORIZON_SECONDS)}>
          Test over this run
        </button>
        <button type="button" className="button" onClick={() => showDialog({ kind: 'backtest' })}>
          Test over a recording…
        </button>
        <button type="button" className="button" onClick={() => void changeRules(null)}>
          Rules to begin with
        </button>
      </p>
      {found === null || isTesting ? null : <BacktestScores over={found.over} answer={found.answer} />}
      {isTesting ? <BacktestDialog rules={rules} draft={isSound ? ruleOf(draft, rules) : null} /> : null}
      <h3>New rule</h3>
      <Builder draft={draft} onDraft={setDraft} />
    </section>
  );
}
