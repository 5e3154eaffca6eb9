/** What must be true of an order book after any command. */
import type { OrderBook } from '../venue/matching/order-book.ts';

/** Throws where the book is not sound; to be called after every command. */
export function expectSoundBook(book: OrderBook, command: number): void {
  const bid = book.bestBidTicks;
  const ask = book.bestAskTicks;
  const crossed = bid !== null && ask !== null && bid >= ask;
  if (crossed && !book.collecting) throw new Error(`crossed after command ${command}`);
  let held = 0;
  for (let account = 0; account < 6; account++) held += book.positionOf(account);
  if (held !== 0) throw new Error(`bought and sold differ after command ${command}`);
  for (const side of ['buy', 'sell'] as const) expectSoundSide(book, side, command);
}

function expectSoundSide(book: OrderBook, side: 'buy' | 'sell', command: number): void {
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
