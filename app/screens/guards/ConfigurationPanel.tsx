/** Profile picker and editor of the guard configuration: what does not fit is named by its path and changes nothing. */
import { useState } from 'react';
import type { GuardProfile } from '../../../workers/contract/guard-board.ts';
import {
  applyConfiguration,
  enforce,
  PROFILES,
  profileText,
  useGuardSettings,
} from '../../state/guard-settings.ts';
import { tell } from '../../state/notices.ts';
import { SelectField } from '../../ui/fields.tsx';

export function ConfigurationPanel(): React.ReactElement {
  const { text: inForce, configuration, failure, enforces } = useGuardSettings();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? inForce;
  const apply = async (next: string): Promise<void> => {
    if (!(await applyConfiguration(next))) return;
    setTyped(null);
    tell('news', 'Guard configuration in force');
  };
  const pick = (profile: GuardProfile): void => {
    const next = profileText(profile);
    setTyped(next);
    void apply(next);
  };
  return (
    <form
      className="guard-configuration"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void apply(text);
      }}
    >
      <SelectField
        label="Profile"
        value={configuration?.profile ?? 'default'}
        choices={PROFILES.map((value) => ({ value, label: value }))}
        error={undefined}
        onChange={pick}
      />
      <label className="ticket-check" title="Off: the ticket shows the verdict and sends all the same">
        <input type="checkbox" checked={enforces} onChange={(event) => enforce(event.target.checked)} />
        BLOCK and REDUCE stop the ticket
      </label>
      <label className="guard-text">
        Configuration (JSON): sections written here replace those of the profile
        <textarea
          value={text}
          spellCheck={false}
          rows={9}
          aria-invalid={failure !== null}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <div aria-live="polite" data-testid="configuration-answer">
        {failure === null ? null : <p className="field-error">{failure.message}</p>}
      </div>
      <footer className="guard-foot">
        <button
          type="button"
          className="button"
          onClick={() => setTyped(JSON.stringify(configuration, null, 2))}
        >
          Show every limit
        </button>
        <button type="submit" className="button button-main" disabled={text === inForce && failure === null}>
          Put in force
        </button>
      </footer>
    </form>
  );
}
