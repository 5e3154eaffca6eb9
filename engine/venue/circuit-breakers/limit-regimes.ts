/** Which limits and breakers a product has, dated. */
import { type Increment, increment } from '../../core/units.ts';
import { type CivilDay, dayOf } from '../../reference/calendar/civil-day.ts';
import { type Dated, factOn, type ProductCode } from '../../reference/instruments/cme-product.ts';
import { findProduct } from '../../reference/instruments/cme-products.ts';

/** Falls of the cash market that halt it, as fractions of the close before: levels 1, 2 and 3. */
export type MarketLevels = readonly [string, string, string];

/**
 * The rules of one product.
 *
 * - `equity-index`: hard limits outside the hours of stocks, falling limits within, halts of the whole market, and a dynamic
 *   breaker outside those hours where `dynamicRate` is given.
 * - `dynamic`: a breaker that follows the extremes of the last hour, through the whole session.
 * - `stepped`: limits at fixed distances from the settlement that widen after a halt; after the last there is none.
 * - `none`: no limits, or none that are known.
 */
export type LimitRegime =
  | {
      readonly kind: 'equity-index';
      readonly overnightRate: string;
      readonly levels: MarketLevels;
      readonly dynamicRate: string | null;
      /** What widths are cut to; null for the tick of the contract. */
      readonly widthStep: Increment | null;
    }
  | { readonly kind: 'dynamic'; readonly rate: string }
  | { readonly kind: 'stepped'; readonly steps: readonly string[] }
  | { readonly kind: 'none' };

/** How long breakers last. */
export const BREAKER_TIMES = {
  /** Source: CME FAQ on dynamic circuit breakers. */
  windowMicros: 3_600_000_000,
  dynamicPauseMicros: 120_000_000,
  /** Source: the same: the halt is five seconds in the last five minutes of trading. */
  lateMicros: 300_000_000,
  latePauseMicros: 5_000_000,
  /** Source: NYSE rule 7.12 (Rule 80B), levels 1 and 2. */
  marketHaltMicros: 900_000_000,
  /** Source: NYMEX/COMEX notice S-7334 (2015): monitoring for two minutes; halt of two minutes, rule 589. */
  monitoringMicros: 120_000_000,
  steppedPauseMicros: 120_000_000,
} as const;

const LEVELS: MarketLevels = ['0.07', '0.13', '0.20'];
const NONE: LimitRegime = { kind: 'none' };

const equityIndex = (earlyStep: Increment | null): readonly Dated<LimitRegime>[] => [
  {
    from: null,
    value: NONE,
    source: 'Not modelled: before April 2013 levels were set by the quarter at 10, 20 and 30 %',
  },
  {
    from: dayOf('2013-04-08'),
    value: {
      kind: 'equity-index',
      overnightRate: '0.05',
      levels: LEVELS,
      dynamicRate: null,
      widthStep: earlyStep,
    },
    source: 'CME S-6547 (2013): 7, 13 and 20 %, set daily; 5 % outside the hours of stocks',
  },
  {
    from: dayOf('2020-10-12'),
    value: {
      kind: 'equity-index',
      overnightRate: '0.07',
      levels: LEVELS,
      dynamicRate: '0.035',
      widthStep: earlyStep,
    },
    source:
      'CME FAQ on price limits (22 Sep 2020), effective 2020-10-12 by broker notices: 7 % and a dynamic breaker of 3.5 %',
  },
  {
    from: dayOf('2021-09-20'),
    value: {
      kind: 'equity-index',
      overnightRate: '0.07',
      levels: LEVELS,
      dynamicRate: '0.035',
      widthStep: null,
    },
    source: 'Published limits of 2023 to 2026 are cut to the tick; the day since when is unconfirmed for ES',
  },
];

const EQUITY = equityIndex(null);
/** While it shared its limits with the big contract, the width of ES was cut to half points, as its limits of 2014 show. */
const EQUITY_ES = equityIndex(increment('0.5'));

const RULE_589 = 'CME rule 589, special price fluctuation limits in four steps with a monitoring period';
const DYNAMIC_SINCE = 'dynamic limits were brought in during 2019 (SER-8991); the day is unconfirmed';

const stepped = (rate: string, steps: readonly string[]): readonly Dated<LimitRegime>[] => [
  { from: null, value: { kind: 'stepped', steps }, source: RULE_589 },
  {
    from: dayOf('2020-01-01'),
    value: { kind: 'dynamic', rate },
    source: `Unconfirmed percentage; ${DYNAMIC_SINCE}`,
  },
];

const CRUDE: readonly Dated<LimitRegime>[] = [
  {
    from: null,
    value: NONE,
    source: 'Not modelled: the steps of crude oil before dynamic limits were not found',
  },
  {
    from: dayOf('2020-01-01'),
    value: { kind: 'dynamic', rate: '0.07' },
    source: `SER-8566: 7 % until 2020-03-19; ${DYNAMIC_SINCE}`,
  },
  {
    from: dayOf('2020-03-19'),
    value: { kind: 'dynamic', rate: '0.15' },
    source: 'SER-8566 (2020-03-19): from 7 to 15 %',
  },
  {
    from: dayOf('2022-01-01'),
    value: { kind: 'dynamic', rate: '0.10' },
    source: 'Unconfirmed: 10 %, since an unknown day',
  },
];

const GAS: readonly Dated<LimitRegime>[] = [
  {
    from: null,
    value: NONE,
    source: 'Not modelled: the steps of natural gas before dynamic limits were not found',
  },
  {
    from: dayOf('2020-01-01'),
    value: { kind: 'dynamic', rate: '0.10' },
    source: `Unconfirmed percentage; ${DYNAMIC_SINCE}`,
  },
];

const RATES: readonly Dated<LimitRegime>[] = [
  {
    from: null,
    value: NONE,
    source: 'Rule 589 applies to interest rates since 2014-12; the steps of ZN, ZB and ZT were not found',
  },
];

const REGIMES: Partial<Readonly<Record<ProductCode, readonly Dated<LimitRegime>[]>>> = {
  ES: EQUITY_ES,
  NQ: EQUITY,
  YM: EQUITY,
  RTY: EQUITY,
  GC: stepped('0.10', ['100', '200', '300', '400']),
  SI: stepped('0.10', ['3', '6', '9', '12']),
  CL: CRUDE,
  NG: GAS,
  '6E': stepped('0.04', ['0.04', '0.08', '0.12', '0.16']),
  '6J': stepped('0.04', ['0.0004', '0.0008', '0.0012', '0.0016']),
  '6B': stepped('0.04', ['0.04', '0.08', '0.12', '0.16']),
  ZN: RATES,
  ZB: RATES,
  ZT: RATES,
};

/** The regime of a product on a trading day; a minor contract has that of its parent. */
export function limitRegime(code: ProductCode, onDay: CivilDay): Dated<LimitRegime> {
  const parent = findProduct(code)?.parent ?? code;
  const fact = factOn(REGIMES[parent] ?? [], onDay);
  return fact ?? { from: null, value: NONE, source: 'No regime is known' };
}
