/** Liquidation columns of the ladder: what notional is estimated to fall at each price, and how wide its bar is. */
import type { InstrumentId } from '../../../engine/reference/instruments/contract-spec.ts';
import type { LadderAxis, LadderColumns } from './ladder-geometry.ts';

/** What is estimated to fall by row: longs at the left edge, shorts at the right. */
export interface LadderFalls {
  readonly instrument: InstrumentId;
  readonly groupTicks: number;
  /** Group index of the first entry. */
  readonly fromGroup: number;
  /** Notional, currency. */
  readonly longs: Float64Array;
  readonly shorts: Float64Array;
  readonly tipsDownTicks: number | null;
  readonly tipsUpTicks: number | null;
}

/** The falls as far as they are in sight. */
export interface FallsInSight {
  readonly falls: LadderFalls;
  /** Largest notional of a row in sight. */
  readonly most: number;
}

/** The falls for an axis; null where they were asked for another instrument or grouping, or nothing falls in sight. */
export function fallsInSight(
  falls: LadderFalls | null,
  instrument: InstrumentId,
  axis: LadderAxis,
): FallsInSight | null {
  if (falls === null || falls.instrument !== instrument || falls.groupTicks !== axis.groupTicks) return null;
  let most = 0;
  for (let row = 0; row < axis.rows; row++) {
    most = Math.max(most, fallAt(falls, axis, row, 'longs'), fallAt(falls, axis, row, 'shorts'));
  }
  return most === 0 ? null : { falls, most };
}

/** Notional that falls in a row. */
export function fallAt(falls: LadderFalls, axis: LadderAxis, row: number, side: 'longs' | 'shorts'): number {
  return falls[side][axis.topGroup - row - falls.fromGroup] ?? 0;
}

/** Width of a bar in whole CSS pixels: a row is painted again only when this changes. */
export function fallWidth(
  scene: { readonly falls: FallsInSight | null; readonly axis: LadderAxis; readonly columns: LadderColumns },
  row: number,
  side: 'longs' | 'shorts',
): number {
  if (scene.falls === null) return 0;
  const { falls, most } = scene.falls;
  const notional = fallAt(falls, scene.axis, row, side);
  const room = scene.columns.markLeft.width;
  return notional <= 0 ? 0 : Math.max(2, Math.round((notional / most) * room));
}
