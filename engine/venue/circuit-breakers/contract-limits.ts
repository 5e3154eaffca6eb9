/** Which limits one contract has at a moment. */
import type { Increment } from '../../core/units.ts';
import type { ContractReference, References } from './breaker-inputs.ts';
import type { LimitRegime } from './limit-regimes.ts';
import {
  dynamicVariantTicks,
  limitWidthTicks,
  NO_LIMITS,
  nearerLimits,
  type PriceLimits,
} from './price-limits.ts';
import type { RollingExtremes } from './rolling-extremes.ts';
import type { TradingPhase } from './trading-phases.ts';

/** What the limits of a session follow from. */
export interface LimitBasis {
  readonly regime: LimitRegime;
  readonly tickSize: Increment;
  readonly phase: TradingPhase;
  readonly references: References | null;
  /** References that came during this session. */
  readonly nextReferences: References | null;
  /** Levels of the market that were reached, 0 to 3. */
  readonly levelsReached: number;
  readonly stepsPassed: number;
}

/**
 * The limits that stand whatever was traded in this session.
 *
 * Source: CME FAQ on U.S. equity index price limits; rule 589 for stepped limits. Each downside level gives way to the next
 * once the market has halted for it. After the close of stocks the nearer of −7 % from the new fixing and the day's −20 %
 * holds; until the new fixing is known, the latter alone.
 */
export function hardLimits(basis: LimitBasis, instrument: number): PriceLimits {
  const { regime, tickSize, references } = basis;
  const own = references?.contracts[instrument];
  if (regime.kind === 'stepped') return steppedLimits(regime.steps, basis, own);
  if (regime.kind !== 'equity-index') return NO_LIMITS;
  const around = (of: References | null, rate: string): PriceLimits => {
    const fixing = of?.contracts[instrument]?.fixingTicks ?? null;
    if (fixing === null || of === null || of.indexClose === null) return NO_LIMITS;
    const width = limitWidthTicks(rate, of.indexClose, regime.widthStep ?? tickSize, tickSize);
    return { lowTicks: fixing - width, highTicks: fixing + width };
  };
  const below = (rate: string): PriceLimits => ({ ...around(references, rate), highTicks: null });
  const [, , worst] = regime.levels;
  switch (basis.phase) {
    case 'overnight':
      return around(references, regime.overnightRate);
    case 'all-levels':
      return below(regime.levels[Math.min(basis.levelsReached, 2)] ?? worst);
    case 'level-3-only':
      return below(worst);
    case 'after-close':
      return nearerLimits(around(basis.nextReferences, regime.overnightRate), below(worst));
  }
}

/**
 * The limits that follow the extremes of the last hour; none while nothing was traded in it.
 *
 * Source: CME FAQ on dynamic circuit breakers: the high of the window less the variant, its low plus the variant.
 */
export function dynamicLimits(basis: LimitBasis, instrument: number, window: RollingExtremes): PriceLimits {
  const rate = dynamicRate(basis.regime, basis.phase);
  const settlement = basis.references?.contracts[instrument]?.settlementTicks ?? null;
  const { highTicks, lowTicks } = window;
  if (rate === null || settlement === null || highTicks === null || lowTicks === null) return NO_LIMITS;
  const variant = dynamicVariantTicks(rate, settlement);
  return { lowTicks: highTicks - variant, highTicks: lowTicks + variant };
}

/** The fraction of the dynamic breaker in a phase, or null where there is none. */
function dynamicRate(regime: LimitRegime, phase: TradingPhase): string | null {
  if (regime.kind === 'dynamic') return regime.rate;
  if (regime.kind !== 'equity-index') return null;
  return phase === 'overnight' || phase === 'after-close' ? regime.dynamicRate : null;
}

function steppedLimits(
  steps: readonly string[],
  { tickSize, stepsPassed }: LimitBasis,
  own: ContractReference | undefined,
): PriceLimits {
  const step = steps[stepsPassed];
  const settlement = own?.settlementTicks ?? null;
  if (step === undefined || settlement === null) return NO_LIMITS;
  const width = limitWidthTicks('1', step, tickSize, tickSize);
  return { lowTicks: settlement - width, highTicks: settlement + width };
}
