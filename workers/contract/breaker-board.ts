/** What the page asks about circuit breakers: a group, its references, the prices it saw; and what the board answers. */
import type { ProductCode } from '../../engine/reference/instruments/cme-product.ts';
import type { BreakerState } from '../../engine/venue/circuit-breakers/breaker-inputs.ts';
import type { BreakerView } from '../../engine/venue/circuit-breakers/breaker-view.ts';

/** Prices that a group was seen at, in order of time. */
export interface BreakerQuestion {
  readonly product: ProductCode;
  /** Shown as the name of the lead month. */
  readonly symbol: string;
  readonly referenceTicks: number;
  /** Close of the index under the product, decimal text; null for products without one. */
  readonly indexClose: string | null;
  readonly startMicros: number;
  /** Time of the view, not before the last price. */
  readonly nowMicros: number;
  readonly prices: readonly { readonly atMicros: number; readonly priceTicks: number }[];
  /** Fall of the S&P 500 since its close, as decimal text; null: it does not move. */
  readonly marketLevel: string | null;
  readonly marketClose: string | null;
}

/** A stretch in one state. */
export interface StateStretch {
  readonly state: BreakerState;
  readonly fromMicros: number;
}

/** The group now, and how it got there. */
export interface BreakerBoard {
  readonly view: BreakerView;
  /** Oldest first; the last is the state of the view. */
  readonly history: readonly StateStretch[];
}
