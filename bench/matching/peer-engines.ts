/** The order books from npm under the same workload. */
import { OrderBook as HftOrderBook } from 'hft-limit-order-book';
import { OrderBook as NodeOrderBook } from 'nodejs-order-book';
import { CANCEL, LIMIT, MARKET, STRIDE, type Workload } from './workload.ts';

/** Names of the two packages; the second is an older name of the same code base. */
export const PEERS = { 'nodejs-order-book': NodeOrderBook, 'hft-limit-order-book': HftOrderBook } as const;

/** A name of {@link PEERS}. */
export type PeerName = keyof typeof PEERS;

/**
 * One of the packages. Its modify always loses the place in the queue, so its trades differ a little from the
 * workload's; ids are strings and made beforehand.
 */
export class PeerEngine {
  readonly #book: InstanceType<(typeof PEERS)[PeerName]>;
  readonly #ids: readonly string[];
  notFound = 0;

  constructor(name: PeerName, ids: readonly string[]) {
    this.#book = new PEERS[name]();
    this.#ids = ids;
  }

  play(events: Int32Array): void {
    for (let i = 0; i < events.length; i += STRIDE) {
      const kind = events[i]!;
      const id = this.#ids[events[i + 1]!]!;
      const side = events[i + 2] === 0 ? 'buy' : 'sell';
      const size = events[i + 4]!;
      if (kind === LIMIT) this.#book.limit({ side, id, size, price: events[i + 3]! });
      else if (kind === CANCEL) this.notFound += this.#book.cancel(id) === undefined ? 1 : 0;
      else if (kind === MARKET) this.#book.market({ side, size });
      else this.notFound += this.#book.modify(id, { price: events[i + 3]!, size }).err === null ? 0 : 1;
    }
  }
}

/** Ids as the packages want them. */
export function stringIds(workload: Workload): readonly string[] {
  return Array.from({ length: workload.ids }, (_, i) => String(i));
}
