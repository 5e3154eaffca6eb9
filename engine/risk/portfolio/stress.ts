/** Stress: one factor is struck, the others follow as far as they are correlated with it, more so in a panic. */
import { assert } from '../../core/assert.ts';
import { at, type Matrix, spikedCorrelation } from './correlation.ts';
import { type MarketMove, type PoolFigures, poolFigures, type RiskPool } from './risk-pool.ts';

/** What is known of the factors together. */
export interface FactorModel {
  readonly factors: readonly string[];
  /** Positive definite, ones on the diagonal, same order. */
  readonly correlation: Matrix;
  /** Standard deviations of one day's returns, same order. */
  readonly deviations: readonly number[];
}

/** A stress to be applied. */
export interface StressQuestion {
  /** The factor that is struck and its return, e.g. −0.2. */
  readonly factor: string;
  readonly shock: number;
  /** Share of the way to 1 that every correlation moves, 0 to below 1. */
  readonly correlationSpike: number;
  readonly volatilityFactor: number;
}

/** Pools before and after. */
export interface StressReport {
  readonly question: StressQuestion;
  readonly returns: readonly { readonly factor: string; readonly move: number }[];
  readonly pools: readonly {
    readonly id: string;
    readonly before: PoolFigures;
    readonly after: PoolFigures;
  }[];
}

/**
 * The move of all factors when one is struck: E[rⱼ | rᵢ = s] = ρᵢⱼ · σⱼ ÷ σᵢ · s, normal returns, ρ after the spike. Factors
 * outside the model do not move. No return is below −1.
 */
export function conditionalMove(model: FactorModel, question: StressQuestion): MarketMove {
  const struck = model.factors.indexOf(question.factor);
  assert(struck >= 0, `no factor ${question.factor} in the model`);
  const correlation = spikedCorrelation(model.correlation, question.correlationSpike);
  const own = model.deviations[struck] ?? 0;
  assert(own > 0, `${question.factor} has no deviation`);
  const moves = new Map(
    model.factors.map((factor, j) => [
      factor,
      j === struck
        ? question.shock
        : Math.max(-1, (at(correlation, struck, j) * (model.deviations[j] ?? 0) * question.shock) / own),
    ]),
  );
  return {
    returnOf: (factor) => moves.get(factor) ?? 0,
    volatilityFactor: question.volatilityFactor,
  };
}

/** Applies a stress to every pool. */
export function stressPools(
  pools: readonly RiskPool[],
  model: FactorModel,
  question: StressQuestion,
): StressReport {
  const move = conditionalMove(model, question);
  const still = { returnOf: () => 0, volatilityFactor: 1 };
  return {
    question,
    returns: model.factors.map((factor) => ({ factor, move: move.returnOf(factor) })),
    pools: pools.map((pool) => ({
      id: pool.id,
      before: poolFigures(pool, still),
      after: poolFigures(pool, move),
    })),
  };
}
