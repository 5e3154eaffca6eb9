/** What the clearing house has booked for the reader's account in one future. */
import { unitsText } from '../../accounting/ledger/money-units.ts';
import { formatDay } from '../../reference/calendar/civil-day.ts';
import type { MemberSettlement } from '../venues/group-settlement.ts';
import type { PaperClearing, SettlementLine } from './paper-orders.ts';
import type { PaperPosition } from './paper-position.ts';

/** Decimals of the entry price: with a whole multiplier its value is a whole number of units. */
const ENTRY_PLACES = 6;

/**
 * Money and entry price as they stand.
 *
 * The entry price is an estimate, and yet nothing is lost by it: what lots at that price did not cost is in `closedResult`, so
 * that variation margin, closed result and lots × (any price − entry price) add up to what the account gets when it is settled
 * at that price.
 */
export function paperClearing(
  settlement: MemberSettlement,
  account: number,
  { entryPrice, fees }: PaperPosition,
): PaperClearing {
  const entry = entryPrice === null ? null : entryPrice.toFixed(ENTRY_PLACES);
  return {
    settlementTicks: settlement.priceTicks,
    nextMicros: settlement.nextMicros,
    variationMargin: unitsText(settlement.booked(account)),
    closedResult: unitsText(settlement.unbooked(account, entry ?? '0')),
    fees: unitsText(fees),
    entryPrice: entry,
    statement: statementOf(settlement, account),
  };
}

function statementOf({ days }: MemberSettlement, account: number): readonly SettlementLine[] {
  return days.flatMap(({ tradingDay, atMicros, priceTicks, tier, payments }) => {
    const own = payments.find((payment) => payment.account === account);
    if (own === undefined) return [];
    const { lots, units } = own;
    return [
      { tradingDay: formatDay(tradingDay), atMicros, priceTicks, tier, lots, amount: unitsText(units) },
    ];
  });
}
