/** Adds or edits a position. */
import { useState } from 'react';
import type { Account, Portfolio, Position } from '../../../../engine/accounting/portfolio.ts';
import type {
  ContractSpec,
  InstrumentId,
  Venue,
} from '../../../../engine/reference/instruments/contract-spec.ts';
import { closeDialog } from '../../../state/dialogs.ts';
import { tell } from '../../../state/notices.ts';
import { findPosition, newId, putAccount, putPosition } from '../../../state/portfolio-edits.ts';
import { changePortfolio, undo, usePortfolio } from '../../../state/portfolio-store.ts';
import { useSource } from '../../../state/source-store.ts';
import { AppDialog } from '../../../ui/AppDialog.tsx';
import { ChoiceField, SelectField, TextField } from '../../../ui/fields.tsx';
import { checkPosition, type FieldErrors, type PositionFields, settlementOf } from './position-form.ts';

interface PositionDialogProps {
  readonly accountId: string | null;
  readonly positionId: string | null;
  readonly instrument: InstrumentId | null;
}

const SIDES = [
  { value: 'long', label: 'Long' },
  { value: 'short', label: 'Short' },
] as const;
const MODES = [
  { value: 'cross', label: 'Cross' },
  { value: 'isolated', label: 'Isolated' },
] as const;

/** The account made for the first position of an empty portfolio. */
const FIRST_ACCOUNT = {
  name: 'My account',
  demo: false,
  currency: 'USDT',
  positionMode: 'one-way',
  crossWalletBalance: '0',
  positions: [],
} as const;

/** The first account in which the instrument can stand, else the first. */
function accountFor({ accounts }: Portfolio, instrument: InstrumentId | null): string {
  const venue: Venue = instrument?.startsWith('cme-globex:') === true ? 'cme-globex' : 'binance-usdm';
  const fits = accounts.find(({ currency }) => currency === settlementOf(venue));
  return (fits ?? accounts[0])?.id ?? '';
}

function startFields(portfolio: Portfolio, props: PositionDialogProps): PositionFields {
  const found = props.positionId === null ? null : findPosition(portfolio, props.positionId);
  if (found !== null) {
    const { position, account } = found;
    return {
      ...position,
      accountId: account.id,
      leverage: String(position.leverage),
      isolatedWallet: position.isolatedWallet ?? '',
      givenMarkPrice: position.givenMarkPrice ?? '',
    };
  }
  return {
    accountId: props.accountId ?? accountFor(portfolio, props.instrument),
    symbol: props.instrument?.split(':')[1] ?? '',
    side: 'long',
    size: '',
    entryPrice: '',
    marginMode: 'cross',
    leverage: '10',
    isolatedWallet: '',
    givenMarkPrice: '',
  };
}

/** The account that is made for a first position, in the currency of the contract typed. */
function settlingIn(
  portfolio: Portfolio,
  typed: PositionFields,
  instruments: readonly ContractSpec[],
): Portfolio {
  const symbol = typed.symbol.trim().toUpperCase();
  const venue = instruments.find((spec) => spec.symbol === symbol)?.venue ?? 'binance-usdm';
  return { accounts: portfolio.accounts.map((made) => ({ ...made, currency: settlementOf(venue) })) };
}

/** Puts the position in force, with the account that was made for it where there was none. */
function save(position: Position, accountId: string, made: Account | null, editing: boolean): void {
  const name = `${position.symbol} ${position.side}`;
  changePortfolio(`${editing ? 'changed' : 'added'} ${name}`, (portfolio) =>
    putPosition(made === null ? portfolio : putAccount(portfolio, made), accountId, position),
  );
  tell('news', `${editing ? 'Changed' : 'Added'} ${name}`, { label: 'Undo', run: undo });
  closeDialog();
}

type Change = (change: Partial<PositionFields>) => void;

interface PartProps {
  /** Of the account chosen. */
  readonly currency: Account['currency'];
  readonly fields: PositionFields;
  readonly errors: FieldErrors<PositionFields>;
  readonly change: Change;
}

/** What is held: contract, side, size and price. */
function HoldingFields({ fields, errors, change, currency }: PartProps): React.ReactElement {
  const instruments = useSource((state) => state.opened?.instruments) ?? [];
  const spec = instruments.find(({ symbol }) => symbol === fields.symbol.trim().toUpperCase());
  const base = spec?.kind === 'perpetual' ? spec.symbol.replace(/USDT$/, '') : undefined;
  return (
    <>
      <TextField
        label="Symbol"
        autoFocus
        value={fields.symbol}
        error={errors.symbol}
        suggestions={instruments.map(({ symbol }) => symbol)}
        onChange={(symbol) => change({ symbol })}
      />
      <ChoiceField
        label="Side"
        value={fields.side}
        choices={SIDES}
        error={errors.side}
        onChange={(side) => change({ side })}
      />
      <TextField
        label="Size"
        numeric
        value={fields.size}
        error={errors.size}
        {...(base === undefined ? {} : { unit: base })}
        {...(spec === undefined ? {} : { hint: `in steps of ${spec.lotSize.text}` })}
        onChange={(size) => change({ size })}
      />
      <TextField
        label="Entry price"
        numeric
        unit={currency}
        value={fields.entryPrice}
        error={errors.entryPrice}
        onChange={(entryPrice) => change({ entryPrice })}
      />
    </>
  );
}

