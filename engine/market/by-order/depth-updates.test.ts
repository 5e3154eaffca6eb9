// Depth updates of an order-by-order feed: what each event shows, and a whole hour of them against the book itself.
import { describe, expect, it } from 'vitest';
import { recordedByOrderMessages } from '../../testkit/by-order-recording.ts';
import { HAS_SHARED_DATA, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { DepthBook } from '../book/depth-book.ts';
import { ByOrderBook } from './by-order-book.ts';
import type { ByOrderKind, ByOrderMessage } from './by-order-message.ts';
import { DepthUpdates } from './depth-updates.ts';

const message = (
  kind: ByOrderKind,
  orderId: number,
  [side, priceTicks, sizeLots]: readonly [ByOrderMessage['side'], number, number],
  endsEvent = true,
): ByOrderMessage => ({
  kind,
  side,
  orderId,
  priceTicks,
  sizeLots,
  atMicros: 7,
  sequence: 1,
  endsEvent,
  fromSnapshot: false,
});

describe('depth updates', () => {
  it('show a match as one update per level, with the lots that traded', () => {
    const feed = new DepthUpdates(new ByOrderBook());
    feed.apply(message('add', 1, ['bid', 100, 3]));
    feed.apply(message('add', 2, ['bid', 100, 5]));
    feed.apply(message('add', 3, ['bid', 99, 4]));
    const match: readonly [ByOrderKind, number, readonly ['bid' | 'ask', number, number]][] = [
      ['trade', 9, ['ask', 100, 8]],
      ['fill', 1, ['bid', 100, 3]],
      ['fill', 2, ['bid', 100, 5]],
      ['trade', 9, ['ask', 99, 1]],
      ['fill', 3, ['bid', 99, 1]],
      ['cancel', 1, ['bid', 100, 3]],
      ['cancel', 2, ['bid', 100, 5]],
    ];
    for (const [kind, id, level] of match) expect(feed.apply(message(kind, id, level, false))).toEqual([]);
    const [event] = feed.apply(message('modify', 3, ['bid', 99, 3]));
    expect(event).toMatchObject({ atMicros: 7, isAuction: false, fromSnapshot: false });
    expect(event?.levels).toEqual([
      { side: 'bid', priceTicks: 100, sizeLots: 0, orders: 0, tradedLots: 8, isBest: true },
      { side: 'bid', priceTicks: 99, sizeLots: 3, orders: 1, tradedLots: 1, isBest: true },
    ]);
  });

  it('show both levels of a move, and nothing for a message that changed nothing', () => {
    const feed = new DepthUpdates(new ByOrderBook());
    feed.apply(message('add', 1, ['ask', 105, 3]));
    feed.apply(message('add', 2, ['ask', 103, 1]));
    const [move] = feed.apply(message('modify', 1, ['ask', 104, 3]));
    expect(move?.levels).toEqual([
      { side: 'ask', priceTicks: 105, sizeLots: 0, orders: 0, tradedLots: 0, isBest: false },
      { side: 'ask', priceTicks: 104, sizeLots: 3, orders: 1, tradedLots: 0, isBest: false },
    ]);
    expect(feed.apply(message('cancel', 8, ['ask', 104, 3]))[0]?.levels).toEqual([]);
    expect(feed.apply(message('trade', 0, ['none', 104, 3]))[0]).toMatchObject({
      isAuction: true,
      levels: [],
    });
  });

  it.skipIf(!HAS_SHARED_DATA)(`build the same depth as the orders do${SHARED_DATA_NOTE}`, () => {
    const orders = new ByOrderBook();
    const feed = new DepthUpdates(orders);
    const depth = new DepthBook();
    let traded = 0;
    let printed = 0;
    let events = 0;
    for (const m of recordedByOrderMessages()) {
      if (m.kind === 'trade' && m.side !== 'none') printed += m.sizeLots;
      for (const event of feed.apply(m)) {
        for (const { side, priceTicks, sizeLots, tradedLots } of event.levels) {
          depth.set(side, priceTicks, sizeLots);
          traded += tradedLots;
        }
        if (++events % 500 !== 0) continue;
        const direct = new DepthBook();
        for (const side of ['bid', 'ask'] as const) {
          orders.eachLevel(side, (price, lots) => {
            direct.set(side, price, lots);
            return true;
          });
        }
        expect(depth.stateHash()).toBe(direct.stateHash());
      }
    }
    expect(events).toBeGreaterThan(50_000);
    expect(traded).toBe(printed);
    expect(depth.unknownDeletes).toBe(0);
  });
});
