// The order-by-order book: the rules of place one by one, and the book against its oracle over random feeds.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { NaiveByOrderBook } from '../../testkit/naive-by-order-book.ts';
import { ByOrderBook } from './by-order-book.ts';
import type { ByOrderKind, ByOrderMessage } from './by-order-message.ts';
import { globexModifyRule } from './modify-rule.ts';

const message = (
  kind: ByOrderKind,
  orderId: number,
  side: ByOrderMessage['side'] = 'bid',
  priceTicks = 100,
  sizeLots = 5,
): ByOrderMessage => ({
  kind,
  side,
  orderId,
  priceTicks,
  sizeLots,
  atMicros: 1,
  sequence: 1,
  endsEvent: true,
  fromSnapshot: false,
});

const ids = (book: ByOrderBook, side: 'bid' | 'ask' = 'bid', price = 100): number[] =>
  book.queueAt(side, price).map(({ orderId }) => orderId);

/** Orders 1, 2, 3 of 5 lots each, in this order. */
function threeInLine(): ByOrderBook {
  const book = new ByOrderBook();
  for (const id of [1, 2, 3]) expect(book.apply(message('add', id))).toEqual([]);
  return book;
}

describe('place in the queue', () => {
  it('is kept by a smaller size', () => {
    const book = threeInLine();
    expect(book.apply(message('modify', 1, 'bid', 100, 2))).toEqual([]);
    expect(ids(book)).toEqual([1, 2, 3]);
    expect(book.lotsAhead(3)).toBe(7);
    expect(book.sizeAt('bid', 100)).toBe(12);
  });

  it('is lost by a larger size', () => {
    const book = threeInLine();
    expect(book.apply(message('modify', 1, 'bid', 100, 6))).toEqual([
      { kind: 'place-lost', orderId: 1, reason: 'increase' },
    ]);
    expect(ids(book)).toEqual([2, 3, 1]);
  });

  it('is lost by a new price, and not regained by the old one', () => {
    const book = threeInLine();
    book.apply(message('modify', 1, 'bid', 101, 5));
    expect(ids(book)).toEqual([2, 3]);
    expect(book.bestBid).toBe(101);
    book.apply(message('modify', 1, 'bid', 100, 5));
    expect(ids(book)).toEqual([2, 3, 1]);
    expect(book.bestBid).toBe(100);
  });

  it('is kept by what a partial fill leaves, and lost by a refilled display', () => {
    const book = threeInLine();
    book.apply(message('trade', 9, 'ask', 100, 2));
    book.apply(message('fill', 1, 'bid', 100, 2));
    expect(book.sizeAt('bid', 100)).toBe(15); // a fill alone changes nothing
    book.apply(message('modify', 1, 'bid', 100, 3));
    expect(ids(book)).toEqual([1, 2, 3]);
    book.apply(message('fill', 1, 'bid', 100, 3));
    expect(book.apply(message('modify', 1, 'bid', 100, 3))).toEqual([
      { kind: 'place-lost', orderId: 1, reason: 'refresh' },
    ]);
    expect(ids(book)).toEqual([2, 3, 1]);
  });

  it('counts fills once: after the change that follows them they are forgotten', () => {
    const book = threeInLine();
    book.apply(message('fill', 1, 'bid', 100, 2));
    book.apply(message('modify', 1, 'bid', 100, 3));
    book.apply(message('modify', 1, 'bid', 100, 2));
    expect(book.apply(message('modify', 1, 'bid', 100, 3))).toMatchObject([{ reason: 'increase' }]);
  });
});

