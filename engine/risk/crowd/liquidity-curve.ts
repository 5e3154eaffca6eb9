/** Liquidity as a curve: how far a quantity carries the price, and what it is filled at, exact to the lot and tick. */
import { assert } from '../../core/assert.ts';

/** Which way a shock goes. Longs are liquidated in a fall, shorts in a rise. */
export type ShockDirection = 'fall' | 'rise';

/**
 * −1 for a fall, +1 for a rise. A price times this sign is its *reach*: it grows the further the shock goes, so that
 * one piece of code serves both sides.
 */
export function reachSign(direction: ShockDirection): 1 | -1 {
  return direction === 'rise' ? 1 : -1;
}

/** A stretch of the book: from this price on, every tick holds this many lots. */
export interface LiquiditySegment {
  readonly fromTicks: number;
  /** Whole lots at each tick, not negative. */
  readonly lotsPerTick: number;
}

/** Quantity that a falling price can always find at its last tick, so that a price is never 0. */
const LAST_TICK_LOTS = 2 ** 50;

/**
 * A one-sided book by price, away from the start. All figures are integers in float64 and stay exact while
 * lots × ticks is below 2^53.
 */
export class LiquidityCurve {
  readonly direction: ShockDirection;
  /** Reach of the price before anything trades. */
  readonly startReach: number;
  readonly segmentReach: Float64Array;
  readonly segmentLotsPerTick: Float64Array;
  /** Lots before each segment. */
  readonly segmentLots: Float64Array;
  /** Sum of lots × reach before each segment. */
  readonly segmentValue: Float64Array;

  /**
   * @param startTicks - price before anything trades
   * @param segments - in the order in which the price meets them, the first at the start; the last goes on for ever and
   * so must hold something
   */
  constructor(direction: ShockDirection, startTicks: number, segments: readonly LiquiditySegment[]) {
    const sign = reachSign(direction);
    const last = segments.at(-1);
    assert(
      last !== undefined && last.lotsPerTick > 0,
      'the last segment of a liquidity curve must hold lots',
    );
    assert(segments[0]?.fromTicks === startTicks, 'a liquidity curve begins at its start price');
    const floor = { fromTicks: 1, lotsPerTick: LAST_TICK_LOTS };
    const all =
      direction === 'rise' ? segments : [...segments.filter(({ fromTicks }) => fromTicks > 1), floor];
    this.direction = direction;
    this.startReach = sign * startTicks;
    this.segmentReach = Float64Array.from(all, ({ fromTicks }) => sign * fromTicks);
    this.segmentLotsPerTick = Float64Array.from(all, ({ lotsPerTick }) => lotsPerTick);
    this.segmentLots = new Float64Array(all.length);
    this.segmentValue = new Float64Array(all.length);
    for (let i = 1; i < all.length; i++) {
      const from = this.segmentReach[i - 1] as number;
      const ticks = (this.segmentReach[i] as number) - from;
      const perTick = this.segmentLotsPerTick[i - 1] as number;
      assert(ticks > 0, 'segments of a liquidity curve follow each other away from the start');
      assert(Number.isInteger(perTick) && perTick >= 0, `expected whole lots per tick, found ${perTick}`);
      this.segmentLots[i] = (this.segmentLots[i - 1] as number) + ticks * perTick;
      this.segmentValue[i] =
        (this.segmentValue[i - 1] as number) + perTick * (ticks * from + (ticks * (ticks - 1)) / 2);
    }
  }

  /** Number of the segment in which the last of `lots` is filled. */
  segmentOf(lots: number): number {
    const before = this.segmentLots;
    let low = 0;
    let high = before.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((before[middle] as number) < lots) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Reach of the price at which the last of `lots` is filled; the start where nothing trades. */
  reachAfter(lots: number): number {
    if (lots <= 0) return this.startReach;
    const segment = this.segmentOf(lots);
    const into = lots - (this.segmentLots[segment] as number);
    const perTick = this.segmentLotsPerTick[segment] as number;
    return (this.segmentReach[segment] as number) + Math.ceil(into / perTick) - 1;
  }

  /** Lots that stand before the price at this reach, not counting what stands at it. */
  lotsBefore(reach: number): number {
    const from = this.segmentReach;
    let low = 0;
    let high = from.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((from[middle] as number) <= reach) low = middle;
      else high = middle - 1;
    }
    const ticks = Math.max(0, reach - (from[low] as number));
    return (this.segmentLots[low] as number) + ticks * (this.segmentLotsPerTick[low] as number);
  }
}

/**
 * The linear approximation of impact (Kyle 1985: price change = λ × signed flow): the same depth at every tick.
 *
 * @param lotsPerTick - depth at each tick, see {@link kyleLotsPerTick}
 */
export function kyleCurve(
  direction: ShockDirection,
  startTicks: number,
  lotsPerTick: number,
): LiquidityCurve {
  return new LiquidityCurve(direction, startTicks, [{ fromTicks: startTicks, lotsPerTick }]);
}

/**
 * The whole number of lots at each tick that gives an impact of λ.
 *
 * Formula: 10^6 quote units ÷ (λ bps × mark ÷ 10^4 in ticks) ÷ value of a lot, at least 1.
 *
 * @param lambdaBps - price move in basis points for a million of quote currency, e.g. 0.67 for BTC within a second of a
 * calm hour, several times that in stress
 * @param unitsPerTickLot - of the contract
 */
export function kyleLotsPerTick(lambdaBps: number, markTicks: number, unitsPerTickLot: number): number {
  assert(lambdaBps > 0, `expected a positive impact, found ${lambdaBps}`);
  const lotsPerMillion = 1e12 / (markTicks * unitsPerTickLot);
  const ticksPerMillion = (lambdaBps * markTicks) / 1e4;
  return Math.max(1, Math.round(lotsPerMillion / ticksPerMillion));
}

/** Reads a curve forward only: where a rising quantity stands, and what it has cost. */
export class CurveCursor {
  readonly #curve: LiquidityCurve;
  #segment = 0;
  /** Reach of the level that fills the lot at the cursor. */
  levelReach: number;
  /** Lots before that level, and through it. */
  levelStart = 0;
  levelEnd = 0;
  /** Sum of lots × reach before that level. */
  levelStartValue = 0;

  constructor(curve: LiquidityCurve) {
    this.#curve = curve;
    this.levelReach = curve.startReach;
  }

  /** Moves to the level in which the last of `lots` is filled; never backward. */
  moveTo(lots: number): void {
    const { segmentLots, segmentReach, segmentLotsPerTick, segmentValue } = this.#curve;
    let segment = this.#segment;
    while (segment + 1 < segmentLots.length && (segmentLots[segment + 1] as number) < lots) segment++;
    this.#segment = segment;
    const before = segmentLots[segment] as number;
    const from = segmentReach[segment] as number;
    const perTick = segmentLotsPerTick[segment] as number;
    const full = Math.ceil((lots - before) / perTick) - 1;
    this.levelReach = from + full;
    this.levelStart = before + full * perTick;
    this.levelEnd = this.levelStart + perTick;
    this.levelStartValue =
      (segmentValue[segment] as number) + perTick * (full * from + (full * (full - 1)) / 2);
  }

  /** Sum of lots × reach of the first `lots`, which must lie in the level of the cursor. */
  valueOf(lots: number): number {
    return this.levelStartValue + (lots - this.levelStart) * this.levelReach;
  }
}
