/** The form that an order is filled in on before it enters a book: numbers only, reused for every order. */

/** What few orders ask for; 0 or false means "not asked for". */
export class OrderExtras {
  /** Orders of the same group count as own orders. */
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
  /**
   * Worst price at which it may trade now, null for its own limit. What is left rests at its own limit all the same, even
   * where that crosses the book: the owner stops the market then.
   */
  boundTicks: number | null = null;
}

/**
 * One order on its way into a book. Sides are 0 (buy) and 1 (sell); `timeInForce` and `selfTrade` are positions in
 * `TIMES_IN_FORCE` and `SELF_TRADE_MODES`. Fields keep their values from order to order.
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
  /** Null for a plain order. A GTD order has extras. */
  extras: OrderExtras | null = null;
  readonly #sheet: OrderExtras = new OrderExtras();

  /** Attaches the extras, all cleared, and returns them to be filled in. */
  withExtras(): OrderExtras {
    const sheet = this.#sheet;
    sheet.group = 0;
    sheet.displayLots = 0;
    sheet.minimumLots = 0;
    sheet.reduceOnly = false;
    sheet.goodTillSeconds = 0;
    sheet.makerPercent = 0;
    sheet.boundTicks = null;
    this.extras = sheet;
    return sheet;
  }
}
