/** The positions table. Only the rows in view are in the page; one listener serves every figure. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { instrumentOf } from '../../../state/portfolio-edits.ts';
import { type PositionColumn, usePreferences } from '../../../state/preferences.ts';
import { useSource } from '../../../state/source-store.ts';
import { AccountRow } from './AccountRow.tsx';
import { listenToRows } from './on-row-press.ts';
import { PositionRow } from './PositionRow.tsx';
import type { TableRow } from './position-rows.ts';
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
    ...has('bankruptcy', 'Bankr. price'),
    'Distance',
    ...has('ticks', 'Ticks'),
    ...has('sigma', 'Days σ'),
  ];
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
    <div className="table-scroll" ref={scroll}>
      <table
        ref={listenToRows}
        className="positions"
        data-testid="positions-table"
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr>
            {titles.map((title) => (
              <th
                key={title}
                scope="col"
                className={title === 'Headroom' || title === 'Status' ? 'head-start' : undefined}
              >
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
