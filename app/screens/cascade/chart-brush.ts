/** Strokes that both charts of a run share: lines through samples, axes, the cursor. */
import { SAMPLE, SAMPLE_STRIDE } from '../../../workers/contract/lab-api.ts';
import type { ThemeColors } from '../../charts/theme-colors.ts';
import { elapsedText, place, type Scale, timeStep } from './chart-axes.ts';

/** A brush over one context; sizes in CSS pixels. */
export class ChartBrush {
  readonly context: CanvasRenderingContext2D;
  readonly colors: ThemeColors;

  constructor(context: CanvasRenderingContext2D, colors: ThemeColors) {
    this.context = context;
    this.colors = colors;
  }

  /** Text in the small size. */
  text(words: string, x: number, y: number, color: string, align: CanvasTextAlign = 'left'): void {
    const { context, colors } = this;
    context.font = `11px ${colors.font}`;
    context.textAlign = align;
    context.textBaseline = 'middle';
    context.fillStyle = color;
    context.fillText(words, x, y);
  }

  /** A hairline. */
  line(x1: number, y1: number, x2: number, y2: number, color: string): void {
    const { context } = this;
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    context.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
    context.stroke();
  }

  /** A line through one figure of the samples; values below `least` are left out. */
  samples(
    samples: Float64Array,
    figure: number,
    x: Scale,
    y: Scale,
    style: { readonly color: string; readonly width: number; readonly dash?: readonly number[] },
    least = Number.NEGATIVE_INFINITY,
  ): void {
    const { context } = this;
    context.strokeStyle = style.color;
    context.lineWidth = style.width;
    context.lineJoin = 'round';
    context.setLineDash([...(style.dash ?? [])]);
    context.beginPath();
    let drawing = false;
    for (let i = 0; i < samples.length; i += SAMPLE_STRIDE) {
      const value = samples[i + figure] as number;
      if (value < least) {
        drawing = false;
        continue;
      }
      const px = place(x, samples[i + SAMPLE.atMicros] as number);
      const py = place(y, Math.min(Math.max(value, y.from), y.to));
      if (drawing) context.lineTo(px, py);
      else context.moveTo(px, py);
      drawing = true;
    }
    context.stroke();
    context.setLineDash([]);
  }

  /** Draws within a box alone. */
  within(left: number, top: number, right: number, bottom: number, draw: () => void): void {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    draw();
    context.restore();
  }

  /** Marks of time below the lanes. */
  timeAxis(x: Scale, startMicros: number, top: number, bottom: number): void {
    const step = timeStep((x.to - x.from) / 1e6, Math.max(2, (x.end - x.start) / 76));
    const first = Math.ceil((x.from - startMicros) / 1e6 / step) * step;
    for (let seconds = first; seconds <= (x.to - startMicros) / 1e6; seconds += step) {
      const px = place(x, startMicros + seconds * 1e6);
      this.line(px, top, px, bottom, this.colors.hairline);
      if (px < x.end - 18) this.text(elapsedText(seconds), px + 4, bottom + 9, this.colors.muted);
    }
  }

  /** The cursor: what lies after it is veiled, since it has not happened yet. */
  cursor(px: number, right: number, top: number, bottom: number): void {
    const { context, colors } = this;
    if (px < right) {
      context.globalAlpha = 0.62;
      context.fillStyle = colors.ground;
      context.fillRect(px, top, right - px, bottom - top);
      context.globalAlpha = 1;
    }
    context.fillStyle = colors.accent;
    context.fillRect(Math.round(px) - 0.5, top, 1.5, bottom - top);
  }
}
