// What the bench uses of two packages whose type files do not resolve.
interface PeerOrder {
  side: 'buy' | 'sell';
  size: number;
}

declare module 'nodejs-order-book' {
  export class OrderBook {
    limit(order: PeerOrder & { id: string; price: number }): unknown;
    market(order: PeerOrder): unknown;
    cancel(id: string): object | undefined;
    modify(id: string, update: { price: number; size: number }): { err: unknown };
  }
}

declare module 'hft-limit-order-book' {
  export class OrderBook {
    limit(order: PeerOrder & { id: string; price: number }): unknown;
    market(order: PeerOrder): unknown;
    cancel(id: string): object | undefined;
    modify(id: string, update: { price: number; size: number }): { err: unknown };
  }
}
