/** The ladder in words, for readers that do not see the canvas. */

import type { ContractSpec } from '../../../engine/reference/instruments/contract-spec.ts';
import { LINE_WORDS } from '../price-line.ts';
import { sizeUnit } from '../size-unit.ts';
import { nearestTickText, tickText } from '../tick-text.ts';
import { bannerText } from '../trust-banner.ts';
import type { LadderPainted, LadderPainter } from './ladder-painter.ts';
import type { LadderScene } from './ladder-scene.ts';

/** One sentence about the market: name, best prices with sizes, spread, and whether it may be believed. */
export function describeLadder(spec: ContractSpec | null, { frame, trust }: LadderPainted): string {
  if (spec === null) return 'Price ladder, no source open';
  if (frame === null || trust === null || frame.updateId === 0)
    return `${spec.symbol} price ladder, no book yet`;
  const { bids, asks } = frame.ladder;
  const side = (name: string, levels: Float64Array): string => {
    const [price, size] = levels;
    if (price === undefined || size === undefined) return `no ${name}s`;
    return `best ${name} ${tickText(price, spec.tickSize)} for ${tickText(size, spec.lotSize)} ${sizeUnit(spec)}`;
  };
  const [bid] = bids;
  const [ask] = asks;
  const spread =
    bid === undefined || ask === undefined ? '' : `, spread ${tickText(ask - bid, spec.tickSize)}`;
  const doubt = trust.live ? '' : `, not live: ${bannerText(trust)}`;
  return `${spec.symbol} price ladder, ${side('bid', bids)}, ${side('ask', asks)}${spread}${doubt}`;
}

/** The row under the keyboard's cursor: price, bid, ask, marked lines. */
export function describeCursor(painter: LadderPainter | null): readonly string[] {
  const scene = painter?.lastScene() ?? null;
  const ticks = painter?.cursorTicks() ?? null;
  if (scene === null || ticks === null) return [];
  return describeRow(scene, scene.axis.topGroup - ticks / scene.axis.groupTicks);
}

function describeRow(scene: LadderScene, row: number): readonly string[] {
  const { spec, axis, book, lines } = scene;
  const size = (name: 'bid' | 'ask', lots: number): string => {
    if (lots <= 0) return book.isSure(name, row) ? `no ${name}` : `${name} not known`;
    const text = `${tickText(lots, spec.lotSize)} ${sizeUnit(spec)}`;
    return book.isSure(name, row) ? `${name} ${text}` : `${name} at least ${text}`;
  };
  const here = lines
    .filter((line) => line.row === row)
    .map(({ line }) => {
      const status = line.status === null ? '' : ` ${line.status}`;
      return `${LINE_WORDS[line.kind]} ${nearestTickText(line.price, spec.tickSize)} ${line.label}${status}`;
    });
  return [
    tickText((axis.topGroup - row) * axis.groupTicks, spec.tickSize),
    size('bid', book.bids.sizes[row] ?? 0),
    size('ask', book.asks.sizes[row] ?? 0),
    [...here, ...ownWords(scene, row)].join(', '),
  ];
}

/** Own orders on a row: `own buy 0.500, 12.300 ahead, 4.000 behind`. */
function ownWords({ spec, own }: LadderScene, row: number): readonly string[] {
  return own
    .filter((order) => order.row === row)
    .map(({ side, lots, aheadLots, behindLots }) => {
      const text = (count: number): string => tickText(count, spec.lotSize);
      const queue =
        aheadLots === null
          ? 'waiting for its trigger'
          : `${text(aheadLots)} ahead, ${text(behindLots)} behind`;
      return `own ${side} ${text(lots)}, ${queue}`;
    });
}
