/** SPAN parameter set: everything a clearing house publishes for one date, as plain data that crosses workers. */

/** Stands on every result: what it is, and what it is not. SPAN is a trademark of CME. */
export const SPAN_LABEL = 'independent SPAN-type calculation, not an official CME figure';

/** Scenarios of a risk array. */
export const SCENARIO_COUNT = 16;

/** Where a parameter set came from; decides what {@link SpanContract.place} counts. */
export type SpanFormat = 'spn' | 'pa2' | 'built-in';

/** A rate of one rate class (performance-bond class), see {@link SpanClass}. */
export interface SpanRate {
  readonly rateId: number;
  readonly value: number;
}

/** One of the 16 scenarios: a move of the price in price scan ranges, of the volatility in volatility scan ranges. */
export interface SpanScenario {
  readonly priceMove: number;
  readonly volatilityMove: number;
  /** Share of the loss that counts (cover fraction): 1, or e.g. 0.33 for the two extreme moves. */
  readonly cover: number;
  /** Scenario with the same price and the other volatility, counted from 0; itself for the extreme moves. */
  readonly paired: number;
}

/** One of the price points over which composite delta is averaged. */
export interface DeltaPoint {
  readonly priceMove: number;
  readonly weight: number;
}

/** A range of contract periods, both ends inclusive, as `YYYYMM`, with a day where the contract has one; '' leaves an end open. */
export interface SpanTier {
  readonly number: number;
  readonly startPeriod: string;
  readonly endPeriod: string;
  /** Short option minimum of the tier; empty for other tiers. */
  readonly rates: readonly SpanRate[];
}

/** How the value of a spread follows from its rate. */
export type SpreadCharge =
  /** Rate per spread, in currency. */
  | 'flat'
  /** Rate per spread and month between its first two legs, plus a rate per spread. */
  | 'per-month'
  /** Rate as a fraction of the weighted price risk of the deltas used. */
  | 'weighted';

/** One leg of a delta-based spread. */
export interface SpreadLeg {
  /** Index into {@link SpanParameterSet.commodities}. */
  readonly commodity: number;
  /** Tier number; 0 means all months. */
  readonly tier: number;
  /** The one month the leg takes, or null. */
  readonly period: string | null;
  /** Deltas used by one spread, positive. */
  readonly ratio: number;
  /** Legs on the same letter need the same sign of delta, legs on different letters opposite signs. */
  readonly side: 'A' | 'B';
  /** Rates of this leg alone; empty where the spread has one rate for all. */
  readonly rates: readonly SpanRate[];
}

/** A spread formed from deltas: a calendar spread within one commodity, or between commodities. */
export interface DeltaSpread {
  readonly kind: 'delta';
  readonly priority: number;
  readonly charge: SpreadCharge;
  /** Currency for `flat` and `per-month`, a fraction for `weighted` (0.55 for 55 %). */
  readonly rates: readonly SpanRate[];
  /** Currency per spread on top, for `per-month`; empty otherwise. */
  readonly perSpreadRates: readonly SpanRate[];
  readonly legs: readonly SpreadLeg[];
  /** Record number or element position in the file; 0 for built-in sets. */
  readonly place: number;
  /** Why the rate is not a published one; null when it is. */
  readonly assumption: string | null;
}

/** A spread formed by adding risk arrays into those of a target commodity, gains reduced to the credit rate. */
export interface ScanSpread {
  readonly kind: 'scan';
  readonly priority: number;
  readonly target: number;
  readonly targetRatio: number;
  readonly targetRequired: boolean;
  readonly minimumLegs: number;
  readonly legs: readonly {
    readonly commodity: number;
    readonly required: boolean;
    readonly ratio: number;
    /** Share of the leg's gains that counts, e.g. 0.9. */
    readonly rates: readonly SpanRate[];
  }[];
  readonly place: number;
  readonly assumption: string | null;
}

/** Either kind of spread between commodities. */
export type CommoditySpread = DeltaSpread | ScanSpread;

/** Delivery charge of one month, method 10: per delta used by spreads and per delta left. */
export interface SpotRate {
  readonly period: string;
  readonly spreadRates: readonly SpanRate[];
  readonly outrightRates: readonly SpanRate[];
  readonly place: number;
}

/** Weighted price risk of one delta: price risk ÷ delta, the same but at most the price scan range, or that range. */
export type WeightedRiskMethod = 'normal' | 'capped' | 'scan-range';

