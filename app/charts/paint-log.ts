/** The black box of the page: what the ladder really painted, kept in a bounded ring that a bench can read. */
import type { SourceKind, TrustState } from '../../engine/market/trust.ts';

/** Levels kept of each side. */
export const LOGGED_LEVELS = 10;
const RECORDS = 30_000;
/** The ring grows in blocks, so that a page that paints little holds little. */
const BLOCK = 1_000;

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
  readonly #blocks: Float64Array[] = [];
  #written = 0;

  /** Records of all time, also those that fell out of the ring. */
  get written(): number {
    return this.#written;
  }

  /** Takes down a paint. Copies what it needs. */
  add(head: PaintedHead, painted: PaintedRows): void {
    const [block, at] = this.#place(this.#written);
    block[at + AT] = head.atMs;
    block[at + STATE] =
      TRUSTS.indexOf(head.trust) + SOURCES.indexOf(head.source) * 8 + (head.shownAsLive ? 64 : 0);
    block[at + UPDATE_ID] = head.updateId;
    block[at + LOWEST] = painted.topTicks - (painted.rows - 1);
    block[at + HIGHEST] = painted.topTicks;
    let bids = 0;
    for (let row = 0; row < painted.rows && bids < LOGGED_LEVELS; row++) {
      const lots = painted.bidLots[row] ?? 0;
      if (lots <= 0) continue;
      block[at + LEVELS + bids * 2] = painted.topTicks - row;
      block[at + LEVELS + bids * 2 + 1] = lots;
      bids += 1;
    }
    let asks = 0;
    const askStart = at + LEVELS + LOGGED_LEVELS * 2;
    for (let row = painted.rows - 1; row >= 0 && asks < LOGGED_LEVELS; row--) {
      const lots = painted.askLots[row] ?? 0;
      if (lots <= 0) continue;
      block[askStart + asks * 2] = painted.topTicks - row;
      block[askStart + asks * 2 + 1] = lots;
      asks += 1;
    }
    block[at + BID_COUNT] = bids;
    block[at + ASK_COUNT] = asks;
    this.#written += 1;
  }

  /** The kept records, oldest first; with `last`, only that many of the newest. */
  read(last: number = RECORDS): readonly PaintRecord[] {
    const from = Math.max(0, this.#written - Math.min(RECORDS, last));
    return Array.from({ length: this.#written - from }, (_, i) => this.#record(from + i));
  }

  #place(index: number): readonly [block: Float64Array, at: number] {
    const slot = index % RECORDS;
    const which = Math.floor(slot / BLOCK);
    let block = this.#blocks[which];
    if (block === undefined) {
      block = new Float64Array(BLOCK * STRIDE);
      this.#blocks[which] = block;
    }
    return [block, (slot % BLOCK) * STRIDE];
  }

  #record(index: number): PaintRecord {
    const [block, at] = this.#place(index);
    const state = block[at + STATE] ?? 0;
    const levels = (start: number, count: number): PaintedLevel[] =>
      Array.from({ length: count }, (_, i) => ({
        ticks: block[start + i * 2] ?? 0,
        lots: block[start + i * 2 + 1] ?? 0,
      }));
    return {
      atMs: block[at + AT] ?? 0,
      source: SOURCES[(state >> 3) & 7] ?? 'SIMULATED',
      trust: TRUSTS[state & 7] ?? 'OFFLINE',
      shownAsLive: state >= 64,
      updateId: block[at + UPDATE_ID] ?? 0,
      lowestTicks: block[at + LOWEST] ?? 0,
      highestTicks: block[at + HIGHEST] ?? 0,
      bids: levels(at + LEVELS, block[at + BID_COUNT] ?? 0),
      asks: levels(at + LEVELS + LOGGED_LEVELS * 2, block[at + ASK_COUNT] ?? 0),
    };
  }
}
