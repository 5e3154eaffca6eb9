/** The accounts at the cursor, worst first. Only the rows in view are fetched and in the page. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { AccountQuestion, AccountRow } from '../../../workers/contract/lab-api.ts';
import { nearestTickText, tickText } from '../../charts/tick-text.ts';
import { ABSENT, formatCount, formatRatio } from '../../format/number.ts';
import { openAccount, useCascade } from '../../state/cascade-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { moneyText } from './chart-axes.ts';
import { type MarketSteps, useAccounts, useMarketSteps } from './use-cascade-data.ts';

const ROW_PIXELS = 26;
/** Rows are fetched in blocks of this many. */
const BLOCK = 100;

const SORTS: Readonly<Record<AccountQuestion['sort'], string>> = {
  worst: 'worst first',
  loss: 'largest loss',
  ratio: 'least headroom',
  size: 'largest position',
  account: 'by number',
};
const SHOWS: Readonly<Record<AccountQuestion['show'], string>> = {
  all: 'all',
  liquidated: 'liquidated',
  deleveraged: 'deleveraged',
  open: 'with a position',
};

/** Word, shape and colour of what an account went through. */
function Fate({ fates }: { readonly fates: number }): React.ReactElement {
  if ((fates & 8) !== 0) return <span className="fate status-critical">◆ waiting</span>;
  if ((fates & 2) !== 0) return <span className="fate status-liquidation">■ liquidated</span>;
  if ((fates & 1) !== 0) return <span className="fate status-danger">▲ partly liquidated</span>;
  if ((fates & 4) !== 0) return <span className="fate status-warning">◇ deleveraged</span>;
  return <span className="fate muted">● untouched</span>;
}

function Row({ row, steps }: { readonly row: AccountRow; readonly steps: MarketSteps }): React.ReactElement {
  const holds = row.sizeLots !== 0;
  const side = row.sizeLots > 0 ? 'long' : 'short';
  const loss = row.liquidationLoss + row.adlLoss;
  const price = (ticks: number): string => nearestTickText(ticks * steps.tick, steps.tickSize);
  return (
    <>
      <td>
        <button
          type="button"
          className="link-button"
          data-account={row.account}
          onClick={() => openAccount(row.account)}
        >
          {row.name}
        </button>
      </td>
      <td>
        <Fate fates={row.fates} />
      </td>
      <td className="number">
        {holds ? `${side} ${tickText(Math.abs(row.sizeLots), steps.lotSize)}` : ABSENT}
      </td>
      <td className="number">{holds ? price(row.entryTicks) : ABSENT}</td>
      <td className="number">
        {!holds ? ABSENT : row.liquidationTicks <= 0 ? 'None' : price(row.liquidationTicks)}
      </td>
      <td className="number">{!holds || row.marginRatio === 0 ? ABSENT : formatRatio(row.marginRatio)}</td>
      <td className="number">{moneyText(row.equity)}</td>
      <td className={loss > 0 ? 'number loss' : 'number muted'}>{loss === 0 ? ABSENT : moneyText(loss)}</td>
    </>
  );
}

const HEADS: readonly { readonly title: string; readonly hint?: string; readonly text?: true }[] = [
  { title: 'Account', text: true },
  { title: 'What happened', text: true },
  { title: 'Position' },
  { title: 'Entry' },
  { title: 'Liq. price', hint: 'Estimated' },
  { title: 'Headroom', hint: 'Equity ÷ maintenance margin' },
  { title: 'Equity' },
  { title: 'Lost', hint: 'In liquidation and, against the mark, by deleveraging' },
];

/** Stands for the rows out of sight. */
function Spacer({ pixels }: { readonly pixels: number }): React.ReactElement | null {
  if (pixels <= 0) return null;
  return (
    <tr>
      <td colSpan={HEADS.length} className="spacer" style={{ blockSize: pixels }} />
    </tr>
  );
}

type Sort = AccountQuestion['sort'];
type Show = AccountQuestion['show'];

function Table(props: { readonly sort: Sort; readonly show: Show }): React.ReactElement {
  const { sort, show } = props;
  const [block, setBlock] = useState(0);
  const page = useAccounts({ sort, show, from: Math.max(0, (block - 1) * BLOCK), count: 3 * BLOCK });
  const steps = useMarketSteps();
  const opened = useCascade((state) => state.account);
  const scroll = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: page?.total ?? 0,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 6,
    onChange: (instance) => setBlock(Math.floor((instance.getVirtualItems()[0]?.index ?? 0) / BLOCK)),
  });
  const items = virtualizer.getVirtualItems();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="cascade-scroll" ref={scroll} aria-label="Table of accounts" tabIndex={0}>
      <table className="cascade-table accounts-table" aria-rowcount={(page?.total ?? 0) + 1}>
        <thead>
          <tr>
            {HEADS.map(({ title, hint, text }) => (
              <th key={title} scope="col" className={text ? '' : 'number'} title={hint}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer pixels={items[0]?.start ?? 0} />
          {page === null || steps === null
            ? null
            : items.map(({ index, key }) => {
                const row = page.rows[index - page.from];
                return (
                  <tr
                    key={key}
                    aria-rowindex={index + 2}
                    className={row?.account === opened ? 'is-open' : ''}
                  >
                    {row === undefined ? <td colSpan={HEADS.length}>…</td> : <Row row={row} steps={steps} />}
                  </tr>
                );
              })}
          <Spacer pixels={virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
      {page === null ? <p className="cascade-note muted">Known when the run is computed.</p> : null}
      {page?.total === 0 ? <p className="cascade-note muted">No account is like that here.</p> : null}
      <output className="visually-hidden">
        {page === null ? '' : `${formatCount(page.total)} accounts`}
      </output>
    </section>
  );
}

export function AccountsPanel(): React.ReactElement {
  const [sort, setSort] = useState<Sort>('worst');
  const [show, setShow] = useState<Show>('all');
  return (
    <Panel
      id="cascade-accounts"
      title="Accounts"
      choices={
        <>
          <select
            className="select-quiet"
            aria-label="Which accounts"
            value={show}
            onChange={(event) => setShow(event.target.value as Show)}
          >
            {Object.entries(SHOWS).map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
          <select
            className="select-quiet"
            aria-label="Order of the accounts"
            value={sort}
            onChange={(event) => setSort(event.target.value as Sort)}
          >
            {Object.entries(SORTS).map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </>
      }
    >
      <Table sort={sort} show={show} />
    </Panel>
  );
}
