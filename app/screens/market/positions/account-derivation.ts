/** The figures of an account as a derivation, laid out from the report that shows them; nothing is computed here. */
import type { Account } from '../../../../engine/accounting/portfolio.ts';
import type { AccountMargin, DerivationTerm, MarginReport } from '../../../../engine/margin/margin-report.ts';
import type { AccountFigure } from '../../../state/explain-store.ts';

function leaf(
  label: string,
  value: number | string | null,
  unit: string,
  source: string | null,
): DerivationTerm {
  return { label, value, unit, formula: null, source, terms: [] };
}

/** The terms behind one figure of an account; null when the report has no such account. */
export function accountDerivation(
  report: MarginReport,
  account: Account,
  figure: AccountFigure,
): DerivationTerm | null {
  const margin = report.accounts.find((candidate) => candidate.accountId === account.id);
  if (margin === undefined) return null;
  const positions = report.positions.filter((position) => position.accountId === account.id);
  const balance = marginBalance(account, margin, positions);
  if (figure === 'marginBalance') return balance;
  return figure === 'equity'
    ? equity(account, margin, balance, positions)
    : ratio(account, margin, balance, positions);
}

function pnlTerms(
  { currency }: Account,
  positions: MarginReport['positions'],
  mode: 'cross' | 'isolated',
): DerivationTerm[] {
  return positions
    .filter(({ marginMode }) => marginMode === mode)
    .map(({ symbol, side, figures, failure }) =>
      leaf(
        `unrealised PnL of ${symbol} ${side}, ${mode}`,
        figures?.unrealisedPnl ?? null,
        currency,
        failure?.message ?? null,
      ),
    );
}

function marginBalance(
  account: Account,
  margin: AccountMargin,
  positions: MarginReport['positions'],
): DerivationTerm {
  return {
    label: 'margin balance',
    value: margin.marginBalance,
    unit: account.currency,
    formula: 'cross wallet balance + unrealised PnL of cross positions',
    source: null,
    terms: [
      leaf('cross wallet balance', account.crossWalletBalance, account.currency, 'the account, as entered'),
      ...pnlTerms(account, positions, 'cross'),
    ],
  };
}

function equity(
  account: Account,
  margin: AccountMargin,
  balance: DerivationTerm,
  positions: MarginReport['positions'],
): DerivationTerm {
  const wallets = account.positions
    .filter(({ isolatedWallet }) => isolatedWallet !== null)
    .map(({ symbol, side, isolatedWallet }) =>
      leaf(
        `isolated wallet of ${symbol} ${side}`,
        isolatedWallet,
        account.currency,
        'the position, as entered',
      ),
    );
  return {
    label: 'equity',
    value: margin.equity,
    unit: account.currency,
    formula: 'margin balance + isolated wallets + unrealised PnL of isolated positions',
    source: null,
    terms: [balance, ...wallets, ...pnlTerms(account, positions, 'isolated')],
  };
}

function ratio(
  account: Account,
  margin: AccountMargin,
  balance: DerivationTerm,
  positions: MarginReport['positions'],
): DerivationTerm {
  const maintenance = positions
    .filter(({ marginMode }) => marginMode === 'cross')
    .map(({ symbol, side, figures }) =>
      leaf(
        `maintenance margin of ${symbol} ${side}`,
        figures?.maintenanceMargin ?? null,
        account.currency,
        null,
      ),
    );
  return {
    label: 'margin ratio of the cross side',
    value: margin.marginRatio,
    unit: '',
    formula: 'margin balance ÷ maintenance margin of cross positions',
    source: null,
    terms: [balance, ...maintenance],
  };
}
