/** Backtest of a value at risk by walking forward: each forecast knows only the returns before it. */
import { backtestRisk, type RiskBacktest } from './risk-backtest.ts';
import { standardDeviation } from './statistics.ts';
import { historicalTailRisk, parametricTailRisk, type TailRisk } from './value-at-risk.ts';

/**
 * Zone of a number of exceedances. `green`: as many are to be expected; `yellow`: 95 % of all right models have fewer or as many;
 * `red`: 99.99 % have.
 *
 * Source: Basel Committee, "Supervisory framework for the use of backtesting", January 1996: for 250 days at 99 % green is up to
 * 4, yellow 5 to 9, red from 10.
 */
export type TrafficLight = 'green' | 'yellow' | 'red';

const YELLOW_FROM = 0.95;
const RED_FROM = 0.9999;

/** A backtest with its zone and the number of returns each forecast was made from. */
export interface TailBacktest extends RiskBacktest {
  readonly method: TailRisk['method'];
  readonly window: number;
  readonly light: TrafficLight;
}

const LEAST_WINDOW = 30;
const MOST_WINDOW = 250;
const LEAST_FORECASTS = 30;

/** Fewest returns that can be tested at a confidence: a window that holds one return beyond it, and forecasts to judge by. */
export function leastTestable(confidence: number): number {
  return leastWindow(confidence) + LEAST_FORECASTS;
}

function leastWindow(confidence: number): number {
  return Math.max(LEAST_WINDOW, Math.ceil(Math.round(1e9 / (1 - confidence)) / 1e9));
}

/**
 * Forecasts each profit's value at risk from those before it, and tests how often it was exceeded.
 *
 * @param profits - of fixed exposures, oldest first
 *
 * @returns null with fewer than {@link leastTestable} profits
 */
export function walkForward(
  profits: Float64Array,
  confidence: number,
  method: TailRisk['method'],
): TailBacktest | null {
  if (profits.length < leastTestable(confidence)) return null;
  const half = Math.min(MOST_WINDOW, profits.length >> 1);
  const window = Math.max(leastWindow(confidence), half);
  const exceeded: boolean[] = [];
  for (let t = window; t < profits.length; t++) {
    const past = profits.subarray(t - window, t);
    const { valueAtRisk } =
      method === 'historical'
        ? historicalTailRisk(past, confidence)
        : parametricTailRisk([1], [[standardDeviation(past) ** 2]], confidence);
    exceeded.push(-(profits[t] ?? 0) > valueAtRisk);
  }
  const test = backtestRisk(exceeded, confidence);
  return { ...test, method, window, light: trafficLight(test.exceedances, test.days, confidence) };
}

/** The zone of so many exceedances in so many days. */
export function trafficLight(exceedances: number, days: number, confidence: number): TrafficLight {
  const share = binomialCdf(exceedances, days, 1 - confidence);
  if (share >= RED_FROM) return 'red';
  return share >= YELLOW_FROM ? 'yellow' : 'green';
}

/** Probability of at most `k` hits in `n` independent trials of probability `p`. */
function binomialCdf(k: number, n: number, p: number): number {
  let term = n * Math.log1p(-p);
  let sum = Math.exp(term);
  for (let i = 1; i <= k; i++) {
    term += Math.log(((n - i + 1) / i) * (p / (1 - p)));
    sum += Math.exp(term);
  }
  return sum;
}