/** A combined commodity: products that are margined as one. */
export interface SpanCommodity {
  readonly code: string;
  readonly name: string;
  readonly exchange: string;
  readonly currency: string;
  /** Commodities of one group and currency share net option value. */
  readonly group: string;
  /** Whether option value beyond the commodity's own risk is lost to others. */
  readonly optionValueCapped: boolean;
  readonly weightedRiskMethod: WeightedRiskMethod;
  readonly shortOptionMethod: 'gross' | 'maximum';
  readonly shortOptionRates: readonly SpanRate[];
  /** Empty: all months scan together. */
  readonly scanTiers: readonly SpanTier[];
  readonly intraTiers: readonly SpanTier[];
  readonly interTiers: readonly SpanTier[];
  readonly shortOptionTiers: readonly SpanTier[];
  /** In any order; priority decides. */
  readonly calendarSpreads: readonly DeltaSpread[];
  readonly spotRates: readonly SpotRate[];
  /** Risk of a rate class as a multiple of another's. */
  readonly adjustments: readonly {
    readonly rateId: number;
    readonly baseRateId: number;
    readonly factor: number;
  }[];
  readonly place: number;
}

/** What it takes to compute a risk array where none is supplied. */
export interface ArrayGeneration {
  /** Price scan range in currency per contract. */
  readonly priceScan: number;
  /** Volatility scan range: a fraction of the volatility when `relative`, else added to it. */
  readonly volatilityScan: number;
  readonly volatilityScanRelative: boolean;
  /** Annual volatility as a fraction; 0 for futures. */
  readonly volatility: number;
  /** Years to expiry; 0 for futures. */
  readonly years: number;
  /** Years between now and the scenarios, e.g. 1 ÷ 365. */
  readonly lookAheadYears: number;
  /** Annual rate as a fraction. */
  readonly interestRate: number;
  /** Price of the underlying future; null for futures. */
  readonly underlyingPrice: number | null;
}

/** One contract: a future, a physical or an option. */
export interface SpanContract {
  /** `exchange:product:type:period[:C|P:strike]`, unique in the set. */
  readonly id: string;
  readonly exchange: string;
  readonly product: string;
  /** File word: FUT, PHY, CMB, OOF, OOP, OOC, … */
  readonly type: string;
  /** Index into {@link SpanParameterSet.commodities}. */
  readonly commodity: number;
  /** Month on which deltas are netted: of the future itself, of an option's own underlying future. */
  readonly period: string;
  readonly option: {
    readonly right: 'call' | 'put';
    readonly strike: number;
    readonly period: string;
    /** Paid at once, so its value counts against the requirement; futures-style options have none. */
    readonly premiumStyle: boolean;
  } | null;
  /** Settlement price; null where the file has none. */
  readonly price: number | null;
  /** Currency value of a price of 1. */
  readonly multiplier: number;
  /** Deltas of the combined commodity in one contract of delta 1. */
  readonly deltaScaling: number;
  /** Whether the set holds a risk array for it, see {@link SpanParameterSet.arrays}. */
  readonly hasArray: boolean;
  /** Probability-weighted delta over the scan range; 1 for futures. */
  readonly compositeDelta: number;
  /** Outright price scan range in currency; null where unknown. */
  readonly priceScan: number | null;
  /** Record number or element position in the file; 0 for built-in sets. */
  readonly place: number;
}

/** A performance-bond class: which rates apply to whom. */
export interface SpanClass {
  readonly rateId: number;
  readonly isCustomer: boolean;
  /** M member, H hedger, S speculator, O/Q omnibus, R heightened risk, X not. */
  readonly accountType: string;
  readonly isMaintenance: boolean;
  /** CORE or RESRV. */
  readonly tier: string;
}

/** Parameters of one date. Read-only plain data. */
export interface SpanParameterSet {
  /** Name for a person, e.g. 'CME 2019-01-02 settlement'. */
  readonly id: string;
  /** Business date, YYYY-MM-DD. */
  readonly date: string;
  readonly format: SpanFormat;
  readonly source: string;
  /** Eight hex digits over the meaning of the set; equal sets have equal hashes. */
  readonly hash: string;
  readonly scenarios: readonly SpanScenario[];
  readonly deltaPoints: readonly DeltaPoint[];
  readonly currencies: readonly { readonly code: string; readonly decimals: number }[];
  readonly conversions: readonly { readonly from: string; readonly to: string; readonly factor: number }[];
  /** Never empty; the first is the default. */
  readonly classes: readonly SpanClass[];
  readonly commodities: readonly SpanCommodity[];
  readonly contracts: readonly SpanContract[];
  /** 16 numbers a contract, in contract order: loss of one long contract, gains negative, in currency. */
  readonly arrays: Float64Array;
  /** Between commodities, before calendar charges. */
  readonly superSpreads: readonly CommoditySpread[];
  /** Between commodities, after calendar and delivery charges. */
  readonly interSpreads: readonly CommoditySpread[];
  /** What was read but could not be used, by place. */
  readonly problems: readonly { readonly place: number; readonly message: string }[];
  /** Elements or records that carry figures this calculation leaves out. */
  readonly notModelled: readonly string[];
}
