/** The limits of the guards: one versioned configuration with profiles and overrides by symbol. */

import type { GuardRuleId } from './guard-vocabulary.ts';

/** The version this code reads and writes. */
export const GUARD_CONFIGURATION_VERSION = 1;

/** Names of the profiles. */
export type GuardProfile =
  | 'default'
  | 'conservative'
  | 'aggressive'
  | 'crypto-only'
  | 'cme-only'
  | 'institutional';

/** What may differ by symbol: `BTCUSDT` for a crypto contract, the product code (`ES`) for a CME contract. */
export interface GuardOverride {
  readonly symbolLeverage?: number | undefined;
  readonly symbolShare?: number | undefined;
  readonly settlementWarnMinutes?: number | undefined;
  readonly rolloverWarnDays?: number | undefined;
  /** Multiplies what an order adds to a requirement by SPAN; at least 1. */
  readonly requirementMultiplier?: number | undefined;
}

/** All limits. Rates, shares and ratios are fractions; null switches a rule off, which every verdict then says. */
export interface GuardConfiguration {
  readonly version: typeof GUARD_CONFIGURATION_VERSION;
  readonly profile: GuardProfile;
  /** Asset classes in which orders may add risk. */
  readonly trades: { readonly crypto: boolean; readonly cme: boolean };
  /** Oldest input that still counts, in seconds. */
  readonly oldest: {
    readonly markSeconds: number;
    readonly walletSeconds: number;
    readonly tradingSeconds: number;
    readonly fundingSeconds: number;
    readonly adlSeconds: number;
    readonly riskSeconds: number;
  };
  readonly leverage: { readonly account: number; readonly symbol: number; readonly warnShare: number };
  readonly margin: {
    /** Ratio to which reductions lead. */
    readonly target: number;
    readonly warnRatio: number;
    /** Orders that add risk must leave at least this ratio. */
    readonly blockRatio: number;
  };
  readonly concentration: {
    readonly symbolShare: number;
    readonly groupShare: number;
    readonly warnShare: number;
    /** Weight of a group whose members move as one; 1 + (this − 1) × mean correlation in between. */
    readonly correlationWeight: number;
    readonly correlationSpike: number;
  };
  readonly funding: {
    /** Rates per 8 hours. */
    readonly warnRate: number;
    readonly dangerRate: number;
    readonly blockRate: number;
    /** Cost of 24 hours over equity. */
    readonly dayShare: number;
  } | null;
  /** Shares of the queue behind the position: 0.95 is among the first twentieth. */
  readonly adl: {
    readonly warnShare: number;
    readonly dangerShare: number;
    readonly blockShare: number;
  } | null;
  readonly position: { readonly warnShare: number; readonly isHedger: boolean };
  readonly breaker: { readonly warnFallRate: number };
  readonly settlement: {
    readonly warnMinutes: number;
    readonly criticalMinutes: number;
    readonly blockMinutes: number;
  };
  readonly rollover: {
    readonly warnDays: number;
    readonly criticalDays: number;
    readonly blockDays: number;
  };
  readonly valueAtRisk: { readonly warnShare: number; readonly blockShare: number } | null;
  readonly overrides: Readonly<Record<string, GuardOverride>>;
}

const DEFAULT: GuardConfiguration = {
  version: GUARD_CONFIGURATION_VERSION,
  profile: 'default',
  trades: { crypto: true, cme: true },
  oldest: {
    markSeconds: 10,
    walletSeconds: 30,
    tradingSeconds: 30,
    fundingSeconds: 120,
    adlSeconds: 60,
    riskSeconds: 900,
  },
  leverage: { account: 20, symbol: 125, warnShare: 0.8 },
  margin: { target: 2, warnRatio: 1.5, blockRatio: 1.2 },
  concentration: {
    symbolShare: 0.5,
    groupShare: 0.7,
    warnShare: 0.8,
    correlationWeight: 1.5,
    correlationSpike: 0.8,
  },
  funding: { warnRate: 0.0005, dangerRate: 0.001, blockRate: 0.003, dayShare: 0.015 },
  adl: { warnShare: 0.7, dangerShare: 0.85, blockShare: 0.95 },
  position: { warnShare: 0.8, isHedger: false },
  breaker: { warnFallRate: 0.05 },
  settlement: { warnMinutes: 60, criticalMinutes: 30, blockMinutes: 15 },
  rollover: { warnDays: 10, criticalDays: 5, blockDays: 2 },
  valueAtRisk: null,
  overrides: {
    BTCUSDT: { symbolShare: 0.4 },
    ETHUSDT: { symbolLeverage: 100, symbolShare: 0.35 },
    ES: { settlementWarnMinutes: 45, rolloverWarnDays: 10 },
    CL: { requirementMultiplier: 1.2 },
  },
};

const { leverage, concentration } = DEFAULT;

const PROFILES: Readonly<Record<GuardProfile, Partial<GuardConfiguration>>> = {
  default: {},
  conservative: {
    leverage: { ...leverage, account: 10 },
    margin: { target: 2.5, warnRatio: 2, blockRatio: 1.5 },
    concentration: { ...concentration, symbolShare: 0.3 },
    overrides: { ...DEFAULT.overrides, BTCUSDT: {}, ETHUSDT: { symbolLeverage: 100 } },
  },
  aggressive: {
    leverage: { ...leverage, account: 50 },
    margin: { target: 1.5, warnRatio: 1.2, blockRatio: 1.1 },
    concentration: { ...concentration, symbolShare: 0.7, groupShare: 0.9 },
    overrides: { ...DEFAULT.overrides, BTCUSDT: {}, ETHUSDT: { symbolLeverage: 100 } },
  },
  'crypto-only': { trades: { crypto: true, cme: false } },
  'cme-only': { trades: { crypto: false, cme: true } },
  institutional: {
    leverage: { ...leverage, account: 5 },
    margin: { target: 3.5, warnRatio: 3, blockRatio: 2 },
    concentration: { ...concentration, symbolShare: 0.2, groupShare: 0.4 },
    settlement: { warnMinutes: 120, criticalMinutes: 30, blockMinutes: 15 },
    rollover: { warnDays: 14, criticalDays: 5, blockDays: 2 },
    valueAtRisk: { warnShare: 0.1, blockShare: 0.2 },
    overrides: { CL: { requirementMultiplier: 1.2 } },
  },
};

/** Names of all profiles, in the order they are offered. */
export const GUARD_PROFILES: readonly GuardProfile[] = Object.keys(PROFILES) as GuardProfile[];

/**
 * The configuration of a profile.
 *
 * The limits are ours to choose and common in the trade; none is a rule of a venue. Rules of venues (brackets, SPAN sets,
 * position limits, windows) are dated tables elsewhere and cannot be configured away.
 */
export function guardProfile(profile: GuardProfile): GuardConfiguration {
  return { ...DEFAULT, ...PROFILES[profile], profile };
}

/** The rules that a configuration switches off. */
export function notChecked({ funding, adl, valueAtRisk }: GuardConfiguration): readonly GuardRuleId[] {
  return [
    ...(funding === null ? (['funding/rate', 'funding/day'] as const) : []),
    ...(adl === null ? (['adl/rank'] as const) : []),
    ...(valueAtRisk === null ? (['portfolio/value-at-risk'] as const) : []),
  ];
}
