/** What settlement pays and collects: variation margin by day, the end of a contract, and the roll into the next. */
import { multiplyDecimals, sumDecimals } from '../../core/money.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { CivilDay } from '../../reference/calendar/civil-day.ts';
import { lastTradingDay } from '../../reference/calendar/contract-dates.ts';
import type { CmeContract } from '../../reference/instruments/cme-contracts.ts';

/** A trade since the last settlement: lots bought, negative where sold, at a price as decimal text. */
export interface BookedTrade {
  readonly lots: number;
  readonly price: string;
}

/** A position to be settled. */
export interface SettledPosition {
  /** Lots that were carried from the last settlement; negative where short. */
  readonly carriedLots: number;
  /** The price at which they were settled last, decimal text; null where none were carried. */
  readonly carriedPrice: string | null;
  readonly trades: readonly BookedTrade[];
}

/** What a position pays (negative) or receives, exact, in dollars, and what is carried on. */
export interface VariationMargin {
  readonly amount: string;
  readonly carriedLots: number;
  readonly carriedPrice: string;
}

/** A delivery that follows from a position held to the end. */
export interface Delivery {
  readonly takesDelivery: boolean;
  readonly lots: number;
  /** Price from which the invoice is made, decimal text. */
  readonly price: string;
}

/**
 * Variation margin: carried lots from the settlement before to this one, and every trade from its price to the settlement.
 *
 * Nothing is rounded, so the sum over all positions of a contract is zero to the last digit; amounts of a tick with more than
 * two decimals (ZT: 7.8125) are rounded by whoever books them.
 *
 * Source: CME Group, settlement of futures to the daily settlement price.
 */
export function variationMargin(
  { carriedLots, carriedPrice, trades }: SettledPosition,
  settlementPrice: string,
  multiplier: string,
): Result<VariationMargin> {
  if (carriedLots !== 0 && carriedPrice === null) {
    return fail('settlement/price-missing', 'expected the last settlement price of carried lots, found none');
  }
  const legs = [...trades, { lots: carriedLots, price: carriedPrice ?? settlementPrice }];
  const moves = legs.map(({ lots, price }) =>
    multiplyDecimals(sumDecimals([settlementPrice, multiplyDecimals(price, '-1')]), String(lots)),
  );
  return ok({
    amount: multiplyDecimals(sumDecimals(moves), multiplier),
    carriedLots: legs.reduce((sum, { lots }) => sum + lots, 0),
    carriedPrice: settlementPrice,
  });
}

/**
 * Ends a position at the final settlement price: the last variation margin, after which nothing is carried; where the
 * contract is settled physically, the lots that were left are delivered.
 *
 * The final price of stock indices is the special opening quotation and no multiple of a tick; it is given, not computed.
 */
export function finalSettlement(
  contract: CmeContract,
  position: SettledPosition,
  finalPrice: string,
): Result<{ readonly amount: string; readonly delivery: Delivery | null }> {
  const { multiplier, settlement } = contract.product;
  const last = variationMargin(position, finalPrice, multiplier);
  if (!last.ok) return last;
  const { amount, carriedLots } = last.value;
  const isDelivered = settlement === 'physical' && carriedLots !== 0;
  const delivery: Delivery | null = isDelivered
    ? { takesDelivery: carriedLots > 0, lots: Math.abs(carriedLots), price: finalPrice }
    : null;
  return ok({ amount, delivery });
}

/** The two trades of a roll. */
export interface Roll {
  readonly near: BookedTrade;
  readonly far: BookedTrade;
}

/**
 * Moves a position to a later month of its product: the near lots are closed at a price, the far ones opened at that price
 * less the price of the spread, which is near less far.
 *
 * Fails: `settlement/roll-impossible` for no lots, other products, an earlier month, or after the near contract's last
 * trading day.
 */
export function rollPosition(options: {
  readonly from: CmeContract;
  readonly to: CmeContract;
  readonly lots: number;
  readonly onDay: CivilDay;
  readonly nearPrice: string;
  readonly spreadPrice: string;
}): Result<Roll> {
  const { from, to, lots, onDay, nearPrice, spreadPrice } = options;
  const refuse = (message: string): Result<never> => fail('settlement/roll-impossible', message);
  if (lots === 0) return refuse('expected lots to roll, found none');
  if (from.product.code !== to.product.code)
    return refuse(`${from.product.code} does not roll into ${to.product.code}`);
  if (to.year * 12 + to.month <= from.year * 12 + from.month) return refuse('a roll goes to a later month');
  if (onDay > lastTradingDay(from)) return refuse('the near contract no longer trades');
  const farPrice = sumDecimals([nearPrice, multiplyDecimals(spreadPrice, '-1')]);
  return ok({ near: { lots: -lots, price: nearPrice }, far: { lots, price: farPrice } });
}
