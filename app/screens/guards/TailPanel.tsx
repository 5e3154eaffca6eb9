/** Tail risk of the whole portfolio: value at risk, expected shortfall, and everything they stand on. */
import './tail.css';
import { useQuery } from '@tanstack/react-query';
import type { TailCurrency, TailReport } from '../../../workers/contract/tail-risk.ts';
import { askTail, readTailDraft, tailQuery, useTail } from '../../state/tail-store.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { HistoryPart } from './HistoryPart.tsx';
import { TailFactors } from './TailFactors.tsx';
import { TailTotals } from './TailTotals.tsx';
import { withoutVenues } from './tail-words.ts';

const CURRENCY_WORDS: Readonly<Record<TailCurrency, string>> = {
  joined: 'all, 1 USD = 1 USDT',
  USDT: 'USDT alone',
  USD: 'USD alone',
};

function Choices({ report }: { readonly report: TailReport | null }): React.ReactElement {
  const confidence = useTail((state) => state.confidence);
  const currency = useTail((state) => state.currency);
  return (
    <div className="tail-choices">
      <fieldset className="tail-confidence">
        <legend className="visually-hidden">Confidence</legend>
        {(['0.95', '0.99'] as const).map((value) => (
          <label key={value} className="ticket-check">
            <input
              type="radio"
              name="tail-confidence"
              checked={confidence === value}
              onChange={() => askTail({ confidence: value })}
            />
            {value === '0.95' ? '95 %' : '99 %'}
          </label>
        ))}
      </fieldset>
      {report === null || (report.currencies.length < 2 && currency === 'joined') ? null : (
        <label className="tail-select">
          <span className="muted">Money</span>{' '}
          <select
            className="select-quiet"
            value={currency}
            onChange={(event) => askTail({ currency: event.target.value as TailCurrency })}
          >
            {(['joined', 'USDT', 'USD'] as const).map((value) => (
              <option key={value} value={value}>
                {CURRENCY_WORDS[value]}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

/** Why there is no number. */
function NotKnown({ failure }: { readonly failure: NonNullable<TailReport['failure']> }): React.ReactElement {
  const isYoung = failure.code === 'portfolio/history-too-short';
  const title =
    failure.code === 'portfolio/position-unknown'
      ? 'Nothing at risk'
      : isYoung
        ? `Not known yet (${failure.message})`
        : 'Not known';
  const text = isYoung
    ? 'Each minute of the run adds a return; a file of closes brings them at once.'
    : withoutVenues(failure.message);
  return <EmptyNote title={title} text={text} />;
}

export function TailPanel(): React.ReactElement {
  const draft = useTail();
  const { question, errors } = readTailDraft(draft);
  const { data, error } = useQuery(tailQuery(question, draft));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="tail" aria-label="Tail risk" data-testid="tail-risk" tabIndex={0}>
      <Choices report={data ?? null} />
      {error === null ? null : <FailureNote title="No tail risk" failure={error.failure} />}
      {error === null && data === undefined ? <EmptyNote title="Reckoning …" /> : null}
      {data === undefined || error !== null ? null : (
        <>
          {data.failure === null ? null : <NotKnown failure={data.failure} />}
          {data.figures === null ? null : <TailTotals report={data} figures={data.figures} />}
          <HistoryPart report={data} />
          {data.figures === null ? null : (
            <TailFactors report={data} figures={data.figures} errors={errors} />
          )}
        </>
      )}
    </section>
  );
}
