/** The reader's own orders on the ladder's rows: how much, how far from the front of the queue, and what was just filled. */
import type { OrderSide } from '../../../engine/venue/matching/order-terms.ts';
import type { OwnFill, OwnOrder, VenueView } from '../../../workers/contract/paper.ts';
import { type LadderAxis, rowOfGroup } from './ladder-geometry.ts';

/** Own orders of one side on one row. */
export interface OwnRow {
  readonly row: number;
  readonly side: OrderSide;
  readonly orders: number;
  /** Unfilled. */
  readonly lots: number;
  /** Of the order nearest to the front; null where all wait for a trigger. */
  readonly aheadLots: number | null;
  readonly behindLots: number;
}

/** A fill that is still shown on its row. */
export interface FilledRow {
  readonly row: number;
  readonly side: OrderSide;
  readonly lots: number;
  /** Fresh enough to be lit, where motion is welcome. */
  readonly lit: boolean;
}

/** How long a fill is written on its row, and how long the row is lit. One light at a time, so it never flickers. */
const SHOWN_MS = 3_000;
const LIT_MS = 600;

/** Row of an own price: bids are grouped downwards and asks upwards, as the book is. */
function rowOf(axis: LadderAxis, side: OrderSide, ticks: number): number {
  const group = ticks / axis.groupTicks;
  return rowOfGroup(axis, side === 'buy' ? Math.floor(group) : Math.ceil(group));
}

/** Own orders by row, those in sight only. A waiting order stands where its trigger is. */
export function ownRows(orders: readonly OwnOrder[], axis: LadderAxis): readonly OwnRow[] {
  const rows = new Map<string, OwnRow>();
  for (const order of orders) {
    const ticks = order.state === 'waiting' ? order.triggerTicks : order.priceTicks;
    if (ticks === null) continue;
    const row = rowOf(axis, order.side, ticks);
    if (row < 0 || row >= axis.rows) continue;
    const key = `${order.side}${row}`;
    const before = rows.get(key);
    const nearest = before?.aheadLots ?? null;
    const nearer = order.aheadLots !== null && (nearest === null || order.aheadLots < nearest);
    rows.set(key, {
      row,
      side: order.side,
      orders: (before?.orders ?? 0) + 1,
      lots: (before?.lots ?? 0) + order.sizeLots - order.filledLots,
      aheadLots: nearer ? order.aheadLots : nearest,
      behindLots: nearer ? (order.behindLots ?? 0) : (before?.behindLots ?? 0),
    });
  }
  return [...rows.values()];
}

interface SeenFill {
  readonly fill: OwnFill;
  readonly seenAtMs: number;
}

/** Remembers fills for as long as they are shown. */
export class FillMemory {
  #last: OwnFill | null = null;
  #count = 0;
  #known = false;
  #seen: readonly SeenFill[] = [];

  /** Another market: its past fills are no news. */
  forget(): void {
    this.#known = false;
    this.#seen = [];
  }

  /** Takes over the fills of a frame and tells which are to be shown. */
  take(venue: VenueView | null, axis: LadderAxis, nowMs: number): readonly FilledRow[] {
    const fills = venue?.fills ?? [];
    const fresh = this.#known ? fills.slice(this.#knownUpTo(fills)) : [];
    this.#known = true;
    this.#last = fills.at(-1) ?? null;
    this.#count = fills.length;
    this.#seen = [
      ...this.#seen.filter(({ seenAtMs }) => nowMs - seenAtMs < SHOWN_MS),
      ...fresh.map((fill) => ({ fill, seenAtMs: nowMs })),
    ];
    return filledRows(this.#seen, axis, nowMs);
  }

  /** How many of these fills were there already; the list is cut at its old end, so its length alone does not say. */
  #knownUpTo(fills: readonly OwnFill[]): number {
    const last = this.#last;
    if (last === null) return 0;
    if (fills.length > this.#count) return this.#count;
    const at = fills.findLastIndex((fill) => isSame(fill, last));
    return at === -1 ? 0 : at + 1;
  }
}

function isSame(a: OwnFill, b: OwnFill): boolean {
  return (
    a.atMicros === b.atMicros && a.id === b.id && a.sizeLots === b.sizeLots && a.priceTicks === b.priceTicks
  );
}

function filledRows(seen: readonly SeenFill[], axis: LadderAxis, nowMs: number): readonly FilledRow[] {
  const rows = new Map<number, FilledRow>();
  for (const { fill, seenAtMs } of seen) {
    const row = rowOf(axis, fill.side, fill.priceTicks);
    if (row < 0 || row >= axis.rows) continue;
    const before = rows.get(row);
    rows.set(row, {
      row,
      side: fill.side,
      lots: (before?.lots ?? 0) + fill.sizeLots,
      // Lit from the first of them on: further fills do not light it anew.
      lit: (before?.lit ?? true) && nowMs - seenAtMs < LIT_MS,
    });
  }
  return [...rows.values()];
}
