/** What futures accounts are margined by on a day: a built-in SPAN parameter set, for maintenance and for initial margin. */
import { fail, ok, type Result } from '../../core/result.ts';
import { type CivilDay, formatDay } from '../../reference/calendar/civil-day.ts';
import { type CmeContract, parseContractSymbol } from '../../reference/instruments/cme-contracts.ts';
import { SpanCalculator } from '../span/calculator.ts';
import { builtInSet } from '../span/files/built-in-set.ts';
import type { OutrightMargins } from '../span/files/outright-margins.ts';
import type { SpanParameterSet } from '../span/parameter-set.ts';
import { planSpan, type SpanPlan } from '../span/plan.ts';

/** The rules of one day. */
export interface FuturesRules {
  /** The day of the run, on which contract months are read. */
  readonly day: CivilDay;
  /** True where the run is later than every published margin: the newest ones stand in. */
  readonly isOutdated: boolean;
  readonly set: SpanParameterSet;
  readonly maintenance: SpanPlan;
  readonly initial: SpanPlan;
  /** One for each plan; they serve every account in turn. */
  readonly calculators: Readonly<Record<RequirementClass, SpanCalculator>>;
  /** `SpanContract.id` by product code and month, see {@link contractIn}. */
  readonly contracts: ReadonlyMap<string, string>;
}

/** The two requirements of an account. */
export type RequirementClass = 'maintenance' | 'initial';

/**
 * The rules in force on `day`; after the last day of the table its newest margins, under their own date, for the months
 * listed on `day`.
 *
 * No assumed spread rates are used: months and products do not offset each other, only contracts of one product family in
 * one month do. The requirement is never below that of the same set with spreads.
 *
 * Fails: `span/parameters-missing` before the first day of the table.
 */
export function futuresRules(table: OutrightMargins, day: CivilDay): Result<FuturesRules> {
  const on = formatDay(day);
  const isOutdated = on > table.to;
  const built = builtInSet(isOutdated ? { ...table, to: on } : table, on, null);
  if (!built.ok) return built;
  const set = isOutdated
    ? { ...built.value, id: `Built-in ${table.to}, the newest`, date: table.to }
    : built.value;
  const maintenance = set.classes.find((one) => one.isMaintenance);
  const initial = set.classes.find((one) => !one.isMaintenance);
  if (maintenance === undefined || initial === undefined) {
    return fail('span/parameters-missing', `${set.id} lacks a class for maintenance or for initial margin`);
  }
  const plans = {
    maintenance: planSpan(set, maintenance, 'USD'),
    initial: planSpan(set, initial, 'USD'),
  };
  return ok({
    day,
    isOutdated,
    set,
    ...plans,
    calculators: {
      maintenance: new SpanCalculator(plans.maintenance),
      initial: new SpanCalculator(plans.initial),
    },
    contracts: new Map(set.contracts.map(({ product, period, id }) => [`${product} ${period}`, id])),
  });
}

/** No table of margins has been read. */
export const NO_FUTURES_RULES: Result<FuturesRules> = fail(
  'span/parameters-missing',
  'no table of outright margins has been read',
);

/** A contract as the set knows it. */
export interface FuturesContract extends CmeContract {
  /** `SpanContract.id` */
  readonly id: string;
}

/**
 * Finds the contract of a symbol.
 *
 * Fails: as `parseContractSymbol`; `span/contract-missing` where the set does not margin the product or the month.
 */
export function contractIn(rules: FuturesRules, symbol: string): Result<FuturesContract> {
  const read = parseContractSymbol(symbol, rules.day);
  if (!read.ok) return read;
  const { product, year, month } = read.value;
  const period = `${year}${String(month).padStart(2, '0')}`;
  const id = rules.contracts.get(`${product.code} ${period}`);
  if (id === undefined) {
    const why = `${symbol}: ${rules.set.id} has no margin of ${product.code} for ${period}`;
    return fail('span/contract-missing', why, { symbol, set: rules.set.id });
  }
  return ok({ ...read.value, id });
}
