/** The Guards screen: one table of everything sorted by danger, the timeline under it, limits beside it. */
import './guards.css';
import { useGuards } from '../../state/guard-slice.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Board } from './BoardTable.tsx';
import { ConfigurationPanel } from './ConfigurationPanel.tsx';
import { Timeline } from './Timeline.tsx';

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
        <Panel id="limits" title="Limits">
          <ConfigurationPanel />
        </Panel>
      </div>
    </main>
  );
}
