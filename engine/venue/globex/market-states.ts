/** The states of a Globex market and what each of them allows. */
import type { TimeInForce } from '../matching/order-terms.ts';

/** States of a whole group, as its schedule or an interruption sets them. */
export type GroupState =
  | 'pre-open'
  | 'pre-open-no-cancel'
  | 'open'
  | 'pause'
  | 'close-not-final'
  | 'close-final'
  | 'post-close';

/** The state of one instrument: that of its group, or reserved for a moment while the group is open. */
export type MarketState = GroupState | 'reserved';

/** What may be done with orders in a state. */
export interface StateRules {
  readonly enters: boolean;
  readonly modifies: boolean;
  readonly cancels: boolean;
  /** True where orders meet as they come; else they only rest. */
  readonly matches: boolean;
  /** True where orders for the day are not taken and may not be touched. */
  readonly onlyLasting: boolean;
}

const NOTHING: StateRules = {
  enters: false,
  modifies: false,
  cancels: false,
  matches: false,
  onlyLasting: false,
};

/**
 * The rules by state. The Opening, in which the pre-open orders are resolved, is no state of its own here: it is the
 * moment in which a market becomes open.
 *
 * Source: CME Globex, Market and Instrument States (wiki page 46141400). Reserved takes orders like the pre-open (Velocity
 * Logic, page 46730074: "customers can submit, modify and cancel orders").
 */
export const STATE_RULES: Readonly<Record<MarketState, StateRules>> = {
  'pre-open': { ...NOTHING, enters: true, modifies: true, cancels: true },
  'pre-open-no-cancel': { ...NOTHING, enters: true },
  open: { enters: true, modifies: true, cancels: true, matches: true, onlyLasting: false },
  reserved: { ...NOTHING, enters: true, modifies: true, cancels: true },
  pause: { ...NOTHING, cancels: true },
  'close-not-final': NOTHING,
  'close-final': NOTHING,
  'post-close': { ...NOTHING, enters: true, modifies: true, cancels: true, onlyLasting: true },
};

/** True where an order that is in the market may be changed or cancelled in a state. */
export function mayTouch(time: TimeInForce, state: MarketState, action: 'modifies' | 'cancels'): boolean {
  const rules = STATE_RULES[state];
  return rules[action] && (!rules.onlyLasting || time === 'GTC' || time === 'GTD');
}
