/** How far a perpetual is supposed to move under SPAN: price scan ranges that no clearing house publishes, each with where it came from. */

/**
 * Standard deviation of one day's log returns: closes every eight hours, 1,638 returns, times the root of 3 (0.013527 of BTCUSDT and
 * 0.015347 of ETHUSDT in eight hours).
 */
const DATED: ReadonlyMap<string, number> = new Map([
  ['BTC', 0.02343],
  ['ETH', 0.02658],
]);
/** Correlation of the same returns of BTCUSDT and ETHUSDT. */
const DATED_CORRELATION = 0.824;
const DATED_SOURCE = 'closes of Binance USDT-M perpetuals every 8 hours, 2023-01-01 to 2024-07-01';
/** For assets nobody measured here: about twice the majors. */
const UNMEASURED_DAILY = 0.05;

/** Where the volatility behind a scan range is taken from. */
export type ScanOrigin = 'dated' | 'run';

/** The reader's choices; everything else follows from them. */
export interface ScanChoices {
  readonly origin: ScanOrigin;
  /** Daily standard deviations in one price scan range. */
  readonly deviations: number;
  /** Price scan ranges by base asset as shares of the price, in place of the derived ones. */
  readonly entered: Readonly<Record<string, number>>;
}

/** A price scan range as a share of the price, 0 to 1. */
export interface ScanRate {
  readonly asset: string;
  readonly rate: number;
  /** `assumed` where nothing was measured. */
  readonly origin: 'entered' | 'run' | 'dated' | 'assumed';
  readonly source: string;
}

/**
 * The scan range of one base asset: as entered, else so many daily standard deviations, of the run where that is chosen and known,
 * else of dated closes, else of an assumed volatility.
 *
 * @param runVolatility - standard deviation of a day as estimated from the run; null until known
 *
 * A price falls by no more than itself, so the rate is at most 1.
 */
export function scanRate(asset: string, runVolatility: number | null, choices: ScanChoices): ScanRate {
  const entered = choices.entered[asset];
  if (entered !== undefined) return { asset, rate: entered, origin: 'entered', source: 'entered by hand' };
  const { deviations } = choices;
  const derived = (daily: number, origin: 'run' | 'dated' | 'assumed', of: string): ScanRate => ({
    asset,
    rate: Math.min(1, deviations * daily),
    origin,
    source: `${deviations} daily standard deviations of ${(daily * 100).toFixed(2)} %, ${of}`,
  });
  if (choices.origin === 'run' && runVolatility !== null && runVolatility > 0) {
    return derived(runVolatility, 'run', 'estimated from this run');
  }
  const dated = DATED.get(asset);
  if (dated !== undefined) return derived(dated, 'dated', DATED_SOURCE);
  return derived(UNMEASURED_DAILY, 'assumed', 'assumed, nothing measured');
}

/** A credit that would follow from a measured correlation. */
export interface SuggestedCredit {
  readonly rate: number;
  readonly source: string;
}

/**
 * What two assets of equal risk held against each other would be given back: 1 − √((1 − ρ) ÷ 2), since their sum of risks 2σ is in
 * truth σ√(2 (1 − ρ)).
 *
 * @example ρ = 1 gives back everything, ρ = −1 nothing
 */
export function creditOfCorrelation(correlation: number): number {
  return 1 - Math.sqrt((1 - correlation) / 2);
}

/** The credit between Bitcoin and Ether by the dated correlation. */
export const SUGGESTED_CREDIT: SuggestedCredit = {
  rate: creditOfCorrelation(DATED_CORRELATION),
  source: `correlation ${DATED_CORRELATION}, ${DATED_SOURCE}`,
};
