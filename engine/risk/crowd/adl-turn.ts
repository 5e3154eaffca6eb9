/** What it takes until a place in a deleveraging queue is called upon: how much of the other side must fall, and at which mark. */
import type { LiquidationIndex } from './liquidation-index.ts';
import { reachSign } from './liquidity-curve.ts';

/**
 * Lots of an index that fall when the mark goes from one price to another, in the direction of the index; what has
 * fallen by the first is not counted again. 0 for a move the other way.
 */
export function lotsFallen(index: LiquidationIndex, fromTicks: number, toTicks: number): number {
  const sign = reachSign(index.direction);
  return Math.max(0, index.lotsAt(sign * toTicks) - index.lotsAt(sign * fromTicks));
}

/**
 * The first mark at which more lots have fallen than stand ahead of a place: were none of them taken over by the book or
 * the fund, this place would be next. The queue is taken as it stands; at that mark it would be ranked anew.
 *
 * @param index - of the side that loses: rises for a long place, falls for a short one
 * @returns ticks; null where less than that can be liquidated at any price
 */
export function turnTicks(index: LiquidationIndex, markTicks: number, lotsAhead: number): number | null {
  const sign = reachSign(index.direction);
  const wanted = index.lotsAt(sign * markTicks) + lotsAhead;
  const { lotsBefore, count, reachTicks } = index;
  if (!((lotsBefore[count] as number) > wanted)) return null;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lotsBefore[middle + 1] as number) > wanted) high = middle;
    else low = middle + 1;
  }
  return sign * (reachTicks[low] as number);
}
