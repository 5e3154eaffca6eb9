/** Built-in parameter sets: outright margins of a day as price scan ranges, spreads by assumed rates or not at all. */
import { fail, type Result } from '../../../core/result.ts';
import { ParameterDraft } from '../parameter-draft.ts';
import type { DeltaSpread, SpanClass, SpanCommodity, SpanParameterSet, SpanTier } from '../parameter-set.ts';
import { futureArray } from '../risk-array.ts';
import { STANDARD_DELTA_POINTS, standardScenarios } from '../scenarios.ts';
import type { AssumedSpreads, OutrightMargins, OutrightProduct } from './outright-margins.ts';

const MONTH_CODES = 'FGHJKMNQUVXZ';
const LISTED_MONTHS = 8;
/** As in CME's file of 2019-01-02. */
const EXTREME_MOVE = 3;
const EXTREME_COVER = 0.33;

/** Rate classes of the built-in sets: 1 maintenance, 2 initial. */
const CLASSES: readonly SpanClass[] = [
  { rateId: 1, isCustomer: true, accountType: 'H', isMaintenance: true, tier: 'CORE' },
  { rateId: 2, isCustomer: true, accountType: 'R', isMaintenance: false, tier: 'CORE' },
];

/**
 * The parameter set of one day from published outright margins: price scan range = maintenance margin, initial = the
 * published ratio of the commodity's main product. That equality was checked against the arrays of 2019-01-02 for three
 * products; elsewhere it is a rule of thumb, and where SPAN 2 applies it does not hold.
 *
 * With `spreads`, calendar charges and credits stand on assumed rates and say so. Without, months do not offset each other
 * and commodities do not either: the set then knows outright positions only and errs on the careful side.
 *
 * Fails: `span/parameters-missing` when the table does not speak of that day.
 */
export function builtInSet(
  table: OutrightMargins,
  date: string,
  spreads: AssumedSpreads | null,
): Result<SpanParameterSet> {
  if (date < table.from || date > table.to) {
    return fail(
      'span/parameters-missing',
      `expected a day from ${table.from} to ${table.to}, found ${date}`,
      { date },
    );
  }
  const scenarios = standardScenarios(EXTREME_MOVE, EXTREME_COVER);
  const draft = new ParameterDraft();
  const inForce = table.products.flatMap((product) => {
    const margin = product.margins.findLast((m) => m.date <= date);
    return margin === undefined ? [] : [{ product, margin }];
  });
  // A micro contract is only margined in a commodity whose main product is known that day.
  const mains = inForce.filter(({ product }) => product.code === product.commodity);
  const codes = new Map(mains.map(({ product }, i) => [product.commodity, i]));
  for (const { product, margin } of inForce) {
    const commodity = codes.get(product.commodity);
    if (commodity === undefined) continue;
    const { losses } = futureArray(margin.maintenance, scenarios, 0);
    for (const period of listedPeriods(product, date)) {
      const added = draft.addContract(contractOf(product, period, commodity, margin.maintenance), losses);
      if (!added.ok) return added;
    }
  }
  const commodities = mains.map(({ product, margin }, i) =>
    commodityOf(product, i, { ...margin, periods: periodsOf(inForce, product, date) }, spreads),
  );
  return draft.finish(
    {
      id: `Built-in ${date}`,
      date,
      format: 'built-in',
      source: spreads === null ? table.source : `${table.source}; spreads: ${spreads.source}`,
      scenarios,
      deltaPoints: STANDARD_DELTA_POINTS,
      currencies: [{ code: 'USD', decimals: 0 }],
      conversions: [],
      classes: CLASSES,
      notModelled: ['options: the built-in sets list futures only'],
    },
    commodities,
    [],
    spreads === null ? [] : interSpreads(spreads, codes),
  );
}

