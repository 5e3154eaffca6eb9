/** Rules tested over another market: which one, which rules, how far it is, and what was found. */
import { useState } from 'react';
import type { AlertRule } from '../../../workers/contract/guard-board.ts';
import type { ReadSource } from '../../../workers/contract/market-api.ts';
import { RECORDINGS } from '../../commands/commands.ts';
import { formatPercent } from '../../format/number.ts';
import { formatClock } from '../../format/time.ts';
import { cancelTest, testOver, testOverThisRun, useBacktest } from '../../state/backtest-store.ts';
import { usePreferences } from '../../state/preferences.ts';
import { askForFile } from '../../state/save-file.ts';
import { FIRST_SEED, seedFailure, useSource } from '../../state/source-store.ts';
import { AppDialog } from '../../ui/AppDialog.tsx';
import { ChoiceField, SelectField, TextField } from '../../ui/fields.tsx';
import { BacktestFindings } from './BacktestFindings.tsx';

const MOST_HOURS = 24;
/** Measured on two shared cores, in Node 20 and in Chromium. */
const HOUR_HINT = 'at most 24; an hour takes about ten seconds';

interface Choices {
  readonly market: 'recording' | 'simulated' | 'run';
  readonly file: File | null;
  readonly seed: string;
  readonly hours: string;
  readonly minutes: string;
  readonly tested: 'all' | 'with-draft' | 'draft';
}

type Errors = Readonly<Partial<Record<'file' | 'seed' | 'hours' | 'minutes', string>>>;

const between = (text: string, most: number): string | undefined =>
  Number(text) > 0 && Number(text) <= most
    ? undefined
    : `expected a number above 0, at most ${most}, found "${text}"`;

function errorsOf({ market, file, seed, hours, minutes }: Choices): Errors {
  const wrongSeed = market === 'simulated' ? seedFailure(seed)?.message : undefined;
  const wrongHours = market === 'simulated' ? between(hours, MOST_HOURS) : undefined;
  const wrongMinutes = between(minutes, 1_440);
  return {
    ...(market === 'recording' && file === null ? { file: 'choose a file' } : {}),
    ...(wrongSeed === undefined ? {} : { seed: wrongSeed }),
    ...(wrongHours === undefined ? {} : { hours: wrongHours }),
    ...(wrongMinutes === undefined ? {} : { minutes: wrongMinutes }),
  };
}

interface PartProps {
  readonly choices: Choices;
  readonly errors: Errors;
  readonly change: (part: Partial<Choices>) => void;
}

function RecordingPart({ choices, errors, change }: PartProps): React.ReactElement {
  return (
    <p>
      <button
        type="button"
        className="button"
        onClick={() => askForFile(RECORDINGS, (file) => change({ file }))}
      >
        {choices.file === null ? 'Choose a recording…' : 'Choose another…'}
      </button>{' '}
      {choices.file?.name ?? ''}
      {errors.file === undefined ? null : <span className="muted">{errors.file}</span>}
    </p>
  );
}

function SimulatedPart({ choices, errors, change }: PartProps): React.ReactElement {
  return (
    <div className="form-grid">
      <TextField
        label="Seed"
        value={choices.seed}
        error={errors.seed}
        numeric
        onChange={(seed) => change({ seed })}
      />
      <TextField
        label="Hours"
        value={choices.hours}
        error={errors.hours}
        hint={HOUR_HINT}
        unit="h"
        numeric
        onChange={(hours) => change({ hours })}
      />
    </div>
  );
}

function Progress(): React.ReactElement | null {
  const running = useBacktest((state) => state.running);
  const zone = usePreferences((state) => state.zone);
  if (running === null) return null;
  const { over, progress } = running;
  const share = progress?.fraction ?? 0;
  const reached = progress?.atMicros ?? null;
  return (
    <div className="backtest-progress">
      <span>
        {reached === null ? 'Opening' : formatPercent(share, 0)} {over}
        {reached === null ? ' …' : `, ${formatClock(reached, zone)} there`}
      </span>
      <progress value={share} max={1} aria-label="Backtest" />
    </div>
  );
}

