/** A book of portfolios on the SPAN screen: loaded or tried, watched while it is margined, then its sums and its table. */
import { useEffect, useState } from 'react';
import type { BookProgress, BookSummary } from '../../../workers/contract/span-book.ts';
import { formatCount, formatNumber, formatSignedPercent } from '../../format/number.ts';
import {
  askForBook,
  cancelBook,
  closeBook,
  EXAMPLE_COUNTS,
  marginAgain,
  marginExample,
  saveBook,
  useBook,
} from '../../state/span-book.ts';
import { setOf, useSpan } from '../../state/span-store.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { BookTable } from './BookTable.tsx';
import { amountWords, classWords, setWords, signedWords } from './span-words.ts';

const PHASES: Readonly<Record<BookProgress['phase'], string>> = {
  reading: 'Reading',
  drawing: 'Making up',
  margining: 'Margining',
  finishing: 'Ordering',
};

const workerWords = (count: number): string => `${count} worker${count === 1 ? '' : 's'}`;
const rateWords = (rate: number): string => `${formatCount(Math.round(rate / 1_000) * 1_000)} portfolios/s`;

/** Says what is on its way; Escape ends it wherever the focus is, unless something else takes the key. */
function Running({ progress }: { readonly progress: BookProgress }): React.ReactElement {
  const { name, phase, done, count, portfoliosPerSecond, workers } = progress;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTaken = event.defaultPrevented || document.querySelector('[role="dialog"]') !== null;
      if (event.key === 'Escape' && !isTaken) cancelBook();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const part =
    phase === 'reading'
      ? `${formatNumber(done / 1e6, 1)} of ${formatNumber(count / 1e6, 1)} MB`
      : `${formatCount(done)} of ${formatCount(count)} portfolios`;
  return (
    <div className="book-running" data-testid="book-running">
      <p>
        {PHASES[phase]} {name}: <span data-testid="book-done">{part}</span>
        {phase === 'margining' ? ` · ${rateWords(portfoliosPerSecond)} · ${workerWords(workers)}` : ''}
      </p>
      <progress value={count === 0 ? 0 : done / count} max={1} aria-label={`${PHASES[phase]} the book`} />
      <button type="button" className="button" onClick={cancelBook}>
        Cancel <kbd className="book-key">Esc</kbd>
      </button>
    </div>
  );
}

function ExampleChoice(): React.ReactElement {
  const [count, setCount] = useState<number>(EXAMPLE_COUNTS[1]);
  return (
    <span className="book-example">
      <button type="button" className="button" onClick={() => marginExample(count)}>
        Try {formatCount(count)} example portfolios
      </button>
      <select
        className="select-quiet"
        aria-label="Size of the example book"
        value={count}
        onChange={(event) => setCount(Number(event.target.value))}
      >
        {EXAMPLE_COUNTS.map((one) => (
          <option key={one} value={one}>
            {formatCount(one)}
          </option>
        ))}
      </select>
    </span>
  );
}

/** Why the last attempt brought no book; one that the reader ended is no failure. */
function Attempt(): React.ReactElement | null {
  const { failure, summary } = useBook();
  if (failure === null) return null;
  const isCancelled = failure.code === 'worker/cancelled';
  const stays = summary === null ? '' : ' The book before stays.';
  return (
    <p
      className={isCancelled ? 'book-note muted' : 'book-note span-note-trouble'}
      role={isCancelled ? 'status' : 'alert'}
      data-testid="book-attempt"
    >
      {isCancelled ? 'Cancelled: nothing of it was kept.' : failure.message}
      {stays}{' '}
      <button type="button" className="link-button" onClick={marginAgain}>
        {isCancelled ? 'Begin again' : 'Try again'}
      </button>
    </p>
  );
}

/** Under which set and class the book stands, where these are no longer the ones in force. */
function OtherCase({ summary }: { readonly summary: BookSummary }): React.ReactElement | null {
  const now = useSpan((state) => state.now);
  const card = useSpan((state) => state.sets.find(({ hash }) => hash === summary.setHash) ?? null);
  if (now === null || (now.setHash === summary.setHash && now.classIndex === summary.classIndex)) return null;
  const chosen = card?.classes[summary.classIndex];
  return (
    <p className="book-note" role="status">
      This book stands under {card === null ? `set ${summary.setHash}` : setWords(card)}
      {chosen === undefined ? '' : `, ${classWords(chosen)}`}.{' '}
      <button type="button" className="link-button" onClick={marginAgain}>
        Margin it under the set in force
      </button>
    </p>
  );
}

