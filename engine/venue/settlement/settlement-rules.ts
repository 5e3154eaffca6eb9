/** When and by which tiers each product settles for the day, dated. */
import { assert } from '../../core/assert.ts';
import { type Micros, micros } from '../../core/units.ts';
import { chicagoInstant, clockTime } from '../../reference/calendar/chicago-time.ts';
import { type CivilDay, dateOf, dayOf } from '../../reference/calendar/civil-day.ts';
import { addBusinessDays, isBusinessDay } from '../../reference/calendar/holidays.ts';
import { cashHoursOn, sessionOf } from '../../reference/calendar/sessions.ts';
import {
  type CmeProduct,
  type Dated,
  factOn,
  type ProductCode,
} from '../../reference/instruments/cme-product.ts';
import { findProduct } from '../../reference/instruments/cme-products.ts';

/**
 * Ways to find the price of the lead month, tried in the order of the rule.
 *
 * - `vwap`: average price of the trades of the window by volume.
 * - `middle`: middle of bid and ask at its end.
 * - `last`, `prior`: last trade of the day, or the settlement before, moved to the bid where it is below it and to the ask
 *   where it is above.
 * - `carry`: index and interest to expiry.
 */
export type LeadTier = 'vwap' | 'middle' | 'last' | 'prior' | 'carry';

/** Ways to find the price of another month from a month that is settled; see `month-settlement.ts`. */
export type MonthTier = 'spread-vwap' | 'spread-last' | 'implied-middle' | 'net-change';

/** How one product settles. */
export interface SettlementRule {
  /** Window of outright trades, times of the clock in Chicago. */
  readonly window: readonly [string, string];
  /** Window of the last business day of a month where it is another; it is that of spreads, too. */
  readonly monthEndWindow: readonly [string, string] | null;
  /** Window of calendar spreads. */
  readonly spreadWindow: readonly [string, string];
  readonly leadTiers: readonly LeadTier[];
  readonly monthTiers: readonly MonthTier[];
  /** Fewest lots of spreads that make a price. */
  readonly leastSpreadLots: number;
  /** True where the volume of a spread counts less the more months lie between its legs. */
  readonly weighsByDistance: boolean;
  /** True where the average of a spread is rounded to its own tick before it is applied. */
  readonly roundsSpreads: boolean;
}

/** A window as instants; the end is no longer part of it. */
export interface SettlementWindow {
  readonly beginMicros: Micros;
  readonly endMicros: Micros;
  /** `early-close`: the usual time lies beyond the end of the session, and the window ends with it instead. */
  readonly basis: 'usual' | 'half-day' | 'early-close';
}

/** Months of stock indices, rates and currencies. */
const NEXT_MONTHS: readonly MonthTier[] = ['spread-vwap', 'spread-last', 'net-change'];

const rule = (
  window: readonly [string, string],
  leadTiers: readonly LeadTier[],
  monthTiers: readonly MonthTier[],
  more: Partial<SettlementRule> = {},
): SettlementRule => ({
  window,
  spreadWindow: window,
  monthEndWindow: null,
  leadTiers,
  monthTiers,
  leastSpreadLots: 1,
  weighsByDistance: false,
  roundsSpreads: monthTiers === NEXT_MONTHS,
  ...more,
});

const INDEX_LEAD: readonly LeadTier[] = ['vwap', 'middle', 'carry'];

const INDEX: readonly Dated<SettlementRule>[] = [
  {
    from: null,
    value: rule(['15:14:30', '15:15:00'], INDEX_LEAD, NEXT_MONTHS, {
      monthEndWindow: ['14:59:30', '15:00:00'],
    }),
    source:
      'CME settlement details before October 2020: 15:14:30 to 15:15:00 CT (last business day of a month 15:00)',
  },
  {
    from: dayOf('2020-10-26'),
    value: rule(['14:59:30', '15:00:00'], INDEX_LEAD, NEXT_MONTHS),
    source:
      'CME FAQ on daily settlement times (22 Sep 2020): 15:00 CT from 2020-10-26, 12:00 CT on shortened days',
  },
];

