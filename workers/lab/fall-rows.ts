/** Estimated liquidations by price: what notional of the open positions falls in each row of price around the mark. */
import type { AccountColumns } from '../../engine/simulation/cascade/cascade-view.ts';

const ROWS_PER_SIDE = 40;
/** The rows reach this far from the mark on either side, a fraction. */
const REACH = 0.2;

/** Rows from the lowest price up: lower edge in ticks, notional of longs, notional of shorts. */
export function fallRows(
  columns: Pick<AccountColumns, 'sizeLots' | 'liquidationTicks'>,
  markTicks: number,
  valuePerTickLot: number,
): { readonly rows: Float64Array; readonly rowTicks: number } {
  const rowTicks = Math.max(1, Math.round((markTicks * REACH) / ROWS_PER_SIDE));
  const lowest = markTicks - ROWS_PER_SIDE * rowTicks;
  const rows = new Float64Array(2 * ROWS_PER_SIDE * 3);
  for (let i = 0; i < rows.length; i += 3) rows[i] = lowest + (i / 3) * rowTicks;
  for (let account = 0; account < columns.sizeLots.length; account++) {
    const size = columns.sizeLots[account] as number;
    const ticks = columns.liquidationTicks[account] as number;
    const row = Math.floor((ticks - lowest) / rowTicks);
    if (size === 0 || ticks <= 0 || row < 0 || row >= 2 * ROWS_PER_SIDE) continue;
    const place = row * 3 + (size > 0 ? 1 : 2);
    rows[place] = (rows[place] as number) + Math.abs(size) * ticks * valuePerTickLot;
  }
  return { rows, rowTicks };
}
