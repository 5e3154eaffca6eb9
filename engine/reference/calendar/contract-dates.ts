/** The dates of a contract: last trading day, first notice day, and the moment at which trading ends. */
import { assert } from '../../core/assert.ts';
import type { Micros } from '../../core/units.ts';
import type { CmeContract } from '../instruments/cme-contracts.ts';
import { findProduct } from '../instruments/cme-products.ts';
import { chicagoInstant, clockTime } from './chicago-time.ts';
import { type CivilDay, civilDay, FRIDAY, nthWeekday, WEDNESDAY } from './civil-day.ts';
import { addBusinessDays, isBusinessDay, nthLastBusinessDay } from './holidays.ts';
import { sessionOf } from './sessions.ts';

/**
 * The last trading day of a contract.
 *
 * Source: the rule that the product names, see `cme-products.ts`; compared with every last trading day of the QuantConnect
 * Lean futures tables for these products, see docs/calendar.md.
 */
export function lastTradingDay(contract: CmeContract): CivilDay {
  const { product, year, month } = contract;
  switch (product.expiry) {
    case 'third-friday':
      return orBusinessDayBefore(nthWeekday(year, month, FRIDAY, 3));
    case 'second-business-day-before-third-wednesday':
      return addBusinessDays(nthWeekday(year, month, WEDNESDAY, 3), -2);
    case 'third-last-business-day':
      return nthLastBusinessDay(year, month, 3);
    case 'third-last-business-day-of-month-before':
      return nthLastBusinessDay(year, month - 1, 3);
    case 'seventh-business-day-before-last':
      return nthLastBusinessDay(year, month, 8);
    case 'last-business-day':
      return nthLastBusinessDay(year, month, 1);
    case 'third-business-day-before-25th-of-month-before':
      return addBusinessDays(orBusinessDayBefore(civilDay(year, month - 1, 25)), -3);
    case 'business-day-before-parent': {
      const parent = product.parent === null ? null : findProduct(product.parent);
      assert(parent !== null, `${product.code} expires before a product that is known`);
      return addBusinessDays(lastTradingDay({ ...contract, product: parent }), -1);
    }
  }
}

/** The first day on which a holder may be told to take delivery, or null where nothing is delivered by notice. */
export function firstNoticeDay(contract: CmeContract): CivilDay | null {
  const { firstNotice } = contract.product;
  if (firstNotice === null) return null;
  return firstNotice.rule === 'last-business-day-of-month-before'
    ? nthLastBusinessDay(contract.year, contract.month - 1, 1)
    : addBusinessDays(lastTradingDay(contract), firstNotice.days);
}

/**
 * The instant at which trading in a contract ends for good: 08:30 CT for stock indices, 09:16 for currencies, 12:01 for
 * treasuries, the settlement time for metals and energy (13:30 and 14:30 in New York, 12:30 and 13:30 in Chicago).
 *
 * Source: CME Group contract specifications; the time of metals and energy is that of their last settlement.
 */
export function lastTradingInstant(contract: CmeContract): Micros {
  const day = lastTradingDay(contract);
  const time = LAST_TIMES[contract.product.group];
  const atClock = chicagoInstant(day, clockTime(time));
  const session = sessionOf(contract.product.sessionGroup, day);
  return session !== null && session.closesAtMicros < atClock ? session.closesAtMicros : atClock;
}

const LAST_TIMES = {
  'equity-index': '08:30',
  fx: '09:16',
  'interest-rate': '12:01',
  metal: '12:30',
  energy: '13:30',
} as const;

function orBusinessDayBefore(day: CivilDay): CivilDay {
  return isBusinessDay(day) ? day : addBusinessDays(day, -1);
}
