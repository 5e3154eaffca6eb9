/** A refusal that is spoken before the venue is asked: an order that is not of its kind. */
import { REJECTION_RULES } from '../../venue/matching/rejection-rules.ts';
import type { VenueOutput } from '../../venue/matching/venue-output.ts';
import type { PaperOrder, PaperOrderId } from '../paper/paper-orders.ts';

/** The answer to an order whose words do not go together at this venue. */
export function misfit(order: PaperOrder, account: number, id: PaperOrderId): VenueOutput {
  const code = 'order/combination-not-allowed';
  const { side, sizeLots, priceTicks } = order;
  const rule = REJECTION_RULES[code];
  return { kind: 'rejected', code, ...rule, side, sizeLots, priceTicks: priceTicks ?? 0, account, tag: id };
}
