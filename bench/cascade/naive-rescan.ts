/** A cascade without an index: every wave asks every account again for its balance and its requirement. */
import type { CascadeShock } from '../../engine/risk/crowd/fast-cascade.ts';
import { CurveCursor, type LiquidityCurve, reachSign } from '../../engine/risk/crowd/liquidity-curve.ts';
import type { MaintenanceColumns } from '../../engine/risk/crowd/maintenance-columns.ts';
import type { Population } from '../../engine/risk/crowd/population.ts';
import { excessUnits } from '../../engine/risk/crowd/trigger-price.ts';

/** What both ways must agree on. */
export interface RescanTotals {
  readonly waves: number;
  readonly accounts: number;
  readonly lots: number;
  readonly lastTicks: number;
}

/**
 * Runs one cascade over typed arrays. Within a wave accounts are filled as they are met: to know their order would cost
 * more than is counted here.
 */
export function naiveRescan(
  population: Population,
  columns: MaintenanceColumns,
  curve: LiquidityCurve,
  shock: CascadeShock,
  fillTickLots: Float64Array,
): RescanTotals {
  const { count, side, sizeLots, entryTicks, walletUnits, contract } = population;
  const sign = reachSign(curve.direction);
  const isFallen = new Uint8Array(count);
  const cursor = new CurveCursor(curve);
  let { lots, fundUnits } = shock;
  let waves = 0;
  let accounts = 0;
  if (lots > 0) cursor.moveTo(lots);
  for (;;) {
    const mark = sign * (curve.reachAfter(lots) + shock.gapTicks);
    const before = accounts;
    for (let row = 0; row < count; row++) {
      if (side[row] !== -sign || isFallen[row] === 1) continue;
      const size = sizeLots[row] as number;
      const tickUnits = size * contract.unitsPerTickLot;
      const entry = entryTicks[row] as number;
      const wallet = walletUnits[row] as number;
      if (excessUnits(columns, -sign, tickUnits, entry, wallet, mark) > 0) continue;
      const cost = cursor.valueOf(lots);
      lots += size;
      if (lots > cursor.levelEnd) cursor.moveTo(lots);
      const value = cursor.valueOf(lots) - cost;
      const equity = wallet - (value - size * sign * entry) * contract.unitsPerTickLot;
      const fill = Math.abs(value);
      const fee = Math.floor(fill * contract.unitsPerTickLot * shock.liquidationFeeRate);
      fundUnits += equity < 0 ? -Math.min(fundUnits, -equity) : Math.min(equity, fee);
      fillTickLots[row] = fill;
      isFallen[row] = 1;
      accounts++;
    }
    if (accounts === before) break;
    waves++;
  }
  return { waves, accounts, lots: lots - shock.lots, lastTicks: sign * curve.reachAfter(lots) };
}
