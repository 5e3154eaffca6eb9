/** Notional brackets as columns in wallet units, for kernels that run over many accounts without allocating. */
import type { NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';
import { WALLET_UNITS } from './population.ts';

/** One schedule, ascending. The last bracket stays in force beyond its cap, as in `bracketAt`. */
export interface MaintenanceColumns {
  /** Notional above which each bracket applies, wallet units. */
  readonly floorUnits: Float64Array;
  /** Maintenance margin rate, a fraction. */
  readonly rate: Float64Array;
  /** Deduction that makes the requirement continuous, wallet units. */
  readonly amountUnits: Float64Array;
}

/** The columns of a checked schedule. Amounts are whole millionths, so they stay exact. */
export function maintenanceColumns(brackets: NotionalBrackets): MaintenanceColumns {
  return {
    floorUnits: Float64Array.from(brackets, (b) => b.floor * WALLET_UNITS),
    rate: Float64Array.from(brackets, (b) => b.maintenanceMarginRate),
    amountUnits: Float64Array.from(brackets, (b) => Math.round(b.maintenanceAmount * WALLET_UNITS)),
  };
}

/** Number (from 0) of the bracket that holds a notional; one equal to a cap belongs below it. */
export function bracketIndex(floorUnits: Float64Array, notionalUnits: number): number {
  let index = 0;
  while (index + 1 < floorUnits.length && (floorUnits[index + 1] as number) < notionalUnits) index++;
  return index;
}

/**
 * The maintenance margin of a notional: notional × rate − amount. An estimate (float64), wallet units.
 *
 * @param notionalUnits - size × price, wallet units, not negative
 */
export function maintenanceUnits(columns: MaintenanceColumns, notionalUnits: number): number {
  const index = bracketIndex(columns.floorUnits, notionalUnits);
  return notionalUnits * (columns.rate[index] as number) - (columns.amountUnits[index] as number);
}
