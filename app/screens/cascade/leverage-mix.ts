/** The leverage mix of a crowd as one slider: its mean, moved by tilting the weights. */
import type { ScenarioPopulation } from '../../../engine/simulation/cascade/cascade-scenario.ts';

type LeverageMix = ScenarioPopulation['leverageMix'];

/** Mean leverage by weight. */
export function meanLeverage(mix: LeverageMix): number {
  let weights = 0;
  let sum = 0;
  for (const { leverage, weight } of mix) {
    weights += weight;
    sum += leverage * weight;
  }
  return weights === 0 ? 1 : sum / weights;
}

/** Multiplies the weights by a power of leverage until the mean fits: the leverages offered stay. */
export function mixWithMean(mix: LeverageMix, mean: number): LeverageMix {
  const tilted = (power: number): LeverageMix =>
    mix.map(({ leverage, weight }) => ({
      leverage,
      weight: Math.round(weight * leverage ** power * 1e6) / 1e6,
    }));
  let low = -4;
  let high = 4;
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (meanLeverage(tilted(middle)) < mean) low = middle;
    else high = middle;
  }
  return tilted(low);
}
