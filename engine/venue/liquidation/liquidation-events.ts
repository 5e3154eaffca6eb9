/** What liquidation tells: every step from the breach to who paid, as plain numbers. */

/**
 * Money is told in currency as the nearest float64 (the ledger holds it exactly), prices in ticks, sizes in lots.
 * `account` is the number of the account the step is about.
 */
export type LiquidationEvent =
  /** Equity no longer exceeds maintenance: the account waits to be liquidated. */
  | {
      readonly kind: 'margin-breached';
      readonly account: number;
      readonly markTicks: number;
      readonly equity: number;
      readonly maintenance: number;
    }
  | { readonly kind: 'orders-cancelled'; readonly account: number; readonly orders: number }
  | { readonly kind: 'collateral-sold'; readonly account: number; readonly value: number }
  /** Found healthy when its turn came: nothing is closed. */
  | { readonly kind: 'recovered'; readonly account: number }
  | {
      readonly kind: 'liquidation-order';
      readonly account: number;
      readonly step: 'reduce' | 'close';
      readonly side: 'buy' | 'sell';
      readonly sizeLots: number;
      /** The bankruptcy price. */
      readonly limitTicks: number;
    }
  | ({ readonly kind: 'order-filled'; readonly account: number; readonly side: 'buy' | 'sell' } & OrderFill)
  | {
      readonly kind: 'clearance-fee';
      readonly account: number;
      readonly amount: number;
      readonly fundCash: number;
    }
  | {
      readonly kind: 'fund-took-over';
      readonly account: number;
      readonly sizeLots: number;
      readonly priceTicks: number;
      /** What the position is worth less than was paid for it, at the mark; negative for a gain. */
      readonly loss: number;
      readonly fundCash: number;
    }
  | {
      readonly kind: 'fund-paid';
      readonly account: number;
      readonly amount: number;
      readonly fundCash: number;
    }
  | {
      readonly kind: 'fund-received';
      readonly account: number;
      readonly amount: number;
      readonly fundCash: number;
    }
  /** Neither the book nor the fund took these lots. */
  | {
      readonly kind: 'adl-needed';
      readonly account: number;
      readonly sizeLots: number;
      readonly priceTicks: number;
      readonly candidates: number;
    }
  /** `account` gives up lots against the liquidated `againstAccount`. */
  | {
      readonly kind: 'adl-fill';
      readonly account: number;
      readonly againstAccount: number;
      readonly side: 'buy' | 'sell';
      readonly sizeLots: number;
      readonly priceTicks: number;
      readonly rank: number;
      readonly of: number;
      readonly realisedPnl: number;
      /** What closing at the mark would have paid more; negative where ADL paid more. */
      readonly lossAgainstMark: number;
    }
  /** The last resort: participants outside the crowd bear what fund and queue could not. */
  | { readonly kind: 'loss-socialised'; readonly account: number; readonly amount: number }
  /** The liquidation ended. `partial`: the account holds on with what is left. */
  | {
      readonly kind: 'liquidated';
      readonly account: number;
      readonly outcome: 'partial' | 'whole';
      /** Cash and collateral the account had when its turn came, less what it has now. */
      readonly loss: number;
      readonly cashLeft: number;
    };

/** What became of an order that takes at once. */
export interface OrderFill {
  readonly filledLots: number;
  readonly unfilledLots: number;
  /** Null where nothing was filled. */
  readonly averageTicks: number | null;
  readonly worstTicks: number | null;
  /** Value filled, currency. */
  readonly notional: number;
}

/** Tells an event and what caused it; returns its number. */
export type Tell = (event: LiquidationEvent, causeId: number, market: number) => number;
