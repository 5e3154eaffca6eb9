/** The derivation of a SPAN requirement, down to the array cell and the place in the file. Built only when it is opened. */
import type { DerivationTerm } from '../margin-report.ts';
import { optionValueOf, type SpanCalculator } from './calculator.ts';
import type { CommodityPlan } from './commodity-plan.ts';
import type { CommodityWork } from './commodity-work.ts';
import { explainCharges, explainCredit } from './explain-spreads.ts';
import { computed, input, placeIn } from './explain-terms.ts';
import {
  SCENARIO_COUNT,
  type SpanCommodity,
  type SpanParameterSet,
  type SpanScenario,
} from './parameter-set.ts';
import type { SpanPlan } from './plan.ts';
import { roundAmount } from './rounding.ts';
import { SpreadLog } from './spread-log.ts';

/**
 * The requirement as a tree: pools, commodities, their scan with its 16 scenarios, charges, credits, minimum and option value.
 *
 * @param calculator - a calculator of `plan`; it is asked to margin `lots` once more, this time with a listener
 */
export function explainSpan(plan: SpanPlan, calculator: SpanCalculator, lots: Float64Array): DerivationTerm {
  const log = new SpreadLog();
  const requirement = calculator.margin(lots, log);
  const pools = plan.pools.flatMap((pool, p): DerivationTerm[] => {
    const members = plan.commodities.filter((c) => c.pool === p && !calculator.work(c.index).empty);
    if (members.length === 0) return [];
    const risks = members.map((c) => explainCommodity(plan, c, calculator.work(c.index), lots, log));
    const values = members.map((c) => explainOptionValue(plan, c, calculator.work(c.index), lots));
    const risk = sum(risks);
    const value = sum(values);
    const { currency, group, toBase } = pool;
    const need = Math.max(0, risk - value);
    const terms = [
      computed('risk', risk, currency, 'sum of the terms below', risks),
      computed('net option value', value, currency, 'sum of the terms below', values),
    ];
    const own = computed(`requirement of ${group}`, need, currency, 'max(0, risk − net option value)', terms);
    if (currency === plan.baseCurrency) return [own];
    const rate = input('conversion', toBase ?? 0, `${plan.baseCurrency} per ${currency}`, plan.set.id);
    const label = `requirement of ${group} in ${plan.baseCurrency}`;
    const converted = need * (toBase ?? 0);
    return [
      computed(label, converted, plan.baseCurrency, `requirement of ${group} × conversion`, [own, rate]),
    ];
  });
  return computed('requirement', requirement, plan.baseCurrency, 'sum of the terms below', pools);
}

function explainCommodity(
  plan: SpanPlan,
  commodity: CommodityPlan,
  work: CommodityWork,
  lots: Float64Array,
  log: SpreadLog,
): DerivationTerm {
  const { code, currency } = plan.set.commodities[commodity.index] as SpanCommodity;
  const minimum = explainMinimum(plan, commodity, work);
  const terms = [
    explainScan(plan, commodity, work, lots),
    ...explainCharges(plan, commodity, work, log),
    explainCredit(plan, commodity, work, log),
    minimum,
    input('class factor', commodity.factor, '', placeIn(plan.set, 0)),
  ];
  const formula =
    'max(scan risk + calendar charge + delivery charge − credit, short option minimum) × class factor, rounded';
  return computed(`risk of ${code}`, work.risk, currency, formula, terms);
}

function explainScan(
  plan: SpanPlan,
  commodity: CommodityPlan,
  work: CommodityWork,
  lots: Float64Array,
): DerivationTerm {
  const { set } = plan;
  const { currency, scanTiers } = set.commodities[commodity.index] as SpanCommodity;
  const tiers = Array.from({ length: commodity.scanTierCount }, (_, tier): DerivationTerm => {
    const members = [...commodity.contracts].filter(
      (_contract, k) => commodity.shapeTier[commodity.shapeOf[k] ?? 0] === tier,
    );
    const scenarios = set.scenarios.map((scenario, s) => {
      const cells = members.flatMap((contract) => cell(set, contract, s, lots, currency));
      return computed(scenarioLabel(scenario, s), sum(cells), currency, 'sum of the terms below', cells);
    });
    const worst = Math.max(0, ...scenarios.map((t) => (typeof t.value === 'number' ? t.value : 0)));
    const label =
      commodity.scanTierCount === 1 ? 'scan' : `scan of tier ${scanTiers[tier]?.number ?? tier + 1}`;
    return computed(label, worst, currency, 'largest of the 16 scenarios, at least 0', scenarios);
  });
  const split = [
    computed('time risk', work.timeRisk, currency, 'mean of scenarios 1 and 2, rounded', []),
    computed(
      'volatility risk',
      work.volatilityRisk,
      currency,
      'half of active less paired scenario, rounded',
      [],
    ),
    computed(
      'price risk',
      work.priceRisk,
      currency,
      'scan risk − time risk − volatility risk, at least 0',
      [],
    ),
  ];
  return computed('scan risk', work.scanRisk, currency, 'sum of the scans below', [...tiers, ...split]);
}

