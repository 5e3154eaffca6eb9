/** Paints the fund's balance, and the forced flow against the book's liquidity (R), on the run's own time. */
import { SAMPLE, SAMPLE_STRIDE } from '../../../workers/contract/lab-api.ts';
import { CanvasSurface } from '../../charts/canvas-surface.ts';
import { addPainter, type PaintRequest } from '../../charts/frame-loop.ts';
import { onThemeChange, themeColors } from '../../charts/theme-colors.ts';
import { useCascade } from '../../state/cascade-store.ts';
import { moneyText, place, type Scale, timeWindow } from './chart-axes.ts';
import { ChartBrush } from './chart-brush.ts';
import { AXIS_WIDTH } from './price-layer.ts';
import type { RunScene } from './run-scene.ts';

/** R above this is drawn at the top of its lane. */
const MOST_RATIO = 2;
const FOOT = 18;
const TOP = 14;

/** Owns one canvas. */
export class FundPainter {
  readonly #surface: CanvasSurface;
  readonly #request: PaintRequest;
  readonly #stops: (() => void)[];
  #scene: RunScene | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#surface = new CanvasSurface(canvas, () => this.#request.markNow());
    this.#request = addPainter({
      name: 'cascade-fund',
      intervalMs: 0,
      isVisible: () => this.#surface.isVisible(),
      paint: () => {
        this.#paint();
        return null;
      },
    });
    this.#stops = [
      onThemeChange(() => this.#request.markNow()),
      useCascade.subscribe((now, before) => {
        if (now.atMicros !== before.atMicros || now.zoomSeconds !== before.zoomSeconds) this.#request.mark();
      }),
    ];
  }

  /** Shows another scene. */
  show(scene: RunScene): void {
    this.#scene = scene;
    this.#request.mark();
  }

  dispose(): void {
    this.#request.remove();
    this.#surface.dispose();
    for (const stop of this.#stops) stop();
  }

  #paint(): void {
    const { context, width, height } = this.#surface;
    const colors = themeColors();
    context.fillStyle = colors.ground;
    context.fillRect(0, 0, width, height);
    const scene = this.#scene;
    if (scene === null) return;
    const brush = new ChartBrush(context, colors);
    const right = width - AXIS_WIDTH;
    const bottom = height - FOOT;
    const middle = TOP + (bottom - TOP) * 0.5;
    const { atMicros, zoomSeconds } = useCascade.getState();
    const time: Scale = { ...timeWindow(scene.series, zoomSeconds, atMicros), start: 10, end: right };
    brush.timeAxis(time, scene.series.startMicros, TOP - 8, bottom);
    this.#fund(brush, scene, time, { top: TOP, bottom: middle - 10 });
    this.#ratio(brush, scene, time, { top: middle + 14, bottom });
    brush.cursor(place(time, atMicros), right, 4, bottom);
  }

  #fund(brush: ChartBrush, scene: RunScene, time: Scale, lane: { top: number; bottom: number }): void {
    const { colors } = brush;
    let most = 1;
    for (const samples of [scene.series.samples, scene.other?.samples ?? new Float64Array(0)]) {
      for (let i = 0; i < samples.length; i += SAMPLE_STRIDE)
        most = Math.max(most, samples[i + SAMPLE.fundCash] as number);
    }
    const y: Scale = { from: 0, to: most * 1.05, start: lane.bottom, end: lane.top };
    brush.line(0, lane.bottom, time.end, lane.bottom, colors.hairline);
    brush.text(moneyText(most), time.end + 6, place(y, most), colors.muted);
    brush.text('$0', time.end + 6, lane.bottom, colors.muted);
    brush.within(0, 0, time.end, lane.bottom + 1, () => {
      if (scene.other !== null) {
        const style = { color: colors.status.WARNING, width: 1.2, dash: [6, 3] };
        brush.samples(scene.other.samples, SAMPLE.fundCash, time, y, style);
      }
      const style = { color: colors.status.HEALTHY, width: 1.6 };
      brush.samples(scene.series.samples, SAMPLE.fundCash, time, y, style);
    });
    brush.text('insurance fund', time.start + 2, lane.top - 8, colors.muted);
  }

  #ratio(brush: ChartBrush, scene: RunScene, time: Scale, lane: { top: number; bottom: number }): void {
    const { colors } = brush;
    const y: Scale = { from: 0, to: MOST_RATIO, start: lane.bottom, end: lane.top };
    const one = place(y, 1);
    brush.line(0, one, time.end, one, colors.status.CRITICAL);
    brush.text('R 1', time.end + 6, one, colors.status.CRITICAL);
    brush.text(`${MOST_RATIO}+`, time.end + 6, lane.top, colors.muted);
    const { samples } = scene.series;
    brush.within(0, 0, time.end, lane.bottom + 1, () => {
      brush.samples(samples, SAMPLE.upRatio, time, y, { color: colors.bid, width: 1 }, 0);
      brush.samples(samples, SAMPLE.downRatio, time, y, { color: colors.ask, width: 1.3 }, 0);
    });
    brush.text('forced flow ÷ book over the next 1 %: down, up', time.start + 2, lane.top - 8, colors.muted);
  }
}
