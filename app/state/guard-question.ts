/** A paper order as the guards are asked about it. */
import { lots, ticks } from '../../engine/core/units.ts';
import { type GuardOrder, PAPER_ACCOUNT, PAPER_FUTURES_ACCOUNT } from '../../workers/contract/guard-board.ts';
import type { PaperOrder } from '../../workers/contract/paper.ts';

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