function contractOf(product: OutrightProduct, period: string, commodity: number, priceScan: number) {
  const { code, exchange, multiplier, deltaScaling } = product;
  return {
    id: `${exchange}:${code}:FUT:${period}`,
    exchange,
    product: code,
    type: 'FUT',
    commodity,
    period,
    option: null,
    price: null,
    multiplier,
    deltaScaling,
    hasArray: true,
    compositeDelta: 1,
    priceScan,
    place: 0,
  };
}

/** The next listed months from the month of `date` on. */
function listedPeriods(product: OutrightProduct, date: string): readonly string[] {
  const periods: string[] = [];
  let [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  while (periods.length < LISTED_MONTHS) {
    if (product.months.includes(MONTH_CODES.charAt(month - 1))) {
      periods.push(`${year}${String(month).padStart(2, '0')}`);
    }
    month = month === 12 ? 1 : month + 1;
    if (month === 1) year++;
  }
  return periods;
}

function periodsOf(
  inForce: readonly { readonly product: OutrightProduct }[],
  main: OutrightProduct,
  date: string,
): readonly string[] {
  const members = inForce.filter(({ product }) => product.commodity === main.code);
  return [...new Set(members.flatMap(({ product }) => listedPeriods(product, date)))].sort();
}

function commodityOf(
  product: OutrightProduct,
  index: number,
  facts: { readonly maintenance: number; readonly initial: number; readonly periods: readonly string[] },
  spreads: AssumedSpreads | null,
): SpanCommodity {
  const { code, name, exchange } = product;
  const rate = spreads?.calendars.get(code) ?? null;
  return {
    code,
    name,
    exchange,
    currency: 'USD',
    group: 'CME',
    optionValueCapped: false,
    weightedRiskMethod: 'normal',
    shortOptionMethod: 'gross',
    shortOptionRates: [],
    // Where no calendar charge is known, months must not offset each other for nothing.
    scanTiers: rate === null ? facts.periods.map(monthTier) : [],
    intraTiers: [],
    interTiers: [],
    shortOptionTiers: [],
    calendarSpreads: rate === null ? [] : [calendarSpread(code, index, rate, facts.maintenance)],
    spotRates: [],
    adjustments: [{ rateId: 2, baseRateId: 1, factor: facts.initial / facts.maintenance }],
    place: 0,
  };
}

function monthTier(period: string, i: number): SpanTier {
  return { number: i + 1, startPeriod: period, endPeriod: period, rates: [] };
}

function calendarSpread(code: string, commodity: number, rate: number, maintenance: number): DeltaSpread {
  const leg = { commodity, tier: 0, period: null, ratio: 1, rates: [] };
  return {
    kind: 'delta',
    priority: 1,
    charge: 'flat',
    rates: [{ rateId: 1, value: rate * maintenance }],
    perSpreadRates: [],
    legs: [
      { ...leg, side: 'A' },
      { ...leg, side: 'B' },
    ],
    place: 0,
    assumption: `${code} calendar charge: ${Math.round(rate * 100)} % of the outright margin, assumed`,
  };
}

function interSpreads(spreads: AssumedSpreads, codes: ReadonlyMap<string, number>): readonly DeltaSpread[] {
  return spreads.inters.flatMap(({ priority, legs, creditRate }): DeltaSpread[] => {
    const found = legs.map((leg) => codes.get(leg.commodity));
    const [first, second] = found;
    if (first === undefined || second === undefined) return [];
    const [a, b] = legs;
    const leg = { tier: 0, period: null, rates: [] };
    return [
      {
        kind: 'delta',
        priority,
        charge: 'weighted',
        rates: [{ rateId: 1, value: creditRate }],
        perSpreadRates: [],
        legs: [
          { ...leg, commodity: first, ratio: a.ratio, side: 'A' },
          { ...leg, commodity: second, ratio: b.ratio, side: 'B' },
        ],
        place: 0,
        assumption: `${a.commodity}:${b.commodity} credit ${Math.round(creditRate * 100)} %, assumed`,
      },
    ];
  });
}
