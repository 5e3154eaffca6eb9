/** The positions panel: accounts, positions and everything that can be done to them. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { addPosition, confirmClear } from '../../../commands/commands.ts';
import { formatCount } from '../../../format/number.ts';
import { demoPortfolio } from '../../../state/demo-portfolio.ts';
import { showDialog } from '../../../state/dialogs.ts';
import { useMargin } from '../../../state/margin-slice.ts';
import { countPositions } from '../../../state/portfolio-edits.ts';
import { askForImport, exportPortfolio, saveTemplate } from '../../../state/portfolio-files.ts';
import { changePortfolio, redo, undo, usePortfolio } from '../../../state/portfolio-store.ts';
import { type PositionColumn, prefer, usePreferences } from '../../../state/preferences.ts';
import { bracketDatesQuery, chooseBracketTable } from '../../../state/queries.ts';
import { EmptyNote } from '../../../ui/EmptyNote.tsx';
import { ChevronIcon } from '../../../ui/icons.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { usePhone } from '../../../ui/use-media.ts';
import { PositionCards } from './PositionCards.tsx';
import { PositionsTable } from './PositionsTable.tsx';
import { tableRows } from './position-rows.ts';

const COLUMN_WORDS: Readonly<Record<PositionColumn, string>> = {
  leverage: 'Leverage',
  notional: 'Notional',
  initialMargin: 'Initial margin',
  bankruptcy: 'Bankruptcy price',
  ticks: 'Distance in ticks',
  sigma: 'Distance in days σ',
};

function ColumnsMenu(): React.ReactElement {
  const columns = usePreferences((state) => state.columns);
  return (
    <MenuTrigger>
      <Button className="panel-action">
        Columns <ChevronIcon />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="list-box"
          selectionMode="multiple"
          selectedKeys={columns}
          onSelectionChange={(keys) => {
            const chosen = keys === 'all' ? Object.keys(COLUMN_WORDS) : [...keys].map(String);
            const all = Object.keys(COLUMN_WORDS) as PositionColumn[];
            prefer({ columns: all.filter((column) => chosen.includes(column)) });
          }}
        >
          {(Object.entries(COLUMN_WORDS) as [PositionColumn, string][]).map(([column, words]) => (
            <MenuItem key={column} id={column} className="list-item">
              {words}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

const FILE_ACTIONS: readonly { readonly id: string; readonly title: string; readonly run: () => void }[] = [
  { id: 'import', title: 'Import CSV or JSON…', run: askForImport },
  { id: 'csv', title: 'Export CSV', run: () => void exportPortfolio('csv') },
  { id: 'json', title: 'Export JSON', run: () => void exportPortfolio('json') },
  { id: 'template-csv', title: 'Empty template, CSV', run: () => void saveTemplate('csv') },
  { id: 'template-json', title: 'Empty template, JSON', run: () => void saveTemplate('json') },
  { id: 'clear', title: 'Remove all accounts…', run: confirmClear },
];

function FileMenu(): React.ReactElement {
  return (
    <MenuTrigger>
      <Button className="panel-action">
        File <ChevronIcon />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="list-box"
          items={FILE_ACTIONS}
          onAction={(id) => FILE_ACTIONS.find((action) => action.id === id)?.run()}
        >
          {(action) => (
            <MenuItem id={action.id} className="list-item">
              {action.title}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

export function PositionsActions(): React.ReactElement {
  const lastChange = usePortfolio(({ past }) => past.at(-1)?.change ?? null);
  const nextChange = usePortfolio(({ future }) => future.at(-1)?.change ?? null);
  const phone = usePhone();
  return (
    <>
      {phone ? null : <ColumnsMenu />}
      <button
        type="button"
        className="panel-action"
        disabled={lastChange === null}
        title={lastChange === null ? 'Nothing to undo' : `Undo: ${lastChange}`}
        onClick={undo}
      >
        Undo
      </button>
      {nextChange === null ? null : (
        <button type="button" className="panel-action" title={`Redo: ${nextChange}`} onClick={redo}>
          Redo
        </button>
      )}
      <FileMenu />
      <button
        type="button"
        className="panel-action"
        onClick={() => showDialog({ kind: 'account', accountId: null })}
      >
        Add account
      </button>
      <button type="button" className="panel-action panel-action-main" onClick={addPosition}>
        Add position
      </button>
    </>
  );
}

/** Chooses the bracket table in force; the newest unless the reader wants the rules of another day. */
function BracketTableChoice(): React.ReactElement | null {
  const inForce = useMargin((state) => state.report?.bracketTable ?? null);
  const { data: tables } = useQuery(bracketDatesQuery);
  if (inForce === null) return null;
  return (
    <label className="panel-choice panel-choice-wide" title={inForce.source}>
      brackets of{' '}
      <select
        className="select-quiet"
        value={inForce.date}
        onChange={(event) => void chooseBracketTable(event.target.value)}
      >
        {(tables ?? [inForce]).map(({ date }) => (
          <option key={date} value={date}>
            {date}
          </option>
        ))}
      </select>
    </label>
  );
}

export function PositionsSummary(): React.ReactElement {
  const unsaved = usePortfolio((state) => state.storageFailure?.message ?? null);
  return (
    <>
      <BracketTableChoice />
      {unsaved === null ? null : (
        <span className="tag tag-stale" title={unsaved}>
          not kept
        </span>
      )}
    </>
  );
}

export function PositionsBody(): React.ReactElement {
  const ready = usePortfolio((state) => state.ready);
  const portfolio = usePortfolio((state) => state.portfolio);
  const report = useMargin((state) => state.report);
  const phone = usePhone();
  if (!ready) return <EmptyNote title="Reading the stored positions…" />;
  if (portfolio.accounts.length === 0) {
    return (
      <EmptyNote title="No positions" text="Add one, import a file, or start from the demo account.">
        <button type="button" className="button button-main" onClick={addPosition}>
          Add a position
        </button>
        <button type="button" className="button" onClick={askForImport}>
          Import a file…
        </button>
        <button
          type="button"
          className="button"
          onClick={() => changePortfolio('loaded the demo account', demoPortfolio)}
        >
          Load the demo account
        </button>
      </EmptyNote>
    );
  }
  const rows = tableRows(portfolio, report);
  return phone ? <PositionCards rows={rows} /> : <PositionsTable rows={rows} />;
}

/** How many positions there are, beside the panel's name. */
export function PositionsCount(): React.ReactElement {
  const positions = usePortfolio((state) => countPositions(state.portfolio));
  return <span className="panel-choice">{formatCount(positions)}</span>;
}

export function PositionsPanel(): React.ReactElement {
  return (
    <Panel
      id="positions"
      title="Positions"
      choices={
        <>
          <PositionsCount />
          <PositionsSummary />
        </>
      }
      actions={<PositionsActions />}
    >
      <PositionsBody />
    </Panel>
  );
}
