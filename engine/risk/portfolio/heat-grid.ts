/** Portfolio heat: the weakest pool for each move of prices and each multiple of volatility. */
import type { MarginStatus } from '../../margin/margin-status.ts';
import { marginStatus } from '../../margin/margin-status.ts';
import { type MarketMove, poolFigures, type RiskPool } from './risk-pool.ts';

/** One cell. */
export interface HeatCell {
  readonly priceMove: number;
  readonly volatilityFactor: number;
  /** Ratio and status of the weakest pool; null where no pool requires anything. */
  readonly ratio: number | null;
  readonly status: MarginStatus | null;
  readonly weakest: string | null;
  /** Pools that stand in LIQUIDATION. */
  readonly fallen: number;
}

/** The grid by rows of price and columns of volatility. */
export interface HeatGrid {
  readonly priceMoves: readonly number[];
  readonly volatilityFactors: readonly number[];
  /** `cells[row][column]`. */
  readonly cells: readonly (readonly HeatCell[])[];
}

/**
 * Computes the grid.
 *
 * @param betaOf - how far a factor moves with the price axis: 1 for all by default; from a model where one factor leads
 */
export function heatGrid(
  pools: readonly RiskPool[],
  priceMoves: readonly number[],
  volatilityFactors: readonly number[],
  betaOf: (factor: string) => number = () => 1,
): HeatGrid {
  return {
    priceMoves,
    volatilityFactors,
    cells: priceMoves.map((priceMove) =>
      volatilityFactors.map((volatilityFactor) =>
        heatCell(pools, priceMove, { returnOf: (factor) => betaOf(factor) * priceMove, volatilityFactor }),
      ),
    ),
  };
}

function heatCell(pools: readonly RiskPool[], priceMove: number, move: MarketMove): HeatCell {
  let ratio = Number.POSITIVE_INFINITY;
  let weakest: string | null = null;
  let fallen = 0;
  for (const pool of pools) {
    const found = poolFigures(pool, move).ratio;
    if (found <= 1) fallen++;
    if (found < ratio) {
      ratio = found;
      weakest = pool.id;
    }
  }
  const hasRatio = weakest !== null;
  return {
    priceMove,
    volatilityFactor: move.volatilityFactor,
    ratio: hasRatio ? ratio : null,
    status: hasRatio ? marginStatus(ratio) : null,
    weakest,
    fallen,
  };
}
