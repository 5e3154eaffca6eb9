/** Questions to the guards: may this paper order be sent, and what would a move of the market do. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { risk } from '../../workers/client/risk.ts';
import type { GuardVerdict, StressReport } from '../../workers/contract/guard-board.ts';
import type { GuardQuestion } from './guard-question.ts';
import { FailureError } from './queries.ts';

/** The verdict on an order at the marks in force (`epoch`); `key` is the order in words that do not change with time. */
export function verdictQuery(
  question: GuardQuestion | null,
  place: { readonly epoch: number; readonly text: string },
) {
  return queryOptions<GuardVerdict, FailureError>({
    queryKey: ['verdict', place.epoch, place.text, question],
    queryFn: async () => {
      const result = await risk.judgeOrder(question as GuardQuestion);
      if (result.ok) return result.value;
      throw new FailureError(result.failure);
    },
    enabled: question !== null,
    placeholderData: keepPreviousData,
    gcTime: 5_000,
  });
}

/** Asks once more at the moment of sending: why an order must not go, or null. A guard that does not answer stops it. */
export async function whyNotSent(question: GuardQuestion | null): Promise<string | null> {
  if (question === null) return null;
  const result = await risk.judgeOrder(question);
  if (!result.ok) return `the guards do not answer: ${result.failure.message}`;
  const { verdict, reasons } = result.value;
  return verdict === 'ALLOW' ? null : `${verdict}: ${reasons[0]?.title ?? 'no reason was given'}`;
}

/** Heat and reverse stress, reckoned anew every two seconds while they are looked at. */
export const stressQuery = queryOptions<StressReport, FailureError>({
  queryKey: ['stress'],
  queryFn: async () => {
    const result = await risk.stress();
    if (result.ok) return result.value;
    throw new FailureError(result.failure);
  },
  staleTime: 0,
  refetchInterval: 2_000,
});
