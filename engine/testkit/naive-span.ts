// A second SPAN evaluator, slow and obvious: maps, lists and one pass per rule. Written from the rules, not from the engine's code.
import type {
  CommoditySpread,
  SpanCommodity,
  SpanContract,
  SpanParameterSet,
  SpanRate,
  SpanTier,
} from '../margin/span/parameter-set.ts';

/** What one commodity comes to. */
export interface NaiveCommodity {
  scan: number;
  calendar: number;
  spot: number;
  credit: number;
  minimum: number;
  risk: number;
  value: number;
}

interface Member {
  readonly commodity: SpanCommodity;
  readonly held: [SpanContract, readonly number[], number][];
  /** Loss by scan tier. */
  losses: number[][];
  months: Map<string, number>;
  original: Map<string, number>;
  netDelta: number;
  weighted: number;
  present: boolean;
  out: NaiveCommodity;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const DUST = 1e-9;

function money(value: number, decimals: number): number {
  const text = Math.abs(value * 10 ** decimals);
  const whole = Math.floor(text);
  const rounded = text - whole > 0.5 - 2e-6 ? whole + 1 : whole;
  return (Math.sign(value) * rounded) / 10 ** decimals;
}

function within(tier: SpanTier, period: string): boolean {
  if (tier.startPeriod !== '' && tier.startPeriod > period) return false;
  if (tier.endPeriod === '') return true;
  return period.startsWith(tier.endPeriod) || tier.endPeriod > period;
}

/** Requirement in the base currency and the parts of every commodity held. Positions: contract id to signed lots. */
export function naiveSpan(
  set: SpanParameterSet,
  rateId: number,
  baseCurrency: string,
  positions: ReadonlyMap<string, number>,
): { total: number; commodities: Map<string, NaiveCommodity> } {
  const rate = (commodity: SpanCommodity, rates: readonly SpanRate[]): number => {
    const chain = [rateId];
    for (let n = 0; n < 5; n++) {
      const next = commodity.adjustments.find((a) => a.rateId === chain.at(-1));
      if (next === undefined || chain.includes(next.baseRateId)) break;
      chain.push(next.baseRateId);
    }
    for (const id of chain) {
      const found = rates.find((r) => r.rateId === id);
      if (found !== undefined) return found.value;
    }
    return rates.length === 0 ? 0 : rates[0]!.value;
  };
  const decimals = (commodity: SpanCommodity): number =>
    set.currencies.find((c) => c.code === commodity.currency)?.decimals ?? 0;

  const members: Member[] = set.commodities.map((commodity, index) => {
    const held = set.contracts.flatMap((contract, i): [SpanContract, readonly number[], number][] => {
      const lots = positions.get(contract.id) ?? 0;
      if (contract.commodity !== index || lots === 0) return [];
      return [[contract, [...set.arrays.slice(i * 16, i * 16 + 16)], lots]];
    });
    const months = new Map<string, number>();
    for (const contract of set.contracts) if (contract.commodity === index) months.set(contract.period, 0);
    for (const [contract, , lots] of held) {
      const delta = lots * contract.compositeDelta * contract.deltaScaling;
      months.set(contract.period, months.get(contract.period)! + delta);
    }
    const tiers = commodity.scanTiers.length === 0 ? [null] : commodity.scanTiers;
    const losses = tiers.map((tier, t) =>
      Array.from({ length: 16 }, (_, s) =>
        sum(
          held
            .filter(
              ([c]) =>
                tier === null ||
                tiers.findIndex((x) => x !== null && within(x, c.period)) === t ||
                (t === 0 && !tiers.some((x) => x !== null && within(x, c.period))),
            )
            .map(([, array, lots]) => array[s]! * lots),
        ),
      ),
    );
    return {
      commodity,
      held,
      losses,
      months,
      original: new Map(months),
      netDelta: sum([...months.values()]),
      weighted: 0,
      present: held.length > 0,
      out: { scan: 0, calendar: 0, spot: 0, credit: 0, minimum: 0, risk: 0, value: 0 },
    };
  });

  const priceRisk = (member: Member, losses: readonly number[]): { scan: number; price: number } => {
    const places = decimals(member.commodity);
    const worst = Math.max(...losses);
    const active = losses.indexOf(worst);
    const scan = Math.max(0, worst);
    const time = money((losses[0]! + losses[1]!) / 2, places);
    const other = active >= 14 ? active : active % 2 === 0 ? active + 1 : active - 1;
    const vol = money(worst < 0 ? (losses[0]! - losses[1]!) / 2 : (scan - losses[other]!) / 2, places);
    return { scan, price: Math.max(0, scan - time - vol) };
  };
  const perDelta = (member: Member, price: number, delta: number): number => {
    if (Math.abs(delta) <= DUST) return 0;
    const futures = set.contracts
      .filter((c) => set.commodities[c.commodity] === member.commodity)
      .filter((c) => c.option === null && c.priceScan !== null);
    const nearest = futures.reduce<SpanContract | null>(
      (best, c) => (best === null || c.period < best.period ? c : best),
      null,
    );
    const range = nearest === null ? 0 : nearest.priceScan! / (nearest.deltaScaling || 1);
    const normal = price / Math.abs(delta);
    if (range === 0 || member.commodity.weightedRiskMethod === 'normal') return normal;
    return member.commodity.weightedRiskMethod === 'capped' ? Math.min(normal, range) : range;
  };
  const scan = (member: Member): void => {
    const parts = member.losses.map((losses) => priceRisk(member, losses));
    member.out.scan = sum(parts.map((p) => p.scan));
    member.weighted = perDelta(member, sum(parts.map((p) => p.price)), member.netDelta);
  };

  const sortedMonths = (member: Member): string[] => [...member.months.keys()].sort();
  const take = (member: Member, months: readonly string[], sign: number, amount: number): void => {
    let open = amount;
    for (const month of months) {
      const delta = member.months.get(month)! * sign;
      const used = Math.min(Math.max(delta, 0), open);
      open -= used;
      if (used > 0) member.months.set(month, delta - used <= DUST ? 0 : (delta - used) * sign);
    }
  };
  const tierMonths = (member: Member, tier: number, tiers: readonly SpanTier[]): string[] => {
    const found = tiers.find((t) => t.number === tier);
    return sortedMonths(member).filter((m) => found === undefined || within(found, m));
  };

  const between = (spreads: readonly CommoditySpread[]): void => {
    const ordered = spreads
      .map((spread, i) => ({ spread, i }))
      .sort((a, b) => a.spread.priority - b.spread.priority || a.i - b.i);
    for (const { spread } of ordered) {
      if (spread.kind === 'scan') {
        const target = members[spread.target]!;
        const legs = spread.legs.filter((l) => l.commodity !== spread.target);
        const present = legs.filter((l) => members[l.commodity]!.present);
        if (spread.targetRequired && !target.present) continue;
        if (legs.some((l) => l.required && !members[l.commodity]!.present)) continue;
        if (present.length === 0 || present.length + (target.present ? 1 : 0) < spread.minimumLegs) continue;
        const before = target.present ? target.out.scan : 0;
        target.present = true;
        for (const leg of present) {
          const member = members[leg.commodity]!;
          const share = rate(member.commodity, leg.rates);
          for (const losses of member.losses) {
            losses.forEach((loss, s) => {
              target.losses[0]![s]! += loss > 0 ? loss : loss * share;
            });
            losses.fill(0);
          }
          const factor = spread.targetRatio / leg.ratio;
          const to = sortedMonths(target);
          for (const [month, delta] of member.months) {
            const at = to.filter((m) => m <= month).at(-1) ?? to[0]!;
            target.months.set(at, target.months.get(at)! + delta * factor);
            member.months.set(month, 0);
          }
          target.netDelta += member.netDelta * factor;
          member.netDelta = 0;
          member.weighted = 0;
          member.out.credit += member.out.scan;
        }
        scan(target);
        target.out.credit += before - target.out.scan;
        target.out.scan = before;
        continue;
      }
      const legs = spread.legs.map((leg) => {
        const member = members[leg.commodity]!;
        const whole = leg.tier === 0 && leg.period === null;
        const months =
          leg.period !== null
            ? sortedMonths(member).filter((m) => m.startsWith(leg.period!))
            : leg.tier === 0
              ? sortedMonths(member)
              : member.commodity.interTiers.some((t) => t.number === leg.tier)
                ? tierMonths(member, leg.tier, member.commodity.interTiers)
                : [];
        const delta = sum(months.map((m) => member.months.get(m)!));
        return { leg, member, months, delta, whole };
      });
      if (legs.some((l) => !l.member.present || Math.abs(l.delta) <= DUST)) continue;
      for (const aSide of [1, -1]) {
        const signOf = (side: 'A' | 'B'): number => (side === 'A' ? aSide : -aSide);
        if (!legs.every((l) => Math.sign(l.delta) === signOf(l.leg.side))) continue;
        const count = Math.min(...legs.map((l) => Math.abs(l.delta) / l.leg.ratio));
        for (const l of legs) {
          let weighted = l.member.weighted;
          if (!l.whole) {
            const own = l.member.held.filter(([c]) => l.months.includes(c.period));
            const losses = Array.from({ length: 16 }, (_, s) => sum(own.map(([, a, n]) => a[s]! * n)));
            const delta = sum(own.map(([c, , n]) => n * c.compositeDelta * c.deltaScaling));
            weighted = perDelta(l.member, priceRisk(l.member, losses).price, delta);
          }
          const share = rate(l.member.commodity, l.leg.rates.length > 0 ? l.leg.rates : spread.rates);
          l.member.out.credit +=
            spread.charge === 'flat' ? count * share : weighted * count * l.leg.ratio * share;
          take(l.member, l.months, signOf(l.leg.side), count * l.leg.ratio);
        }
        break;
      }
    }
  };

  for (const member of members) if (member.present) scan(member);
  between(set.superSpreads);
  for (const member of members) {
    const { commodity } = member;
    if (!member.present) continue;
    const ordered = commodity.calendarSpreads
      .map((spread, i) => ({ spread, i }))
      .sort((a, b) => a.spread.priority - b.spread.priority || a.i - b.i);
    for (const { spread } of ordered) {
      for (const aSide of [1, -1]) {
        const legs = spread.legs.map((leg) => {
          const sign = leg.side === 'A' ? aSide : -aSide;
          const months =
            leg.period !== null
              ? sortedMonths(member).filter((m) => m === leg.period)
              : tierMonths(member, leg.tier, commodity.intraTiers);
          const available = sum(months.map((m) => Math.max(0, member.months.get(m)! * sign)));
          return { leg, sign, months, available };
        });
        if (legs.some((l) => l.available <= DUST)) continue;
        const count = Math.min(...legs.map((l) => l.available / l.leg.ratio));
        const monthNumber = (m: string): number => Number(m.slice(0, 4)) * 12 + Number(m.slice(4, 6));
        const value = rate(commodity, spread.rates);
        if (spread.charge === 'flat') member.out.calendar += count * value;
        else if (spread.charge === 'weighted') {
          member.out.calendar += count * value * member.weighted * sum(legs.map((l) => l.leg.ratio));
        } else {
          const [a, b] = legs.map((l) => monthNumber(l.months[0]!));
          member.out.calendar += count * (value * Math.abs(a! - b!) + rate(commodity, spread.perSpreadRates));
        }
        for (const l of legs) take(member, l.months, l.sign, count * l.leg.ratio);
      }
    }
    for (const spot of commodity.spotRates) {
      const left = member.months.get(spot.period);
      if (left === undefined) continue;
      const used = Math.abs(member.original.get(spot.period)! - left);
      member.out.spot +=
        used * rate(commodity, spot.spreadRates) + Math.abs(left) * rate(commodity, spot.outrightRates);
    }
  }
  between(set.interSpreads);

  const pools = new Map<string, { risk: number; value: number; currency: string }>();
  const commodities = new Map<string, NaiveCommodity>();
  for (const { commodity, held, out, present } of members) {
    if (!present) continue;
    const tiers = commodity.shortOptionTiers;
    const buckets = tiers.length === 0 ? [null] : tiers;
    buckets.forEach((tier, t) => {
      const short = (right: 'call' | 'put'): number =>
        sum(
          held
            .filter(([c, , lots]) => c.option?.right === right && lots < 0)
            .filter(
              ([c]) =>
                tier === null ||
                Math.max(
                  0,
                  tiers.findIndex((x) => within(x, c.period)),
                ) === t,
            )
            .map(([c, , lots]) => -lots * c.deltaScaling),
        );
      const count =
        commodity.shortOptionMethod === 'gross'
          ? short('call') + short('put')
          : Math.max(short('call'), short('put'));
      out.minimum += count * rate(commodity, tier === null ? commodity.shortOptionRates : tier.rates);
    });
    let factor = 1;
    let id = rateId;
    for (let n = 0; n < 5; n++) {
      const step = commodity.adjustments.find((a) => a.rateId === id);
      if (step === undefined) break;
      factor *= step.factor;
      if (step.baseRateId === id) break;
      id = step.baseRateId;
    }
    const places = decimals(commodity);
    const own = out.scan + out.calendar + out.spot - Math.min(out.credit, out.scan);
    out.risk = money(Math.max(own, out.minimum) * factor, places);
    out.value = money(
      sum(
        held.map(([c, , lots]) =>
          c.option?.premiumStyle === true ? lots * (c.price ?? 0) * c.multiplier : 0,
        ),
      ),
      places,
    );
    if (commodity.optionValueCapped) out.value = Math.min(out.value, out.risk);
    commodities.set(commodity.code, out);
    const key = `${commodity.group}|${commodity.currency}`;
    const pool = pools.get(key) ?? { risk: 0, value: 0, currency: commodity.currency };
    pool.risk += out.risk;
    pool.value += out.value;
    pools.set(key, pool);
  }
  let total = 0;
  for (const { risk, value, currency } of pools.values()) {
    const factor =
      currency === baseCurrency
        ? 1
        : (set.conversions.find((c) => c.from === currency && c.to === baseCurrency)?.factor ?? 0);
    total += Math.max(0, risk - value) * factor;
  }
  return { total, commodities };
}
