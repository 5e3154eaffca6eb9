/** Before and after: the case in force against the one before the last edit, or against one the reader keeps. */
import type { SpanAnswer } from '../../../workers/contract/span-api.ts';
import { setOf, takeBack, useSpan } from '../../state/span-store.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { ScrollRegion } from './ScrollRegion.tsx';
import { amountWords, setWords, signedWords } from './span-words.ts';
import { useCase, useComparedAnswer } from './use-case.ts';

interface ComparedRow {
  readonly label: string;
  readonly before: number;
  readonly after: number;
  readonly isTotal: boolean;
}

/** Sums that a committee asks for, of both sides, then every commodity. */
function rowsOf(before: SpanAnswer, after: SpanAnswer): readonly ComparedRow[] {
  const sum = (answer: SpanAnswer, of: (c: SpanAnswer['report']['commodities'][number]) => number): number =>
    answer.report.commodities.reduce((whole, c) => whole + of(c), 0);
  const row = (
    label: string,
    of: (c: SpanAnswer['report']['commodities'][number]) => number,
  ): ComparedRow => ({
    label,
    before: sum(before, of),
    after: sum(after, of),
    isTotal: false,
  });
  const codes = [...new Set([before, after].flatMap((a) => a.report.commodities.map((c) => c.commodity)))];
  return [
    {
      label: 'Requirement',
      before: before.report.requirement,
      after: after.report.requirement,
      isTotal: true,
    },
    row('Scan risk', (c) => c.scanRisk),
    row('Calendar charge', (c) => c.calendarCharge),
    row('Delivery charge', (c) => c.spotCharge),
    row('Inter-commodity credit', (c) => -c.interCredit),
    row('Net option value', (c) => -c.netOptionValue),
    ...codes.map((code) => row(`Risk of ${code}`, (c) => (c.commodity === code ? c.risk : 0))),
  ];
}

/** The words beside the tabs: what the case is compared with. */
export function CompareChoices(): React.ReactElement | null {
  const { card } = useCase();
  const before = useSpan((state) => state.before);
  const beforeCard = useSpan((state) => setOf(state, state.before?.spanCase ?? null));
  if (before === null) return null;
  const sameSet = before.spanCase.setHash === card?.hash;
  return (
    <span className="panel-choice">
      {before.words}
      {sameSet || beforeCard === null || card === null ? '' : `: ${setWords(beforeCard)} → ${setWords(card)}`}
    </span>
  );
}

export function CompareActions(): React.ReactElement | null {
  const before = useSpan((state) => state.before);
  if (before === null) return null;
  return (
    <button type="button" className="panel-action" onClick={takeBack}>
      Take back
    </button>
  );
}

export function Compare(): React.ReactElement {
  const { answer, waiting } = useCase();
  const before = useSpan((state) => state.before);
  const compared = useComparedAnswer();
  if (before === null || answer === null || compared === null) {
    return (
      <EmptyNote
        title="Nothing changed yet"
        text="Change or drop a leg, or choose another set: what it does stands here. Keep a case to compare with it for longer."
      />
    );
  }
  const change = answer.report.requirement - compared.report.requirement;
  return (
    <ScrollRegion label="Before and after">
      <table className={waiting ? 'span-table span-stale' : 'span-table'} data-testid="span-compare">
        <caption className="span-caption">
          {change === 0
            ? 'The requirement stays the same.'
            : `The requirement ${change > 0 ? 'rises' : 'falls'} by ${amountWords(Math.abs(change))} ${answer.report.baseCurrency}.`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(compared, answer).map((row) => (
            <tr key={row.label} className={row.isTotal ? 'span-row-total' : undefined}>
              <th scope="row">{row.label}</th>
              <td>{amountWords(row.before)}</td>
              <td>{amountWords(row.after)}</td>
              <td className={row.after > row.before ? 'loss' : row.after < row.before ? 'gain' : 'muted'}>
                {signedWords(row.after - row.before)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
