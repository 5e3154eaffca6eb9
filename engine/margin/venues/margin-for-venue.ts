/** The choice of a venue's margin rules from plain data, so that a page or a scenario can name them. */

import { unreachable } from '../../core/assert.ts';
import type { NotionalBrackets } from '../brackets/notional-bracket.ts';
import { binanceUsdmMargin } from './binance-usdm.ts';
import { type BybitLinearRules, bybitLinearMargin } from './bybit-linear.ts';
import { type HyperliquidTier, hyperliquidMargin } from './hyperliquid.ts';
import { type OkxSwapRules, okxSwapMargin } from './okx-swap.ts';
import type { VenueMargin } from './venue-margin.ts';

/** Rules of one symbol on one venue. Plain data. */
export type VenueMarginRules =
  | { readonly venue: 'binance-usdm'; readonly brackets: NotionalBrackets; readonly tableSource: string }
  | ({ readonly venue: 'bybit-linear' } & BybitLinearRules)
  | ({ readonly venue: 'okx-swap' } & OkxSwapRules)
  | {
      readonly venue: 'hyperliquid';
      readonly tiers: readonly HyperliquidTier[];
      readonly tableSource: string;
    };

/** Binds the rules to the interface all venues share. */
export function marginForVenue(rules: VenueMarginRules): VenueMargin {
  switch (rules.venue) {
    case 'binance-usdm':
      return binanceUsdmMargin(rules.brackets, rules.tableSource);
    case 'bybit-linear':
      return bybitLinearMargin(rules);
    case 'okx-swap':
      return okxSwapMargin(rules);
    case 'hyperliquid':
      return hyperliquidMargin(rules.tiers, rules.tableSource);
    default:
      return unreachable(rules);
  }
}
