// A cascade without an index: every wave asks every account, and every lot is walked through the book level by level.

import type { CascadeShock } from '../risk/crowd/fast-cascade.ts';
import type { LiquiditySegment, ShockDirection } from '../risk/crowd/liquidity-curve.ts';
import type { MaintenanceColumns } from '../risk/crowd/maintenance-columns.ts';
import type { Population } from '../risk/crowd/population.ts';
import { excessUnits } from '../risk/crowd/trigger-price.ts';

/** What became of one account. */
export interface NaiveFall {
  readonly row: number;
  readonly fillTickLots: number;
  readonly equityUnits: number;
  readonly adlNeedUnits: number;
}

/** The outcome, wave by wave. */
export interface NaiveCascade {
  readonly waves: readonly { readonly accounts: number; readonly lots: number; readonly markTicks: number }[];
  readonly falls: readonly NaiveFall[];
  readonly lastTicks: number;
  readonly fundUnits: number;
}

/** Takes lots from a book one level after the other. */
class NaiveBook {
  ticks: number;
  readonly #lotsAt: (ticks: number) => number;
  readonly #step: 1 | -1;
  #left: number;

  constructor(direction: ShockDirection, segments: readonly LiquiditySegment[]) {
    const first = segments[0] as LiquiditySegment;
    this.#step = direction === 'fall' ? -1 : 1;
    this.#lotsAt = (ticks) => {
      if (direction === 'fall' && ticks <= 1) return Number.POSITIVE_INFINITY;
      const met = segments.filter(({ fromTicks }) =>
        direction === 'fall' ? fromTicks >= ticks : fromTicks <= ticks,
      );
      return met.at(-1)?.lotsPerTick ?? 0;
    };
    this.ticks = first.fromTicks;
    this.#left = this.#lotsAt(this.ticks);
  }

  /** Sum of price × lots of the fills. */
  take(lots: number): number {
    let value = 0;
    for (let open = lots; open > 0; ) {
      while (this.#left === 0) {
        this.ticks += this.#step;
        this.#left = this.#lotsAt(this.ticks);
      }
      const filled = Math.min(open, this.#left);
      value += filled * this.ticks;
      this.#left -= filled;
      open -= filled;
    }
    return value;
  }
}

/** The tick at which an account falls, found by walking from the mark one tick at a time. */
function walkToTrigger(isAlive: (ticks: number) => boolean, fromTicks: number, step: 1 | -1): number {
  let ticks = fromTicks;
  while (isAlive(ticks)) ticks += step;
  return ticks;
}

/** Runs one cascade the slow way. */
export function naiveCrowdCascade(
  population: Population,
  columns: MaintenanceColumns,
  curve: { readonly direction: ShockDirection; readonly segments: readonly LiquiditySegment[] },
  shock: CascadeShock,
): NaiveCascade {
  const { direction, segments } = curve;
  const step = direction === 'fall' ? -1 : 1;
  const { unitsPerTickLot } = population.contract;
  const startTicks = (segments[0] as LiquiditySegment).fromTicks;
  const book = new NaiveBook(direction, segments);
  book.take(shock.lots);
  const fallen = new Set<number>();
  const falls: NaiveFall[] = [];
  const waves: { accounts: number; lots: number; markTicks: number }[] = [];
  let fundUnits = shock.fundUnits;
  for (;;) {
    const mark = Math.max(1, book.ticks + step * shock.gapTicks);
    const wave: { row: number; away: number }[] = [];
    for (let row = 0; row < population.count; row++) {
      if (fallen.has(row) || population.side[row] !== -step) continue;
      const tickUnits = (population.sizeLots[row] as number) * unitsPerTickLot;
      const isAlive = (ticks: number): boolean =>
        excessUnits(
          columns,
          -step,
          tickUnits,
          population.entryTicks[row] as number,
          population.walletUnits[row] as number,
          ticks,
        ) > 0;
      if (!isAlive(mark)) {
        wave.push({ row, away: step * (walkToTrigger(isAlive, startTicks, step) - startTicks) });
      }
    }
    if (wave.length === 0) break;
    wave.sort((a, b) => a.away - b.away || a.row - b.row);
    let waveLots = 0;
    for (const { row } of wave) {
      const lots = population.sizeLots[row] as number;
      const value = book.take(lots);
      const entryValue = lots * (population.entryTicks[row] as number);
      const pnl = -step * (value - entryValue) * unitsPerTickLot;
      const equity = (population.walletUnits[row] as number) + pnl;
      const fee =
        equity < 0 ? 0 : Math.min(equity, Math.floor(value * unitsPerTickLot * shock.liquidationFeeRate));
      const paid = equity < 0 ? Math.min(fundUnits, -equity) : 0;
      fundUnits += fee - paid;
      fallen.add(row);
      falls.push({
        row,
        fillTickLots: value,
        equityUnits: equity - fee,
        adlNeedUnits: equity < 0 ? -equity - paid : 0,
      });
      waveLots += lots;
    }
    waves.push({ accounts: wave.length, lots: waveLots, markTicks: mark });
  }
  return { waves, falls, lastTicks: book.ticks, fundUnits };
}
