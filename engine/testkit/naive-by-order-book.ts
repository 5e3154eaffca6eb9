// The order-by-order book written the obvious way, as an oracle: one array of orders, the front of each queue first.
import type { ByOrderMessage } from '../market/by-order/by-order-message.ts';

export interface NaiveByOrder {
  readonly orderId: number;
  readonly side: 'bid' | 'ask';
  price: number;
  size: number;
  filled: number;
}

export class NaiveByOrderBook {
  /** All orders of both sides; within a level, front of the queue first. */
  orders: NaiveByOrder[] = [];

  apply({ kind, side, orderId, priceTicks, sizeLots }: ByOrderMessage): void {
    const order = this.orders.find((o) => o.orderId === orderId);
    if (kind === 'clear') this.orders = [];
    if (kind === 'fill' && order !== undefined) order.filled += sizeLots;
    if (kind === 'cancel') this.orders = this.orders.filter((o) => o !== order);
    if (sizeLots <= 0 || side === 'none') return;
    if (kind === 'add' && order === undefined) {
      this.orders.push({ orderId, side, price: priceTicks, size: sizeLots, filled: 0 });
    }
    if (kind === 'modify' && order !== undefined && order.side === side) {
      if (order.price === priceTicks && sizeLots <= order.size - order.filled) {
        order.size = sizeLots;
        order.filled = 0;
      } else {
        this.orders = this.orders.filter((o) => o !== order);
        this.orders.push({ orderId, side, price: priceTicks, size: sizeLots, filled: 0 });
      }
    }
  }

  queue(side: 'bid' | 'ask', price: number): NaiveByOrder[] {
    return this.orders.filter((o) => o.side === side && o.price === price);
  }

  /** Price and lots per level, best first. */
  levels(side: 'bid' | 'ask'): [price: number, lots: number][] {
    const prices = [...new Set(this.orders.filter((o) => o.side === side).map((o) => o.price))];
    prices.sort((a, b) => (side === 'bid' ? b - a : a - b));
    return prices.map((price) => [price, this.queue(side, price).reduce((sum, o) => sum + o.size, 0)]);
  }
}
