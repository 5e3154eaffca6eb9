/** The derivation of a SPAN figure as a tree that is unfolded to the term that was asked for, down to cell and record. */
import { useQuery } from '@tanstack/react-query';
import { createElement, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import type { DerivationTerm } from '../../../engine/margin/margin-report.ts';
import { SPAN_LABEL, type SpanCase } from '../../../workers/contract/span-api.ts';
import { tell } from '../../state/notices.ts';
import { spanTermsQuery } from '../../state/span-queries.ts';
import { explainTerms, type OpenTerms, useSpan } from '../../state/span-store.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { CloseIcon } from '../../ui/icons.tsx';
import { derivationText, termValue } from '../market/positions/derivation-text.ts';

interface TermProps {
  readonly term: DerivationTerm;
  readonly depth: number;
  readonly open: OpenTerms;
}

/** Terms of the first two levels, and those on the way, stand open; the others are built when they are opened. */
function Term({ term, depth, open }: TermProps): React.ReactElement {
  const isOnTheWay = open.includes(term.label);
  const isAsked = open.at(-1) === term.label;
  const [isOpen, setOpen] = useState(depth < 2 || isOnTheWay);
  const head = (
    <span className="term-line">
      <span className="term-label">{term.label}</span>
      <span className="term-value">{termValue(term)}</span>
    </span>
  );
  const notes = (
    <>
      {term.formula === null ? null : <p className="term-formula">= {term.formula}</p>}
      {term.source === null ? null : <p className="span-source">{term.source}</p>}
    </>
  );
  const reveal = (element: HTMLLIElement | null): void => {
    if (isAsked && element !== null && element.dataset['shown'] === undefined) {
      element.dataset['shown'] = '';
      element.scrollIntoView({ block: 'center' });
    }
  };
  return (
    <li className={isAsked ? 'term span-asked' : 'term'} ref={reveal}>
      {term.terms.length === 0 ? (
        <div className="span-term-leaf">
          {head}
          {notes}
        </div>
      ) : (
        <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{head}</summary>
          {notes}
          {isOpen
            ? createElement(
                'ul',
                { className: 'terms' },
                ...term.terms.map((part) => createElement(Term, { term: part, depth: depth + 1, open })),
              )
            : null}
        </details>
      )}
    </li>
  );
}

function copy(term: DerivationTerm): void {
  navigator.clipboard?.writeText(`${SPAN_LABEL}\n${derivationText(term, 'utc')}`).then(
    () => tell('news', 'The derivation was copied'),
    () => tell('trouble', 'The browser did not allow copying; select the text instead'),
  );
}

function Tree({
  spanCase,
  open,
}: {
  readonly spanCase: SpanCase;
  readonly open: OpenTerms;
}): React.ReactElement {
  const { data, error } = useQuery(spanTermsQuery(spanCase));
  if (error !== null)
    return <FailureNote title="This figure has no derivation now" failure={error.failure} />;
  if (data === undefined) return <p className="muted">Asking the margin engine…</p>;
  return (
    <>
      <ul className="terms span-terms">
        <Term term={data} depth={0} open={open} />
      </ul>
      <footer className="span-explain-foot">
        <span className="muted">{SPAN_LABEL}</span>
        <button type="button" className="link-button" onClick={() => copy(data)}>
          Copy as text
        </button>
      </footer>
    </>
  );
}

export function ExplainDialog(): React.ReactElement | null {
  const explained = useSpan((state) => state.explained);
  const now = useSpan((state) => state.now);
  if (explained === null || now === null) return null;
  return (
    <ModalOverlay
      className="scrim"
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) explainTerms(null);
      }}
    >
      <Modal className="modal modal-wide">
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title" className="dialog-title">
              How this figure comes about
            </Heading>
            <button
              type="button"
              className="icon-button"
              aria-label="Close"
              onClick={() => explainTerms(null)}
            >
              <CloseIcon />
            </button>
          </header>
          <div className="span-explain">
            <Tree spanCase={now} open={explained} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
