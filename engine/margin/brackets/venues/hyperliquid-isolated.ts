/** Hyperliquid's isolated liquidation price: maintenance is half of the initial margin at the asset's top leverage. */
import { assert } from '../../../core/assert.ts';

/**
 * Computes the liquidation price of an isolated position from the venue's own account fields.
 *
 * Formula: −rawUsd ÷ (size × (1 − side × l)), l = 1 ÷ (2 × max leverage): where rawUsd + size × price equals l × |size| × price.
 *
 * @param position - `signedSize` positive for long, in coins, not 0; `rawUsd` = margin − signed size × entry price, in USDC
 * @returns null where no positive price liquidates
 * Assumes: one margin tier. No clearance fee is charged.
 * Source: Hyperliquid docs "Liquidations"; a documented clearinghouseState sample.
 *
 * @example size 0.0335 ETH, rawUsd −95.059824, 50x → 2,866.2694
 */
export function hyperliquidLiquidationPrice(position: {
  readonly signedSize: number;
  readonly rawUsd: number;
  readonly maxLeverage: number;
}): number | null {
  const { signedSize, rawUsd, maxLeverage } = position;
  assert(signedSize !== 0, 'a position has a size');
  const maintenanceRate = 1 / (2 * maxLeverage);
  const price = -rawUsd / (signedSize * (1 - Math.sign(signedSize) * maintenanceRate));
  return price > 0 ? price : null;
}
