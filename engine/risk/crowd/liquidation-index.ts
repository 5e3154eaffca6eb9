/** All accounts of one side in the order in which a shock reaches them, with sums up to every price. */

import { reachSign, type ShockDirection } from './liquidity-curve.ts';
import type { MaintenanceColumns } from './maintenance-columns.ts';
import type { CrowdContract, Population } from './population.ts';
import { orderByKey } from './radix-order.ts';
import { NEVER_TICKS, triggerTicks } from './trigger-price.ts';

/** Ticks beyond the first trigger for which sums are kept by tick; further out they are found by halving. */
const TABLE_TICKS = 1 << 19;

/** Accounts of one side in fall order: by the tick that triggers them, then by row. Reach is explained at `reachSign`. */
export class LiquidationIndex {
  readonly contract: CrowdContract;
  readonly direction: ShockDirection;
  /** Accounts that some price liquidates. */
  readonly count: number;
  /** Reach of each trigger, ascending. */
  readonly reachTicks: Int32Array;
  /** Row of the population. */
  readonly rows: Uint32Array;
  /** Wallet plus unrealised profit if the price were 0: the equity at reach r is this − size × r × value of a tick on a lot. */
  readonly equityAtZeroUnits: Float64Array;
  /** Lots of the first i accounts, at i. */
  readonly lotsBefore: Float64Array;
  /** Sum of lots × trigger price in ticks of the first i accounts, at i. */
  readonly tickLotsBefore: Float64Array;
  readonly #tableReach: number;
  readonly #countByTick: Uint32Array;
  readonly #lotsByTick: Float64Array;

  /** Builds the index; the accounts of the other side take no part. */
  constructor(population: Population, columns: MaintenanceColumns, direction: ShockDirection) {
    const sign = reachSign(direction);
    const { contract, sizeLots, entryTicks, walletUnits } = population;
    const triggers = reachOfTriggers(population, columns, direction);
    const order = orderByKey(triggers.reach);
    const count = order.length;
    this.contract = contract;
    this.direction = direction;
    this.count = count;
    this.reachTicks = new Int32Array(count);
    this.rows = new Uint32Array(count);
    this.equityAtZeroUnits = new Float64Array(count);
    this.lotsBefore = new Float64Array(count + 1);
    this.tickLotsBefore = new Float64Array(count + 1);
    for (let i = 0; i < count; i++) {
      const from = order[i] as number;
      const row = triggers.rows[from] as number;
      const reach = triggers.reach[from] as number;
      const size = sizeLots[row] as number;
      const entryReach = sign * (entryTicks[row] as number);
      this.reachTicks[i] = reach;
      this.rows[i] = row;
      this.equityAtZeroUnits[i] = (walletUnits[row] as number) + size * contract.unitsPerTickLot * entryReach;
      this.lotsBefore[i + 1] = (this.lotsBefore[i] as number) + size;
      this.tickLotsBefore[i + 1] = (this.tickLotsBefore[i] as number) + size * sign * reach;
    }
    const span =
      count === 0 ? 0 : (this.reachTicks[count - 1] as number) - (this.reachTicks[0] as number) + 1;
    this.#tableReach = this.reachTicks[0] ?? 0;
    this.#countByTick = new Uint32Array(Math.min(span, TABLE_TICKS));
    this.#lotsByTick = new Float64Array(this.#countByTick.length);
    this.#fillTable();
  }

  /** Accounts that have fallen when the price has been at this reach. */
  countAt(reach: number): number {
    const tick = reach - this.#tableReach;
    if (tick < 0) return 0;
    if (tick < this.#countByTick.length) return this.#countByTick[tick] as number;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.reachTicks[middle] as number) <= reach) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Lots that have fallen when the price has been at this reach. */
  lotsAt(reach: number): number {
    const tick = reach - this.#tableReach;
    if (tick < 0) return 0;
    if (tick < this.#lotsByTick.length) return this.#lotsByTick[tick] as number;
    return this.lotsBefore[this.countAt(reach)] as number;
  }

  /** Sum of lots × trigger price in ticks of what has fallen when the price has been at this reach. */
  tickLotsAt(reach: number): number {
    return this.tickLotsBefore[this.countAt(reach)] as number;
  }

  #fillTable(): void {
    const counts = this.#countByTick;
    let i = 0;
    for (let tick = 0; tick < counts.length; tick++) {
      while (i < this.count && (this.reachTicks[i] as number) - this.#tableReach <= tick) i++;
      counts[tick] = i;
      this.#lotsByTick[tick] = this.lotsBefore[i] as number;
    }
  }
}

function reachOfTriggers(
  population: Population,
  columns: MaintenanceColumns,
  direction: ShockDirection,
): { readonly reach: Int32Array; readonly rows: Uint32Array } {
  const { contract, count, side, sizeLots, entryTicks, walletUnits } = population;
  const sign = reachSign(direction);
  const reach = new Int32Array(count);
  const rows = new Uint32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) {
    if (side[row] !== -sign) continue;
    const tickUnits = (sizeLots[row] as number) * contract.unitsPerTickLot;
    const trigger = triggerTicks(
      columns,
      -sign,
      tickUnits,
      entryTicks[row] as number,
      walletUnits[row] as number,
    );
    if (trigger === NEVER_TICKS) continue;
    reach[found] = sign * trigger;
    rows[found] = row;
    found++;
  }
  return { reach: reach.subarray(0, found), rows: rows.subarray(0, found) };
}
