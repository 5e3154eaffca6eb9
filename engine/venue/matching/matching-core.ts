/** The mechanics under the order book: two ladders over one store, and the loop that matches by price, then time. */
import { BookEvents } from './book-events.ts';
import { OrderStore } from './order-store.ts';
import { CANCELLATIONS, type OrderHandle } from './order-terms.ts';
import { PriceLadder } from './price-ladder.ts';

/** Key below every price: a taker with this limit takes at any price. */
export const ANY_KEY = -0x8000_0000;

const REQUESTED = CANCELLATIONS.indexOf('requested');

/**
 * Two ladders, one store, one event log. Sides are 0 (buy) and 1 (sell); a key is the price on the bid side and minus
 * the price on the ask side, so that on either side the larger key is the better one. Inputs are trusted: the order
 * book has checked them.
 */
export class MatchingCore {
  readonly events: BookEvents = new BookEvents();
  readonly store: OrderStore;
  readonly bids: PriceLadder;
  readonly asks: PriceLadder;
  acceptedOrders = 0;
  trades = 0;

  constructor(orders: number, pagesPerSide: number) {
    this.store = new OrderStore(orders);
    this.bids = new PriceLadder(this.store, pagesPerSide);
    this.asks = new PriceLadder(this.store, pagesPerSide);
  }

  ladder(side: number): PriceLadder {
    return side === 0 ? this.bids : this.asks;
  }

  /** Price in ticks of a resting order. */
  price(slot: number): number {
    const key = this.store.key[slot] as number;
    return this.store.side[slot] === 0 ? key : 0 - key;
  }

  /** True where an order of `side` at its own `key` would take. */
  wouldTake(side: number, key: number): boolean {
    const opposite = side === 0 ? this.asks : this.bids;
    return opposite.levels > 0 && opposite.bestKey >= 0 - key;
  }

  /** True where at least `lots` rest on the other side at the order's limit or better. */
  canTake(side: number, key: number, lots: number): boolean {
    const opposite = side === 0 ? this.asks : this.bids;
    if (opposite.levels === 0) return false;
    let found = 0;
    for (
      let at: number | null = opposite.bestKey;
      at !== null && at >= 0 - key;
      at = opposite.nextWorse(at)
    ) {
      found += opposite.sizeAt(at);
      if (found >= lots) return true;
    }
    return false;
  }

  /**
   * Matches a taker against the other side down to its limit and returns what is left of it, in lots.
   *
   * @param limitKey - worst key of the other side that may be taken
   */
  match(
    side: number,
    limitKey: number,
    sizeLots: number,
    account: number,
    tag: number,
    serial: number,
  ): number {
    const store = this.store;
    const opposite = side === 0 ? this.asks : this.bids;
    let left = sizeLots;
    while (left > 0 && opposite.levels > 0 && opposite.bestKey >= limitKey) {
      const slot = opposite.firstAtBest();
      const resting = store.remainingLots[slot] as number;
      const lots = Math.min(left, resting);
      left -= lots;
      this.trades++;
      this.events.traded(
        side,
        this.price(slot),
        lots,
        account,
        tag,
        serial,
        store.handle(slot),
        store.account[slot] as number,
        store.tag[slot] as number,
        store.serial[slot] as number,
        resting - lots,
      );
      if (lots === resting) {
        opposite.remove(slot);
        store.release(slot);
      } else {
        opposite.reduce(slot, lots);
      }
    }
    return left;
  }

  /** Stores a new order and puts it at the end of its queue. */
  rest(
    side: number,
    key: number,
    lots: number,
    account: number,
    tag: number,
    serial: number,
    postOnly: number,
  ): OrderHandle {
    const store = this.store;
    const slot = store.take();
    store.account[slot] = account;
    store.tag[slot] = tag;
    store.serial[slot] = serial;
    store.side[slot] = side;
    store.postOnly[slot] = postOnly;
    return this.enter(slot, key, lots);
  }

  /** Puts an order that already has its slot at the end of the queue at `key`. */
  enter(slot: number, key: number, lots: number): OrderHandle {
    const store = this.store;
    const side = store.side[slot] as number;
    store.key[slot] = key;
    store.remainingLots[slot] = lots;
    this.ladder(side).append(slot);
    const handle = store.handle(slot);
    this.events.rested(
      side,
      this.price(slot),
      lots,
      store.account[slot] as number,
      store.tag[slot] as number,
      store.serial[slot] as number,
      handle,
    );
    return handle;
  }

  /** Ends a resting order at its owner's wish. */
  end(slot: number): void {
    const store = this.store;
    const side = store.side[slot] as number;
    this.events.cancelled(
      side,
      this.price(slot),
      store.remainingLots[slot] as number,
      store.account[slot] as number,
      store.tag[slot] as number,
      store.serial[slot] as number,
      store.handle(slot),
      REQUESTED,
    );
    this.ladder(side).remove(slot);
    store.release(slot);
  }

  /** Tells that an amendment took `lots` off a resting order. */
  tellReduced(slot: number, lots: number): void {
    const store = this.store;
    this.events.reduced(
      store.side[slot] as number,
      this.price(slot),
      lots,
      store.account[slot] as number,
      store.tag[slot] as number,
      store.serial[slot] as number,
      store.handle(slot),
    );
  }

  /** Visits every resting order: bids, then asks, each best first and in time order within a price. */
  forEachSlot(visit: (slot: number) => void): void {
    for (const ladder of [this.bids, this.asks]) {
      if (ladder.levels === 0) continue;
      for (let key: number | null = ladder.bestKey; key !== null; key = ladder.nextWorse(key)) {
        for (let slot = ladder.firstAt(key); slot !== 0; slot = this.store.next[slot] as number) visit(slot);
      }
    }
  }
}
