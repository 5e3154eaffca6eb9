/** The menu of a row: edit, try its liquidation price, remove. */
import { useRef } from 'react';
import { Menu, MenuItem } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import type { Account, Position } from '../../../../engine/accounting/portfolio.ts';
import { showDialog } from '../../../state/dialogs.ts';
import { useMargin } from '../../../state/margin-slice.ts';
import { tell } from '../../../state/notices.ts';
import { findPosition, instrumentOf, removeAccount, removePosition } from '../../../state/portfolio-edits.ts';
import { changePortfolio, undo, usePortfolio } from '../../../state/portfolio-store.ts';
import { chooseLiquidation } from '../../../state/what-if-store.ts';
import { closeRowMenu, useRowMenu } from './row-menu.ts';

interface Action {
  readonly id: string;
  readonly title: string;
  readonly run: () => void;
}

const UNDO = { label: 'Undo', run: undo } as const;

function positionActions(account: Account, position: Position): readonly Action[] {
  const name = `${position.symbol} ${position.side}`;
  const figures = useMargin
    .getState()
    .report?.positions.find(({ positionId }) => positionId === position.id)?.figures;
  const price = figures?.liquidationPrice ?? null;
  return [
    {
      id: 'edit',
      title: 'Edit…',
      run: () =>
        showDialog({ kind: 'position', accountId: account.id, positionId: position.id, instrument: null }),
    },
    ...(figures === undefined || figures === null || price === null
      ? []
      : [
          {
            id: 'try',
            title: 'What if the mark reaches its liquidation price',
            run: () => chooseLiquidation(instrumentOf(position), price, figures.markPrice),
          },
        ]),
    {
      id: 'remove',
      title: 'Remove',
      run: () => {
        changePortfolio(`removed ${name}`, (portfolio) => removePosition(portfolio, position.id));
        tell('news', `Removed ${name}`, UNDO);
      },
    },
  ];
}

function accountActions(account: Account): readonly Action[] {
  const remove = (): void => {
    changePortfolio(`removed account ${account.name}`, (portfolio) => removeAccount(portfolio, account.id));
    tell('news', `Removed account ${account.name}`, UNDO);
  };
  return [
    {
      id: 'add',
      title: 'Add a position…',
      run: () => showDialog({ kind: 'position', accountId: account.id, positionId: null, instrument: null }),
    },
    {
      id: 'edit',
      title: 'Edit the account…',
      run: () => showDialog({ kind: 'account', accountId: account.id }),
    },
    {
      id: 'remove',
      title: 'Remove the account',
      run: () =>
        account.positions.length === 0
          ? remove()
          : showDialog({
              kind: 'confirm',
              title: `Remove ${account.name}?`,
              text: `Its ${account.positions.length} positions go with it. Undo brings them back.`,
              action: 'Remove',
              run: remove,
            }),
    },
  ];
}

export function RowMenu(): React.ReactElement | null {
  const { anchor, positionId, accountId } = useRowMenu();
  const portfolio = usePortfolio((state) => state.portfolio);
  const anchorRef = useRef<HTMLElement | null>(null);
  anchorRef.current = anchor;
  if (anchor === null) return null;
  const found = positionId === null ? null : findPosition(portfolio, positionId);
  const account = portfolio.accounts.find(({ id }) => id === accountId);
  const actions =
    found !== null
      ? positionActions(found.account, found.position)
      : account !== undefined
        ? accountActions(account)
        : [];
  return (
    <Popover
      className="popover"
      aria-label="Actions"
      triggerRef={anchorRef}
      isOpen
      placement="bottom end"
      onOpenChange={(isOpen) => {
        if (!isOpen) closeRowMenu();
      }}
    >
      <Menu
        className="list-box"
        aria-label="Actions"
        autoFocus="first"
        items={actions}
        onAction={(id) => {
          closeRowMenu();
          const action = actions.find((candidate) => candidate.id === id);
          // The menu goes first and gives focus back: an action may open a dialog.
          if (action !== undefined) setTimeout(action.run, 0);
        }}
      >
        {(action) => (
          <MenuItem id={action.id} className="list-item">
            {action.title}
          </MenuItem>
        )}
      </Menu>
    </Popover>
  );
}
