/** What to close so that equity comes back to its target over the requirement by SPAN. */
import { ok, type Result } from '../../core/result.ts';
import { SpanCalculator } from '../../margin/span/calculator.ts';
import type { SpanPlan } from '../../margin/span/plan.ts';
import { readPositions, type SpanPosition } from '../../margin/span/span-portfolio.ts';

/** The advice and what it leads to. */
export interface SpanReduction {
  /** Contracts to close, positive, in the order of the positions. */
  readonly steps: readonly { readonly contract: string; readonly closeLots: number }[];
  /** False where there is no equity to cover anything. */
  readonly reachesTarget: boolean;
  readonly requirementBefore: number;
  readonly requirementAfter: number;
}

/**
 * Closes an equal share of every position in whole contracts, the smallest share that leads to equity ≥ target × requirement.
 *
 * Equal shares keep the spreads that earn credits together. The answer is always computed anew from what would be left, since a
 * requirement by SPAN need not fall evenly; fills are at the mark and fees are left out.
 *
 * Fails as `readPositions` does.
 */
export function spanReduction(
  plan: SpanPlan,
  positions: readonly SpanPosition[],
  equity: number,
  targetRatio: number,
): Result<SpanReduction> {
  const checked = readPositions(plan, positions);
  if (!checked.ok) return checked;
  const calculator = new SpanCalculator(plan);
  const most = positions.reduce((largest, { lots }) => Math.max(largest, Math.abs(lots)), 0);
  const leftOf = (lots: number, share: number): number => Math.trunc((lots * (most - share)) / most);
  const requirementAt = (share: number): number => {
    const left = positions.map(({ contract, lots }) => ({
      contract,
      lots: most === 0 ? 0 : leftOf(lots, share),
    }));
    const read = readPositions(plan, left);
    return read.ok ? calculator.margin(read.value) : Number.POSITIVE_INFINITY;
  };
  const isEnough = (share: number): boolean => equity > 0 && equity >= targetRatio * requirementAt(share);
  const requirementBefore = requirementAt(0);
  let share = 0;
  if (!isEnough(0)) {
    let short = 0;
    share = most;
    while (share - short > 1) {
      const middle = Math.floor((short + share) / 2);
      if (isEnough(middle)) share = middle;
      else short = middle;
    }
  }
  return ok({
    steps: positions.flatMap(({ contract, lots }) => {
      const closeLots = most === 0 ? 0 : Math.abs(lots) - Math.abs(leftOf(lots, share));
      return closeLots > 0 ? [{ contract, closeLots }] : [];
    }),
    reachesTarget: isEnough(share),
    requirementBefore,
    requirementAfter: requirementAt(share),
  });
}
