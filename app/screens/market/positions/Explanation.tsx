/** The derivation of one figure, beside the figure: formula, terms, bracket row, sources; copied as text. */
import { useQuery } from '@tanstack/react-query';
import { createElement, useRef } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import type { DerivationTerm } from '../../../../engine/margin/margin-report.ts';
import { formatDateTime, type Zone, zoneName } from '../../../format/time.ts';
import {
  type AskedFigure,
  closeExplanation,
  explainAgain,
  useExplain,
} from '../../../state/explain-store.ts';
import { useMargin } from '../../../state/margin-slice.ts';
import { tell } from '../../../state/notices.ts';
import { usePortfolio } from '../../../state/portfolio-store.ts';
import { usePreferences } from '../../../state/preferences.ts';
import { explainQuery } from '../../../state/queries.ts';
import { FailureNote } from '../../../ui/FailureNote.tsx';
import { accountDerivation } from './account-derivation.ts';
import { derivationText, sourcesOf, sourceWords, termValue } from './derivation-text.ts';

interface TermProps {
  readonly term: DerivationTerm;
  readonly depth: number;
  /** All sources of the derivation; a term names its own by its number. */
  readonly sources: readonly string[];
}

function Term({ term, depth, sources }: TermProps): React.ReactElement {
  const note = term.source === null ? 0 : sources.indexOf(term.source) + 1;
  return (
    <li className={depth === 0 ? 'term term-root' : 'term'}>
      <div className="term-line">
        <span className="term-label">
          {term.label}
          {note === 0 ? null : <sup title={sourceWords(term.source ?? '', 'utc')}>{note}</sup>}
        </span>
        <span className="term-value">{termValue(term)}</span>
      </div>
      {term.formula === null ? null : <p className="term-formula">= {term.formula}</p>}
      {term.terms.length === 0
        ? null
        : // Terms keep their places for as long as they are shown, so they go in as fixed children without keys.
          createElement(
            'ul',
            { className: 'terms' },
            ...term.terms.map((part) => createElement(Term, { term: part, depth: depth + 1, sources })),
          )}
    </li>
  );
}

function copy(term: DerivationTerm, zone: Zone): void {
  navigator.clipboard?.writeText(derivationText(term, zone)).then(
    () => tell('news', 'The derivation was copied'),
    () => tell('trouble', 'The browser did not allow copying; select the text instead'),
  );
}

function Tree({
  term,
  atMicros,
}: {
  readonly term: DerivationTerm;
  readonly atMicros: number | null;
}): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  const sources = sourcesOf(term);
  return (
    <>
      <ul className="terms terms-root">
        <Term term={term} depth={0} sources={sources} />
      </ul>
      {sources.length === 0 ? null : (
        <ol className="term-sources">
          {sources.map((source) => (
            <li key={source}>{sourceWords(source, zone)}</li>
          ))}
        </ol>
      )}
      <footer className="explanation-foot">
        <span className="muted">
          {atMicros === null ? '' : `at ${formatDateTime(atMicros, zone)} ${zoneName(atMicros, zone)}`}
        </span>
        <button type="button" className="link-button" onClick={explainAgain}>
          Ask again
        </button>
        <button type="button" className="link-button" onClick={() => copy(term, zone)}>
          Copy as text
        </button>
      </footer>
    </>
  );
}

function PositionExplanation({
  asked,
  askedAt,
}: {
  readonly asked: Extract<AskedFigure, { of: 'position' }>;
  readonly askedAt: number;
}): React.ReactElement {
  const { data, error } = useQuery(
    explainQuery({ positionId: asked.positionId, figure: asked.figure, askedAt }),
  );
  // The instant of the question: kept while the reader reads.
  const atMicros = useRef(useMargin.getState().report?.atMicros ?? null);
  if (error !== null)
    return <FailureNote title="This figure has no derivation now" failure={error.failure} />;
  if (data === undefined) return <p className="muted">Asking the risk engine…</p>;
  return <Tree term={data} atMicros={atMicros.current} />;
}

function AccountExplanation({
  asked,
  askedAt,
}: {
  readonly asked: Extract<AskedFigure, { of: 'account' }>;
  readonly askedAt: number;
}): React.ReactElement {
  const report = useRef(useMargin.getState().report);
  const account = usePortfolio(({ portfolio }) =>
    portfolio.accounts.find(({ id }) => id === asked.accountId),
  );
  // The requirement of a futures account is not a sum of its rows: the risk engine derives it whole.
  const first = account?.positions[0];
  if (account?.currency === 'USD' && asked.figure === 'accountMarginRatio' && first !== undefined) {
    const inPosition = { of: 'position', positionId: first.id, figure: 'marginRatio' } as const;
    return <PositionExplanation asked={inPosition} askedAt={askedAt} />;
  }
  const term =
    report.current === null || account === undefined
      ? null
      : accountDerivation(report.current, account, asked.figure);
  if (term === null) return <p className="muted">The account is not in the newest report.</p>;
  return <Tree term={term} atMicros={report.current?.atMicros ?? null} />;
}

/** The one explanation of the page; it follows whichever figure was pressed. */
export function Explanation(): React.ReactElement | null {
  const { asked, anchor, askedAt } = useExplain();
  const anchorRef = useRef<HTMLElement | null>(null);
  anchorRef.current = anchor;
  if (asked === null) return null;
  return (
    <Popover
      className="popover explanation"
      triggerRef={anchorRef}
      isOpen
      placement="top"
      onOpenChange={(isOpen) => {
        if (!isOpen) closeExplanation();
      }}
    >
      <Dialog className="popover-body" aria-label="How this figure comes about">
        {asked.of === 'position' ? (
          <PositionExplanation key={askedAt} asked={asked} askedAt={askedAt} />
        ) : (
          <AccountExplanation key={askedAt} asked={asked} askedAt={askedAt} />
        )}
      </Dialog>
    </Popover>
  );
}
