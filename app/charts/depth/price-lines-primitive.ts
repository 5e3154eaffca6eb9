/** The reader's own prices over the chart: entry dotted, liquidation dashed with a hatched sign, what-if in accent. */
import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  ISeriesPrimitiveAxisView,
  PrimitivePaneViewZOrder,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import { hatch } from '../canvas-surface.ts';
import { type PriceLine, STATUS_SHAPES } from '../price-line.ts';
import type { ThemeColors } from '../theme-colors.ts';
import { placeLabels, SKETCH_PX } from './line-labels.ts';

type RenderTarget = Parameters<IPrimitivePaneRenderer['draw']>[0];
type MediaScope = Parameters<Parameters<RenderTarget['useMediaCoordinateSpace']>[0]>[0];

/** What the primitive reads while it draws. */
export interface PriceLinesSource {
  lines(): readonly PriceLine[];
  colors(): ThemeColors;
  live(): boolean;
  priceText(price: number): string;
  /** Last price; null before the first. */
  lastPrice(): number | null;
  /** Called when the library has drawn everything up to here. */
  onDrawEnd(atMs: number): void;
}

const DASHES: Readonly<Record<PriceLine['kind'], readonly number[]>> = {
  entry: [1.5, 3],
  liquidation: [6, 4],
  mark: [],
  'what-if': [8, 3, 2, 3],
  limit: [2, 2],
};
const LABEL_PX = 15;
const LEFT = 8;

export class PriceLinesPrimitive
  implements ISeriesPrimitive<Time>, IPrimitivePaneView, IPrimitivePaneRenderer
{
  readonly #source: PriceLinesSource;
  readonly #views: readonly IPrimitivePaneView[] = [this];
  #axisViews: readonly ISeriesPrimitiveAxisView[] = [];
  #axisLines: readonly PriceLine[] | null = null;
  readonly #lastView: ISeriesPrimitiveAxisView = {
    coordinate: () => this.#y(this.#source.lastPrice()),
    text: () => this.#source.priceText(this.#source.lastPrice() ?? 0),
    textColor: () => (this.#source.live() ? this.#source.colors().onAccent : this.#source.colors().ground),
    backColor: () => (this.#source.live() ? this.#source.colors().accent : this.#source.colors().muted),
    visible: () => this.#inSight(this.#source.lastPrice()),
  };
  #attached: SeriesAttachedParameter<Time> | null = null;

  constructor(source: PriceLinesSource) {
    this.#source = source;
  }

  attached(attached: SeriesAttachedParameter<Time>): void {
    this.#attached = attached;
  }

  detached(): void {
    this.#attached = null;
  }

  requestUpdate(): void {
    this.#attached?.requestUpdate();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  zOrder(): PrimitivePaneViewZOrder {
    return 'top';
  }

  renderer(): IPrimitivePaneRenderer {
    return this;
  }

  /** The library compares by reference: the same array for the same lines. */
  priceAxisViews(): readonly ISeriesPrimitiveAxisView[] {
    const lines = this.#source.lines();
    if (lines === this.#axisLines) return this.#axisViews;
    this.#axisLines = lines;
    const views = lines.map((line) => ({
      coordinate: () => this.#y(line.price),
      text: () => this.#source.priceText(line.price),
      textColor: () => this.#source.colors().ground,
      backColor: () => this.#color(line),
      visible: () => this.#inSight(line.price),
    }));
    this.#axisViews = [this.#lastView, ...views];
    return this.#axisViews;
  }

  #y(price: number | null): number {
    return (price === null ? null : this.#attached?.series.priceToCoordinate(price)) ?? -1;
  }

  /** The library would pin labels of prices out of sight to its edges, over those in sight. */
  #inSight(price: number | null): boolean {
    const y = this.#y(price);
    return y >= 0 && y <= (this.#attached?.series.getPane().getHeight() ?? 0);
  }

  #color(line: PriceLine): string {
    const colors = this.#source.colors();
    if (!this.#source.live()) return colors.muted;
    if (line.kind === 'what-if') return colors.accent;
    return line.status === null ? colors.muted : colors.status[line.status];
  }

  draw(target: RenderTarget): void {
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the canvas target, no React hook
    target.useMediaCoordinateSpace((scope) => this.#drawIn(scope));
    this.#source.onDrawEnd(performance.now());
  }

  #drawIn({ context, mediaSize: { width, height } }: MediaScope): void {
    const attached = this.#attached;
    if (attached === null) return;
    const lines = this.#source.lines().flatMap((line) => {
      const y = attached.series.priceToCoordinate(line.price);
      return y === null ? [] : [{ line, y }];
    });
    const placed = placeLabels(lines, { height, labelHeight: LABEL_PX });
    context.font = `450 11.5px ${this.#source.colors().font}`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    for (const { line, y, edge } of placed.labels) {
      if (edge === null) this.#drawLine(context, line, y, width);
    }
    const sketch = height < SKETCH_PX || width < SKETCH_PX * 2;
    for (const { line, labelY, edge } of placed.labels) {
      // The axis names the mark anyway.
      if (sketch && line.kind === 'mark') continue;
      const arrow = edge === 'top' ? '↑ ' : edge === 'bottom' ? '↓ ' : '';
      this.#drawLabel(context, line, `${arrow}${this.#labelText(line, sketch)}`, labelY);
    }
    for (const { edge, count, labelY } of placed.more) {
      const text = `${edge === 'top' ? '↑' : '↓'} ${count} more`;
      this.#plate(context, LEFT, labelY, context.measureText(text).width);
      context.fillStyle = this.#source.colors().muted;
      context.fillText(text, LEFT, labelY);
    }
  }

  #labelText(line: PriceLine, short: boolean): string {
    const price = this.#source.priceText(line.price);
    const word = line.kind === 'what-if' ? 'what if' : line.kind;
    const label = short || line.label === '' || line.label === word ? '' : ` · ${line.label}`;
    if (line.kind !== 'liquidation') return `${word} ${price}${label}`;
    const shape = line.status === null ? '' : `${STATUS_SHAPES[line.status]} `;
    return `${shape}est. liquidation ${price}${label}`;
  }

  #drawLine(context: CanvasRenderingContext2D, line: PriceLine, y: number, width: number): void {
    const crisp = Math.round(y) + 0.5;
    context.strokeStyle = this.#color(line);
    context.lineWidth = line.kind === 'liquidation' ? 1.25 : 1;
    context.setLineDash([...DASHES[line.kind]]);
    context.beginPath();
    context.moveTo(0, crisp);
    context.lineTo(width, crisp);
    context.stroke();
    context.setLineDash([]);
  }

  #drawLabel(context: CanvasRenderingContext2D, line: PriceLine, text: string, y: number): void {
    const color = this.#color(line);
    const sign = line.kind === 'liquidation' ? 14 : 0;
    this.#plate(context, LEFT, y, context.measureText(text).width + sign);
    if (sign > 0) {
      context.fillStyle = hatch(context, color, devicePixelRatio || 1);
      context.fillRect(LEFT, y - 5, 10, 10);
    }
    context.fillStyle = color;
    context.fillText(text, LEFT + sign, y + 0.5);
  }

  /** Takes the heat back behind text, so that it stays readable on any depth. */
  #plate(context: CanvasRenderingContext2D, x: number, y: number, width: number): void {
    context.fillStyle = this.#source.colors().ground;
    context.globalAlpha = 0.78;
    context.fillRect(x - 4, y - LABEL_PX / 2, width + 8, LABEL_PX);
    context.globalAlpha = 1;
  }
}
