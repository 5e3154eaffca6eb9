/** The portfolio in force under crypto brackets and under SPAN: both requirements, and the steps from one to the other. */
import './regimes.css';
import { useQuery } from '@tanstack/react-query';
import type { TwoRegimes } from '../../../workers/contract/two-regimes.ts';
import { formatNumber, formatSigned } from '../../format/number.ts';
import { assume, readDraft, regimesQuery, useRegimes } from '../../state/regime-store.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { RegimeAssumptions } from './RegimeAssumptions.tsx';
import { RegimeTables } from './RegimeTables.tsx';
import { coverWords, decimalsOf, gapBars, gapSentence, leftWords, unitOf } from './regime-words.ts';

interface TotalProps {
  readonly name: string;
  readonly amount: number;
  readonly answer: TwoRegimes;
}

function Total({ name, amount, answer }: TotalProps): React.ReactElement {
  const isShort = amount > 0 && answer.balance <= amount;
  return (
    <div className="regime-total" data-regime={name.toLowerCase()}>
      <dt>{name}</dt>
      <dd>
        <strong>{formatNumber(amount, decimalsOf(answer))}</strong>
        <span className={isShort ? 'regime-short' : 'muted'}>
          {coverWords(answer.balance, amount)}
          {isShort ? ': too little' : ''}
        </span>
      </dd>
    </div>
  );
}

function Gap({ answer }: { readonly answer: TwoRegimes }): React.ReactElement {
  const { byBrackets, bySpan, gap } = answer;
  const decimals = decimalsOf(answer);
  const bars = gapBars(byBrackets, gap, decimals);
  const highest = Math.max(1, byBrackets, bySpan, ...bars.map(({ to }) => to));
  const share = (value: number): number => (Math.max(0, value) / highest) * 100;
  const bar = (kind: string, from: number, to: number): React.ReactElement => (
    <span className="regime-track" aria-hidden="true">
      {from === to ? null : (
        <span
          className={`regime-fill regime-${kind}`}
          style={{
            insetInlineStart: `${share(Math.min(from, to))}%`,
            inlineSize: `max(1px, ${share(Math.max(from, to)) - share(Math.min(from, to))}%)`,
          }}
        />
      )}
    </span>
  );
  return (
    <ol className="regime-gap" aria-label="From brackets to SPAN" data-testid="regime-gap">
      <li>
        <span>Brackets</span>
        <span className="regime-amount">{formatNumber(byBrackets, decimals)}</span>
        {bar('whole', 0, byBrackets)}
      </li>
      {bars.map(({ label, amount, why, from, to }) => (
        <li key={label} data-step={label} className={amount === 0 ? 'regime-none' : ''}>
          <span>{label}</span>
          <span className="regime-amount">{formatSigned(amount, decimals)}</span>
          {bar(to < from ? 'less' : 'more', from, to)}
          <span className="regime-why">{why}</span>
        </li>
      ))}
      <li>
        <span>SPAN</span>
        <span className="regime-amount">{formatNumber(bySpan, decimals)}</span>
        {bar('whole', 0, bySpan)}
      </li>
    </ol>
  );
}

function Answer({ answer }: { readonly answer: TwoRegimes }): React.ReactElement {
  const asOneAccount = useRegimes((state) => state.asOneAccount);
  if (answer.positions.length === 0) {
    return (
      <EmptyNote title="Nothing to compare" text={`No position has figures. ${leftWords(answer.left)}`} />
    );
  }
  return (
    <>
      <dl className="regime-totals" data-testid="regime-totals">
        <Total name="Brackets" amount={answer.byBrackets} answer={answer} />
        <Total name="SPAN" amount={answer.bySpan} answer={answer} />
      </dl>
      <p className="regime-lead">
        {gapSentence(answer)} <span className="muted">Maintenance, {unitOf(answer)}.</span>
      </p>
      <label className="ticket-check">
        <input
          type="checkbox"
          checked={asOneAccount}
          onChange={(event) => assume({ asOneAccount: event.target.checked })}
        />
        SPAN as one account
      </label>
      <p className="muted">
        {asOneAccount
          ? 'A supposition: all positions under SPAN as if one account held them. By brackets nothing nets.'
          : 'Each account by itself, an isolated position too. By brackets nothing nets.'}
        {` ${leftWords(answer.left)}`}
        {answer.trust === 'LIVE' ? '' : ` Marks are ${answer.trust}.`}
      </p>
      <Gap answer={answer} />
      <RegimeTables answer={answer} />
    </>
  );
}

export function RegimePanel(): React.ReactElement {
  const draft = useRegimes();
  const { choices, errors } = readDraft(draft);
  const { data, error } = useQuery(regimesQuery(choices));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="regimes" aria-label="Two regimes" tabIndex={0}>
      {error !== null ? <FailureNote title="No comparison" failure={error.failure} /> : null}
      {error === null && data === undefined ? <EmptyNote title="Reckoning …" /> : null}
      {error === null && data !== undefined ? <Answer answer={data} /> : null}
      <RegimeAssumptions draft={draft} errors={errors} answer={data ?? null} />
    </section>
  );
}
