/** The coefficients of the crypto slippage model, and the dated set of each venue. */
import type { Dated, Provenance, Sourced } from '../provenance.ts';

/** How much thinner displayed depth makes an order dearer: (reference share ÷ displayed share)^exponent, bounded. */
export interface DisplayedDepthRule {
  /** Depth is summed within this distance of the mid, in basis points. */
  readonly bandBps: number;
  /** Displayed depth of the taken side over daily volume at which the factor is 1. */
  readonly referenceShare: number;
  /** 0 switches the factor off. */
  readonly exponent: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Every number of the model, each with its origin. Rates and shares are fractions. */
export interface CryptoCoefficients {
  /** Impact of an order as large as a day's volume, as a fraction of the price. */
  readonly impact: Sourced<number>;
  readonly participationExponent: Sourced<number>;
  /** Whether what rests at the touch is had without impact, so that only the rest of the order counts. */
  readonly isTouchFree: Sourced<boolean>;
  readonly displayedDepth: Sourced<DisplayedDepthRule>;
  /** Daily volatility at which the level factor is 1, and its bounds. */
  readonly volatilityLevel: Sourced<{
    readonly reference: number;
    readonly minimum: number;
    readonly maximum: number;
  }>;
  /** Factor per volatility regime. */
  readonly volatilityRegime: Sourced<Readonly<Record<VolatilityRegime, number>>>;
  /** Most that a one-sided book adds: 1 + strength × how much thinner the taken side is, from 0 to 1. */
  readonly imbalanceStrength: Sourced<number>;
  /** 1 + crowded × |funding rate|, and times 1 + sameSide × |rate| when the order joins the side that pays. */
  readonly funding: Sourced<{ readonly crowded: number; readonly sameSide: number }>;
  /** Above the threshold share of daily volume: 1 + slope × share, up to the maximum. */
  readonly liquidationFlow: Sourced<{
    readonly threshold: number;
    readonly slope: number;
    readonly maximum: number;
  }>;
  /** Above one day's volume: 1 + slope × (open interest ÷ volume − 1), up to the maximum. */
  readonly openInterest: Sourced<{ readonly slope: number; readonly maximum: number }>;
  /** Liquidity by UTC hour relative to the day; the factor is its inverse. */
  readonly hourlyLiquidity: Sourced<readonly number[]>;
  /** 1 + weight × (1 − correlation with BTC). */
  readonly decorrelationWeight: Sourced<number>;
  /** Factor on sells after a fall of at least this much. */
  readonly sellOff: Sourced<{ readonly returnBelow: number; readonly factor: number }>;
  readonly minimumBps: Sourced<number>;
  readonly maximumBps: Sourced<number>;
}

/** Where the latest period's volatility stands among the recent ones: lowest quarter, middle half, highest quarter. */
export type VolatilityRegime = 'calm' | 'normal' | 'stressed';

/** One venue's coefficients as of a day. */
export interface CryptoSlippageSet extends Dated {
  readonly venue: 'binance-usdm';
  readonly general: CryptoCoefficients;
  /** What has been measured for single symbols; it replaces the general value. */
  readonly bySymbol: Readonly<Record<string, Partial<CryptoCoefficients>>>;
}

/** The coefficients of a symbol: measured ones where there are any, general ones otherwise. */
export function coefficientsOf(set: CryptoSlippageSet, symbol: string): CryptoCoefficients {
  return { ...set.general, ...set.bySymbol[symbol] };
}

const COMMON: Provenance = {
  source: 'parameters in common use for perpetuals, not confirmed against market data',
  confidence: 'unconfirmed',
};
const FITTED: Provenance = {
  source:
    'first 172 s of BTCUSDT of 2024-08-08 (one calm market), walks of the recorded book at the next message; ' +
    'reproduced by bench/slippage.ts',
  confidence: 'measured',
};
const LITERATURE: Provenance = {
  source:
    'Donier and Bonart, "A million metaorder analysis of market impact on the Bitcoin", 2015: exponent 1/2, Y near 1',
  confidence: 'reported',
};
const OWN: Provenance = { source: 'our choice, stated in docs/costs.md', confidence: 'unconfirmed' };

const common = <T>(value: T): Sourced<T> => ({ value, ...COMMON });
const fitted = <T>(value: T): Sourced<T> => ({ value, ...FITTED });
const literature = <T>(value: T): Sourced<T> => ({ value, ...LITERATURE });
const own = <T>(value: T): Sourced<T> => ({ value, ...OWN });

/** Binance USDT-M perpetuals. */
export const BINANCE_USDM_SLIPPAGE: CryptoSlippageSet = {
  venue: 'binance-usdm',
  asOf: '2024-08-08',
  source: 'general values in common use; BTCUSDT fitted to a recording of that day',
  confidence: 'unconfirmed',
  general: {
    // Y × the reference volatility below, with Y = 1. The 0.1 in common use is Y = 2.5.
    impact: literature(0.04),
    participationExponent: literature(0.5),
    isTouchFree: own(true),
    displayedDepth: own({ bandBps: 10, referenceShare: 0.0006, exponent: 0, minimum: 0.25, maximum: 4 }),
    volatilityLevel: common({ reference: 0.04, minimum: 0.5, maximum: 2 }),
    volatilityRegime: common({ calm: 0.8, normal: 1, stressed: 1.5 }),
    imbalanceStrength: common(0.3),
    funding: common({ crowded: 10, sameSide: 5 }),
    liquidationFlow: common({ threshold: 0.01, slope: 5, maximum: 3 }),
    openInterest: common({ slope: 0.1, maximum: 2 }),
    hourlyLiquidity: common([
      0.85, 0.8, 0.75, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.05, 1, 1.05, 1.1, 1.1, 1.15, 1.15, 1.1,
      1.05, 1, 0.95, 0.9, 0.85,
    ]),
    decorrelationWeight: common(0.5),
    sellOff: common({ returnBelow: -0.02, factor: 1.2 }),
    // A usual floor of 1 bp would overstate every order that fits the touch: half of BTCUSDT's spread is 0.008 bps.
    minimumBps: own(0),
    maximumBps: common(500),
  },
  bySymbol: {
    BTCUSDT: {
      impact: fitted(0.136),
      participationExponent: fitted(0.75),
      isTouchFree: fitted(true),
      displayedDepth: fitted({
        bandBps: 10,
        referenceShare: 0.00058,
        exponent: 0.6,
        minimum: 0.25,
        maximum: 4,
      }),
      // Displayed depth of the taken side already says how thin it is.
      imbalanceStrength: fitted(0),
    },
  },
};
