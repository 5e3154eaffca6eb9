/** What a subscriber of depth and trades would have seen of an order-by-order feed: one update per level and event. */
import type { ByOrderBook, ByOrderNote } from './by-order-book.ts';
import type { ByOrderMessage, ByOrderSide } from './by-order-message.ts';

/** A level after an event that touched it, and what traded there. */
export interface LevelUpdate {
  readonly side: ByOrderSide;
  readonly priceTicks: number;
  /** Displayed lots now; 0 when the level is gone. */
  readonly sizeLots: number;
  /** Orders at the level now; null in a feed that does not count them. */
  readonly orders: number | null;
  /** Lots that aggressors took here in this event, hidden ones included. 0 for an auction print. */
  readonly tradedLots: number;
  /** No better price on this side has orders now. */
  readonly isBest: boolean;
}

/** An event as depth and trades: the levels it touched, each once. */
export interface DepthEvent {
  readonly atMicros: number;
  /** Part of the opening snapshot. */
  readonly fromSnapshot: boolean;
  /** The event matched an auction: volume at one price that says nothing about queues. */
  readonly isAuction: boolean;
  readonly levels: readonly LevelUpdate[];
  /** The messages behind it, and what the book noted. */
  readonly messages: readonly ByOrderMessage[];
  readonly notes: readonly ByOrderNote[];
}

interface TouchedLevel {
  readonly side: ByOrderSide;
  readonly priceTicks: number;
  readonly sizeBefore: number;
  readonly ordersBefore: number;
  tradedLots: number;
}

/** Follows a feed through a book and hands out each event as depth updates. */
export class DepthUpdates {
  readonly #book: ByOrderBook;
  #event: ByOrderMessage[] = [];

  /** @param book - an empty book that only this machine feeds; it may be read between messages */
  constructor(book: ByOrderBook) {
    this.#book = book;
  }

  /** Takes the next message; answers with the event when this message ended one. */
  apply(message: ByOrderMessage): readonly DepthEvent[] {
    this.#event.push(message);
    if (!message.endsEvent && !message.fromSnapshot) return [];
    const messages = this.#event;
    this.#event = [];
    const touched = this.#touch(messages);
    const notes = messages.flatMap((each) => this.#book.apply(each));
    const levels: LevelUpdate[] = [];
    for (const { side, priceTicks, sizeBefore, ordersBefore, tradedLots } of touched) {
      const sizeLots = this.#book.sizeAt(side, priceTicks);
      const orders = this.#book.ordersAt(side, priceTicks);
      if (tradedLots === 0 && sizeLots === sizeBefore && orders === ordersBefore) continue;
      const best = side === 'bid' ? this.#book.bestBid : this.#book.bestAsk;
      const isBest = best === null || (side === 'bid' ? priceTicks >= best : priceTicks <= best);
      levels.push({ side, priceTicks, sizeLots, orders, tradedLots, isBest });
    }
    return [
      {
        atMicros: message.atMicros,
        fromSnapshot: message.fromSnapshot,
        isAuction: messages.some(({ kind, side }) => kind === 'trade' && side === 'none'),
        levels,
        messages,
        notes,
      },
    ];
  }

  /** Every level that the messages may change, as it stands before them. */
  #touch(messages: readonly ByOrderMessage[]): Iterable<TouchedLevel> {
    const levels = new Map<string, TouchedLevel>();
    const level = (side: ByOrderSide, priceTicks: number): TouchedLevel => {
      const key = `${side} ${priceTicks}`;
      const found = levels.get(key) ?? {
        side,
        priceTicks,
        sizeBefore: this.#book.sizeAt(side, priceTicks),
        ordersBefore: this.#book.ordersAt(side, priceTicks),
        tradedLots: 0,
      };
      levels.set(key, found);
      return found;
    };
    for (const { kind, side, orderId, priceTicks, sizeLots } of messages) {
      if (kind === 'trade' && side !== 'none') {
        level(side === 'bid' ? 'ask' : 'bid', priceTicks).tradedLots += sizeLots;
      } else if (kind === 'add' && side !== 'none') {
        level(side, priceTicks);
      } else if (kind === 'cancel' || kind === 'modify') {
        const rests = this.#book.orderOf(orderId);
        if (rests !== null) level(rests.side, rests.priceTicks);
        if (kind === 'modify' && side !== 'none') level(side, priceTicks);
      }
    }
    return levels.values();
  }
}
