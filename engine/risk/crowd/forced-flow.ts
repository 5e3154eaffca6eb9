/** When forced orders feed on themselves: the ratio R of forced flow to liquidity, and the price that tips. */
import { assert } from '../../core/assert.ts';
import type { LiquidationIndex } from './liquidation-index.ts';
import { type LiquidityCurve, reachSign } from './liquidity-curve.ts';

/** Forced flow against liquidity over a stretch of prices. */
export interface ForcedFlow {
  /** Lots that fall over the stretch. */
  readonly forcedLots: number;
  /** Lots the book holds over the stretch. */
  readonly liquidityLots: number;
  /** R = forced ÷ liquidity; null where the book holds nothing there. At 1 or more the move feeds itself. */
  readonly ratio: number | null;
  /** 1 ÷ (1 − R), how much further a small push goes; null where R ≥ 1. */
  readonly amplification: number | null;
}

/**
 * The cascade condition over the next `windowTicks` from a price.
 *
 * Formula: R = forced notional per price move ÷ book liquidity per price move. Both are taken per tick over the same
 * window, so the tick cancels. With a linear book and evenly spread triggers a shock goes 1 ÷ (1 − R) as far (the
 * geometric series of waves).
 *
 * @param fromTicks - price to start from; what triggers there already is not counted
 */
export function forcedFlow(
  index: LiquidationIndex,
  curve: LiquidityCurve,
  fromTicks: number,
  windowTicks: number,
): ForcedFlow {
  assert(windowTicks > 0, `expected a window of at least a tick, found ${windowTicks}`);
  const from = reachSign(index.direction) * fromTicks;
  const to = from + windowTicks;
  const forcedLots = index.lotsAt(to) - index.lotsAt(from);
  const liquidityLots = curve.lotsBefore(to + 1) - curve.lotsBefore(from + 1);
  const ratio = liquidityLots > 0 ? forcedLots / liquidityLots : null;
  return {
    forcedLots,
    liquidityLots,
    ratio,
    amplification: ratio === null || ratio >= 1 ? null : 1 / (1 - ratio),
  };
}

/** A price from which forced orders alone carry the market on. */
export interface TippingPrice {
  /** If this price trades, … */
  readonly ticks: number;
  /** … which takes this many lots from outside, … */
  readonly shockLots: number;
  /** … the price runs on to here without another lot from outside, … */
  readonly runsToTicks: number;
  /** … and these fall on the way. */
  readonly accounts: number;
  readonly lots: number;
}

/**
 * The nearest price from which a run of at least `leastRunTicks` starts, or null where there is none in sight.
 *
 * To bring the price to a tick takes the liquidity before it, and one lot more, less what has been forced on the way.
 * Where that stops rising, the forced orders have overtaken the book: the price runs until it rises again.
 *
 * @param withinTicks - how far from the start to look; a run is followed no further either
 */
export function tippingPrice(
  index: LiquidationIndex,
  curve: LiquidityCurve,
  leastRunTicks: number,
  withinTicks: number,
): TippingPrice | null {
  assert(leastRunTicks > 0, `expected a run of at least a tick, found ${leastRunTicks}`);
  const sign = reachSign(index.direction);
  const start = curve.startReach;
  const end = Math.min(start + withinTicks, sign === -1 ? -1 : Number.POSITIVE_INFINITY);
  let most = 0;
  let from = start;
  let reach = start;
  for (; reach < end; reach++) {
    const outside = curve.lotsBefore(reach + 1) + 1 - index.lotsAt(reach);
    if (outside <= most) continue;
    if (reach - from >= leastRunTicks) break;
    most = outside;
    from = reach + 1;
  }
  if (reach - from < leastRunTicks) return null;
  const before = from - 1;
  return {
    ticks: sign * from,
    shockLots: most,
    runsToTicks: sign * reach,
    accounts: index.countAt(reach) - index.countAt(before),
    lots: index.lotsAt(reach) - index.lotsAt(before),
  };
}
