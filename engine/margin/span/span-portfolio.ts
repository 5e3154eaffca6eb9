/** Positions to be margined by SPAN, checked against a plan: nothing unknown is ever margined at 0. */
import { fail, ok, type Result } from '../../core/result.ts';
import type { SpanPlan } from './plan.ts';

/** One position. */
export interface SpanPosition {
  /** {@link SpanContract.id} */
  readonly contract: string;
  /** Signed whole contracts: long positive, short negative. */
  readonly lots: number;
}

/** Largest position accepted, in contracts: sums of products stay exact far beyond it. */
export const LOTS_LIMIT = 10_000_000;

/**
 * Index of a position's contract, where it can be margined in whole contracts.
 *
 * @param place - of the position, counted from 1; stands in the failure
 *
 * Fails as {@link readPositions}.
 */
export function marginableContract(plan: SpanPlan, position: SpanPosition, place: number): Result<number> {
  const { set } = plan;
  const where = { position: place, contract: position.contract };
  if (!isWholeLots(position.lots)) {
    const found = `found ${position.lots} of ${position.contract}`;
    return fail(
      'span/position-malformed',
      `expected whole contracts, at most ${LOTS_LIMIT}, ${found}`,
      where,
    );
  }
  const index = plan.contractIndex.get(position.contract);
  if (index === undefined) {
    return fail('span/contract-missing', `${position.contract} is not in ${set.id}`, where);
  }
  const contract = set.contracts[index];
  if (contract?.hasArray !== true) {
    return fail('span/array-missing', `${position.contract} has no risk array in ${set.id}`, where);
  }
  if (contract.option?.premiumStyle === true && contract.price === null) {
    return fail('span/array-missing', `${position.contract} has no settlement price in ${set.id}`, where);
  }
  const pool = plan.pools[plan.commodities[contract.commodity]?.pool ?? -1];
  if (pool === undefined || pool.toBase === null) {
    const currency = pool?.currency ?? '';
    return fail('span/conversion-missing', `${set.id} cannot convert ${currency} to ${plan.baseCurrency}`, {
      ...where,
      currency,
    });
  }
  return ok(index);
}

/** Whether a number counts contracts that a position may hold. */
export function isWholeLots(lots: number): boolean {
  return Number.isSafeInteger(lots) && Math.abs(lots) <= LOTS_LIMIT;
}

/**
 * Turns positions into signed contracts by index; several positions of one contract are netted.
 *
 * Fails: `span/position-malformed` (not a whole number of contracts, too many), `span/contract-missing` (the set does not
 * list it), `span/array-missing` (listed without a risk array), `span/conversion-missing` (its currency cannot be
 * converted to the base currency). Never a margin of 0 for what is not known.
 */
export function readPositions(plan: SpanPlan, positions: readonly SpanPosition[]): Result<Float64Array> {
  const lots = new Float64Array(plan.set.contracts.length);
  for (const [i, position] of positions.entries()) {
    const contract = marginableContract(plan, position, i + 1);
    if (!contract.ok) return contract;
    const index = contract.value;
    const total = (lots[index] ?? 0) + position.lots;
    if (!isWholeLots(total)) {
      const where = { position: i + 1, contract: position.contract };
      return fail(
        'span/position-malformed',
        `expected at most ${LOTS_LIMIT} contracts, found ${total}`,
        where,
      );
    }
    lots[index] = total;
  }
  return ok(lots);
}
