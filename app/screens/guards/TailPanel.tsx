/** Tail risk of the whole portfolio: value at risk, expected shortfall, and what they stand on. */
import { EmptyNote } from '../../ui/EmptyNote.tsx';

export function TailPanel(): React.ReactElement {
  return <EmptyNote title="Not known yet" text="Tail risk needs returns of the held instruments." />;
}
