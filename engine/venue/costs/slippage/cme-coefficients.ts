/** The coefficients of the CME slippage model: one dated set with its profiles. */
import type { Dated, Provenance, Sourced } from '../provenance.ts';

/** States of a market's breakers as the cost model sees them. */
export type BreakerState = 'none' | 'level-1' | 'level-2' | 'level-3' | 'price-limit' | 'velocity-pause';

/** What a breaker state does to the estimate: multiply the impact, or set a share of the maximum. */
export type BreakerEffect =
  | { readonly kind: 'multiply'; readonly factor: number }
  | { readonly kind: 'share-of-maximum'; readonly share: number };

/** Every number of the model, each with its origin. */
export interface CmeCoefficients {
  /** Impact of an order as large as a day's volume, as a fraction of the price, by product root. */
  readonly impact: Sourced<Readonly<Record<string, number>>>;
  /** For products without a value of their own. */
  readonly impactOfOthers: Sourced<number>;
  readonly participationExponent: Sourced<number>;
  /** Factor outside regular trading hours. */
  readonly outsideRegularHours: Sourced<number>;
  /** Added by the end of the settlement window, growing evenly through its last 30 minutes. */
  readonly settlementRamp: Sourced<number>;
  /** Factor while the lead month rolls. */
  readonly roll: Sourced<number>;
  readonly breakers: Sourced<Readonly<Record<BreakerState, BreakerEffect>>>;
  /** Spread in ticks where no touch has been seen. */
  readonly assumedSpreadTicks: Sourced<number>;
  readonly minimumBps: Sourced<number>;
  readonly maximumBps: Sourced<number>;
}

/** Names of the profiles. */
export type CmeProfile = 'default' | 'conservative' | 'aggressive' | 'equity-index' | 'metals' | 'energy';

/** All profiles as of a day. */
export interface CmeSlippageSet extends Dated {
  readonly venue: 'cme-globex';
  readonly profiles: Readonly<Record<CmeProfile, CmeCoefficients>>;
}

const COMMON: Provenance = {
  source: 'parameters in common use for CME futures, not confirmed against market data',
  confidence: 'unconfirmed',
};
const common = <T>(value: T): Sourced<T> => ({ value, ...COMMON });
const multiply = (factor: number): BreakerEffect => ({ kind: 'multiply', factor });
const shareOfMaximum = (share: number): BreakerEffect => ({ kind: 'share-of-maximum', share });

const IMPACT: Readonly<Record<string, number>> = {
  ES: 0.03,
  NQ: 0.04,
  YM: 0.05,
  RTY: 0.06,
  MES: 0.035,
  MNQ: 0.045,
  GC: 0.05,
  SI: 0.07,
  HG: 0.06,
  MGC: 0.055,
  CL: 0.04,
  NG: 0.08,
  MCL: 0.045,
  '6E': 0.04,
  '6J': 0.05,
  '6B': 0.05,
  '6A': 0.06,
  ZB: 0.03,
  ZN: 0.025,
  ZF: 0.03,
  ZT: 0.04,
};

const DEFAULT: CmeCoefficients = {
  impact: common(IMPACT),
  impactOfOthers: common(0.05),
  participationExponent: common(0.5),
  outsideRegularHours: common(1.5),
  settlementRamp: common(0.3),
  roll: common(1.2),
  breakers: common({
    none: multiply(1),
    'level-1': multiply(5),
    'level-2': shareOfMaximum(1),
    'level-3': shareOfMaximum(1),
    'price-limit': shareOfMaximum(1),
    'velocity-pause': shareOfMaximum(0.5),
  }),
  assumedSpreadTicks: {
    value: 1,
    source: 'the least spread there can be; liquid lead months trade there in regular hours',
    confidence: 'unconfirmed',
  },
  // Half a tick of ES at 5,000 is 0.25 bps, which a usual floor of 0.5 would hide.
  minimumBps: { value: 0, source: 'our choice, stated in docs/costs.md', confidence: 'unconfirmed' },
  maximumBps: common(200),
};

/** CME Globex futures. */
export const CME_GLOBEX_SLIPPAGE: CmeSlippageSet = {
  venue: 'cme-globex',
  asOf: '2024-01-01',
  source: 'values in common use; the day is when they were written down, not when they were measured',
  confidence: 'unconfirmed',
  profiles: {
    default: DEFAULT,
    conservative: {
      ...DEFAULT,
      outsideRegularHours: common(2),
      settlementRamp: common(0.4),
      minimumBps: common(1),
    },
    aggressive: {
      ...DEFAULT,
      outsideRegularHours: common(1.3),
      settlementRamp: common(0.2),
      minimumBps: common(0.3),
    },
    'equity-index': {
      ...DEFAULT,
      impact: common({ ...IMPACT, ES: 0.025, NQ: 0.03 }),
      minimumBps: common(0.3),
    },
    metals: { ...DEFAULT, outsideRegularHours: common(1.8) },
    energy: { ...DEFAULT, impact: common({ ...IMPACT, NG: 0.09 }), outsideRegularHours: common(1.6) },
  },
};
