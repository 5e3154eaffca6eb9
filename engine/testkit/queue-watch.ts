/** Rebuilds the queues of a price-time venue from its outputs alone, and checks that every trade was theirs to give. */
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
        this.#trade(output);
        break;
      default:
        break;
    }
  }

  /** Orders that rest by what was told. */
  get count(): number {
    return this.#queues.buy.length + this.#queues.sell.length;
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

  #trade(output: Extract<VenueOutput, { kind: 'traded' }>): void {
    const side: OrderSide = output.takerSide === 'buy' ? 'sell' : 'buy';
    const prices = this.#queues[side].map((o) => o.priceTicks);
    const best = side === 'buy' ? Math.max(...prices) : Math.min(...prices);
    const first = this.#queues[side].find((o) => o.priceTicks === best);
    if (output.priceTicks !== best) throw new Error(`traded at ${output.priceTicks}, best was ${best}`);
    if (first?.serial !== output.maker.serial) throw new Error(`order ${output.maker.serial} was not first`);
    this.#take(side, output.maker.serial, output.sizeLots);
  }
}
