/** The heatmap behind the price: a primitive of the chart library that lies below the grid and the series. */
import type {
  AutoscaleInfo,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  PrimitivePaneViewZOrder,
  SeriesAttachedParameter,
  Time,
  UTCTimestamp,
} from 'lightweight-charts';
import type { DepthHistory } from './depth-history.ts';
import type { HeatImage, HeatPlacement } from './heat-image.ts';

type RenderTarget = Parameters<IPrimitivePaneRenderer['draw']>[0];
type BitmapScope = Parameters<Parameters<RenderTarget['useBitmapCoordinateSpace']>[0]>[0];

/** What the primitive reads while it draws. */
export interface DepthPrimitiveSource {
  readonly history: DepthHistory;
  readonly image: HeatImage;
  /** Price of one tick. */
  tickValue(): number;
  /** Colour laid around the price line so that it stands out from the heat; null for candles. */
  haloColor(): string | null;
  /** Called with the moment at which the library began to draw. */
  onDrawStart(atMs: number): void;
}

/** Rows kept visible above and below the prices, so that there is depth to see even in a calm market. */
const LEAST_MARGIN_ROWS = 26;
const MARGIN_SHARE = 0.3;
/** The visible range moves in steps of this many rows, so that it does not breathe. */
const QUANTUM_ROWS = 4;
const HALO_PX = 5;

export class DepthPrimitive implements ISeriesPrimitive<Time>, IPrimitivePaneView, IPrimitivePaneRenderer {
  readonly #source: DepthPrimitiveSource;
  readonly #views: readonly IPrimitivePaneView[] = [this];
  #attached: SeriesAttachedParameter<Time> | null = null;

  constructor(source: DepthPrimitiveSource) {
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
    return 'bottom';
  }

  renderer(): IPrimitivePaneRenderer {
    return this;
  }

  /** Widens the price scale to show depth around the prices in sight. */
  autoscaleInfo(start: Logical, end: Logical): AutoscaleInfo | null {
    const { history } = this.#source;
    const tickValue = this.#source.tickValue();
    const last = history.last();
    if (last === null) return null;
    const first = history.firstSecond + Math.max(0, Math.floor(start));
    const until = history.firstSecond + Math.min(history.columns.length - 1, Math.ceil(end));
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let second = first; second <= until; second++) {
      const column = history.at(second);
      if (column === null) continue;
      low = Math.min(low, column.lowTicks);
      high = Math.max(high, column.highTicks);
    }
    if (high < low) return null;
    const margin = Math.max((high - low) * MARGIN_SHARE, LEAST_MARGIN_ROWS * last.rowTicks);
    const quantum = QUANTUM_ROWS * last.rowTicks;
    return {
      priceRange: {
        minValue: Math.floor((low - margin) / quantum) * quantum * tickValue,
        maxValue: Math.ceil((high + margin) / quantum) * quantum * tickValue,
      },
    };
  }

  draw(target: RenderTarget): void {
    this.#source.onDrawStart(performance.now());
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the canvas target, no React hook
    target.useBitmapCoordinateSpace((scope) => this.#drawIn(scope));
  }

  #drawIn(scope: BitmapScope): void {
    const attached = this.#attached;
    const { history, image } = this.#source;
    if (attached === null || history.columns.length === 0) return;
    const scale = attached.chart.timeScale();
    const lastSecond = history.endSecond - 1;
    const lastX = scale.timeToCoordinate(lastSecond as UTCTimestamp);
    const spacing = scale.options().barSpacing;
    const y0 = attached.series.priceToCoordinate(0);
    const y1 = attached.series.priceToCoordinate(1);
    if (lastX === null || y0 === null || y1 === null) return;
    const { horizontalPixelRatio: across, verticalPixelRatio: down } = scope;
    const before = Math.ceil((lastX + spacing) / spacing);
    const beyond = Math.floor((lastX - scope.mediaSize.width - spacing) / spacing);
    const firstSecond = Math.max(history.firstSecond, lastSecond - before);
    const place: HeatPlacement = {
      firstSecond,
      lastSecond: lastSecond - Math.max(0, beyond),
      x: (lastX - (lastSecond - firstSecond + 0.5) * spacing) * across,
      secondWidth: spacing * across,
      originY: y0 * down,
      tickHeight: (y0 - y1) * this.#source.tickValue() * down,
      height: scope.bitmapSize.height,
    };
    image.draw(scope.context, place);
    const halo = this.#source.haloColor();
    if (halo !== null) drawHalo(scope, history, place, halo);
  }
}

/** A band of the ground under the price line. */
function drawHalo(scope: BitmapScope, history: DepthHistory, place: HeatPlacement, color: string): void {
  const { context } = scope;
  context.beginPath();
  for (let second = place.firstSecond; second <= place.lastSecond; second++) {
    const column = history.at(second);
    if (column === null) continue;
    const x = place.x + (second - place.firstSecond + 0.5) * place.secondWidth;
    context.lineTo(x, place.originY - column.closeTicks * place.tickHeight);
  }
  context.globalAlpha = 0.55;
  context.strokeStyle = color;
  context.lineWidth = HALO_PX * scope.verticalPixelRatio;
  context.lineJoin = 'round';
  context.stroke();
  context.globalAlpha = 1;
}
