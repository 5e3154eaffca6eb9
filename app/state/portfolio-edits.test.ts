/** Tests of portfolio edits. */
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../../engine/accounting/portfolio.ts';
import { demoPortfolio } from './demo-portfolio.ts';
import {
  addAccounts,
  countPositions,
  findPosition,
  positionInTheWay,
  putPosition,
  removeAccount,
  removePosition,
} from './portfolio-edits.ts';

const ids = (portfolio: Portfolio): string[] =>
  portfolio.accounts.flatMap(({ id, positions }) => [id, ...positions.map((position) => position.id)]);

describe('portfolio edits', () => {
  const before = demoPortfolio();
  const [account, other] = before.accounts;
  const [position] = account!.positions;

  it('puts a changed position in its old place and leaves the rest alone', () => {
    const after = putPosition(before, account!.id, { ...position!, size: '1' });
    expect(ids(after)).toEqual(ids(before));
    expect(findPosition(after, position!.id)?.position.size).toBe('1');
    expect(after.accounts[1]).toBe(before.accounts[1]);
  });

  it('moves a position to another account', () => {
    const after = putPosition(before, other!.id, position!);
    expect(countPositions(after)).toBe(countPositions(before));
    expect(findPosition(after, position!.id)?.account.id).toBe(other!.id);
  });

  it('removes what it is told to, and nothing else', () => {
    expect(ids(removePosition(before, position!.id))).toEqual(
      ids(before).filter((id) => id !== position!.id),
    );
    expect(removeAccount(before, account!.id).accounts).toEqual([other]);
  });

  it('never overwrites what is in force by an import of the same ids', () => {
    const after = addAccounts(before, before.accounts);
    expect(countPositions(after)).toBe(2 * countPositions(before));
    expect(new Set(ids(after)).size).toBe(ids(after).length);
    expect(after.accounts.slice(0, 2)).toEqual(before.accounts);
  });

  it('finds who stands in the way by the account mode', () => {
    const wanted = { ...position!, id: 'new', side: position!.side === 'long' ? 'short' : 'long' } as const;
    expect(positionInTheWay(account!, wanted)?.id).toBe(position!.id);
    expect(positionInTheWay({ ...account!, positionMode: 'hedge' }, wanted)).toBeNull();
    expect(positionInTheWay(account!, position!)).toBeNull();
  });
});
