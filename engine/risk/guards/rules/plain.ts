/** Whether no rule for a crypto order would find anything: the screen in front of the rules, for orders that nothing is wrong with. */
import type { GuardConfiguration } from '../guard-configuration.ts';
import type { OrderTrial } from '../order-trial.ts';
import type { SlotLimits } from '../slot-limits.ts';

/** The limits at which the first rule would speak, by instrument. */
export interface PlainLimits {
  readonly markMicros: number;
  readonly walletMicros: number;
  readonly symbolLeverage: number;
  /** Multiples of equity. */
  readonly accountNotional: number;
  readonly symbolNotional: number;
  readonly groupNotional: number;
  readonly ratio: number;
  readonly fundingMicros: number;
  readonly fundingRate: number;
  readonly fundingDayShare: number;
  readonly adlMicros: number;
  readonly adlShare: number;
}

/** The limits of an instrument. A rule that is switched off leaves a limit that nothing passes: the rules then decide. */
export function plainLimits(configuration: GuardConfiguration, limits: SlotLimits): PlainLimits {
  const { oldest, leverage, margin, concentration, funding, adl } = configuration;
  return {
    markMicros: oldest.markSeconds * 1e6,
    walletMicros: oldest.walletSeconds * 1e6,
    symbolLeverage: limits.symbolLeverage,
    accountNotional: leverage.account * leverage.warnShare,
    symbolNotional: leverage.account * limits.symbolShare * concentration.warnShare,
    groupNotional: leverage.account * concentration.groupShare,
    ratio: Math.max(margin.warnRatio, margin.blockRatio),
    fundingMicros: oldest.fundingSeconds * 1e6,
    fundingRate: funding?.warnRate ?? Number.NaN,
    fundingDayShare: funding?.dayShare ?? Number.NaN,
    adlMicros: oldest.adlSeconds * 1e6,
    adlShare: adl?.warnShare ?? Number.NaN,
  };
}

/**
 * True only where every rule for crypto orders is silent. Every test is written so that a number that is none fails it, and
 * whatever fails is left to the rules, which alone decide. That both agree is tested over random cases.
 */
export function isPlain(trial: OrderTrial, limits: PlainLimits): boolean {
  const { nowMicros, notional, equity, chosenLeverage } = trial;
  return (
    nowMicros - trial.markAtMicros <= limits.markMicros &&
    nowMicros - trial.walletAtMicros <= limits.walletMicros &&
    chosenLeverage >= 1 &&
    chosenLeverage <= limits.symbolLeverage &&
    chosenLeverage <= trial.bracketLeverage &&
    notional <= trial.notionalCap &&
    trial.accountNotional <= limits.accountNotional * equity &&
    trial.funds <= trial.balance &&
    trial.ratioAfter >= limits.ratio &&
    notional <= limits.symbolNotional * equity &&
    trial.groupNotional <= limits.groupNotional * equity &&
    nowMicros - trial.fundingAtMicros <= limits.fundingMicros &&
    nowMicros >= trial.fundingAtMicros &&
    trial.fundingPaidRate < limits.fundingRate &&
    trial.fundingPredictedRate < limits.fundingRate &&
    trial.fundingDayCost <= limits.fundingDayShare * equity &&
    (!(trial.heldLots * trial.side > 0) ||
      (nowMicros - trial.adlAtMicros <= limits.adlMicros &&
        nowMicros >= trial.adlAtMicros &&
        trial.adlShare < limits.adlShare))
  );
}
