/** The ladder's painter: holds the axis still, lays each frame on it and repaints the rows that changed. */
import type { ContractSpec } from '../../../engine/reference/instruments/contract-spec.ts';
import type { OrderSide } from '../../../engine/venue/matching/order-terms.ts';
import type { MarketFrame } from '../../../workers/contract/market-frame.ts';
import { installBlackBox, paintLog } from '../black-box.ts';
import { CanvasSurface } from '../canvas-surface.ts';
import { addPainter, type Painter, type PaintRequest } from '../frame-loop.ts';
import { onMarketMemory, type ReceivedFrame, receivedFrame } from '../market-memory.ts';
import { type PaintTrust, paintTrust } from '../paint-trust.ts';
import type { PriceLine } from '../price-line.ts';
import { prefersReducedMotion } from '../reduced-motion.ts';
import { onThemeChange, themeColors } from '../theme-colors.ts';
import { tickText } from '../tick-text.ts';
import { LadderAxisKeeper } from './ladder-axis-keeper.ts';
import { LadderBook, touchOf } from './ladder-book.ts';
import { drawRows, rowFont } from './ladder-brush.ts';
import { fallsInSight, type LadderFalls } from './ladder-falls.ts';
import { drawFooter, drawHeadings, footerText, totalsText } from './ladder-frame.ts';
import { type LadderAxis, ladderColumns, markerGroup, middleGroup, rowOfGroup } from './ladder-geometry.ts';
import { inkOf, type LadderScene, PaintedRowValues } from './ladder-scene.ts';
import { FillMemory, ownRows } from './own-rows.ts';

/** What a reader can choose. */
export interface LadderChoices {
  readonly rowHeight: number;
  readonly cumulative: boolean;
  readonly deltas: boolean;
}

/** What the painter tells the document after a paint. */
export interface LadderPainted {
  readonly frame: MarketFrame | null;
  readonly trust: PaintTrust | null;
  /** Where the market is when it is out of sight. */
  readonly outOfSight: 'above' | 'below' | null;
}

const HEADING_PX = 22;
const FOOTER_PX = 42;
/** Text is readable at 10 Hz and restless above. */
const CALM_MS = 100;
const CALMER_MS = 500;

export class LadderPainter implements Painter {
  readonly name = 'ladder';
  readonly axis = new LadderAxisKeeper();
  readonly #surface: CanvasSurface;
  readonly #book = new LadderBook();
  readonly #fills = new FillMemory();
  readonly #painted = new PaintedRowValues();
  readonly #request: PaintRequest;
  readonly #leave: (() => void)[] = [];
  readonly #onPainted: (painted: LadderPainted) => void;
  #spec: ContractSpec | null = null;
  #lines: readonly PriceLine[] = [];
  #choices: LadderChoices = { rowHeight: 21, cumulative: false, deltas: false };
  /** Price under the keyboard's cursor: a price and not a row, so that it stays one when the grouping changes. */
  #cursorTicks: number | null = null;
  #pointerY: number | null = null;
  #everything = true;
  #footer = '';
  #falls: LadderFalls | null = null;
  #lastLive: boolean | null = null;
  #lastPublishedMs = 0;
  #scene: LadderScene | null = null;

