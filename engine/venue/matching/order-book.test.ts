// The order book against its oracle over a million commands, and the rules of each command one by one.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { NaiveOrderBook } from '../../testkit/naive-order-book.ts';
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
  it('agrees with the naive book after every thousand of a million random commands', () => {
    const rng = new Rng(20260101);
    const fast = new OrderBook({ orders: 400, pagesPerSide: 64, events: 1024 });
    const naive = new NaiveOrderBook(400);
    const handles = new Map<number, OrderHandle>();
    const live: number[] = [];
    const request: OrderRequest = order('buy', 0, 1);
    const sides = ['buy', 'sell'] as const;
    const times = ['GTC', 'GTC', 'GTC', 'GTC', 'GTC', 'GTX', 'GTX', 'IOC', 'FOK'] as const;
    let centre = 0;
    let restingLots = 0;
    const seen = new Map<string, number>();
    const pick = (): number => {
      // Mostly open orders, now and then one that left, and one that never was.
      if (live.length === 0 || rng.below(50) === 0) return 1 + rng.below(naive.accepted + 10);
      return live[rng.below(live.length)]!;
    };
    for (let n = 1; n <= 1_000_000; n++) {
      if (rng.below(200) === 0) centre += rng.below(401) - 200; // wanders over page borders and below zero
      const action = rng.below(100);
      const side = sides[rng.below(2)]!;
      const away = rng.below(40) - 6;
      const far = rng.below(30) === 0 ? rng.below(5000) : 0;
      const price = side === 'buy' ? centre - away - far : centre + away + far;
      const size = rng.below(60) === 0 ? 0 : 1 + rng.below(20);
      let agree: boolean;
      if (action < 55) {
        const time = times[rng.below(times.length)]!;
        Object.assign(request, order(side, price, size, time, n % 1000));
        const handle = fast.placeLimit(request);
        agree = (handle !== null) === (naive.limit(side, price, size, time, 1, n % 1000) === 'rested');
        if (handle !== null) {
          handles.set(naive.accepted, handle);
          live.push(naive.accepted);
        }
      } else if (action < 60) {
        agree =
          fast.placeMarket({ side, sizeLots: size, account: 1, tag: 0 }) > 0 !==
            (naive.market(side, size) === 'filled') || size === 0;
      } else if (action < 85) {
        const serial = pick();
        agree = fast.cancel(handles.get(serial) ?? 0) === naive.cancel(serial);
      } else {
        const serial = pick();
        const found = fast.find(handles.get(serial) ?? 0);
        const to = rng.below(2) === 0 && found !== null ? found.priceTicks : price;
        agree = fast.amend(handles.get(serial) ?? 0, to, size) === naive.amend(serial, to, size);
      }
      let trade = 0;
      for (let i = 0; i < fast.events.count; i++) {
        const kind = fast.events.kind(i);
        const lots = fast.events.sizeLots(i);
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        if (kind === 'rested') restingLots += lots;
        if (kind === 'reduced' || (kind === 'cancelled' && fast.events.handle(i) !== 0)) restingLots -= lots;
        if (kind !== 'traded') continue;
        restingLots -= lots;
        const expected = naive.trades[trade++];
        agree &&=
          fast.events.serial(i) === expected?.takerSerial &&
          fast.events.makerSerial(i) === expected.makerSerial &&
          fast.events.priceTicks(i) === expected.price &&
          lots === expected.size;
      }
      agree &&= trade === naive.trades.length;
      naive.trades = [];
      fast.events.clear();
      const bid = fast.bestBidTicks;
      const ask = fast.bestAskTicks;
      if (bid !== null && ask !== null && bid >= ask) throw new Error(`crossed at command ${n}`);
      if (!agree) throw new Error(`outcome differs at command ${n}`);
      if (n % 1000 === 0) {
        if (fast.stateHash() !== naive.stateHash()) throw new Error(`state differs after command ${n}`);
        live.length = 0;
        for (const o of [...naive.bids, ...naive.asks]) live.push(o.serial);
        const sum = [...naive.bids, ...naive.asks].reduce((lots, o) => lots + o.remaining, 0);
        if (sum !== restingLots) throw new Error(`events do not add up to the book at command ${n}`);
      }
    }
    expect(naive.tradeCount).toBe(fast.tradeCount);
    // The run means something only if every kind of outcome came up often.
    for (const kind of ['accepted', 'rested', 'traded', 'cancelled', 'reduced', 'rejected']) {
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(10_000);
    }
    fast.cancelAll();
    expect([fast.orderCount, fast.levelCount('buy'), fast.levelCount('sell')]).toEqual([0, 0, 0]);
    expect([fast.bestBidTicks, fast.bestAskTicks]).toEqual([null, null]);
  }, 30_000);

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
    for (let i = 0; i < 3; i++) book.placeLimit(order('buy', i, 1));
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
