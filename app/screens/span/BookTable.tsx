/** The portfolios of a margined book, a page at a time; a name opens its portfolio as the case. */
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { BatchOrder } from '../../../engine/margin/span/book/batch-summary.ts';
import type { BookRow, BookSummary } from '../../../workers/contract/span-book.ts';
import { ABSENT, formatCount } from '../../format/number.ts';
import {
  findPortfolios,
  marginAgain,
  openPortfolio,
  orderBook,
  PAGE_ROWS,
  turnTo,
  useBook,
} from '../../state/span-book.ts';
import { bookPageQuery } from '../../state/span-queries.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { ScrollRegion } from './ScrollRegion.tsx';
import { amountWords } from './span-words.ts';

const HEADS: readonly (readonly [string, string])[] = [
  ['Requirement', 'base currency'],
  ['Scan risk', 'worst of the 16 scenarios, by commodity'],
  ['Charges', 'calendar and delivery'],
  ['Credits', 'between commodities'],
  ['Option min.', 'short option minimum'],
  ['Option value', 'net option value'],
];

const ORDERS: Readonly<Record<BatchOrder, string>> = {
  requirement: 'largest first',
  name: 'by name',
  refused: 'refused ones',
};

const shown = (value: number): string => (value === 0 ? ABSENT : amountWords(value));

function Figures({ row }: { readonly row: BookRow }): React.ReactElement {
  const { figures, refused } = row;
  if (figures === null) return <td colSpan={HEADS.length}>refused: {refused}</td>;
  return (
    <>
      <td className="book-requirement">{amountWords(figures.requirement)}</td>
      <td>{shown(figures.scanRisk)}</td>
      <td>{shown(figures.calendarCharge + figures.spotCharge)}</td>
      <td>{shown(-figures.interCredit)}</td>
      <td>{shown(figures.shortOptionMinimum)}</td>
      <td>{shown(-figures.netOptionValue)}</td>
    </>
  );
}

interface PagesProps {
  readonly from: number;
  readonly total: number;
  readonly refusedCount: number;
  readonly onTurn: (from: number) => void;
}

/** Order, place in it, and the way to the next page. */
function Pages({ from, total, refusedCount, onTurn }: PagesProps): React.ReactElement {
  const order = useBook((state) => state.order);
  const words = useBook((state) => state.words);
  const last = Math.max(0, Math.floor((total - 1) / PAGE_ROWS) * PAGE_ROWS);
  const steps: readonly (readonly [string, number, boolean])[] = [
    ['First', 0, from === 0],
    ['Previous', Math.max(0, from - PAGE_ROWS), from === 0],
    ['Next', Math.min(last, from + PAGE_ROWS), from >= last],
    ['Last', last, from >= last],
  ];
  return (
    <div className="book-pages">
      <select
        className="select-quiet"
        aria-label="Order of the portfolios"
        value={order}
        onChange={(event) => orderBook(event.target.value as BatchOrder)}
      >
        {Object.entries(ORDERS).map(([id, words]) =>
          id === 'refused' && refusedCount === 0 ? null : (
            <option key={id} value={id}>
              {words}
            </option>
          ),
        )}
      </select>
      <input
        className="input book-find"
        type="search"
        placeholder="Find"
        aria-label="Find portfolios by name"
        value={words}
        onChange={(event) => findPortfolios(event.target.value)}
      />
      <span className="muted" role="status">
        {total === 0
          ? 'none'
          : `${formatCount(from + 1)} to ${formatCount(Math.min(total, from + PAGE_ROWS))} of ${formatCount(total)}`}
      </span>
      {steps.map(([words, to, isOff]) => (
        <button
          key={words}
          type="button"
          className="panel-action"
          aria-label={`${words} portfolios`}
          disabled={isOff}
          onClick={() => onTurn(to)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

export function BookTable({ summary }: { readonly summary: BookSummary }): React.ReactElement {
  const { order, words, from, opened } = useBook();
  const top = useRef<HTMLDivElement>(null);
  const { bookHash, refusedCount } = summary;
  const { data, error, isPlaceholderData } = useQuery(
    bookPageQuery({ bookHash, order, words, from, count: PAGE_ROWS }),
  );
  if (error !== null) {
    return (
      <FailureNote
        title="The worker no longer has this book"
        failure={error.failure}
        action={
          <button type="button" className="button" onClick={marginAgain}>
            Margin it again
          </button>
        }
      />
    );
  }
  const turn = (to: number): void => {
    turnTo(to);
    top.current?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <>
      <Pages from={from} total={data?.total ?? 0} refusedCount={refusedCount} onTurn={turn} />
      <ScrollRegion label="Portfolios of the book">
        <div ref={top} />
        <table
          className={isPlaceholderData ? 'span-table book-table span-stale' : 'span-table book-table'}
          aria-busy={isPlaceholderData}
          data-testid="book-table"
        >
          <thead>
            <tr>
              <th scope="col">Portfolio</th>
              {HEADS.map(([head, title]) => (
                <th key={head} scope="col" title={title}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data?.rows.map((row) => (
              <tr key={row.index} aria-current={row.index === opened ? 'true' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className="link-button"
                    title={`Open the ${formatCount(row.rowCount)} positions of ${row.name}`}
                    onClick={() => void openPortfolio(row)}
                  >
                    {row.name}
                  </button>
                </th>
                <Figures row={row} />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}
