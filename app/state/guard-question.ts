/** A paper order as the guards are asked about it. */
import { lots, ticks } from '../../engine/core/units.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { type GuardOrder, PAPER_ACCOUNT, PAPER_FUTURES_ACCOUNT } from '../../workers/contract/guard-board.ts';
import type { OwnOrder, PaperOrder } from '../../workers/contract/paper.ts';

/** An order on an account, to be judged. */
export interface GuardQuestion {
  readonly accountId: string;
  readonly order: GuardOrder;
}

/** What a larger resting order adds, as the guards are asked about it; null where it does not grow. */
export function growthQuestion(
  instrument: InstrumentId,
  before: OwnOrder,
  after: { readonly priceTicks: number; readonly sizeLots: number },
): GuardQuestion | null {
  const grown = after.sizeLots - before.sizeLots;
  if (grown <= 0) return null;
  return {
    accountId: accountOf(instrument),
    order: {
      instrument,
      side: before.side,
      sizeLots: lots(grown),
      priceTicks: ticks(after.priceTicks),
      leverage: null,
      reduceOnly: false,
    },
  };
}

function accountOf(instrument: InstrumentId): string {
  return instrument.startsWith('cme-globex:') ? PAPER_FUTURES_ACCOUNT : PAPER_ACCOUNT;
}

/**
 * The question a paper order puts to the guards; null while it says no size. A trigger stands for the price it leads to; an order
 * that closes whatever is held is judged with what is held now.
 */
export function guardQuestion(order: PaperOrder, heldLots: number): GuardQuestion | null {
  const closes = order.venue === 'crypto-perp' && order.closePosition;
  const size = closes ? Math.abs(heldLots) : order.sizeLots;
  if (!(size > 0)) return null;
  const price = order.priceTicks ?? order.triggerTicks;
  return {
    accountId: accountOf(order.instrument),
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
