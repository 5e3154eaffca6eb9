/** A common price grid for depth columns whose own rows differ in height or place. */
import type { DepthColumn } from '../../../engine/market/view/depth-columns.ts';

/** Rows of equal height from a base price upwards. */
export interface HeatGrid {
  readonly baseTicks: number;
  readonly rowTicks: number;
  readonly rows: number;
}

/** More rows than this would cost memory without being seen; the grid grows coarser instead. */
const MOST_ROWS = 1_024;
/** Room above and below what is needed, so that a wandering price seldom needs a new grid. */
const MARGIN_SHARE = 0.25;

/** A grid with the row height of the newest column that covers all columns. Null without columns. */
export function gridFor(columns: readonly (DepthColumn | null)[]): HeatGrid | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let newest: DepthColumn | null = null;
  for (const column of columns) {
    if (column === null) continue;
    newest = column;
    low = Math.min(low, column.baseTicks);
    high = Math.max(high, topTicks(column));
  }
  if (newest === null) return null;
  let { rowTicks } = newest;
  const margin = (high - low) * MARGIN_SHARE;
  while ((high - low + 2 * margin) / rowTicks > MOST_ROWS) rowTicks *= 2;
  const baseTicks = Math.floor((low - margin) / rowTicks) * rowTicks;
  return { baseTicks, rowTicks, rows: Math.ceil((high + margin - baseTicks) / rowTicks) };
}

function topTicks(column: DepthColumn): number {
  return column.baseTicks + column.sizes.length * column.rowTicks;
}

/** Whether a grid has room for a column at the column's own resolution. */
export function covers(grid: HeatGrid, column: DepthColumn): boolean {
  return (
    grid.rowTicks >= column.rowTicks &&
    column.baseTicks >= grid.baseTicks &&
    topTicks(column) <= grid.baseTicks + grid.rows * grid.rowTicks
  );
}

/**
 * Spreads a column's sizes over the rows of a grid by overlap, so that nothing is lost or added where the grid
 * reaches. Rows the column does not know stay 0.
 */
export function resample(column: DepthColumn, grid: HeatGrid, out: Float32Array): void {
  out.fill(0);
  const { sizes, rowTicks } = column;
  const offset = (column.baseTicks - grid.baseTicks) / grid.rowTicks;
  if (rowTicks === grid.rowTicks && Number.isInteger(offset) && offset >= 0) {
    out.set(sizes.subarray(0, Math.max(0, grid.rows - offset)), offset);
    return;
  }
  const scale = rowTicks / grid.rowTicks;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] ?? 0;
    if (size === 0) continue;
    const from = offset + i * scale;
    const to = from + scale;
    for (let row = Math.max(0, Math.floor(from)); row < Math.min(grid.rows, Math.ceil(to)); row++) {
      const overlap = Math.min(to, row + 1) - Math.max(from, row);
      if (overlap > 0) out[row] = (out[row] ?? 0) + (size * overlap) / scale;
    }
  }
}
