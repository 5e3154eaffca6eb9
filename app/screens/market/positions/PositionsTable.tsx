/** The positions table. Only the rows in view are in the page; one listener serves every figure. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { ExplainedFigure } from '../../../../engine/margin/margin-report.ts';
import { type AccountFigure, explain } from '../../../state/explain-store.ts';
import { instrumentOf } from '../../../state/portfolio-edits.ts';
import { type PositionColumn, usePreferences } from '../../../state/preferences.ts';
import { useSource } from '../../../state/source-store.ts';
import { AccountRow } from './AccountRow.tsx';
import { PositionRow } from './PositionRow.tsx';
import type { TableRow } from './position-rows.ts';
import { openRowMenu } from './row-menu.ts';
import { useStaleNote } from './use-stale-note.ts';

const ROW_PIXELS = 34;
/** Below this many rows all are kept in the page, so that a reader can search in it. */
const VIRTUAL_FROM = 120;

function heads(columns: readonly PositionColumn[]): readonly string[] {
  const has = (column: PositionColumn, title: string): readonly string[] =>
    columns.includes(column) ? [title] : [];
  return [
    'Position',
    ...has('leverage', 'Lev.'),
    'Size',
    'Entry',
    'Mark',
    'PnL',
    ...has('notional', 'Notional'),
    ...has('initialMargin', 'Init. margin'),
    'Maint. margin',
    'Headroom',
    'Status',
    'Liq. price',
    'Distance',
    ...has('ticks', 'Ticks'),
    ...has('sigma', 'Days σ'),
  ];
}

/** What was pressed inside a row: a figure opens its derivation, the dots open the row's menu. */
function onPress(event: React.MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const row = event.target.closest<HTMLElement>('[data-position], [data-account]');
  if (row === null) return;
  const { position: positionId, account: accountId } = row.dataset;
  const more = event.target.closest<HTMLElement>('[data-more]');
  if (more !== null) {
    openRowMenu(more, positionId ?? null, accountId ?? null);
    return;
  }
  const button = event.target.closest<HTMLElement>('[data-figure]');
  const figure = button?.dataset['figure'];
  if (button == null || figure === undefined) return;
  if (positionId !== undefined) {
    explain({ of: 'position', positionId, figure: figure as ExplainedFigure }, button);
  } else if (accountId !== undefined) {
    explain({ of: 'account', accountId, figure: figure as AccountFigure }, button);
  }
}

function Row({ row }: { readonly row: TableRow }): React.ReactElement {
  const columns = usePreferences((state) => state.columns);
  const instrument = row.kind === 'position' ? instrumentOf(row.position) : null;
  const spec = useSource((state) => state.opened?.instruments.find(({ id }) => id === instrument));
  const staleNote = useStaleNote(row.margin?.trust ?? null, instrument);
  if (row.kind === 'account') {
    return (
      <AccountRow account={row.account} margin={row.margin} columns={columns} stale={staleNote !== null} />
    );
  }
  return (
    <PositionRow
      position={row.position}
      margin={row.margin}
      spec={spec}
      columns={columns}
      staleNote={staleNote}
    />
  );
}

const rowKey = (row: TableRow): string => (row.kind === 'account' ? row.account.id : row.position.id);

export function PositionsTable({ rows }: { readonly rows: readonly TableRow[] }): React.ReactElement {
  const columns = usePreferences((state) => state.columns);
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PIXELS,
    overscan: rows.length < VIRTUAL_FROM ? VIRTUAL_FROM : 12,
  });
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const titles = heads(columns);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are real; one listener serves them all
    // biome-ignore lint/a11y/useKeyWithClickEvents: a key on a button arrives here as its click
    <div className="table-scroll" ref={scroll} onClick={onPress}>
      <table className="positions" data-testid="positions-table" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {titles.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? (
            <tr>
              <td className="spacer" colSpan={titles.length + 1} style={{ blockSize: before }} />
            </tr>
          ) : null}
          {items.map(({ index }) => {
            const row = rows[index];
            return row === undefined ? null : <Row key={rowKey(row)} row={row} />;
          })}
          {after > 0 ? (
            <tr>
              <td className="spacer" colSpan={titles.length + 1} style={{ blockSize: after }} />
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}
