/** One account in the table: its cross collateral and everything that leans on it. */
import { memo } from 'react';
import type { Account } from '../../../../engine/accounting/portfolio.ts';
import type { AccountMargin, FuturesMargin } from '../../../../engine/margin/margin-report.ts';
import { formatRatio } from '../../../format/number.ts';
import type { PositionColumn } from '../../../state/preferences.ts';
import { HeadroomBar } from '../../../ui/HeadroomBar.tsx';
import { MoreIcon } from '../../../ui/icons.tsx';
import { StatusMark } from '../../../ui/StatusMark.tsx';
import { Figure, money, signedMoney } from './figures.tsx';

/** Name, DEMO badge and mode. */
export function AccountName({ account }: { readonly account: Account }): React.ReactElement {
  return (
    <>
      <strong>{account.name}</strong>
      {account.demo ? <span className="tag tag-demo">DEMO</span> : null}
      {account.positionMode === 'hedge' ? <span className="tag">hedge</span> : null}
    </>
  );
}

/** The parameter set a futures account is margined by, and what this calculation is not. */
export function FuturesTag({ futures }: { readonly futures: FuturesMargin }): React.ReactElement {
  const later = futures.isOutdated ? ' No margins of the day of this run are built in.' : '';
  const title = `${futures.label}. ${futures.setId}, hash ${futures.setHash}. ${futures.setSource}.${later}`;
  return (
    <span className={`tag ${futures.isOutdated ? 'tag-stale' : ''}`} title={title}>
      SPAN-type {futures.setDate}
      <span className="visually-hidden"> {futures.label}</span>
    </span>
  );
}

/** Equity, and the margin balance where something leans on it. */
export function AccountSums({
  account,
  margin,
}: {
  readonly account: Account;
  readonly margin: AccountMargin | null;
}): React.ReactElement {
  return (
    <span className="account-sums">
      {margin === null ? <span className="muted">waiting for the risk engine…</span> : null}
      {margin?.failure == null ? null : (
        <span className="row-failure" title={margin.failure.message}>
          {margin.failure.message}
        </span>
      )}
      {margin === null || margin.equity === null ? null : (
        <Figure figure="equity" label="">
          <span className="muted">equity</span> <strong>{money(margin.equity)}</strong>
        </Figure>
      )}
      {margin?.marginBalance == null || margin.marginRatio === null || margin.futures !== null ? null : (
        <Figure figure="marginBalance" label="margin" title="margin balance">
          <span className="muted">balance</span> {money(margin.marginBalance)}
        </Figure>
      )}
      {margin?.futures == null ? null : (
        <span>
          <span className="muted">excess</span> {signedMoney(margin.futures.excess)}
        </span>
      )}
      {margin === null || margin.equity === null ? null : <span className="muted">{account.currency}</span>}
    </span>
  );
}

/** The cross side of an account: maintenance, headroom and status; three cells. */
function CrossCells({
  account,
  margin,
}: {
  readonly account: Account;
  readonly margin: AccountMargin | null;
}): React.ReactElement {
  const { marginRatio = null, status = null, maintenanceMargin = null } = margin ?? {};
  if (marginRatio === null || status === null || maintenanceMargin === null) {
    const crossPositions = account.positions.some(({ marginMode }) => marginMode === 'cross');
    return (
      <td colSpan={3} className="muted cell-headroom">
        {account.positions.length === 0 ? 'no positions' : crossPositions ? '' : 'no cross positions'}
      </td>
    );
  }
  return (
    <>
      <td>{money(maintenanceMargin)}</td>
      <td className="cell-headroom">
        <Figure figure="accountMarginRatio" label="margin ratio of the account" className="figure-headroom">
          <HeadroomBar ratio={marginRatio} status={status} />
          <strong>{formatRatio(marginRatio)}</strong>
        </Figure>
      </td>
      <td className="cell-status">
        <StatusMark status={status} />
      </td>
    </>
  );
}

export const AccountRow = memo(function AccountRow({
  account,
  margin,
  columns,
  stale,
}: {
  readonly account: Account;
  readonly margin: AccountMargin | null;
  readonly columns: readonly PositionColumn[];
  readonly stale: boolean;
}): React.ReactElement {
  const lead =
    4 + columns.filter((c) => c === 'leverage' || c === 'notional' || c === 'initialMargin').length;
  const tail = 2 + columns.filter((c) => c === 'bankruptcy' || c === 'ticks' || c === 'sigma').length;
  return (
    <tr className={`account-row ${stale ? 'is-stale' : ''}`} data-account={account.id}>
      <th scope="rowgroup" colSpan={lead + 1}>
        <span className="account-line">
          <AccountName account={account} />
          <AccountSums account={account} margin={margin} />
        </span>
      </th>
      <CrossCells account={account} margin={margin} />
      <td colSpan={tail}>{margin?.futures == null ? null : <FuturesTag futures={margin.futures} />}</td>
      <td className="cell-more">
        <button
          type="button"
          className="icon-button"
          data-more=""
          aria-haspopup="menu"
          aria-label={`More for account ${account.name}`}
        >
          <MoreIcon />
        </button>
      </td>
    </tr>
  );
});