  constructor(canvas: HTMLCanvasElement, onPainted: (painted: LadderPainted) => void) {
    this.#onPainted = onPainted;
    installBlackBox();
    this.#request = addPainter(this);
    this.#surface = new CanvasSurface(canvas, () => this.#repaint());
    this.#leave.push(
      onMarketMemory(() => this.#request.mark()),
      onThemeChange(() => this.#repaint()),
    );
    // Ages grow and silence has to show while no frame comes.
    const timer = setInterval(() => this.#request.mark(), CALMER_MS);
    this.#leave.push(() => clearInterval(timer));
  }

  get intervalMs(): number {
    return prefersReducedMotion() ? CALMER_MS : CALM_MS;
  }

  isVisible(): boolean {
    return this.#surface.isVisible();
  }

  dispose(): void {
    this.#request.remove();
    this.#surface.dispose();
    for (const leave of this.#leave) leave();
  }

  setSpec(spec: ContractSpec | null): void {
    if (spec?.id !== this.#spec?.id) {
      this.axis.forget();
      this.#book.forget();
      this.#fills.forget();
      this.#cursorTicks = null;
    }
    this.#spec = spec;
    this.#repaint();
  }

  setFalls(falls: LadderFalls | null): void {
    this.#falls = falls;
    this.#request.mark();
  }

  setLines(lines: readonly PriceLine[]): void {
    this.#lines = lines;
    this.#request.markNow();
  }

  setChoices(choices: LadderChoices): void {
    this.#choices = choices;
    this.#repaint();
  }

  /** Puts the market on the middle row, whoever is inside: the reader asked for it. */
  recentre(): void {
    this.axis.recentre();
    this.#cursorTicks = null;
    this.#repaint();
  }

  /** The pointer's height over the canvas, or null when it left. */
  pointerAt(y: number | null): void {
    this.#pointerY = y;
    this.axis.pointerInside = y !== null;
    this.#request.markNow();
  }

  focusInside(inside: boolean): void {
    this.axis.focusInside = inside;
    if (!inside) this.#cursorTicks = null;
    this.#request.markNow();
  }

  /** Moves the rows by hand; positive is towards lower prices. */
  scroll(rows: number): void {
    if (this.axis.scroll(rows)) this.#repaint();
  }

  /** Moves the keyboard's price; from the middle row when it stood nowhere. Positive is towards lower prices. */
  moveCursor(rows: number): void {
    const axis = this.axis.current;
    if (axis === null) return;
    const from = this.#cursorGroup(axis) ?? axis.topGroup - Math.floor(axis.rows / 2);
    const group = from - rows;
    this.#cursorTicks = group * axis.groupTicks;
    const lowest = axis.topGroup - (axis.rows - 1);
    if (group > axis.topGroup) this.scroll(axis.topGroup - group);
    else if (group < lowest) this.scroll(lowest - group);
    this.#request.markNow();
  }

  /** Price under the keyboard's cursor, in ticks. */
  cursorTicks(): number | null {
    const axis = this.axis.current;
    const group = axis === null ? null : this.#cursorGroup(axis);
    return axis === null || group === null ? null : group * axis.groupTicks;
  }

  /** Row of the cursor on an axis, as its group; null where there is no cursor. */
  #cursorGroup(axis: LadderAxis): number | null {
    return this.#cursorTicks === null ? null : Math.floor(this.#cursorTicks / axis.groupTicks);
  }

  /** Price of the row at a height over the canvas, in ticks. */
  ticksAt(y: number): number | null {
    const scene = this.#scene;
    if (scene === null) return null;
    const row = rowAt(scene.axis, scene.heights.row, y);
    return row < 0 ? null : (scene.axis.topGroup - row) * scene.axis.groupTicks;
  }

  /** The side whose columns lie at a distance from the left edge; null for the price. */
  sideAt(x: number): OrderSide | null {
    const price = this.#scene?.columns.price;
    if (price === undefined) return null;
    return x < price.x ? 'buy' : x >= price.x + price.width ? 'sell' : null;
  }

  /** What was painted last, for readers that cannot see it. */
  lastScene(): LadderScene | null {
    return this.#scene;
  }

  paint(nowMs: number): number | null {
    const received = receivedFrame();
    const frame = this.#frameOf(received);
    if (this.#spec === null || received === null || frame === null || frame.updateId === 0) {
      this.#paintNothing();
      const trust =
        frame === null || received === null ? null : paintTrust(frame, received.receivedAtMs, nowMs);
      this.#onPainted({ frame, trust, outOfSight: null });
      return null;
    }
    const trust = paintTrust(frame, received.receivedAtMs, nowMs);
    const scene = this.#arrange(this.#spec, frame, trust.live, nowMs);
    if (trust.live !== this.#lastLive) this.#everything = true;
    this.#lastLive = trust.live;
    this.#draw(scene, frame);
    this.#scene = scene;
    if (scene.axis.groupTicks === 1) this.#log(scene, frame, trust);
    this.#onPainted({ frame, trust, outOfSight: this.axis.outOfSight(touchOf(frame.ladder)) });
    if (frame.publishedAtMs === this.#lastPublishedMs) return null;
    this.#lastPublishedMs = frame.publishedAtMs;
    return frame.publishedAtMs;
  }

  #frameOf(received: ReceivedFrame | null): MarketFrame | null {
    return received !== null && received.frame.instrument === this.#spec?.id ? received.frame : null;
  }

  #repaint(): void {
    this.#everything = true;
    this.#request.markNow();
  }

  /** Works out where everything stands. */
  #arrange(spec: ContractSpec, frame: MarketFrame, live: boolean, nowMs: number): LadderScene {
    const { width, height, ratio, context } = this.#surface;
    const colors = themeColors();
    const heights = { heading: HEADING_PX, row: this.#choices.rowHeight, footer: FOOTER_PX };
    const rows = Math.max(3, Math.floor((height - HEADING_PX - FOOTER_PX) / heights.row));
    const touch = touchOf(frame.ladder);
    if (this.axis.settle(frame.ladder.groupTicks, rows, touch)) this.#everything = true;
    const axis = this.axis.current ?? { groupTicks: 1, topGroup: 0, rows };
    this.#book.fill(frame.ladder, axis, nowMs);
    const middle = middleGroup(touch);
    const rowOf = (ticks: number): number => rowOfGroup(axis, markerGroup(ticks, axis.groupTicks, middle));
    const ticksOf = (price: number): number => (price * 10 ** spec.tickSize.scale) / spec.tickSize.mantissa;
    const optionalRow = (price: number | null): number => (price === null ? -1 : rowOf(ticksOf(price)));
    const last = frame.lastTradeTicks;
    const bestBid = frame.ladder.bids[0];
    const bestAsk = frame.ladder.asks[0];
    context.font = rowFont({ colors }, 650);
    const priceText = tickText(axis.topGroup * axis.groupTicks, spec.tickSize);
    const priceWidth = Math.ceil(context.measureText(priceText).width) + 34;
    const { cumulative, deltas } = this.#choices;
    const cursor = this.#cursorGroup(axis);
    return {
      context,
      width,
      height,
      ratio,
      heights,
      columns: ladderColumns(width, { cumulative, deltas, priceWidth }),
      colors,
      ink: inkOf(colors, live),
      spec,
      axis,
      book: this.#book,
      lastRow: last === null ? -1 : rowOf(last),
      lastSide: frame.lastTradeSide,
      spreadTicks: bestBid === undefined || bestAsk === undefined ? null : bestAsk - bestBid,
      // A mark that stopped is no place in a book that goes on.
      markRow: optionalRow(isYoung(frame) ? frame.markPrice : null),
      indexRow: optionalRow(isYoung(frame) ? frame.indexPrice : null),
      indexOffsetTicks: frame.indexPrice === null || last === null ? null : ticksOf(frame.indexPrice) - last,
      cursorRow: cursor === null ? -1 : rowOfGroup(axis, cursor),
      hoverRow: this.#pointerY === null ? -1 : rowAt(axis, heights.row, this.#pointerY),
      lines: this.#lines
        .filter((line) => line.kind !== 'mark')
        .map((line) => {
          const ticks = ticksOf(line.price);
          const below = middle === null || ticks / axis.groupTicks <= middle;
          return { line, row: rowOf(ticks), below };
        })
        .filter(({ row }) => row >= 0 && row < axis.rows),
      own: ownRows(frame.venue?.orders ?? [], axis),
      filled: this.#fills.take(frame.venue, axis, nowMs),
      falls: fallsInSight(this.#falls, spec.id, axis),
    };
  }

  #draw(scene: LadderScene, frame: MarketFrame): void {
    const { axis, context, colors, heights } = scene;
    if (this.#everything) {
      context.fillStyle = colors.surface1;
      context.fillRect(0, 0, scene.width, scene.height);
      drawHeadings(scene);
      this.#painted.reset(axis.rows);
      this.#footer = '';
    }
    const rows: number[] = [];
    for (let row = 0; row < axis.rows; row++) {
      if (this.#painted.update(scene, row)) rows.push(row);
    }
    drawRows(scene, rows);
    const totals = totalsText(scene);
    const text = footerText(scene, frame);
    const footer = `${totals.join(' ')} ${text}`;
    if (footer !== this.#footer && scene.height > heights.footer) drawFooter(scene, totals, text);
    this.#footer = footer;
    this.#everything = false;
  }

  #paintNothing(): void {
    const { context, width, height } = this.#surface;
    context.fillStyle = themeColors().surface1;
    context.fillRect(0, 0, width, height);
    this.#everything = true;
    this.#scene = null;
  }

  /** The black box takes down the rows as drawn, not the frame beside them. */
  #log(scene: LadderScene, frame: MarketFrame, trust: PaintTrust): void {
    paintLog.add(
      {
        atMs: performance.timeOrigin + performance.now(),
        source: frame.source,
        trust: trust.state,
        shownAsLive: scene.ink.live,
        updateId: frame.updateId,
      },
      {
        topTicks: scene.axis.topGroup,
        rows: scene.axis.rows,
        bidLots: scene.book.bids.sizes,
        askLots: scene.book.asks.sizes,
      },
    );
  }
}

function rowAt(axis: LadderAxis, rowHeight: number, y: number): number {
  const row = Math.floor((y - HEADING_PX) / rowHeight);
  return row >= 0 && row < axis.rows ? row : -1;
}

/** Whether mark and index are those of now. */
function isYoung({ markTrust }: MarketFrame): boolean {
  return markTrust === 'LIVE' || markTrust === 'DEGRADED';
}
