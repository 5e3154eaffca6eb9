/** The Guards screen: one table of everything sorted by danger; under it timeline, portfolio risk, and alerts with their limits. */
import './guards.css';
import type { GuardFrame } from '../../../workers/contract/guard-board.ts';
import { useGuards } from '../../state/guard-slice.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabbedPanel } from '../../ui/tabs.tsx';
import { AlertsPanel } from './AlertsPanel.tsx';
import { Board } from './BoardTable.tsx';
import { ConfigurationPanel } from './ConfigurationPanel.tsx';
import { PortfolioTabs } from './PortfolioTabs.tsx';
import { RulesPanel } from './RulesPanel.tsx';
import { Timeline } from './Timeline.tsx';

const NO_ALERTS: GuardFrame['alerts'] = { said: [], raised: [], snoozes: [] };

function Desk({ frame }: { readonly frame: GuardFrame | null }): React.ReactElement {
  const alerts = frame?.alerts ?? NO_ALERTS;
  return (
    <TabbedPanel
      id="guards-desk"
      title="Alerts, rules, limits"
      className="guards-desk"
      parts={[
        {
          id: 'alerts',
          label: (
            <>
              Alerts
              {alerts.raised.length === 0 ? null : <span className="dock-count">{alerts.raised.length}</span>}
            </>
          ),
          page: <AlertsPanel alerts={alerts} nowMicros={frame?.atMicros ?? 0} />,
        },
        { id: 'rules', label: 'Rules', page: <RulesPanel /> },
        { id: 'limits', label: 'Limits', page: <ConfigurationPanel /> },
      ]}
    />
  );
}

export function GuardsScreen(): React.ReactElement {
  const frame = useGuards((state) => state.frame);
  const isSilent = useGuards((state) => state.isSilent);
  const configuration = frame?.configuration;
  return (
    <main className={`screen guards ${isSilent ? 'is-stale' : ''}`}>
      <Panel
        id="board"
        title="Risk board"
        choices={
          <span className="panel-choice">
            worst first
            {configuration === undefined ? null : ` · ${configuration.profile} profile`}
            {isSilent ? ' · the guards do not answer: this is what they said last' : null}
          </span>
        }
      >
        {frame === null || frame.rows.length === 0 ? (
          <EmptyNote
            title={frame === null ? 'The guards are starting …' : 'No position is held'}
            text="Positions of every account stand here, the one in most danger first."
          />
        ) : (
          <Board rows={frame.rows} nowMicros={frame.atMicros} />
        )}
      </Panel>
      <div className="guards-lower">
        <Panel id="timeline" title="Timeline">
          <Timeline events={frame?.events ?? []} />
        </Panel>
        <PortfolioTabs />
        <Desk frame={frame} />
      </div>
    </main>
  );
}
