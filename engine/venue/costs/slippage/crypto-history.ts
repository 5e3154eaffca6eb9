/** What was known at an instant: conditions of the slippage model from a market's past, and from its past alone. */
import { fail, ok, type Result } from '../../../core/result.ts';
import type { VolatilityRegime } from './crypto-coefficients.ts';
import type { CryptoConditions } from './crypto-slippage.ts';
import type { Touch } from './slippage-estimate.ts';

/** A bar. It is known from its close on. */
export interface HistoryBar {
  readonly openMicros: number;
  readonly closeMicros: number;
  readonly closeTicks: number;
  /** Volume within the bar. */
  readonly volumeLots: number;
}

/** A record of a market, each list ascending in time. It may reach beyond the instant asked about. */
export interface CryptoHistory {
  readonly bars: readonly HistoryBar[];
  readonly touches: readonly { readonly atMicros: number; readonly touch: Touch }[];
  readonly displayed: readonly { readonly atMicros: number; readonly bid: number; readonly ask: number }[];
  readonly fundingRates: readonly { readonly atMicros: number; readonly rate: number }[];
  /** Null where liquidations were not recorded. An empty list would not do: later events would tell it from none. */
  readonly liquidations: readonly { readonly atMicros: number; readonly lots: number }[] | null;
  readonly openInterest: readonly { readonly atMicros: number; readonly lots: number }[];
}

/** Bars over which volatility, its regime and the recent return are taken. */
const PERIODS = 20;
const HOUR_MICROS = 3_600_000_000;
const DAY_MICROS = 24 * HOUR_MICROS;

/**
 * The conditions at an instant, from what was known by then: bars closed, touches and rates seen, at or before it.
 * Changing anything later cannot change the answer.
 *
 * - Daily volume: volume of the bars of the last day, scaled to a whole day where they cover less.
 * - Daily volatility: root mean square of the last 20 bar returns, scaled by the root of bars per day.
 * - Regime: rank of the latest absolute return among the 20 before it; lowest quarter calm, highest stressed.
 * - Liquidations: those of the last hour.
 *
 * Fails: `costs/touch-missing` when no touch had been seen.
 */
export function cryptoConditionsAt(history: CryptoHistory, atMicros: number): Result<CryptoConditions> {
  const touch = latest(history.touches, atMicros);
  if (touch === null) return fail('costs/touch-missing', `no touch had been seen by ${atMicros}`);
  const bars = history.bars.filter((bar) => bar.closeMicros <= atMicros);
  const returns = barReturns(bars);
  const displayed = latest(history.displayed, atMicros);
  const fundingRate = latest(history.fundingRates, atMicros)?.rate ?? null;
  const openInterestLots = latest(history.openInterest, atMicros)?.lots ?? null;
  return ok({
    touch: touch.touch,
    dailyVolumeLots: dailyVolume(bars, atMicros),
    displayedLots: displayed,
    imbalance: displayed === null ? null : imbalanceOf(displayed.bid, displayed.ask),
    dailyVolatility: dailyVolatility(bars, returns),
    volatilityRegime: regimeOf(returns),
    fundingRate,
    liquidatedLots: liquidatedWithin(history, atMicros - HOUR_MICROS, atMicros),
    openInterestLots,
    btcCorrelation: null,
    recentReturn: recentReturn(bars),
    hourUtc: Math.floor(atMicros / HOUR_MICROS) % 24,
  });
}

/** From −1 to 1; null when neither side shows anything. */
function imbalanceOf(bid: number, ask: number): number | null {
  return bid + ask > 0 ? (bid - ask) / (bid + ask) : null;
}

/** The last record at or before the instant. */
function latest<T extends { readonly atMicros: number }>(records: readonly T[], atMicros: number): T | null {
  return records.findLast((record) => record.atMicros <= atMicros) ?? null;
}

function barReturns(bars: readonly HistoryBar[]): readonly number[] {
  return bars.slice(-PERIODS - 2).flatMap((bar, i, recent) => {
    const before = recent[i - 1];
    return before === undefined ? [] : [Math.log(bar.closeTicks / before.closeTicks)];
  });
}

function dailyVolume(bars: readonly HistoryBar[], atMicros: number): number | null {
  const recent = bars.filter((bar) => bar.openMicros >= atMicros - DAY_MICROS);
  const covered = recent.reduce((sum, bar) => sum + (bar.closeMicros - bar.openMicros), 0);
  const volume = recent.reduce((sum, bar) => sum + bar.volumeLots, 0);
  return covered > 0 ? (volume * DAY_MICROS) / covered : null;
}

function dailyVolatility(bars: readonly HistoryBar[], returns: readonly number[]): number | null {
  const last = bars.at(-1);
  const recent = returns.slice(-PERIODS);
  if (last === undefined || recent.length < PERIODS) return null;
  const meanSquare = recent.reduce((sum, r) => sum + r * r, 0) / recent.length;
  return Math.sqrt((meanSquare * DAY_MICROS) / (last.closeMicros - last.openMicros));
}

function regimeOf(returns: readonly number[]): VolatilityRegime | null {
  const now = returns.at(-1);
  const before = returns.slice(-PERIODS - 1, -1);
  if (now === undefined || before.length < PERIODS) return null;
  const rank = before.filter((r) => Math.abs(r) < Math.abs(now)).length / before.length;
  if (rank < 0.25) return 'calm';
  return rank > 0.75 ? 'stressed' : 'normal';
}

function recentReturn(bars: readonly HistoryBar[]): number | null {
  const now = bars.at(-1);
  const then = bars.at(-1 - PERIODS);
  return now === undefined || then === undefined ? null : now.closeTicks / then.closeTicks - 1;
}

function liquidatedWithin(history: CryptoHistory, afterMicros: number, atMicros: number): number | null {
  if (history.liquidations === null) return null;
  return history.liquidations
    .filter((event) => event.atMicros > afterMicros && event.atMicros <= atMicros)
    .reduce((sum, event) => sum + event.lots, 0);
}
