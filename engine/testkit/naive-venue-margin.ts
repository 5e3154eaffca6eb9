// What each venue demands, written a second time from its published words: bands summed one by one, no closed form of a price.
import { type Band, bandedRequirement, type OraclePosition } from './margin-oracle.ts';

/** A position as the oracle sees it, with what it needs beyond {@link OraclePosition}. */
export interface OracleVenuePosition extends OraclePosition {
  readonly leverage: number;
  /** Wallet, less maintenance and plus PnL of all other positions. */
  readonly behind: number;
  readonly takerFeeRate: number;
}

/** Rates and sizes of OKX tiers: up to a size, this rate for the whole position. */
export interface OracleSizeTier {
  readonly upTo: number;
  readonly rate: number;
}

function worth(price: number, p: OracleVenuePosition): number {
  return p.behind + p.sign * p.size * (price - p.entryPrice);
}

/** Balance less requirement on Binance USDT-M, and on Hyperliquid with the bands of {@link halvedLeverageBands}. */
export function excessOverBands(price: number, p: OracleVenuePosition): number {
  return worth(price, p) - bandedRequirement(p.size * price, p.bands);
}

/** Balance less requirement on Bybit: the requirement is fixed at the entry price, the fee by the leverage. */
export function excessOnBybit(price: number, p: OracleVenuePosition): number {
  const bankruptcy =
    p.sign === 1 ? p.entryPrice - p.entryPrice / p.leverage : p.entryPrice + p.entryPrice / p.leverage;
  const toClose = p.size * bankruptcy * p.takerFeeRate;
  return worth(price, p) - bandedRequirement(p.size * p.entryPrice, p.bands) - toClose;
}

/** Balance less requirement on OKX: one rate for the whole size, and the fee at the price. */
export function excessOnOkx(price: number, p: OracleVenuePosition, tiers: readonly OracleSizeTier[]): number {
  let rate = 0;
  for (const tier of tiers) {
    rate = tier.rate;
    if (p.size <= tier.upTo) break;
  }
  return worth(price, p) - p.size * price * rate - p.size * price * p.takerFeeRate;
}

/** Hyperliquid's tiers as bands: each slice pays half of what its top leverage asks for at the start. */
export function halvedLeverageBands(
  tiers: readonly { readonly lowerBound: number; readonly maxLeverage: number }[],
): readonly Band[] {
  return tiers.map(({ maxLeverage }, i) => ({
    cap: tiers[i + 1]?.lowerBound ?? Number.POSITIVE_INFINITY,
    rate: 0.5 / maxLeverage,
  }));
}