/** What the same book needed under the set or class it was margined under before. */
function Before({ summary }: { readonly summary: BookSummary }): React.ReactElement | null {
  const before = useBook((state) => state.before);
  const card = useSpan((state) => state.sets.find(({ hash }) => hash === before?.setHash) ?? null);
  if (before === null) return null;
  const was = before.sums.requirement;
  const change = summary.sums.requirement - was;
  const chosen = card?.classes[before.classIndex];
  const isSameSet = before.setHash === summary.setHash;
  const under = isSameSet || card === null ? '' : setWords(card);
  const words = [
    under,
    before.classIndex === summary.classIndex || chosen === undefined ? '' : classWords(chosen),
  ];
  return (
    <p data-testid="book-before">
      Before: {amountWords(was)} {before.baseCurrency} under{' '}
      {words.filter((one) => one !== '').join(', ') || 'other rates'};{' '}
      <strong className={change > 0 ? 'loss' : 'gain'}>
        {signedWords(change)}
        {was === 0 ? '' : ` (${formatSignedPercent(change / was, 1)})`}
      </strong>
      {before.refusedCount === summary.refusedCount
        ? ''
        : `, ${formatCount(before.refusedCount)} portfolios were refused then`}
    </p>
  );
}

function Refusals({ summary }: { readonly summary: BookSummary }): React.ReactElement | null {
  const { refusals, refusedCount, strayRowCount, problems } = summary;
  if (refusedCount === 0 && strayRowCount === 0) return null;
  const stray = problems.find(({ portfolio }) => portfolio === '');
  return (
    <details className="book-refusals" data-testid="book-refusals">
      <summary>
        {refusedCount === 0
          ? ''
          : `${formatCount(refusedCount)} portfolios refused: they are in no sum, and none of them counts as 0. `}
        {strayRowCount === 0
          ? ''
          : strayRowCount === 1
            ? '1 row belongs to no portfolio.'
            : `${formatCount(strayRowCount)} rows belong to no portfolio.`}
      </summary>
      <ul>
        {refusals.map(({ code, count, examples }) => (
          <li key={code}>
            {formatCount(count)} × <code>{code}</code>, e.g. {examples[0]?.portfolio}: {examples[0]?.message}
          </li>
        ))}
        {stray === undefined ? null : (
          <li>
            Line {stray.line}: {stray.message}
          </li>
        )}
      </ul>
    </details>
  );
}

function Sums({ summary }: { readonly summary: BookSummary }): React.ReactElement {
  const { sums, baseCurrency, portfolioCount, refusedCount, bookHash } = summary;
  const all: readonly (readonly [string, number])[] = [
    ['Scan risk', sums.scanRisk],
    ['Charges', sums.calendarCharge + sums.spotCharge],
    ['Credits', -sums.interCredit],
    ['Option minimum', sums.shortOptionMinimum],
    ['Option value', -sums.netOptionValue],
  ];
  return (
    <div className="book-sums">
      <p data-testid="book-sum">
        {summary.isExample ? <span className="tag tag-demo">EXAMPLE</span> : null}
        <strong>
          {amountWords(sums.requirement)} {baseCurrency}
        </strong>{' '}
        for {formatCount(portfolioCount - refusedCount)}{' '}
        {portfolioCount - refusedCount === 1 ? 'portfolio' : 'portfolios, each on its own'}
        {summary.isExample ? ', invented' : ''}
      </p>
      <dl className="book-parts">
        {all.map(([name, value]) =>
          value === 0 ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{amountWords(value)}</dd>
            </div>
          ),
        )}
      </dl>
      <Before summary={summary} />
      <p className="muted" data-testid="book-facts">
        book <code data-testid="book-hash">{bookHash}</code> · {workerWords(summary.workers)} ·{' '}
        {/* A handful is margined in no time that could be measured. */}
        {portfolioCount < 1_000 ? '' : `${rateWords(summary.portfoliosPerSecond)} · `}
        {formatCount(summary.rowCount)} positions
      </p>
    </div>
  );
}

export function BookChoices(): React.ReactElement | null {
  const summary = useBook((state) => state.summary);
  return summary === null ? null : <span className="panel-choice">{summary.name}</span>;
}

export function BookActions(): React.ReactElement | null {
  const { summary, progress } = useBook();
  if (summary === null || progress !== null) return null;
  return (
    <>
      <button type="button" className="panel-action" onClick={askForBook}>
        Load book…
      </button>
      <button type="button" className="panel-action" onClick={() => void saveBook()}>
        Book CSV
      </button>
      <button type="button" className="panel-action" onClick={closeBook}>
        Close book
      </button>
    </>
  );
}

export function Book(): React.ReactElement {
  const { progress, summary } = useBook();
  const card = useSpan((state) => setOf(state, state.now));
  if (progress !== null) return <Running progress={progress} />;
  if (summary === null) {
    return (
      <EmptyNote
        title="Many portfolios at once"
        text="A CSV file with the columns portfolio,contract,lots is margined under the set and class in force, every portfolio on its own."
      >
        <button type="button" className="button button-main" disabled={card === null} onClick={askForBook}>
          Load book…
        </button>
        <ExampleChoice />
        <Attempt />
      </EmptyNote>
    );
  }
  return (
    <div className="span-book">
      <Attempt />
      <OtherCase summary={summary} />
      <Sums summary={summary} />
      <Refusals summary={summary} />
      <BookTable summary={summary} />
    </div>
  );
}
