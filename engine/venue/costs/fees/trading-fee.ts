/** Trading fees of crypto venues: notional × rate of the account's tier, exact, rounded once in a named direction. */
import { multiplyDecimals, roundDecimal, sumDecimals } from '../../../core/money.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import { formatMultiple } from '../../../core/units.ts';
import type { ContractSpec } from '../../../reference/instruments/contract-spec.ts';
import { type Confidence, tableOn } from '../provenance.ts';
import type { FeeRounding, FeeSchedule, FeeVenue, LiquidityRole } from './fee-schedule.ts';
import { TRADING_FEE_SCHEDULES } from './trading-fee-schedules.ts';

/** What is asked. */
export interface FeeQuestion {
  readonly venue: FeeVenue;
  /** ISO day of the trade. */
  readonly date: string;
  /** Name of the account's tier, e.g. 'VIP 0'. */
  readonly tier: string;
  readonly role: LiquidityRole;
  /** Whether the fee is paid in the venue's discount token. */
  readonly paysInToken: boolean;
  /** Value of the trade in the fee currency, decimal text, not negative. */
  readonly notional: string;
}

/** A fee ready to be booked. */
export interface BookedFee {
  /** Decimal text; positive is charged, negative is paid to the account. */
  readonly amount: string;
  readonly currency: string;
  /** The rate after the token discount, a decimal fraction. */
  readonly rate: string;
  readonly rounding: FeeRounding;
  readonly asOf: string;
  readonly source: string;
  readonly confidence: Confidence;
}

/**
 * Computes the fee of one trade.
 *
 * Formula: notional × tier rate × (1 − token discount), rounded once. A fee paid in the token is given here as its
 * value in the fee currency.
 *
 * Fails: `costs/table-missing` when the venue has no schedule for the day or no such tier. A missing table is never
 * a fee of 0.
 *
 * @example Binance, 2026, VIP 0, taker, 67,445.9 → 33.72295
 */
export function tradingFee(question: FeeQuestion): Result<BookedFee> {
  const { venue, date, tier: tierName } = question;
  const schedule = feeSchedule(venue, date);
  if (schedule === null) {
    return fail('costs/table-missing', `no fee schedule of ${venue} is known for ${date}`, { venue, date });
  }
  const tier = schedule.tiers.find(({ name }) => name === tierName);
  if (tier === undefined) {
    const known = schedule.tiers.map(({ name }) => name).join(', ');
    return fail('costs/table-missing', `expected a tier of ${venue} (${known}), found "${tierName}"`, {
      venue,
    });
  }
  const listed = question.role === 'maker' ? tier.makerRate : tier.takerRate;
  const rate = question.paysInToken ? discounted(listed, schedule.tokenDiscount?.rate ?? '0') : listed;
  const { places, direction } = schedule.rounding;
  return ok({
    amount: roundDecimal(multiplyDecimals(question.notional, rate), places, direction),
    currency: schedule.currency,
    rate,
    rounding: schedule.rounding,
    asOf: schedule.asOf,
    source: schedule.source,
    confidence: schedule.confidence,
  });
}

/** The schedule of a venue in force on an ISO day; null where none is known. */
export function feeSchedule(venue: FeeVenue, date: string): FeeSchedule | null {
  return tableOn(
    TRADING_FEE_SCHEDULES.filter((schedule) => schedule.venue === venue),
    date,
  );
}

/**
 * Value of a trade, exactly: price × size × contract multiplier, decimal text in the contract's currency.
 *
 * @example BTCUSDT 616,415 ticks of 0.1, 1,486 lots of 0.001 → 91,599.269
 */
export function tradeNotional(spec: ContractSpec, priceTicks: number, sizeLots: number): string {
  const price = formatMultiple(priceTicks, spec.tickSize);
  const size = formatMultiple(sizeLots, spec.lotSize);
  return multiplyDecimals(multiplyDecimals(price, size), spec.multiplier);
}

/** A rebate is not made smaller by a discount on fees. */
function discounted(rate: string, discount: string): string {
  if (rate.startsWith('-')) return rate;
  return sumDecimals([rate, multiplyDecimals(multiplyDecimals(rate, discount), '-1')]);
}
