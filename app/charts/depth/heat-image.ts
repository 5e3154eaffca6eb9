/** The heatmap as a picture: one image column a second in a ring, one image row per price row; drawn stretched. */
import type { DepthColumn } from '../../../engine/market/view/depth-columns.ts';
import type { DepthHistory } from './depth-history.ts';
import { chooseScale, type HeatScale, type HeatScaleKind, heatStep } from './heat-colors.ts';
import { covers, gridFor, type HeatGrid, resample } from './heat-grid.ts';

/** Ring lengths grow in steps of this many seconds. */
const RING_STEP = 512;
/** The scale is looked at again after this many new columns. */
const RESCALE_EVERY = 30;
/** Columns that the scale is chosen from. */
const SAMPLED_COLUMNS = 48;

/** Where the picture goes: linear maps from seconds and ticks to the pixels of the target. */
export interface HeatPlacement {
  readonly firstSecond: number;
  readonly lastSecond: number;
  /** Left edge of `firstSecond`, and width of a second. */
  readonly x: number;
  readonly secondWidth: number;
  /** Pixel of a price: `originY − ticks × tickHeight`. */
  readonly originY: number;
  readonly tickHeight: number;
  readonly height: number;
}

export class HeatImage {
  #canvas: HTMLCanvasElement | null = null;
  #context: CanvasRenderingContext2D | null = null;
  #grid: HeatGrid | null = null;
  #scale: HeatScale | null = null;
  #kind: HeatScaleKind = 'log';
  #ramp: Uint8ClampedArray = new Uint8ClampedArray(0);
  #stale = true;
  #revision = -1;
  #drawnEnd = 0;
  #sinceScale = 0;
  #strip: Float32Array<ArrayBuffer> = new Float32Array(0);

  get scale(): HeatScale | null {
    return this.#scale;
  }

  get grid(): HeatGrid | null {
    return this.#grid;
  }

  setKind(kind: HeatScaleKind): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#sinceScale = RESCALE_EVERY;
    this.#stale = true;
  }

  setRamp(ramp: Uint8ClampedArray): void {
    this.#ramp = ramp;
    this.#stale = true;
  }

  /** Draws what is new in the history. Everything is drawn again only when scale, colours or grid changed. */
  sync(history: DepthHistory): void {
    const { columns } = history;
    const last = history.last();
    if (last === null) {
      this.#grid = null;
      this.#revision = history.revision;
      return;
    }
    const restarted = history.revision !== this.#revision;
    this.#sinceScale += history.endSecond - this.#drawnEnd;
    if (restarted || this.#scale === null || this.#sinceScale >= RESCALE_EVERY) this.#rescale(columns);
    const fits = this.#grid !== null && covers(this.#grid, last) && this.#ringHolds(columns.length);
    if (this.#stale || restarted || !fits) {
      this.#rebuild(history, restarted || !fits);
      return;
    }
    for (let second = this.#drawnEnd; second < history.endSecond; second++) {
      this.#drawColumn(second, history.at(second));
    }
    this.#drawnEnd = history.endSecond;
  }

  #ringHolds(length: number): boolean {
    return this.#canvas !== null && length <= this.#canvas.width;
  }

  #rescale(columns: readonly (DepthColumn | null)[]): void {
    this.#sinceScale = 0;
    const step = Math.max(1, Math.floor(columns.length / SAMPLED_COLUMNS));
    const parts = columns.filter((column, i) => column !== null && (columns.length - 1 - i) % step === 0);
    const sample = new Float32Array(parts.reduce((n, column) => n + (column?.sizes.length ?? 0), 0));
    let at = 0;
    for (const column of parts) {
      if (column === null) continue;
      sample.set(column.sizes, at);
      at += column.sizes.length;
    }
    const wanted = chooseScale(this.#kind, sample);
    if (wanted === null || keepsScale(this.#scale, wanted)) return;
    this.#scale = wanted;
    this.#stale = true;
  }

  #rebuild(history: DepthHistory, anew: boolean): void {
    if (anew || this.#grid === null) this.#grid = gridFor(history.columns);
    const grid = this.#grid;
    if (grid === null) return;
    const width = Math.ceil((history.columns.length + RING_STEP / 4) / RING_STEP) * RING_STEP;
    this.#canvas ??= document.createElement('canvas');
    this.#canvas.width = width;
    this.#canvas.height = grid.rows;
    this.#context = this.#canvas.getContext('2d', { willReadFrequently: true });
    if (this.#strip.length !== grid.rows) this.#strip = new Float32Array(grid.rows);
    const picture = new ImageData(width, grid.rows);
    for (let second = history.firstSecond; second < history.endSecond; second++) {
      this.#paintColumn(picture, second % width, history.at(second));
    }
    this.#context?.putImageData(picture, 0, 0);
    this.#revision = history.revision;
    this.#drawnEnd = history.endSecond;
    this.#stale = false;
  }

  #drawColumn(second: number, column: DepthColumn | null): void {
    const { width = 1, height = 1 } = this.#canvas ?? {};
    const picture = new ImageData(1, height);
    this.#paintColumn(picture, 0, column);
    this.#context?.putImageData(picture, second % width, 0);
  }

  #paintColumn(picture: ImageData, x: number, column: DepthColumn | null): void {
    if (column === null || this.#grid === null || this.#scale === null) return;
    resample(column, this.#grid, this.#strip);
    const { data, width, height } = picture;
    for (let row = 0; row < height; row++) {
      const step = heatStep(this.#strip[row] ?? 0, this.#scale);
      if (step === 0) continue;
      const to = ((height - 1 - row) * width + x) * 4;
      data[to] = this.#ramp[step * 3] ?? 0;
      data[to + 1] = this.#ramp[step * 3 + 1] ?? 0;
      data[to + 2] = this.#ramp[step * 3 + 2] ?? 0;
      data[to + 3] = 255;
    }
  }

  /** Stretches the part in sight over the target. */
  draw(context: CanvasRenderingContext2D, place: HeatPlacement): void {
    const grid = this.#grid;
    const canvas = this.#canvas;
    if (grid === null || canvas === null || place.lastSecond < place.firstSecond) return;
    const rowHeight = grid.rowTicks * place.tickHeight;
    const topY = place.originY - (grid.baseTicks + grid.rows * grid.rowTicks) * place.tickHeight;
    const firstRow = Math.max(0, Math.floor(-topY / rowHeight));
    const endRow = Math.min(grid.rows, Math.ceil((place.height - topY) / rowHeight));
    if (endRow <= firstRow) return;
    // Cells smaller than a pixel are averaged; larger ones keep their edges.
    context.imageSmoothingEnabled = place.secondWidth < 1 || rowHeight < 1;
    let second = place.firstSecond;
    while (second <= place.lastSecond) {
      const from = second % canvas.width;
      const count = Math.min(place.lastSecond - second + 1, canvas.width - from);
      context.drawImage(
        canvas,
        from,
        firstRow,
        count,
        endRow - firstRow,
        place.x + (second - place.firstSecond) * place.secondWidth,
        topY + firstRow * rowHeight,
        count * place.secondWidth,
        (endRow - firstRow) * rowHeight,
      );
      second += count;
    }
  }
}

/** A scale is kept while the wanted one is the same or only a little lower: recolouring a calm picture is unrest. */
function keepsScale(scale: HeatScale | null, wanted: HeatScale): boolean {
  if (scale === null || scale.kind !== wanted.kind) return false;
  const ratio = wanted.highLots / scale.highLots;
  return ratio <= 1 && ratio > 0.35;
}
