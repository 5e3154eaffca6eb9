/** The form that an order is filled in on before it enters a book: numbers only, reused for every order. */

/**
 * One order on its way into a book. Sides are 0 (buy) and 1 (sell); `timeInForce` and `selfTrade` are positions in
 * `TIMES_IN_FORCE` and `SELF_TRADE_MODES`; 0 or false everywhere else means "not asked for".
 */
export class OrderTicket {
  side = 0;
  /** False for an order that takes at any price and never rests. */
  priced = true;
  priceTicks = 0;
  sizeLots = 0;
  timeInForce = 0;
  account = 0;
  tag = 0;
  selfTrade = 0;
  /** True where orders of the same account count as own orders. */
  ownAccount = false;
  /** Orders of the same group count as own orders too. */
  group = 0;
  /** Largest size shown at a time. */
  displayLots = 0;
  /** Least size to be filled at once. All or none: the whole size. */
  minimumLots = 0;
  /** True where the order may only bring its account's position nearer to zero. */
  reduceOnly = false;
  /** End of a GTD order in seconds since 1970. */
  goodTillSeconds = 0;
  /** Share of every taker that a lead market maker's order is allocated first, in percent. */
  makerPercent = 0;

  /** Clears everything that few orders ask for. */
  plain(): void {
    this.priced = true;
    this.selfTrade = 0;
    this.ownAccount = false;
    this.group = 0;
    this.displayLots = 0;
    this.minimumLots = 0;
    this.reduceOnly = false;
    this.goodTillSeconds = 0;
    this.makerPercent = 0;
  }
}
