/** Rebuilds the queues of a venue from its outputs alone, and checks that every trade was theirs to give. */
import type { BookReader } from '../venue/matching/book-reader.ts';
import type { OrderSide } from '../venue/matching/order-terms.ts';
import type { VenueOutput } from '../venue/matching/venue-output.ts';

interface Queued {
  readonly serial: number;
  readonly priceTicks: number;
  lots: number;
  /** Orders before it when it was last looked at. */
  rank: number;
}

/** Holds for venues whose orders are all displayed. */
export class QueueWatch {
  readonly #queues: Record<OrderSide, Queued[]> = { buy: [], sell: [] };
  readonly #isFifo: boolean;

  /** @param isFifo - false where a price is shared by other rules than first come, first served */
  constructor(isFifo = true) {
    this.#isFifo = isFifo;
  }

  see(output: VenueOutput): void {
    switch (output.kind) {
      case 'rested':
        this.#enter(output.side, output.serial, output.priceTicks, output.sizeLots);
        break;
      case 'reduced':
        this.#take(output.side, output.serial, output.sizeLots);
        break;
      case 'cancelled':
        if (output.handle !== null) this.#take(output.side, output.serial, output.sizeLots);
        break;
      case 'traded':
        this.#trade(output.takerSide, output.maker.serial, output.priceTicks, output.sizeLots);
        break;
      case 'implied':
        if (output.handle !== null) this.#fillFirst(output.side, output.serial, output.sizeLots);
        break;
      case 'uncrossed':
        this.#fillFirst('buy', output.buyer.serial, output.sizeLots);
        this.#fillFirst('sell', output.seller.serial, output.sizeLots);
        break;
      default:
        break;
    }
  }

  /** Throws where the book holds anything else, or in another order, than what was told. */
  expectSame(book: BookReader): void {
    const told = (side: OrderSide): Queued[] => {
      const better = side === 'buy' ? -1 : 1;
      return [...this.#queues[side]].sort((a, b) => (a.priceTicks - b.priceTicks) * better);
    };
    const expected = [...told('buy'), ...told('sell')].map((o) => `${o.serial} ${o.lots}@${o.priceTicks}`);
    const found = book.orders().map((o) => `${o.serial} ${o.remainingLots}@${o.priceTicks}`);
    if (found.join() !== expected.join())
      throw new Error(`the book holds ${found.join()}, told was ${expected.join()}`);
  }

  /** Ranks may fall between two looks, and never grow. */
  checkRanks(): void {
    for (const queue of Object.values(this.#queues)) {
      for (const order of queue) {
        const rank = queue.filter((o) => o.priceTicks === order.priceTicks).indexOf(order);
        if (rank > order.rank)
          throw new Error(`order ${order.serial} fell back from ${order.rank} to ${rank}`);
        order.rank = rank;
      }
    }
  }

  #enter(side: OrderSide, serial: number, priceTicks: number, lots: number): void {
    const queue = this.#queues[side];
    const rank = queue.filter((o) => o.priceTicks === priceTicks).length;
    queue.push({ serial, priceTicks, lots, rank });
  }

  #take(side: OrderSide, serial: number, lots: number): void {
    const queue = this.#queues[side];
    const i = queue.findIndex((o) => o.serial === serial);
    const order = queue[i];
    if (order === undefined || order.lots < lots) throw new Error(`order ${serial} has not ${lots} lots`);
    order.lots -= lots;
    if (order.lots === 0) queue.splice(i, 1);
  }

  #trade(takerSide: OrderSide, serial: number, priceTicks: number, lots: number): void {
    const side: OrderSide = takerSide === 'buy' ? 'sell' : 'buy';
    const best = this.#bestTicks(side);
    if (priceTicks !== best) throw new Error(`traded at ${priceTicks}, best was ${best}`);
    if (this.#isFifo) this.#fillFirst(side, serial, lots);
    else this.#take(side, serial, lots);
  }

  /** Fills the order that came first at the best price; another one has no right to it. */
  #fillFirst(side: OrderSide, serial: number, lots: number): void {
    const best = this.#bestTicks(side);
    const first = this.#queues[side].find((o) => o.priceTicks === best);
    if (first?.serial !== serial) throw new Error(`order ${serial} was not first`);
    this.#take(side, serial, lots);
  }

  #bestTicks(side: OrderSide): number {
    const prices = this.#queues[side].map((o) => o.priceTicks);
    return side === 'buy' ? Math.max(...prices) : Math.min(...prices);
  }
}
