/** The last half hour of depth columns, one place per second: a silence stays a gap instead of being squeezed out. */
import type { DepthColumn } from '../../../engine/market/view/depth-columns.ts';
import { DEPTH_COLUMN_MICROS } from '../../../workers/contract/market-frame.ts';

/** Seconds kept. */
export const HISTORY_SECONDS = 1_800;
export const SURPLUS_SECONDS = 480;

/** A bounded, gap-keeping sequence of columns. */
export class DepthHistory {
  /** Second of the first place, since the Unix epoch in the run's time. */
  firstSecond = 0;
  /** Changes whenever the past changed and a reader has to start over. */
  revision = 0;
  /** Columns added in all: changes whenever anything changed. */
  added = 0;
  #columns: (DepthColumn | null)[] = [];

  /** Places in order; null where a second gave no column. */
  get columns(): readonly (DepthColumn | null)[] {
    return this.#columns;
  }

  /** One past the last kept second. */
  get endSecond(): number {
    return this.firstSecond + this.#columns.length;
  }

  /** The column of a second, or null. */
  at(second: number): DepthColumn | null {
    return this.#columns[second - this.firstSecond] ?? null;
  }

  /** The newest column, or null. */
  last(): DepthColumn | null {
    return this.#columns.at(-1) ?? null;
  }

  clear(): void {
    this.#columns = [];
    this.revision += 1;
  }

  /** Adds columns, oldest first. A column out of the order of time, or after a silence longer than the memory, starts over. */
  add(columns: readonly DepthColumn[]): void {
    for (const column of columns) this.#addOne(column);
    // Some surplus before cutting, so that readers start over every eight minutes and not every second.
    if (this.#columns.length > HISTORY_SECONDS + SURPLUS_SECONDS) this.#cut();
  }

  #addOne(column: DepthColumn): void {
    const second = Math.floor(column.startMicros / DEPTH_COLUMN_MICROS);
    const missing = second - this.endSecond;
    if (this.#columns.length === 0 || missing < 0 || missing >= HISTORY_SECONDS) {
      this.#columns = [];
      this.firstSecond = second;
      this.revision += 1;
    } else {
      for (let i = 0; i < missing; i++) this.#columns.push(null);
    }
    this.#columns.push(column);
    this.added += 1;
  }

  #cut(): void {
    const surplus = this.#columns.length - HISTORY_SECONDS;
    this.#columns = this.#columns.slice(surplus);
    this.firstSecond += surplus;
    this.revision += 1;
  }
}