describe('messages that do not fit', () => {
  it('are noted and change nothing', () => {
    const book = threeInLine();
    const before = book.stateHash();
    const notes = [
      message('cancel', 7),
      message('modify', 7),
      message('add', 1),
      message('modify', 1, 'ask', 100, 5),
      message('add', 8, 'bid', 100, 0),
      message('add', 8, 'bid', 100, 1.5),
      message('add', 8, 'bid', 2 ** 31, 1),
      message('modify', 2, 'bid', 2 ** 40, 1),
      message('add', 8, 'none', 100, 1),
    ].map((m) => book.apply(m)[0]?.kind);
    expect(notes).toEqual([
      'order-unknown',
      'order-unknown',
      'order-duplicate',
      'side-changed',
      'size-not-positive',
      'size-not-positive',
      'price-out-of-range',
      'price-out-of-range',
      'side-changed',
    ]);
    expect(book.stateHash()).toBe(before);
  });

  it('stop at the order limit and go on when there is room again', () => {
    const book = new ByOrderBook(globexModifyRule, 2);
    book.apply(message('add', 1));
    book.apply(message('add', 2));
    expect(book.apply(message('add', 3))).toEqual([{ kind: 'book-full', orderId: 3 }]);
    book.apply(message('cancel', 1));
    expect(book.apply(message('add', 3))).toEqual([]);
    expect(ids(book)).toEqual([2, 3]);
  });

  it('a clear leaves an empty book exactly empty', () => {
    const book = threeInLine();
    book.apply(message('add', 4, 'ask', 105, 1));
    book.apply(message('clear', 0, 'none', 0, 0));
    expect(book.stateHash()).toBe(new ByOrderBook().stateHash());
    expect([book.orders, book.bestBid, book.bestAsk, book.lotsAhead(1)]).toEqual([0, null, null, null]);
  });
});

/** A random feed around a few prices; now and then a message about an order that is not there. */
function randomFeed(seed: number, count: number): ByOrderMessage[] {
  const rng = new Rng(seed);
  const kinds = ['add', 'add', 'add', 'cancel', 'modify', 'modify', 'fill', 'trade'] as const;
  return Array.from({ length: count }, () => {
    const id = 1 + rng.below(60);
    // Mostly a fixed side per id, so that modifies fit; one in ten does not.
    const side = (id % 2 === 0) !== (rng.below(10) === 0) ? 'bid' : 'ask';
    const price = (side === 'bid' ? -3 : 1) + rng.below(4) + (rng.below(40) === 0 ? rng.below(5000) : 0);
    const kind = rng.below(400) === 0 ? 'clear' : (kinds[rng.below(kinds.length)] ?? 'add');
    return message(kind, id, side, price, rng.below(7));
  });
}

describe('against the oracle', () => {
  it('agrees after every one of 40,000 random messages, and grows past its first capacity', () => {
    const feed = randomFeed(7, 40_000);
    const book = new ByOrderBook();
    const naive = new NaiveByOrderBook();
    const check = (): void => {
      for (const side of ['bid', 'ask'] as const) {
        const levels: [number, number][] = [];
        book.eachLevel(side, (price, lots) => levels.push([price, lots]) > 0);
        expect(levels).toEqual(naive.levels(side));
        for (const [price] of levels) {
          const queue = naive.queue(side, price).map((o) => ({ orderId: o.orderId, sizeLots: o.size }));
          expect(book.queueAt(side, price)).toEqual(queue);
          expect(book.ordersAt(side, price)).toBe(queue.length);
          let ahead = 0;
          for (const o of queue) {
            expect(book.lotsAhead(o.orderId)).toBe(ahead);
            ahead += o.sizeLots;
          }
        }
      }
    };
    for (const [i, m] of feed.entries()) {
      book.apply(m);
      naive.apply(m);
      if (i % 10 === 0) check();
    }
    for (let id = 1000; id < 12_000; id++) {
      const m = message('add', id, id % 2 === 0 ? 'bid' : 'ask', id % 2 === 0 ? -(id % 50) : id % 50, 1);
      book.apply(m);
      naive.apply(m);
    }
    check();
    expect(book.orders).toBe(naive.orders.length);
    expect(book.orders).toBeGreaterThan(8192);
  });

  it('a restored book goes on exactly as the one it was saved from', () => {
    void fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 400 }), (seed, cut) => {
        const feed = randomFeed(seed, 500);
        const whole = new ByOrderBook();
        const first = new ByOrderBook();
        const second = new ByOrderBook();
        second.apply(message('add', 99)); // restore must replace what was there
        for (const m of feed) whole.apply(m);
        for (const m of feed.slice(0, cut)) first.apply(m);
        second.restore(first.snapshot());
        expect(second.stateHash()).toBe(first.stateHash());
        for (const m of feed.slice(cut)) expect(second.apply(m)).toEqual(first.apply(m));
        expect(second.stateHash()).toBe(whole.stateHash());
        expect(second.snapshot()).toEqual(whole.snapshot());
      }),
      { numRuns: 40 },
    );
  });
});
