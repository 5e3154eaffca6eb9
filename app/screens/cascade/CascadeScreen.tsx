/** The Cascade screen: a run with its charts, queue, accounts and stories, or the library before anything runs. */
import { useEffect } from 'react';
import type { CursorView } from '../../../workers/contract/lab-api.ts';
import { loadLibrary, loseRuns, openAddress, useCascade } from '../../state/cascade-store.ts';
import { useDialog } from '../../state/dialogs.ts';
import { useScreen } from '../../state/screen.ts';
import { useWorkerHealth } from '../../state/worker-health.ts';
import { PocketTabs } from '../../ui/tabs.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { AccountsPanel } from './AccountsPanel.tsx';
import './cascade.css';
import './cascade-parts.css';
import { CascadeTransport } from './CascadeTransport.tsx';
import { CrowdDialog } from './CrowdDialog.tsx';
import { OutcomePanel } from './OutcomePanel.tsx';
import { QueuePanel } from './QueuePanel.tsx';
import { RunBar } from './RunBar.tsx';
import { FundPanel, PricePanel } from './RunCharts.tsx';
import { ScenarioDialog } from './ScenarioDialog.tsx';
import { StartPage } from './StartPage.tsx';
import { StoryPanel } from './StoryPanel.tsx';
import { useCursorView } from './use-cascade-data.ts';

/** The accounts, or the story of the one that is open. */
function People(): React.ReactElement {
  const account = useCascade((state) => state.account);
  return (
    <div className="cascade-people">
      <div className="cascade-people-list" hidden={account !== null}>
        <AccountsPanel />
      </div>
      {account === null ? null : <StoryPanel key={account} account={account} />}
    </div>
  );
}

/** Fund and accounts; a story takes the whole width. */
function Lower({ view }: { readonly view: CursorView | null }): React.ReactElement {
  const told = useCascade((state) => state.account !== null);
  return (
    <div className={told ? 'cascade-lower cascade-told' : 'cascade-lower'}>
      <FundPanel view={view} />
      <People />
    </div>
  );
}

function Lab(): React.ReactElement {
  const view = useCursorView();
  return (
    <main className="cascade-desk">
      <PricePanel view={view} />
      <Lower view={view} />
      <QueuePanel />
      <OutcomePanel view={view} />
    </main>
  );
}

function PocketLab(): React.ReactElement {
  const view = useCursorView();
  return (
    <main className="cascade-pocket">
      <div className="cascade-pocket-chart">
        <PricePanel view={view} />
      </div>
      <PocketTabs
        label="Parts of the Cascade screen"
        parts={[
          { id: 'accounts', label: 'Accounts', page: <People />, className: 'cascade-page' },
          { id: 'queue', label: 'ADL', page: <QueuePanel />, className: 'cascade-page' },
          { id: 'fund', label: 'Fund', page: <FundPanel view={view} />, className: 'cascade-page' },
          { id: 'outcome', label: 'Outcome', page: <OutcomePanel view={view} />, className: 'cascade-page' },
        ]}
      />
    </main>
  );
}

export function CascadeScreen(): React.ReactElement {
  const phone = usePhone();
  const runs = useCascade((state) => state.main !== null);
  const parameters = useScreen((state) => state.parameters);
  const dialog = useDialog((state) => state.open?.kind);
  const health = useWorkerHealth((state) => state.lab);
  useEffect(() => {
    void loadLibrary();
  }, []);
  useEffect(() => {
    if (health === 'lost') loseRuns();
  }, [health]);
  useEffect(() => {
    if (parameters !== '') void openAddress();
  }, [parameters]);
  return (
    <div className="screen">
      {runs ? (
        <>
          <RunBar />
          {phone ? <PocketLab /> : <Lab />}
          <CascadeTransport />
        </>
      ) : (
        <StartPage />
      )}
      {dialog === 'scenario' ? <ScenarioDialog /> : null}
      {dialog === 'crowd' ? <CrowdDialog /> : null}
    </div>
  );
}
