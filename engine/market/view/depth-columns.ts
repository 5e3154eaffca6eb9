/** Depth columns: the market folded to one column a second (prices of trades, resting size by price row) for charts. */
import { type Micros, micros, SECOND_MICROS } from '../../core/units.ts';

/** Rows of one column. */
export const DEPTH_COLUMN_ROWS = 192;
/** Length of one column, in the run's time. */
export const DEPTH_COLUMN_MICROS: number = SECOND_MICROS;
/** Numbers per packed trade: time (micros), price (ticks), size (lots), taker side (0 buy, 1 sell), kind. */
export const TRADE_STRIDE = 5;

/** Share of the price that the rows of a column span together: enough for several minutes of a calm market. */
const SPAN_RATE = 0.009;
/** A clock this far behind the second being collected was set back; one behind by less only runs beside another. */
const SET_BACK_MICROS = 2 * DEPTH_COLUMN_MICROS;
/** A silence longer than this stays a gap in the chart instead of being filled with the last book. */
const LONGEST_FILL_COLUMNS = 5;

/** One second of the market. */
export interface DepthColumn {
  /** Start of the second, in the run's time. */
  readonly startMicros: Micros;
  /** Trades of the second; the book's middle where none traded. Ticks; the middle may be a half tick. */
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeLots: number;
  /** Lower edge of the lowest row, and height of a row. */
  readonly baseTicks: number;
  readonly rowTicks: number;
  /** Resting size in lots per row at the end of the second, lowest price first; {@link DEPTH_COLUMN_ROWS} long. */
  readonly sizes: Float32Array;
}

/** What a recorder reads of a book. */
export interface DepthSource {
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
  sumRows(baseTicks: number, rowTicks: number, rows: number, out: Float32Array): void;
}

/** Rounds up to 1, 2 or 5 times a power of ten. */
function niceStep(n: number): number {
  let power = 1;
  while (power * 10 <= n) power *= 10;
  const factor = [1, 2, 5, 10].find((f) => f * power >= n) ?? 10;
  return factor * power;
}

/** Folds trades and books into columns as the run's clock passes whole seconds. */
export class DepthColumnRecorder {
  #start: number | null = null;
  #rowTicks: number;
  #open: number | null = null;
  #high = 0;
  #low = 0;
  #close: number | null = null;
  #volume = 0;

  /** @param rowTicks - height of a row of the column before, where there was one */
  constructor(rowTicks = 0) {
    this.#rowTicks = rowTicks;
  }

  /** Start of the second being collected; null before the first. */
  get startMicros(): number | null {
    return this.#start;
  }

  /** Adds packed trades ({@link TRADE_STRIDE}) that belong to the current second. */
  addTrades(trades: Float64Array): void {
    for (let i = 0; i + TRADE_STRIDE <= trades.length; i += TRADE_STRIDE) {
      const price = trades[i + 1] ?? 0;
      this.#open ??= price;
      this.#high = this.#close === null ? price : Math.max(this.#high, price);
      this.#low = this.#close === null ? price : Math.min(this.#low, price);
      this.#close = price;
      this.#volume += trades[i + 2] ?? 0;
    }
  }

  /** True at the start and when `nowMicros` lies in a later second than the one being collected: advance before applying what comes next. */
  isDue(nowMicros: number): boolean {
    return this.#start === null || nowMicros >= this.#start + DEPTH_COLUMN_MICROS;
  }

  /**
   * Closes every second before `nowMicros` with the book as it stands, and begins the next.
   * Returns nothing for seconds in which the book had no two sides, and for long silences.
   */
  advance(nowMicros: number, book: DepthSource): readonly DepthColumn[] {
    const second = Math.floor(nowMicros / DEPTH_COLUMN_MICROS) * DEPTH_COLUMN_MICROS;
    if (this.#start === null || second < this.#start - SET_BACK_MICROS) {
      this.#begin(second);
      return [];
    }
    // Frames are stamped by another process: its clock and ours need not turn the second at once.
    if (second < this.#start) return [];
    const due = (second - this.#start) / DEPTH_COLUMN_MICROS;
    const columns: DepthColumn[] = [];
    for (let i = 0; i < Math.min(due, LONGEST_FILL_COLUMNS); i++) {
      const column = this.#closeColumn(this.#start + i * DEPTH_COLUMN_MICROS, book);
      if (column !== null) columns.push(column);
    }
    if (due > 0) this.#begin(second);
    return columns;
  }

  #begin(second: number): void {
    this.#start = second;
    this.#clearPrices();
  }

  #clearPrices(): void {
    this.#open = null;
    this.#close = null;
    this.#volume = 0;
  }

  #closeColumn(start: number, book: DepthSource): DepthColumn | null {
    const { bestBid: bid, bestAsk: ask } = book;
    if (bid === null || ask === null) return null;
    const mid = (bid + ask) / 2;
    const wanted = (Math.abs(mid) * SPAN_RATE) / DEPTH_COLUMN_ROWS;
    // The row height stays put while it fits within a factor of two, so that neighbouring columns line up.
    if (this.#rowTicks === 0 || wanted > this.#rowTicks * 2 || wanted < this.#rowTicks / 5) {
      this.#rowTicks = niceStep(Math.max(1, wanted));
    }
    const rowTicks = this.#rowTicks;
    const baseTicks = (Math.floor(mid / rowTicks) - DEPTH_COLUMN_ROWS / 2) * rowTicks;
    const sizes = new Float32Array(DEPTH_COLUMN_ROWS);
    book.sumRows(baseTicks, rowTicks, DEPTH_COLUMN_ROWS, sizes);
    const column: DepthColumn = {
      startMicros: micros(start),
      openTicks: this.#open ?? mid,
      highTicks: this.#close === null ? mid : this.#high,
      lowTicks: this.#close === null ? mid : this.#low,
      closeTicks: this.#close ?? mid,
      volumeLots: this.#volume,
      baseTicks,
      rowTicks,
      sizes,
    };
    this.#clearPrices();
    return column;
  }
}
