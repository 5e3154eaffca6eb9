/** The path: what the same contracts needed under the built-in set of every day on which a margin changed. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HistoryPoint, SpanCase } from '../../../workers/contract/span-api.ts';
import { pathQuery } from '../../state/span-queries.ts';
import { openDate } from '../../state/span-store.ts';
import { EmptyNote } from '../../ui/EmptyNote.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PathChart } from './PathChart.tsx';
import { ScrollRegion } from './ScrollRegion.tsx';
import { amountWords, signedWords } from './span-words.ts';
import { useCase } from './use-case.ts';

/** Stretches that a committee asks for. */
export const STRETCHES = [
  { id: 'march-2020', name: 'March 2020', from: '2020-02-28', to: '2020-03-31' },
  { id: 'year', name: 'Year around the set', from: null, to: null },
] as const;
type StretchId = (typeof STRETCHES)[number]['id'];

function shiftedDay(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The path of a case; null while there is none to ask about. */
export function usePath(stretch: StretchId) {
  const { now, card } = useCase();
  const chosen = STRETCHES.find(({ id }) => id === stretch) ?? STRETCHES[0];
  const date = card?.date ?? '2020-03-13';
  const from = chosen.from ?? shiftedDay(date, -182);
  const to = chosen.to ?? shiftedDay(date, 182);
  const spreads = card?.origin.kind === 'built-in' ? card.origin.spreads : 'assumed';
  const positions: SpanCase['positions'] = now?.positions ?? [];
  const isMaintenance = card?.classes[now?.classIndex ?? 0]?.isMaintenance ?? true;
  const { data, error } = useQuery({
    ...pathQuery({ positions, isMaintenance, spreads, from, to }),
    enabled: card !== null && positions.length > 0,
  });
  return {
    points: positions.length === 0 ? [] : (data ?? []),
    failure: error?.failure ?? null,
    to,
    marked: card?.date ?? null,
  };
}

/** Only days on which the figure differs from the one before: the steps of the path. */
export function changesOf(
  points: readonly HistoryPoint[],
): readonly (HistoryPoint & { readonly change: number | null })[] {
  let last: number | null = null;
  return points.flatMap((point, i) => {
    if (i > 0 && point.requirement === last) return [];
    const change = last === null || point.requirement === null ? null : point.requirement - last;
    last = point.requirement;
    return [{ ...point, change }];
  });
}

export function PathPanel(): React.ReactElement {
  const [stretch, setStretch] = useState<StretchId>('march-2020');
  const { points, failure, to, marked } = usePath(stretch);
  const { card } = useCase();
  const changes = changesOf(points);
  const spreads = card?.origin.kind === 'built-in' ? card.origin.spreads : 'assumed';
  const missing = points.find((p) => p.requirement === null);
  return (
    <Panel
      id="path"
      title="Path over dated sets"
      choices={
        <select
          className="select-quiet"
          aria-label="Stretch of the path"
          value={stretch}
          onChange={(event) => setStretch(event.target.value as StretchId)}
        >
          {STRETCHES.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      }
    >
      {failure !== null ? (
        <FailureNote title="The path cannot be walked" failure={failure} />
      ) : points.every((p) => p.requirement === null) ? (
        <EmptyNote
          title="No built-in set of these days knows all contracts"
          text={missing?.reason ?? 'Add positions to see their path.'}
        />
      ) : (
        <ScrollRegion label="Path">
          <PathChart points={points} to={to} marked={marked} />
          <table className="span-table" data-testid="span-path">
            <tbody>
              {changes.map(({ date, requirement, change, reason }) => (
                <tr key={date}>
                  <th scope="row">
                    <button
                      type="button"
                      className="link-button"
                      onClick={() => void openDate(date, spreads)}
                    >
                      {date}
                    </button>
                  </th>
                  <td>{requirement === null ? reason : amountWords(requirement)}</td>
                  <td className={change !== null && change > 0 ? 'loss' : 'gain'}>
                    {change === null || change === 0 ? '' : signedWords(change)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}
