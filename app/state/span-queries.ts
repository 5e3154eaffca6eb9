/** Questions to the SPAN worker. The key is the whole case; a set that the worker forgot is opened anew and asked again. */
import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import type { Result } from '../../engine/core/result.ts';
import type { DerivationTerm } from '../../engine/margin/margin-report.ts';
import { span } from '../../workers/client/span.ts';
import type { ContractCard, HistoryPoint, SpanAnswer, SpanCase } from '../../workers/contract/span-api.ts';
import type { BookPage, BookPageQuestion } from '../../workers/contract/span-book.ts';
import { type FailureError, unwrap } from './queries.ts';
import { reopenSet } from './span-store.ts';

async function asked<T>(setHash: string, ask: () => Promise<Result<T>>): Promise<T> {
  const answer = await ask();
  // A worker that was lost is started again by itself, without its sets.
  const forgot = !answer.ok && ['span/set-missing', 'worker/lost'].includes(answer.failure.code);
  if (!forgot) return unwrap(Promise.resolve(answer));
  await reopenSet(setHash);
  return unwrap(ask());
}

/** An answer with the case it belongs to: while a new one is awaited, the old one is shown as the old one. */
export interface AnsweredCase {
  readonly spanCase: SpanCase;
  readonly answer: SpanAnswer;
}

export function spanQuery(spanCase: SpanCase | null) {
  return queryOptions<AnsweredCase | null, FailureError>({
    queryKey: ['span', spanCase],
    queryFn: async () =>
      spanCase === null
        ? null
        : { spanCase, answer: await asked(spanCase.setHash, () => span.calculate(spanCase)) },
    placeholderData: keepPreviousData,
    // A part of the screen that appears because of a failure must not ask again: it would go when it asks, and come back.
    retryOnMount: false,
    gcTime: 60_000,
  });
}

export function spanTermsQuery(spanCase: SpanCase) {
  return queryOptions<DerivationTerm, FailureError>({
    queryKey: ['span-terms', spanCase],
    queryFn: () => asked(spanCase.setHash, () => span.explain(spanCase)),
    gcTime: 5_000,
  });
}

export function contractsQuery(setHash: string, words: string) {
  return queryOptions<readonly ContractCard[], FailureError>({
    queryKey: ['span-contracts', setHash, words],
    queryFn: () => asked(setHash, () => span.findContracts({ setHash, words, most: 40 })),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
}

export const builtInDatesQuery = queryOptions<
  { readonly from: string; readonly to: string; readonly dates: readonly string[] },
  FailureError
>({ queryKey: ['span-dates'], queryFn: () => unwrap(span.builtInDates()) });

/** A stretch of a margined book; null asks nothing. */
export function bookPageQuery(question: BookPageQuestion | null) {
  return queryOptions<BookPage, FailureError>({
    queryKey: ['span-book', question],
    queryFn: question === null ? skipToken : () => unwrap(span.bookPage(question)),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
}

/** What the path is asked for. */
export type PathQuestion = Parameters<typeof span.history>[0];

export function pathQuery(question: PathQuestion) {
  return queryOptions<readonly HistoryPoint[], FailureError>({
    queryKey: ['span-path', question],
    queryFn: () => unwrap(span.history(question)),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
}
