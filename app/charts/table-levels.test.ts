/** Tests of the levels that the book's table lists. */
import { describe, expect, it } from 'vitest';
import type { LadderRows } from '../../workers/contract/market-frame.ts';
import type { OwnOrder } from '../../workers/contract/paper.ts';
import { tableLevels } from './table-levels.ts';

const LADDER: LadderRows = {
  asks: Float64Array.of(1010, 5, 5, 1020, 7, 12, 1030, 1, 13),
  bids: Float64Array.of(1000, 4, 4, 980, 3, 7),
  groupTicks: 10,
  bidLevels: 2,
  askLevels: 3,
  lowestBidTicks: null,
  highestAskTicks: null,
};

const own = (part: Partial<OwnOrder>): OwnOrder =>
  ({ id: 1, side: 'buy', state: 'resting', priceTicks: 1000, sizeLots: 1, ...part }) as OwnOrder;

describe('levels of the table', () => {
  it('run from the highest ask to the lowest bid, so many of each side', () => {
    expect(tableLevels(LADDER, [], 2).map(({ side, ticks, lots }) => [side, ticks, lots])).toEqual([
      ['ask', 1020, 7],
      ['ask', 1010, 5],
      ['bid', 1000, 4],
      ['bid', 980, 3],
    ]);
  });

  it('carry own orders, grouped as the book is, also where the book lists no level', () => {
    const levels = tableLevels(
      LADDER,
      [
        own({ id: 1, priceTicks: 1009 }),
        own({ id: 2, side: 'sell', priceTicks: 1011 }),
        own({ id: 3, priceTicks: 995 }),
        own({ id: 4, state: 'waiting', priceTicks: null }),
      ],
      20,
    );
    expect(
      levels.map(({ side, ticks, lots, own: at }) => [side, ticks, lots, at.map(({ id }) => id)]),
    ).toEqual([
      ['ask', 1030, 1, []],
      ['ask', 1020, 7, [2]],
      ['ask', 1010, 5, []],
      ['bid', 1000, 4, [1]],
      ['bid', 990, null, [3]],
      ['bid', 980, 3, []],
    ]);
  });
});
