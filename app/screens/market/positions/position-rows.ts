/** Rows of the positions table: the portfolio as entered, joined with what the risk engine answered about it. */
import type { Account, Portfolio, Position } from '../../../../engine/accounting/portfolio.ts';
import type { AccountMargin, MarginReport, PositionMargin } from '../../../../engine/margin/margin-report.ts';

export type TableRow =
  | { readonly kind: 'account'; readonly account: Account; readonly margin: AccountMargin | null }
  | {
      readonly kind: 'position';
      readonly account: Account;
      readonly position: Position;
      /** Null until the risk engine answered for this position. */
      readonly margin: PositionMargin | null;
    };

export function tableRows(portfolio: Portfolio, report: MarginReport | null): readonly TableRow[] {
  const accounts = new Map(report?.accounts.map((margin) => [margin.accountId, margin]));
  const positions = new Map(report?.positions.map((margin) => [margin.positionId, margin]));
  return portfolio.accounts.flatMap((account) => [
    { kind: 'account', account, margin: accounts.get(account.id) ?? null } as const,
    ...account.positions.map(
      (position) =>
        ({ kind: 'position', account, position, margin: positions.get(position.id) ?? null }) as const,
    ),
  ]);
}
