/** The arbitrageur: knows the fair value and takes every order that has fallen behind it. */
import { type ListedMarket, NOTHING_RESTS } from '../listed-market.ts';

/** Sweeps stale orders of one contract. */
export class Arbitrageur {
  readonly #market: ListedMarket;
  readonly #account: number;

  constructor(market: ListedMarket) {
    this.#market = market;
    this.#account = market.openAccount(NOTHING_RESTS);
  }

  /** Takes all asks at `bidTicks` or below, or all bids above it, so that the price can stand there. */
  sweepTo(bidTicks: number): void {
    const market = this.#market;
    if (market.askTicks <= bidTicks) market.sweep(this.#account, 'buy', bidTicks);
    else if (market.bidTicks > bidTicks) market.sweep(this.#account, 'sell', bidTicks + 1);
  }
}
