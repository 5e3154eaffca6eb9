/** Questions to the guards: may this paper order be sent, and what would a move of the market do. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { lots, ticks } from '../../engine/core/units.ts';
import { risk } from '../../workers/client/risk.ts';
import {
  type GuardOrder,
  type GuardVerdict,
  PAPER_ACCOUNT,
  PAPER_FUTURES_ACCOUNT,
  type StressReport,
} from '../../workers/contract/guard-board.ts';
import type { PaperOrder } from '../../workers/contract/paper.ts';
import { FailureError } from './queries.ts';

/**
 * The question a paper order puts to the guards; null while it says no size. A trigger stands for the price it leads to; an order
 * that closes whatever is held is judged with what is held now.
 */
export function guardQuestion(
  order: PaperOrder,
  heldLots: number,
): { readonly accountId: string; readonly order: GuardOrder } | null {
  const closes = order.venue === 'crypto-perp' && order.closePosition;
  const size = closes ? Math.abs(heldLots) : order.sizeLots;
  if (!(size > 0)) return null;
  const price = order.priceTicks ?? order.triggerTicks;
  return {
    accountId: order.venue === 'globex' ? PAPER_FUTURES_ACCOUNT : PAPER_ACCOUNT,
    order: {
      instrument: order.instrument,
      side: order.side,
      sizeLots: lots(size),
      priceTicks: price === null ? null : ticks(price),
      leverage: null,
      reduceOnly: closes || (order.venue === 'crypto-perp' && order.reduceOnly),
    },
  };
}

/** The verdict on an order at the marks in force (`epoch`); `key` is the order in words that do not change with time. */
export function verdictQuery(
  question: ReturnType<typeof guardQuestion>,
  place: { readonly epoch: number; readonly text: string },
) {
  return queryOptions<GuardVerdict, FailureError>({
    queryKey: ['verdict', place.epoch, place.text, question],
    queryFn: async () => {
      const result = await risk.judgeOrder(question as NonNullable<typeof question>);
      if (result.ok) return result.value;
      throw new FailureError(result.failure);
    },
    enabled: question !== null,
    placeholderData: keepPreviousData,
    gcTime: 5_000,
  });
}

/** Asks once more at the moment of sending: why an order must not go, or null. A guard that does not answer stops it. */
export async function whyNotSent(order: PaperOrder, heldLots: number): Promise<string | null> {
  const question = guardQuestion(order, heldLots);
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