/** What stands behind it: mode, leverage, wallet, and a mark for symbols that no feed marks. */
function MarginFields({ fields, errors, change, currency }: PartProps): React.ReactElement {
  // Futures are margined by account: neither mode nor leverage is theirs to choose.
  const isFutures = currency === 'USD';
  return (
    <>
      {isFutures ? null : (
        <>
          <ChoiceField
            label="Margin"
            value={fields.marginMode}
            choices={MODES}
            error={errors.marginMode}
            onChange={(marginMode) => change({ marginMode })}
          />
          <TextField
            label="Leverage"
            numeric
            unit="×"
            value={fields.leverage}
            error={errors.leverage}
            onChange={(leverage) => change({ leverage })}
          />
        </>
      )}
      {fields.marginMode === 'isolated' && !isFutures ? (
        <TextField
          label="Isolated wallet"
          numeric
          unit="USDT"
          hint="margin of this position, without its PnL"
          value={fields.isolatedWallet}
          error={errors.isolatedWallet}
          onChange={(isolatedWallet) => change({ isolatedWallet })}
        />
      ) : null}
      <TextField
        label="Mark price by hand (optional)"
        numeric
        unit={currency}
        hint="used, and shown as stale, only where no feed marks the symbol"
        value={fields.givenMarkPrice}
        error={errors.givenMarkPrice}
        onChange={(givenMarkPrice) => change({ givenMarkPrice })}
      />
    </>
  );
}

export function PositionDialog(props: PositionDialogProps): React.ReactElement {
  const current = usePortfolio((state) => state.portfolio);
  // A first position needs an account to stand in: it is made with it, and only when the position is saved.
  const [portfolio] = useState<Portfolio>(() =>
    current.accounts.length > 0 ? current : { accounts: [{ ...FIRST_ACCOUNT, id: newId('account') }] },
  );
  const [fields, setFields] = useState(() => startFields(portfolio, props));
  const [errors, setErrors] = useState<FieldErrors<PositionFields>>({});
  const instruments = useSource((state) => state.opened?.instruments) ?? [];
  const check = (typed: PositionFields) =>
    checkPosition(typed, {
      portfolio: current.accounts.length > 0 ? portfolio : settlingIn(portfolio, typed, instruments),
      positionId: props.positionId,
      instruments,
    });
  const change: Change = (part) => {
    const next = { ...fields, ...part };
    setFields(next);
    // Once a mistake was shown, it goes as soon as it is put right.
    if (Object.keys(errors).length > 0) {
      const checked = check(next);
      setErrors(checked.ok ? {} : checked.errors);
    }
  };
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    const checked = check(fields);
    if (!checked.ok) {
      setErrors(checked.errors);
      return;
    }
    const fitting = settlingIn(portfolio, fields, instruments);
    const made = current.accounts.length === 0 ? (fitting.accounts[0] ?? null) : null;
    save(checked.value, fields.accountId, made, props.positionId !== null);
  };
  const shown = current.accounts.length > 0 ? portfolio : settlingIn(portfolio, fields, instruments);
  const currency = shown.accounts.find(({ id }) => id === fields.accountId)?.currency ?? 'USDT';
  return (
    <AppDialog title={props.positionId === null ? 'Add a position' : 'Edit the position'} width="wide">
      <form className="dialog-form" onSubmit={submit} noValidate>
        <div className="form-grid">
          <HoldingFields fields={fields} errors={errors} change={change} currency={currency} />
          <MarginFields fields={fields} errors={errors} change={change} currency={currency} />
          {portfolio.accounts.length < 2 ? null : (
            <SelectField
              label="Account"
              value={fields.accountId}
              choices={portfolio.accounts.map(({ id, name }) => ({ value: id, label: name }))}
              error={errors.accountId}
              onChange={(accountId) => change({ accountId })}
            />
          )}
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={closeDialog}>
            Cancel
          </button>
          <button type="submit" className="button button-main">
            {props.positionId === null ? 'Add' : 'Save'}
          </button>
        </footer>
      </form>
    </AppDialog>
  );
}
