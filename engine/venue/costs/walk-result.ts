/** What an order got from a walk of the book: how much, at what average price, and what was left unfilled. */
import type { OrderSide } from '../matching/order-terms.ts';

/**
 * The outcome of one walk. The walker owns it and overwrites it at the next walk.
 *
 * There is no price where nothing was filled: `null`, never 0.
 */
export class WalkResult {
  side: OrderSide = 'buy';
  /** Best price of the side taken, in ticks; null on an empty side. */
  touchTicks: number | null = null;
  /** Price of the last level taken from, in ticks; null when nothing was filled. */
  worstTicks: number | null = null;
  filledLots = 0;
  /** The rest the book could not serve within the limit. It is not filled at any price. */
  unfilledLots = 0;
  /** Levels taken from, the last one perhaps in part. */
  levels = 0;
  /**
   * Σ (distance from the touch × lots) over what was filled, not negative. Exact while it is below 2^53; sums of whole
   * prices would leave that range a thousand times sooner.
   */
  distanceTickLots = 0;

  /** Volume-weighted average price in ticks; null when nothing was filled. An estimate (float64). */
  get averageTicks(): number | null {
    if (this.touchTicks === null || this.filledLots === 0) return null;
    const distance = this.distanceTickLots / this.filledLots;
    return this.side === 'buy' ? this.touchTicks + distance : this.touchTicks - distance;
  }

  /** Average distance from the touch in basis points of the touch; null when nothing was filled. */
  get touchSlippageBps(): number | null {
    return this.touchTicks === null ? null : this.slippageBps(this.touchTicks);
  }

  /**
   * Cost against a reference price in basis points of it, positive when worse for the order; null when nothing was
   * filled or the reference is not positive (a basis point of a negative price has no meaning).
   */
  slippageBps(referenceTicks: number): number | null {
    const average = this.averageTicks;
    if (average === null || referenceTicks <= 0) return null;
    const worse = this.side === 'buy' ? average - referenceTicks : referenceTicks - average;
    return (worse / referenceTicks) * 10_000;
  }
}
