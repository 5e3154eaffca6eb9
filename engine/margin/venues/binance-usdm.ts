/** Binance USDT-M margin behind the interface all venues share. */
import type { NotionalBrackets } from '../brackets/notional-bracket.ts';
import { bracketMargin } from './bracket-margin.ts';
import type { VenueMargin } from './venue-margin.ts';

/**
 * Binance's margin of one symbol: progressive brackets at the mark, no fee to close in the margins. The clearance fee is
 * taken from what is liquidated and does not move the liquidation price.
 *
 * @param tableSource - date and origin of the table in force, for explanations
 * Source: Binance FAQ b3c689c1f50a44cabb3a84e663b81d93 "How to Calculate Liquidation Price of USDT-M Futures Contracts".
 *
 * @example long 109.488 BTC at 32,481.98, wallet 1,535,443.01 alone, rate 2.5 %, amount 16,300 → 18,778.73
 */
export function binanceUsdmMargin(brackets: NotionalBrackets, tableSource: string): VenueMargin {
  return bracketMargin(
    {
      name: 'binance-usdm',
      version: 1,
      source: 'Binance FAQ b3c689c1f50a44cabb3a84e663b81d93',
      tableSource,
    },
    brackets,
  );
}
