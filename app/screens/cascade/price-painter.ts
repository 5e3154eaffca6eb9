/** Paints the price chart of a run: a still layer kept between frames, the cursor and the profile at the cursor above it. */

import type { CursorView } from '../../../workers/contract/lab-api.ts';
import { CanvasSurface, hatch } from '../../charts/canvas-surface.ts';
import { addPainter, type PaintRequest } from '../../charts/frame-loop.ts';
import { onThemeChange, themeColors } from '../../charts/theme-colors.ts';
import { useCascade } from '../../state/cascade-store.ts';
import { place, timeWindow, valueAt } from './chart-axes.ts';
import { ChartBrush } from './chart-brush.ts';
import { AXIS_WIDTH, type PriceLayout, paintPriceLayer, priceLayout } from './price-layer.ts';
import type { RunScene } from './run-scene.ts';

/** Owns one canvas. */
export class PricePainter {
  readonly #surface: CanvasSurface;
  readonly #request: PaintRequest;
  readonly #stops: (() => void)[];
  readonly #still = document.createElement('canvas');
  #scene: RunScene | null = null;
  #layout: PriceLayout | null = null;
  #stillFor: RunScene | null = null;
  #bands: {
    readonly view: CursorView;
    readonly from: number;
    readonly to: number;
    readonly bands: readonly DepthBand[];
  } | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#surface = new CanvasSurface(canvas, () => this.#renew());
    this.#request = addPainter({
      name: 'cascade-price',
      intervalMs: 0,
      isVisible: () => this.#surface.isVisible(),
      paint: () => {
        this.#paint();
        return null;
      },
    });
    this.#stops = [
      onThemeChange(() => this.#renew()),
      useCascade.subscribe((now, before) => {
        if (now.atMicros !== before.atMicros || now.zoomSeconds !== before.zoomSeconds)
          this.#request.markNow();
      }),
    ];
  }

  /** Shows another scene. */
  show(scene: RunScene): void {
    // The view moves with the cursor and is painted above the still layer.
    const { series, other, scenario, market } = this.#stillFor ?? {};
    const same =
      series === scene.series &&
      other === scene.other &&
      scenario === scene.scenario &&
      market === scene.market;
    this.#scene = scene;
    if (!same) this.#stillFor = null;
    this.#request.markNow();
  }

  /** Run time under a pixel; null before anything was painted. */
  timeAt(x: number): number | null {
    return this.#layout === null ? null : valueAt(this.#layout.time, x);
  }

  dispose(): void {
    this.#request.remove();
    this.#surface.dispose();
    for (const stop of this.#stops) stop();
  }

  #renew(): void {
    this.#stillFor = null;
    this.#request.markNow();
  }

  #paint(): void {
    const { context, width, height, ratio } = this.#surface;
    const colors = themeColors();
    context.fillStyle = colors.ground;
    context.fillRect(0, 0, width, height);
    const scene = this.#scene;
    if (scene === null) return;
    const { atMicros, zoomSeconds } = useCascade.getState();
    const window = timeWindow(scene.series, zoomSeconds, atMicros);
    const { from, to } = this.#layout?.time ?? {};
    if (this.#stillFor === null || this.#layout === null || from !== window.from || to !== window.to) {
      this.#layout = priceLayout(scene, window, width, height);
      this.#still.width = Math.round(width * ratio);
      this.#still.height = Math.round(height * ratio);
      const still = this.#still.getContext('2d');
      if (still === null) return;
      still.setTransform(ratio, 0, 0, ratio, 0, 0);
      paintPriceLayer(new ChartBrush(still, colors), scene, this.#layout);
      this.#stillFor = scene;
    }
    if (this.#still.width === 0 || this.#still.height === 0) return;
    context.drawImage(this.#still, 0, 0, width, height);
    const brush = new ChartBrush(context, colors);
    const layout = this.#layout;
    this.#profile(brush, scene, layout);
    brush.cursor(place(layout.time, atMicros), layout.right, 8, layout.bottom);
  }

  /** The book in bands, kept while neither it nor the prices in view change: the cursor moves at every frame. */
  #bandsOf(view: CursorView, from: number, to: number, perTickLot: number): readonly DepthBand[] {
    const known = this.#bands;
    if (known !== null && known.view === view && known.from === from && known.to === to) return known.bands;
    const bands = depthBands(view.bids, view.asks, from, to, perTickLot);
    this.#bands = { view, from, to, bands };
    return bands;
  }

  /** At the right edge, against the same prices: the book's depth, and hatched what is estimated to fall. */
  #profile(brush: ChartBrush, scene: RunScene, { price, right }: PriceLayout): void {
    const { view, perTickLot } = scene;
    const { context, colors } = brush;
    const left = right + AXIS_WIDTH;
    const room = this.#surface.width - left - 8;
    if (view === null || room < 40) return;
    brush.line(left - 4, price.end, left - 4, price.start, colors.hairline);
    const bands = this.#bandsOf(view, price.from, price.to, perTickLot);
    const bandHeight = (price.start - price.end) / BANDS;
    let most = 1;
    for (const band of bands) most = Math.max(most, band.notional);
    const falls: { y: number; height: number; notional: number; color: string }[] = [];
    for (let i = 0; i < view.fallRows.length; i += 3) {
      const from = view.fallRows[i] as number;
      const y = place(price, from + view.fallRowTicks);
      const height = place(price, from) - y;
      if (from + view.fallRowTicks < price.from || from > price.to) continue;
      for (const [side, color] of [
        [1, colors.ask],
        [2, colors.bid],
      ] as const) {
        const notional = view.fallRows[i + side] as number;
        // By price in the same unit as the depth: notional in a band's height.
        if (notional > 0) falls.push({ y, height, notional: (notional * bandHeight) / height, color });
      }
    }
    for (const fall of falls) most = Math.max(most, fall.notional);
    context.save();
    context.beginPath();
    context.rect(left - 4, price.end, room + 8, price.start - price.end);
    context.clip();
    for (const { y, notional, side } of bands) {
      context.globalAlpha = 0.55;
      context.fillStyle = side === 'bid' ? colors.bid : colors.ask;
      context.fillRect(
        left,
        place(price, y) - bandHeight / 2,
        (notional / most) * room,
        Math.max(1, bandHeight - 1),
      );
    }
    context.globalAlpha = 1;
    for (const { y, height, notional, color } of falls) {
      context.fillStyle = hatch(context, color, this.#surface.ratio);
      context.fillRect(left, y + 0.5, (notional / most) * room, Math.max(1, height - 1));
      context.strokeStyle = color;
      context.lineWidth = 1;
      context.strokeRect(left, y + 0.5, (notional / most) * room, Math.max(1, height - 1));
    }
    context.restore();
    brush.text('book ▮ · would fall ▨', left, price.start + 12, colors.muted);
  }
}

const BANDS = 70;

interface DepthBand {
  readonly y: number;
  readonly side: 'bid' | 'ask';
  notional: number;
}

/** The book in bands of price. */
function depthBands(
  bids: Float64Array,
  asks: Float64Array,
  from: number,
  to: number,
  perTickLot: number,
): readonly DepthBand[] {
  const width = (to - from) / BANDS;
  const bands = new Map<string, DepthBand>();
  for (const [side, rows] of [
    ['bid', bids],
    ['ask', asks],
  ] as const) {
    for (let i = 0; i < rows.length; i += 2) {
      const ticks = rows[i] as number;
      if (ticks < from || ticks > to) continue;
      const band = Math.floor((ticks - from) / width);
      const key = `${side}${band}`;
      const known = bands.get(key) ?? { y: from + (band + 0.5) * width, side, notional: 0 };
      known.notional += ticks * (rows[i + 1] as number) * perTickLot;
      bands.set(key, known);
    }
  }
  return [...bands.values()];
}
