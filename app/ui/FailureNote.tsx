/** A failure in the flow of the page: what was expected and found, its code, and the next step where there is one. */
import type { Failure } from '../../engine/core/failure.ts';

interface FailureNoteProps {
  readonly title: string;
  readonly failure: Pick<Failure, 'message' | 'code'>;
  readonly action?: React.ReactNode;
}

export function FailureNote({ title, failure, action }: FailureNoteProps): React.ReactElement {
  return (
    <div className="failure-note" role="alert">
      <p className="failure-title">{title}</p>
      <p>{failure.message}</p>
      <p className="failure-code">{failure.code}</p>
      {action}
    </div>
  );
}
