/** Draws the liquidation columns: hatched, as everything estimated, at the ladder's edges under what else stands there. */
import { hatch } from '../canvas-surface.ts';
import { fallWidth } from './ladder-falls.ts';
import { type LadderScene, rowTop } from './ladder-scene.ts';

/** Draws the bars of a row: longs from the left edge, shorts from the right. */
export function drawFalls(scene: LadderScene, row: number): void {
  if (scene.falls === null) return;
  const { context, colors, width, ratio, heights } = scene;
  const top = rowTop(scene, row) + 3;
  const height = heights.row - 6;
  const longs = fallWidth(scene, row, 'longs');
  const shorts = fallWidth(scene, row, 'shorts');
  context.globalAlpha = 0.75;
  if (longs > 0) {
    context.fillStyle = hatch(context, colors.ask, ratio);
    context.fillRect(0, top, longs, height);
  }
  if (shorts > 0) {
    context.fillStyle = hatch(context, colors.bid, ratio);
    context.fillRect(width - shorts, top, shorts, height);
  }
  context.globalAlpha = 1;
}
