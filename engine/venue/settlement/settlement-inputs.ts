/** What the settlement desk is told, and what it answers. Plain data. */
import type { Failure } from '../../core/failure.ts';
import type { Micros } from '../../core/units.ts';
import type { CivilDay } from '../../reference/calendar/civil-day.ts';
import type { Delivery } from './variation-margin.ts';

/** What the desk hears. Contracts and accounts are numbers of its layout; settlement prices are decimal text. */
export type SettlementInput =
  | {
      readonly kind: 'traded';
      readonly atMicros: Micros;
      readonly contract: number;
      readonly buyer: number;
      readonly seller: number;
      readonly lots: number;
      readonly priceTicks: number;
    }
  /** A price of the day, or on the last trading day the price that ends the contract; neither need be a multiple of a tick. */
  | {
      readonly kind: 'daily-price' | 'final-price';
      readonly contract: number;
      readonly tradingDay: CivilDay;
      readonly price: string;
    }
  /** An account moves carried lots, negative where short, to a later month by a spread with another account. */
  | {
      readonly kind: 'rolled';
      readonly onDay: CivilDay;
      readonly from: number;
      readonly to: number;
      readonly account: number;
      readonly counterparty: number;
      readonly lots: number;
      readonly nearPrice: string;
      /** Near less far. */
      readonly spreadPrice: string;
    };

/** What one account was paid by one settlement. */
export interface SettlementPayment {
  readonly account: number;
  /** Lots that were settled, signed. */
  readonly lots: number;
  /** In units of 1e-8, negative for paid. */
  readonly units: bigint;
}

/** What happened. */
export type SettlementOutput =
  | {
      readonly kind: 'settled';
      readonly contract: number;
      readonly tradingDay: CivilDay;
      readonly price: string;
      readonly isFinal: boolean;
      /** Of every account that held or traded the contract since the settlement before; they sum to zero. */
      readonly payments: readonly SettlementPayment[];
    }
  | ({ readonly kind: 'delivery-due'; readonly contract: number; readonly account: number } & {
      readonly delivery: Delivery;
    })
  | { readonly kind: 'refused'; readonly failure: Failure };

/** One contract of a {@link SettlementSnapshot}. */
export interface SettledContractState {
  /** By account, signed. */
  readonly lots: Float64Array;
  /** By account: what the lots cost since the settlement before, in units of 1e-8, signed like the lots. */
  readonly costUnits: readonly bigint[];
  readonly settledDay: CivilDay | null;
  readonly settledPrice: string | null;
  readonly hasEnded: boolean;
}

/** State of a settlement desk. */
export interface SettlementSnapshot {
  readonly cash: BigInt64Array;
  readonly contracts: readonly SettledContractState[];
}
