// Scores the slippage model against walks of a recorded book at the message after the decision, and fits it.
import { InstrumentFeed } from '../market/instrument-feed.ts';
import type { FeedFrame } from '../market/wire/feed-frame.ts';
import type { ContractSpec } from '../reference/instruments/contract-spec.ts';
import { BookWalk } from '../venue/costs/book-walk.ts';
import type { CryptoCoefficients } from '../venue/costs/slippage/crypto-coefficients.ts';
import { type CryptoConditions, estimateCryptoSlippage } from '../venue/costs/slippage/crypto-slippage.ts';
import { type BookObservation, observeBook } from '../venue/costs/slippage/observe-book.ts';
import type { OrderSide } from '../venue/matching/order-terms.ts';

/** Order sizes scored, in USD. */
export const SIZES_USD: readonly number[] = [1e4, 1e5, 1e6, 5e6, 1e7, 2e7];
const SIDES: readonly OrderSide[] = ['sell', 'buy'];
const HOUR_MICROS = 3_600_000_000;
const DAY_MICROS = 24 * HOUR_MICROS;

/** One order at one instant: what the model may see, and what the next book then charged. */
export interface Sample {
  readonly atMicros: number;
  readonly side: OrderSide;
  readonly sizeUsd: number;
  readonly sizeLots: number;
  readonly seen: BookObservation;
  /** Cost against the mid at the decision when the book of the next message is walked, in bps. */
  readonly actualBps: number;
  /** The same from the book at the decision: what one would say who had the whole book. */
  readonly wholeBookBps: number;
}

/** A session cut in two halves of time. */
export interface SlippageSession {
  readonly first: readonly Sample[];
  readonly second: readonly Sample[];
  /** Volume traded in the first half, scaled to a day, in lots: known before the second half begins. */
  readonly dailyVolumeLots: number;
}

interface Decision {
  readonly atMicros: number;
  readonly midTicks: number;
  readonly seen: BookObservation;
  readonly wholeBookBps: readonly number[];
}

const ORDERS: readonly { readonly side: OrderSide; readonly sizeUsd: number }[] = SIDES.flatMap((side) =>
  SIZES_USD.map((sizeUsd) => ({ side, sizeUsd })),
);

/** How samples are taken: depth is seen within the band; a decision is made at every n-th book change. */
export interface SamplingOptions {
  readonly bandBps: number;
  readonly everyNth: number;
}

/** Replays a session and takes one sample per decision, side and size. */
export function collectSamples(
  frames: readonly FeedFrame[],
  spec: ContractSpec,
  { bandBps, everyNth }: SamplingOptions,
): SlippageSession {
  const lotUsdPerTick =
    (spec.tickSize.mantissa * spec.lotSize.mantissa) / 10 ** (spec.tickSize.scale + spec.lotSize.scale);
  const lotsOf = (usd: number, midTicks: number): number => usd / (midTicks * lotUsdPerTick);
  const feed = new InstrumentFeed(spec, { expects: 'recorded' });
  const walk = new BookWalk();
  const samples: Sample[] = [];
  const trades: { readonly atMicros: number; readonly lots: number }[] = [];
  let decision: Decision | null = null;
  let changes = 0;
  const costs = (midTicks: number): readonly number[] =>
    ORDERS.map(({ side, sizeUsd }) => {
      const result = walk.walk(feed.book, side, lotsOf(sizeUsd, midTicks));
      if (result.unfilledLots > 0) throw new Error('the recorded book does not hold the largest order');
      return result.slippageBps(midTicks) ?? Number.NaN;
    });
  for (const frame of frames) {
    const outputs = feed.apply({ kind: 'frame', frame });
    const numbers = feed.takeTrades();
    for (let i = 0; i < numbers.length; i += 5) {
      trades.push({ atMicros: frame.receivedAtMicros, lots: numbers[i + 2] ?? 0 });
    }
    if (!outputs.some((output) => output.kind === 'book-changed')) continue;
    if (decision !== null) {
      const { atMicros, midTicks, seen, wholeBookBps } = decision;
      for (const [i, actualBps] of costs(midTicks).entries()) {
        const order = ORDERS[i] as (typeof ORDERS)[number];
        const sizeLots = lotsOf(order.sizeUsd, midTicks);
        samples.push({
          ...order,
          atMicros,
          sizeLots,
          seen,
          actualBps,
          wholeBookBps: wholeBookBps[i] as number,
        });
      }
      decision = null;
    }
    if (changes++ % everyNth !== 0) continue;
    const seen = observeBook(feed.book, bandBps);
    if (!seen.ok) throw new Error(seen.failure.message);
    const midTicks = (seen.value.touch.bidTicks + seen.value.touch.askTicks) / 2;
    const wholeBookBps = costs(midTicks);
    decision = { atMicros: frame.receivedAtMicros, midTicks, seen: seen.value, wholeBookBps };
  }
  const from = samples[0]?.atMicros ?? 0;
  const half = (from + (samples.at(-1)?.atMicros ?? 0)) / 2;
  const volume = trades.reduce(
    (sum, { atMicros, lots }) => (atMicros >= from && atMicros < half ? sum + lots : sum),
    0,
  );
  return {
    first: samples.filter((sample) => sample.atMicros < half),
    second: samples.filter((sample) => sample.atMicros >= half),
    dailyVolumeLots: (volume * DAY_MICROS) / (half - from),
  };
}

/** What the model is told about a sample: the book near the touch, the volume of the first half and the hour. */
export function conditionsOf(sample: Sample, dailyVolumeLots: number): CryptoConditions {
  return {
    ...sample.seen,
    dailyVolumeLots,
    dailyVolatility: null,
    volatilityRegime: null,
    fundingRate: null,
    liquidatedLots: null,
    openInterestLots: null,
    btcCorrelation: null,
    recentReturn: null,
    hourUtc: Math.floor(sample.atMicros / HOUR_MICROS) % 24,
  };
}

