/** The price and depth chart: the chart library fed from the page's memory, at most one batch of news per paint. */
import {
  CandlestickSeries,
  createChart,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  type MouseEventParams,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { DepthColumn } from '../../../engine/market/view/depth-columns.ts';
import type { ContractSpec } from '../../../engine/reference/instruments/contract-spec.ts';
import { addPainter, type Painter, type PaintRequest, reportPaint } from '../frame-loop.ts';
import { depthHistory, onMarketMemory, receivedFrame } from '../market-memory.ts';
import { type PaintTrust, paintTrust } from '../paint-trust.ts';
import type { PriceLine } from '../price-line.ts';
import { onThemeChange, themeColors } from '../theme-colors.ts';
import { nearestTickText } from '../tick-text.ts';
import { candleOptions, chartColors, chartOptions, lineOptions } from './chart-options.ts';
import { DepthPrimitive } from './depth-primitive.ts';
import { greyRamp, type HeatScale, type HeatScaleKind, heatRamp } from './heat-colors.ts';
import { HeatImage } from './heat-image.ts';
import { PriceLinesPrimitive } from './price-lines-primitive.ts';

export type PriceKind = 'line' | 'candles';

/** A second and a price under the pointer or the keyboard's cursor. */
export interface ChartCell {
  readonly second: number;
  readonly price: number;
}

/** What the chart tells the document after a paint. */
export interface ChartPainted {
  readonly trust: PaintTrust | null;
  readonly columns: number;
  readonly scale: HeatScale | null;
  readonly rowTicks: number | null;
  readonly ramp: Uint8ClampedArray;
  /** Whether the newest second is out of sight because the reader scrolled back. */
  readonly behind: boolean;
}

interface ChartListener {
  painted(painted: ChartPainted): void;
  hovered(cell: ChartCell | null): void;
}

type PriceSeries = ISeriesApi<'Line', Time> | ISeriesApi<'Candlestick', Time>;

/** More news than this at once is set as a whole: each update costs the library about 0.2 ms. */
const MOST_UPDATES = 8;
const CALM_MS = 100;
const WATCH_MS = 500;

interface FormingBar {
  second: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

export class PriceChart implements Painter {
  readonly name = 'chart';
  readonly intervalMs = CALM_MS;
  readonly #chart: IChartApi;
  readonly #listener: ChartListener;
  readonly #request: PaintRequest;
  readonly #leave: (() => void)[] = [];
  readonly #image = new HeatImage();
  readonly #depth: DepthPrimitive;
  readonly #priceLines: PriceLinesPrimitive;
  #series: PriceSeries;
  #kind: PriceKind = 'line';
  #spec: ContractSpec | null = null;
  #lines: readonly PriceLine[] = [];
  #live = true;
  #seen = true;
  #revision = -1;
  #fedEnd = 0;
  #forming: FormingBar | null = null;
  #ramp: Uint8ClampedArray;
  #drawStartMs = 0;
  #publishedMs = 0;

  constructor(host: HTMLElement, listener: ChartListener) {
    this.#listener = listener;
    const colors = themeColors();
    this.#chart = createChart(host, { ...chartOptions(), ...chartColors(colors) });
    this.#ramp = heatRamp(colors.groundRgb);
    this.#image.setRamp(this.#ramp);
    this.#depth = new DepthPrimitive({
      history: depthHistory,
      image: this.#image,
      tickValue: () => this.tickValue(),
      haloColor: () => (this.#kind === 'line' ? themeColors().ground : null),
      onDrawStart: (atMs) => {
        this.#drawStartMs = atMs;
      },
    });
    this.#priceLines = new PriceLinesPrimitive({
      lines: () => this.#lines,
      colors: themeColors,
      live: () => this.#live,
      priceText: (price) => this.priceText(price),
      lastPrice: () => this.#lastPrice(),
      onDrawEnd: (atMs) => reportPaint('chart drawing', atMs - this.#drawStartMs),
    });
    this.#series = this.#addSeries();
    this.#chart.subscribeCrosshairMove((event) => this.#onCrosshair(event));
    this.#request = addPainter(this);
    const sight = new IntersectionObserver((seen) => {
      this.#seen = seen.at(-1)?.isIntersecting ?? true;
      this.#request.mark();
    });
    sight.observe(host);
    const timer = setInterval(() => this.#request.mark(), WATCH_MS);
    this.#leave.push(
      onMarketMemory(() => this.#request.mark()),
      onThemeChange(() => this.#dress()),
      () => sight.disconnect(),
      () => clearInterval(timer),
    );
  }

  isVisible(): boolean {
    return this.#seen;
  }

  dispose(): void {
    this.#request.remove();
    for (const leave of this.#leave) leave();
    this.#chart.remove();
  }

  setSpec(spec: ContractSpec | null): void {
    this.#spec = spec;
    this.#revision = -1;
    this.#series.applyOptions({ priceFormat: this.#priceFormat() });
    this.#request.markNow();
  }

  setLines(lines: readonly PriceLine[]): void {
    this.#lines = lines;
    this.#priceLines.requestUpdate();
  }

  setHeatScale(kind: HeatScaleKind): void {
    this.#image.setKind(kind);
    this.#request.markNow();
  }

  setKind(kind: PriceKind): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#series.detachPrimitive(this.#depth);
    this.#series.detachPrimitive(this.#priceLines);
    this.#chart.removeSeries(this.#series);
    this.#series = this.#addSeries();
    this.#revision = -1;
    this.#request.markNow();
  }

  /** Shows the newest second again. */
  toNow(): void {
    this.#chart.timeScale().scrollToRealTime();
    this.#request.markNow();
  }

  /** Widens (above 1) or narrows the seconds. */
  zoom(factor: number): void {
    const scale = this.#chart.timeScale();
    const spacing = scale.options().barSpacing * factor;
    scale.applyOptions({ barSpacing: Math.min(60, Math.max(0.4, spacing)) });
  }

  /** Puts the crosshair on a cell, for the keyboard; null takes it away. */
  pointTo(cell: ChartCell | null): void {
    if (cell === null) this.#chart.clearCrosshairPosition();
    else this.#chart.setCrosshairPosition(cell.price, cell.second as UTCTimestamp, this.#series);
  }

  priceText(price: number): string {
    return this.#spec === null ? String(price) : nearestTickText(price, this.#spec.tickSize);
  }

  paint(nowMs: number): number | null {
    const received = receivedFrame();
    const frame = received !== null && received.frame.instrument === this.#spec?.id ? received.frame : null;
    if (received === null || frame === null) {
      if (this.#fedEnd !== 0) this.#series.setData([]);
      this.#fedEnd = 0;
      this.#revision = -1;
      this.#tell(null);
      return null;
    }
    const trust = paintTrust(frame, received.receivedAtMs, nowMs);
    if (trust.live !== this.#live) {
      this.#live = trust.live;
      this.#dress();
    }
    this.#image.sync(depthHistory);
    this.#feed(frame.lastTradeTicks);
    this.#tell(trust);
    if (frame.publishedAtMs === this.#publishedMs) return null;
    this.#publishedMs = frame.publishedAtMs;
    return frame.publishedAtMs;
  }

  #tell(trust: PaintTrust | null): void {
    this.#listener.painted({
      trust,
      columns: this.#fedEnd === 0 ? 0 : depthHistory.columns.length,
      scale: this.#image.scale,
      rowTicks: this.#image.grid?.rowTicks ?? null,
      ramp: this.#ramp,
      behind: this.#chart.timeScale().scrollPosition() < -2,
    });
  }

  /** Hands new seconds to the library: one by one, or all where the past changed. */
  #feed(lastTradeTicks: number | null): void {
    const { revision, endSecond, columns } = depthHistory;
    if (revision !== this.#revision || endSecond - this.#fedEnd > MOST_UPDATES) {
      this.#revision = revision;
      this.#fedEnd = endSecond;
      this.#forming = null;
      const first = depthHistory.firstSecond;
      this.#setData(columns.map((column, i) => this.#bar(first + i, column)));
      return;
    }
    let news = false;
    for (; this.#fedEnd < endSecond; this.#fedEnd++) {
      this.#update(this.#bar(this.#fedEnd, depthHistory.at(this.#fedEnd)));
      news = true;
    }
    if (columns.length === 0) return;
    const moved = lastTradeTicks !== null && this.#form(lastTradeTicks);
    if (moved && this.#forming !== null) this.#update(this.#forming);
    else if (news) this.#depth.requestUpdate();
  }

  /** The second that is still open, from the last price alone. Returns whether it changed. */
  #form(lastTradeTicks: number): boolean {
    const price = lastTradeTicks * this.tickValue();
    const bar = this.#forming;
    if (bar === null || bar.second !== this.#fedEnd) {
      this.#forming = { second: this.#fedEnd, open: price, high: price, low: price, close: price };
      return true;
    }
    if (bar.close === price) return false;
    bar.close = price;
    bar.high = Math.max(bar.high, price);
    bar.low = Math.min(bar.low, price);
    return true;
  }

  #bar(second: number, column: DepthColumn | null): FormingBar | { readonly second: number } {
    if (column === null) return { second };
    const value = this.tickValue();
    return {
      second,
      open: column.openTicks * value,
      high: column.highTicks * value,
      low: column.lowTicks * value,
      close: column.closeTicks * value,
    };
  }

  #update(bar: FormingBar | { readonly second: number }): void {
    if (this.#kind === 'line') (this.#series as ISeriesApi<'Line', Time>).update(linePoint(bar));
    else (this.#series as ISeriesApi<'Candlestick', Time>).update(candlePoint(bar));
  }

  #setData(bars: readonly (FormingBar | { readonly second: number })[]): void {
    if (this.#kind === 'line') (this.#series as ISeriesApi<'Line', Time>).setData(bars.map(linePoint));
    else (this.#series as ISeriesApi<'Candlestick', Time>).setData(bars.map(candlePoint));
  }

  #addSeries(): PriceSeries {
    const colors = themeColors();
    const priceFormat = this.#priceFormat();
    const series: PriceSeries =
      this.#kind === 'line'
        ? this.#chart.addSeries(LineSeries, { ...lineOptions(colors, this.#live), priceFormat })
        : this.#chart.addSeries(CandlestickSeries, { ...candleOptions(colors, this.#live), priceFormat });
    series.attachPrimitive(this.#depth);
    series.attachPrimitive(this.#priceLines);
    return series;
  }

  #priceFormat(): { type: 'custom'; formatter: (price: number) => string; minMove: number } {
    return {
      type: 'custom',
      formatter: (price) => this.priceText(price),
      minMove: this.#spec === null ? 0.01 : this.tickValue(),
    };
  }

  /** Price of one tick. */
  tickValue(): number {
    return this.#spec === null ? 1 : this.#spec.tickSize.mantissa / 10 ** this.#spec.tickSize.scale;
  }

  #lastPrice(): number | null {
    return this.#forming?.close ?? this.#closeOf(depthHistory.last());
  }

  #closeOf(column: DepthColumn | null): number | null {
    return column === null || this.#fedEnd === 0 ? null : column.closeTicks * this.tickValue();
  }

  #dress(): void {
    const colors = themeColors();
    this.#chart.applyOptions(chartColors(colors));
    if (this.#kind === 'line') this.#series.applyOptions(lineOptions(colors, this.#live));
    else this.#series.applyOptions(candleOptions(colors, this.#live));
    this.#ramp = this.#live ? heatRamp(colors.groundRgb) : greyRamp(colors.groundRgb);
    this.#image.setRamp(this.#ramp);
    this.#request.markNow();
  }

  #onCrosshair(event: MouseEventParams<Time>): void {
    const price = event.point === undefined ? null : this.#series.coordinateToPrice(event.point.y);
    const known = typeof event.time === 'number' && price !== null;
    this.#listener.hovered(known ? { second: Number(event.time), price: Number(price) } : null);
  }
}

type Bar = FormingBar | { readonly second: number };

function linePoint(bar: Bar): { time: UTCTimestamp; value?: number } {
  const time = bar.second as UTCTimestamp;
  return 'close' in bar ? { time, value: bar.close } : { time };
}

function candlePoint(
  bar: Bar,
): { time: UTCTimestamp } | (Omit<FormingBar, 'second'> & { time: UTCTimestamp }) {
  const time = bar.second as UTCTimestamp;
  if (!('close' in bar)) return { time };
  const { open, high, low, close } = bar;
  return { time, open, high, low, close };
}
