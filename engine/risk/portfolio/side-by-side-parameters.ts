/** Stand-in SPAN parameters of perpetuals beside those of a built-in set, so that one plan holds a whole portfolio. All of it is assumed. */
import { ok, type Result } from '../../core/result.ts';
import { ParameterDraft } from '../../margin/span/parameter-draft.ts';
import {
  type DeltaSpread,
  SCENARIO_COUNT,
  type SpanClass,
  type SpanCommodity,
  type SpanContract,
  type SpanParameterSet,
} from '../../margin/span/parameter-set.ts';
import { futureArray } from '../../margin/span/risk-array.ts';
import { STANDARD_DELTA_POINTS, standardScenarios } from '../../margin/span/scenarios.ts';

/** A perpetual as held: the whole size is one contract, so that no size has to be rounded to lots. */
export interface StandInPosition {
  readonly symbol: string;
  /** Base asset, positive. */
  readonly size: number;
  /** Size × mark, positive. USDT. */
  readonly notional: number;
}

/** What is assumed of perpetuals. */
export interface StandInTerms {
  /** Price scan range of a base asset as a share of the price. */
  readonly scanRateOf: (asset: string) => number;
  /** Share of the price risk that Bitcoin and Ether held against each other give back; 0 for none. */
  readonly creditRate: number;
}

const EXCHANGE = 'USDT-M';
/** Stands for a perpetual among contract months. */
const NO_EXPIRY = 'PERP';
const MAJORS = ['BTC', 'ETH'] as const;
/** As the built-in sets have them, where none is given. */
const EXTREME_MOVE = 3;
const EXTREME_COVER = 0.33;
const MAINTENANCE: SpanClass = {
  rateId: 1,
  isCustomer: true,
  accountType: 'H',
  isMaintenance: true,
  tier: 'CORE',
};
/** Losses of one contract are kept to a millionth, requirements of a commodity to the cent. */
const LOSS_DECIMALS = 6;
const CURRENCY = { code: 'USDT', decimals: 2 } as const;

/** Base asset of a USDT-M symbol, e.g. BTC of BTCUSDT and of BTCUSDT_261225. */
export function baseAsset(symbol: string): string {
  return symbol.replace(/_\d{6}$/, '').replace(/(USDT|USDC|BUSD)$/, '');
}

/** `SpanContract.id` of a held perpetual: positions of one size at one mark are the same contract. */
export function standInContract({ symbol, size, notional }: StandInPosition): string {
  return `${EXCHANGE}:${symbol}:${size}@${notional}`;
}

/**
 * The parameter set `base` with one contract for each perpetual position and one commodity for each base asset: array from the
 * scan range at the mark, one delta for a USDT of notional, so that a credit joins equal notionals. Contracts of one asset and
 * month net; months do not offset each other, as no calendar charge is known.
 *
 * @param base - set of the futures; null where none are compared
 * @param day - YYYY-MM-DD, the date of the set without a base
 *
 * USDT is converted to USD at 1.
 *
 * Fails as `ParameterDraft.finish` does.
 */