/** The model's cost of a sample in bps against the mid. */
export function predictedBps(c: CryptoCoefficients, sample: Sample, dailyVolumeLots: number): number {
  const estimate = estimateCryptoSlippage(c, sample, conditionsOf(sample, dailyVolumeLots));
  if (!estimate.ok) throw new Error(estimate.failure.message);
  return estimate.value.totalBps;
}

/** Errors of one set of predictions. */
export interface ErrorFigures {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  /** Mean of predicted − actual: positive when the model asks too much. */
  readonly bias: number;
}

/** Absolute errors over samples, in bps. */
export function errorsOf(samples: readonly Sample[], predict: (sample: Sample) => number): ErrorFigures {
  const signed = samples.map((sample) => predict(sample) - sample.actualBps);
  const errors = signed.map(Math.abs).sort((a, b) => a - b);
  return {
    count: errors.length,
    median: quantile(errors, 0.5),
    p95: quantile(errors, 0.95),
    bias: signed.reduce((sum, e) => sum + e, 0) / signed.length,
  };
}

/** The smallest value with at least this share of an ascending list at or below it. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? Number.NaN;
}

/** Predicts, for each side and size, the mean cost of the given samples. */
export function meanPredictor(samples: readonly Sample[]): (sample: Sample) => number {
  const sums = new Map<string, { sum: number; count: number }>();
  const keyOf = (sample: Sample): string => `${sample.side} ${sample.sizeUsd}`;
  for (const sample of samples) {
    const entry = sums.get(keyOf(sample)) ?? { sum: 0, count: 0 };
    sums.set(keyOf(sample), { sum: entry.sum + sample.actualBps, count: entry.count + 1 });
  }
  return (sample) => {
    const entry = sums.get(keyOf(sample));
    return entry === undefined ? Number.NaN : entry.sum / entry.count;
  };
}

/** Which coefficients a fit may choose from; those with one value stay as they are. */
export interface FitGrid {
  readonly participationExponents: readonly number[];
  readonly depthExponents: readonly number[];
  readonly imbalanceStrengths: readonly number[];
  /** The grid is searched on every n-th decision; the impact coefficient is then fitted on all of them. */
  readonly everyNth: number;
}

/** The best coefficients of a fit and the mean absolute error they leave, in bps. */
export interface Fit {
  readonly coefficients: CryptoCoefficients;
  readonly meanAbsoluteBps: number;
}

/** Median displayed depth of the taken side over daily volume. */
export function medianDisplayedShare(samples: readonly Sample[], dailyVolumeLots: number): number {
  const shares = samples.map(({ side, seen }) =>
    side === 'buy' ? seen.displayedLots.ask : seen.displayedLots.bid,
  );
  return (
    quantile(
      shares.sort((a, b) => a - b),
      0.5,
    ) / dailyVolumeLots
  );
}

/**
 * Chooses exponents from the grid and the impact coefficient to leave the least mean absolute error. For each choice of
 * exponents the impact coefficient is the exact best one: the median of actual ÷ unit impact, weighted by unit impact.
 */
export function fitCoefficients(
  base: CryptoCoefficients,
  grid: FitGrid,
  samples: readonly Sample[],
  dailyVolumeLots: number,
): Fit {
  const thinned = samples.filter((_, i) => Math.floor(i / ORDERS.length) % grid.everyNth === 0);
  let best: Fit | null = null;
  for (const exponent of grid.participationExponents) {
    for (const depthExponent of grid.depthExponents) {
      for (const strength of grid.imbalanceStrengths) {
        const depth = { ...base.displayedDepth.value, exponent: depthExponent };
        const unit: CryptoCoefficients = {
          ...base,
          impact: { ...base.impact, value: 1 },
          participationExponent: { ...base.participationExponent, value: exponent },
          displayedDepth: { ...base.displayedDepth, value: depth },
          imbalanceStrength: { ...base.imbalanceStrength, value: strength },
        };
        const fit = fitImpact(unit, thinned, dailyVolumeLots);
        if (best === null || fit.meanAbsoluteBps < best.meanAbsoluteBps) best = fit;
      }
    }
  }
  if (best === null) throw new Error('the grid is empty');
  const { coefficients } = best;
  return fitImpact(
    { ...coefficients, impact: { ...coefficients.impact, value: 1 } },
    samples,
    dailyVolumeLots,
  );
}

function fitImpact(unit: CryptoCoefficients, samples: readonly Sample[], dailyVolumeLots: number): Fit {
  const points = samples.map((sample) => {
    const estimate = estimateCryptoSlippage(unit, sample, conditionsOf(sample, dailyVolumeLots));
    if (!estimate.ok) throw new Error(estimate.failure.message);
    const { impactBps, halfSpreadBps } = estimate.value;
    return { impactBps, wantedBps: sample.actualBps - halfSpreadBps };
  });
  const weighed = points
    .filter(({ impactBps }) => impactBps > 0)
    .map(({ impactBps, wantedBps }) => ({ ratio: wantedBps / impactBps, weight: impactBps }))
    .sort((a, b) => a.ratio - b.ratio);
  let left = weighed.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let impact = Number.NaN;
  for (const { ratio, weight } of weighed) {
    left -= weight;
    impact = ratio;
    if (left <= 0) break;
  }
  const total = points.reduce((sum, p) => sum + Math.abs(impact * p.impactBps - p.wantedBps), 0);
  return {
    coefficients: { ...unit, impact: { ...unit.impact, value: impact } },
    meanAbsoluteBps: total / points.length,
  };
}