function sourceOf({ market, file, seed, hours }: Choices): ReadSource | null {
  if (market === 'simulated') return { kind: 'simulated', seed: Number(seed), hours: Number(hours) };
  return market === 'recording' && file !== null ? { kind: 'recording', name: file.name, file } : null;
}

/** @param draft - the new rule as it stands; null while a number of it is wrong */
export function BacktestDialog({
  rules,
  draft,
}: {
  readonly rules: readonly AlertRule[];
  readonly draft: AlertRule | null;
}): React.ReactElement {
  const { running, found } = useBacktest();
  const [choices, setChoices] = useState<Choices>(() => {
    const { recording, seed, kind } = useSource.getState();
    return {
      market: recording === null ? 'simulated' : 'recording',
      file: recording,
      seed: String(kind === 'SIMULATED' ? seed : FIRST_SEED),
      hours: '1',
      minutes: '60',
      tested: 'all',
    };
  });
  const change = (part: Partial<Choices>): void => setChoices((before) => ({ ...before, ...part }));
  const errors = errorsOf(choices);
  const part = { choices, errors, change };
  const added = choices.tested === 'all' || draft === null ? [] : [draft];
  const tested = choices.tested === 'draft' && draft !== null ? added : [...rules, ...added];
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    if (Object.keys(errors).length > 0) return;
    const horizonSeconds = Number(choices.minutes) * 60;
    const from = sourceOf(choices);
    void (from === null ? testOverThisRun(tested, horizonSeconds) : testOver(from, tested, horizonSeconds));
  };
  return (
    <AppDialog title="Test alert rules over a market" width="wide">
      <form className="dialog-form" noValidate onSubmit={submit}>
        <p className="muted">
          The portfolio as it stands now, at every second of that market, at full speed. The market in view
          goes on meanwhile. Nothing is known of a second before it has come; what is liquidated is gone.
        </p>
        <ChoiceField
          label="Market"
          value={choices.market}
          choices={[
            { value: 'recording', label: 'A recording' },
            { value: 'simulated', label: 'Simulated' },
            { value: 'run', label: 'This run so far' },
          ]}
          error={undefined}
          onChange={(market) => change({ market })}
        />
        {choices.market === 'recording' ? <RecordingPart {...part} /> : null}
        {choices.market === 'simulated' ? <SimulatedPart {...part} /> : null}
        <div className="form-grid">
          <SelectField
            label="Rules"
            value={draft === null ? 'all' : choices.tested}
            choices={[
              { value: 'all', label: `the ${rules.length} in force` },
              ...(draft === null
                ? []
                : ([
                    { value: 'with-draft', label: `these, and the new ${draft.id}` },
                    { value: 'draft', label: `the new ${draft.id} alone` },
                  ] as const)),
            ]}
            error={undefined}
            onChange={(value) => change({ tested: value })}
          />
          <TextField
            label="Counts as a warning"
            value={choices.minutes}
            error={errors.minutes}
            hint="at most so long before a liquidation; else it was for nothing"
            unit="min"
            numeric
            onChange={(minutes) => change({ minutes })}
          />
        </div>
        <Progress />
        <footer className="dialog-foot">
          {/* Never disabled: a button that has the focus would lose it, and with it the way out by keyboard. */}
          <button
            type="button"
            className="button"
            aria-disabled={running === null}
            onClick={() => void cancelTest()}
          >
            Cancel the test
          </button>
          <button
            type="submit"
            className="button button-main"
            aria-disabled={running !== null || Object.keys(errors).length > 0}
          >
            Test
          </button>
        </footer>
        {found === null ? null : <BacktestFindings {...found} />}
      </form>
    </AppDialog>
  );
}
