/** Both requirements by account and by position. */
import type { TwoRegimes } from '../../../workers/contract/two-regimes.ts';
import { ABSENT, formatNumber, formatRatio } from '../../format/number.ts';
import { decimalsOf } from './regime-words.ts';

interface TableProps {
  readonly answer: TwoRegimes;
}

function cover(balance: number, requirement: number): string {
  return requirement > 0 ? formatRatio(balance / requirement) : ABSENT;
}

function Accounts({ answer }: TableProps): React.ReactElement {
  const decimals = decimalsOf(answer);
  return (
    <table className="regime-table">
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col">Brackets</th>
          <th scope="col">covered</th>
          <th scope="col">SPAN</th>
          <th scope="col">covered</th>
        </tr>
      </thead>
      <tbody>
        {answer.accounts.map(({ accountId, name, held, left, byBrackets, bySpan, balance }) => (
          <tr key={accountId}>
            <th scope="row">
              {name}
              {left === 0 ? null : <span className="muted"> {left} left out</span>}
            </th>
            <td>{held === 0 ? ABSENT : formatNumber(byBrackets, decimals)}</td>
            <td>{held === 0 ? ABSENT : cover(balance, byBrackets)}</td>
            <td>{held === 0 ? ABSENT : formatNumber(bySpan, decimals)}</td>
            <td>{held === 0 ? ABSENT : cover(balance, bySpan)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Parameters of the other regime are marked in words, not by colour. */
function Amount({ text, isAssumed }: { readonly text: string; readonly isAssumed: boolean }) {
  return (
    <td>
      {text}
      {isAssumed ? <span className="regime-assumed">assumed</span> : null}
    </td>
  );
}

function Positions({ answer }: TableProps): React.ReactElement {
  const decimals = decimalsOf(answer);
  return (
    <table className="regime-table" data-testid="regime-positions">
      <thead>
        <tr>
          <th scope="col">Position</th>
          <th scope="col">Notional</th>
          <th scope="col">Brackets</th>
          <th scope="col">SPAN alone</th>
        </tr>
      </thead>
      <tbody>
        {answer.positions.map(
          ({ positionId, title, accountName, notional, byBrackets, bySpanAlone, assumed }) => (
            <tr key={positionId}>
              <th scope="row" title={accountName}>
                {title}
              </th>
              <td>{formatNumber(notional, decimals)}</td>
              <Amount text={formatNumber(byBrackets, decimals)} isAssumed={assumed === 'brackets'} />
              <Amount text={formatNumber(bySpanAlone, decimals)} isAssumed={assumed === 'span'} />
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

export function RegimeTables({ answer }: TableProps): React.ReactElement {
  return (
    <>
      <Accounts answer={answer} />
      <Positions answer={answer} />
    </>
  );
}
