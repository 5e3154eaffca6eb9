/** Liquidation price of one position behind one wallet, by a kernel that allocates nothing, and the tick that triggers it. */
import { bracketIndex, type MaintenanceColumns, maintenanceUnits } from './maintenance-columns.ts';

/** Stands for "no price liquidates" in columns of ticks. Above every price. */
export const NEVER_TICKS = 0x7fff_ffff;

/**
 * Margin balance less maintenance margin at a price, wallet units: positive while the position lives.
 *
 * The balance is exact; the requirement is an estimate (float64). Every path that asks whether an account falls asks
 * this function, so all of them agree to the tick.
 *
 * @param side - +1 long, −1 short
 * @param tickUnits - value of one tick on the whole size, wallet units
 */
export function excessUnits(
  columns: MaintenanceColumns,
  side: number,
  tickUnits: number,
  entryTicks: number,
  walletUnits: number,
  markTicks: number,
): number {
  const balance = walletUnits + side * tickUnits * (markTicks - entryTicks);
  return balance - maintenanceUnits(columns, tickUnits * markTicks);
}

/**
 * The liquidation price in ticks, an estimate (float64), or a value ≤ 0 where a long has none.
 *
 * On bracket k the root is (side·v·entry − wallet − amount_k) ÷ (v·(side − rate_k)), v = value of a tick. The excess is
 * concave, so the step from bracket to bracket moves one way only and ends after at most as many steps as there are
 * brackets (Newton's method on a piecewise linear function), usually after one.
 */
export function liquidationTicks(
  columns: MaintenanceColumns,
  side: number,
  tickUnits: number,
  entryTicks: number,
  walletUnits: number,
): number {
  const { floorUnits, rate, amountUnits } = columns;
  const constant = side * tickUnits * entryTicks - walletUnits;
  let index = bracketIndex(floorUnits, tickUnits * entryTicks);
  let ticks = 0;
  for (let step = 0; step <= floorUnits.length; step++) {
    ticks = (constant - (amountUnits[index] as number)) / (tickUnits * (side - (rate[index] as number)));
    const held = bracketIndex(floorUnits, tickUnits * ticks);
    if (held === index) break;
    index = held;
  }
  return ticks;
}

/**
 * The mark price tick at which the position falls: the highest with no excess for a long, the lowest for a short.
 *
 * @returns ticks ≥ 1; {@link NEVER_TICKS} where no price below it liquidates
 */
export function triggerTicks(
  columns: MaintenanceColumns,
  side: number,
  tickUnits: number,
  entryTicks: number,
  walletUnits: number,
): number {
  const estimate = liquidationTicks(columns, side, tickUnits, entryTicks, walletUnits);
  // The estimate is right to a fraction of a tick; the excess itself has the last word on which side of a tick it lies.
  let at = side === 1 ? Math.floor(estimate) : Math.ceil(estimate);
  if (at >= NEVER_TICKS) return NEVER_TICKS;
  if (at < 0) at = 0;
  while (excessUnits(columns, side, tickUnits, entryTicks, walletUnits, at + side) <= 0) at += side;
  while (at > 0 && excessUnits(columns, side, tickUnits, entryTicks, walletUnits, at) > 0) at -= side;
  return at < 1 || at >= NEVER_TICKS ? NEVER_TICKS : at;
}
