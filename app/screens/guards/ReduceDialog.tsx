/** Books what lowers the risk of a position: the part of it that was closed, or margin put behind it; before → after first. */
import { useState } from 'react';
import type { Position } from '../../../engine/accounting/portfolio.ts';
import { compareDecimals, decimalSign, decimalValue, isDecimalText } from '../../../engine/core/money.ts';
import type { BoardRow } from '../../../workers/contract/guard-board.ts';
import { formatDecimalText, formatNumber, formatRatio, formatSigned } from '../../format/number.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { useGuards } from '../../state/guard-slice.ts';
import { useMargin } from '../../state/margin-slice.ts';
import { tell } from '../../state/notices.ts';
import { findPosition } from '../../state/portfolio-edits.ts';
import { changePortfolio, undo, usePortfolio } from '../../state/portfolio-store.ts';
import { addMargin, feeOf, realisedBy, reducePosition } from '../../state/reduce-position.ts';
import { AppDialog } from '../../ui/AppDialog.tsx';
import { TextField } from '../../ui/fields.tsx';
import { StatusMark } from '../../ui/StatusMark.tsx';

/** Fee of a taker where no advice named one. Source: Binance USDT-M fee table, VIP 0. */
const TAKER_FEE = 0.0005;

interface FormProps {
  readonly row: BoardRow;
  readonly position: Position;
  readonly markPrice: number;
}

function wrongSize(typed: string, position: Position): string | undefined {
  if (!isDecimalText(typed) || decimalSign(typed) <= 0) return 'expected a positive decimal number';
  if (position.marginMode === 'cross' && compareDecimals(typed, position.size) > 0) {
    return `expected at most ${position.size}`;
  }
  return undefined;
}

function Now({ row }: { readonly row: BoardRow }): React.ReactElement {
  const { status, marginRatio, advice } = row;
  return (
    <p data-testid="reduce-now">
      {status === null || marginRatio === null ? 'Its ratio is not known' : null}
      {status === null || marginRatio === null ? null : <StatusMark status={status} ratio={marginRatio} />}
      {advice === null ? null : (
        <span>
          {' '}
          → {formatRatio(advice.ratioAfter)} with the {advice.amount} advised
        </span>
      )}
    </p>
  );
}

function Form({ row, position, markPrice }: FormProps): React.ReactElement {
  const cross = position.marginMode === 'cross';
  const [typed, setTyped] = useState(row.advice?.amount ?? (cross ? position.size : ''));
  const amount = typed.replaceAll(',', '').trim();
  const error = wrongSize(amount, position);
  const reduction = {
    positionId: position.id,
    size: amount,
    price: String(markPrice),
    feeRate: String(row.advice?.feeRate ?? TAKER_FEE),
  };
  const title = `${position.symbol} ${position.side}`;
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    if (error !== undefined) return;
    const change = cross ? `reduced ${title} by ${amount}` : `added ${amount} USDT to ${title}`;
    changePortfolio(change, (before) =>
      cross ? reducePosition(before, reduction) : addMargin(before, position.id, amount),
    );
    tell('news', `Booked: ${change}`, { label: 'Undo', run: undo });
    closeDialog();
  };
  return (
    <form className="dialog-form" noValidate onSubmit={submit}>
      <Now row={row} />
      <TextField
        label={cross ? 'Size to close' : 'Margin to add'}
        value={typed}
        error={error}
        numeric
        autoFocus
        hint={cross ? `of ${formatDecimalText(position.size)}; fills are taken at the mark` : 'from outside'}
        unit={cross ? '' : 'USDT'}
        onChange={setTyped}
      />
      {cross && error === undefined ? (
        <p className="muted">
          At {formatNumber(markPrice, 2)}: realised{' '}
          {formatSigned(decimalValue(realisedBy(position, reduction)), 2)}, fee{' '}
          {formatNumber(decimalValue(feeOf(reduction)), 2)}. Both go to the wallet.
        </p>
      ) : null}
      <p className="muted">
        This books what you did at your venue: the page sends no order there. Undo takes it back.
      </p>
      <footer className="dialog-foot">
        <button type="button" className="button" onClick={closeDialog}>
          Cancel
        </button>
        <button type="submit" className="button button-main">
          {cross ? 'Book the reduction' : 'Book the margin'}
        </button>
      </footer>
    </form>
  );
}

export function ReduceDialog({ rowId }: { readonly rowId: string }): React.ReactElement {
  const row = useGuards((state) => state.frame?.rows.find(({ id }) => id === rowId) ?? null);
  const portfolio = usePortfolio((state) => state.portfolio);
  const found = findPosition(portfolio, rowId);
  const markPrice = useMargin(
    (state) =>
      state.report?.positions.find(({ positionId }) => positionId === rowId)?.figures?.markPrice ?? null,
  );
  // The advice of the moment the dialog opened: what is being typed over must not change under the reader's hands.
  const [first] = useState(row);
  const title =
    row === null ? 'Reduce' : `${row.marginMode === 'cross' ? 'Reduce' : 'Add margin to'} ${row.title}`;
  return (
    <AppDialog title={title}>
      {row === null || first === null || found === null || markPrice === null ? (
        <p className="dialog-form muted">This position is gone, or has no mark to close at.</p>
      ) : (
        <Form row={{ ...row, advice: first.advice }} position={found.position} markPrice={markPrice} />
      )}
    </AppDialog>
  );
}
