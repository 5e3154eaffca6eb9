/** What must be true of an order book after any command. */
import type { BookReader } from '../venue/matching/book-reader.ts';
import type { OrderBook } from '../venue/matching/order-book.ts';
import type { OrderHandle } from '../venue/matching/order-terms.ts';

/** Throws where the book is not sound; to be called after every command. */
export function expectSoundBook(book: OrderBook, command: number): void {
  expectSoundLevels(book, book.collecting, command);
  let held = 0;
  for (let account = 0; account < 6; account++) held += book.positionOf(account);
  if (held !== 0) throw new Error(`bought and sold differ after command ${command}`);
}

/** Throws where levels do not add up, or where the book is crossed while it does not collect. */
export function expectSoundLevels(book: BookReader, collecting: boolean, command: number): void {
  const bid = book.bestBidTicks;
  const ask = book.bestAskTicks;
  const crossed = bid !== null && ask !== null && bid >= ask;
  if (crossed && !collecting) throw new Error(`crossed after command ${command}`);
  for (const side of ['buy', 'sell'] as const) expectSoundSide(book, side, command);
}

/** Throws where anything at all is left of a book that was emptied. */
export function expectEmptyBook(book: BookReader): void {
  const left = [book.orderCount, book.levelCount('buy'), book.levelCount('sell'), book.orders().length];
  const best = [book.bestBidTicks, book.bestAskTicks];
  if (left.some((n) => n !== 0) || best.some((price) => price !== null)) throw new Error('something is left');
}

/** Where an order stands, before it is amended. */
export interface PlaceBefore {
  readonly priceTicks: number;
  readonly openLots: number;
  readonly ahead: number;
}

/** The place of an order, or null where it is not open. */
export function placeOf(book: BookReader, handle: OrderHandle): PlaceBefore | null {
  const order = book.find(handle);
  if (order === null) return null;
  const { priceTicks, side, remainingLots, hiddenLots } = order;
  const ahead = book.queueAt(side, priceTicks).findIndex((o) => o.handle === handle);
  return { priceTicks, openLots: remainingLots + hiddenLots, ahead };
}

/** Throws where an amendment that was taken left the order elsewhere than it should: in its place, or last at its price. */
export function expectAmendedPlace(
  book: BookReader,
  handle: OrderHandle,
  before: PlaceBefore,
  asked: { readonly priceTicks: number; readonly sizeLots: number },
): void {
  const order = book.find(handle);
  if (order === null) return;
  const queue = book.queueAt(order.side, order.priceTicks);
  const kept = asked.priceTicks === before.priceTicks && asked.sizeLots <= before.openLots;
  const place = kept ? before.ahead : queue.length - 1;
  if (queue[place]?.handle !== handle) throw new Error(`an amended order is not at place ${place}`);
}

function expectSoundSide(book: BookReader, side: 'buy' | 'sell', command: number): void {
  let levels = 0;
  let price = side === 'buy' ? book.bestBidTicks : book.bestAskTicks;
  while (price !== null) {
    levels++;
    const queue = book.queueAt(side, price);
    const shown = queue.reduce((lots, o) => lots + o.remainingLots, 0);
    const hidden = queue.reduce((lots, o) => lots + o.hiddenLots, 0);
    const sound =
      queue.length > 0 &&
      queue.length === book.ordersAt(side, price) &&
      shown === book.sizeAt(side, price) &&
      hidden === book.hiddenAt(side, price) &&
      queue.every(
        (o) => o.remainingLots > 0 && o.hiddenLots >= 0 && o.priceTicks === price && o.side === side,
      );
    if (!sound) throw new Error(`level ${price} (${side}) does not add up after command ${command}`);
    price = book.nextWorsePrice(side, price);
  }
  if (levels !== book.levelCount(side)) throw new Error(`levels are missing after command ${command}`);
}
