// Writes parameter sets as .spn text, piece by piece, so that a file of any size can be made from the schema.
import type {
  CommoditySpread,
  DeltaSpread,
  SpanCommodity,
  SpanContract,
  SpanParameterSet,
  SpanRate,
  SpanTier,
} from '../margin/span/parameter-set.ts';

const tag = (name: string, content: string | number): string => `<${name}>${content}</${name}>\r\n`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const rates = (list: readonly SpanRate[], name = 'rate'): string =>
  list.map((r) => tag(name, tag('r', r.rateId) + tag('val', r.value))).join('');

/** Two lists of rates as one list by class; a class missing in one takes what the first class has there. */
function paired(
  first: readonly SpanRate[],
  second: readonly SpanRate[],
): readonly [number, number, number][] {
  const ids = [...new Set([...first, ...second].map((r) => r.rateId))];
  const of = (list: readonly SpanRate[], id: number): number =>
    (list.find((r) => r.rateId === id) ?? list[0])?.value ?? 0;
  return ids.map((id) => [id, of(first, id), of(second, id)]);
}

function head(set: SpanParameterSet): string {
  const scenarios = set.scenarios.map((s, i) =>
    tag(
      'scanPointDef',
      tag('point', i + 1) +
        tag('priceScanDef', tag('mult', s.priceMove)) +
        tag('volScanDef', tag('mult', s.volatilityMove)) +
        tag('weight', s.cover) +
        tag('pairedPoint', s.paired + 1),
    ),
  );
  const classes = set.classes.map((c) =>
    tag(
      'pbRateDef',
      tag('r', c.rateId) +
        tag('isCust', c.isCustomer ? 1 : 0) +
        tag('acctType', c.accountType) +
        tag('isM', c.isMaintenance ? 1 : 0) +
        tag('pbc', c.tier),
    ),
  );
  const currencies = set.currencies.map((c) =>
    tag(
      'currencyDef',
      tag('currency', c.code) + tag('symbol', '$') + tag('name', c.code) + tag('decimalPos', c.decimals),
    ),
  );
  const conversions = set.conversions.map((c) =>
    tag('curConv', tag('fromCur', c.from) + tag('toCur', c.to) + tag('factor', c.factor)),
  );
  return `<?xml version="1.0" encoding="ISO-8859-1"?>\r\n<!-- made for a test -->\r\n<spanFile>\r\n${tag('fileFormat', '4.00')}${tag('created', '202001021800')}<definitions>${currencies.join('')}</definitions>\r\n<pointInTime>\r\n${tag('date', set.date.replaceAll('-', ''))}${tag('isSetl', 1)}${tag('setlQualifier', 'final')}<clearingOrg>\r\n${tag('ec', 'CME')}${tag('name', 'CME Clearing')}${conversions.join('')}${classes.join('')}${tag('pointDef', tag('r', 1) + scenarios.join(''))}`;
}

function array(set: SpanParameterSet, index: number, contract: SpanContract): string {
  let values = '';
  for (let s = 0; s < 16; s++) values += `<a>${set.arrays[index * 16 + s]}</a>\r\n`;
  return tag('ra', `<r>1</r>\r\n${values}<d>${contract.compositeDelta}</d>\r\n`);
}

function tiers(name: string, list: readonly SpanTier[]): string {
  const one = (t: SpanTier): string =>
    tag(
      'tier',
      tag('tn', t.number) +
        (t.startPeriod === '' ? '' : tag('sPe', t.startPeriod)) +
        (t.endPeriod === '' ? '' : tag('ePe', t.endPeriod)) +
        rates(t.rates),
    );
  return tag(name, list.map(one).join(''));
}

function deltaSpread(set: SpanParameterSet, spread: DeltaSpread): string {
  const legs = spread.legs.map((leg) => {
    const common = tag('rs', leg.ratio) + tag('i', leg.side) + rates(leg.rates);
    const cc = tag('cc', set.commodities[leg.commodity]!.code);
    return leg.period === null
      ? tag('tLeg', cc + tag('tn', leg.tier) + common)
      : tag('pLeg', cc + tag('pe', leg.period) + common);
  });
  const method = { flat: 'F', 'per-month': 'P', weighted: 'W' }[spread.charge];
  const monthly = paired(spread.rates, spread.perSpreadRates).map(([r, month, each]) =>
    tag('pmpsRate', tag('r', r) + tag('pmRate', month) + tag('psRate', each)),
  );
  return tag(
    'dSpread',
    tag('spread', spread.priority) +
      tag('chargeMeth', method) +
      (spread.charge === 'per-month' ? monthly.join('') : rates(spread.rates)) +
      legs.join(''),
  );
}

function between(set: SpanParameterSet, spreads: readonly CommoditySpread[]): string {
  return spreads
    .map((spread) => {
      if (spread.kind === 'delta') return deltaSpread(set, spread);
      const legs = spread.legs.map((leg) =>
        tag(
          'sLeg',
          tag('cc', set.commodities[leg.commodity]!.code) +
            tag('isTarget', leg.commodity === spread.target ? 1 : 0) +
            tag('isRequired', leg.required ? 1 : 0) +
            tag('i', 'A') +
            rates(leg.rates),
        ),
      );
      return tag(
        'sSpread',
        tag('spread', spread.priority) +
          tag('isTargetReq', spread.targetRequired ? 1 : 0) +
          tag('numLegsReq', spread.minimumLegs) +
          legs.join(''),
      );
    })
    .join('');
}

