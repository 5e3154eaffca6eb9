/** What is known of a product of CME Group, and how facts are dated. */
import type { Increment } from '../../core/units.ts';
import type { CivilDay } from '../calendar/civil-day.ts';
import type { SessionGroup } from '../calendar/early-closes.ts';

/** Codes of the products on Globex. */
export type ProductCode =
  | 'ES'
  | 'MES'
  | 'NQ'
  | 'MNQ'
  | 'YM'
  | 'MYM'
  | 'RTY'
  | 'M2K'
  | 'GC'
  | 'MGC'
  | 'SI'
  | 'SIL'
  | 'CL'
  | 'MCL'
  | 'NG'
  | 'MNG'
  | 'QG'
  | '6E'
  | '6J'
  | '6B'
  | 'ZN'
  | 'ZB'
  | 'ZT';

/** Families of products that share their rules of limits, breakers and settlement. */
export type ProductGroup = 'equity-index' | 'interest-rate' | 'fx' | 'metal' | 'energy';

/** How the last trading day follows from the contract month. */
export type ExpiryRule =
  | 'third-friday'
  | 'second-business-day-before-third-wednesday'
  | 'third-last-business-day'
  | 'third-last-business-day-of-month-before'
  | 'seventh-business-day-before-last'
  | 'last-business-day'
  | 'third-business-day-before-25th-of-month-before'
  | 'business-day-before-parent';

/** How the first notice day follows from the contract; null for cash settlement and for currencies, which need no notice. */
export type NoticeRule = 'last-business-day-of-month-before' | 'business-days-after-last-trade';

/** When the next contract becomes the one that is traded most. */
export type RollRule =
  | { readonly kind: 'monday-before-expiry' }
  | { readonly kind: 'business-days-before-last-trade'; readonly days: number }
  | { readonly kind: 'business-days-before-month'; readonly days: number };

/** A fact and the first trading day on which it held; null where it always did as far as known. */
export interface Dated<T> {
  readonly from: CivilDay | null;
  readonly value: T;
  readonly source: string;
}

/** The facts of one product. */
export interface CmeProduct {
  readonly code: ProductCode;
  readonly name: string;
  readonly exchange: 'CME' | 'CBOT' | 'NYMEX' | 'COMEX';
  readonly group: ProductGroup;
  readonly sessionGroup: SessionGroup;
  /** Value in dollars of a price of 1, decimal text. */
  readonly multiplier: string;
  /** Tick size of outright contracts, the newest last. */
  readonly tickSizes: readonly Dated<Increment>[];
  /** Letters of the months that are listed. */
  readonly listedMonths: string;
  /** Letters of the months among which the front month rolls. */
  readonly activeMonths: string;
  readonly settlement: 'cash' | 'physical';
  readonly expiry: ExpiryRule;
  readonly firstNotice: { readonly rule: NoticeRule; readonly days: number } | null;
  readonly roll: RollRule;
  /** The product whose settlement prices this one takes over; null for products with their own. */
  readonly parent: ProductCode | null;
  readonly source: string;
}

/** The fact that held on a day: the newest that had begun. */
export function factOn<T>(facts: readonly Dated<T>[], day: CivilDay): Dated<T> | null {
  let found: Dated<T> | null = null;
  for (const fact of facts) if (fact.from === null || fact.from <= day) found = fact;
  return found;
}
