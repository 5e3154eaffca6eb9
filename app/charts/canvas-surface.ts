/** A canvas that fills its box at the screen's own resolution and knows whether anybody sees it. */

/** A sized drawing surface in CSS pixels. */
export class CanvasSurface {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  width = 0;
  height = 0;
  /** Device pixels per CSS pixel. */
  ratio = 1;
  #seen = true;
  readonly #resize: ResizeObserver;
  readonly #sight: IntersectionObserver;

  /** `onChange` is called after the size or the visibility changed; the canvas is blank after a change of size. */
  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    this.canvas = canvas;
    // Opaque: the painter covers every pixel, and text on an opaque surface is drawn crisper.
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser gives no 2D canvas');
    this.context = context;
    this.#resize = new ResizeObserver(() => {
      if (this.#fit()) onChange();
    });
    this.#resize.observe(canvas);
    this.#sight = new IntersectionObserver((seen) => {
      this.#seen = seen.at(-1)?.isIntersecting ?? true;
      onChange();
    });
    this.#sight.observe(canvas);
    this.#fit();
  }

  /** Whether any part of the canvas is on a visible page. */
  isVisible(): boolean {
    return this.#seen && this.width > 0 && this.height > 0;
  }

  dispose(): void {
    this.#resize.disconnect();
    this.#sight.disconnect();
  }

  #fit(): boolean {
    const { clientWidth, clientHeight } = this.canvas;
    const ratio = devicePixelRatio || 1;
    if (clientWidth === this.width && clientHeight === this.height && ratio === this.ratio) return false;
    this.width = clientWidth;
    this.height = clientHeight;
    this.ratio = ratio;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return true;
  }
}

const hatches = new Map<string, CanvasPattern | string>();

/** A tile of slanted lines: the sign for "estimated" wherever it appears. */
export function hatch(
  context: CanvasRenderingContext2D,
  color: string,
  ratio: number,
): CanvasPattern | string {
  const key = `${color} ${ratio}`;
  const known = hatches.get(key);
  if (known !== undefined) return known;
  // A handful of status colours by theme and screen; more means that somebody drags a window between screens.
  if (hatches.size > 64) hatches.clear();
  const made = makeHatch(context, color, ratio);
  hatches.set(key, made);
  return made;
}

function makeHatch(context: CanvasRenderingContext2D, color: string, ratio: number): CanvasPattern | string {
  const size = Math.max(4, Math.round(4 * ratio));
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const brush = tile.getContext('2d');
  if (brush === null) return color;
  brush.strokeStyle = color;
  brush.lineWidth = Math.max(1, 1.2 * ratio);
  brush.beginPath();
  for (const shift of [-size, 0, size]) {
    brush.moveTo(shift, size);
    brush.lineTo(shift + size, 0);
  }
  brush.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  // A pattern lives in canvas units; undo the surface's scale so that its lines are a device pixel wide.
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern ?? color;
}
