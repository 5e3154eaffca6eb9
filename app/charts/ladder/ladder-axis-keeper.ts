/** Keeps the ladder's axis still, and moves it only by the rules: on request, or when nobody is inside. */
import {
  centredAxis,
  hasLeftMiddle,
  type LadderAxis,
  mayFollow,
  middleGroup,
  regroupedAxis,
  rowOfGroup,
  type Touch,
} from './ladder-geometry.ts';

export class LadderAxisKeeper {
  pointerInside = false;
  focusInside = false;
  #axis: LadderAxis | null = null;
  #wanted = true;

  get current(): LadderAxis | null {
    return this.#axis;
  }

  /** The next settling starts afresh, as for another instrument. */
  forget(): void {
    this.#axis = null;
    this.#wanted = true;
  }

  /** The next settling centres the market. */
  recentre(): void {
    this.#wanted = true;
  }

  /** Moves the rows by hand; positive is towards lower prices. Returns whether there was an axis to move. */
  scroll(rows: number): boolean {
    if (this.#axis === null || rows === 0) return false;
    this.#axis = { ...this.#axis, topGroup: this.#axis.topGroup - rows };
    return true;
  }

  /** Brings the axis in line with the grouping, the room and the market. Returns whether any row changed its price. */
  settle(groupTicks: number, rows: number, touch: Touch): boolean {
    const before = this.#axis;
    this.#axis = this.#settled(before, groupTicks, rows, touch);
    return this.#axis !== before;
  }

  #settled(before: LadderAxis | null, groupTicks: number, rows: number, touch: Touch): LadderAxis {
    const middle = middleGroup(touch);
    if (before === null || this.#wanted) {
      // Without a market there is nothing to centre yet; the wish stays.
      this.#wanted = middle === null;
      if (before === null || middle !== null) return centredAxis(middle ?? 0, groupTicks, rows);
    }
    let axis = before;
    if (axis.groupTicks !== groupTicks) axis = regroupedAxis(axis, groupTicks);
    if (axis.rows !== rows) axis = { ...axis, rows, topGroup: this.#resizedTop(axis, rows) };
    if (middle !== null && mayFollow(this) && hasLeftMiddle(axis, touch)) {
      return centredAxis(middle, groupTicks, rows);
    }
    return axis;
  }

  /** Under a pointer the top row stays where it is; otherwise the middle does. */
  #resizedTop(axis: LadderAxis, rows: number): number {
    if (this.pointerInside) return axis.topGroup;
    return axis.topGroup + Math.floor(rows / 2) - Math.floor(axis.rows / 2);
  }

  /** Where the market is when no row shows it. */
  outOfSight(touch: Touch): 'above' | 'below' | null {
    const middle = middleGroup(touch);
    if (this.#axis === null || middle === null) return null;
    const row = rowOfGroup(this.#axis, middle);
    if (row < 0) return 'above';
    return row > this.#axis.rows - 1 ? 'below' : null;
  }
}
