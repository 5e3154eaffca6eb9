// The rules of each command of the order book, one by one.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { OrderBook, type OrderRequest } from './order-book.ts';
import type { OrderHandle, OrderSide, TimeInForce } from './order-terms.ts';

const LIMITS = { orders: 1000, pagesPerSide: 64, events: 4096 };

const order = (
  side: OrderSide,
  priceTicks: number,
  sizeLots: number,
  timeInForce: TimeInForce = 'GTC',
  tag = 0,
): OrderRequest => ({ side, priceTicks, sizeLots, timeInForce, account: 1, tag });

const kinds = (book: OrderBook): string[] =>
  Array.from({ length: book.events.count }, (_, i) => book.events.kind(i));

function open(book: OrderBook, request: OrderRequest): OrderHandle {
  const handle = book.placeLimit(request);
  if (handle === null) throw new Error('expected the order to rest');
  return handle;
}

describe('order book', () => {
  it('matches by price, then time', () => {
    const book = new OrderBook(LIMITS);
    open(book, order('sell', 101, 5, 'GTC', 1));
    open(book, order('sell', 100, 5, 'GTC', 2));
    open(book, order('sell', 100, 5, 'GTC', 3));
    book.events.clear();
    expect(book.placeLimit(order('buy', 101, 12))).toBeNull();
    const trades = Array.from({ length: book.events.count }, (_, i) => i).filter(
      (i) => book.events.kind(i) === 'traded',
    );
    expect(
      trades.map((i) => [book.events.makerTag(i), book.events.priceTicks(i), book.events.sizeLots(i)]),
    ).toEqual([
      [2, 100, 5],
      [3, 100, 5],
      [1, 101, 2],
    ]);
    expect(trades.map((i) => book.events.makerRemainingLots(i))).toEqual([0, 0, 3]);
    expect(book.sizeAt('sell', 101)).toBe(3);
  });

  it('keeps the place when amended down and loses it when amended up or moved', () => {
    const book = new OrderBook(LIMITS);
    const first = open(book, order('buy', 10, 5, 'GTC', 1));
    const second = open(book, order('buy', 10, 5, 'GTC', 2));
    expect(book.amend(first, 10, 3)).toBe(true);
    expect(book.queueAt('buy', 10).map((o) => o.tag)).toEqual([1, 2]);
    expect(book.amend(first, 10, 4)).toBe(true);
    expect(book.queueAt('buy', 10).map((o) => [o.tag, o.remainingLots])).toEqual([
      [2, 5],
      [1, 4],
    ]);
    expect(book.amend(second, 9, 5)).toBe(true);
    expect(book.amend(second, 10, 5)).toBe(true);
    expect(book.queueAt('buy', 10).map((o) => o.tag)).toEqual([1, 2]);
  });

  it('refuses with a reason and changes nothing', () => {
    const book = new OrderBook({ orders: 2, pagesPerSide: 1, events: 64 });
    const rested = open(book, order('sell', 10, 1));
    const before = book.stateHash();
    const reasonOf = (act: () => void): string | null => {
      book.events.clear();
      act();
      expect(kinds(book)).toEqual(['rejected']);
      return book.events.rejection(0);
    };
    expect(reasonOf(() => book.placeLimit(order('buy', 10, 0)))).toBe('order/size-not-positive');
    expect(reasonOf(() => book.placeLimit(order('buy', 10, 1.5)))).toBe('order/size-not-positive');
    expect(reasonOf(() => book.placeLimit(order('buy', 2e9, 1)))).toBe('order/price-out-of-range');
    expect(reasonOf(() => book.placeLimit(order('buy', 10, 1, 'GTX')))).toBe('order/post-only-would-take');
    expect(reasonOf(() => book.placeLimit(order('sell', 5000, 1)))).toBe('order/limit-exceeded');
    expect(reasonOf(() => book.placeMarket({ side: 'buy', sizeLots: -1, account: 1, tag: 0 }))).toBe(
      'order/size-not-positive',
    );
    expect(reasonOf(() => book.cancel(rested + 1))).toBe('order/unknown');
    expect(reasonOf(() => book.amend(rested, 10, 0))).toBe('order/size-not-positive');
    expect(book.stateHash()).toBe(before);
    open(book, order('buy', 1, 1));
    expect(reasonOf(() => book.placeLimit(order('buy', 2, 1)))).toBe('order/limit-exceeded');
  });

  it('refuses when the log is not read, rather than losing events', () => {
    const book = new OrderBook({ orders: 4, pagesPerSide: 4, events: 8 });
    for (let i = 0; i < 4; i++) book.placeLimit(order('buy', i, 1));
    expect(book.events.rejection(book.events.count - 1)).toBe('order/limit-exceeded');
    book.events.clear();
    expect(book.placeLimit(order('buy', 3, 1))).not.toBeNull();
  });

  it('kills a FOK that cannot be filled whole and ends the rest of an IOC', () => {
    const book = new OrderBook(LIMITS);
    open(book, order('sell', 10, 5));
    open(book, order('sell', 12, 5));
    book.events.clear();
    expect(book.placeLimit(order('buy', 11, 6, 'FOK'))).toBeNull();
    expect(kinds(book)).toEqual(['accepted', 'cancelled']);
    expect(book.events.cancellation(1)).toBe('not-filled-whole');
    book.events.clear();
    expect(book.placeLimit(order('buy', 11, 6, 'IOC'))).toBeNull();
    expect(kinds(book)).toEqual(['accepted', 'traded', 'cancelled']);
    expect([book.events.cancellation(2), book.events.sizeLots(2)]).toEqual(['nothing-to-take', 1]);
    expect(book.orderCount).toBe(1);
  });

  it('does not take a handle of an order that left for its successor in the slot', () => {
    const book = new OrderBook(LIMITS);
    const gone = open(book, order('buy', 10, 1));
    book.cancel(gone);
    const successor = open(book, order('buy', 10, 1));
    expect(successor).not.toBe(gone);
    expect(book.cancel(gone)).toBe(false);
    expect(book.find(successor)).not.toBeNull();
  });

  it('continues equally from a snapshot, handles included', () => {
    const rng = new Rng(7);
    const live = new OrderBook(LIMITS);
    const run = (books: readonly OrderBook[], n: number): void => {
      for (let i = 0; i < n; i++) {
        const side = rng.below(2) === 0 ? 'buy' : 'sell';
        const price = rng.below(3000) - 1500;
        const size = 1 + rng.below(9);
        const drop = rng.below(3) === 0;
        const results = books.map((book) => {
          const handle = book.placeLimit(order(side, price, size));
          if (drop && handle !== null) book.cancel(handle);
          book.events.clear();
          return handle;
        });
        expect(new Set(results).size).toBe(1);
      }
    };
    run([live], 2000);
    const again = OrderBook.restore(LIMITS, JSON.parse(JSON.stringify(live.snapshot())));
    expect(again.stateHash()).toBe(live.stateHash());
    run([live, again], 2000);
    expect(again.stateHash()).toBe(live.stateHash());
    expect(again.snapshot()).toEqual(live.snapshot());
  });
});
