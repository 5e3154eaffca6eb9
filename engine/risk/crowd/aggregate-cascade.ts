/** The what-if of a slider: how far a cascade goes and how much falls, from sums alone, whatever the number of accounts. */
import { markReach } from './fast-cascade.ts';
import type { LiquidationIndex } from './liquidation-index.ts';
import { type LiquidityCurve, reachSign } from './liquidity-curve.ts';

/** What falls, without saying who pays. */
export interface AggregateCascade {
  readonly waves: number;
  readonly accounts: number;
  /** Lots liquidated, without the shock's own. */
  readonly lots: number;
  /** Price of the last fill, shock included. */
  readonly lastTicks: number;
}

/**
 * The waves, accounts, lots and last price that `FastCascade` finds for the same shock, exactly.
 *
 * Each wave is one look-up in a table by price, so the time follows the number of waves and not of accounts.
 *
 * @param shockLots - as in `CascadeShock`
 */
export function aggregateCascade(
  index: LiquidationIndex,
  curve: LiquidityCurve,
  shockLots: number,
  gapTicks: number,
): AggregateCascade {
  let waves = 0;
  let lots = 0;
  let mark = 0;
  for (;;) {
    mark = markReach(curve, shockLots + lots, gapTicks);
    const fallen = index.lotsAt(mark);
    if (fallen === lots) break;
    lots = fallen;
    waves++;
  }
  const lastTicks = reachSign(index.direction) * curve.reachAfter(shockLots + lots);
  return { waves, accounts: index.countAt(mark), lots, lastTicks };
}
