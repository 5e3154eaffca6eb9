/** The black box of the page: what the ladder really painted, kept in a bounded ring that a bench can read. */
import type { SourceKind, TrustState } from '../../engine/market/trust.ts';

/** Levels kept of each side. */
export const LOGGED_LEVELS = 10;
/** Twenty minutes at ten paints a second, taken whole at the first paint, so that the page does not grow with its log. */
const RECORDS = 12_000;

const TRUSTS: readonly TrustState[] = ['LIVE', 'DEGRADED', 'STALE', 'RESYNCING', 'OFFLINE'];
const SOURCES: readonly SourceKind[] = ['SIMULATED', 'REPLAY', 'LIVE'];

/** One price level as painted. */
export interface PaintedLevel {
  readonly ticks: number;
  readonly lots: number;
}

/** One paint of the ladder at one tick a row. */
export interface PaintRecord {
  /** `performance.timeOrigin + performance.now()` at the end of the paint. */
  readonly atMs: number;
  readonly source: SourceKind;
  readonly trust: TrustState;
  /** Painted in live colours and without a banner. */
  readonly shownAsLive: boolean;
  readonly updateId: number;
  /** Prices of the lowest and highest row in sight: levels outside could not be painted. */
  readonly lowestTicks: number;
  readonly highestTicks: number;
  /** Best first, at most {@link LOGGED_LEVELS}, of the rows in sight. */
  readonly bids: readonly PaintedLevel[];
  readonly asks: readonly PaintedLevel[];
}

// Layout of a record: header, then the bids and the asks as pairs.
const AT = 0;
const STATE = 1;
const UPDATE_ID = 2;
const LOWEST = 3;
const HIGHEST = 4;
const BID_COUNT = 5;
const ASK_COUNT = 6;
const LEVELS = 7;
const STRIDE = LEVELS + LOGGED_LEVELS * 4;

/** A painter's row data: sizes per row, row 0 the highest price. */
export interface PaintedRows {
  readonly topTicks: number;
  readonly rows: number;
  readonly bidLots: Float64Array;
  readonly askLots: Float64Array;
}

/** The head of a record. */
export interface PaintedHead {
  readonly atMs: number;
  readonly source: SourceKind;
  readonly trust: TrustState;
  readonly shownAsLive: boolean;
  readonly updateId: number;
}

/** A bounded ring of paints. */
export class PaintLog {
  #ring: Float64Array | null = null;
  #written = 0;

  /** Records of all time, also those that fell out of the ring. */
  get written(): number {
    return this.#written;
  }

  /** Takes down a paint. Copies what it needs. */
  add(head: PaintedHead, painted: PaintedRows): void {
    const [ring, at] = this.#place(this.#written);
    ring[at + AT] = head.atMs;
    ring[at + STATE] =
      TRUSTS.indexOf(head.trust) + SOURCES.indexOf(head.source) * 8 + (head.shownAsLive ? 64 : 0);
    ring[at + UPDATE_ID] = head.updateId;
    ring[at + LOWEST] = painted.topTicks - (painted.rows - 1);
    ring[at + HIGHEST] = painted.topTicks;
    let bids = 0;
    for (let row = 0; row < painted.rows && bids < LOGGED_LEVELS; row++) {
      const lots = painted.bidLots[row] ?? 0;
      if (lots <= 0) continue;
      ring[at + LEVELS + bids * 2] = painted.topTicks - row;
      ring[at + LEVELS + bids * 2 + 1] = lots;
      bids += 1;
    }
    let asks = 0;
    const askStart = at + LEVELS + LOGGED_LEVELS * 2;
    for (let row = painted.rows - 1; row >= 0 && asks < LOGGED_LEVELS; row--) {
      const lots = painted.askLots[row] ?? 0;
      if (lots <= 0) continue;
      ring[askStart + asks * 2] = painted.topTicks - row;
      ring[askStart + asks * 2 + 1] = lots;
      asks += 1;
    }
    ring[at + BID_COUNT] = bids;
    ring[at + ASK_COUNT] = asks;
    this.#written += 1;
  }

  /** The kept records, oldest first; with `last`, only that many of the newest. */
  read(last: number = RECORDS): readonly PaintRecord[] {
    const from = Math.max(0, this.#written - Math.min(RECORDS, last));
    return Array.from({ length: this.#written - from }, (_, i) => this.#record(from + i));
  }

  #place(index: number): readonly [ring: Float64Array, at: number] {
    this.#ring ??= new Float64Array(RECORDS * STRIDE);
    return [this.#ring, (index % RECORDS) * STRIDE];
  }

  #record(index: number): PaintRecord {
    const [ring, at] = this.#place(index);
    const state = ring[at + STATE] ?? 0;
    const levels = (start: number, count: number): PaintedLevel[] =>
      Array.from({ length: count }, (_, i) => ({
        ticks: ring[start + i * 2] ?? 0,
        lots: ring[start + i * 2 + 1] ?? 0,
      }));
    return {
      atMs: ring[at + AT] ?? 0,
      source: SOURCES[(state >> 3) & 7] ?? 'SIMULATED',
      trust: TRUSTS[state & 7] ?? 'OFFLINE',
      shownAsLive: state >= 64,
      updateId: ring[at + UPDATE_ID] ?? 0,
      lowestTicks: ring[at + LOWEST] ?? 0,
      highestTicks: ring[at + HIGHEST] ?? 0,
      bids: levels(at + LEVELS, ring[at + BID_COUNT] ?? 0),
      asks: levels(at + LEVELS + LOGGED_LEVELS * 2, ring[at + ASK_COUNT] ?? 0),
    };
  }
}
