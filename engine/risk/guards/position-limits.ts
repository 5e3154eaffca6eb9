/** Position limits and accountability levels of CME products, dated, and how small contracts count toward them. */

import type { CivilDay } from '../../reference/calendar/civil-day.ts';
import { dayOf } from '../../reference/calendar/civil-day.ts';
import {
  type CmeProduct,
  type Dated,
  factOn,
  type ProductCode,
} from '../../reference/instruments/cme-product.ts';
import { findProduct } from '../../reference/instruments/cme-products.ts';

/** Net contracts of a product over all months. */
export interface PositionLimit {
  /** Most a speculator may hold; null where none is known. */
  readonly limit: number | null;
  /** From here on the exchange asks for reasons; null where none is known. */
  readonly accountability: number | null;
}

/** A bona fide hedger's limit as a multiple of the speculator's. In common use; unconfirmed. */
export const HEDGER_MULTIPLE = 2;

const UNCONFIRMED = 'In common use, unconfirmed against the exchange’s position limit table';
const since2020 = (limit: number | null, accountability: number | null): readonly Dated<PositionLimit>[] => [
  { from: dayOf('2020-01-01'), value: { limit, accountability }, source: UNCONFIRMED },
];

const LIMITS: Partial<Readonly<Record<ProductCode, readonly Dated<PositionLimit>[]>>> = {
  ES: since2020(50_000, 20_000),
  NQ: since2020(50_000, 20_000),
  YM: since2020(50_000, 20_000),
  RTY: since2020(10_000, 5_000),
  GC: since2020(6_000, 3_000),
  SI: since2020(6_000, 3_000),
  CL: since2020(10_000, 5_000),
  NG: since2020(12_000, 6_000),
  '6E': since2020(25_000, 10_000),
  '6J': since2020(25_000, 10_000),
  '6B': since2020(25_000, 10_000),
  ZN: [
    {
      from: null,
      value: { limit: null, accountability: 7_500 },
      source: 'CBOT accountability of treasury notes, 7,500 contracts (historical)',
    },
    ...since2020(50_000, 20_000),
  ],
  ZB: [
    {
      from: null,
      value: { limit: null, accountability: 10_000 },
      source: 'CBOT accountability of treasury bonds, 10,000 contracts (historical)',
    },
    ...since2020(25_000, 10_000),
  ],
  ZT: [
    {
      from: null,
      value: { limit: null, accountability: 7_500 },
      source: 'CBOT accountability of treasury notes, 7,500 contracts (historical)',
    },
    ...since2020(50_000, null),
  ],
};

/** The product toward whose limit a product counts: its parent, or itself. */
export function limitedProduct(product: CmeProduct): CmeProduct {
  return (product.parent === null ? null : findProduct(product.parent)) ?? product;
}

/**
 * Contracts of the limited product in one contract of a product, by the value of a price of 1.
 *
 * @example one MES counts as a tenth of an ES
 */
export function limitWeight(product: CmeProduct): number {
  return Number(product.multiplier) / Number(limitedProduct(product).multiplier);
}

/** The limit of a product on a trading day; null where none is known, which blocks: an unknown limit is no permission. */
export function positionLimitOn(product: CmeProduct, onDay: CivilDay): Dated<PositionLimit> | null {
  return factOn(LIMITS[limitedProduct(product).code] ?? [], onDay);
}
