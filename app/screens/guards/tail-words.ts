/** Tail risk in words: intervals, how a figure was scaled, and what an origin knows. */
import type { HistoryFacts, HistoryOrigin, TailBacktest } from '../../../workers/contract/tail-risk.ts';
import { formatCount, formatNumber } from '../../format/number.ts';
import { formatAge } from '../../format/time.ts';

const MINUTE_MICROS = 60e6;
const HOUR_MICROS = 60 * MINUTE_MICROS;
const DAY_MICROS = 24 * HOUR_MICROS;

export const ORIGIN_NAMES: Readonly<Record<HistoryOrigin, string>> = {
  run: 'This run',
  file: 'File',
  venue: 'Venue',
};

export const LIGHTS: Readonly<
  Record<TailBacktest['light'], { readonly word: string; readonly means: string }>
> = {
  green: { word: 'green', means: 'as many as are to be expected' },
  yellow: { word: 'yellow', means: 'more than in 95 of 100 right models' },
  red: { word: 'red', means: 'more than in 9,999 of 10,000 right models' },
};

/** `1-minute`, `8-hour`, `daily`, `7-day` */
export function intervalWords(micros: number): string {
  if (micros === DAY_MICROS) return 'daily';
  const [unit, size] =
    micros >= DAY_MICROS
      ? ['day', DAY_MICROS]
      : micros >= HOUR_MICROS
        ? ['hour', HOUR_MICROS]
        : (['minute', MINUTE_MICROS] as const);
  const count = micros / Number(size);
  return `${formatNumber(count, Number.isInteger(count) ? 0 : 1)}-${unit}`;
}

/** `512 1-minute returns, newest 20.0 s ago` */
export function historyWords(
  { observations, intervalMicros, untilMicros, missing }: HistoryFacts,
  nowMicros: number,
): string {
  if (missing.length > 0) return `no closes of ${missing.map(shortName).join(', ')}`;
  if (intervalMicros === null || untilMicros === null) return 'no returns yet';
  const returns = `${formatCount(observations)} ${intervalWords(intervalMicros)} returns`;
  return `${returns}, ${ageWords(nowMicros - untilMicros)}`;
}

function ageWords(age: number): string {
  if (age < 0) return 'ends after the present of this run';
  if (age >= 2 * DAY_MICROS) return `newest ${formatCount(Math.floor(age / DAY_MICROS))} days ago`;
  return `newest ${formatAge(age / 1_000)} ago`;
}

/** How figures of an interval became those of a day. */
export function scaleWords(intervalMicros: number, scale: number): string {
  if (scale === 1) return 'from daily returns';
  return `scaled from ${intervalWords(intervalMicros)} returns by √time (× ${formatNumber(scale, 2)})`;
}

/** An instrument without its venue. */
export function shortName(instrument: string): string {
  return instrument.slice(instrument.indexOf(':') + 1);
}

/** A message without the venues of its instruments. */
export function withoutVenues(message: string): string {
  return message.replace(/\b(binance-usdm|cme-globex):/g, '');
}
