/** Contract specifications: the facts of an instrument that do not change while it trades. */
import type { Increment } from '../../core/units.ts';

/** Venues whose rules the engine knows. */
export type Venue = 'binance-usdm' | 'cme-globex';

/** `venue:symbol`, unique over all venues, e.g. `binance-usdm:BTCUSDT`. */
export type InstrumentId = `${Venue}:${string}`;

/** The facts of one contract. Plain data. */
export interface ContractSpec {
  readonly id: InstrumentId;
  readonly venue: Venue;
  readonly symbol: string;
  readonly kind: 'perpetual' | 'dated-future';
  /** Settlement and margin currency. */
  readonly currency: string;
  /** Minimum price increment, in `currency` per unit of the underlying (index points for ES, NQ). */
  readonly tickSize: Increment;
  /** Minimum size increment: base asset for perpetuals, contracts for dated futures. */
  readonly lotSize: Increment;
  /** Contract multiplier: `currency` value of a price of 1 for a size of 1. Decimal text. */
  readonly multiplier: string;
  /** Hours between funding instants; null where there is no funding. */
  readonly fundingIntervalHours: number | null;
  /** Where and when these facts were read. */
  readonly source: string;
}
