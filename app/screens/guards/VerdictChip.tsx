/** A verdict of the guards: word, shape and colour, and its reasons in words. */
import './verdict.css';
import type { GuardReason, GuardVerdictKind } from '../../../workers/contract/guard-board.ts';
import { reasonWords } from './reason-words.ts';

const SHAPES: Readonly<Record<GuardVerdictKind, React.ReactElement>> = {
  ALLOW: <path d="m1.6 5.4 2.4 2.4 4.4-5.2" className="shape-open" />,
  REDUCE: <path d="M1 3h8L5 9Z" />,
  BLOCK: <path d="M1.5 1.5h7v7h-7Z" />,
};

/** The word with its shape. */
export function VerdictChip({ verdict }: { readonly verdict: GuardVerdictKind }): React.ReactElement {
  return (
    <span className={`verdict verdict-${verdict.toLowerCase()}`}>
      <svg className="status-shape" viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[verdict]}
      </svg>
      {verdict}
    </span>
  );
}

/** Every reason with its numbers and its source. */
export function ReasonList({ reasons }: { readonly reasons: readonly GuardReason[] }): React.ReactElement {
  return (
    <ul className="reasons">
      {reasons.map((reason) => (
        <li key={`${reason.rule} ${reason.subject} ${reason.event}`} className={`reason-${reason.severity}`}>
          <strong>{reason.title}.</strong> {reasonWords(reason)}{' '}
          <span className="muted">
            ({reason.rule}; {reason.source})
          </span>
        </li>
      ))}
    </ul>
  );
}