export function standInSet(
  base: SpanParameterSet | null,
  day: string,
  held: readonly StandInPosition[],
  terms: StandInTerms,
): Result<SpanParameterSet> {
  const draft = new ParameterDraft();
  const copied = copyContracts(draft, base);
  if (!copied.ok) return copied;
  const scenarios = base?.scenarios ?? standardScenarios(EXTREME_MOVE, EXTREME_COVER);
  const known = base?.commodities ?? [];
  const assets = [...new Set(held.map(({ symbol }) => baseAsset(symbol)))].sort();
  const commodityOf = new Map(assets.map((asset, i) => [asset, known.length + i]));
  const periods = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (const position of held) {
    const id = standInContract(position);
    if (seen.has(id)) continue;
    seen.add(id);
    const asset = baseAsset(position.symbol);
    const commodity = commodityOf.get(asset) ?? 0;
    const contract = contractOf(id, position, commodity, terms.scanRateOf(asset));
    const { losses } = futureArray(contract.priceScan ?? 0, scenarios, LOSS_DECIMALS);
    const added = draft.addContract(contract, losses);
    if (!added.ok) return added;
    const months = periods.get(asset) ?? new Set();
    periods.set(asset, months.add(contract.period));
  }
  const words = 'perpetuals: price scan ranges assumed';
  return draft.finish(
    {
      id: base === null ? `Assumed ${day}` : `${base.id}, perpetuals assumed`,
      date: base?.date ?? day,
      format: 'built-in',
      source: base === null ? words : `${base.source}; ${words}`,
      scenarios,
      deltaPoints: base?.deltaPoints ?? STANDARD_DELTA_POINTS,
      currencies: [...(base?.currencies ?? []), CURRENCY],
      conversions: [...(base?.conversions ?? []), { from: 'USDT', to: 'USD', factor: 1 }],
      classes: base?.classes ?? [MAINTENANCE],
      notModelled: base?.notModelled ?? [],
    },
    [...known, ...assets.map((asset) => commodityFor(asset, [...(periods.get(asset) ?? [])]))],
    base?.superSpreads ?? [],
    [...(base?.interSpreads ?? []), ...creditsOf(commodityOf, terms.creditRate)],
  );
}

function copyContracts(draft: ParameterDraft, base: SpanParameterSet | null): Result<null> {
  const contracts = base?.contracts ?? [];
  for (const [i, contract] of contracts.entries()) {
    const losses = base?.arrays.subarray(i * SCENARIO_COUNT, (i + 1) * SCENARIO_COUNT) ?? null;
    const added = draft.addContract(contract, contract.hasArray ? losses : null);
    if (!added.ok) return added;
  }
  return ok(null);
}

function contractOf(id: string, held: StandInPosition, commodity: number, rate: number): SpanContract {
  const { symbol, size, notional } = held;
  const expiry = /_(\d{4})\d\d$/.exec(symbol)?.[1];
  return {
    id,
    exchange: EXCHANGE,
    product: symbol,
    type: 'FUT',
    commodity,
    period: expiry === undefined ? NO_EXPIRY : `20${expiry}`,
    option: null,
    price: notional / size,
    multiplier: size,
    deltaScaling: notional,
    hasArray: true,
    compositeDelta: 1,
    priceScan: rate * notional,
    place: 0,
  };
}

function commodityFor(asset: string, periods: readonly string[]): SpanCommodity {
  return {
    code: `${asset}-${EXCHANGE}`,
    name: `${asset} perpetuals`,
    exchange: EXCHANGE,
    currency: CURRENCY.code,
    group: EXCHANGE,
    optionValueCapped: false,
    weightedRiskMethod: 'capped',
    shortOptionMethod: 'gross',
    shortOptionRates: [],
    scanTiers: periods.toSorted().map((period, i) => ({
      number: i + 1,
      startPeriod: period,
      endPeriod: period,
      rates: [],
    })),
    intraTiers: [],
    interTiers: [],
    shortOptionTiers: [],
    calendarSpreads: [],
    spotRates: [],
    adjustments: [],
    place: 0,
  };
}

function creditsOf(commodityOf: ReadonlyMap<string, number>, creditRate: number): readonly DeltaSpread[] {
  const [first, second] = MAJORS.map((asset) => commodityOf.get(asset));
  if (creditRate === 0 || first === undefined || second === undefined) return [];
  const leg = { tier: 0, period: null, ratio: 1, rates: [] };
  return [
    {
      kind: 'delta',
      priority: 1,
      charge: 'weighted',
      rates: [{ rateId: MAINTENANCE.rateId, value: creditRate }],
      perSpreadRates: [],
      legs: [
        { ...leg, commodity: first, side: 'A' },
        { ...leg, commodity: second, side: 'B' },
      ],
      place: 0,
      assumption: `${MAJORS.join(':')} credit ${Math.round(creditRate * 100)} %, assumed`,
    },
  ];
}
