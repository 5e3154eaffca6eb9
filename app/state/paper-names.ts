/** Which accounts live on the simulated venue, where only an order changes them. */
import { PAPER_ACCOUNT, PAPER_FUTURES_ACCOUNT } from '../../workers/contract/guard-board.ts';

export function isPaperAccount(accountId: string): boolean {
  return accountId === PAPER_ACCOUNT || accountId === PAPER_FUTURES_ACCOUNT;
}
