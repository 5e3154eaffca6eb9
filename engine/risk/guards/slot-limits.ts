/** The limits of one instrument: the configuration with its override, looked up once. */
import type { GuardConfiguration } from './guard-configuration.ts';

/** Limits that may differ by symbol. */
export interface SlotLimits {
  readonly symbolLeverage: number;
  readonly symbolShare: number;
  readonly settlementWarnMinutes: number;
  readonly rolloverWarnDays: number;
  readonly requirementMultiplier: number;
}

/**
 * Limits of a symbol.
 *
 * @param key - the symbol of a crypto contract, the product code of a CME contract
 */
export function slotLimits(configuration: GuardConfiguration, key: string): SlotLimits {
  const own = Object.hasOwn(configuration.overrides, key) ? configuration.overrides[key] : undefined;
  return {
    symbolLeverage: own?.symbolLeverage ?? configuration.leverage.symbol,
    symbolShare: own?.symbolShare ?? configuration.concentration.symbolShare,
    settlementWarnMinutes: own?.settlementWarnMinutes ?? configuration.settlement.warnMinutes,
    rolloverWarnDays: own?.rolloverWarnDays ?? configuration.rollover.warnDays,
    requirementMultiplier: own?.requirementMultiplier ?? 1,
  };
}