function definition(set: SpanParameterSet, commodity: SpanCommodity, families: readonly number[]): string {
  const weighted = { normal: 'NORMAL', capped: 'SCANRANGE_CAP', 'scan-range': 'SCANRANGE' };
  const links = families.map((pfId) => tag('pfLink', tag('exch', 'CME') + tag('pfId', pfId) + tag('sc', 1)));
  const somTiers =
    commodity.shortOptionTiers.length > 0
      ? commodity.shortOptionTiers
      : [{ number: 1, startPeriod: '', endPeriod: '', rates: commodity.shortOptionRates }];
  return tag(
    'ccDef',
    tag('cc', commodity.code) +
      tag('name', escaped(commodity.name)) +
      tag('group', tag('id', 1) + tag('aVal', commodity.group)) +
      tag('currency', commodity.currency) +
      tag('riskExponent', 0) +
      tag('capAnov', commodity.optionValueCapped ? 1 : 0) +
      tag('procMeth', 'S') +
      tag('wfprMeth', weighted[commodity.weightedRiskMethod]) +
      tag('spotMeth', '10') +
      tag('somMeth', commodity.shortOptionMethod === 'maximum' ? 'MAX' : 'GROSS') +
      links.join('') +
      commodity.adjustments
        .map((a) => tag('adjRate', tag('r', a.rateId) + tag('baseR', a.baseRateId) + tag('val', a.factor)))
        .join('') +
      tiers('scanTiers', commodity.scanTiers) +
      tiers('intraTiers', commodity.intraTiers) +
      tiers('interTiers', commodity.interTiers) +
      tiers('somTiers', somTiers) +
      commodity.calendarSpreads.map((s) => deltaSpread(set, s)).join('') +
      commodity.spotRates
        .flatMap((spot) =>
          paired(spot.spreadRates, spot.outrightRates).map(([r, spread, outright]) =>
            tag(
              'spotRate',
              tag('r', r) + tag('pe', spot.period) + tag('sprd', spread) + tag('outr', outright),
            ),
          ),
        )
        .join(''),
  );
}

/** The text of a set, one contract or definition at a time; each contract `copies` times under other months or strikes. */
export function* spnText(set: SpanParameterSet, copies = 1): Generator<string> {
  yield head(set);
  yield `<exchange>\r\n${tag('exch', 'CME')}`;
  const families: number[][] = set.commodities.map(() => []);
  let pfId = 0;
  let nextId = 0;
  const ids = new Map<string, string>();
  for (const isOption of [false, true]) {
    for (const [c] of set.commodities.entries()) {
      const members = set.contracts.flatMap((contract, i) =>
        contract.commodity === c && (contract.option !== null) === isOption ? [{ contract, i }] : [],
      );
      const byStyle = isOption ? [true, false] : [true];
      for (const style of byStyle) {
        const own = members.filter((m) => !isOption || m.contract.option?.premiumStyle === style);
        if (own.length === 0) continue;
        pfId++;
        families[c]!.push(pfId);
        const { product, multiplier } = own[0]!.contract;
        const name = isOption ? 'oofPf' : 'futPf';
        yield `<${name}>${tag('pfId', pfId)}${tag('pfCode', product)}${tag('currency', set.commodities[c]!.currency)}${tag('cvf', multiplier)}${tag('valueMeth', style ? 'EQTY' : 'FUT')}`;
        for (const { contract, i } of own) {
          for (let copy = 0; copy < copies; copy++) {
            const cId = ++nextId;
            const price = contract.price === null ? '' : tag('p', contract.price);
            const ra = array(set, i, contract);
            const common = `${price}<d>${contract.compositeDelta}</d>\r\n<v>0.250000</v>\r\n`;
            if (contract.option === null) {
              if (copy === 0)
                ids.set(
                  `${c}:${contract.period}`,
                  `${tag('exch', 'CME')}${tag('pfId', pfId)}${tag('cId', cId)}`,
                );
              const scan =
                contract.priceScan === null
                  ? ''
                  : tag('scanRate', tag('r', 1) + tag('priceScan', contract.priceScan) + tag('volScan', 0.1));
              const pe = copy === 0 ? contract.period : `${contract.period}${String(copy).padStart(6, '0')}`;
              yield tag(
                'fut',
                `${tag('cId', cId)}${tag('pe', pe)}${common}${tag('cvf', contract.multiplier)}${tag('sc', contract.deltaScaling)}${tag('setlDate', '20200320')}${tag('t', 0.25)}${scan}${ra}`,
              );
            } else {
              const { right, strike, period } = contract.option;
              const undC = tag(
                'undC',
                `${ids.get(`${c}:${contract.period}`) ?? ''}${tag('s', 1)}${tag('i', 1)}`,
              );
              yield `<series>${tag('pe', period)}${tag('v', 0.25)}${tag('t', 0.25)}${tag('cvf', contract.multiplier)}${tag('sc', contract.deltaScaling)}${undC}`;
              yield tag(
                'opt',
                `${tag('cId', cId)}${tag('o', right === 'call' ? 'C' : 'P')}${tag('k', strike + copy * 1000)}${common}${ra}`,
              );
              yield '</series>';
            }
          }
        }
        yield `</${name}>\r\n`;
      }
    }
  }
  yield '</exchange>\r\n';
  for (const [c, commodity] of set.commodities.entries()) yield definition(set, commodity, families[c]!);
  yield tag('superSpreads', between(set, set.superSpreads));
  yield tag('interSpreads', between(set, set.interSpreads));
  yield '</clearingOrg></pointInTime></spanFile>\r\n';
}
