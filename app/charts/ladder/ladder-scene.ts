/** Everything the ladder's brushes need for one paint, worked out before anything is drawn. */
import type { ContractSpec } from '../../../engine/reference/instruments/contract-spec.ts';
import type { PriceLine } from '../price-line.ts';
import type { ThemeColors } from '../theme-colors.ts';
import type { LadderBook } from './ladder-book.ts';
import { type FallsInSight, fallWidth } from './ladder-falls.ts';
import type { LadderAxis, LadderColumns } from './ladder-geometry.ts';
import type { FilledRow, OwnRow } from './own-rows.ts';

/** Colours of one paint: the theme's when live, without hue otherwise. */
export interface LadderInk {
  readonly bid: string;
  readonly ask: string;
  readonly text: string;
  readonly live: boolean;
}

/** A position's line on its row. */
export interface LadderLine {
  readonly line: PriceLine;
  readonly row: number;
  /** Below the middle of the book: drawn on the bid side. */
  readonly below: boolean;
}

/** Heights in CSS pixels. */
export interface LadderHeights {
  readonly heading: number;
  readonly row: number;
  readonly footer: number;
}

/** One paint of the ladder. Rows outside 0…rows−1 are out of sight. */
export interface LadderScene {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly heights: LadderHeights;
  readonly columns: LadderColumns;
  readonly colors: ThemeColors;
  readonly ink: LadderInk;
  readonly spec: ContractSpec;
  readonly axis: LadderAxis;
  readonly book: LadderBook;
  readonly lastRow: number;
  readonly lastSide: 'buy' | 'sell' | null;
  readonly spreadTicks: number | null;
  readonly markRow: number;
  readonly indexRow: number;
  /** Index price less last price, in ticks. */
  readonly indexOffsetTicks: number | null;
  readonly cursorRow: number;
  readonly hoverRow: number;
  readonly lines: readonly LadderLine[];
  /** The reader's own orders in sight, and fills that are still shown. */
  readonly own: readonly OwnRow[];
  readonly filled: readonly FilledRow[];
  /** What is estimated to be liquidated; null unless the reader asked for it. */
  readonly falls: FallsInSight | null;
}

export function rowTop(scene: LadderScene, row: number): number {
  return scene.heights.heading + row * scene.heights.row;
}

export function inkOf(colors: ThemeColors, live: boolean): LadderInk {
  return live
    ? { bid: colors.bid, ask: colors.ask, text: colors.text, live }
    : { bid: colors.muted, ask: colors.muted, text: colors.muted, live };
}

/** Values of a row as last painted; a row is painted again only when one of them changed. */
const FIELDS = 17;

/** Remembers what stands on each row. */
export class PaintedRowValues {
  #values = new Float64Array(0);

  /** Forgets everything: the next comparison reports all rows. */
  reset(rows: number): void {
    this.#values = new Float64Array(rows * FIELDS).fill(Number.NaN);
  }

  /** Takes over the values of a row and tells whether they differ from what stands there. */
  update(scene: LadderScene, row: number): boolean {
    const { book } = scene;
    const bid = book.bids.sizes[row] ?? 0;
    const ask = book.asks.sizes[row] ?? 0;
    const at = row * FIELDS;
    // No short circuit: every field has to be taken over.
    let changed = this.#put(at, bid);
    changed = this.#put(at + 1, ask) || changed;
    changed = this.#put(at + 2, barWidth(scene, bid)) || changed;
    changed = this.#put(at + 3, barWidth(scene, ask)) || changed;
    changed = this.#put(at + 4, marksOf(scene, row)) || changed;
    changed =
      this.#put(at + 9, Number(book.isSure('bid', row)) + 2 * Number(book.isSure('ask', row))) || changed;
    changed = this.#updateOwn(scene, row, at + 10) || changed;
    changed = this.#put(at + 15, fallWidth(scene, row, 'longs')) || changed;
    changed = this.#put(at + 16, fallWidth(scene, row, 'shorts')) || changed;
    if (scene.columns.cumulativeBid !== null) {
      changed = this.#put(at + 5, book.bids.cumulative[row] ?? 0) || changed;
      changed = this.#put(at + 6, book.asks.cumulative[row] ?? 0) || changed;
    }
    if (scene.columns.deltaBid !== null) {
      changed = this.#put(at + 7, shownDelta(book.bids.deltas[row])) || changed;
      changed = this.#put(at + 8, shownDelta(book.asks.deltas[row])) || changed;
    }
    return changed;
  }

  #updateOwn(scene: LadderScene, row: number, at: number): boolean {
    let lots = 0;
    let ahead = 0;
    let behind = 0;
    let orders = 0;
    for (const own of scene.own) {
      if (own.row !== row) continue;
      lots += own.side === 'buy' ? own.lots : -own.lots;
      ahead += own.aheadLots ?? -1;
      behind += own.behindLots;
      orders += own.orders;
    }
    const fill = scene.filled.find((one) => one.row === row);
    let changed = this.#put(at, lots);
    changed = this.#put(at + 1, ahead) || changed;
    changed = this.#put(at + 2, behind) || changed;
    changed = this.#put(at + 3, orders) || changed;
    return this.#put(at + 4, fill === undefined ? 0 : fill.lots * 2 + Number(fill.lit)) || changed;
  }

  #put(at: number, value: number): boolean {
    if (this.#values[at] === value) return false;
    this.#values[at] = value;
    return true;
  }
}

/** A change to show: nothing where there is none or where the past is unknown. */
export function shownDelta(delta: number | undefined): number {
  return delta === undefined || Number.isNaN(delta) ? 0 : delta;
}

/** Width of a size's bar, in whole device pixels. */
export function barWidth(scene: LadderScene, lots: number): number {
  if (lots <= 0 || scene.book.maxLots <= 0) return 0;
  const full = scene.columns.bid.width - 2;
  return Math.max(1, Math.round((lots / scene.book.maxLots) * full * scene.ratio)) / scene.ratio;
}

/** All of a row's marks as one number. */
function marksOf(scene: LadderScene, row: number): number {
  let marks = 0;
  if (row === scene.lastRow) {
    const arrow = scene.lastSide === 'buy' ? 1 : scene.lastSide === 'sell' ? 2 : 3;
    marks += arrow + (scene.spreadTicks ?? 0) * 4096;
  }
  if (row === scene.cursorRow) marks += 4;
  if (row === scene.hoverRow) marks += 8;
  if (row === scene.markRow) marks += 16;
  if (row === scene.indexRow) marks += 32 + Math.round(scene.indexOffsetTicks ?? 0) * 8192;
  for (const [i, line] of scene.lines.entries()) {
    if (line.row === row) marks += (i + 1) * 64 * (line.below ? 1 : 3);
  }
  return marks;
}
