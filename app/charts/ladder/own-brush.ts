/** Draws the reader's own orders on a row: a chip with the size, the place in the queue in words and as a small bar, and fills. */
import { prefersReducedMotion } from '../reduced-motion.ts';
import { tickText } from '../tick-text.ts';
import type { Column } from './ladder-geometry.ts';
import { type LadderScene, rowTop } from './ladder-scene.ts';
import type { OwnRow } from './own-rows.ts';

const FONT_PX = 11;
const CHIP_PAD = 3;
const GAP = 3;

function font(scene: LadderScene, weight: number): string {
  return `${weight} ${FONT_PX}px ${scene.colors.font}`;
}

/** True where own orders or fills take the room of other words on this row. */
export function hasOwn(scene: LadderScene, row: number): boolean {
  return scene.own.some((own) => own.row === row) || scene.filled.some((fill) => fill.row === row);
}

/** Tints the ground of a row that was just filled, where motion is welcome; once, never blinking. */
export function drawFillGround(scene: LadderScene, row: number): void {
  const fill = scene.filled.find((one) => one.row === row && one.lit);
  if (fill === undefined || prefersReducedMotion()) return;
  const { context, colors } = scene;
  context.globalAlpha = 0.28;
  context.fillStyle = colors.accent;
  context.fillRect(0, rowTop(scene, row), scene.width, scene.heights.row);
  context.globalAlpha = 1;
}

export function drawOwn(scene: LadderScene, row: number): void {
  for (const own of scene.own) {
    if (own.row === row) drawOrder(scene, own);
  }
  const fill = scene.filled.find((one) => one.row === row);
  // Next to an order that still rests its own words tell the rest; the fill is in the list of fills.
  if (fill === undefined || scene.own.some((own) => own.row === row)) return;
  const { context, colors } = scene;
  const room = roomOf(scene, row, fill.side);
  context.font = font(scene, 550);
  context.textAlign = 'left';
  context.fillStyle = colors.accent;
  const size = tickText(fill.lots, scene.spec.lotSize);
  const text = fitting(context, [`✓ ${size} filled`, `✓ ${size}`, '✓'], room.width);
  context.fillText(text, room.x, rowTop(scene, row) + scene.heights.row / 2 + 4);
}

/** Room for the words: the half of the row that the order's side leaves empty, else the outer column of its own. */
function roomOf(scene: LadderScene, row: number, side: 'buy' | 'sell'): Column {
  const { columns, book, width } = scene;
  const priceEnd = columns.price.x + columns.price.width;
  const other = side === 'buy' ? book.asks : book.bids;
  const empty = (other.sizes[row] ?? 0) === 0;
  if (side === 'buy') {
    return empty ? { x: priceEnd + 3, width: width - priceEnd - 5 } : { x: 4, width: columns.bid.x - 8 };
  }
  if (empty) return { x: 4, width: columns.price.x - 8 };
  const x = columns.ask.x + columns.ask.width + 4;
  return { x, width: width - x - 4 };
}

function drawOrder(scene: LadderScene, own: OwnRow): void {
  const { context, colors, spec } = scene;
  const room = roomOf(scene, own.row, own.side);
  const top = rowTop(scene, own.row);
  const baseline = top + scene.heights.row / 2 + 4;
  const waits = own.aheadLots === null;
  const more = own.orders > 1 ? ` (${own.orders})` : '';
  const size = `${own.side === 'buy' ? '▲' : '▼'} ${tickText(own.lots, spec.lotSize)}${more}`;
  context.font = font(scene, 650);
  const chip = Math.min(room.width, context.measureText(size).width + 2 * CHIP_PAD);
  const color = scene.ink.live ? colors.accent : colors.muted;
  context.textAlign = 'left';
  if (waits) {
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.setLineDash([2, 2]);
    context.strokeRect(room.x + 0.5, top + 2.5, chip - 1, scene.heights.row - 5);
    context.setLineDash([]);
  } else {
    context.fillStyle = color;
    context.fillRect(room.x, top + 2, chip, scene.heights.row - 4);
  }
  context.fillStyle = waits ? color : colors.onAccent;
  context.fillText(
    fitting(context, [size, tickText(own.lots, spec.lotSize)], chip - CHIP_PAD),
    room.x + CHIP_PAD,
    baseline,
  );
  const words = { x: room.x + chip + GAP, width: room.width - chip - GAP };
  context.font = font(scene, 400);
  context.fillStyle = colors.text;
  const text = fitting(context, queueTexts(scene, own), words.width);
  if (text !== '') context.fillText(text, words.x, baseline);
  if (!waits) drawQueueBar(scene, own, words);
}

/** The place in the queue, the fullest words first. */
function queueTexts({ spec }: LadderScene, own: OwnRow): readonly string[] {
  if (own.aheadLots === null) return ['trigger', ''];
  const ahead = tickText(own.aheadLots, spec.lotSize);
  const behind = tickText(own.behindLots, spec.lotSize);
  if (own.aheadLots === 0) return [`first · ${behind} behind`, 'first in line', 'first', ''];
  return [`${ahead} ahead · ${behind} behind`, `${ahead} ahead`, ahead, ''];
}

function fitting(context: CanvasRenderingContext2D, texts: readonly string[], width: number): string {
  return texts.find((text) => context.measureText(text).width <= width) ?? '';
}

/** What is ahead, the order itself, what is behind, along the foot of the row. */
function drawQueueBar(scene: LadderScene, own: OwnRow, room: Column): void {
  const { context, colors } = scene;
  const ahead = own.aheadLots ?? 0;
  const all = ahead + own.lots + own.behindLots;
  if (all <= 0 || room.width < 12) return;
  const y = rowTop(scene, own.row) + scene.heights.row - 3;
  const part = (lots: number): number => (lots / all) * room.width;
  context.fillStyle = colors.hairline;
  context.fillRect(room.x, y, room.width, 2);
  context.fillStyle = colors.muted;
  context.fillRect(room.x, y, part(ahead), 2);
  context.fillStyle = colors.accent;
  const x = Math.min(room.x + room.width - 2, room.x + part(ahead));
  context.fillRect(x, y - 1, Math.max(2, part(own.lots)), 3);
}
