/** The derivation of calendar charges, delivery charge and credits of one commodity. */
import type { DerivationTerm } from '../margin-report.ts';
import type { CommodityPlan } from './commodity-plan.ts';
import type { CommodityWork } from './commodity-work.ts';
import { computed, input, placeIn } from './explain-terms.ts';
import type { CommoditySpread, SpanCommodity, SpanParameterSet } from './parameter-set.ts';
import type { SpanPlan } from './plan.ts';
import type { CreditEntry, SpreadLog } from './spread-log.ts';

/** Calendar charge and delivery charge. */
export function explainCharges(
  plan: SpanPlan,
  commodity: CommodityPlan,
  work: CommodityWork,
  log: SpreadLog,
): readonly DerivationTerm[] {
  const { set } = plan;
  const facts = set.commodities[commodity.index] as SpanCommodity;
  const { currency } = facts;
  const calendars = (log.calendars.get(commodity.index) ?? []).map((entry): DerivationTerm => {
    const spread = facts.calendarSpreads[entry.spread];
    const legs = spread?.legs.map((leg) => {
      const side = (leg.side === 'A') === (entry.direction === 1) ? 'long' : 'short';
      return `${side} ${leg.period ?? (leg.tier === 0 ? 'any month' : `tier ${leg.tier}`)}`;
    });
    const source = spread?.assumption ?? placeIn(set, spread?.place ?? 0);
    const terms = [
      input('spreads', entry.count, '', 'deltas left, least leg'),
      input('charge of one', entry.count === 0 ? 0 : entry.charge / entry.count, currency, source),
    ];
    const label = `${legs?.join(' with ')}, priority ${spread?.priority ?? 0}`;
    return computed(label, entry.charge, currency, 'spreads × charge of one', terms);
  });
  const spots = (log.spots.get(commodity.index) ?? []).map((entry): DerivationTerm => {
    const period = commodity.months[entry.month] ?? '';
    const source = placeIn(set, facts.spotRates.find((s) => s.period === period)?.place ?? 0);
    const terms = [
      input('deltas in spreads', entry.usedDeltas, '', 'calendar spreads'),
      input('rate in spreads', commodity.spotSpread[entry.month] ?? 0, currency, source),
      input('deltas left', entry.leftDeltas, '', 'calendar spreads'),
      input('rate left', commodity.spotOutright[entry.month] ?? 0, currency, source),
    ];
    const formula = 'deltas in spreads × rate in spreads + deltas left × rate left';
    return computed(period, entry.charge, currency, formula, terms);
  });
  const total = 'sum of the terms below';
  return [
    computed('calendar charge', work.calendarCharge, currency, total, calendars),
    computed('delivery charge', work.spotCharge, currency, total, spots),
  ];
}

/** Credits of spreads with other commodities. */
export function explainCredit(
  plan: SpanPlan,
  commodity: CommodityPlan,
  work: CommodityWork,
  log: SpreadLog,
): DerivationTerm {
  const { set } = plan;
  const { currency } = set.commodities[commodity.index] as SpanCommodity;
  const entries = log.credits.get(commodity.index) ?? [];
  const terms = entries.map((entry) => explainEntry(set, entry, currency));
  const credit = Math.min(work.credit, work.scanRisk);
  return computed('credit', credit, currency, 'sum of the terms below, at most the scan risk', terms);
}

function explainEntry(set: SpanParameterSet, entry: CreditEntry, currency: string): DerivationTerm {
  const spread = (entry.isSuper ? set.superSpreads : set.interSpreads)[entry.spread] as CommoditySpread;
  const names = spread.legs.map((leg) => set.commodities[leg.commodity]?.code ?? '').join(':');
  const label = `${entry.isSuper ? 'super-spread' : 'spread'} ${names}, priority ${spread.priority}`;
  const source = spread.assumption ?? placeIn(set, spread.place);
  if (spread.kind === 'scan') {
    const target = set.commodities[spread.target]?.code ?? '';
    const terms = [input('credit rate', entry.rate, '', source)];
    return computed(label, entry.credit, currency, `risk moved to (from) ${target}: arrays added`, terms);
  }
  const terms = [
    input('deltas used', entry.deltas, '', 'deltas left, least leg'),
    computed('weighted price risk', entry.weightedRisk, currency, 'price risk ÷ |net delta|', []),
    input('spreads', entry.count, '', 'deltas left, least leg'),
    input('credit rate', entry.rate, '', source),
  ];
  const formula =
    spread.charge === 'flat' ? 'spreads × credit rate' : 'weighted price risk × deltas used × credit rate';
  return computed(label, entry.credit, currency, formula, terms);
}
