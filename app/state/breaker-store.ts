/** What the Breaker board supposes: a move, when, and the prices it starts from. */
import { create } from 'zustand';
import type { ProductCode } from '../../engine/reference/instruments/cme-product.ts';
import type { SupposedMove } from '../../workers/contract/breaker-board.ts';

/** Products of the board with a price to begin with: round, invented, and to be replaced by a settlement. */
const REFERENCES: readonly { readonly product: ProductCode; readonly price: string }[] = [
  { product: 'ES', price: '6000' },
  { product: 'NQ', price: '22000' },
  { product: 'YM', price: '44000' },
  { product: 'RTY', price: '2300' },
  { product: 'CL', price: '70' },
  { product: 'NG', price: '3' },
  { product: 'GC', price: '3000' },
  { product: 'SI', price: '30' },
  { product: '6E', price: '1.1' },
  { product: '6J', price: '0.007' },
  { product: '6B', price: '1.3' },
  { product: 'ZN', price: '110' },
  { product: 'ZB', price: '115' },
  { product: 'ZT', price: '103' },
];

/** Last moment of a session that can be supposed, in minutes since 17:00: one before 16:00. */
export const LAST_MINUTE = 23 * 60 - 1;
/** 10:00 Chicago. */
const FIRST_MINUTE = 17 * 60;

export interface BreakerSupposition extends SupposedMove {
  /** Products whose price a reader entered; the others are examples. */
  readonly entered: readonly ProductCode[];
}

export const useSupposition = create<BreakerSupposition>(() => ({
  day: '2026-06-10',
  minutes: FIRST_MINUTE,
  laterSeconds: 0,
  move: -0.02,
  references: REFERENCES,
  entered: [],
}));

/** Sets the price from which limits of a product are measured. Nothing happens with what is no positive decimal. */
export function enterReference(product: ProductCode, price: string): void {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(price) || !(Number(price) > 0)) return;
  useSupposition.setState(({ references, entered }) => ({
    references: references.map((one) => (one.product === product ? { product, price } : one)),
    entered: [...new Set([...entered, product])],
  }));
}
