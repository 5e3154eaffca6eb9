/** Questions to the risk worker. The key is the whole input, so a late answer to an old question is dropped by construction. */
import { keepPreviousData, QueryClient, queryOptions, skipToken } from '@tanstack/react-query';
import type { Failure } from '../../engine/core/failure.ts';
import type { Result } from '../../engine/core/result.ts';
import type {
  DerivationTerm,
  ExplainedFigure,
  WhatIf,
  WhatIfReport,
} from '../../engine/margin/margin-report.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { market } from '../../workers/client/market.ts';
import { risk } from '../../workers/client/risk.ts';
import type { OrderEstimate, OrderStory, PaperOrder, PaperOrderId } from '../../workers/contract/paper.ts';
import { tell } from './notices.ts';

/** A failure that travels as a query error. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The value of an answer, or its failure as a query error. */
export async function unwrap<T>(answer: Promise<Result<T>>): Promise<T> {
  const result = await answer;
  if (result.ok) return result.value;
  throw new FailureError(result.failure);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The client restarts lost workers and keeps deadlines; the page works without a network.
      retry: false,
      networkMode: 'always',
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      structuralSharing: false,
    },
  },
});

/** An answer with the move it belongs to: while a new one is awaited, the old one is shown as the old one. */
export interface WhatIfAnswer extends WhatIf {
  readonly report: WhatIfReport;
}

/** Before and after of a move, at the marks in force (`epoch`) for the portfolio in force (`version`). */
export function whatIfQuery(input: WhatIf & { readonly version: number; readonly epoch: number }) {
  const { version, epoch, shift, instrument } = input;
  return queryOptions<WhatIfAnswer, FailureError>({
    queryKey: ['what-if', version, epoch, instrument, shift],
    queryFn: async () => ({ shift, instrument, report: await unwrap(risk.whatIf({ shift, instrument })) }),
    placeholderData: keepPreviousData,
    gcTime: 5_000,
  });
}

/** The terms behind one figure when it was asked (`askedAt` tells questions apart). */
export function explainQuery(input: {
  readonly positionId: string;
  readonly figure: ExplainedFigure;
  readonly askedAt: number;
}) {
  const { positionId, figure, askedAt } = input;
  return queryOptions<DerivationTerm, FailureError>({
    queryKey: ['explain', positionId, figure, askedAt],
    queryFn: () => unwrap(risk.explain({ positionId, figure })),
    gcTime: 5_000,
  });
}

/** The life of one paper order; asked again every second while it is read, since it goes on. */
export function orderStoryQuery(instrument: InstrumentId, id: PaperOrderId) {
  return queryOptions<OrderStory, FailureError>({
    queryKey: ['order-story', instrument, id],
    queryFn: () => unwrap(market.inspectPaperOrder({ instrument, id })),
    staleTime: 0,
    refetchInterval: 1_000,
    gcTime: 0,
  });
}

/** What an order would get if it were sent now; asked twice a second, since the book goes on. Null asks nothing. */
export function orderEstimateQuery(order: PaperOrder | null) {
  // A good-till-date order ends later with every look at the clock; what it would get now does not depend on that.
  const asked = order === null ? null : { ...order, goodTillMicros: null };
  return queryOptions<OrderEstimate | null, FailureError>({
    queryKey: ['order-estimate', asked],
    queryFn: order === null ? skipToken : () => unwrap(market.estimatePaperOrder(order)),
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: 500,
    gcTime: 0,
  });
}

/** Puts another bracket table in force; answers about the old one are forgotten. */
export async function chooseBracketTable(date: string): Promise<void> {
  const result = await risk.setBracketDate(date);
  if (!result.ok) tell('trouble', result.failure.message);
  await queryClient.invalidateQueries({ queryKey: ['what-if'] });
}

/** Bracket tables at hand. */
export const bracketDatesQuery = queryOptions<
  readonly { readonly date: string; readonly source: string; readonly symbols: number }[],
  FailureError
>({
  queryKey: ['bracket-dates'],
  queryFn: () => unwrap(risk.bracketDates()),
});
