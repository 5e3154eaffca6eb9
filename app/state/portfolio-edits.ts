/** Pure edits of a portfolio. Each gives a new portfolio; amounts stay the text that was typed. */
import type { Account, Portfolio, Position } from '../../engine/accounting/portfolio.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';

export const EMPTY_PORTFOLIO: Portfolio = { accounts: [] };

export function instrumentOf(position: Pick<Position, 'venue' | 'symbol'>): InstrumentId {
  return `${position.venue}:${position.symbol}`;
}

/** A name that no account or position has yet. */
export function newId(kind: 'account' | 'position'): string {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return `${kind}-${high.toString(36)}${low.toString(36)}`;
}

export function findPosition(
  portfolio: Portfolio,
  positionId: string,
): { readonly account: Account; readonly position: Position } | null {
  for (const account of portfolio.accounts) {
    const position = account.positions.find((candidate) => candidate.id === positionId);
    if (position !== undefined) return { account, position };
  }
  return null;
}

export function countPositions(portfolio: Portfolio): number {
  return portfolio.accounts.reduce((sum, account) => sum + account.positions.length, 0);
}

/** Puts a position into an account: in its old place when it stood there, at the end otherwise. */
export function putPosition(portfolio: Portfolio, accountId: string, position: Position): Portfolio {
  return {
    accounts: portfolio.accounts.map((account) => {
      const at = account.positions.findIndex((candidate) => candidate.id === position.id);
      if (account.id !== accountId) {
        return at === -1 ? account : { ...account, positions: account.positions.toSpliced(at, 1) };
      }
      return {
        ...account,
        positions: at === -1 ? [...account.positions, position] : account.positions.with(at, position),
      };
    }),
  };
}

export function removePosition(portfolio: Portfolio, positionId: string): Portfolio {
  return {
    accounts: portfolio.accounts.map((account) =>
      account.positions.some((position) => position.id === positionId)
        ? { ...account, positions: account.positions.filter((position) => position.id !== positionId) }
        : account,
    ),
  };
}

/** Puts an account: in its old place when it stood there, at the end otherwise. */
export function putAccount(portfolio: Portfolio, account: Account): Portfolio {
  const at = portfolio.accounts.findIndex((candidate) => candidate.id === account.id);
  return {
    accounts: at === -1 ? [...portfolio.accounts, account] : portfolio.accounts.with(at, account),
  };
}

export function removeAccount(portfolio: Portfolio, accountId: string): Portfolio {
  return { accounts: portfolio.accounts.filter((account) => account.id !== accountId) };
}

/** Adds imported accounts. Ids that are taken get new ones, so that nothing in force is overwritten. */
export function addAccounts(portfolio: Portfolio, accounts: readonly Account[]): Portfolio {
  const taken = new Set(
    portfolio.accounts.flatMap((account) => [account.id, ...account.positions.map(({ id }) => id)]),
  );
  const free = (id: string, kind: 'account' | 'position'): string => {
    const chosen = taken.has(id) ? newId(kind) : id;
    taken.add(chosen);
    return chosen;
  };
  const added = accounts.map((account) => ({
    ...account,
    id: free(account.id, 'account'),
    positions: account.positions.map((position) => ({ ...position, id: free(position.id, 'position') })),
  }));
  return { accounts: [...portfolio.accounts, ...added] };
}

/**
 * The position that stands in the way of another one: one-way accounts hold a symbol once, hedge accounts once a side.
 */
export function positionInTheWay(
  account: Account,
  wanted: Pick<Position, 'id' | 'venue' | 'symbol' | 'side'>,
): Position | null {
  return (
    account.positions.find(
      (position) =>
        position.id !== wanted.id &&
        instrumentOf(position) === instrumentOf(wanted) &&
        (account.positionMode === 'one-way' || position.side === wanted.side),
    ) ?? null
  );
}