const AT_TWO: readonly Dated<SettlementRule>[] = [
  {
    from: null,
    value: rule(['13:59:30', '14:00:00'], ['vwap', 'last', 'prior'], NEXT_MONTHS),
    source:
      'CME settlement procedures of treasuries (wiki page 457219006) and settlement times of FX: 13:59:30 to 14:00:00 CT',
  },
];

const metal = (begins: string, ends: string): readonly Dated<SettlementRule>[] => [
  {
    from: null,
    value: rule(
      [begins, ends],
      ['vwap', 'middle', 'last', 'prior'],
      ['spread-vwap', 'implied-middle', 'net-change'],
      {
        spreadWindow: [ends === '12:25:00' ? '12:10:00' : '12:15:00', ends],
        leastSpreadLots: 25,
      },
    ),
    source:
      'CME metals settlement (notice 20170928, algorithm examples): one minute to 13:30 ET, silver 13:25; spreads of 15 minutes, 25 lots',
  },
];

const ENERGY: readonly Dated<SettlementRule>[] = [
  {
    from: null,
    value: rule(
      ['13:28:00', '13:30:00'],
      ['vwap', 'last', 'prior'],
      ['spread-vwap', 'implied-middle', 'net-change'],
      {
        weighsByDistance: true,
      },
    ),
    source:
      'CME settlement of natural gas (wiki page 46433194): 14:28 to 14:30 ET; crude oil the same, its minimum volumes of 2009 not modelled',
  },
];

const RULES: Partial<Readonly<Record<ProductCode, readonly Dated<SettlementRule>[]>>> = {
  ES: INDEX,
  NQ: INDEX,
  YM: INDEX,
  RTY: INDEX,
  GC: metal('12:29:00', '12:30:00'),
  SI: metal('12:24:00', '12:25:00'),
  CL: ENERGY,
  NG: ENERGY,
  '6E': AT_TWO,
  '6J': AT_TWO,
  '6B': AT_TWO,
  ZN: AT_TWO,
  ZB: AT_TWO,
  ZT: AT_TWO,
};

/** The product whose trades make a product's settlement price: itself, or its parent, whose price a minor contract takes. */
export function settlingProduct(product: CmeProduct): CmeProduct {
  const settling = product.parent === null ? product : findProduct(product.parent);
  assert(settling !== null, `${product.code} settles with a product that is known`);
  return settling;
}

/** How a product settles on a trading day. */
export function settlementRule(product: CmeProduct, onDay: CivilDay): Dated<SettlementRule> {
  const { code } = settlingProduct(product);
  const fact = factOn(RULES[code] ?? [], onDay);
  assert(fact !== null, `${code} has a rule of settlement`);
  return fact;
}

/**
 * The window of outright trades, or of spreads, on a trading day; null on days without settlement.
 *
 * On half days of stocks their futures settle at the close of stocks. Where a session of another product ends before its
 * window does, the window is moved to the end of the session, which is a choice of ours.
 */
export function settlementWindow(
  product: CmeProduct,
  onDay: CivilDay,
  of: 'outrights' | 'spreads' = 'outrights',
): SettlementWindow | null {
  const session = sessionOf(product.sessionGroup, onDay);
  if (session === null || !isBusinessDay(onDay)) return null;
  const { value } = settlementRule(product, onDay);
  const ofDay = of === 'outrights' ? value.window : value.spreadWindow;
  const [begins, ends] = isMonthEnd(onDay) ? (value.monthEndWindow ?? ofDay) : ofDay;
  const length = clockTime(ends) - clockTime(begins);
  const endingAt = (endMicros: Micros, basis: SettlementWindow['basis']): SettlementWindow => ({
    beginMicros: micros(endMicros - length),
    endMicros,
    basis,
  });
  const usual = chicagoInstant(onDay, clockTime(ends));
  const cash = product.group === 'equity-index' ? cashHoursOn(onDay) : null;
  if (cash !== null && cash.closesAtMicros < chicagoInstant(onDay, clockTime('15:00'))) {
    return endingAt(cash.closesAtMicros, 'half-day');
  }
  return usual <= session.closesAtMicros
    ? endingAt(usual, 'usual')
    : endingAt(session.closesAtMicros, 'early-close');
}

function isMonthEnd(day: CivilDay): boolean {
  return dateOf(addBusinessDays(day, 1)).month !== dateOf(day).month;
}
