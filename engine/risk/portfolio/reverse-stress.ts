/** Reverse stress: the smallest shock that breaks a pool, along a given direction and along the most likely one. */
import { at, covariance } from './correlation.ts';
import { poolFigures, type RiskPool } from './risk-pool.ts';
import type { FactorModel } from './stress.ts';
import { portfolioDeviation } from './value-at-risk.ts';

/** The shock that first brings a pool to a ratio of 1. */
export interface BreakingShock {
  readonly pool: string;
  /** Return of each factor at the break. */
  readonly returns: readonly { readonly factor: string; readonly move: number }[];
  /** How far along the direction: the common move where all move alike, standard deviations for the most likely shock. */
  readonly size: number;
}

/** Largest shock that is looked at: prices gone, or risen fivefold; 50 standard deviations. */
const MOST_FALL = 1;
const MOST_RISE = 4;
const MOST_DEVIATIONS = 50;
/** First the direction is walked in steps, so that a pool that breaks and recovers is not stepped over unseen. */
const STEPS = 400;
const HALVINGS = 60;

/**
 * The smallest common move, up or down, that breaks a pool of a portfolio; null where none within the limits does.
 *
 * @param betaOf - how far a factor moves with the common move; 1 for all by default
 */
export function smallestCommonShock(
  pools: readonly RiskPool[],
  betaOf: (factor: string) => number = () => 1,
): BreakingShock | null {
  let best: BreakingShock | null = null;
  for (const pool of pools) {
    for (const [sign, most] of [
      [-1, MOST_FALL],
      [1, MOST_RISE],
    ] as const) {
      const limit = best === null ? most : Math.min(most, Math.abs(best.size));
      const size = firstBreak(pool, limit, (s) => (factor) => sign * s * betaOf(factor));
      if (size === null || (best !== null && size >= Math.abs(best.size))) continue;
      best = {
        pool: pool.id,
        size: size === 0 ? 0 : sign * size,
        returns: returnsOf(pool, (f) => sign * size * betaOf(f)),
      };
    }
  }
  return best;
}

/**
 * The most likely shock that breaks a pool: of all returns that lose as much, those of least Mahalanobis distance lie along
 * −Σw, where w are the exposures. Distance is counted in standard deviations of the pool's own profit.
 */
export function likeliestShock(pools: readonly RiskPool[], model: FactorModel): BreakingShock | null {
  const covariances = covariance(model.correlation, model.deviations);
  let best: BreakingShock | null = null;
  for (const pool of pools) {
    const exposures = model.factors.map((factor) =>
      pool.positions.reduce((sum, p) => (p.factor === factor ? sum + p.signedNotional : sum), 0),
    );
    const deviation = portfolioDeviation(exposures, covariances);
    if (!(deviation > 0)) continue;
    // One standard deviation along this direction costs the pool exactly `deviation`.
    const direction = model.factors.map(
      (_, i) => -exposures.reduce((sum, w, j) => sum + at(covariances, i, j) * w, 0) / deviation,
    );
    const moveOf =
      (s: number) =>
      (factor: string): number =>
        s * (direction[model.factors.indexOf(factor)] ?? 0);
    const size = firstBreak(pool, best?.size ?? MOST_DEVIATIONS, moveOf);
    if (size === null || (best !== null && size >= best.size)) continue;
    best = { pool: pool.id, size, returns: returnsOf(pool, moveOf(size)) };
  }
  return best;
}

/** The smallest size at which a pool breaks, to within a billionth; null where it holds up to the limit. */
function firstBreak(
  pool: RiskPool,
  limit: number,
  moveOf: (size: number) => (factor: string) => number,
): number | null {
  const breaks = (size: number): boolean => {
    const { ratio } = poolFigures(pool, { returnOf: moveOf(size), volatilityFactor: 1 });
    return ratio <= 1;
  };
  if (breaks(0)) return 0;
  let safe = 0;
  for (let step = 1; step <= STEPS; step++) {
    const size = (limit * step) / STEPS;
    if (breaks(size)) return edgeOf(breaks, safe, size);
    safe = size;
  }
  return null;
}

/** The least size that breaks, between one that does not and one that does. */
function edgeOf(breaks: (size: number) => boolean, safe: number, broken: number): number {
  let [low, high] = [safe, broken];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (breaks(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function returnsOf(
  { positions }: RiskPool,
  moveOf: (factor: string) => number,
): readonly { factor: string; move: number }[] {
  return [...new Set(positions.map(({ factor }) => factor))].map((factor) => ({
    factor,
    move: moveOf(factor),
  }));
}
