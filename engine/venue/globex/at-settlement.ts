/** Trades at settlement: matched as ticks away from a price that is only known later. */
import type { OrderSide } from '../matching/order-terms.ts';
import type { VenueOutput } from '../matching/venue-output.ts';
import type { GlobexOutput, UnsettledTrade } from './globex-orders.ts';

/** The trade that an output tells of, as one that waits for its price; null for other outputs. */
export function unsettledTrade(output: VenueOutput): UnsettledTrade | null {
  if (output.kind === 'uncrossed') {
    const { priceTicks, sizeLots, buyer, seller } = output;
    return { offsetTicks: priceTicks, sizeLots, buyer: buyer.account, seller: seller.account };
  }
  if (output.kind !== 'traded') return null;
  const { priceTicks, sizeLots, takerSide, taker, maker } = output;
  const isTaker = (side: OrderSide): boolean => side === takerSide;
  return {
    offsetTicks: priceTicks,
    sizeLots,
    buyer: (isTaker('buy') ? taker : maker).account,
    seller: (isTaker('buy') ? maker : taker).account,
  };
}

/** Prices the trades of an instrument by the settlement of the day. */
export function settleTrades(
  trades: readonly UnsettledTrade[],
  instrument: number,
  settlementTicks: number,
): readonly GlobexOutput[] {
  return trades.map(({ offsetTicks, sizeLots, buyer, seller }) => ({
    kind: 'settled',
    instrument,
    priceTicks: settlementTicks + offsetTicks,
    sizeLots,
    buyer,
    seller,
  }));
}
