/** Adds or edits an account. */
import { useState } from 'react';
import { closeDialog } from '../../../state/dialogs.ts';
import { tell } from '../../../state/notices.ts';
import { putAccount } from '../../../state/portfolio-edits.ts';
import { changePortfolio, undo, usePortfolio } from '../../../state/portfolio-store.ts';
import { AppDialog } from '../../../ui/AppDialog.tsx';
import { ChoiceField, TextField } from '../../../ui/fields.tsx';
import { type AccountFields, checkAccount, type FieldErrors } from './position-form.ts';

const CURRENCIES = [
  { value: 'USDT', label: 'USDT, perpetuals' },
  { value: 'USD', label: 'USD, CME futures' },
] as const;
const MODES = [
  { value: 'one-way', label: 'One-way' },
  { value: 'hedge', label: 'Hedge' },
] as const;

export function AccountDialog({ accountId }: { readonly accountId: string | null }): React.ReactElement {
  const portfolio = usePortfolio((state) => state.portfolio);
  const account = portfolio.accounts.find(({ id }) => id === accountId) ?? null;
  const [fields, setFields] = useState<AccountFields>(() => ({
    name: account?.name ?? '',
    currency: account?.currency ?? 'USDT',
    crossWalletBalance: account?.crossWalletBalance ?? '',
    positionMode: account?.positionMode ?? 'one-way',
  }));
  const [errors, setErrors] = useState<FieldErrors<AccountFields>>({});
  const change = (part: Partial<AccountFields>): void => {
    const next = { ...fields, ...part };
    setFields(next);
    if (Object.keys(errors).length > 0) {
      const checked = checkAccount(next, account);
      setErrors(checked.ok ? {} : checked.errors);
    }
  };
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    const checked = checkAccount(fields, account);
    if (!checked.ok) {
      setErrors(checked.errors);
      return;
    }
    const verb = account === null ? 'Added' : 'Changed';
    changePortfolio(`${verb.toLowerCase()} account ${checked.value.name}`, (before) =>
      putAccount(before, checked.value),
    );
    tell('news', `${verb} account ${checked.value.name}`, { label: 'Undo', run: undo });
    closeDialog();
  };
  return (
    <AppDialog title={account === null ? 'Add an account' : 'Edit the account'}>
      <form className="dialog-form" onSubmit={submit} noValidate>
        <TextField
          label="Name"
          autoFocus
          value={fields.name}
          error={errors.name}
          onChange={(name) => change({ name })}
        />
        <ChoiceField
          label="Currency"
          value={fields.currency}
          choices={CURRENCIES}
          error={errors.currency}
          hint="an account in one currency covers nothing in the other"
          onChange={(currency) => change({ currency })}
        />
        <TextField
          label="Cross wallet balance"
          numeric
          unit={fields.currency}
          hint="without isolated wallets and without unrealised PnL"
          value={fields.crossWalletBalance}
          error={errors.crossWalletBalance}
          onChange={(crossWalletBalance) => change({ crossWalletBalance })}
        />
        <ChoiceField
          label="Position mode"
          value={fields.positionMode}
          choices={MODES}
          error={errors.positionMode}
          hint="hedge holds a symbol long and short at once"
          onChange={(positionMode) => change({ positionMode })}
        />
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={closeDialog}>
            Cancel
          </button>
          <button type="submit" className="button button-main">
            {account === null ? 'Add' : 'Save'}
          </button>
        </footer>
      </form>
    </AppDialog>
  );
}
