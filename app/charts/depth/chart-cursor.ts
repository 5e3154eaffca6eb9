/** The chart's cursor for the keyboard: it walks the cells of the heatmap, second by second and row by row. */
import type { DepthHistory } from './depth-history.ts';
import type { ChartCell } from './price-chart.ts';

/** What the cursor needs of a chart. */
export interface CursorChart {
  pointTo(cell: ChartCell | null): void;
  zoom(factor: number): void;
  toNow(): void;
  /** Price of one tick. */
  tickValue(): number;
}

const FAR = 10;
const ZOOM = 1.25;

export class ChartCursor {
  readonly #chart: CursorChart;
  readonly #history: DepthHistory;
  #second: number | null = null;
  #ticks = 0;

  constructor(chart: CursorChart, history: DepthHistory) {
    this.#chart = chart;
    this.#history = history;
  }

  /** Acts on a key. Returns the cell it stands on then, null when it stands nowhere, undefined for keys that are not its own. */
  press(key: string, far: boolean): ChartCell | null | undefined {
    const step = far ? FAR : 1;
    if (key === 'ArrowLeft') return this.#move(-step, 0);
    if (key === 'ArrowRight') return this.#move(step, 0);
    if (key === 'ArrowUp') return this.#move(0, step);
    if (key === 'ArrowDown') return this.#move(0, -step);
    if (key === 'Home') return this.#move(Number.NEGATIVE_INFINITY, 0);
    if (key === 'End') return this.#toEnd();
    if (key === 'Escape' && this.#second !== null) return this.leave();
    if (key === '+' || key === '=') this.#chart.zoom(ZOOM);
    else if (key === '-') this.#chart.zoom(1 / ZOOM);
    else return undefined;
    return this.#cell();
  }

  /** Takes the cursor away. */
  leave(): null {
    this.#second = null;
    this.#chart.pointTo(null);
    return null;
  }

  #toEnd(): ChartCell | null {
    this.#second = null;
    this.#chart.toNow();
    return this.#move(0, 0);
  }

  #move(seconds: number, rows: number): ChartCell | null {
    const { firstSecond, endSecond } = this.#history;
    const last = this.#history.last();
    if (last === null) return null;
    if (this.#second === null) this.#ticks = Math.round(last.closeTicks);
    const from = this.#second ?? endSecond - 1;
    this.#second = Math.max(firstSecond, Math.min(endSecond - 1, from + seconds));
    this.#ticks += rows * last.rowTicks;
    const cell = this.#cell();
    this.#chart.pointTo(cell);
    return cell;
  }

  #cell(): ChartCell | null {
    if (this.#second === null) return null;
    return { second: this.#second, price: this.#ticks * this.#chart.tickValue() };
  }
}
