/** Combined commodities and spreads of a .spn file, read from their trees. */
import type {
  CommoditySpread,
  DeltaSpread,
  SpanCommodity,
  SpanRate,
  SpanTier,
  SpotRate,
  SpreadCharge,
  SpreadLeg,
} from '../parameter-set.ts';
import type { SpnNode, SpnValues } from './spn-node.ts';

/** A link from a commodity to one of its product families. */
export interface FamilyLink {
  readonly key: string;
  readonly deltaScaling: number;
}

/** Rates by class. */
export function readRates(values: SpnValues, node: SpnNode, name = 'rate'): readonly SpanRate[] {
  return values.all(node, name).map((rate) => ({
    rateId: values.number(rate, 'r') ?? 1,
    value: values.required(rate, 'val'),
  }));
}

/** Finds a commodity by its code; null where the file has none. */
export type CommodityFinder = (code: string) => number | null;

/** One `ccDef`, whose spreads stay trees until all commodities are known. */
export interface CommodityDefinition {
  readonly node: SpnNode;
  readonly links: readonly FamilyLink[];
}

/** Reads the product families of a `ccDef`. */
export function readDefinition(values: SpnValues, node: SpnNode): CommodityDefinition {
  const links = values.all(node, 'pfLink').map((link) => ({
    key: `${values.text(link, 'exch')}:${values.text(link, 'pfId')}`,
    deltaScaling: values.number(link, 'sc') ?? 1,
  }));
  return { node, links };
}

/** Builds a commodity. `onProblem` hears what could not be used. */
export function buildCommodity(
  values: SpnValues,
  definition: CommodityDefinition,
  exchange: string,
  find: CommodityFinder,
  onProblem: (place: number, message: string) => void,
): SpanCommodity {
  const { node } = definition;
  const code = values.text(node, 'cc');
  const weighted = values.text(node, 'wfprMeth');
  const spreads = values.all(node, 'dSpread').flatMap((spread): DeltaSpread[] => {
    const found = readDeltaSpread(values, spread, find, onProblem);
    return found === null ? [] : [found];
  });
  const intraTiers = readTiers(values, node, 'intraTiers');
  checkTiers(spreads, intraTiers, code, onProblem);
  const group = values.child(node, 'group');
  return {
    code,
    name: values.text(node, 'name') || code,
    exchange,
    currency: values.text(node, 'currency'),
    group: group === null ? exchange : values.text(group, 'aVal') || exchange,
    optionValueCapped: values.flag(node, 'capAnov'),
    weightedRiskMethod:
      weighted === 'SCANRANGE' ? 'scan-range' : weighted === 'SCANRANGE_CAP' ? 'capped' : 'normal',
    shortOptionMethod: values.text(node, 'somMeth') === 'MAX' ? 'maximum' : 'gross',
    shortOptionRates: [],
    scanTiers: soleTierMeansNone(readTiers(values, node, 'scanTiers')),
    intraTiers,
    interTiers: readTiers(values, node, 'interTiers'),
    shortOptionTiers: readTiers(values, node, 'somTiers'),
    calendarSpreads: spreads,
    spotRates: readSpotRates(values, node),
    adjustments: values.all(node, 'adjRate').map((adjustment) => ({
      rateId: values.required(adjustment, 'r'),
      baseRateId: values.required(adjustment, 'baseR'),
      factor: values.required(adjustment, 'val'),
    })),
    place: node.place,
  };
}

/** Delivery rates by month; the file has one entry a month and rate class. */
function readSpotRates(values: SpnValues, node: SpnNode): readonly SpotRate[] {
  const months = new Map<string, { spread: SpanRate[]; outright: SpanRate[]; place: number }>();
  for (const spot of values.all(node, 'spotRate')) {
    const period = values.text(spot, 'pe');
    const month = months.get(period) ?? { spread: [], outright: [], place: spot.place };
    const rateId = values.number(spot, 'r') ?? 1;
    month.spread.push({ rateId, value: values.required(spot, 'sprd') });
    month.outright.push({ rateId, value: values.required(spot, 'outr') });
    months.set(period, month);
  }
  return [...months].map(([period, { spread, outright, place }]) => ({
    period,
    spreadRates: spread,
    outrightRates: outright,
    place,
  }));
}

/** A scan tier over all months is what there is without tiers. */
function soleTierMeansNone(tiers: readonly SpanTier[]): readonly SpanTier[] {
  return tiers.length < 2 ? [] : tiers;
}

function readTiers(values: SpnValues, node: SpnNode, name: string): readonly SpanTier[] {
  const list = values.child(node, name);
  if (list === null) return [];
  return values.all(list, 'tier').map((tier) => ({
    number: values.required(tier, 'tn'),
    startPeriod: values.text(tier, 'sPe'),
    endPeriod: values.text(tier, 'ePe'),
    rates: readRates(values, tier),
  }));
}

function checkTiers(
  spreads: readonly DeltaSpread[],
  tiers: readonly SpanTier[],
  code: string,
  onProblem: (place: number, message: string) => void,
): void {
  for (const { legs, place } of spreads) {
    for (const { tier } of legs) {
      if (tier !== 0 && !tiers.some((t) => t.number === tier)) {
        onProblem(place, `${code}: a calendar spread names tier ${tier}, which is not defined`);
      }
    }
  }
}

