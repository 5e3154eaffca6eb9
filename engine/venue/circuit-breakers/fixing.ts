/** The fixing of stock index futures: the price from which the limits of the next day are measured. */
import { micros } from '../../core/units.ts';
import type { CivilDay } from '../../reference/calendar/civil-day.ts';
import { cashHoursOn } from '../../reference/calendar/sessions.ts';
import { roundToTick, type SettlementTrade, tradesWithin, vwap } from '../settlement/average-price.ts';

/** Source: CME FAQ on U.S. equity index price limits: the lead month between 14:59:30 and 15:00:00 CT. */
const FIXING_MICROS = 30_000_000;

/**
 * The fixing of a day: the average price by volume of the last 30 seconds of stocks, which is 14:59:30 to 15:00:00 in Chicago
 * and half a minute before 12:00 on half days, rounded to the nearest tick. Null on days without stocks and without trades.
 *
 * Only the lead month is fixed so; other months keep their distance by their own settlement prices.
 *
 * @param priorTicks - the fixing before, towards which a price exactly between two ticks is rounded
 */
export function fixingTicks(
  trades: readonly SettlementTrade[],
  tradingDay: CivilDay,
  priorTicks: number | null,
): number | null {
  const cash = cashHoursOn(tradingDay);
  if (cash === null) return null;
  const window = { beginMicros: micros(cash.closesAtMicros - FIXING_MICROS), endMicros: cash.closesAtMicros };
  const average = vwap(tradesWithin(trades, window));
  return average === null ? null : roundToTick(average, priorTicks);
}
