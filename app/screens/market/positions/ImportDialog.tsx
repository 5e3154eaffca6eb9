/** What an import would bring: the good rows, the bad rows named; nothing is in force before it is confirmed. */
import type { ImportedPortfolio, ImportProblem } from '../../../../workers/contract/risk-api.ts';
import { formatCount, formatDecimalText } from '../../../format/number.ts';
import { closeDialog } from '../../../state/dialogs.ts';
import { tell } from '../../../state/notices.ts';
import { addAccounts } from '../../../state/portfolio-edits.ts';
import { changePortfolio, undo, usePortfolio } from '../../../state/portfolio-store.ts';
import { AppDialog } from '../../../ui/AppDialog.tsx';

/** Rows shown of each list; the counts always tell the whole. */
const SHOWN = 100;

function Problems({ problems }: { readonly problems: readonly ImportProblem[] }): React.ReactElement | null {
  if (problems.length === 0) return null;
  return (
    <section className="import-part">
      <h3>
        {formatCount(problems.length)} {problems.length === 1 ? 'problem' : 'problems'}: these rows are left
        out
      </h3>
      <div className="table-scroll import-scroll">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Column</th>
              <th scope="col">Expected</th>
              <th scope="col">Found</th>
            </tr>
          </thead>
          <tbody>
            {problems.slice(0, SHOWN).map(({ line, column, expected, found }) => (
              <tr key={`${line}/${column}/${expected}`}>
                <td>{formatCount(line)}</td>
                <td>{column}</td>
                <td>{expected}</td>
                <td className="loss">{found === '' ? 'nothing' : found}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function GoodRows({ imported }: { readonly imported: ImportedPortfolio }): React.ReactElement {
  const rows = imported.accounts.flatMap((account) =>
    account.positions.map((position) => ({ account, position })),
  );
  return (
    <section className="import-part">
      <h3>
        {formatCount(imported.positions)} {imported.positions === 1 ? 'position' : 'positions'} in{' '}
        {formatCount(imported.accounts.length)} {imported.accounts.length === 1 ? 'account' : 'accounts'}
      </h3>
      <div className="table-scroll import-scroll">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col">Position</th>
              <th scope="col" className="number">
                Size
              </th>
              <th scope="col" className="number">
                Entry
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map(({ account, position }) => (
              <tr key={`${account.id}/${position.id}`}>
                <td>{account.name}</td>
                <td>
                  {position.symbol} {position.side} {position.marginMode}
                </td>
                <td className="number">{formatDecimalText(position.size)}</td>
                <td className="number">{formatDecimalText(position.entryPrice)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN ? <p className="muted">and {formatCount(rows.length - SHOWN)} more</p> : null}
    </section>
  );
}

export function ImportDialog({
  name,
  imported,
}: {
  readonly name: string;
  readonly imported: ImportedPortfolio;
}): React.ReactElement {
  const empty = usePortfolio(({ portfolio }) => portfolio.accounts.length === 0);
  const take = (how: 'added' | 'replaced'): void => {
    changePortfolio(`${how === 'added' ? 'imported' : 'replaced everything by'} ${name}`, (before) =>
      how === 'added' ? addAccounts(before, imported.accounts) : { accounts: imported.accounts },
    );
    tell('news', `Imported ${formatCount(imported.positions)} positions from ${name}`, {
      label: 'Undo',
      run: undo,
    });
    closeDialog();
  };
  const nothing = imported.accounts.length === 0;
  return (
    <AppDialog title={`Import ${name}`} width="wide">
      <div className="dialog-form">
        {nothing ? <p>No row of this file can be used.</p> : <GoodRows imported={imported} />}
        <Problems problems={imported.problems} />
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={closeDialog}>
            {nothing ? 'Close' : 'Cancel'}
          </button>
          {nothing || empty ? null : (
            <button type="button" className="button" onClick={() => take('replaced')}>
              Replace everything
            </button>
          )}
          {nothing ? null : (
            <button type="button" className="button button-main" onClick={() => take('added')}>
              Add
            </button>
          )}
        </footer>
      </div>
    </AppDialog>
  );
}
