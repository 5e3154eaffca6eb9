/** A real book as a liquidity curve: what stands in it now, and an assumption about what stands beyond. */
import { type LevelSource, takenSide } from '../../venue/costs/book-walk.ts';
import { LiquidityCurve, type LiquiditySegment, reachSign, type ShockDirection } from './liquidity-curve.ts';

/**
 * The side of a book that a shock takes from.
 *
 * @param beyondLotsPerTick - depth assumed at every tick beyond the last level displayed; whole, at least 1
 * @returns null while that side is empty
 *
 * Assumes: the book is not refilled while the shock goes on, and whoever stands in it stays.
 */
export function bookCurve(
  direction: ShockDirection,
  book: LevelSource,
  beyondLotsPerTick: number,
): LiquidityCurve | null {
  const step = reachSign(direction);
  const segments: LiquiditySegment[] = [];
  let next: number | null = null;
  book.eachLevel(takenSide(direction === 'fall' ? 'sell' : 'buy'), (fromTicks, lotsPerTick) => {
    if (next !== null && next !== fromTicks) segments.push({ fromTicks: next, lotsPerTick: 0 });
    segments.push({ fromTicks, lotsPerTick });
    next = fromTicks + step;
    return true;
  });
  const first = segments[0];
  if (first === undefined || next === null) return null;
  segments.push({ fromTicks: next, lotsPerTick: beyondLotsPerTick });
  return new LiquidityCurve(direction, first.fromTicks, segments);
}
