/** The arbitrageur: knows the fair value and takes every order that has fallen behind it. */
import { MAX_ORDER_LOTS } from '../../venue/matching/order-terms.ts';
import type { ListedMarket } from '../listed-market.ts';

/** Sweeps stale orders of one contract. */
export class Arbitrageur {
  readonly #market: ListedMarket;
  readonly #account: number;

  constructor(market: ListedMarket) {
    this.#market = market;
    this.#account = market.openAccount({ filled: () => undefined });
  }

  /** Takes all asks at `bidTicks` or below, or all bids above it, so that the price can stand there. */
  sweepTo(bidTicks: number): void {
    const market = this.#market;
    if (market.askTicks <= bidTicks) market.limit(this.#account, 0, 'buy', bidTicks, MAX_ORDER_LOTS, 'IOC');
    else if (market.bidTicks > bidTicks) {
      market.limit(this.#account, 0, 'sell', bidTicks + 1, MAX_ORDER_LOTS, 'IOC');
    }
  }
}
