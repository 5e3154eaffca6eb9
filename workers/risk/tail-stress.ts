/** Conditional stress of the pools: one factor is struck, the others follow, and the weakest pool is named. */
import { marginStatus } from '../../engine/margin/margin-status.ts';
import type { FactorCorrelation } from '../../engine/risk/portfolio/portfolio-tail.ts';
import type { RiskPool } from '../../engine/risk/portfolio/risk-pool.ts';
import { stressPools } from '../../engine/risk/portfolio/stress.ts';
import type { FactorExposure, TailStress, TailStressQuestion } from '../contract/tail-risk.ts';

/** @param exposures - in the order of the correlation, the largest first, at least one */
export function tailStress(
  { factor, shock, correlationSpike }: TailStressQuestion,
  pools: readonly RiskPool[],
  exposures: readonly FactorExposure[],
  { matrix, deviations }: FactorCorrelation,
): TailStress {
  const factors = exposures.map((exposure) => exposure.factor);
  // What was held when the question was asked may be gone.
  const struck = factor !== null && factors.includes(factor) ? factor : (factors[0] ?? '');
  const report = stressPools(
    pools,
    // Only ratios of deviations count, so those of any interval do.
    { factors, correlation: matrix, deviations },
    { factor: struck, shock, correlationSpike, volatilityFactor: 1 },
  );
  const required = report.pools.filter(({ after }) => Number.isFinite(after.ratio));
  const weakest = required.toSorted((a, b) => a.after.ratio - b.after.ratio)[0];
  return {
    factor: struck,
    returns: report.returns,
    weakest:
      weakest === undefined
        ? null
        : {
            pool: weakest.id,
            before: weakest.before.ratio,
            after: weakest.after.ratio,
            statusAfter: marginStatus(weakest.after.ratio),
          },
    fallen: required.filter(({ after }) => after.ratio <= 1).length,
    pools: pools.length,
  };
}
