/** The front month of a product on any day, and the day on which it rolls to the next. */
import { assert } from '../../core/assert.ts';
import { type CmeContract, listsMonth } from '../instruments/cme-contracts.ts';
import type { CmeProduct, RollRule } from '../instruments/cme-product.ts';
import { addDays, type CivilDay, civilDay, dateOf, MONDAY, weekdayOf } from './civil-day.ts';
import { lastTradingDay } from './contract-dates.ts';
import { addBusinessDays } from './holidays.ts';

/**
 * When a chain of contracts moves on: by the product's own rule, on the last trading day itself, or with the month in
 * which it falls.
 */
export type RollConvention = 'product' | 'last-trading-day' | 'month-of-expiry';

/** Most months that are looked ahead for a contract. */
const MOST_MONTHS = 36;

/** The first trading day on which a contract is no longer the front month. */
export function rollDay(contract: CmeContract, convention: RollConvention = 'product'): CivilDay {
  const last = lastTradingDay(contract);
  if (convention === 'last-trading-day') return last;
  if (convention === 'month-of-expiry') {
    const { year, month } = dateOf(last);
    return civilDay(year, month, 1);
  }
  return ruledRollDay(contract, contract.product.roll, last);
}

/** The front month of a product on a trading day: the nearest of its active months that has not rolled yet. */
export function frontMonth(
  product: CmeProduct,
  onDay: CivilDay,
  convention: RollConvention = 'product',
): CmeContract {
  const on = dateOf(onDay);
  for (let ahead = 0; ahead < MOST_MONTHS; ahead++) {
    const first = dateOf(civilDay(on.year, on.month + ahead, 1));
    const contract = { product, year: first.year, month: first.month };
    if (listsMonth(product, first.month, true) && rollDay(contract, convention) > onDay) return contract;
  }
  assert(false, `${product.code} has an active month within ${MOST_MONTHS} months`);
}

/** The active contract that follows a contract. */
export function nextActiveContract(contract: CmeContract): CmeContract {
  for (let ahead = 1; ahead < MOST_MONTHS; ahead++) {
    const { year, month } = dateOf(civilDay(contract.year, contract.month + ahead, 1));
    if (listsMonth(contract.product, month, true)) return { product: contract.product, year, month };
  }
  assert(false, `${contract.product.code} has active months`);
}

function ruledRollDay(contract: CmeContract, rule: RollRule, last: CivilDay): CivilDay {
  switch (rule.kind) {
    case 'monday-before-expiry':
      return addDays(last, -((weekdayOf(last) - MONDAY + 7) % 7));
    case 'business-days-before-last-trade':
      return addBusinessDays(last, -rule.days);
    case 'business-days-before-month':
      return addBusinessDays(civilDay(contract.year, contract.month, 1), -rule.days);
  }
}
