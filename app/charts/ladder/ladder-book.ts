/** The book on the ladder's rows: a dense window over the sparse levels of a frame, with totals and change. */
import { LADDER_STRIDE, type LadderRows } from '../../../workers/contract/market-frame.ts';
import { type LadderAxis, rowOfGroup, type Touch } from './ladder-geometry.ts';

/** Sizes per row in lots; 0 where nothing rests. Reused between paints, so read it, do not keep it. */
export interface SideRows {
  readonly sizes: Float64Array;
  readonly cumulative: Float64Array;
  /** Change of the size since the reference moment; NaN where the row was out of sight then. */
  readonly deltas: Float64Array;
  /** Sum of the visible sizes. */
  total: number;
  /** Sum of the visible changes. */
  totalDelta: number;
  /** Visible levels that hold something. */
  levels: number;
}

function sideRows(rows: number): SideRows {
  return {
    sizes: new Float64Array(rows),
    cumulative: new Float64Array(rows),
    deltas: new Float64Array(rows),
    total: 0,
    totalDelta: 0,
    levels: 0,
  };
}

/** How long ago the reference of the change columns lies. */
export const DELTA_WINDOW_MS = 1_000;
/** References kept: one per paint at 10 Hz over the window, and some for jitter. */
const MOMENTS = 16;

interface Moment {
  atMs: number;
  topGroup: number;
  groupTicks: number;
  rows: number;
  bids: Float64Array;
  asks: Float64Array;
}

/** What of the book is in sight. */
export class LadderBook {
  bids: SideRows = sideRows(0);
  asks: SideRows = sideRows(0);
  /** Largest visible size of either side: the scale of all bars. */
  maxLots = 0;
  /** Rows within which every level is known: the book's snapshot ended there, and beyond it a size is a least size. */
  lastSureBidRow = Number.POSITIVE_INFINITY;
  firstSureAskRow = Number.NEGATIVE_INFINITY;
  readonly #moments: Moment[] = [];
  #nextMoment = 0;

  /** Lays the levels of a frame on the rows of an axis. The frame must be grouped as the axis is. */
  fill(ladder: LadderRows, axis: LadderAxis, nowMs: number): void {
    if (this.bids.sizes.length !== axis.rows) {
      this.bids = sideRows(axis.rows);
      this.asks = sideRows(axis.rows);
    }
    this.maxLots = 0;
    const { lowestBidTicks, highestAskTicks } = ladder;
    this.lastSureBidRow =
      lowestBidTicks === null
        ? Number.POSITIVE_INFINITY
        : rowOfGroup(axis, Math.ceil(lowestBidTicks / axis.groupTicks));
    this.firstSureAskRow =
      highestAskTicks === null
        ? Number.NEGATIVE_INFINITY
        : rowOfGroup(axis, Math.floor(highestAskTicks / axis.groupTicks));
    this.#fillSide('bid', this.bids, ladder.bids, axis);
    this.#fillSide('ask', this.asks, ladder.asks, axis);
    const reference = this.#reference(nowMs, axis);
    compare(this.bids, reference?.bids ?? null, reference, axis);
    compare(this.asks, reference?.asks ?? null, reference, axis);
    this.#remember(nowMs, axis);
  }

  /** Whether the size of a row is all that rests there. */
  isSure(side: 'bid' | 'ask', row: number): boolean {
    return side === 'bid' ? row <= this.lastSureBidRow : row >= this.firstSureAskRow;
  }

  /** Forgets the past, e.g. when another instrument opens. */
  forget(): void {
    this.#moments.length = 0;
    this.#nextMoment = 0;
  }

  #fillSide(name: 'bid' | 'ask', side: SideRows, levels: Float64Array, axis: LadderAxis): void {
    side.sizes.fill(0);
    side.cumulative.fill(0);
    side.total = 0;
    side.levels = 0;
    for (let i = 0; i + LADDER_STRIDE <= levels.length; i += LADDER_STRIDE) {
      const row = rowOfGroup(axis, (levels[i] ?? 0) / axis.groupTicks);
      if (row < 0 || row >= axis.rows) continue;
      const size = levels[i + 1] ?? 0;
      side.sizes[row] = size;
      side.cumulative[row] = levels[i + 2] ?? 0;
      side.total += size;
      side.levels += 1;
      if (size > this.maxLots && this.isSure(name, row)) this.maxLots = size;
    }
  }

  /** The youngest remembered moment that is at least the window old, on the same grouping. */
  #reference(nowMs: number, axis: LadderAxis): Moment | null {
    let best: Moment | null = null;
    for (const moment of this.#moments) {
      if (moment.groupTicks !== axis.groupTicks || nowMs - moment.atMs < DELTA_WINDOW_MS) continue;
      if (best === null || moment.atMs > best.atMs) best = moment;
    }
    return best;
  }

  #remember(nowMs: number, axis: LadderAxis): void {
    const { topGroup, groupTicks, rows } = axis;
    const old = this.#moments[this.#nextMoment];
    const reusable = old !== undefined && old.bids.length === rows;
    const moment: Moment = {
      atMs: nowMs,
      topGroup,
      groupTicks,
      rows,
      bids: reusable ? old.bids : new Float64Array(rows),
      asks: reusable ? old.asks : new Float64Array(rows),
    };
    moment.bids.set(this.bids.sizes);
    moment.asks.set(this.asks.sizes);
    this.#moments[this.#nextMoment] = moment;
    this.#nextMoment = (this.#nextMoment + 1) % MOMENTS;
  }
}

function compare(side: SideRows, past: Float64Array | null, moment: Moment | null, axis: LadderAxis): void {
  side.totalDelta = 0;
  if (past === null || moment === null) {
    side.deltas.fill(Number.NaN);
    return;
  }
  const shift = moment.topGroup - axis.topGroup;
  for (let row = 0; row < axis.rows; row++) {
    const then = past[row + shift];
    if (then === undefined) {
      side.deltas[row] = Number.NaN;
      continue;
    }
    const delta = (side.sizes[row] ?? 0) - then;
    side.deltas[row] = delta;
    side.totalDelta += delta;
  }
}

/** Best prices of a frame as group indices. */
export function touchOf(ladder: LadderRows): Touch {
  return {
    bidGroup: ladder.bids.length === 0 ? null : (ladder.bids[0] ?? 0) / ladder.groupTicks,
    askGroup: ladder.asks.length === 0 ? null : (ladder.asks[0] ?? 0) / ladder.groupTicks,
  };
}