/** One array cell: lots × the loss of one long contract. */
function cell(
  set: SpanParameterSet,
  contract: number,
  scenario: number,
  lots: Float64Array,
  currency: string,
): readonly DerivationTerm[] {
  const held = lots[contract] ?? 0;
  const facts = set.contracts[contract];
  if (held === 0 || facts === undefined) return [];
  const loss = set.arrays[contract * SCENARIO_COUNT + scenario] ?? 0;
  const source = `${placeIn(set, facts.place)}, value ${scenario + 1}`;
  const terms = [
    input('contracts', held, 'contracts', 'portfolio'),
    input('array value', loss, currency, source),
  ];
  return [computed(facts.id, held * loss, currency, 'contracts × array value', terms)];
}

/** A scenario in words, e.g. '13: price −1, volatility up'. */
export function scenarioLabel(scenario: SpanScenario, index: number): string {
  const { priceMove, volatilityMove, cover } = scenario;
  const thirds = Math.round(Math.abs(priceMove) * 3);
  const size = thirds % 3 === 0 ? String(thirds / 3) : `${thirds}/3`;
  const price = `price ${priceMove < 0 ? '−' : priceMove > 0 ? '+' : ''}${size}`;
  const volatility = volatilityMove > 0 ? ', volatility up' : volatilityMove < 0 ? ', volatility down' : '';
  const share = cover === 1 ? '' : `, ${Math.round(cover * 100)} % of it counts`;
  return `${index + 1}: ${price}${volatility}${share}`;
}

function explainMinimum(plan: SpanPlan, commodity: CommodityPlan, work: CommodityWork): DerivationTerm {
  const { currency, place } = plan.set.commodities[commodity.index] as SpanCommodity;
  const terms = [...commodity.shortOptionRates].flatMap((rate, tier): DerivationTerm[] => {
    if (!commodity.hasOptions) return [];
    const calls = work.shortCalls[tier] ?? 0;
    const puts = work.shortPuts[tier] ?? 0;
    const count = commodity.shortOptionMaximum ? Math.max(calls, puts) : calls + puts;
    const inputs = [
      input('short options', count, 'deltas', 'portfolio'),
      input('rate', rate, currency, placeIn(plan.set, place)),
    ];
    return [computed(`tier ${tier + 1}`, count * rate, currency, 'short options × rate', inputs)];
  });
  return computed('short option minimum', work.shortOptionMinimum, currency, 'sum of the terms below', terms);
}

function explainOptionValue(
  plan: SpanPlan,
  commodity: CommodityPlan,
  work: CommodityWork,
  lots: Float64Array,
): DerivationTerm {
  const { set } = plan;
  const { code, currency } = set.commodities[commodity.index] as SpanCommodity;
  const terms = [...commodity.contracts].flatMap((contract, k): DerivationTerm[] => {
    const held = lots[contract] ?? 0;
    const value = commodity.optionValues[k] ?? 0;
    const facts = set.contracts[contract];
    if (held === 0 || value === 0 || facts === undefined) return [];
    const inputs = [
      input('contracts', held, 'contracts', 'portfolio'),
      input('price', facts.price ?? 0, '', placeIn(set, facts.place)),
      input('multiplier', facts.multiplier, currency, placeIn(set, facts.place)),
    ];
    return [computed(facts.id, held * value, currency, 'contracts × price × multiplier', inputs)];
  });
  const capped = commodity.optionValueCapped ? ', rounded, at most the risk of the commodity' : ', rounded';
  const value = optionValueOf(commodity, work);
  return computed(`option value of ${code}`, value, currency, `sum of the terms below${capped}`, terms);
}

function sum(terms: readonly DerivationTerm[]): number {
  return roundAmount(
    terms.reduce((total, term) => total + (typeof term.value === 'number' ? term.value : 0), 0),
    8,
  );
}
