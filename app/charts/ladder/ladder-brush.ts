/** Draws the ladder's rows: grounds and bars first, then all text of one kind at a time, since changing fonts is dear. */
import { hatch } from '../canvas-surface.ts';
import { LINE_WORDS, STATUS_SHAPES } from '../price-line.ts';
import { tickText } from '../tick-text.ts';
import { drawFalls } from './falls-brush.ts';
import type { Column } from './ladder-geometry.ts';
import { rowPriceTicks } from './ladder-geometry.ts';
import { barWidth, type LadderLine, type LadderScene, rowTop, shownDelta } from './ladder-scene.ts';
import { drawFillGround, drawOwn, hasOwn } from './own-brush.ts';

export const SIZE_FONT_PX = 12;
const SMALL_FONT_PX = 11;
const BAR_ALPHA = 0.17;
/** Room at the right of a number; beside the price it also holds the pointers of mark and index. */
const PAD = 9;

export function rowFont(scene: Pick<LadderScene, 'colors'>, weight = 400): string {
  return `${weight} ${SIZE_FONT_PX}px ${scene.colors.font}`;
}

function smallFont(scene: LadderScene): string {
  return `400 ${SMALL_FONT_PX}px ${scene.colors.font}`;
}

/** Draws the given rows anew. */
export function drawRows(scene: LadderScene, rows: readonly number[]): void {
  if (rows.length === 0) return;
  const { context } = scene;
  for (const row of rows) drawGround(scene, row);
  drawBars(scene, rows);
  context.textBaseline = 'alphabetic';
  context.font = rowFont(scene);
  context.textAlign = 'right';
  drawSizes(scene, rows);
  drawPrices(scene, rows);
  context.font = smallFont(scene);
  drawExtras(scene, rows);
  for (const row of rows) {
    drawMarks(scene, row);
    drawOwn(scene, row);
  }
}

function baseline(scene: LadderScene, row: number): number {
  return rowTop(scene, row) + scene.heights.row / 2 + 4.5;
}

function drawGround(scene: LadderScene, row: number): void {
  const { context, colors, width } = scene;
  const y = rowTop(scene, row);
  const raised = row === scene.lastRow || row === scene.hoverRow;
  context.fillStyle = raised ? colors.surface2 : colors.surface1;
  context.fillRect(0, y, width, scene.heights.row);
  drawFalls(scene, row);
  drawFillGround(scene, row);
  if (row !== scene.cursorRow) return;
  context.strokeStyle = colors.accent;
  context.lineWidth = 1;
  context.strokeRect(0.5, y + 0.5, width - 1, scene.heights.row - 1);
}

function drawBars(scene: LadderScene, rows: readonly number[]): void {
  const { context, columns, book, ink } = scene;
  const height = scene.heights.row - 4;
  context.globalAlpha = BAR_ALPHA;
  context.fillStyle = ink.bid;
  const right = columns.bid.x + columns.bid.width;
  for (const row of rows) {
    const w = book.isSure('bid', row) ? barWidth(scene, book.bids.sizes[row] ?? 0) : 0;
    if (w > 0) context.fillRect(right - w, rowTop(scene, row) + 2, w, height);
  }
  context.fillStyle = ink.ask;
  for (const row of rows) {
    const w = book.isSure('ask', row) ? barWidth(scene, book.asks.sizes[row] ?? 0) : 0;
    if (w > 0) context.fillRect(columns.ask.x, rowTop(scene, row) + 2, w, height);
  }
  context.globalAlpha = 1;
}

function drawSizes(scene: LadderScene, rows: readonly number[]): void {
  const { context, columns, book, ink, colors, spec } = scene;
  const side = (name: 'bid' | 'ask', where: Column, sizes: Float64Array, color: string): void => {
    const right = where.x + where.width - PAD;
    for (const row of rows) {
      const lots = sizes[row] ?? 0;
      if (lots <= 0) continue;
      const sure = book.isSure(name, row);
      context.fillStyle = sure ? color : colors.muted;
      const text = tickText(lots, spec.lotSize);
      context.fillText(sure ? text : `≥ ${text}`, right, baseline(scene, row));
    }
  };
  side('bid', columns.bid, book.bids.sizes, ink.bid);
  side('ask', columns.ask, book.asks.sizes, ink.ask);
}

function drawPrices(scene: LadderScene, rows: readonly number[]): void {
  const { context, columns, ink, spec, axis } = scene;
  const right = columns.price.x + columns.price.width - PAD;
  context.fillStyle = ink.text;
  for (const row of rows) {
    if (row === scene.lastRow) continue;
    context.fillText(tickText(rowPriceTicks(axis, row), spec.tickSize), right, baseline(scene, row));
  }
  if (!rows.includes(scene.lastRow)) return;
  const y = baseline(scene, scene.lastRow);
  context.font = rowFont(scene, 650);
  context.fillText(tickText(rowPriceTicks(axis, scene.lastRow), spec.tickSize), right, y);
  if (scene.lastSide === null) return;
  context.font = smallFont(scene);
  context.textAlign = 'left';
  context.fillStyle = scene.lastSide === 'buy' ? ink.bid : ink.ask;
  context.fillText(scene.lastSide === 'buy' ? '▲' : '▼', columns.price.x + 2, y - 0.5);
  context.textAlign = 'right';
}

