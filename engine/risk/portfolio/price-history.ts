/** Closes of instruments from one origin, the returns of several of them at common times, and which origin to believe. */
import type { Micros } from '../../core/units.ts';

/** Where closes come from: minutes of this run, a file of the reader, the venue's own candles. */
export type HistoryOrigin = 'run' | 'file' | 'venue';

/** Closes of one instrument, oldest first, no instant twice. */
export interface PriceSeries {
  readonly atMicros: readonly number[];
  readonly closes: readonly number[];
}

/** Closes of one origin by the name that the origin gives an instrument, in capitals. */
export interface PriceHistory {
  readonly origin: HistoryOrigin;
  readonly series: ReadonlyMap<string, PriceSeries>;
}

/** Simple returns of several instruments between the same instants. */
export interface CommonReturns {
  /** One row an instrument, oldest first, all equally long. */
  readonly returns: readonly Float64Array[];
  readonly observations: number;
  /** Usual time between two closes; null where there are none. */
  readonly intervalMicros: number | null;
  /** Instant of the newest common close. */
  readonly untilMicros: Micros | null;
  /** Instruments of which this origin knows nothing. */
  readonly missing: readonly string[];
}

/** Fewer returns give no figure. */
export const LEAST_RETURNS = 30;
/** From here on a longer interval is believed before a shorter one. */
export const ENOUGH_RETURNS = 60;
/** Older returns are left out. */
const MOST_RETURNS = 2_000;

const DAY_MICROS = 86_400e6;
/** Days without a close between two trading days: a weekend and its holidays. */
const MOST_CLOSED_DAYS = 4;
/** Closes further apart than so many intervals have a gap between them, which is no return. */
const MOST_INTERVALS = 1.5;
const LEAST_INTERVALS = 0.5;

/** Ties are broken in this order. */
const PREFERENCE: readonly HistoryOrigin[] = ['file', 'venue', 'run'];

const DATED = /^([A-Z0-9]{1,4})[FGHJKMNQUVXZ][0-9]{1,2}$/;

/**
 * The series of an instrument: under its full id, its symbol, or, for a dated future, the code of its product, whose
 * continuous series stands for every expiry.
 */
export function seriesOf({ series }: PriceHistory, instrument: string): PriceSeries | null {
  const id = instrument.toUpperCase();
  const symbol = id.slice(id.indexOf(':') + 1);
  const isDated = id.startsWith('CME-GLOBEX:');
  const product = isDated ? DATED.exec(symbol)?.[1] : undefined;
  return (
    series.get(id) ?? series.get(symbol) ?? (product === undefined ? null : (series.get(product) ?? null))
  );
}

/**
 * Returns of instruments between closes that all of them have. The usual distance of these is the interval; closes with a gap
 * between them give no return, but daily closes may skip a weekend or holidays.
 */
export function commonReturns(history: PriceHistory, instruments: readonly string[]): CommonReturns {
  const found = instruments.map((instrument) => seriesOf(history, instrument));
  const missing = instruments.filter((_, i) => found[i] === null);
  const series = found.flatMap((one) => one ?? []);
  const times = missing.length > 0 ? [] : commonTimes(series);
  const intervalMicros = medianGap(times);
  const none = { returns: instruments.map(() => new Float64Array(0)), observations: 0 };
  if (intervalMicros === null) return { ...none, intervalMicros, untilMicros: null, missing };
  const steps: number[] = [];
  for (let k = 1; k < times.length; k++) {
    if (isReturn((times[k] ?? 0) - (times[k - 1] ?? 0), intervalMicros)) steps.push(k);
  }
  const kept = steps.slice(-MOST_RETURNS);
  const returns = series.map((one) => {
    const path = pathOf(one, times);
    return Float64Array.from(kept, (k) => (path[k] ?? Number.NaN) / (path[k - 1] ?? Number.NaN) - 1);
  });
  const untilMicros = times.at(-1) as Micros;
  return { returns, observations: kept.length, intervalMicros, untilMicros, missing };
}

function commonTimes([first, ...others]: readonly PriceSeries[]): readonly number[] {
  if (first === undefined) return [];
  const known = others.filter((other) => !isSame(first, other)).map(({ atMicros }) => new Set(atMicros));
  return known.length === 0
    ? first.atMicros
    : first.atMicros.filter((at) => known.every((times) => times.has(at)));
}

/** Most series of an origin have the same instants; then nothing has to be looked for. */
function isSame({ atMicros: a }: PriceSeries, { atMicros: b }: PriceSeries): boolean {
  return a === b || (a.length === b.length && a.every((at, i) => at === b[i]));
}

/** Closes at instants that the series has, in order. */
function pathOf({ atMicros, closes }: PriceSeries, times: readonly number[]): readonly number[] {
  if (times.length === atMicros.length) return closes;
  const path: number[] = [];
  let i = 0;
  for (const at of times) {
    while ((atMicros[i] ?? at) < at) i++;
    path.push(closes[i] ?? Number.NaN);
  }
  return path;
}

function medianGap(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? null;
}

function isReturn(gap: number, interval: number): boolean {
  if (gap < LEAST_INTERVALS * interval) return false;
  if (gap <= MOST_INTERVALS * interval) return true;
  return interval >= DAY_MICROS && gap <= interval + MOST_CLOSED_DAYS * DAY_MICROS;
}

/** What the choice looks at. */
type Candidate = Pick<CommonReturns, 'observations' | 'intervalMicros'> & { readonly origin: HistoryOrigin };

/**
 * The origin to believe: of those with enough returns the one of the longest interval, since what is scaled least is known
 * best; where none has enough, the one with the most. Null without any.
 */
export function bestHistory<T extends Candidate>(candidates: readonly T[]): T | null {
  const ranked = candidates.toSorted((a, b) => {
    const [x, y] = [a, b].map(({ observations }) => observations >= ENOUGH_RETURNS);
    if (x !== y) return x === true ? -1 : 1;
    const byInterval = (b.intervalMicros ?? 0) - (a.intervalMicros ?? 0);
    const byCount = b.observations - a.observations;
    const byOrigin = PREFERENCE.indexOf(a.origin) - PREFERENCE.indexOf(b.origin);
    return (x === true ? byInterval : byCount) || byOrigin;
  });
  return ranked[0] ?? null;
}

/** How much larger a day's move is than one of an interval, for independent returns: √(day ÷ interval). */
export function dayScale(intervalMicros: number): number {
  return Math.sqrt(DAY_MICROS / intervalMicros);
}
