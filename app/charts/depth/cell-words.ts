/** A cell of the chart in words: time, price, what rests there, and the second's prices. */
import { SECOND_MICROS } from '../../../engine/core/units.ts';
import type { DepthColumn } from '../../../engine/market/view/depth-columns.ts';
import type { ContractSpec } from '../../../engine/reference/instruments/contract-spec.ts';
import { formatClock } from '../../format/time.ts';
import { sizeUnit } from '../size-unit.ts';
import { nearestTickText, priceToTicks, tickText } from '../tick-text.ts';
import type { ChartCell } from './price-chart.ts';

/** Size in lots that rested in the row of a price; null outside the rows that the column knows. */
export function restingLots(column: DepthColumn, priceTicks: number): number | null {
  const row = Math.floor((priceTicks - column.baseTicks) / column.rowTicks);
  return column.sizes[row] ?? null;
}

/** E.g. `14:02:11 UTC · 61,700.0 · resting 4.231 BTC · O 61,642.1 H … L … C … · vol 1.204`. */
export function cellWords(cell: ChartCell, column: DepthColumn | null, spec: ContractSpec): string {
  const parts = [
    `${formatClock(cell.second * SECOND_MICROS, 'utc')} UTC`,
    nearestTickText(cell.price, spec.tickSize),
  ];
  if (column === null) return [...parts, 'no column'].join(' · ');
  const lots = restingLots(column, priceToTicks(cell.price, spec.tickSize));
  parts.push(
    lots === null
      ? 'depth not known here'
      : `resting ${tickText(Math.round(lots), spec.lotSize)} ${sizeUnit(spec)}`,
  );
  const price = (ticks: number): string => tickText(Math.round(ticks), spec.tickSize);
  parts.push(
    `O ${price(column.openTicks)} H ${price(column.highTicks)} L ${price(column.lowTicks)} C ${price(column.closeTicks)}`,
    `vol ${tickText(column.volumeLots, spec.lotSize)}`,
  );
  return parts.join(' · ');
}
