/** Changes the scenario: its crowd and rules by sliders and choices, or all of it as JSON; then runs it again. */
import { useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import type { CascadeScenario } from '../../../engine/simulation/cascade/cascade-scenario.ts';
import { lab } from '../../../workers/client/lab.ts';
import { runScenario, useCascade } from '../../state/cascade-store.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { AppDialog } from '../../ui/AppDialog.tsx';
import { CrowdPart } from './CrowdPart.tsx';
import { RulesPart } from './RulesPart.tsx';

/** What is being edited: the scenario last read, its text, and what is wrong with the text. */
function useDraft(running: CascadeScenario | null) {
  const [scenario, setScenario] = useState(running);
  const [text, setText] = useState(() => JSON.stringify(running, null, 2));
  const [failure, setFailure] = useState('');
  const change = (next: CascadeScenario): void => {
    setScenario(next);
    setText(JSON.stringify(next, null, 2));
    setFailure('');
  };
  const check = async (): Promise<CascadeScenario | null> => {
    const read = await lab.readScenario(text);
    setFailure(read.ok ? '' : read.failure.message);
    if (read.ok) setScenario(read.value);
    return read.ok ? read.value : null;
  };
  return { scenario, text, failure, change, check, setText };
}

export function ScenarioDialog(): React.ReactElement | null {
  const running = useCascade((state) => state.main?.scenario ?? null);
  const { scenario, text, failure, change, check, setText } = useDraft(running);
  const [tab, setTab] = useState('crowd');
  if (scenario === null) return null;
  const run = async (): Promise<void> => {
    const read = await check();
    if (read === null) {
      setTab('json');
      return;
    }
    closeDialog();
    void runScenario(read);
  };
  return (
    <AppDialog title={`Change: ${scenario.title}`} width="wide">
      <form
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Tabs selectedKey={tab} onSelectionChange={(key) => setTab(String(key))}>
          <TabList className="dock-tabs scenario-tabs" aria-label="Parts of the scenario">
            <Tab id="crowd" className="dock-tab">
              Crowd
            </Tab>
            <Tab id="rules" className="dock-tab">
              Rules and shocks
            </Tab>
            <Tab id="json" className="dock-tab">
              JSON
            </Tab>
          </TabList>
          <TabPanel id="crowd">
            <CrowdPart scenario={scenario} onChange={change} />
          </TabPanel>
          <TabPanel id="rules">
            <RulesPart scenario={scenario} onChange={change} />
          </TabPanel>
          <TabPanel id="json">
            <textarea
              className="input scenario-json"
              aria-label="Scenario as JSON"
              aria-invalid={failure !== ''}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onBlur={() => void check()}
            />
          </TabPanel>
        </Tabs>
        <p className="field-error" role="alert">
          {failure}
        </p>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={closeDialog}>
            Leave as it is
          </button>
          <button type="submit" className="button button-main">
            Run
          </button>
        </footer>
      </form>
    </AppDialog>
  );
}
