/** Maintenance margin of one position: the least balance that keeps it open. */
import { assert } from '../../core/assert.ts';
import type { NotionalBracket } from './notional-bracket.ts';

/**
 * Computes the maintenance margin of a notional.
 *
 * Formula: notional × maintenance margin rate − maintenance amount, both of the bracket that holds the notional. The
 * amount is *subtracted*: it makes the requirement continuous at bracket edges, like the bands of an income tax.
 *
 * @param notional - size × mark price, quote currency, not negative
 * @param bracket - the bracket that holds it, see `bracketAt`
 * @returns requirement in the quote currency, an estimate (float64)
 *
 * Assumes: linear contract, margined in its quote currency.
 * Source: Binance FAQ b3c689c1f50a44cabb3a84e663b81d93 (maintenance amount) and the trading rules page (formula).
 *
 * @example 300,000 USDT of BTCUSDT in the table of 2021-03-01: 300,000 × 1 % − 1,300 = 1,700 USDT
 */
export function maintenanceMargin(notional: number, bracket: NotionalBracket): number {
  assert(notional >= bracket.floor, `notional ${notional} lies below bracket ${bracket.number}`);
  return notional * bracket.maintenanceMarginRate - bracket.maintenanceAmount;
}
