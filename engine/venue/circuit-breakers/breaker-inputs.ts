/** What the circuit breakers of a product group are told, and what they answer. */
import type { ProductCode } from '../../reference/instruments/cme-product.ts';
import type { OrderSide } from '../matching/order-terms.ts';
import type { PriceLimits } from './price-limits.ts';
import type { ExtremesSnapshot } from './rolling-extremes.ts';

/** One contract of the group. */
export interface BreakerInstrument {
  readonly symbol: string;
  /** True for the lead month, whose breakers stop the whole group. Exactly one is. */
  readonly isLead: boolean;
}

/** Contracts of one product that stop together. */
export interface BreakerConfig {
  readonly product: ProductCode;
  readonly instruments: readonly BreakerInstrument[];
}

/** The prices from which the limits of one contract are measured; null where there is none. */
export interface ContractReference {
  /** Price of 14:59:30 to 15:00:00; the middle of the limits of stock indices. */
  readonly fixingTicks: number | null;
  /** Settlement of the day; the base of dynamic and stepped limits. */
  readonly settlementTicks: number | null;
}

/** The references of a day. */
export interface References {
  readonly contracts: readonly ContractReference[];
  /** Close of the index under the product, decimal text; its fraction is the width of the limits. */
  readonly indexClose: string | null;
  /** Close of the S&P 500, decimal text, from which the falls of the whole market are measured. */
  readonly marketClose: string | null;
}

/**
 * Everything that changes the breakers; times never go back.
 *
 * References hold at once where the session has none yet. Else they are those of the next session, and their fixing is the
 * middle of the limits from the close of stocks to the end of this one.
 */
export type BreakerInput =
  | { readonly kind: 'references'; readonly atMicros: number; readonly references: References }
  | {
      readonly kind: 'trade';
      readonly atMicros: number;
      readonly instrument: number;
      readonly priceTicks: number;
    }
  /** An order that would trade at this price, or stand there, and has not been matched yet. */
  | {
      readonly kind: 'reaching-order';
      readonly atMicros: number;
      readonly instrument: number;
      readonly side: OrderSide;
      readonly priceTicks: number;
    }
  /** A level of the S&P 500, decimal text. */
  | { readonly kind: 'market-index'; readonly atMicros: number; readonly level: string }
  | { readonly kind: 'clock'; readonly atMicros: number };

/** Why trading stands still. */
export type StopCause = 'level-1' | 'level-2' | 'level-3' | 'dynamic' | 'stepped';

/**
 * State of a group or of one contract of it.
 *
 * - `closed`: between sessions.
 * - `open`.
 * - `monitoring`: open, with the lead month at a stepped limit; a halt follows unless it leaves.
 * - `stopped`: trading stands still until the end that is told.
 */
export type BreakerState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open' }
  | { readonly kind: 'monitoring'; readonly untilMicros: number }
  | { readonly kind: 'stopped'; readonly cause: StopCause; readonly untilMicros: number };

/** What happened, and when it was due. A state of the group ends the stops of single contracts. */
export type BreakerOutput =
  | {
      readonly kind: 'group-state';
      readonly atMicros: number;
      readonly state: BreakerState;
      /** The state that it left. */
      readonly was: BreakerState['kind'];
    }
  /** A contract that is not the lead month stands still on its own, or trades again. */
  | {
      readonly kind: 'contract-state';
      readonly atMicros: number;
      readonly instrument: number;
      readonly state: BreakerState;
    }
  /** Limits that stand whatever was traded: no order beyond them is taken. */
  | ({ readonly kind: 'limits'; readonly atMicros: number; readonly instrument: number } & PriceLimits)
  /** The prices at which the dynamic breaker stops trading. */
  | ({
      readonly kind: 'dynamic-limits';
      readonly atMicros: number;
      readonly instrument: number;
    } & PriceLimits);

/** One contract as plain data. */
export interface ContractSnapshot {
  readonly window: ExtremesSnapshot;
  readonly lastTicks: number | null;
  readonly stoppedUntilMicros: number | null;
  /** The limits that were told last. */
  readonly told: PriceLimits;
  readonly toldDynamic: PriceLimits;
}

/** The breakers as plain data. */
export interface BreakerSnapshot {
  readonly nowMicros: number;
  readonly state: BreakerState;
  readonly sinceMicros: number;
  readonly references: References | null;
  readonly nextReferences: References | null;
  /** When levels 1, 2 and 3 were reached in this session; null where not. */
  readonly reachedMicros: readonly (number | null)[];
  /** Stepped limits that were passed in this session. */
  readonly stepsPassed: number;
  readonly contracts: readonly ContractSnapshot[];
}
