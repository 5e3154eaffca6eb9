/** What the page asks about circuit breakers, a move supposed of several products, and what the board answers. */
import type { CmeProduct, ProductCode } from '../../engine/reference/instruments/cme-product.ts';
import type { BreakerState } from '../../engine/venue/circuit-breakers/breaker-inputs.ts';
import type { BreakerView } from '../../engine/venue/circuit-breakers/breaker-view.ts';

/** A supposed move at a supposed time, for several products at once. */
export interface SupposedMove {
  /** Trading day, YYYY-MM-DD: its session begins at 17:00 of the evening before. */
  readonly day: string;
  /** Minutes since that 17:00, Chicago: when the move happens. */
  readonly minutes: number;
  /** Time that passes after the move, in seconds. */
  readonly laterSeconds: number;
  /** Of the price from its reference, e.g. −0.07; the S&P 500 moves by the same. */
  readonly move: number;
  /** Settlement of each product, decimal text; cut to its tick. For stock indices also fixing and close of the index. */
  readonly references: readonly { readonly product: ProductCode; readonly price: string }[];
}

/** A stretch in one state. */
export interface StateStretch {
  readonly state: BreakerState;
  readonly fromMicros: number;
}

/** One product group of the board. */
export interface BreakerRow {
  readonly product: ProductCode;
  readonly name: string;
  readonly group: CmeProduct['group'];
  readonly tickSize: number;
  readonly decimals: number;
  readonly view: BreakerView;
  /** Oldest first; the last is the state of the view. */
  readonly history: readonly StateStretch[];
  readonly startMicros: number;
  readonly nowMicros: number;
  /** Chicago clock at the view, and at the next change where there is one. */
  readonly nowClock: string;
  readonly nextClock: string | null;
}
