/** The risk board: every account and position, worst first; arrow keys move, R reduces, Enter opens the reasons. */
import { Fragment, useState } from 'react';
import type { BoardRow } from '../../../workers/contract/guard-board.ts';
import { showReduction } from '../../state/guard-actions.ts';
import { usePhone } from '../../ui/use-media.ts';
import { AdlCell } from './AdlLights.tsx';
import { AgeCell, DistanceCell, DueCell, FundingCell, MarketCell, RatioCell, StatusCell } from './cells.tsx';
import { ReasonList, VerdictChip } from './VerdictChip.tsx';

interface BoardProps {
  readonly rows: readonly BoardRow[];
  readonly nowMicros: number;
}

interface RowProps {
  readonly row: BoardRow;
  readonly nowMicros: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

const HEADS: readonly (readonly [string, string])[] = [
  ['Status', ''],
  ['Position', ''],
  ['Headroom', 'margin balance over maintenance margin'],
  ['Distance', 'to the liquidation price, and in one-day standard deviations'],
  ['Funding 24 h', 'what is paid in 24 hours at the rate in force'],
  ['ADL', 'place in the deleveraging queue, estimated against the modelled crowd'],
  ['Market', 'state of the venue and trust of its book'],
  ['Due', 'next funding, settlement, roll'],
  ['Mark', 'age and trust of the figures'],
  ['Adding', 'what the guards say of adding one lot'],
];

function Adding({ row, isOpen, onToggle }: RowProps): React.ReactElement {
  if (row.verdict === null) return <span className="muted">–</span>;
  if (row.reasons.length === 0) return <VerdictChip verdict={row.verdict} />;
  const [first] = row.reasons;
  return (
    <button
      type="button"
      className="verdict-button"
      aria-expanded={isOpen}
      title={first?.title}
      aria-label={`Adding to ${row.title}: ${row.verdict}, ${row.reasons.length} reasons`}
      onClick={onToggle}
    >
      <VerdictChip verdict={row.verdict} />
      <span className="muted">{row.reasons.length}</span>
    </button>
  );
}

function ReduceButton({ row }: { readonly row: BoardRow }): React.ReactElement | null {
  if (row.kind === 'account' || row.marginRatio === null) return null;
  const words = row.marginMode === 'cross' ? 'Reduce' : 'Add margin';
  return (
    <button
      type="button"
      className={`board-reduce ${row.advice === null ? '' : 'board-advised'}`}
      aria-label={`${words}: ${row.title}`}
      onClick={() => showReduction(row.id)}
    >
      {words}
    </button>
  );
}

function Row(props: RowProps): React.ReactElement {
  const { row, nowMicros, isOpen } = props;
  return (
    <>
      <tr
        className={`board-row board-${row.kind} ${row.trust === 'LIVE' || row.trust === 'DEGRADED' ? '' : 'is-stale'}`}
        data-row={row.id}
        data-status={row.status ?? 'NOT KNOWN'}
      >
        <td>
          <StatusCell row={row} />
        </td>
        <th scope="row" title={row.kind === 'account' ? undefined : `${row.title}, ${row.accountName}`}>
          {row.title}{' '}
          <span className="muted">
            {row.kind === 'account' ? 'cross' : `${row.marginMode}, ${row.accountName}`}
          </span>
        </th>
        <td className="cell-headroom">
          <RatioCell row={row} />
        </td>
        <td className="number">
          <DistanceCell row={row} />
        </td>
        <td className="number">
          <FundingCell row={row} />
        </td>
        <td>
          <AdlCell row={row} />
        </td>
        <td>
          <MarketCell row={row} />
        </td>
        <td className="number">
          <DueCell row={row} nowMicros={nowMicros} />
        </td>
        <td className="number">
          <AgeCell row={row} />
        </td>
        <td>
          <span className="board-actions">
            <Adding {...props} /> <ReduceButton row={row} />
          </span>
        </td>
      </tr>
      {isOpen ? (
        <tr className="board-reasons">
          <td colSpan={HEADS.length}>
            <ReasonList reasons={row.reasons} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** What a card says of a row: only what there is something to say of. */
function factsOf(row: BoardRow, nowMicros: number): readonly (readonly [string, React.ReactElement])[] {
  const mark = ['Mark', <AgeCell key="mark" row={row} />] as const;
  if (row.kind === 'account') return [mark];
  const { status, funding, market, contract } = row;
  const facts: (readonly [string, React.ReactElement])[] = [];
  if (status !== null) facts.push(['Distance', <DistanceCell key="distance" row={row} />]);
  if (funding !== null) facts.push(['Funding 24 h', <FundingCell key="funding" row={row} />]);
  if (contract === null && status !== null) facts.push(['ADL', <AdlCell key="adl" row={row} />]);
  if (market !== null) facts.push(['Market', <MarketCell key="market" row={row} />]);
  if (contract !== null || funding !== null) {
    facts.push(['Due', <DueCell key="due" row={row} nowMicros={nowMicros} />]);
  }
  return [...facts, mark];
}

function Card(props: RowProps): React.ReactElement {
  const { row, nowMicros, isOpen } = props;
  return (
    <li className="board-card" data-row={row.id} data-status={row.status ?? 'NOT KNOWN'}>
      <p className="board-card-head">
        <StatusCell row={row} /> <strong>{row.title}</strong>
      </p>
      <RatioCell row={row} />
      <dl className="board-facts">
        {factsOf(row, nowMicros).map(([label, fact]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>{fact}</dd>
          </Fragment>
        ))}
      </dl>
      {row.kind === 'account' || (row.verdict === null && row.marginRatio === null) ? null : (
        <p className="board-card-foot">
          <Adding {...props} /> <ReduceButton row={row} />
        </p>
      )}
      {isOpen ? <ReasonList reasons={row.reasons} /> : null}
    </li>
  );
}

/** Moves the focus between the buttons of neighbouring rows. */
function move(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.board-reduce')];
  const own = (event.target as HTMLElement).closest('[data-row]');
  const at = buttons.findIndex((button) => button.closest('[data-row]') === own);
  const next = buttons[Math.min(buttons.length - 1, Math.max(0, at + step))];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

export function Board({ rows, nowMicros }: BoardProps): React.ReactElement {
  const [open, setOpen] = useState<string | null>(null);
  const phone = usePhone();
  const parts = rows.map((row) => ({
    row,
    nowMicros,
    isOpen: open === row.id,
    onToggle: () => setOpen(open === row.id ? null : row.id),
  }));
  if (phone) {
    return (
      <ul className="board-cards" data-testid="board">
        {parts.map((part) => (
          <Card key={part.row.id} {...part} />
        ))}
      </ul>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="table-scroll" aria-label="Risk board, worst first" tabIndex={0} onKeyDown={move}>
      <table className="board" data-testid="board">
        <thead>
          <tr>
            {HEADS.map(([head, title]) => (
              <th key={head} scope="col" title={title}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <Row key={part.row.id} {...part} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
