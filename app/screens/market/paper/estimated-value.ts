/** What an order is worth about: for a glance before sending, not for any account. */
import { multipleValue } from '../../../../engine/core/units.ts';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { PaperOrder } from '../../../../workers/contract/paper.ts';

/** Price × size × multiplier in the contract's currency (float64 estimate); null where no price is known. */
export function estimatedValue(
  order: PaperOrder,
  spec: ContractSpec,
  touch: { readonly bestBidTicks: number | null; readonly bestAskTicks: number | null },
): number | null {
  const best = order.side === 'buy' ? touch.bestAskTicks : touch.bestBidTicks;
  const priceTicks = order.priceTicks ?? order.triggerTicks ?? best;
  if (priceTicks === null || order.sizeLots === 0) return null;
  const price = multipleValue(priceTicks, spec.tickSize);
  return price * multipleValue(order.sizeLots, spec.lotSize) * Number(spec.multiplier);
}
