/** A whole cascade over a sorted population: who falls, in which wave, at what price, and who pays. */
import { assert } from '../../core/assert.ts';
import type { LiquidationIndex } from './liquidation-index.ts';
import { CurveCursor, type LiquidityCurve, reachSign } from './liquidity-curve.ts';

/** What starts a cascade, and the rules by which it is paid for. */
export interface CascadeShock {
  /** Lots sold (in a fall) or bought (in a rise) at market by someone outside the population. Whole, not negative. */
  readonly lots: number;
  /** How much further than the last fill the mark stands, in ticks: a gap of the index. Whole, not negative. */
  readonly gapTicks: number;
  /** Liquidation fee as a fraction of the fill's notional, from what equity is left. */
  readonly liquidationFeeRate: number;
  /** Insurance fund at the start, wallet units. */
  readonly fundUnits: number;
}

/** One round: everyone whose trigger the mark has passed falls, then the mark is taken anew. */
export interface CascadeWave {
  readonly accounts: number;
  readonly lots: number;
  /** Mark price that felled this wave. */
  readonly markTicks: number;
}

/** What a cascade came to. Money in wallet units, exact. */
export interface CascadeTotals {
  readonly waves: readonly CascadeWave[];
  readonly accounts: number;
  /** Lots liquidated, without the shock's own. */
  readonly lots: number;
  /** Price of the last fill, shock included. */
  readonly lastTicks: number;
  readonly feeUnits: number;
  /** Deficits paid by the fund. */
  readonly fundUsedUnits: number;
  readonly fundUnits: number;
  /** Deficits the fund could not pay, and the lots of the accounts that left them: what auto-deleveraging must find. */
  readonly adlNeedUnits: number;
  readonly adlNeedLots: number;
}

/**
 * Runs cascades over one index. The columns are reused by every run: entry i belongs to the i-th account in fall order
 * (`index.rows[i]`) and is meaningful for the first `accounts` of the last run.
 *
 * Accounts fall in the order of their triggers, then of their rows, each with a market order for its whole size; the
 * mark follows the last fill. A deficit is paid by the fund while it lasts. All arithmetic is on integers below 2^53
 * except the fee's product, which is rounded down to a unit, so that an oracle finds every figure exactly.
 *
 * Assumes: whole positions are closed in one order, no liquidity returns, and the mark is the last price plus the gap.
 */
export class FastCascade {
  readonly #index: LiquidationIndex;
  /** Sum of fill price in ticks × lots; divided by the size it is the average fill price. */
  readonly fillTickLots: Float64Array;
  /** Equity after fill and fee, wallet units; negative is a deficit. */
  readonly equityUnits: Float64Array;
  /** The part of a deficit that the fund did not pay, wallet units. */
  readonly adlNeedUnits: Float64Array;

  constructor(index: LiquidationIndex) {
    this.#index = index;
    this.fillTickLots = new Float64Array(index.count);
    this.equityUnits = new Float64Array(index.count);
    this.adlNeedUnits = new Float64Array(index.count);
  }

  /** Runs one cascade; the same input gives the same output, to the unit. */
  run(curve: LiquidityCurve, shock: CascadeShock): CascadeTotals {
    const index = this.#index;
    assert(
      curve.direction === index.direction,
      `an index of a ${index.direction} meets a ${curve.direction}`,
    );
    const sign = reachSign(index.direction);
    const walk = new CascadeWalk(index, this, curve, shock);
    const waves: CascadeWave[] = [];
    for (;;) {
      const mark = markReach(curve, walk.lots, shock.gapTicks);
      const { fallen, lots } = walk;
      walk.wave(mark);
      if (walk.fallen === fallen) break;
      waves.push({ accounts: walk.fallen - fallen, lots: walk.lots - lots, markTicks: sign * mark });
    }
    return {
      waves,
      accounts: walk.fallen,
      lots: walk.lots - shock.lots,
      lastTicks: sign * curve.reachAfter(walk.lots),
      feeUnits: walk.feeUnits,
      fundUsedUnits: walk.fundUsedUnits,
      fundUnits: walk.fundUnits,
      adlNeedUnits: walk.adlNeedUnits,
      adlNeedLots: walk.adlNeedLots,
    };
  }
}

/** Reach of the mark after `lots`: that of the last fill and the gap beyond it. A falling mark ends at one tick. */
export function markReach(curve: LiquidityCurve, lots: number, gapTicks: number): number {
  const mark = curve.reachAfter(lots) + gapTicks;
  return curve.direction === 'fall' ? Math.min(mark, -1) : mark;
}

/** The state of one run between waves. */
class CascadeWalk {
  fallen = 0;
  /** Lots traded so far, the shock's included. */
  lots: number;
  feeUnits = 0;
  fundUsedUnits = 0;
  fundUnits: number;
  adlNeedUnits = 0;
  adlNeedLots = 0;
  readonly #index: LiquidationIndex;
  readonly #out: FastCascade;
  readonly #shock: CascadeShock;
  readonly #cursor: CurveCursor;

  constructor(index: LiquidationIndex, out: FastCascade, curve: LiquidityCurve, shock: CascadeShock) {
    this.lots = shock.lots;
    this.fundUnits = shock.fundUnits;
    this.#index = index;
    this.#out = out;
    this.#shock = shock;
    this.#cursor = new CurveCursor(curve);
    if (shock.lots > 0) this.#cursor.moveTo(shock.lots);
  }

  /** Fells everyone whose trigger lies at or before `mark`. */
  wave(mark: number): void {
    const { reachTicks, equityAtZeroUnits, lotsBefore, count, contract } = this.#index;
    const { fillTickLots, equityUnits, adlNeedUnits } = this.#out;
    const cursor = this.#cursor;
    const { unitsPerTickLot } = contract;
    const { liquidationFeeRate, lots: shockLots } = this.#shock;
    let { levelReach, levelEnd } = cursor;
    let { lots, feeUnits, fundUnits, fundUsedUnits, adlNeedUnits: need, adlNeedLots: needLots } = this;
    let i = this.fallen;
    for (; i < count && (reachTicks[i] as number) <= mark; i++) {
      const after = shockLots + (lotsBefore[i + 1] as number);
      let value = (after - lots) * levelReach;
      if (after > levelEnd) {
        const before = cursor.valueOf(lots);
        cursor.moveTo(after);
        ({ levelReach, levelEnd } = cursor);
        value = cursor.valueOf(after) - before;
      }
      const equity = (equityAtZeroUnits[i] as number) - value * unitsPerTickLot;
      const fill = Math.abs(value);
      fillTickLots[i] = fill;
      let uncovered = 0;
      let fee = 0;
      if (equity < 0) {
        const paid = Math.min(fundUnits, -equity);
        uncovered = -equity - paid;
        fundUnits -= paid;
        fundUsedUnits += paid;
        need += uncovered;
        if (uncovered > 0) needLots += after - lots;
      } else {
        fee = Math.min(equity, Math.floor(fill * unitsPerTickLot * liquidationFeeRate));
        feeUnits += fee;
        fundUnits += fee;
      }
      equityUnits[i] = equity - fee;
      adlNeedUnits[i] = uncovered;
      lots = after;
    }
    this.fallen = i;
    this.lots = lots;
    this.feeUnits = feeUnits;
    this.fundUnits = fundUnits;
    this.fundUsedUnits = fundUsedUnits;
    this.adlNeedUnits = need;
    this.adlNeedLots = needLots;
  }
}