/** Cumulative sizes and changes. */
function drawExtras(scene: LadderScene, rows: readonly number[]): void {
  const { context, columns, book, colors, ink } = scene;
  const { lotSize } = scene.spec;
  context.fillStyle = colors.muted;
  const column = (where: Column | null, sizes: Float64Array, alongside: Float64Array): void => {
    if (where === null) return;
    for (const row of rows) {
      if ((alongside[row] ?? 0) <= 0) continue;
      const text = tickText(sizes[row] ?? 0, lotSize);
      context.fillText(text, where.x + where.width - PAD, baseline(scene, row));
    }
  };
  column(columns.cumulativeBid, book.bids.cumulative, book.bids.sizes);
  column(columns.cumulativeAsk, book.asks.cumulative, book.asks.sizes);
  const change = (where: Column | null, deltas: Float64Array): void => {
    if (where === null) return;
    for (const row of rows) {
      const delta = shownDelta(deltas[row]);
      if (delta === 0) continue;
      context.fillStyle = delta > 0 ? ink.text : colors.muted;
      const text = `${delta > 0 ? '+' : ''}${tickText(delta, lotSize)}`;
      context.fillText(text, where.x + where.width - PAD, baseline(scene, row));
    }
  };
  change(columns.deltaBid, book.bids.deltas);
  change(columns.deltaAsk, book.asks.deltas);
}

/** Lines of positions, mark and index, spread: what stands in the outer columns and beside the price. */
function drawMarks(scene: LadderScene, row: number): void {
  const { context, columns, colors } = scene;
  const lines = scene.lines.filter((line) => line.row === row);
  const left = lines.filter((line) => line.below);
  const right = lines.filter((line) => !line.below);
  const y = baseline(scene, row);
  context.textAlign = 'left';
  drawLines(scene, columns.markLeft, left, row);
  drawLines(scene, columns.markRight, right, row);
  context.fillStyle = colors.muted;
  const quiet = hasOwn(scene, row);
  if (!quiet && row === scene.lastRow && left.length === 0 && scene.spreadTicks !== null) {
    const spread = tickText(scene.spreadTicks, scene.spec.tickSize);
    outerText(scene, columns.markLeft, 'left', `spread ${spread}`, y);
  }
  if (row === scene.markRow) {
    pointer(scene, columns.price.x - 7, row, 1);
    if (!quiet && row !== scene.lastRow && left.length === 0)
      outerText(scene, columns.markLeft, 'left', 'mark', y);
  }
  if (row === scene.indexRow) {
    pointer(scene, columns.price.x + columns.price.width + 2, row, -1);
    const offset = scene.indexOffsetTicks;
    const sign = offset !== null && offset > 0 ? '+' : '';
    const text = offset === null ? 'idx' : `idx ${sign}${tickText(Math.round(offset), scene.spec.tickSize)}`;
    if (!quiet && right.length === 0) outerText(scene, columns.markRight, 'right', text, y);
  }
}

/** A small triangle that points at the price from one side. */
function pointer(scene: LadderScene, x: number, row: number, direction: 1 | -1): void {
  const { context, colors } = scene;
  const y = rowTop(scene, row) + scene.heights.row / 2;
  context.fillStyle = scene.ink.live ? colors.accent : colors.muted;
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x + 5 * direction, y);
  context.lineTo(x, y + 4);
  context.fill();
}

/** Text in an outer column, if the column has room for it. */
function outerText(
  scene: LadderScene,
  column: Column,
  side: 'left' | 'right',
  text: string,
  y: number,
): void {
  const { context, colors } = scene;
  if (context.measureText(text).width > column.width + 2) return;
  context.fillStyle = colors.muted;
  context.textAlign = side;
  context.fillText(text, side === 'left' ? column.x + 4 : column.x + column.width - PAD, y);
  context.textAlign = 'left';
}

function lineColor(scene: LadderScene, { line }: LadderLine): string {
  if (!scene.ink.live) return scene.colors.muted;
  if (line.kind === 'what-if') return scene.colors.accent;
  return line.status === null ? scene.colors.muted : scene.colors.status[line.status];
}

function drawLines(scene: LadderScene, column: Column, lines: readonly LadderLine[], row: number): void {
  const first = lines[0];
  if (first === undefined) return;
  const { context, columns } = scene;
  const color = lineColor(scene, first);
  const top = rowTop(scene, row);
  const y = baseline(scene, row);
  let x = column.x + 4;
  if (first.line.kind === 'liquidation') {
    context.fillStyle = hatch(context, color, scene.ratio);
    context.fillRect(x, top + scene.heights.row / 2 - 5, 10, 10);
    x += 13;
  }
  context.fillStyle = color;
  const shape = first.line.status === null ? '' : `${STATUS_SHAPES[first.line.status]} `;
  const more = lines.length > 1 ? ` +${lines.length - 1}` : '';
  const room = column.x + column.width - x;
  const texts = [`${shape}${LINE_WORDS[first.line.kind]}${more}`, `${shape}${more}`.trim()];
  const fitting = texts.find((text) => context.measureText(text).width <= room + 3);
  if (fitting !== undefined) context.fillText(fitting, x, y);
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.setLineDash(first.line.kind === 'liquidation' ? [4, 3] : [1, 2]);
  context.beginPath();
  context.moveTo(columns.price.x, top + scene.heights.row - 1.5);
  context.lineTo(columns.price.x + columns.price.width, top + scene.heights.row - 1.5);
  context.stroke();
  context.setLineDash([]);
}