/** Reads a `dSpread`; null (and a problem told) where it cannot be formed. */
export function readDeltaSpread(
  values: SpnValues,
  node: SpnNode,
  find: CommodityFinder,
  onProblem: (place: number, message: string) => void,
): DeltaSpread | null {
  if (values.child(node, 'rpLeg') !== null || values.child(node, 'dSpread') !== null) {
    onProblem(node.place, 'a spread with relative-period legs or spreads inside is not modelled');
    return null;
  }
  const legs: SpreadLeg[] = [];
  for (const leg of node.children) {
    if (leg.name !== 'tLeg' && leg.name !== 'pLeg') continue;
    const commodity = find(values.text(leg, 'cc'));
    if (commodity === null) {
      onProblem(node.place, `a spread names commodity ${values.text(leg, 'cc')}, which is not defined`);
      return null;
    }
    const side = values.text(leg, 'i');
    if (side !== 'A' && side !== 'B')
      values.reject(leg.place, `expected side A or B in <i>, found "${side}"`);
    legs.push({
      commodity,
      tier: leg.name === 'tLeg' ? (values.number(leg, 'tn') ?? 0) : 0,
      period: leg.name === 'pLeg' ? values.text(leg, 'pe') : null,
      ratio: values.required(leg, 'rs'),
      side: side === 'B' ? 'B' : 'A',
      rates: readRates(values, leg),
    });
  }
  const pmps = values.all(node, 'pmpsRate');
  const rate = (name: string): readonly SpanRate[] =>
    pmps.map((p) => ({ rateId: values.number(p, 'r') ?? 1, value: values.required(p, name) }));
  const charge = chargeOf(values.text(node, 'chargeMeth'));
  return {
    kind: 'delta',
    priority: values.number(node, 'spread') ?? 0,
    charge,
    rates: charge === 'per-month' ? rate('pmRate') : readRates(values, node),
    perSpreadRates: charge === 'per-month' ? rate('psRate') : [],
    legs,
    place: node.place,
    assumption: null,
  };
}

function chargeOf(method: string): SpreadCharge {
  return method === 'P' ? 'per-month' : method === 'W' ? 'weighted' : 'flat';
}

/** Reads all spreads of `interSpreads` or `superSpreads`. */
export function readCommoditySpreads(
  values: SpnValues,
  node: SpnNode,
  find: CommodityFinder,
  onProblem: (place: number, message: string) => void,
): readonly CommoditySpread[] {
  return node.children.flatMap((child): readonly CommoditySpread[] => {
    if (child.name === 'dSpread') {
      const spread = readDeltaSpread(values, child, find, onProblem);
      if (spread === null) return [];
      return [spread.charge === 'flat' ? spread : asCredit(spread)];
    }
    if (child.name !== 'sSpread') return [];
    const spread = readScanSpread(values, child, find, onProblem);
    return spread === null ? [] : [spread];
  });
}

/** A credit is a fraction of price risk; a file that writes 75 for 75 % is read so. */
function asCredit(spread: DeltaSpread): DeltaSpread {
  const fraction = (rates: readonly SpanRate[]): readonly SpanRate[] =>
    rates.map(({ rateId, value }) => ({ rateId, value: value > 1 ? value / 100 : value }));
  return {
    ...spread,
    charge: 'weighted',
    rates: fraction(spread.rates.length > 0 ? spread.rates : spread.perSpreadRates),
    perSpreadRates: [],
    legs: spread.legs.map((leg) => ({ ...leg, rates: fraction(leg.rates) })),
  };
}

function readScanSpread(
  values: SpnValues,
  node: SpnNode,
  find: CommodityFinder,
  onProblem: (place: number, message: string) => void,
): CommoditySpread | null {
  const rates = readRates(values, node);
  const nodes = values.all(node, 'sLeg');
  const legs = nodes.map((leg) => ({ leg, commodity: find(values.text(leg, 'cc')) }));
  const target = legs.find(({ leg }) => values.flag(leg, 'isTarget'))?.commodity ?? null;
  if (target === null || legs.some((l) => l.commodity === null)) {
    onProblem(node.place, 'a scanning spread without a target, or with a commodity that is not defined');
    return null;
  }
  return {
    kind: 'scan',
    priority: values.number(node, 'spread') ?? 0,
    target,
    targetRatio: 1,
    targetRequired: values.flag(node, 'isTargetReq'),
    minimumLegs: values.number(node, 'numLegsReq') ?? 0,
    legs: legs.map(({ leg, commodity }) => {
      const own = readRates(values, leg);
      return {
        commodity: commodity ?? 0,
        required: values.flag(leg, 'isRequired'),
        ratio: 1,
        rates: (own.length > 0 ? own : rates).map(({ rateId, value }) => ({
          rateId,
          value: value > 1 ? value / 100 : value,
        })),
      };
    }),
    place: node.place,
    assumption: null,
  };
}
