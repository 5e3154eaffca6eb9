// Builds SPAN parameter sets for tests: small ones by hand, random ones from a seed.
import type { Rng } from '../core/rng.ts';
import { ParameterDraft, type SetHead } from '../margin/span/parameter-draft.ts';
import type {
  CommoditySpread,
  DeltaSpread,
  SpanCommodity,
  SpanContract,
  SpanParameterSet,
  SpanTier,
  SpreadLeg,
} from '../margin/span/parameter-set.ts';
import { futureArray, optionArray } from '../margin/span/risk-array.ts';
import { STANDARD_DELTA_POINTS, standardScenarios } from '../margin/span/scenarios.ts';

export const HEAD: SetHead = {
  id: 'test set',
  date: '2020-01-02',
  format: 'built-in',
  source: 'made for a test',
  scenarios: standardScenarios(3, 0.33),
  deltaPoints: STANDARD_DELTA_POINTS,
  currencies: [{ code: 'USD', decimals: 0 }],
  conversions: [],
  classes: [{ rateId: 1, isCustomer: true, accountType: 'H', isMaintenance: true, tier: 'CORE' }],
  notModelled: [],
};

export function commodity(code: string, more: Partial<SpanCommodity> = {}): SpanCommodity {
  return {
    code,
    name: code,
    exchange: 'CME',
    currency: 'USD',
    group: 'CME',
    optionValueCapped: false,
    weightedRiskMethod: 'normal',
    shortOptionMethod: 'gross',
    shortOptionRates: [],
    scanTiers: [],
    intraTiers: [],
    interTiers: [],
    shortOptionTiers: [],
    calendarSpreads: [],
    spotRates: [],
    adjustments: [],
    place: 0,
    ...more,
  };
}

/** A future with its array; `losses` overrides what the scan range gives. */
export interface FutureRow {
  readonly product: string;
  readonly commodity: number;
  readonly period: string;
  readonly priceScan: number;
  readonly losses?: readonly number[];
  readonly more?: Partial<SpanContract>;
}

export function future(row: FutureRow): {
  contract: SpanContract;
  losses: readonly number[];
} {
  const contract = {
    id: `CME:${row.product}:FUT:${row.period}`,
    exchange: 'CME',
    product: row.product,
    type: 'FUT',
    commodity: row.commodity,
    period: row.period,
    option: null,
    price: 100,
    multiplier: 1,
    deltaScaling: 1,
    hasArray: true,
    compositeDelta: 1,
    priceScan: row.priceScan,
    place: 0,
    ...row.more,
  };
  return { contract, losses: row.losses ?? futureArray(row.priceScan, HEAD.scenarios, 0).losses };
}

export function leg(
  commodityIndex: number,
  side: 'A' | 'B',
  ratio = 1,
  more: Partial<SpreadLeg> = {},
): SpreadLeg {
  return { commodity: commodityIndex, tier: 0, period: null, ratio, side, rates: [], ...more };
}

export function deltaSpread(
  priority: number,
  value: number,
  legs: readonly SpreadLeg[],
  more: Partial<DeltaSpread> = {},
): DeltaSpread {
  return {
    kind: 'delta',
    priority,
    charge: 'weighted',
    rates: [{ rateId: 1, value }],
    perSpreadRates: [],
    legs,
    place: 0,
    assumption: null,
    ...more,
  };
}

export function buildSet(
  commodities: readonly SpanCommodity[],
  contracts: readonly { contract: SpanContract; losses: readonly number[] | null }[],
  spreads: { inter?: readonly CommoditySpread[]; super?: readonly CommoditySpread[] } = {},
  head: Partial<SetHead> = {},
): SpanParameterSet {
  const draft = new ParameterDraft();
  for (const { contract, losses } of contracts) {
    const added = draft.addContract(contract, losses);
    if (!added.ok) throw new Error(added.failure.message);
  }
  const set = draft.finish({ ...HEAD, ...head }, commodities, spreads.super ?? [], spreads.inter ?? []);
  if (!set.ok) throw new Error(set.failure.message);
  return set.value;
}

const MONTHS = ['202003', '202006', '202009', '202012'];

