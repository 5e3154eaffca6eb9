/** Contracts of CME products: their symbols, read and written, and their specifications. */
import { assert } from '../../core/assert.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { increment } from '../../core/units.ts';
import { type CivilDay, dateOf } from '../calendar/civil-day.ts';
import { type CmeProduct, factOn } from './cme-product.ts';
import { findProduct } from './cme-products.ts';
import type { ContractSpec } from './contract-spec.ts';

/** Letters of the months, January first. Source: CME Group month codes. */
const MONTH_LETTERS = 'FGHJKMNQUVXZ';

/** One contract: a product and the month after which it is named. */
export interface CmeContract {
  readonly product: CmeProduct;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
}

/**
 * Reads a symbol as Globex writes it, with a year of one or two digits.
 *
 * A single digit means the first such year whose month has not ended on `onDay`; so does a pair of digits within its century.
 *
 * Fails: `reference/symbol-malformed`, `reference/instrument-unknown` for products that are not known,
 * `reference/contract-unknown` for months that the product does not list.
 *
 * @example ('ESH4' on 2024-03-01) → ES, March 2024 · ('ESZ26') → ES, December 2026 · ('6EM5' on 2025-05-01) → 6E, June 2025
 */
export function parseContractSymbol(text: string, onDay: CivilDay): Result<CmeContract> {
  const match = /^([A-Z0-9]{2,3})([FGHJKMNQUVXZ])(\d{1,2})$/.exec(text);
  const [, code = '', letter = '', digits = ''] = match ?? [];
  if (match === null) {
    return fail('reference/symbol-malformed', `expected a symbol such as ESH4, found "${text.slice(0, 40)}"`);
  }
  const product = findProduct(code);
  if (product === null) return fail('reference/instrument-unknown', `no product has the code "${code}"`);
  if (!product.listedMonths.includes(letter)) {
    return fail(
      'reference/contract-unknown',
      `${code} lists the months ${product.listedMonths}, found ${letter}`,
    );
  }
  const month = MONTH_LETTERS.indexOf(letter) + 1;
  const on = dateOf(onDay);
  const cycle = digits.length === 1 ? 10 : 100;
  // Two digits name a year of the century around the day, so that history can be read, too.
  const first = cycle === 10 ? on.year + (month < on.month ? 1 : 0) : on.year - 50;
  const year = first + ((((Number(digits) - first) % cycle) + cycle) % cycle);
  return ok({ product, year, month });
}

/**
 * Writes the symbol of a contract, with as many digits of its year as asked for.
 *
 * @example (ES, December 2026, 1) → 'ESZ6'
 */
export function formatContractSymbol(contract: CmeContract, yearDigits: 1 | 2): string {
  const letter = MONTH_LETTERS[contract.month - 1];
  const year = String(contract.year % (yearDigits === 1 ? 10 : 100)).padStart(yearDigits, '0');
  return `${contract.product.code}${letter}${year}`;
}

/** Whether a product lists contracts named after this month; `active` asks for those among which the front month rolls. */
export function listsMonth(product: CmeProduct, month: number, active: boolean): boolean {
  return (active ? product.activeMonths : product.listedMonths).includes(MONTH_LETTERS[month - 1] ?? '-');
}

/** The specification of a contract as it holds on a trading day, for the rooms that ask no more than that. */
export function contractSpec(contract: CmeContract, onDay: CivilDay): ContractSpec {
  const { product } = contract;
  const tick = factOn(product.tickSizes, onDay);
  assert(tick !== null, `${product.code} has a tick size on every day`);
  const symbol = formatContractSymbol(contract, 1);
  return {
    id: `cme-globex:${symbol}`,
    venue: 'cme-globex',
    symbol,
    kind: 'dated-future',
    currency: 'USD',
    tickSize: tick.value,
    lotSize: increment('1'),
    multiplier: product.multiplier,
    fundingIntervalHours: null,
    source: `${product.source}; ${tick.source}`,
  };
}
