/** Levels of the book as a table lists them: the best of each side, and every level at which the reader's own orders rest. */
import { LADDER_STRIDE, type LadderRows } from '../../workers/contract/market-frame.ts';
import type { OwnOrder } from '../../workers/contract/paper.ts';

export interface TableLevel {
  readonly side: 'ask' | 'bid';
  readonly ticks: number;
  /** Null where the level is not among those listed by the feed: an own order rests deeper, or is newer than the book. */
  readonly lots: number | null;
  readonly cumulativeLots: number | null;
  readonly own: readonly OwnOrder[];
}

function packed(side: TableLevel['side'], levels: Float64Array, most: number): TableLevel[] {
  return Array.from({ length: Math.min(most, levels.length / LADDER_STRIDE) }, (_, i) => ({
    side,
    ticks: levels[i * LADDER_STRIDE] ?? 0,
    lots: levels[i * LADDER_STRIDE + 1] ?? 0,
    cumulativeLots: levels[i * LADDER_STRIDE + 2] ?? 0,
    own: [],
  }));
}

const keyOf = ({ side, ticks }: Pick<TableLevel, 'side' | 'ticks'>): string => `${side}${ticks}`;

/** Highest price first, asks before bids. Bids are grouped downwards and asks upwards. */
export function tableLevels(
  ladder: LadderRows,
  orders: readonly OwnOrder[],
  most: number,
): readonly TableLevel[] {
  const listed = [...packed('ask', ladder.asks, most), ...packed('bid', ladder.bids, most)];
  const levels = new Map(listed.map((level) => [keyOf(level), level]));
  for (const order of orders) {
    if (order.state !== 'resting' || order.priceTicks === null) continue;
    const side = order.side === 'buy' ? 'bid' : 'ask';
    const group = order.priceTicks / ladder.groupTicks;
    const ticks = (side === 'bid' ? Math.floor(group) : Math.ceil(group)) * ladder.groupTicks;
    const level = levels.get(keyOf({ side, ticks })) ?? {
      side,
      ticks,
      lots: null,
      cumulativeLots: null,
      own: [],
    };
    levels.set(keyOf(level), { ...level, own: [...level.own, order] });
  }
  return [...levels.values()].sort((a, b) =>
    a.side === b.side ? b.ticks - a.ticks : a.side === 'ask' ? -1 : 1,
  );
}
