/** Booking what lowers the risk of a position: a partial close at the mark, or margin added to an isolated wallet. Exact. */
import type { Account, Portfolio, Position } from '../../engine/accounting/portfolio.ts';
import { compareDecimals, multiplyDecimals, sumDecimals } from '../../engine/core/money.ts';

/** A close of a part of a cross position. Decimal texts. */
export interface Reduction {
  readonly positionId: string;
  readonly size: string;
  readonly price: string;
  /** Fee as a fraction of notional. */
  readonly feeRate: string;
}

function minus(text: string): string {
  return multiplyDecimals(text, '-1');
}

/** Realised result of the close, without the fee. */
export function realisedBy({ side, entryPrice }: Position, { size, price }: Reduction): string {
  const move = sumDecimals([price, minus(entryPrice)]);
  return multiplyDecimals(side === 'long' ? move : minus(move), size);
}

/** Fee of the close. */
export function feeOf({ size, price, feeRate }: Reduction): string {
  return multiplyDecimals(multiplyDecimals(size, price), feeRate);
}

/** The portfolio after the close: realised result and fee go to the wallet. What would close more than there is changes nothing. */
export function reducePosition(portfolio: Portfolio, reduction: Reduction): Portfolio {
  return onAccountOf(portfolio, reduction.positionId, (account, position) => {
    const left = sumDecimals([position.size, minus(reduction.size)]);
    const order = compareDecimals(left, '0');
    if (order < 0) return account;
    const realised = realisedBy(position, reduction);
    return {
      ...account,
      crossWalletBalance: sumDecimals([account.crossWalletBalance, realised, minus(feeOf(reduction))]),
      positions:
        order === 0
          ? account.positions.filter(({ id }) => id !== position.id)
          : account.positions.map((one) => (one.id === position.id ? { ...one, size: left } : one)),
    };
  });
}

/** The portfolio after money from outside was put behind an isolated position. */
export function addMargin(portfolio: Portfolio, positionId: string, amount: string): Portfolio {
  return onAccountOf(portfolio, positionId, (account, position) => {
    if (position.isolatedWallet === null) return account;
    const isolatedWallet = sumDecimals([position.isolatedWallet, amount]);
    return {
      ...account,
      positions: account.positions.map((one) => (one.id === position.id ? { ...one, isolatedWallet } : one)),
    };
  });
}

function onAccountOf(
  portfolio: Portfolio,
  positionId: string,
  change: (account: Account, position: Position) => Account,
): Portfolio {
  return {
    accounts: portfolio.accounts.map((account) => {
      const position = account.positions.find(({ id }) => id === positionId);
      return position === undefined ? account : change(account, position);
    }),
  };
}
