/** Geometry of the ladder: which price stands on which row, when it may move, and where the columns are. */

/** Ticks per row that a reader can choose. */
export const GROUPINGS = [1, 10, 100, 1000] as const;

/** A static price axis: row 0 is the highest price; a row's price is its group index times the ticks per row. */
export interface LadderAxis {
  readonly groupTicks: number;
  /** Group index of row 0. */
  readonly topGroup: number;
  readonly rows: number;
}

/** Best prices as group indices; null where a side is empty. */
export interface Touch {
  readonly bidGroup: number | null;
  readonly askGroup: number | null;
}

/** The touch may wander in the middle 60 % of the rows before the axis follows it. */
const CALM_SHARE = 0.6;

export function rowPriceTicks(axis: LadderAxis, row: number): number {
  return (axis.topGroup - row) * axis.groupTicks;
}

/** Row of a group index; outside 0…rows−1 when it is out of sight. */
export function rowOfGroup(axis: LadderAxis, group: number): number {
  return axis.topGroup - group;
}

/** Where the middle of the book lies, as a group index; null for an empty book. */
export function middleGroup(touch: Touch): number | null {
  if (touch.bidGroup === null) return touch.askGroup;
  if (touch.askGroup === null) return touch.bidGroup;
  return (touch.bidGroup + touch.askGroup) / 2;
}

/** An axis with `group` on its middle row. */
export function centredAxis(group: number, groupTicks: number, rows: number): LadderAxis {
  return { groupTicks, topGroup: Math.round(group) + Math.floor(rows / 2), rows };
}

/** The same middle price at another grouping. */
export function regroupedAxis(axis: LadderAxis, groupTicks: number): LadderAxis {
  const middleTicks = rowPriceTicks(axis, Math.floor(axis.rows / 2));
  return centredAxis(middleTicks / groupTicks, groupTicks, axis.rows);
}

/** Whether the touch has left the calm middle of the rows. */
export function hasLeftMiddle(axis: LadderAxis, touch: Touch): boolean {
  const middle = middleGroup(touch);
  if (middle === null) return false;
  const row = rowOfGroup(axis, middle);
  const margin = (axis.rows * (1 - CALM_SHARE)) / 2;
  return row < margin || row > axis.rows - 1 - margin;
}

/** The axis follows the market only when nobody could be about to act on a row. */
export function mayFollow(reader: {
  readonly pointerInside: boolean;
  readonly focusInside: boolean;
}): boolean {
  return !reader.pointerInside && !reader.focusInside;
}

/**
 * Row on which an estimated price is marked. Bids are grouped downwards and asks upwards, so a mark below the
 * middle of the book belongs to the row under it and one above to the row over it.
 */
export function markerGroup(priceTicks: number, groupTicks: number, middle: number | null): number {
  const group = priceTicks / groupTicks;
  if (middle === null || group === middle) return Math.round(group);
  return group < middle ? Math.floor(group) : Math.ceil(group);
}

/** The next coarser (+1) or finer (−1) grouping; the same at either end. */
export function nextGrouping(groupTicks: number, step: 1 | -1): number {
  const at = GROUPINGS.findIndex((grouping) => grouping >= groupTicks);
  const wanted = (at === -1 ? GROUPINGS.length - 1 : at) + step;
  return GROUPINGS[Math.min(GROUPINGS.length - 1, Math.max(0, wanted))] ?? groupTicks;
}

/** A column's left edge and width in CSS pixels. */
export interface Column {
  readonly x: number;
  readonly width: number;
}

/** Outer columns carry marks, then change, cumulative size and size; the price stands in the middle. */
export interface LadderColumns {
  readonly markLeft: Column;
  readonly deltaBid: Column | null;
  readonly cumulativeBid: Column | null;
  readonly bid: Column;
  readonly price: Column;
  readonly ask: Column;
  readonly cumulativeAsk: Column | null;
  readonly deltaAsk: Column | null;
  readonly markRight: Column;
}

/** The least a column of marks needs: a hatched square and a gap. */
const NARROWEST_MARK = 18;
/** The least a column of sizes needs. */
const NARROWEST_NUMBER = 50;

/** Shares the width out. What is switched on takes its room from the marks first, then from the sizes. */
export function ladderColumns(
  width: number,
  shown: { readonly cumulative: boolean; readonly deltas: boolean; readonly priceWidth: number },
): LadderColumns {
  const side = (width - shown.priceWidth) / 2;
  // Too narrow for all: changes give way.
  const deltas = shown.deltas && !(shown.cumulative && (side - NARROWEST_MARK) / 3 < NARROWEST_NUMBER);
  const extras = (shown.cumulative ? 1 : 0) + (deltas ? 1 : 0);
  const wantedMark = extras === 0 ? side * 0.42 : extras === 1 ? side * 0.24 : NARROWEST_MARK;
  const mark = Math.max(NARROWEST_MARK, Math.floor(wantedMark));
  const each = (side - mark) / (extras + 1);
  let x = 0;
  const take = (w: number): Column => {
    const column = { x, width: w };
    x += w;
    return column;
  };
  return {
    markLeft: take(mark),
    deltaBid: deltas ? take(each) : null,
    cumulativeBid: shown.cumulative ? take(each) : null,
    bid: take(each),
    price: take(shown.priceWidth),
    ask: take(each),
    cumulativeAsk: shown.cumulative ? take(each) : null,
    deltaAsk: deltas ? take(each) : null,
    markRight: take(mark),
  };
}
