/** The order book written the obvious way, as an oracle: two arrays kept in price-time order, searched from the front. */
import { StateHash } from '../core/state-hash.ts';
import type { OrderSide, TimeInForce } from '../venue/matching/order-terms.ts';

export interface NaiveOrder {
  readonly serial: number;
  readonly side: OrderSide;
  readonly postOnly: boolean;
  readonly account: number;
  readonly tag: number;
  price: number;
  remaining: number;
}

export interface NaiveTrade {
  readonly takerSerial: number;
  readonly makerSerial: number;
  readonly price: number;
  readonly size: number;
}

export type NaiveOutcome = 'rested' | 'filled' | 'ended' | 'rejected';

export class NaiveOrderBook {
  /** Highest price first; at one price, first come first. */
  readonly bids: NaiveOrder[] = [];
  /** Lowest price first; at one price, first come first. */
  readonly asks: NaiveOrder[] = [];
  trades: NaiveTrade[] = [];
  tradeCount = 0;
  accepted = 0;
  readonly #maxOrders: number;

  constructor(maxOrders: number) {
    this.#maxOrders = maxOrders;
  }

  limit(
    side: OrderSide,
    price: number,
    size: number,
    timeInForce: TimeInForce,
    account: number,
    tag: number,
  ): NaiveOutcome {
    if (size <= 0) return 'rejected';
    const takeable = this.#takeable(side, price);
    if (timeInForce === 'GTX' && takeable > 0) return 'rejected';
    const wantsToRest = timeInForce === 'GTC' || timeInForce === 'GTX';
    if (wantsToRest && this.bids.length + this.asks.length >= this.#maxOrders) return 'rejected';
    this.accepted++;
    if (timeInForce === 'FOK' && takeable < size) return 'ended';
    const serial = this.accepted;
    const left = this.#take(side, price, size, serial);
    if (left === 0) return 'filled';
    if (!wantsToRest) return 'ended';
    this.#queue({ serial, side, postOnly: timeInForce === 'GTX', account, tag, price, remaining: left });
    return 'rested';
  }

  market(side: OrderSide, size: number): NaiveOutcome {
    if (size <= 0) return 'rejected';
    this.accepted++;
    const worst = side === 'buy' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return this.#take(side, worst, size, this.accepted) === 0 ? 'filled' : 'ended';
  }

  cancel(serial: number): boolean {
    for (const orders of [this.bids, this.asks]) {
      const at = orders.findIndex((order) => order.serial === serial);
      if (at >= 0) {
        orders.splice(at, 1);
        return true;
      }
    }
    return false;
  }

  amend(serial: number, price: number, size: number): boolean {
    const order = [...this.bids, ...this.asks].find((o) => o.serial === serial);
    if (order === undefined || size <= 0) return false;
    if (order.postOnly && this.#takeable(order.side, price) > 0) return false;
    if (price === order.price && size <= order.remaining) {
      order.remaining = size;
      return true;
    }
    this.cancel(serial);
    const left = this.#take(order.side, price, size, serial);
    if (left > 0) this.#queue({ ...order, price, remaining: left });
    return true;
  }

  stateHash(): number {
    const hash = new StateHash();
    hash.integer(this.accepted);
    hash.integer(this.tradeCount);
    for (const order of [...this.bids, ...this.asks]) {
      hash.integer(order.side === 'buy' ? 0 : 1);
      hash.integer(order.price);
      hash.integer(order.serial);
      hash.integer(order.remaining);
      hash.integer(order.account);
      hash.integer(order.tag);
      hash.integer(order.postOnly ? 1 : 0);
    }
    return hash.value();
  }

  #takeable(side: OrderSide, price: number): number {
    const opposite = side === 'buy' ? this.asks : this.bids;
    let size = 0;
    for (const order of opposite) {
      if (side === 'buy' ? order.price > price : order.price < price) break;
      size += order.remaining;
    }
    return size;
  }

  #take(side: OrderSide, price: number, size: number, takerSerial: number): number {
    const opposite = side === 'buy' ? this.asks : this.bids;
    let left = size;
    while (left > 0) {
      const maker = opposite[0];
      if (maker === undefined || (side === 'buy' ? maker.price > price : maker.price < price)) break;
      const traded = Math.min(left, maker.remaining);
      left -= traded;
      maker.remaining -= traded;
      this.tradeCount++;
      this.trades.push({ takerSerial, makerSerial: maker.serial, price: maker.price, size: traded });
      if (maker.remaining === 0) opposite.shift();
    }
    return left;
  }

  #queue(order: NaiveOrder): void {
    const orders = order.side === 'buy' ? this.bids : this.asks;
    const behind = orders.findIndex((other) =>
      order.side === 'buy' ? other.price < order.price : other.price > order.price,
    );
    orders.splice(behind < 0 ? orders.length : behind, 0, order);
  }
}