/** A random set with tiers, calendar and delivery charges, credits of every kind, options and several currencies. */
export function randomSet(rng: Rng): SpanParameterSet {
  const pick = <T>(list: readonly T[]): T => list[rng.below(list.length)]!;
  const chance = (share: number): boolean => rng.fraction() < share;
  const count = 2 + rng.below(4);
  const rates = (value: number) =>
    chance(0.3)
      ? [
          { rateId: 1, value },
          { rateId: 2, value: value * 1.5 },
        ]
      : [{ rateId: 1, value }];
  const split = (): readonly SpanTier[] => [
    { number: 1, startPeriod: '', endPeriod: '202006', rates: [] },
    { number: 2, startPeriod: '202009', endPeriod: chance(0.5) ? '' : '202012', rates: [] },
  ];
  const contracts: { contract: SpanContract; losses: readonly number[] }[] = [];
  const commodities = Array.from({ length: count }, (_, c): SpanCommodity => {
    const scaling = pick([1, 1, 0.2, 0.1]);
    const months = MONTHS.slice(0, 1 + rng.below(4));
    const generation = {
      volatilityScan: 0.3,
      volatilityScanRelative: true,
      volatility: 0.25,
      years: 0.4,
      lookAheadYears: 1 / 365,
      interestRate: 0.01,
      underlyingPrice: 100,
    };
    const one = 500 + rng.below(5000);
    for (const period of months) {
      const priceScan = chance(0.5) ? one : 500 + rng.below(5000);
      const more = { deltaScaling: scaling, multiplier: 200 };
      contracts.push(future({ product: `P${c}`, commodity: c, period, priceScan, more }));
      if (!chance(0.5)) continue;
      for (const right of ['call', 'put'] as const) {
        const strike = 90 + 5 * rng.below(5);
        const made = optionArray(
          { right, strike, multiplier: 200 },
          { ...generation, priceScan },
          HEAD.scenarios,
          HEAD.deltaPoints,
          0,
        );
        const own = future({ product: `P${c}`, commodity: c, period, priceScan });
        contracts.push({
          losses: made.losses,
          contract: {
            ...own.contract,
            ...more,
            id: `CME:P${c}:OOF:${period}:${right}:${strike}`,
            type: 'OOF',
            option: { right, strike, period, premiumStyle: chance(0.8) },
            price: 1 + rng.below(900) / 100,
            compositeDelta: made.compositeDelta,
          },
        });
      }
    }
    const tiered = chance(0.5);
    const intraTiers = tiered ? split() : [];
    const charge = pick(['flat', 'per-month', 'weighted'] as const);
    const value = charge === 'weighted' ? 0.1 : charge === 'flat' ? 50 + rng.below(300) : 10 + rng.below(30);
    const calendar = (priority: number, a: number, b: number): DeltaSpread =>
      deltaSpread(
        priority,
        value,
        [leg(c, 'A', 1, { tier: a }), leg(c, 'B', chance(0.2) ? 2 : 1, { tier: b })],
        {
          charge,
          rates: rates(value),
          perSpreadRates: charge === 'per-month' ? rates(20) : [],
        },
      );
    return commodity(`C${c}`, {
      currency: chance(0.2) ? 'EUR' : 'USD',
      group: chance(0.2) ? 'OTHER' : 'CME',
      optionValueCapped: chance(0.3),
      weightedRiskMethod: pick(['normal', 'normal', 'capped', 'scan-range'] as const),
      shortOptionMethod: pick(['gross', 'maximum'] as const),
      shortOptionRates: rates(rng.below(100)),
      shortOptionTiers: chance(0.2) ? split().map((t) => ({ ...t, rates: rates(rng.below(200)) })) : [],
      scanTiers: chance(0.2) ? split() : [],
      intraTiers,
      interTiers: chance(0.3) ? split() : [],
      calendarSpreads: tiered
        ? [calendar(2, 1, 2), calendar(1, 1, 1), calendar(3, 2, 2)]
        : [calendar(1, 0, 0)],
      spotRates: chance(0.4)
        ? [
            {
              period: '202003',
              spreadRates: rates(rng.below(200)),
              outrightRates: rates(rng.below(400)),
              place: 0,
            },
          ]
        : [],
      adjustments: [{ rateId: 2, baseRateId: 1, factor: 1.1 }],
    });
  });
  const spread = (priority: number): CommoditySpread => {
    const legs = [...new Set([rng.below(count), rng.below(count), rng.below(count)])].slice(
      0,
      chance(0.8) ? 2 : 3,
    );
    if (legs.length < 2) legs.push(legs[0] === 0 ? 1 : 0);
    if (chance(0.2)) {
      const target = legs[0]!;
      return {
        kind: 'scan',
        priority,
        target,
        targetRatio: 1,
        targetRequired: chance(0.5),
        minimumLegs: 1 + rng.below(2),
        legs: legs.map((l) => ({
          commodity: l,
          required: chance(0.5),
          ratio: 1 + rng.below(2),
          rates: rates(0.8),
        })),
        place: 0,
        assumption: null,
      };
    }
    return deltaSpread(
      priority,
      0.3 + rng.fraction() * 0.6,
      legs.map((l, i) =>
        leg(l, i === 0 ? 'A' : 'B', 1 + rng.below(3), {
          tier: commodities[l]!.interTiers.length > 0 && chance(0.5) ? 1 + rng.below(2) : 0,
          rates: chance(0.2) ? rates(0.5) : [],
        }),
      ),
      chance(0.1) ? { charge: 'flat', rates: rates(100) } : {},
    );
  };
  const scanFree = (list: readonly CommoditySpread[]): readonly CommoditySpread[] =>
    // A scan-based spread adds amounts, so its commodities must share a currency.
    list.filter(
      (s) =>
        s.kind === 'delta' ||
        new Set([s.target, ...s.legs.map((l) => l.commodity)].map((i) => commodities[i]!.currency)).size ===
          1,
    );
  const inter = scanFree(Array.from({ length: rng.below(5) }, (_, i) => spread(i + 1)));
  const above = chance(0.2) ? scanFree(Array.from({ length: 2 }, (_, i) => spread(i + 1))) : [];
  return buildSet(
    commodities,
    contracts,
    { inter, super: above },
    {
      currencies: [
        { code: 'USD', decimals: 0 },
        { code: 'EUR', decimals: 2 },
      ],
      conversions: [{ from: 'EUR', to: 'USD', factor: 1.25 }],
      classes: [
        ...HEAD.classes,
        { rateId: 2, isCustomer: true, accountType: 'S', isMaintenance: false, tier: 'CORE' },
      ],
    },
  );
}

/** A random portfolio of a set, contract id to signed lots, never all zero. */
export function randomPositions(rng: Rng, set: SpanParameterSet): Map<string, number> {
  const positions = new Map<string, number>();
  while (positions.size === 0) {
    for (const { id } of set.contracts) {
      const lots = rng.below(41) - 20;
      if (rng.below(2) === 0 && lots !== 0) positions.set(id, lots);
    }
  }
  return positions;
}
