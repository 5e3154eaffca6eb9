/** Liquidation columns of a ladder: what falls when the price comes to each of its rows. */
import type { LiquidationIndex } from './liquidation-index.ts';
import { reachSign } from './liquidity-curve.ts';
import { WALLET_UNITS } from './population.ts';

/** Rows of a ladder: row r holds the prices from `fromTicks + r × ticksPerRow` up to, not including, the next row's. */
export interface LadderRows {
  readonly fromTicks: number;
  readonly ticksPerRow: number;
  readonly rows: number;
}

/** What falls in each row. An account falls in one row only, that of its trigger. */
export interface LiquidationColumns {
  readonly accounts: Uint32Array;
  readonly lots: Float64Array;
  /** Lots × trigger price, quote currency. */
  readonly notional: Float64Array;
}

/** The columns of one side (longs for an index of falls, shorts for one of rises); two look-ups a row. */
export function liquidationColumns(index: LiquidationIndex, ladder: LadderRows): LiquidationColumns {
  const { fromTicks, ticksPerRow, rows } = ladder;
  const accounts = new Uint32Array(rows);
  const lots = new Float64Array(rows);
  const notional = new Float64Array(rows);
  const sign = reachSign(index.direction);
  const quote = index.contract.unitsPerTickLot / WALLET_UNITS;
  // Up to which reach a price at the lower end of a row counts: a fall meets it last, a rise first.
  const reachOf = (row: number): number => {
    const ticks = fromTicks + row * ticksPerRow;
    return sign === -1 ? -ticks : ticks - 1;
  };
  for (let row = 0; row < rows; row++) {
    const lower = reachOf(row);
    const upper = reachOf(row + 1);
    accounts[row] = sign * (index.countAt(upper) - index.countAt(lower));
    lots[row] = sign * (index.lotsAt(upper) - index.lotsAt(lower));
    notional[row] = sign * (index.tickLotsAt(upper) - index.tickLotsAt(lower)) * quote;
  }
  return { accounts, lots, notional };
}
