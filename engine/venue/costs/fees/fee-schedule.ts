/** The shape of a venue's trading fee schedule. */
import type { Rounding } from '../../../core/money.ts';
import type { Confidence, Dated } from '../provenance.ts';

/** Venues with a fee schedule. */
export type FeeVenue = 'binance-usdm' | 'okx-swap' | 'bybit-linear' | 'kraken-futures' | 'hyperliquid';

/** Maker: the order rested and was taken. Taker: the order took. */
export type LiquidityRole = 'maker' | 'taker';

/** One tier of a schedule. Rates are decimal fractions of notional; a negative rate is a rebate. */
export interface FeeTier {
  readonly name: string;
  readonly makerRate: string;
  readonly takerRate: string;
}

/** Where the last decimal of a fee goes. */
export interface FeeRounding {
  readonly places: number;
  readonly direction: Rounding;
  readonly confidence: Confidence;
}

/** The trading fees of one venue as seen in force on a day. */
export interface FeeSchedule extends Dated {
  readonly venue: FeeVenue;
  /** Currency in which fees are charged (without the discount token). */
  readonly currency: string;
  readonly tiers: readonly FeeTier[];
  /** Share of the fee waived when it is paid in the venue's token; null where there is no such offer. */
  readonly tokenDiscount: { readonly token: string; readonly rate: string } | null;
  readonly rounding: FeeRounding;
}
